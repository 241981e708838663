// About this file: one window's spectrum, its two saliences and their peaks.
#include "engine/dsp/comb_internal.h"

#include <math.h>
#include <string.h>

// Added to the mean of the surroundings when whitening, as a share of the strongest line, and where it is cut.
static const float WHITE_FLOOR = 1e-3f;
static const float WHITE_MAX   = 4.0f;
enum { COMB_LOG_STEP = 4, COMB_LOGS = (COMB_PLACES + COMB_LOG_STEP - 1) / COMB_LOG_STEP };
enum { WHITE_HALF = SHED_COMB_PER_OCTAVE / 2 }; // half an octave to each side
static const float SILENCE = 1e-7f;             // -140 dBFS

static void
spectrum(shed_comb *c, const float *x)
{
  float *time = shed_fft_time(c->fft);
  for (int i = 0; i < c->window; i++) {
    time[i] = x[i] * c->taper[i];
  }
  memset(time + c->window, 0, (size_t)(COMB_FFT - c->window) * sizeof(float));
  shed_fft_forward(c->fft);
  float *bins = shed_fft_bins(c->fft);
  // magnitudes in place, in the first half of the array
  for (int k = 0; k <= COMB_FFT / 2; k++) {
    bins[k] = sqrtf(bins[2 * k] * bins[2 * k] + bins[2 * k + 1] * bins[2 * k + 1]);
  }
}

static float
look(const float *bins, const comb_place *p)
{
  if (p->n == 0) {
    return bins[p->bin] + p->share * (bins[p->bin + 1] - bins[p->bin]);
  }
  float best = bins[p->bin];
  for (int i = 1; i < p->n; i++) {
    best = bins[p->bin + i] > best ? bins[p->bin + i] : best;
  }
  return best;
}

static float
max3(float a, float b, float c)
{
  float ab = a > b ? a : b;
  return ab > c ? ab : c;
}

// The axis with its pooled form, the lines' power and the flatness. @return the highest magnitude.
static float
make_axis(shed_comb *c)
{
  const float *bins = shed_fft_bins(c->fft);
  for (int i = 0; i < COMB_PLACES; i++) {
    c->magnitude[i] = look(bins, &c->places[i]);
  }
  float  highest = 0.0f;
  double lines = 0.0, logs = 0.0, sum = 0.0;
  for (int i = 0; i < COMB_PLACES; i++) {
    float here   = c->magnitude[i];
    float before = i > 0 ? c->magnitude[i - 1] : 0.0f;
    float after  = i + 1 < COMB_PLACES ? c->magnitude[i + 1] : 0.0f;
    c->pooled[i] = max3(before, here, after);
    if (here > before && here >= after) {
      lines += (double)(here * here);
    }
    highest = here > highest ? here : highest;
    sum += (double)here;
    if (i % COMB_LOG_STEP == 0) { // neighbours differ little
      logs += (double)logf(here + SILENCE);
    }
  }
  c->lines    = (float)lines;
  c->flatness = (float)(exp(logs / COMB_LOGS) / (sum / COMB_PLACES + (double)SILENCE));
  return highest;
}

static void
make_square_root(shed_comb *c)
{
  double sum = 0.0;
  for (int i = 0; i < COMB_PLACES; i++) {
    c->q[0][i] = sqrtf(c->magnitude[i]);
    sum += (double)c->magnitude[i];
  }
  float scale = (float)(1.0 / sqrt(sum + 1e-12));
  for (int i = 0; i < COMB_PLACES; i++) {
    c->q[0][i] *= scale;
  }
}

static void
make_white(shed_comb *c, float highest)
{
  double sum = 0.0;
  for (int i = 0; i < COMB_PLACES; i++) {
    sum += (double)c->magnitude[i];
    c->running[i + 1] = (float)sum;
  }
  float add = WHITE_FLOOR * highest + SILENCE;
  for (int i = 0; i < COMB_PLACES; i++) {
    int   lo   = i > WHITE_HALF ? i - WHITE_HALF : 0;
    int   hi   = i + WHITE_HALF < COMB_PLACES ? i + WHITE_HALF + 1 : COMB_PLACES;
    float mean = (c->running[hi] - c->running[lo]) / (float)(hi - lo);
    float q    = c->magnitude[i] / ((mean > 0.0f ? mean : 0.0f) + add);
    c->q[1][i] = q < WHITE_MAX ? q : WHITE_MAX;
  }
}

// S over all pitches: one pass of the axis for each tooth and each valley, which the compiler can do several places at
// a time without changing the order of any sum.
static void
add_shifted(float *s, const float *q, int distance, float weight)
{
  int from = distance < 0 ? -distance : 0;
  int to   = COMB_PLACES - distance < COMB_PITCHES ? COMB_PLACES - distance : COMB_PITCHES;
  for (int p = from; p < to; p++) {
    s[p] += weight * q[p + distance];
  }
}

