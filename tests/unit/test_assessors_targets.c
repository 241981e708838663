#include "assessors/targets.h"

#include "tests/support/check.h"

static shed_verdict
verdict(double pitch, double tempo, double assessed)
{
  shed_verdict v  = {.n_dimensions = 2, .assessed = assessed};
  v.dimensions[0] = (shed_dimension){.name = "pitch", .score = pitch, .assessed = assessed};
  v.dimensions[1] = (shed_dimension){.name = "tempo", .score = tempo, .assessed = assessed, .unit = "bpm"};
  return v;
}

static void
passed_follows_the_gates_rule(void **state)
{
  static const struct {
    double pitch, tempo, assessed, hold_s;
    int    notes, targets, passed;
  } rows[] = {
      {1, 1, 1, 0, 10, 2, 1},
      {1, 1, 1, 0, 10, 0, -1}, // no targets: null
      {0.9, 1, 1, 0, 10, 2, 1},
      {0.8, 1, 1, 0, 10, 2, 0}, // one miss of ten is allowed, two are not
      {0.75, 1, 1, 0, 4, 2, 1},
      {0.75, 1, 1, 8, 4, 2, 0}, // of a held tone none is
      {1, 0.85, 1, 0, 10, 2, 0},
      {1, 0.9, 1, 0, 10, 2, 1}, // nor of a tempo
      {1, 1, 0.79, 0, 10, 2, -1},
      {1, 1, 0.8, 0, 10, 2, 1}, // too little heard
      {(double)NAN, 1, 1, 0, 10, 2, -1},
      {(double)NAN, 0.1, 1, 0, 10, 2, 0}, // one miss is enough to say no
  };
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    shed_verdict v = verdict(rows[i].pitch, rows[i].tempo, rows[i].assessed);
    shed_prompt  p = {.n_targets = rows[i].targets, .hold_s = rows[i].hold_s};
    p.targets[0]   = (shed_target){"pitch", 0.9};
    p.targets[1]   = (shed_target){"tempo", 0.9};
    int passed     = shed_targets_passed(&p, &v, rows[i].notes);
    if (passed != rows[i].passed) {
      fail_msg("row %zu: %d, expected %d", i, passed, rows[i].passed);
    }
  }
}

static void
a_dimension_that_is_not_there_leaves_it_open(void **state)
{
  (void)state;
  shed_verdict v = verdict(1, 1, 1);
  shed_prompt  p = {.n_targets = 1};
  p.targets[0]   = (shed_target){"tone", 0.9};
  assert_int_equal(shed_targets_passed(&p, &v, 10), -1);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(passed_follows_the_gates_rule),
      cmocka_unit_test(a_dimension_that_is_not_there_leaves_it_open),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
