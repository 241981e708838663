#include "engine/dsp/bands.h"

#include "engine/dsp/pi.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

#include <math.h>

enum { RATE_HZ = 44100, LENGTH = 8192, CENTRE = 5000 };

// What a sine of one frequency is in the bands.
static void
look_at_sine(double hz, double amplitude, uint8_t out[SHED_BANDS])
{
  static float x[LENGTH];
  shed_front  *front = NULL;
  shed_bands  *bands = NULL;
  for (int i = 0; i < LENGTH; i++) {
    x[i] = (float)(amplitude * sin(2.0 * SHED_PI * hz * i / RATE_HZ));
  }
  CHECK_OK(shed_front_new(&front, NULL, RATE_HZ));
  CHECK_OK(shed_bands_new(&bands, NULL));
  shed_front_push(front, x, LENGTH / 2);
  shed_front_push(front, x + LENGTH / 2, LENGTH / 2);
  shed_bands_run(bands, front, CENTRE, out);
  shed_bands_free(bands);
  shed_front_free(front);
}

static int
highest(const uint8_t *b)
{
  int best = 0;
  for (int i = 1; i < SHED_BANDS; i++) {
    best = b[i] > b[best] ? i : best;
  }
  return best;
}

static void
a_sine_stands_in_its_own_band_at_its_own_level(void **state)
{
  static const double hz[] = {129.2, 440.0, 1200.0, 2500.0, 6500.0};
  uint8_t             b[SHED_BANDS];
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(hz); i++) {
    look_at_sine(hz[i], 0.1, b);
    assert_int_equal(highest(b), shed_bands_place(hz[i]));
    // between two bins a raised cosine loses 1.4 dB
    CHECK_NEAR((double)shed_bands_db(b[highest(b)]), -20.75, 1.0);
  }
}

static void
lines_that_differ_by_45_hz_do_not_reach_into_each_other(void **state)
{
  uint8_t b[SHED_BANDS];
  (void)state;
  look_at_sine(440.0, 0.5, b);
  assert_true(b[shed_bands_place(440.0)] - b[shed_bands_place(485.0)] > 2 * 20);
  assert_true(b[shed_bands_place(440.0)] - b[shed_bands_place(395.0)] > 2 * 20);
}

static void
silence_is_nothing_and_full_scale_does_not_run_over(void **state)
{
  uint8_t b[SHED_BANDS];
  (void)state;
  look_at_sine(440.0, 0.0, b);
  for (int i = 0; i < SHED_BANDS; i++) {
    assert_int_equal(b[i], 0);
  }
  look_at_sine(430.7, 1.0, b);
  CHECK_NEAR((double)shed_bands_db(b[highest(b)]), 0.0, 0.5);
  look_at_sine(430.7, 90.0, b);
  assert_int_equal(b[highest(b)], 255);
}

static void
places_rise_with_frequency_and_end(void **state)
{
  int last = -1;
  (void)state;
  for (int half_hz = 0; half_hz < 24000; half_hz++) {
    int at = shed_bands_place(half_hz * 0.5);
    assert_true(at == -1 || at == last || at == last + 1);
    last = at >= 0 ? at : last;
  }
  assert_int_equal(last, SHED_BANDS - 1);
  assert_int_equal(shed_bands_place(5.0), -1);
  assert_int_equal(shed_bands_place(7100.0), -1);
  assert_int_equal(shed_bands_place((double)NAN), -1);
}

static void
memory_may_run_out_anywhere(void **state)
{
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_bands *bands = NULL;
    sweep_status      = shed_bands_new(&bands, &a.alloc);
    shed_bands_free(bands);
  })
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_sine_stands_in_its_own_band_at_its_own_level),
      cmocka_unit_test(lines_that_differ_by_45_hz_do_not_reach_into_each_other),
      cmocka_unit_test(silence_is_nothing_and_full_scale_does_not_run_over),
      cmocka_unit_test(places_rise_with_frequency_and_end),
      cmocka_unit_test(memory_may_run_out_anywhere),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
