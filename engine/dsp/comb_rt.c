// About this file: one window's spectrum, its two saliences and their peaks.
#include "engine/dsp/comb_internal.h"

#include <math.h>
#include <string.h>

// Added to the mean of the surroundings when whitening, as a share of the strongest line, and where it is cut.
static const float WHITE_FLOOR = 1e-3f;
static const float WHITE_MAX   = 4.0f;
// The flatness looks at every fourth place, since neighbours differ little, and takes one logarithm of so many of them.
enum {
  COMB_LOG_STEP     = 4,
  COMB_LOGS         = (COMB_PLACES + COMB_LOG_STEP - 1) / COMB_LOG_STEP,
  COMB_LOG_TOGETHER = 23
};
static const float SILENCE = 1e-7f; // -140 dBFS

static void
magnitudes(float *restrict out, const float *restrict bins, int n)
{
  for (int k = 0; k < n; k++) {
    out[k] = sqrtf(bins[2 * k] * bins[2 * k] + bins[2 * k + 1] * bins[2 * k + 1]);
  }
}

static void
spectrum(shed_comb *c, const float *x)
{
  float *time = shed_fft_time(c->fft);
  for (int i = 0; i < c->window; i++) {
    time[i] = x[i] * c->taper[i];
  }
  memset(time + c->window, 0, (size_t)(COMB_FFT - c->window) * sizeof(float));
  shed_fft_forward(c->fft);
  magnitudes(time, shed_fft_bins(c->fft), COMB_FFT / 2 + 1); // the window is not needed any more
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

// The axis, and the sums of all places before each. @return the sum of all.
static double
make_axis(shed_comb *c)
{
  const float *bins    = shed_fft_time(c->fft); // magnitudes
  float       *axis    = c->magnitude + COMB_LOW;
  float       *running = c->running + COMB_WHITE;
  double       sum     = 0.0;
  for (int i = 0; i < COMB_PLACES; i++) {
    axis[i] = look(bins, &c->places[i]);
  }
  for (int i = 0; i < COMB_PLACES; i++) {
    sum += (double)axis[i];
    running[i + 1] = (float)sum;
  }
  for (int i = 1; i <= COMB_WHITE; i++) {
    running[COMB_PLACES + i] = (float)sum;
  }
  return sum;
}

// Highest of three neighbours, and the power of what stands above both. @return the highest magnitude.
static float
find_lines(shed_comb *c)
{
  const float *axis    = c->magnitude + COMB_LOW;
  shed_lanes   highest = {0}, lines = {0};
  for (int i = 0; i < COMB_PLACES; i += SHED_LANES) {
    shed_lanes before = shed_lanes_load(axis + i - 1);
    shed_lanes here   = shed_lanes_load(axis + i);
    shed_lanes after  = shed_lanes_load(axis + i + 1);
    shed_lanes_store(c->pooled + i, shed_lanes_max(shed_lanes_max(before, here), after));
    lines += shed_lanes_keep(here * here, (here > before) & (here >= after));
    highest = shed_lanes_max(highest, here);
  }
  c->lines = shed_lanes_sum(lines, (shed_lanes){0});
  return shed_lanes_highest(highest);
}

static void
find_flatness(shed_comb *c, double sum)
{
  const float *axis = c->magnitude + COMB_LOW;
  double       logs = 0.0, product = 1.0;
  for (int i = 0; i < COMB_LOGS; i++) {
    product *=
        (double)(axis[i * COMB_LOG_STEP] + SILENCE); // no less than 1e-7 each: far from the least double
    if (i % COMB_LOG_TOGETHER == COMB_LOG_TOGETHER - 1 || i == COMB_LOGS - 1) {
      logs += log(product);
      product = 1.0;
    }
  }
  c->flatness = (float)(exp(logs / COMB_LOGS) / (sum / COMB_PLACES + (double)SILENCE));
}

static void
make_square_root(float *restrict q, const float *restrict axis, double sum)
{
  float scale = (float)(1.0 / sqrt(sum + 1e-12));
  for (int i = 0; i < COMB_PLACES; i++) {
    q[i] = sqrtf(axis[i]) * scale;
  }
}

static void
make_white(const shed_comb *c, float *restrict q, const float *restrict axis, float highest)
{
  const float *before = c->running, *after = c->running + 2 * COMB_WHITE + 1;
  float        add = WHITE_FLOOR * highest + SILENCE;
  for (int i = 0; i < COMB_PLACES; i++) {
    float mean = (after[i] - before[i]) * c->share[i];
    float over = axis[i] / ((mean > 0.0f ? mean : 0.0f) + add);
    q[i]       = over < WHITE_MAX ? over : WHITE_MAX;
  }
}

// S of a block of pitches: all teeth, then all valleys, each pitch's sum in that order. Beyond the axis there are zeros.
static shed_lanes
add_block(const shed_comb *c, const float *q, const float *norm, float *s)
{
  shed_lanes a = {0}, b = {0}, d = {0}, e = {0};
  for (int k = 0; k < COMB_TEETH; k++) {
    const float *at = q + c->tooth[k].distance;
    shed_lanes   w  = shed_lanes_load(c->tooth[k].weight);
    a += w * shed_lanes_load(at);
    b += w * shed_lanes_load(at + 4);
    d += w * shed_lanes_load(at + 8);
    e += w * shed_lanes_load(at + 12);
  }
  a *= shed_lanes_load(norm);
  b *= shed_lanes_load(norm + 4);
  d *= shed_lanes_load(norm + 8);
  e *= shed_lanes_load(norm + 12);
  shed_lanes_store(s, a);
  shed_lanes_store(s + 4, b);
  shed_lanes_store(s + 8, d);
  shed_lanes_store(s + 12, e);
  return shed_lanes_max(shed_lanes_max(a, b), shed_lanes_max(d, e));
}

static void
make_salience(shed_comb *c, int kind)
{
  shed_lanes best = {0};
  for (int p = 0; p < COMB_SPAN; p += COMB_BLOCK) {
    best = shed_lanes_max(best, add_block(c, c->q[kind] + COMB_LOW + p, c->norm + p, c->salience[kind] + p));
  }
  c->best[kind] = shed_lanes_highest(best);
}

void
shed_comb_run(shed_comb *c, const float *x)
{
  spectrum(c, x);
  double sum     = make_axis(c);
  float  highest = find_lines(c);
  find_flatness(c, sum);
  make_square_root(c->q[0] + COMB_LOW, c->magnitude + COMB_LOW, sum);
  make_white(c, c->q[1] + COMB_LOW, c->magnitude + COMB_LOW, highest);
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
  return c->magnitude + COMB_LOW;
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
  float        least = 0.0f; // to be among the highest
  int          n     = 0;
  max                = max < 16 ? max : 16;
  for (int p = 1; p + 1 < COMB_PITCHES; p++) {
    if (!(s[p] > least && s[p] > s[p - 1] && s[p] >= s[p + 1])) {
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
    least      = n == max ? height[n - 1] : 0.0f;
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
