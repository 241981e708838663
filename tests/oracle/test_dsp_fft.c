// The transform against its definition.
#include "engine/base/rng.h"
#include "engine/dsp/fft.h"
#include "engine/dsp/pi.h"
#include "tests/support/check.h"

static void
the_transform_is_the_direct_sum(void **state)
{
  (void)state;
  static const int sizes[] = {2, 48, 256, 1024, 1536, 4096};
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
    double worst = 0.0;
    for (int k = 0; k <= n / 2; k++) {
      double re = 0.0, im = 0.0;
      for (int i = 0; i < n; i++) {
        double turn = 2.0 * SHED_PI * (double)((int64_t)k * i % n) / n;
        re += (double)x[i] * cos(turn);
        im -= (double)x[i] * sin(turn);
      }
      worst = fmax(worst, fabs((double)shed_fft_bins(f)[2 * k] - re));
      worst = fmax(worst, fabs((double)shed_fft_bins(f)[2 * k + 1] - im));
    }
    print_message("size %4d: worst difference %.1e of a bin's typical %.0f\n", n, worst, sqrt(n));
    CHECK_LT(worst,
             1e-6 * sqrt(n)); // single precision's 6e-8, some ten steps deep, times what a bin of noise holds
    shed_fft_free(f);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_transform_is_the_direct_sum),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
