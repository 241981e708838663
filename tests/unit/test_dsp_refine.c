#include "engine/dsp/front.h"
#include "engine/dsp/pi.h"
#include "engine/dsp/refine.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

enum { RATE_HZ = 44100, LENGTH = 16384, CENTRE = 12000 };

// The front end after a tone of ten partials, stiff by b.
static shed_front *
after_tone(double hz, double b)
{
  static float x[LENGTH];
  shed_front  *f = NULL;
  CHECK_OK(shed_front_new(&f, NULL, RATE_HZ));
  for (int i = 0; i < LENGTH; i++) {
    double y = 0.0;
    for (int k = 1; k <= 10; k++) {
      double partial = k * hz * sqrt(1.0 + b * k * k);
      y += partial < 18000.0 ? sin(2.0 * SHED_PI * partial * i / RATE_HZ + k) / k : 0.0;
    }
    x[i] = (float)(0.2 * y);
  }
  for (int at = 0; at < LENGTH; at += SHED_FRONT_PUSH_MAX) {
    shed_front_push(f, x + at, SHED_FRONT_PUSH_MAX);
  }
  return f;
}

static void
a_guess_30_cents_off_is_mended_to_one_cent(void **state)
{
  (void)state;
  for (int i = 0; i < 30; i++) {
    double      hz    = 30.0 * pow(1.18, i);
    shed_front *f     = after_tone(hz, 0.0);
    double      found = (double)shed_refine(f, RATE_HZ, CENTRE, (float)(hz * exp2(30.0 / 1200.0)));
    CHECK_NEAR(1200.0 * log2(found / hz), 0.0, 1.0);
    shed_front_free(f);
  }
}

static void
a_stiff_string_gives_its_first_partial(void **state)
{
  (void)state;
  const double b = 4e-4;
  for (int i = 0; i < 12; i++) {
    double      hz    = 60.0 * pow(1.3, i);
    double      first = hz * sqrt(1.0 + b);
    shed_front *f     = after_tone(hz, b);
    double      found = (double)shed_refine(f, RATE_HZ, CENTRE, (float)hz);
    CHECK_NEAR(1200.0 * log2(found / first), 0.0, 1.0);
    shed_front_free(f);
  }
}

static void
silence_leaves_the_guess(void **state)
{
  (void)state;
  shed_front  *f = NULL;
  static float x[SHED_FRONT_PUSH_MAX];
  CHECK_OK(shed_front_new(&f, NULL, RATE_HZ));
  shed_front_push(f, x, SHED_FRONT_PUSH_MAX);
  CHECK_NEAR((double)shed_refine(f, RATE_HZ, 1000, 440.0f), 440.0, 1e-6);
  CHECK_NEAR((double)shed_refine(f, RATE_HZ, 1000, 0.0f), 0.0, 1e-6);
  shed_front_free(f);
}

// The first frames of a take look at silence before it, the last ones at what has just come.
static void
the_start_of_a_take_and_the_ends_of_the_range_are_refined(void **state)
{
  (void)state;
  static const double hz[] = {27.5, 55.0, 440.0, 3520.0, 4186.0, 4400.0};
  for (size_t k = 0; k < SHED_COUNTOF(hz); k++) {
    shed_front *f     = after_tone(hz[k], 0.0);
    double      found = (double)shed_refine(f, RATE_HZ, LENGTH - SHED_REFINE_AHEAD, (float)(hz[k] * 1.005));
    CHECK_NEAR(1200.0 * log2(found / hz[k]), 0.0, 1.5);
    shed_front_free(f);
  }
  static float x[SHED_FRONT_PUSH_MAX];
  shed_front  *f = NULL;
  CHECK_OK(shed_front_new(&f, NULL, RATE_HZ));
  for (int i = 0; i < SHED_FRONT_PUSH_MAX; i++) {
    x[i] = (float)(0.3 * sin(2.0 * SHED_PI * 440.0 * i / RATE_HZ));
  }
  shed_front_push(f, x, SHED_FRONT_PUSH_MAX);
  for (int centre = 0; centre < 1400; centre += 100) {
    float found = shed_refine(f, RATE_HZ, centre, 442.0f);
    CHECK_LT(fabs(1200.0 * log2((double)found / 440.0)), 90.0);
  }
  CHECK_NEAR(1200.0 * log2((double)shed_refine(f, RATE_HZ, 1000, 442.0f) / 440.0), 0.0, 1.0);
  shed_front_free(f);
}

static void
failed_allocations_leave_nothing(void **state)
{
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_front *f = NULL;
    sweep_status  = shed_front_new(&f, &a.alloc, RATE_HZ);
    shed_front_free(f);
  });
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_guess_30_cents_off_is_mended_to_one_cent),
      cmocka_unit_test(a_stiff_string_gives_its_first_partial),
      cmocka_unit_test(silence_leaves_the_guess),
      cmocka_unit_test(the_start_of_a_take_and_the_ends_of_the_range_are_refined),
      cmocka_unit_test(failed_allocations_leave_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
