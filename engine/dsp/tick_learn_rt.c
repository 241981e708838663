// About this file: the waveforms of a click, as spectra of 186 ms from 3 ms before the rise on.
#include "engine/dsp/tick_internal.h"

#include "engine/dsp/pi.h"

#include <math.h>
#include <string.h>

enum { SHORT = 882, LATE_FROM = 3528, LATE_TO = 6174 }; // 20 ms; 80 to 140 ms
// A click dies away: what sounds as loud later is a note that somebody plays in time.
static const float LATE_MOST    = 0.15f;
static const float ENERGY_LEAST = 1e-9f;
// A click that sounded alone weighs so much at least: loudspeakers are turned up and down.
static const float NOISE_MOST = 0.3f;
static const float GAIN_LEAST = 0.1f;  // a band with less of the click in it is not looked at
static const float DOUBT      = 0.05f; // share of a click heard once that is something else
static const float NEW_SHARE  = 1.0f / 24.0f;

// Move a spectrum by so many samples (later: over 0).
static void
shift(float *bins, double samples)
{
  for (int k = 0; k < TICK_BINS; k++) {
    double w = -2.0 * SHED_PI * k * samples / TICK_SEG;
    float  c = (float)cos(w), s = (float)sin(w);
    float  re = bins[2 * k], im = bins[2 * k + 1];
    bins[2 * k]     = re * c - im * s;
    bins[2 * k + 1] = re * s + im * c;
  }
}

void
tick_spectrum(shed_tick *t, const float *taper, const float *x, double rise, float *bins)
{
  double whole = floor(rise);
  float *time  = shed_fft_time(t->fft);
  x += (int)whole - TICK_PRE;
  for (int i = 0; i < TICK_SEG; i++) {
    time[i] = x[i] * taper[i];
  }
  shed_fft_forward(t->fft);
  memcpy(bins, shed_fft_bins(t->fft), 2 * TICK_BINS * sizeof(*bins));
  shift(bins, whole - rise);
}

static void
energies(const shed_tick *t, const float *a, const float *b, float factor, float *e)
{
  for (int i = 0; i < TICK_BANDS; i++) {
    e[i] = ENERGY_LEAST;
  }
  for (int k = 0; k < TICK_BINS; k++) {
    float re = a[2 * k] - (b ? b[2 * k] : 0.0f), im = a[2 * k + 1] - (b ? b[2 * k + 1] : 0.0f);
    e[t->band_of[k]] += factor * (re * re + im * im);
  }
}

// A bin's weight in comparisons: none where little of the band is click.
static float
weight_of(const shed_tick *t, const tick_kind *k, int bin)
{
  return k->gain[t->band_of[bin]] >= GAIN_LEAST ? t->whiten[bin] : 0.0f;
}

// What is click of each band, and what the whole of it amounts to.
static void
weigh(shed_tick *t, tick_kind *k)
{
  float e[TICK_BANDS];
  energies(t, k->bins, NULL, 1.0f, e);
  for (int b = 0; b < TICK_BANDS; b++) {
    k->gain[b] = fmaxf(0.0f, 1.0f - 1.0f / (k->weight[b] * e[b]));
  }
  float x[TICK_SEG], sum = 0.0f, late = 0.0f;
  tick_waveform(t, k, 0.0, x);
  for (int i = 0; i < SHORT; i++) {
    sum += x[TICK_PRE + i] * x[TICK_PRE + i];
  }
  for (int i = LATE_FROM; i < LATE_TO; i++) {
    late += x[i] * x[i];
  }
  k->dies = late / (LATE_TO - LATE_FROM) < LATE_MOST * sum / SHORT;
  tick_spectrum(t, t->taper_short, x + TICK_PRE, 0.0, k->match);
  k->energy = ENERGY_LEAST;
  for (int i = 0; i < TICK_BINS; i++) {
    float re = k->match[2 * i], im = k->match[2 * i + 1];
    k->energy += weight_of(t, k, i) * (re * re + im * im);
  }
  k->power = sum / SHORT;
}

