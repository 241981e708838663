#include "mastery/model/bkt.h"
#include "tests/support/check.h"

// Vectors worked out by hand from the formulas of Corbett and Anderson 1995, rounded to the places shown.
static void
run(int choices, const double *answers, const double *expected, int n, double tolerance)
{
  shed_bkt b     = shed_bkt_of(choices);
  double   known = b.known;
  for (int i = 0; i < n; i++) {
    known = shed_bkt_step(&b, known, answers[i]);
    CHECK_NEAR(known, expected[i], tolerance);
  }
}

static void
produced_answers(void **state)
{
  static const double answers[]  = {1, 0, 1, 1, 1, 1};
  static const double expected[] = {.8300, .5808, .9633, .9980, .9999, 1.0000};
  (void)state;
  run(0, answers, expected, 6, 5e-5);
}

static void
four_choices(void **state)
{
  static const double right[]    = {1, 1, 1, 1, 1};
  static const double expected[] = {.5526, .8440, .9585, .9899, .9976};
  static const double late[]     = {0, 0, 1, 1, 1, 1, 1};
  static const double slower[]   = {.1774, .1738, .5162, .8244, .9525, .9884, .9972};
  (void)state;
  run(4, right, expected, 5, 5e-5);
  run(4, late, slower, 7, 5e-5);
}

static void
five_right_of_two_choices_are_not_yet_known(void **state)
{
  static const double right[]    = {1, 1, 1, 1, 1};
  static const double expected[] = {.4138, .6256, .7879, .8894, .9451};
  (void)state;
  run(2, right, expected, 5, 5e-5);
  run(1, right, expected, 5, 5e-5); // one choice is no choice: counted as two
}

static void
graded_answers(void **state)
{
  static const double answers[]  = {.6, .8, .9, 1, 1};
  static const double expected[] = {.575000, .837661, .950103, .997219, .999852};
  (void)state;
  run(0, answers, expected, 5, 5e-7);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(produced_answers),
      cmocka_unit_test(four_choices),
      cmocka_unit_test(five_right_of_two_choices_are_not_yet_known),
      cmocka_unit_test(graded_answers),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
