// About this file: one window's NSDF and its peaks.
#include "engine/dsp/lanes.h"
#include "engine/dsp/nsdf_internal.h"

#include <string.h>

// Mean square under which a window is silence: -120 dBFS.
static const float SILENCE_POWER = 1e-12f;
// A peak counts as "the first" when it reaches this share of the highest: each share is one idea of how much weaker the
// true period may look than a multiple of it.
static const float PEAK_SHARES[] = {0.98f, 0.93f, 0.86f, 0.77f, 0.65f, 0.50f};
enum { PEAKS_MAX = 96 };

static float
load(shed_nsdf *s, const float *x)
{
  float *y   = shed_fft_time(s->fft);
  float  m   = shed_lanes_dot(x, s->taper, s->window) / s->area;
  double sum = 0.0;
  int    i   = 0;
  for (int k = 0; k < s->window; k++) {
    y[k] = (x[k] - m) * s->taper[k];
  }
  memset(y + s->window, 0, (size_t)(s->size - s->window) * sizeof(float));
  // the transform is longer than the window: what is run over beyond it is zero
  for (; i < s->window; i += 4) {
    double before[4];
    sum = shed_lanes_run(sum, y + i, before);
    for (int k = 0; k < 4; k++) {
      s->squares[i + k] = (float)before[k];
    }
  }
  s->squares[i] = (float)sum;
  return (float)(sum / s->window);
}

void
shed_nsdf_run(shed_nsdf *s, const float *x)
{
  if (!(load(s, x) > SILENCE_POWER)) {
    memset(s->values, 0, ((size_t)s->max_lag + 1) * sizeof(float));
    return;
  }
  shed_fft_forward(s->fft);
  float *bins = shed_fft_bins(s->fft);
  for (int k = 0; k <= s->size / 2; k++) {
    bins[2 * k]     = bins[2 * k] * bins[2 * k] + bins[2 * k + 1] * bins[2 * k + 1];
    bins[2 * k + 1] = 0.0f;
  }
  shed_fft_inverse(s->fft);
  const float *r     = shed_fft_time(s->fft);
  float        scale = 2.0f / (float)s->size;
  float        total = s->squares[s->window];
  for (int lag = 0; lag <= s->max_lag; lag++) {
    // squares of the partners: without the last lag samples, and without the first
    float m        = s->squares[s->window - lag] + (total - s->squares[lag]);
    s->values[lag] = scale * r[lag] * s->unbias[lag] / (m + SILENCE_POWER * (float)s->window);
  }
}

const float *
shed_nsdf_values(const shed_nsdf *s)
{
  return s->values;
}

int
shed_nsdf_max_lag(const shed_nsdf *s)
{
  return s->max_lag;
}

float
shed_nsdf_value_at(const shed_nsdf *s, float lag)
{
  if (!(lag >= 1.0f && lag < (float)(s->max_lag - 2))) {
    return 0.0f;
  }
  int          i = (int)lag;
  float        t = lag - (float)i;
  const float *v = s->values + i - 1;
  // Catmull and Rom's cubic through four values
  float a = -0.5f * v[0] + 1.5f * v[1] - 1.5f * v[2] + 0.5f * v[3];
  float b = v[0] - 2.5f * v[1] + 2.0f * v[2] - 0.5f * v[3];
  float c = 0.5f * (v[2] - v[0]);
  return ((a * t + b) * t + c) * t + v[1];
}

// All maxima above 0 after the lobe at 0, in order of lag.
static int
all_peaks(const shed_nsdf *s, float lag_min, shed_nsdf_peak *out)
{
  const float *v = s->values;
  int          n = 0;
  int          i = 1;
  while (i < s->max_lag && v[i] > 0.0f && v[i] <= v[i - 1]) {
    i++; // down the lobe
  }
  for (; i < s->max_lag && n < PEAKS_MAX; i++) {
    if (v[i] > 0.0f && v[i] >= v[i - 1] && v[i] > v[i + 1] && (float)i >= lag_min - 1.0f) {
      float bend  = v[i - 1] - 2.0f * v[i] + v[i + 1];
      float shift = bend < 0.0f ? 0.5f * (v[i - 1] - v[i + 1]) / bend : 0.0f;
      out[n++]    = (shed_nsdf_peak){(float)i + shift, v[i] - 0.25f * (v[i - 1] - v[i + 1]) * shift};
    }
  }
  return n;
}

int
shed_nsdf_peaks(const shed_nsdf *s, float lag_min, shed_nsdf_peak *out, int max)
{
  shed_nsdf_peak peaks[PEAKS_MAX];
  int            n    = all_peaks(s, lag_min, peaks);
  int            best = -1;
  for (int i = 0; i < n; i++) {
    if (best < 0 || peaks[i].value > peaks[best].value) {
      best = i;
    }
  }
  int n_out = 0;
  // from the most tolerant share down: lags rise
  for (int k = (int)SHED_COUNTOF(PEAK_SHARES) - 1; k >= -1 && n_out < max && best >= 0; k--) {
    int at = best;
    for (int i = 0; k >= 0 && i < n; i++) {
      if (peaks[i].value >= PEAK_SHARES[k] * peaks[best].value) {
        at = i;
        break;
      }
    }
    if (n_out == 0 || peaks[at].lag > out[n_out - 1].lag) {
      out[n_out++] = peaks[at];
    }
  }
  return n_out;
}
