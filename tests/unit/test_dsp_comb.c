#include "engine/dsp/comb.h"
#include "engine/dsp/pi.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

enum { RATE_HZ = 44100, WINDOW = 3176 };

static void
run_tone(shed_comb *c, double hz, int first_partial)
{
  float x[WINDOW];
  for (int i = 0; i < WINDOW; i++) {
    double y = 0.0;
    for (int k = first_partial; k <= 12; k++) {
      y += k * hz < 18000.0 ? sin(2.0 * SHED_PI * k * hz * i / RATE_HZ + k) / k : 0.0;
    }
    x[i] = (float)(0.2 * y);
  }
  shed_comb_run(c, x);
}

static void
the_best_tooth_is_the_pitch(void **state)
{
  (void)state;
  shed_comb *c = NULL;
  CHECK_OK(shed_comb_new(&c, NULL, RATE_HZ, WINDOW));
  for (int i = 0; i < 18; i++) {
    double hz = 90.0 * pow(1.23, i);
    float  best[1];
    run_tone(c, hz, 1);
    assert_int_equal(shed_comb_peaks(c, 0, best, 1), 1);
    CHECK_NEAR(1200.0 * log2((double)best[0] / hz), 0.0, 20.0);
    CHECK_NEAR((double)shed_comb_salience(c, 0, (float)hz), (double)shed_comb_best(c, 0),
               0.05 * (double)shed_comb_best(c, 0));
  }
  shed_comb_free(c);
}

static void
a_missing_first_partial_is_heard(void **state)
{
  (void)state;
  shed_comb *c = NULL;
  float      best[1];
  CHECK_OK(shed_comb_new(&c, NULL, RATE_HZ, WINDOW));
  run_tone(c, 150.0, 2);
  assert_int_equal(shed_comb_peaks(c, 0, best, 1), 1);
  CHECK_NEAR(1200.0 * log2((double)best[0] / 150.0), 0.0, 20.0);
  shed_comb_free(c);
}

static void
silence_has_no_peak_and_no_line(void **state)
{
  (void)state;
  shed_comb   *c = NULL;
  static float x[WINDOW];
  float        best[4];
  CHECK_OK(shed_comb_new(&c, NULL, RATE_HZ, WINDOW));
  shed_comb_run(c, x);
  assert_int_equal(shed_comb_peaks(c, 0, best, 4), 0);
  assert_int_equal(shed_comb_peaks(c, 1, best, 4), 0);
  CHECK_NEAR((double)shed_comb_lines(c), 0.0, 1e-12);
  CHECK_NEAR((double)shed_comb_salience(c, 0, 5.0f), 0.0, 1e-12);
  shed_comb_free(c);
}

static void
wrong_sizes_are_refused(void **state)
{
  (void)state;
  shed_comb *c = NULL;
  CHECK_STATUS(shed_comb_new(&c, NULL, RATE_HZ, 5000), SHED_E_RANGE);
  CHECK_STATUS(shed_comb_new(&c, NULL, 16000, WINDOW), SHED_E_RANGE);
}

static void
failed_allocations_leave_nothing(void **state)
{
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_comb *c = NULL;
    sweep_status = shed_comb_new(&c, &a.alloc, RATE_HZ, WINDOW);
    shed_comb_free(c);
  });
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_best_tooth_is_the_pitch),      cmocka_unit_test(a_missing_first_partial_is_heard),
      cmocka_unit_test(silence_has_no_peak_and_no_line),  cmocka_unit_test(wrong_sizes_are_refused),
      cmocka_unit_test(failed_allocations_leave_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
