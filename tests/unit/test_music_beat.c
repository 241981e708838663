#include "engine/music/beat.h"

#include "engine/base/rng.h"

#include "tests/support/check.h"

static void
tuplets_of_tuplets_meet(void **state)
{
  shed_beat sum = shed_beat_of(0, 1);
  (void)state;
  for (int i = 0; i < 7 * 5 * 3; i++) {
    sum = shed_beat_add(sum, shed_beat_of(1, 7 * 5 * 3));
  }
  assert_int_equal(shed_beat_cmp(sum, shed_beat_of(1, 1)), 0);
  assert_int_equal(sum.den, 1);
}

static void
arithmetic_agrees_with_doubles(void **state)
{
  shed_rng rng;
  (void)state;
  shed_rng_seed(&rng, 9, 9);
  for (int i = 0; i < 10000; i++) {
    shed_beat a = shed_beat_of(shed_rng_between(&rng, -1000, 1000), shed_rng_between(&rng, 1, 960));
    shed_beat b = shed_beat_of(shed_rng_between(&rng, 1, 1000), -shed_rng_between(&rng, 1, 960));
    double    x = shed_beat_quarters(a);
    double    y = shed_beat_quarters(b);
    CHECK_NEAR(shed_beat_quarters(shed_beat_add(a, b)), x + y, 1e-9);
    CHECK_NEAR(shed_beat_quarters(shed_beat_sub(a, b)), x - y, 1e-9);
    CHECK_NEAR(shed_beat_quarters(shed_beat_mul(a, b)), x * y, 1e-9 * (1 + fabs(x * y)));
    CHECK_NEAR(shed_beat_quarters(shed_beat_div(a, b)), x / y, 1e-9 * (1 + fabs(x / y)));
    assert_int_equal(shed_beat_cmp(a, b) > 0, x > y);
  }
}

static void
extremes_round_instead_of_overflowing(void **state)
{
  shed_beat tiny = shed_beat_of(1, INT64_MAX);
  (void)state;
  shed_beat sum = shed_beat_add(tiny, shed_beat_of(1, INT64_MAX - 1));
  CHECK_NEAR(shed_beat_quarters(sum), 0, 1e-6);
  shed_beat huge = shed_beat_mul(shed_beat_of(INT64_MAX, 1), shed_beat_of(INT64_MAX, 1));
  assert_true(huge.den > 0 && huge.num > 0);
  assert_true(shed_beat_cmp(huge, tiny) > 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(tuplets_of_tuplets_meet),
      cmocka_unit_test(arithmetic_agrees_with_doubles),
      cmocka_unit_test(extremes_round_instead_of_overflowing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
