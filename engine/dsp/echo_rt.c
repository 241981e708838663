// About this file: the filter. A block comes in: what it makes of the given sound is taken off, and it learns from what is
// left. It works on whitened sound, since music is loudest in the bass; what it takes off is brought back before.
#include "engine/dsp/echo_internal.h"

#include <math.h>
#include <string.h>

enum { EARLY = 220 };                   // samples: the filter begins so long before the delay that was found
static const float WHITE       = 0.95f; // each sample less so much of the last
static const float MEMORY      = 0.9998f; // of a filter value, a block: rooms stay, people in them move
static const float OTHER_KEEP  = 0.8f;    // of what the player sounds like, a block
static const float FALL        = 0.70f;   // of a filter value's likely power from part to part: 60 dB in .4 s
static const float POWER_LEAST = 1e-9f;   // of a band: nothing is divided by less
// A held tone says the same thing to each block and part again; only so much of it is news. Measured: with .05 to .2 the
// leak is as large as what is left, with 1 it is told 10 dB too small.
static const float NEWS = 0.1f;
// What makes the sound louder by 3 dB for a second is wrong: the delay has jumped. It is learned anew.
static const float RECENT_KEEP = 0.99f;
static const float WORSE       = 2.0f;
static const float TINY        = 1e-20f;

static void
forget(shed_echo *e)
{
  float sum = 0.0f, share = 1.0f;
  for (int p = 0; p < ECHO_PARTS; p++) {
    sum += share;
    share *= FALL;
  }
  share = e->ratio / sum;
  for (int p = 0; p < ECHO_PARTS; p++) {
    memset(&e->w[p], 0, sizeof(e->w[p]));
    for (int k = 0; k < SHED_ECHO_BINS; k++) {
      e->doubt[p][k] = share;
    }
    share *= FALL;
  }
  e->recent_in = e->recent_out = 0.0f;
}

void
echo_begin(shed_echo *e, int delay, float ratio)
{
  e->found = true;
  e->delay = delay;
  e->ratio = ratio;
  forget(e);
}

static void
unpack(const float *bins, echo_spectrum *to)
{
  for (int k = 0; k < SHED_ECHO_BINS; k++) {
    to->re[k] = bins[2 * k];
    to->im[k] = bins[2 * k + 1];
  }
}

static void
pack(const echo_spectrum *from, float *bins)
{
  for (int k = 0; k < SHED_ECHO_BINS; k++) {
    bins[2 * k]     = from->re[k];
    bins[2 * k + 1] = from->im[k];
  }
}

static float
power_at(const echo_spectrum *s, int k)
{
  return s->re[k] * s->re[k] + s->im[k] * s->im[k];
}

static const echo_spectrum *
given_back(const shed_echo *e, int part)
{
  return &e->x[(e->newest + part) % ECHO_PARTS];
}

static void
keep_given(shed_echo *e, const float *given)
{
  for (int i = 0; i < SHED_ECHO_BLOCK; i++) {
    e->given[(e->n + i) % ECHO_RING] = given[i] - WHITE * e->last_given;
    e->last_given                    = given[i];
  }
  e->n += SHED_ECHO_BLOCK;
}

// The block before and this one of the given sound, so late as it is heard.
static void
load_given(shed_echo *e)
{
  float  *time  = shed_fft_time(e->fft);
  int64_t first = e->n - ECHO_FFT - (e->delay > EARLY ? e->delay - EARLY : 0);
  for (int i = 0; i < ECHO_FFT; i++) {
    time[i] = first + i < 0 ? 0.0f : e->given[(first + i) % ECHO_RING];
  }
  shed_fft_forward(e->fft);
  e->newest = (e->newest + ECHO_PARTS - 1) % ECHO_PARTS;
  unpack(shed_fft_bins(e->fft), &e->x[e->newest]);
}

// What the filter makes of the given sound, whitened: ECHO_FFT times it, in the second half of the FFT's real side.
static const float *
guess(shed_echo *e)
{
  echo_spectrum y = {{0}, {0}};
  for (int p = 0; p < ECHO_PARTS; p++) {
    const echo_spectrum *x = given_back(e, p), *w = &e->w[p];
    for (int k = 0; k < SHED_ECHO_BINS; k++) {
      y.re[k] += x->re[k] * w->re[k] - x->im[k] * w->im[k];
      y.im[k] += x->re[k] * w->im[k] + x->im[k] * w->re[k];
    }
  }
  pack(&y, shed_fft_bins(e->fft));
  shed_fft_inverse(e->fft);
  return shed_fft_time(e->fft) + SHED_ECHO_BLOCK;
}

