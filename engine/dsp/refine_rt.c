#include "engine/dsp/refine.h"

#include "engine/dsp/pi.h"

#include <math.h>
#include <stdbool.h>

enum { PARTIALS = 8, PASSES = 2 };
static const float PERIODS      = 4.0f;   // in the window: neighbours fall on the zeros of its transform
static const float WINDOW_MIN_S = 0.020f; // steadier than four periods of a high note
static const float WINDOW_MAX_S = 0.112f;
static const float FAR_CENTS    = 80.0f; // a partial further off is another's
static const float CLOSE_CENTS  = 4.0f;  // a guess so near needs no second pass
static const float WEAK         = 0.01f; // of the strongest
static const float STIFF_MAX =
    0.003f; // B of the stiffest string (a piano's last octave reaches more, with few partials)
static const int   STIFF_PARTIALS = 4;     // needed to tell B
static const float RIDGE          = 0.02f; // of the slope, as a share of the weights' spread
static const float GUESS_CENTS =
    6.0f; // how far off a guess usually is: measured on the ear's corpus, FIT half
static const double CENTS_OF_ONE = 1731.234; // 1200 / ln 2
static const float  PASS_BAND    = 0.80f;    // of a decimated rate's Nyquist frequency

typedef struct {
  float hz;
  float amplitude;
} partial;

// Frequency and amplitude of the lines near the multiples of hz, up to the PARTIALS-th: rotating sums in one pass over
// the samples, all partials side by side.
static void
measure(const float *x, int n, double rate_hz, double hz, partial out[PARTIALS])
{
  double w = 2.0 * SHED_PI * hz / rate_hz;
  double v = 2.0 * SHED_PI / n;
  float  cr[PARTIALS], ci[PARTIALS], pr[PARTIALS], pi[PARTIALS];
  float  a_re[PARTIALS] = {0}, a_im[PARTIALS] = {0}, d_re[PARTIALS] = {0}, d_im[PARTIALS] = {0};
  for (int k = 0; k < PARTIALS; k++) {
    cr[k] = (float)cos(w * (k + 1));
    ci[k] = (float)sin(w * (k + 1));
    pr[k] = 1.0f;
    pi[k] = 0.0f;
  }
  // the window's cosine, a phasor too
  double wr = cos(v), wi = sin(v), hr = cos(v * 0.5), hi = sin(v * 0.5);
  for (int i = 0; i < n; i++) {
    float taper = x[i] * (float)(0.5 - 0.5 * hr);
    float slope = x[i] * (float)(0.5 * v * hi);
    for (int k = 0; k < PARTIALS; k++) {
      a_re[k] += taper * pr[k];
      a_im[k] -= taper * pi[k];
      d_re[k] += slope * pr[k];
      d_im[k] -= slope * pi[k];
      float t = pr[k] * cr[k] - pi[k] * ci[k];
      pi[k]   = pr[k] * ci[k] + pi[k] * cr[k];
      pr[k]   = t;
    }
    double t = hr * wr - hi * wi;
    hi       = hr * wi + hi * wr;
    hr       = t;
  }
  for (int k = 0; k < PARTIALS; k++) {
    double power = (double)a_re[k] * (double)a_re[k] + (double)a_im[k] * (double)a_im[k];
    double at_hz = hz * (k + 1);
    out[k]       = (partial){(float)at_hz, 0.0f};
    if (power > 1e-18) {
      // radians a sample
      double offset = ((double)d_re[k] * (double)a_im[k] - (double)d_im[k] * (double)a_re[k]) / power;
      out[k] = (partial){(float)(at_hz + offset * rate_hz / (2.0 * SHED_PI)), (float)(4.0 * sqrt(power) / n)};
    }
  }
}

// The lowest rate that still holds the highest partial wanted.
static int
choose_octave(float top_hz, int rate_hz)
{
  int o = SHED_FRONT_OCTAVES - 1;
  while (o > 0 && top_hz > PASS_BAND * 0.5f * (float)(rate_hz >> o)) {
    o--;
  }
  return o;
}

