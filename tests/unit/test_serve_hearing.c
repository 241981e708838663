#include "app/serve/hearing.h"

#include "engine/base/attrs.h"
#include "tests/support/check.h"

#define SECOND_NS INT64_C(1000000000)

// So many seconds of sound at so many milliseconds each.
static void
hear(shed_hearing *h, int seconds, int ms)
{
  for (int i = 0; i < 50 * seconds; i++) {
    shed_hearing_took(h, ms * INT64_C(1000000) / 50, SECOND_NS / 50);
  }
}

static void
as_many_as_the_measured_cost_allows(void **state)
{
  static const struct {
    int ms, most;
  } cases[] = {{10, 160}, {20, 80}, {13, 123}, {100, 16}, {800, SHED_HEARING_LEAST}};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(cases); i++) {
    shed_hearing h;
    shed_hearing_begin(&h, 2);
    hear(&h, 600, cases[i].ms);
    CHECK_NEAR(shed_hearing_most(&h), cases[i].most, 1);
    shed_hearing_end(&h);
  }
}

static void
one_too_many_is_refused_and_has_the_place_of_who_leaves(void **state)
{
  shed_hearing h;
  (void)state;
  shed_hearing_begin(&h, 1);
  hear(&h, 600, 100);
  const int most = shed_hearing_most(&h);
  for (int i = 0; i < most; i++) {
    assert_true(shed_hearing_enter(&h));
  }
  assert_false(shed_hearing_enter(&h));
  assert_false(shed_hearing_enter(&h)); // who is refused takes no place
  shed_hearing_leave(&h);
  assert_true(shed_hearing_enter(&h));
  shed_hearing_back(&h); // whose network was cut comes back whatever happens
  assert_false(shed_hearing_enter(&h));
  shed_hearing_leave(&h);
  assert_false(shed_hearing_enter(&h));
  shed_hearing_end(&h);
}

static void
what_is_new_weighs_more_than_what_was_long_ago(void **state)
{
  shed_hearing h;
  (void)state;
  shed_hearing_begin(&h, 2);
  const int before = shed_hearing_most(&h);
  assert_true(before > 50); // a first guess, until something was heard
  hear(&h, 600, 10);
  const int quick = shed_hearing_most(&h);
  hear(&h, 300, 40); // another program began to compute
  CHECK_NEAR(shed_hearing_most(&h), quick / 4.0, 2);
  shed_hearing_took(&h, -1, SECOND_NS);
  shed_hearing_took(&h, SECOND_NS, 0);
  CHECK_NEAR(shed_hearing_most(&h), quick / 4.0, 2); // what is no measurement changes nothing
  shed_hearing_end(&h);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(as_many_as_the_measured_cost_allows),
      cmocka_unit_test(one_too_many_is_refused_and_has_the_place_of_who_leaves),
      cmocka_unit_test(what_is_new_weighs_more_than_what_was_long_ago),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