// Take it off. @param[out] left the whitened rest.
static void
subtract(shed_echo *e, float *mic, float *left)
{
  const float *y  = guess(e);
  float        in = 0.0f, out = 0.0f;
  for (int i = 0; i < SHED_ECHO_BLOCK; i++) {
    float white = y[i] * (1.0f / ECHO_FFT);
    left[i]     = mic[i] - WHITE * e->last_mic - white;
    e->last_mic = mic[i];
    e->taken    = white + WHITE * e->taken;
    e->taken    = fabsf(e->taken) < TINY ? 0.0f : e->taken;
    in += mic[i] * mic[i];
    mic[i] -= e->taken;
    out += mic[i] * mic[i];
  }
  e->power_in += (double)in;
  e->power_out += (double)out;
  e->recent_in  = RECENT_KEEP * e->recent_in + in;
  e->recent_out = RECENT_KEEP * e->recent_out + out;
}

// What the filter's doubt lets through, and what there is besides. @param[out] by one over both.
static void
weigh(shed_echo *e, const echo_spectrum *left, float *by)
{
  memset(e->leak, 0, sizeof(e->leak));
  for (int p = 0; p < ECHO_PARTS; p++) {
    const echo_spectrum *x = given_back(e, p);
    for (int k = 0; k < SHED_ECHO_BINS; k++) {
      // half of the window is the block
      e->leak[k] += 0.5f * e->doubt[p][k] * power_at(x, k);
    }
  }
  for (int k = 0; k < SHED_ECHO_BINS; k++) {
    e->left[k]  = power_at(left, k);
    e->other[k] = OTHER_KEEP * e->other[k] + (1.0f - OTHER_KEEP) * e->left[k];
    by[k]       = 1.0f / (e->leak[k] + fmaxf(e->left[k], e->other[k]) + POWER_LEAST);
  }
}

// A part of the filter is no longer than a block: what the blocks' turning round has brought in behind it goes.
static void
constrain(shed_echo *e, echo_spectrum *s)
{
  pack(s, shed_fft_bins(e->fft));
  shed_fft_inverse(e->fft);
  float *time = shed_fft_time(e->fft);
  for (int i = 0; i < SHED_ECHO_BLOCK; i++) {
    time[i] *= 1.0f / ECHO_FFT;
    time[i + SHED_ECHO_BLOCK] = 0.0f;
  }
  shed_fft_forward(e->fft);
  unpack(shed_fft_bins(e->fft), s);
}

static void
learn(shed_echo *e, const echo_spectrum *left, const float *by)
{
  echo_spectrum step  = {{0}, {0}};
  float         stays = MEMORY * MEMORY;
  for (int p = 0; p < ECHO_PARTS; p++) {
    const echo_spectrum *x = given_back(e, p);
    echo_spectrum       *w = &e->w[p];
    for (int k = 0; k < SHED_ECHO_BINS; k++) {
      float gain     = e->doubt[p][k] * by[k];
      step.re[k]     = gain * (x->re[k] * left->re[k] + x->im[k] * left->im[k]);
      step.im[k]     = gain * (x->re[k] * left->im[k] - x->im[k] * left->re[k]);
      float seen     = NEWS * 0.5f * gain * power_at(x, k);
      e->doubt[p][k] = stays * (1.0f - seen) * e->doubt[p][k] + (1.0f - stays) * power_at(w, k);
    }
    constrain(e, &step);
    for (int k = 0; k < SHED_ECHO_BINS; k++) {
      w->re[k] = MEMORY * (w->re[k] + step.re[k]);
      w->im[k] = MEMORY * (w->im[k] + step.im[k]);
    }
  }
}

void
shed_echo_run(shed_echo *e, float *mic, const float *given)
{
  keep_given(e, given);
  if (!e->found) {
    int   delay;
    float ratio;
    if (echo_find_run(&e->find, mic, given, &delay, &ratio)) {
      echo_begin(e, delay, ratio);
    }
    e->last_mic = mic[SHED_ECHO_BLOCK - 1];
    return;
  }
  echo_spectrum spectrum;
  float         left[SHED_ECHO_BLOCK], by[SHED_ECHO_BINS];
  load_given(e);
  subtract(e, mic, left);
  float *time = shed_fft_time(e->fft);
  memset(time, 0, SHED_ECHO_BLOCK * sizeof(*time));
  memcpy(time + SHED_ECHO_BLOCK, left, sizeof(left));
  shed_fft_forward(e->fft);
  unpack(shed_fft_bins(e->fft), &spectrum);
  weigh(e, &spectrum, by);
  learn(e, &spectrum, by);
  if (e->recent_out > WORSE * e->recent_in) {
    forget(e);
  }
}

const float *
shed_echo_leak(const shed_echo *e)
{
  return e->leak;
}

const float *
shed_echo_left(const shed_echo *e)
{
  return e->left;
}

shed_echo_state
shed_echo_now(const shed_echo *e)
{
  shed_echo_state s = {.found = e->found, .delay_s = (double)NAN, .gain_db = (double)NAN};
  if (e->found) {
    s.delay_s  = (double)e->delay / 44100.0;
    s.gain_db  = 10.0 * (double)log10f(e->ratio + 1e-6f);
    s.taken_db = 10.0 * (double)log10f((float)((e->power_in + 1e-12) / (e->power_out + 1e-12)));
  }
  return s;
}
