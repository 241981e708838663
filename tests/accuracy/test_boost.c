// What no line through two features tells apart, small trees do; and they tell nothing where there is nothing to tell.
#include "engine/base/rng.h"
#include "tests/accuracy/boost.h"
#include "tests/support/check.h"

#include <stdlib.h>

enum { N = 2000, FEATURES = 3 };

// Share of fresh cases that are told rightly. @param known whether the answer hangs on the features at all.
static double
told(bool known)
{
  static float      x[2 * N][FEATURES];
  static boost_case cases[2 * N];
  boost_form       *f = malloc(sizeof(*f));
  shed_rng          rng;
  int               right = 0;
  shed_rng_seed(&rng, 5, 5);
  for (int i = 0; i < 2 * N; i++) {
    for (int k = 0; k < FEATURES; k++) {
      x[i][k] = (float)shed_rng_unit(&rng);
    }
    const bool chance = shed_rng_unit(&rng) < .5;
    cases[i]          = (boost_case){.x = x[i], .yes = known ? (x[i][0] < .5F) != (x[i][1] < .5F) : chance};
  }
  assert_non_null(f);
  assert_true(boost_fit(cases, N, FEATURES, f));
  for (int i = N; i < 2 * N; i++) {
    right += (boost_sum(f, x[i]) > 0) == cases[i].yes ? 1 : 0;
  }
  free(f);
  return (double)right / N;
}

static void
either_but_not_both_is_learnt(void **state)
{
  (void)state;
  CHECK_LT(.95, told(true));
}

static void
chance_is_not_learnt(void **state)
{
  const double share = told(false);
  (void)state;
  CHECK_LT(.44, share);
  CHECK_LT(share, .56);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(either_but_not_both_is_learnt),
      cmocka_unit_test(chance_is_not_learnt),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
