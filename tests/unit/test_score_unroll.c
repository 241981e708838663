// The order of measures, told by the model alone: what the fixtures do not reach, and that every walk ends.
#include "engine/base/rng.h"
#include "engine/score/unroll.h"

#include "tests/support/check.h"

#include <stdlib.h>

// A score of n empty measures "1", "2" ...
static shed_score *
blank(int n)
{
  shed_score *score = NULL;
  CHECK_OK(shed_score_new(&score, NULL, "test"));
  for (int i = 0; i < n; i++) {
    char number[16];
    (void)snprintf(number, sizeof(number), "%d", i + 1);
    CHECK_OK(shed_score_open_measure(score, i, number));
  }
  return score;
}

static void
check_order(shed_score *score, const char *expected)
{
  shed_step *steps     = NULL;
  size_t     n         = 0;
  char       have[512] = "";
  CHECK_OK(shed_score_finish(score));
  CHECK_OK(shed_score_unroll(score, NULL, &steps, &n));
  for (size_t i = 0; i < n; i++) {
    size_t at = strlen(have);
    (void)snprintf(have + at, sizeof(have) - at, "%s%d", i ? " " : "", steps[i].column + 1);
  }
  shed_free(NULL, steps);
  shed_score_free(score);
  assert_string_equal(have, expected);
}

static shed_column *
measure(shed_score *score, int number)
{
  return shed_score_column(score, number - 1);
}

static void
a_sign_inside_an_inner_passage_does_not_reach_the_outer_start(void **state)
{
  shed_score *s = blank(4);
  (void)state;
  measure(s, 1)->repeat_forward  = true;
  measure(s, 2)->repeat_forward  = true;
  measure(s, 2)->repeat_backward = true;
  measure(s, 3)->repeat_backward = true;
  check_order(s, "1 2 2 3 3 4");
}

static void
a_da_capo_inside_a_repeat_is_taken_the_last_time(void **state)
{
  shed_score *s = blank(3);
  (void)state;
  measure(s, 1)->repeat_forward  = true;
  measure(s, 2)->repeat_backward = true;
  measure(s, 2)->jump            = SHED_JUMP_DA_CAPO;
  measure(s, 1)->fine            = true;
  check_order(s, "1 2 1 2 1");
}

static void
an_ending_for_after_the_da_capo(void **state)
{
  shed_score *s = blank(5);
  (void)state;
  // |: 1 |1. 2 :|2. 3 D.C. |3. 4 | 5
  measure(s, 1)->repeat_forward = true;
  for (int i = 2; i <= 4; i++) {
    measure(s, i)->ending       = 1U << (i - 2);
    measure(s, i)->ending_first = true;
    measure(s, i)->ending_last  = true;
  }
  measure(s, 2)->repeat_backward = true;
  measure(s, 3)->jump            = SHED_JUMP_DA_CAPO;
  check_order(s, "1 2 1 3 1 4 5");
}

static void
repeats_behind_the_coda_are_taken(void **state)
{
  shed_score *s = blank(5);
  (void)state;
  measure(s, 2)->to_coda         = "";
  measure(s, 3)->jump            = SHED_JUMP_DA_CAPO;
  measure(s, 3)->al_coda         = true;
  measure(s, 4)->coda            = "";
  measure(s, 4)->repeat_forward  = true;
  measure(s, 5)->repeat_backward = true;
  check_order(s, "1 2 3 1 2 4 5 4 5");
}

static void
two_segnos_by_label(void **state)
{
  shed_score *s = blank(6);
  (void)state;
  measure(s, 1)->segno      = "a";
  measure(s, 3)->segno      = "b";
  measure(s, 4)->jump       = SHED_JUMP_DAL_SEGNO;
  measure(s, 4)->jump_label = "b";
  measure(s, 6)->jump       = SHED_JUMP_DAL_SEGNO;
  measure(s, 6)->jump_label = "a";
  measure(s, 2)->fine       = true;
  measure(s, 6)->al_fine    = true;
  // the second jump's fine ends it
  check_order(s, "1 2 3 4 3 4 5 6 1 2");
}

