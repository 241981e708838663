// The transform against its definition, and the NSDF against its own.
#include "engine/base/rng.h"
#include "engine/dsp/fft.h"
#include "engine/dsp/nsdf.h"
#include "engine/dsp/pi.h"
#include "tests/support/check.h"

static void
the_transform_is_the_direct_sum(void **state)
{
  (void)state;
  static const int sizes[] = {2, 48, 256, 1536};
  for (size_t s = 0; s < SHED_COUNTOF(sizes); s++) {
    int       n = sizes[s];
    shed_fft *f = NULL;
    shed_rng  rng;
    shed_rng_seed(&rng, 5, (uint64_t)n);
    CHECK_OK(shed_fft_new(&f, NULL, n));
    float *x = shed_fft_time(f);
    for (int i = 0; i < n; i++) {
      x[i] = (float)shed_rng_normal(&rng);
    }
    shed_fft_forward(f);
    for (int k = 0; k <= n / 2; k++) {
      double re = 0.0, im = 0.0;
      for (int i = 0; i < n; i++) {
        re += (double)x[i] * cos(2.0 * SHED_PI * k * i / n);
        im -= (double)x[i] * sin(2.0 * SHED_PI * k * i / n);
      }
      CHECK_NEAR((double)shed_fft_bins(f)[2 * k], re, 1e-3);
      CHECK_NEAR((double)shed_fft_bins(f)[2 * k + 1], im, 1e-3);
    }
    shed_fft_free(f);
  }
}

enum { WINDOW = 300, MAX_LAG = 140 };

// The window's taper as nsdf.c has it: raised cosines over 30 % at each end.
static double
taper(int i)
{
  int rise = (int)(0.30 * WINDOW);
  int end  = i < WINDOW - 1 - i ? i : WINDOW - 1 - i;
  return end >= rise ? 1.0 : 0.5 - 0.5 * cos(SHED_PI * (end + 0.5) / (rise + 0.5));
}

static double
direct_nsdf(const double *y, int lag)
{
  double product = 0.0, squares = 0.0;
  for (int j = 0; j + lag < WINDOW; j++) {
    product += 2.0 * y[j] * y[j + lag];
    squares += y[j] * y[j] + y[j + lag] * y[j + lag];
  }
  return product / squares;
}

static void
the_nsdf_is_its_definition(void **state)
{
  (void)state;
  shed_nsdf *s = NULL;
  shed_rng   rng;
  float      x[WINDOW];
  double     y[WINDOW], w[WINDOW], mean = 0.0, area = 0.0;
  shed_rng_seed(&rng, 6, 6);
  CHECK_OK(shed_nsdf_new(&s, NULL, WINDOW, MAX_LAG));
  for (int i = 0; i < WINDOW; i++) {
    w[i] = taper(i);
    x[i] = (float)(0.2 + 0.5 * sin(i * 0.13) + 0.1 * shed_rng_normal(&rng));
    mean += w[i] * (double)x[i];
    area += w[i];
  }
  for (int i = 0; i < WINDOW; i++) {
    y[i] = w[i] * ((double)x[i] - mean / area);
  }
  shed_nsdf_run(s, x);
  for (int lag = 0; lag <= MAX_LAG; lag++) {
    CHECK_NEAR((double)shed_nsdf_values(s)[lag], direct_nsdf(y, lag) / direct_nsdf(w, lag), 1e-4);
  }
  shed_nsdf_free(s);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_transform_is_the_direct_sum),
      cmocka_unit_test(the_nsdf_is_its_definition),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