static void
make_salience(shed_comb *c, int kind)
{
  float *s = c->salience[kind];
  memset(s, 0, sizeof(c->salience[kind]));
  for (int k = 0; k < SHED_COMB_PARTIALS; k++) {
    add_shifted(s, c->q[kind], c->tooth[k], c->weight[k]);
  }
  for (int k = 0; k <= SHED_COMB_PARTIALS; k++) {
    // the valley under tooth k belongs to it and to the tooth below
    float w = k < SHED_COMB_PARTIALS ? c->weight[k] : 0.0f;
    w += k > 0 ? c->weight[k - 1] : 0.0f;
    add_shifted(s, c->q[kind], c->valley[k], -0.5f * w);
  }
  c->best[kind] = 0.0f;
  for (int p = 0; p < COMB_PITCHES; p++) {
    s[p] *= c->norm[p];
    c->best[kind] = s[p] > c->best[kind] ? s[p] : c->best[kind];
  }
}

void
shed_comb_run(shed_comb *c, const float *x)
{
  spectrum(c, x);
  float highest = make_axis(c);
  make_square_root(c);
  make_white(c, highest);
  make_salience(c, 0);
  make_salience(c, 1);
}

float
shed_comb_place(float f_hz)
{
  return (float)SHED_COMB_PER_OCTAVE * log2f(f_hz / (float)COMB_LOW_HZ);
}

const float *
shed_comb_axis(const shed_comb *c)
{
  return c->magnitude;
}

float
shed_comb_sum_at(const shed_comb *c, const float *axis, float place)
{
  float sum = 0.0f;
  for (int k = 0; k < SHED_COMB_PARTIALS; k++) {
    int p = (int)lrintf(place + c->partial[k]);
    sum += p >= 0 && p < COMB_PLACES ? axis[p] : 0.0f;
  }
  return sum;
}

float
shed_comb_salience(const shed_comb *c, int kind, float f_hz)
{
  return shed_comb_salience_at(c, kind, shed_comb_place(f_hz));
}

float
shed_comb_salience_at(const shed_comb *c, int kind, float place)
{
  int p = (int)lrintf(place);
  if (!(place >= 1.0f) || p > COMB_PITCHES - 2) {
    return 0.0f;
  }
  const float *s = c->salience[kind] + p;
  return max3(s[-1], s[0], s[1]);
}

float
shed_comb_best(const shed_comb *c, int kind)
{
  return c->best[kind];
}

int
shed_comb_peaks(const shed_comb *c, int kind, float *f_hz, int max)
{
  const float *s = c->salience[kind];
  float        height[16];
  int          n = 0;
  max            = max < 16 ? max : 16;
  for (int p = 1; p + 1 < COMB_PITCHES; p++) {
    if (!(s[p] > 0.0f && s[p] > s[p - 1] && s[p] >= s[p + 1]) || (n == max && s[p] <= height[n - 1])) {
      continue;
    }
    float bend  = s[p - 1] - 2.0f * s[p] + s[p + 1];
    float shift = bend < 0.0f ? 0.5f * (s[p - 1] - s[p + 1]) / bend : 0.0f;
    int   at    = n < max ? n++ : n - 1;
    for (; at > 0 && height[at - 1] < s[p]; at--) {
      height[at] = height[at - 1];
      f_hz[at]   = f_hz[at - 1];
    }
    height[at] = s[p];
    f_hz[at]   = (float)COMB_LOW_HZ * exp2f(((float)p + shift) / (float)SHED_COMB_PER_OCTAVE);
  }
  return n;
}

static float
pooled_at(const shed_comb *c, float place)
{
  int p = (int)lrintf(place);
  return p >= 0 && p < COMB_PLACES ? c->pooled[p] : 0.0f;
}

void
shed_comb_profile_at(const shed_comb *c, float place, shed_comb_profile *out)
{
  for (int k = 0; k < SHED_COMB_PARTIALS; k++) {
    out->partial[k] = pooled_at(c, place + c->partial[k]);
  }
  for (int k = 0; k < SHED_COMB_BETWEEN; k++) {
    out->half[k]  = pooled_at(c, place + c->half[k]);
    out->third[k] = pooled_at(c, place + c->third[k]);
  }
}

float
shed_comb_magnitude(const shed_comb *c, float f_hz)
{
  return pooled_at(c, shed_comb_place(f_hz));
}

float
shed_comb_lines(const shed_comb *c)
{
  return c->lines;
}

float
shed_comb_flatness(const shed_comb *c)
{
  return c->flatness;
}
