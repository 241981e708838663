#include "engine/dsp/refine.h"

#include "engine/dsp/pi.h"

#include <math.h>

enum { PARTIALS = 8, PASSES = 2 };
static const float PERIODS      = 4.0f;   // in the window: neighbours fall on the zeros of its transform
static const float WINDOW_MIN_S = 0.020f; // steadier than four periods of a high note
static const float WINDOW_MAX_S = 0.112f;
static const float FAR_CENTS    = 80.0f; // a partial further off is another's
static const float WEAK         = 0.01f; // of the strongest
static const float STIFF_MAX =
    0.003f; // B of the stiffest string (a piano's last octave reaches more, with few partials)
static const int   STIFF_PARTIALS = 4;     // needed to tell B
static const float RIDGE          = 0.02f; // of the slope, as a share of the weights' spread
static const float PASS_BAND      = 0.80f; // of a decimated rate's Nyquist frequency

typedef struct {
  float hz;
  float amplitude;
} partial;

// Frequency and amplitude of the line near hz: three rotating sums in one pass.
static partial
measure(const float *x, int n, double rate_hz, double hz)
{
  double w = 2.0 * SHED_PI * hz / rate_hz;
  double v = 2.0 * SHED_PI / n;
  // the phasors of the line and of the window's cosine
  double cr = cos(w), ci = sin(w), pr = 1.0, pi = 0.0;
  double wr = cos(v), wi = sin(v), hr = cos(v * 0.5), hi = sin(v * 0.5);
  double a_re = 0.0, a_im = 0.0, d_re = 0.0, d_im = 0.0;
  for (int i = 0; i < n; i++) {
    double y     = (double)x[i];
    double taper = y * (0.5 - 0.5 * hr);
    double slope = y * (0.5 * v * hi);
    a_re += taper * pr;
    a_im -= taper * pi;
    d_re += slope * pr;
    d_im -= slope * pi;
    double t = pr * cr - pi * ci;
    pi       = pr * ci + pi * cr;
    pr       = t;
    t        = hr * wr - hi * wi;
    hi       = hr * wi + hi * wr;
    hr       = t;
  }
  double power = a_re * a_re + a_im * a_im;
  if (!(power > 1e-18)) {
    return (partial){(float)hz, 0.0f};
  }
  double offset = -(d_im * a_re - d_re * a_im) / power; // radians a sample
  return (partial){(float)(hz + offset * rate_hz / (2.0 * SHED_PI)), (float)(4.0 * sqrt(power) / n)};
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

// Line through f_k / k over k^2. @return its value at k = 1, or 0 when no partial counts.
static float
fit_line(const partial *p, float f_hz)
{
  float strongest = 0.0f;
  for (int k = 0; k < PARTIALS; k++) {
    strongest = p[k].amplitude > strongest ? p[k].amplitude : strongest;
  }
  double s = 0.0, sx = 0.0, sy = 0.0, sxx = 0.0, sxy = 0.0;
  int    n = 0;
  for (int k = 0; k < PARTIALS; k++) {
    double y = (double)p[k].hz / (k + 1);
    if (!(p[k].amplitude > WEAK * strongest) || fabs(1200.0 * log2(y / (double)f_hz)) > (double)FAR_CENTS) {
      continue;
    }
    double x = (k + 1.0) * (k + 1.0);
    double w = (double)p[k].amplitude * (double)p[k].amplitude *
               x; // a line's frequency is known as a, f_k / k as a k
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
  if (n < STIFF_PARTIALS || !(stiff > 0.0 && stiff < (double)STIFF_MAX)) {
    return (float)mean_y;
  }
  return (float)(mean_y + slope * (1.0 - mean_x));
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
  float        f       = f_hz;
  for (int pass = 0; pass < PASSES; pass++) {
    partial p[PARTIALS] = {{0.0f, 0.0f}};
    for (int k = 0; k < n_part; k++) {
      p[k] = measure(x, n, (double)rate, (double)(f * (float)(k + 1)));
    }
    float better = fit_line(p, f);
    if (!(better > 0.0f) || fabsf(1200.0f * log2f(better / f_hz)) > FAR_CENTS) {
      return f;
    }
    f = better;
  }
  return f;
}