static void
a_fine_that_nothing_leads_back_to_is_passed(void **state)
{
  shed_score *s = blank(3);
  (void)state;
  measure(s, 2)->fine = true;
  check_order(s, "1 2 3");
}

static void
a_dal_segno_without_segno_goes_to_the_start(void **state)
{
  shed_score *s = blank(3);
  (void)state;
  measure(s, 2)->jump    = SHED_JUMP_DAL_SEGNO;
  measure(s, 3)->to_coda = "";
  CHECK_OK(shed_score_finish(s));
  assert_int_equal(s->n_warnings, 2);
  assert_string_equal(s->warnings[0].what,
                      "measure 2 goes back to a segno that is nowhere: taken as da capo");
  assert_string_equal(s->warnings[1].what, "measure 3 leads to a coda that is nowhere: passed over");
  check_order(s, "1 2 1 2 3");
}

static void
nothing_is_an_order_too(void **state)
{
  (void)state;
  check_order(blank(0), "");
}

// Signs thrown at random: every walk ends, steps name columns, and each pass counts up by one.
static void
every_walk_ends(void **state)
{
  enum { ROUNDS = 3000, MAX_MEASURES = 12 };
  shed_rng rng;
  (void)state;
  shed_rng_seed(&rng, 7, 1);
  for (int round = 0; round < ROUNDS; round++) {
    int         n = (int)shed_rng_below(&rng, MAX_MEASURES) + 1;
    shed_score *s = blank(n);
    for (int i = 0; i < n; i++) {
      shed_column *c     = shed_score_column(s, i);
      c->repeat_forward  = shed_rng_below(&rng, 4) == 0;
      c->repeat_backward = shed_rng_below(&rng, 4) == 0;
      c->times           = (int)shed_rng_below(&rng, 4);
      c->ending_first    = shed_rng_below(&rng, 4) == 0;
      c->ending          = c->ending_first ? shed_rng_below(&rng, 8) : 0;
      c->ending_last     = shed_rng_below(&rng, 4) == 0;
      c->segno           = shed_rng_below(&rng, 6) == 0 ? "" : NULL;
      c->coda            = shed_rng_below(&rng, 6) == 0 ? "" : NULL;
      c->to_coda         = shed_rng_below(&rng, 6) == 0 ? "" : NULL;
      c->fine            = shed_rng_below(&rng, 6) == 0;
      c->jump            = (shed_jump)(shed_rng_below(&rng, 5) % 3);
      c->al_fine         = shed_rng_below(&rng, 3) == 0;
      c->al_coda         = shed_rng_below(&rng, 3) == 0;
    }
    CHECK_OK(shed_score_finish(s));
    shed_step *steps                 = NULL;
    size_t     count                 = 0;
    int        sounded[MAX_MEASURES] = {0};
    CHECK_OK(shed_score_unroll(s, NULL, &steps, &count));
    assert_true(count <= 4000);
    for (size_t i = 0; i < count; i++) {
      assert_in_range(steps[i].column, 0, n - 1);
      assert_int_equal(steps[i].pass, ++sounded[steps[i].column]);
    }
    shed_free(NULL, steps);
    shed_score_free(s);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_sign_inside_an_inner_passage_does_not_reach_the_outer_start),
      cmocka_unit_test(a_da_capo_inside_a_repeat_is_taken_the_last_time),
      cmocka_unit_test(an_ending_for_after_the_da_capo),
      cmocka_unit_test(repeats_behind_the_coda_are_taken),
      cmocka_unit_test(two_segnos_by_label),
      cmocka_unit_test(a_fine_that_nothing_leads_back_to_is_passed),
      cmocka_unit_test(a_dal_segno_without_segno_goes_to_the_start),
      cmocka_unit_test(nothing_is_an_order_too),
      cmocka_unit_test(every_walk_ends),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
