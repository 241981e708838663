// The NSDF by transform against McLeod and Wyvill's sums as they stand in the paper (2005, equations 7 to 9), in double.
#include "engine/dsp/nsdf.h"

#include "engine/base/rng.h"
#include "engine/dsp/pi.h"
#include "tests/support/check.h"
#include "tests/support/ear_sound.h"

#include <stdlib.h>

enum { RATE_HZ = 44100, WINDOWS_EACH = 12 };
// Single precision carries 6e-8 of the window's whole energy into each sum; where a lag leaves little energy that is
// divided by little. Sizes as the ear uses them, and small and odd ones.
static const double TOLERANCE  = 2e-4;
static const int    SIZES[][2] = {{794, 424}, {794, 340}, {706, 250}, {1588, 900},
                                  {300, 140}, {101, 60},  {16, 8}};

// Raised cosines over three tenths at each end.
static double
taper(int i, int n)
{
  int rise = (int)(0.30 * n);
  int end  = i < n - 1 - i ? i : n - 1 - i;
  return end >= rise ? 1.0 : 0.5 - 0.5 * cos(SHED_PI * (end + 0.5) / (rise + 0.5));
}

static double
plain_nsdf(const double *y, int n, int lag)
{
  double product = 0.0, squares = 0.0;
  for (int j = 0; j + lag < n; j++) {
    product += 2.0 * y[j] * y[j + lag];
    squares += y[j] * y[j] + y[j + lag] * y[j + lag];
  }
  return product / squares;
}

// @return the worst difference over all lags.
static double
compare(const float *x, int n, int max_lag)
{
  shed_nsdf *s    = NULL;
  double    *y    = malloc(2 * (size_t)n * sizeof(*y));
  double    *w    = y + n;
  double     mean = 0.0, area = 0.0, worst = 0.0;
  CHECK_OK(shed_nsdf_new(&s, NULL, n, max_lag));
  for (int i = 0; i < n; i++) {
    w[i] = taper(i, n);
    mean += w[i] * (double)x[i];
    area += w[i];
  }
  for (int i = 0; i < n; i++) {
    y[i] = w[i] * ((double)x[i] - mean / area);
  }
  shed_nsdf_run(s, x);
  for (int lag = 0; lag <= max_lag; lag++) {
    double plain = plain_nsdf(y, n, lag) / plain_nsdf(w, n, lag);
    worst        = fmax(worst, fabs((double)shed_nsdf_values(s)[lag] - plain));
  }
  free(y);
  shed_nsdf_free(s);
  return worst;
}

static void
the_nsdf_of_music_is_the_papers(void **state)
{
  (void)state;
  float *x = ear_sound(RATE_HZ, 20 * RATE_HZ, 21);
  for (size_t k = 0; k < SHED_COUNTOF(SIZES); k++) {
    double worst = 0.0;
    for (int i = 0; i < WINDOWS_EACH; i++) {
      worst = fmax(worst, compare(x + (size_t)i * RATE_HZ * 3 / 2, SIZES[k][0], SIZES[k][1]));
    }
    print_message("window %4d, lags to %3d: worst difference %.1e\n", SIZES[k][0], SIZES[k][1], worst);
    CHECK_LT(worst, TOLERANCE);
  }
  free(x);
}

static void
the_nsdf_of_noise_and_offsets_is_the_papers(void **state)
{
  (void)state;
  float    x[1588];
  double   worst = 0.0;
  shed_rng rng;
  shed_rng_seed(&rng, 22, 22);
  for (size_t k = 0; k < SHED_COUNTOF(SIZES); k++) {
    double level = pow(10.0, -3.0 + (double)k * 0.5), offset = k % 2 == 0 ? 0.3 : 0.0;
    for (int i = 0; i < SIZES[k][0]; i++) {
      x[i] = (float)(offset + level * shed_rng_normal(&rng));
    }
    worst = fmax(worst, compare(x, SIZES[k][0], SIZES[k][1]));
  }
  print_message("noise: worst difference %.1e\n", worst);
  CHECK_LT(worst, TOLERANCE);
}

// Between whole lags: the cubic through the four values around, written as a polynomial that meets values and slopes.
static void
values_between_lags_lie_on_the_cubic(void **state)
{
  (void)state;
  shed_nsdf *s     = NULL;
  float     *x     = ear_sound(RATE_HZ, RATE_HZ, 23);
  double     worst = 0.0;
  CHECK_OK(shed_nsdf_new(&s, NULL, 706, 250));
  shed_nsdf_run(s, x + RATE_HZ / 2);
  const float *v = shed_nsdf_values(s);
  for (int k = 0; k < 1420; k++) {
    double lag = 1.0 + 0.173 * k;
    int    i   = (int)lag;
    double t = lag - i, a = (double)v[i], b = (double)v[i + 1];
    double da = ((double)v[i + 1] - (double)v[i - 1]) / 2.0, db = ((double)v[i + 2] - (double)v[i]) / 2.0;
    // Hermite's basis
    double y = (2 * t * t * t - 3 * t * t + 1) * a + (t * t * t - 2 * t * t + t) * da +
               (-2 * t * t * t + 3 * t * t) * b + (t * t * t - t * t) * db;
    worst = fmax(worst, fabs((double)shed_nsdf_value_at(s, (float)lag) - y));
  }
  print_message("between lags: worst difference %.1e\n", worst);
  CHECK_LT(worst, 2e-5); // a lag of 250 is known to 1.5e-5 in single precision
  shed_nsdf_free(s);
  free(x);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_nsdf_of_music_is_the_papers),
      cmocka_unit_test(the_nsdf_of_noise_and_offsets_is_the_papers),
      cmocka_unit_test(values_between_lags_lie_on_the_cubic),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
