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
the_lowest_and_the_highest_note_are_among_the_peaks(void **state)
{
  (void)state;
  static const double hz[] = {27.5, 32.7, 3520.0, 4186.0, 4400.0};
  shed_comb          *c    = NULL;
  CHECK_OK(shed_comb_new(&c, NULL, RATE_HZ, WINDOW));
  for (size_t k = 0; k < SHED_COUNTOF(hz); k++) {
    float  peaks[7];
    double least = 1e9;
    run_tone(c, hz[k], 1);
    int n = shed_comb_peaks(c, 0, peaks, 4);
    n += shed_comb_peaks(c, 1, peaks + n, 3);
    for (int i = 0; i < n; i++) {
      least = fmin(least, fabs(1200.0 * log2((double)peaks[i] / hz[k])));
    }
    CHECK_LT(least, 50.0);
  }
  shed_comb_free(c);
}

static void
a_constant_a_click_and_a_square_stay_in_range(void **state)
{
  (void)state;
  shed_comb   *c = NULL;
  static float x[3][WINDOW];
  CHECK_OK(shed_comb_new(&c, NULL, RATE_HZ, WINDOW));
  x[1][WINDOW / 2] = 1.0f;
  for (int i = 0; i < WINDOW; i++) {
    x[0][i] = 1.0f;
    x[2][i] = i / 50 % 2 == 0 ? 1.0f : -1.0f;
  }
  for (int k = 0; k < 3; k++) {
    float peaks[7];
    shed_comb_run(c, x[k]);
    for (int kind = 0; kind < SHED_COMB_KINDS; kind++) {
      int n = shed_comb_peaks(c, kind, peaks, 7);
      assert_true(n >= 0 && n <= 7 && isfinite(shed_comb_best(c, kind)));
      for (int i = 0; i < n; i++) {
        assert_true(peaks[i] >= 25.5f && peaks[i] <= 5000.0f);
      }
    }
    assert_true(shed_comb_flatness(c) >= 0.0f && shed_comb_flatness(c) <= 1.0f);
  }
  float best[1];
  assert_int_equal(shed_comb_peaks(c, 0, best, 1), 1); // of the square
  CHECK_NEAR(1200.0 * log2((double)best[0] / 441.0), 0.0, 20.0);
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
    CHECK_LT((double)a.bytes, 98304.0);
  });
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_best_tooth_is_the_pitch),
      cmocka_unit_test(a_missing_first_partial_is_heard),
      cmocka_unit_test(silence_has_no_peak_and_no_line),
      cmocka_unit_test(the_lowest_and_the_highest_note_are_among_the_peaks),
      cmocka_unit_test(a_constant_a_click_and_a_square_stay_in_range),
      cmocka_unit_test(wrong_sizes_are_refused),
      cmocka_unit_test(failed_allocations_leave_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
