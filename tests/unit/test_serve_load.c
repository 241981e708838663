#include "app/serve/load.h"

#include "engine/base/attrs.h"
#include "tests/support/check.h"

static void
what_gives_way_and_what_waits_is_not_counted(void **state)
{
  double busy_s = 0;
  (void)state;
  // user, nice, system, idle, iowait, irq, softirq, steal, guest
  assert_true(shed_load_read("cpu  1000 5000 200 90000 3000 10 20 70 0 0\ncpu0 1 2 3\n", 100, &busy_s));
  CHECK_NEAR(busy_s, 13, 1e-9);
}

static void
what_is_no_such_text_is_refused(void **state)
{
  static const char *const bad[] = {"", "cpu", "cpu  1 2 3\n", "intr 1 2 3 4 5 6 7 8 9",
                                    "cpu0 1 2 3 4 5 6 7 8"};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(bad); i++) {
    double busy_s = -1;
    assert_false(shed_load_read(bad[i], 100, &busy_s));
    assert_true(busy_s == -1);
  }
  double busy_s;
  assert_false(shed_load_read("cpu  1 2 3 4 5 6 7 8", 0, &busy_s));
}

static void
others_are_what_is_busy_less_ours(void **state)
{
  shed_load l   = {0};
  double    all = 100, ours = 40;
  int64_t   now = 0;
  (void)state;
  assert_true(shed_load_look(&l, all, ours, now) == 0); // the first look tells nothing
  for (int i = 0; i < 60; i++) {
    now += 1000000000;
    all += 1.9;
    ours += .4;
    (void)shed_load_look(&l, all, ours, now);
  }
  CHECK_NEAR(l.others, 1.5, .001);
  now += 1000000000; // one second more moves it by a quarter
  CHECK_NEAR(shed_load_look(&l, all, ours, now), 1.125, .001);
  for (int i = 0; i < 60; i++) { // ours alone; clocks that disagree a little never make it negative
    now += 1000000000;
    all += .98;
    ours += 1;
    assert_true(shed_load_look(&l, all, ours, now) >= 0);
  }
  CHECK_NEAR(l.others, 0, .001);
}

static void
this_machine_has_figures(void **state)
{
  shed_load l = {0};
  (void)state;
  assert_true(shed_load_now(&l, 1000) == 0);
  assert_true(l.any && l.busy_s > 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_gives_way_and_what_waits_is_not_counted),
      cmocka_unit_test(what_is_no_such_text_is_refused),
      cmocka_unit_test(others_are_what_is_busy_less_ours),
      cmocka_unit_test(this_machine_has_figures),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
