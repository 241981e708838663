#include "assessors/overall.h"

#include "tests/support/check.h"

#include <math.h>

enum { N = 5 };

static shed_overall_time
time_of(const double *heard, const bool *broken)
{
  static const double asked[N] = {0, 1, 1.5, 2, 3};
  shed_overall_moment m[N];
  double              room[2 * N];
  for (int i = 0; i < N; i++) {
    m[i] = (shed_overall_moment){asked[i], heard[i], broken && broken[i]};
  }
  return shed_overall_time_of(m, N, 0, room);
}

static void
any_steady_tempo_is_whole(void **state)
{
  (void)state;
  double            heard[N] = {2, 3.4, 4.1, 4.8, 6.2};
  shed_overall_time t        = time_of(heard, NULL);
  CHECK_NEAR(t.place, 1, 1e-9);
  CHECK_NEAR(t.pattern, 1, 1e-9);
  CHECK_NEAR(t.flow, 1, 1e-9);
}

static void
a_gap_with_a_stroke_too_many_has_lost_its_pattern(void **state)
{
  (void)state;
  double            heard[N]  = {0, 1, 1.5, 2, 3};
  bool              broken[N] = {false, false, true, false, false};
  shed_overall_time t         = time_of(heard, broken);
  CHECK_NEAR(t.place, 1, 1e-9);
  CHECK_NEAR(t.pattern, 1 - sqrt(1. / 4), 1e-9); // one gap of four all wrong
  CHECK_NEAR(t.flow, .5, 1e-9);                  // the mean of the two worst: 1 and 0
}

static void
what_was_not_heard_takes_both_its_gaps(void **state)
{
  (void)state;
  double            heard[N] = {0, 1, (double)NAN, 2, 3};
  shed_overall_time t        = time_of(heard, NULL);
  CHECK_NEAR(t.place, .8, 1e-9);
  CHECK_NEAR(t.pattern, 1 - sqrt(2. / 4), 1e-9);
  CHECK_NEAR(t.flow, 0, 1e-9);
}

static void
one_late_stroke_moves_no_other(void **state)
{
  (void)state;
  double            heard[N] = {0, 1, 1.9, 2, 3};
  shed_overall_time t        = time_of(heard, NULL);
  CHECK_NEAR(t.place, .8, .05);
}

static void
the_score_can_be_worked_out_by_hand(void **state)
{
  (void)state;
  shed_verdict            v        = {0};
  const shed_overall_part shares[] = {{.name = "clean", .share = 1},
                                      {.name = "flow", .share = .5},
                                      {.name = "pattern", .share = .6},
                                      {.name = "place", .share = .9}};
  shed_overall_fill(&v, SHED_OVERALL_RHYTHM, shares, (int)SHED_COUNTOF(shares));
  double sum = v.overall.start;
  for (int i = 0; i < v.overall.n_parts; i++) {
    sum += v.overall.parts[i].weight * v.overall.parts[i].share;
  }
  assert_int_equal(v.overall.n_parts, 4);
  CHECK_NEAR(v.overall.score, 1 / (1 + exp(-sum)), 1e-12);
  CHECK_NEAR(v.jury.grade, 1 + 3 * v.overall.score, 1e-12);
  assert_true(v.jury.told);
  CHECK_LT(v.jury.low, v.jury.grade);
  CHECK_LT(v.jury.grade, v.jury.high);
}

static void
the_ends_of_the_scale_are_kept(void **state)
{
  (void)state;
  static const char *const names[]   = {"right", "intervals", "place", "pattern", "flow"};
  shed_overall_part        shares[5] = {{.share = 0}};
  shed_verdict             v         = {0};
  for (int whole = 0; whole <= 1; whole++) {
    for (int i = 0; i < 5; i++) {
      (void)snprintf(shares[i].name, sizeof(shares[i].name), "%s", names[i]);
      shares[i].share = whole;
    }
    shed_overall_fill(&v, SHED_OVERALL_MELODY, shares, 5);
    assert_true(whole ? v.jury.grade > 3.8 : v.jury.grade < 1.1);
    assert_true(v.jury.low >= 1 && v.jury.high <= 4);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(any_steady_tempo_is_whole),
      cmocka_unit_test(a_gap_with_a_stroke_too_many_has_lost_its_pattern),
      cmocka_unit_test(what_was_not_heard_takes_both_its_gaps),
      cmocka_unit_test(one_late_stroke_moves_no_other),
      cmocka_unit_test(the_score_can_be_worked_out_by_hand),
      cmocka_unit_test(the_ends_of_the_scale_are_kept),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
