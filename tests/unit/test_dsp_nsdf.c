#include "engine/dsp/nsdf.h"
#include "engine/dsp/pi.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

enum { WINDOW = 800, MAX_LAG = 400 };

static void
fill_tone(float *x, int n, double period)
{
  for (int i = 0; i < n; i++) {
    double p = 2.0 * SHED_PI * i / period;
    x[i]     = (float)(0.3 * sin(p) + 0.2 * sin(2.0 * p + 1.0) + 0.1 * sin(3.0 * p + 2.0));
  }
}

static void
a_periodic_sound_reaches_1_at_its_period(void **state)
{
  (void)state;
  shed_nsdf *s = NULL;
  float      x[WINDOW];
  CHECK_OK(shed_nsdf_new(&s, NULL, WINDOW, MAX_LAG));
  for (double period = 30.0; period < 390.0; period *= 1.17) {
    fill_tone(x, WINDOW, period);
    shed_nsdf_run(s, x);
    CHECK_NEAR((double)shed_nsdf_value_at(s, (float)period), 1.0, 0.2);
  }
  shed_nsdf_free(s);
}

static void
peaks_hold_the_period_to_a_few_cents(void **state)
{
  (void)state;
  shed_nsdf *s = NULL;
  float      x[WINDOW];
  CHECK_OK(shed_nsdf_new(&s, NULL, WINDOW, MAX_LAG));
  for (double period = 30.0; period < 380.0; period *= 1.17) {
    fill_tone(x, WINDOW, period);
    shed_nsdf_run(s, x);
    shed_nsdf_peak peaks[7];
    int            n     = shed_nsdf_peaks(s, 20.0f, peaks, 7);
    double         least = 1e9;
    for (int i = 0; i < n; i++) {
      least = fmin(least, fabs(1200.0 * log2((double)peaks[i].lag / period)));
    }
    CHECK_LT(least, 12.0);
  }
  shed_nsdf_free(s);
}

static void
silence_and_a_constant_have_no_period(void **state)
{
  (void)state;
  shed_nsdf     *s = NULL;
  shed_nsdf_peak peak;
  float          x[WINDOW] = {0};
  CHECK_OK(shed_nsdf_new(&s, NULL, WINDOW, MAX_LAG));
  shed_nsdf_run(s, x);
  assert_int_equal(shed_nsdf_peaks(s, 20.0f, &peak, 1), 0);
  for (int i = 0; i < WINDOW; i++) {
    x[i] = 0.25f;
  }
  shed_nsdf_run(s, x);
  CHECK_LT(fabs((double)shed_nsdf_value_at(s, 100.0f)), 1e-3);
  shed_nsdf_free(s);
}

static void
wrong_sizes_are_refused(void **state)
{
  (void)state;
  shed_nsdf *s = NULL;
  CHECK_STATUS(shed_nsdf_new(&s, NULL, 8, 4), SHED_E_RANGE);
  CHECK_STATUS(shed_nsdf_new(&s, NULL, 100, 93), SHED_E_RANGE);
  assert_null(s);
  shed_nsdf_free(NULL);
}

static void
failed_allocations_leave_nothing(void **state)
{
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_nsdf *s = NULL;
    sweep_status = shed_nsdf_new(&s, &a.alloc, WINDOW, MAX_LAG);
    shed_nsdf_free(s);
  });
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_periodic_sound_reaches_1_at_its_period),
      cmocka_unit_test(peaks_hold_the_period_to_a_few_cents),
      cmocka_unit_test(silence_and_a_constant_have_no_period),
      cmocka_unit_test(wrong_sizes_are_refused),
      cmocka_unit_test(failed_allocations_leave_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