// Does the partial say anything about the pitch near f_hz? A line's frequency is known as a, f_k / k as a k.
static bool
counts(const partial *p, int k, float strongest, float f_hz, double *weight)
{
  *weight = (double)p->amplitude * (double)p->amplitude * (k + 1.0) * (k + 1.0);
  return p->amplitude > WEAK * strongest &&
         fabs(1200.0 * log2((double)p->hz / (k + 1) / (double)f_hz)) <= (double)FAR_CENTS;
}

// Line through f_k / k over k^2. @return its value at k = 1, or 0 when no partial counts. @param[out] scatter_cents how
// far the partials are from it.
static float
fit_line(const partial *p, int n_part, float f_hz, float *scatter_cents)
{
  float strongest = 0.0f;
  for (int k = 0; k < n_part; k++) {
    strongest = p[k].amplitude > strongest ? p[k].amplitude : strongest;
  }
  double s = 0.0, sx = 0.0, sy = 0.0, sxx = 0.0, sxy = 0.0, w;
  int    n = 0;
  for (int k = 0; k < n_part; k++) {
    if (!counts(&p[k], k, strongest, f_hz, &w)) {
      continue;
    }
    double x = (k + 1.0) * (k + 1.0), y = (double)p[k].hz / (k + 1);
    s += w;
    sx += w * x;
    sy += w * y;
    sxx += w * x * x;
    sxy += w * x * y;
    n++;
  }
  if (n == 0 || !(s > 0.0)) {
    return 0.0f;
  }
  double mean_x = sx / s, mean_y = sy / s;
  double spread = sxx / s - mean_x * mean_x;
  double slope  = (sxy / s - mean_x * mean_y) / (spread * (1.0 + (double)RIDGE) + 1e-9);
  double stiff  = 2.0 * slope / mean_y;
  slope         = n >= STIFF_PARTIALS && stiff > 0.0 && stiff < (double)STIFF_MAX ? slope : 0.0;
  double off    = 0.0;
  for (int k = 0; k < n_part; k++) {
    double line = mean_y + slope * ((k + 1.0) * (k + 1.0) - mean_x), y = (double)p[k].hz / (k + 1);
    off += counts(&p[k], k, strongest, f_hz, &w) ? w * (y - line) * (y - line) : 0.0;
  }
  *scatter_cents = (float)(CENTS_OF_ONE * sqrt(off / s) / mean_y);
  return (float)(mean_y + slope * (1.0 - mean_x));
}

// Partials that contradict each other stand in noise or among other voices, and say less than the guess does.
static float
lean(float guess_hz, float better_hz, float scatter_cents)
{
  float doubt = scatter_cents * scatter_cents / (GUESS_CENTS * GUESS_CENTS);
  return guess_hz * exp2f(log2f(better_hz / guess_hz) / (1.0f + doubt * doubt));
}

float
shed_refine(const shed_front *front, int rate_hz, int64_t centre, float f_hz)
{
  if (!(f_hz > 0.0f)) {
    return f_hz;
  }
  float        seconds = fminf(fmaxf(PERIODS / f_hz, WINDOW_MIN_S), WINDOW_MAX_S);
  int          top     = (int)(0.45f * (float)rate_hz / f_hz);
  int          n_part  = top < 1 ? 1 : top > PARTIALS ? PARTIALS : top;
  int          o       = choose_octave(f_hz * ((float)n_part + 0.5f), rate_hz);
  float        rate    = (float)(rate_hz >> o);
  int          n       = (int)(seconds * rate) / 2 * 2;
  int64_t      mid     = (centre + ((1 << o) >> 1)) >> o;
  const float *x       = shed_front_at(front, o, mid - n / 2, n);
  float        f = f_hz, scatter_cents = 0.0f;
  for (int pass = 0; pass < PASSES; pass++) {
    partial p[PARTIALS];
    float   scatter = 0.0f;
    measure(x, n, (double)rate, (double)f, p);
    float better = fit_line(p, n_part, f, &scatter);
    if (!(better > 0.0f) || fabsf(1200.0f * log2f(better / f_hz)) > FAR_CENTS) {
      break;
    }
    float moved   = fabsf(1200.0f * log2f(better / f));
    f             = better;
    scatter_cents = scatter;
    if (moved < CLOSE_CENTS) {
      break;
    }
  }
  return lean(f_hz, f, scatter_cents);
}
