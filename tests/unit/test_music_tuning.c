#include "engine/music/tuning.h"

#include "tests/support/check.h"

static void
just_intervals(void **state)
{
  (void)state;
  CHECK_NEAR(shed_tuning_offset_cents(SHED_TEMPERAMENT_JUST, 60, 64), -13.686, 1e-3);
  CHECK_NEAR(shed_tuning_offset_cents(SHED_TEMPERAMENT_JUST, 60, 67), 1.955, 1e-3);
  CHECK_NEAR(shed_tuning_offset_cents(SHED_TEMPERAMENT_JUST, 60, 63), 15.641, 1e-3);
  CHECK_NEAR(shed_tuning_offset_cents(SHED_TEMPERAMENT_JUST, 60, 59), -11.731, 1e-3);
  CHECK_NEAR(shed_tuning_offset_cents(SHED_TEMPERAMENT_JUST, 60, 48), 0, 1e-9);
  CHECK_NEAR(shed_tuning_offset_cents(SHED_TEMPERAMENT_EQUAL, 60, 64), 0, 0);
}

static void
a_just_fifth_is_three_to_two(void **state)
{
  (void)state;
  double c = shed_tuning_hz(SHED_TEMPERAMENT_JUST, 60, 60, 442);
  double g = shed_tuning_hz(SHED_TEMPERAMENT_JUST, 60, 67, 442);
  CHECK_NEAR(g / c, 1.5, 1e-12);
  CHECK_NEAR(shed_tuning_cents(880, 440), 1200, 1e-9);
  CHECK_NEAR(shed_tuning_hz(SHED_TEMPERAMENT_EQUAL, 60, 69, 442), 442, 1e-9);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(just_intervals),
      cmocka_unit_test(a_just_fifth_is_three_to_two),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
