#include "engine/base/rng.h"
#include "engine/dsp/hush.h"
#include "tests/support/check.h"

static float axis[SHED_COMB_PLACES];

static void
room(shed_rng *r, float level)
{
  for (int i = 0; i < SHED_COMB_PLACES; i++) {
    axis[i] = level * (float)(0.5 + shed_rng_unit(r));
  }
}

static void
a_steady_noise_becomes_the_room_and_a_line_over_it_does_not(void **state)
{
  (void)state;
  static shed_hush h;
  shed_rng         r;
  shed_rng_seed(&r, 1, 1);
  for (int f = 0; f < 300; f++) {
    room(&r, 1.0f);
    shed_hush_run(&h, axis);
  }
  double quiet = (double)shed_hush_fresh(&h, axis);
  for (int p = 400; p < 404; p++) {
    axis[p] = 200.0f;
  }
  shed_hush_run(&h, axis);
  double played = (double)shed_hush_fresh(&h, axis);
  CHECK_LT(quiet, 0.3);
  CHECK_LT(0.4, played);
}

static void
a_note_of_two_seconds_is_no_room(void **state)
{
  (void)state;
  static shed_hush h;
  shed_rng         r;
  shed_rng_seed(&r, 2, 1);
  for (int f = 0; f < 300; f++) {
    room(&r, 0.02f);
    shed_hush_run(&h, axis);
  }
  for (int f = 0; f < 200; f++) {
    room(&r, 0.02f);
    axis[300] = 100.0f;
    shed_hush_run(&h, axis);
  }
  CHECK_LT((double)h.least[300], 10.0);
}

static void
silence_is_all_room(void **state)
{
  (void)state;
  static shed_hush h;
  memset(axis, 0, sizeof(axis));
  for (int f = 0; f < 10; f++) {
    shed_hush_run(&h, axis);
  }
  CHECK_NEAR((double)shed_hush_fresh(&h, axis), 0.0, 1e-9);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_steady_noise_becomes_the_room_and_a_line_over_it_does_not),
      cmocka_unit_test(a_note_of_two_seconds_is_no_room),
      cmocka_unit_test(silence_is_all_room),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
