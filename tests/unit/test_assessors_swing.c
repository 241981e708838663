// Swing: where the music says so the player's own ratio counts, within what belongs to the tempo; else eighths are even.
#include "assessors/assessor.h"
#include "engine/score/score.h"
#include "engine/take/given.h"
#include "tests/support/check.h"

#include <math.h>
#include <stdio.h>

static const char SWING[] = "X:1\nT:t\nM:4/4\nL:1/8\nQ:1/4=120 \"Swing\"\nK:C\n"
                            "CDEF GABc|cBAG FEDC|EGFA GBAc|dcBA G2C2|]\n";
static const char EVEN[]  = "X:1\nT:t\nM:4/4\nL:1/8\nQ:1/4=120\nK:C\n"
                            "CDEF GABc|cBAG FEDC|EGFA GBAc|dcBA G2C2|]\n";
enum { NOTES = 30, OFF_BEATS = 14 };

static shed_prompt
asked(const char *abc)
{
  shed_prompt    p     = {.id = "t", .a4_hz = 440, .click_start_s = (double)NAN, .fixed_pitch = true};
  shed_score    *score = NULL;
  shed_selection sel   = {0};
  shed_error     err   = {0};
  if (shed_score_parse(abc, strlen(abc), "t.abc", NULL, &score, &err) != SHED_OK ||
      shed_score_perform(score, &sel, NULL, &p.line, &err) != SHED_OK) {
    fail_msg("%s: %s", err.where, err.what);
  }
  shed_score_free(score);
  assert_int_equal(p.line.n_notes, NOTES);
  return p;
}

static shed_verdict
judged(const char *abc, double bpm, double ratio)
{
  char         text[4096];
  shed_prompt  p    = asked(abc);
  shed_take    take = {0};
  shed_verdict v    = {0};
  shed_policy  policy;
  shed_error   err  = {0};
  int          used = snprintf(text, sizeof(text), "onset_s,offset_s,midi\n");
  for (int i = 0; i < NOTES; i++) {
    const shed_sounding_note *n    = &p.line.notes[i];
    double                    beat = shed_beat_quarters(n->onset_beats), part = beat - floor(beat);
    double                    at = 1 + (floor(beat) + (part > .25 ? ratio / (1 + ratio) : 0)) * 60 / bpm;
    used += snprintf(text + used, sizeof(text) - (size_t)used, "%.4f,%.4f,%d\n", at, at + .1, n->midi);
  }
  CHECK_OK(shed_given_parse(text, (size_t)used, "a.notes.csv", NULL, &take, &err));
  CHECK_OK(shed_policy_preset("", &policy, NULL));
  CHECK_OK(shed_assessor_find("melody")->judge(&p, &take, &policy, NULL, &v, &err));
  shed_take_free(&take);
  shed_prompt_free(&p);
  return v;
}

static int
on_time(const shed_verdict *v)
{
  int n = 0;
  for (size_t i = 0; i < v->n_notes; i++) {
    n += v->notes[i].timing == SHED_TIMING_ON_TIME;
  }
  return n;
}

static bool
is_advised(const shed_verdict *v, shed_message_code code)
{
  bool told = false;
  for (int i = 0; i < v->n_advice; i++) {
    told = told || v->advice[i].code == code;
  }
  return told;
}

static void
a_ratio_that_belongs_to_the_tempo_is_right_and_told(void **state)
{
  static const struct {
    double bpm, ratio;
  } takes[] = {{80, 3.5}, {80, 2}, {120, 3.4}, {120, 2}, {160, 1.6}, {200, 1.3}, {280, 1.05}};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(takes); i++) {
    shed_verdict v = judged(SWING, takes[i].bpm, takes[i].ratio);
    assert_true(v.swing.told);
    CHECK_NEAR(v.swing.played, takes[i].ratio, .02);
    CHECK_NEAR(v.swing.credited, takes[i].ratio, .02);
    assert_int_equal(on_time(&v), NOTES);
    CHECK_NEAR(v.score, 1, 1e-6);
    shed_verdict_free(&v);
  }
}

static void
even_eighths_where_swing_is_asked_are_early(void **state)
{
  shed_verdict v = judged(SWING, 80, 1);
  (void)state;
  CHECK_NEAR(v.swing.played, 1, .02);
  CHECK_NEAR(v.swing.credited, 1.75, .01); // half of what is usual at 80
  assert_int_equal(on_time(&v), NOTES - OFF_BEATS);
  assert_true(is_advised(&v, SHED_MSG_advice_swing_even));
  shed_verdict_free(&v);
}

static void
dotted_eighths_are_not_swing_when_it_is_fast(void **state)
{
  shed_verdict v = judged(SWING, 240, 3);
  (void)state;
  CHECK_LT(v.swing.credited, 2.2);
  assert_true(is_advised(&v, SHED_MSG_advice_swing_sharp));
  shed_verdict_free(&v);
}

static void
nothing_swings_that_is_not_marked(void **state)
{
  shed_verdict straight = judged(EVEN, 100, 1), swung = judged(EVEN, 80, 2);
  (void)state;
  assert_false(straight.swing.told);
  assert_int_equal(on_time(&straight), NOTES);
  assert_false(swung.swing.told);
  CHECK_LT(on_time(&swung), NOTES - OFF_BEATS + 1);
  assert_true(is_advised(&swung, SHED_MSG_advice_swung));
  shed_verdict_free(&straight);
  shed_verdict_free(&swung);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_ratio_that_belongs_to_the_tempo_is_right_and_told),
      cmocka_unit_test(even_eighths_where_swing_is_asked_are_early),
      cmocka_unit_test(dotted_eighths_are_not_swing_when_it_is_fast),
      cmocka_unit_test(nothing_swings_that_is_not_marked),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