void
tick_kind_start(shed_tick *t, tick_kind *k, const float *a, const float *b)
{
  float e[TICK_BANDS], own[TICK_BANDS];
  energies(t, a, b, 0.5f, e); // of one of them
  energies(t, a, NULL, DOUBT, own);
  for (int i = 0; i < TICK_BANDS; i++) {
    k->weight[i] = a == b ? 1.0f / own[i] : 2.0f / e[i];
  }
  k->again = a != b;
  for (int i = 0; i < 2 * TICK_BINS; i++) {
    k->bins[i] = 0.5f * (a[i] + b[i]);
  }
  weigh(t, k);
}

void
tick_kind_add(shed_tick *t, tick_kind *k, const float *bins, bool alone)
{
  float e[TICK_BANDS], share[TICK_BANDS];
  energies(t, bins, k->bins, 1.0f, e);
  k->again = true;
  for (int b = 0; b < TICK_BANDS; b++) {
    float w      = 1.0f / e[b];
    share[b]     = fmaxf(w / (k->weight[b] + w), alone ? NEW_SHARE : 0.0f);
    k->weight[b] = k->weight[b] + w;
  }
  for (int i = 0; i < TICK_BINS; i++) {
    float s = share[t->band_of[i]];
    k->bins[2 * i] += s * (bins[2 * i] - k->bins[2 * i]);
    k->bins[2 * i + 1] += s * (bins[2 * i + 1] - k->bins[2 * i + 1]);
  }
  weigh(t, k);
}

tick_match
tick_compare(shed_tick *t, const tick_kind *k, const float *bins, int reach, float noise)
{
  float *c     = shed_fft_bins(t->fft);
  float  total = ENERGY_LEAST;
  for (int i = 0; i < TICK_BINS; i++) {
    float w  = weight_of(t, k, i);
    float ar = bins[2 * i], ai = bins[2 * i + 1], br = k->match[2 * i], bi = k->match[2 * i + 1];
    total += w * (ar * ar + ai * ai);
    c[2 * i]     = w * (ar * br + ai * bi);
    c[2 * i + 1] = w * (ai * br - ar * bi);
  }
  total = fmaxf(total - noise, NOISE_MOST * total);
  shed_fft_inverse(t->fft);
  const float *r  = shed_fft_time(t->fft);
  int          at = 0;
  for (int m = -reach; m <= reach; m++) {
    if (r[(m + TICK_SEG) % TICK_SEG] > r[(at + TICK_SEG) % TICK_SEG]) {
      at = m;
    }
  }
  double before = (double)r[(at - 1 + TICK_SEG) % TICK_SEG], peak = (double)r[(at + TICK_SEG) % TICK_SEG],
         after = (double)r[(at + 1 + TICK_SEG) % TICK_SEG];
  double bend  = before - 2.0 * peak + after;
  double part  = bend < 0.0 ? 0.5 * (before - after) / bend : 0.0;
  // the inverse counts the bins' mirror too
  double product = 0.5 * (peak - 0.25 * (before - after) * part);
  double own     = (double)k->energy;
  return (tick_match){.lag       = at + fmax(-0.5, fmin(0.5, part)),
                      .gain      = (float)(product / own),
                      .explained = (float)(product / sqrt(own * (double)total))};
}

void
tick_waveform(shed_tick *t, const tick_kind *k, double fraction, float *x)
{
  float *bins = shed_fft_bins(t->fft);
  for (int i = 0; i < TICK_BINS; i++) {
    float g         = k->gain[t->band_of[i]] / TICK_SEG;
    bins[2 * i]     = g * k->bins[2 * i];
    bins[2 * i + 1] = g * k->bins[2 * i + 1];
  }
  shift(bins, fraction);
  shed_fft_inverse(t->fft);
  const float *time = shed_fft_time(t->fft);
  for (int i = 0; i < TICK_SEG; i++) {
    x[i] = time[i] * t->taper[i];
  }
}
