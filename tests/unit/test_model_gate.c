#include "engine/base/rng.h"
#include "mastery/model/gate.h"
#include "tests/support/check.h"

#include <stdlib.h>

static const int64_t DAY_MS   = 24LL * 3600 * 1000;
static const int64_t START_MS = 1793000000000; // a day in 2026, 06:13 UTC

enum { MOST = 64 };

// A student's takes and decisions, built line by line.
typedef struct {
  shed_gate_rule   rule;
  shed_gate_take   takes[MOST];
  size_t           n;
  shed_decision    decisions[MOST];
  size_t           n_decisions;
  shed_gate_answer answers[MOST];
  shed_gate        gate;
} unit;

static unit
pitch_unit(double target)
{
  unit u = {.rule = {.id = "test:unit", .targets = {{"pitch", target}}, .n_targets = 1}};
  return u;
}

static void
set_id(shed_uuid *id, size_t n)
{
  (void)snprintf(id->text, sizeof(id->text), "00000000-0000-7000-8000-%012zu", n);
}

// A counted take an hour after the one before, on an item of its own, whole, of 20 notes.
static shed_gate_take *
play(unit *u, double pitch)
{
  shed_gate_take *t = &u->takes[u->n];
  memset(t, 0, sizeof(*t));
  set_id(&t->id, u->n);
  t->performed_at_ms = START_MS + (int64_t)u->n * 60000;
  t->counted         = true;
  t->assessed        = 1;
  t->item            = shed_gate_item("test:drill", 1, u->n);
  t->n_marks         = 1;
  t->marks[0]        = (shed_gate_mark){"pitch", pitch, 1, 20};
  u->n++;
  return t;
}

static shed_decision *
decide(unit *u, shed_decision_kind kind, const char *value)
{
  shed_decision *d = &u->decisions[u->n_decisions];
  memset(d, 0, sizeof(*d));
  set_id(&d->id, 1000 + u->n_decisions);
  d->kind  = kind;
  d->at_ms = START_MS + (int64_t)u->n_decisions;
  (void)snprintf(d->value, sizeof(d->value), "%s", value);
  (void)snprintf(d->actor, sizeof(d->actor), "Ms Lind");
  (void)snprintf(d->reason, sizeof(d->reason), "heard it in class.");
  u->n_decisions++;
  return d;
}

static const shed_gate *
answer(unit *u)
{
  shed_gate_answer_of(&u->rule, u->takes, u->n, u->decisions, u->n_decisions, &u->gate);
  return &u->gate;
}

static void
check_reason(const shed_gate *g, shed_message_code code, const char *text)
{
  for (int i = 0; i < g->n_reasons; i++) {
    if (g->reasons[i].code == code) {
      shed_str s = {0};
      shed_message_text(&g->reasons[i], &s);
      assert_string_equal(shed_str_text(&s), text);
      shed_str_free(&s);
      return;
    }
  }
  fail_msg("no reason %s among %d", shed_message_id(code), g->n_reasons);
}

static bool
has_reason(const shed_gate *g, shed_message_code code)
{
  for (int i = 0; i < g->n_reasons; i++) {
    if (g->reasons[i].code == code) {
      return true;
    }
  }
  return false;
}

static void
misses_rule(void **state)
{
  static const struct {
    double score, target;
    int    notes;
    bool   reaches;
  } rows[] = {
      {.833333, .85, 6, true}, // one slip of six, as stored with six decimals
      {.85, .85, 0, true},         {.8499, .85, 0, false},
      {.75, .85, 4, true}, // one miss of four is allowed
      {.50, .85, 4, false},        {18.0 / 20, .90, 20, true},
      {17.0 / 20, .90, 20, false}, {17.0 / 20, .85, 20, true},
      {16.0 / 20, .85, 20, false}, {9.0 / 10, .95, 10, true},
      {8.0 / 10, .95, 10, false},  {0, .85, 1, false}, // one note missed is nothing right
      {0, .5, 0, false},           {.5, .85, 2, true},
      {(double)NAN, 0, 10, false}, {1, 1, 50, true},
      {49.0 / 50, 1, 50, true},    {48.0 / 50, 1, 50, false},
  };
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    if (shed_gate_reaches(rows[i].score, rows[i].target, rows[i].notes) != rows[i].reaches) {
      fail_msg("row %zu: %g of %d notes at %g: expected %d", i, rows[i].score, rows[i].notes, rows[i].target,
               rows[i].reaches);
    }
  }
}

static void
nothing_played_is_new(void **state)
{
  unit u = pitch_unit(.85);
  (void)state;
  const shed_gate *g = answer(&u);
  assert_int_equal(g->level, SHED_LEVEL_NEW);
  assert_false(g->advance);
  check_reason(g, SHED_MSG_gate_nothing_counted,
               "No take counts yet. Play one and say before the count-in that it counts.");
  check_reason(g, SHED_MSG_gate_more_takes, "0 of 3 takes with pitch at 85 % or more; 3 more to go.");
}

static void
three_of_the_last_four(void **state)
{
  static const struct {
    const char *takes; // + reached, - not, p practice that failed, x not assessed
    bool        advance;
    int         more; // that the reason tells; 0 none
  } rows[] = {
      {"++", false, 1},    {"+++", true, 0},     {"++-+", true, 0},     {"+-+-+", false, 1},
      {"+--++", false, 1}, {"+--+++", true, 0},  {"++ppp+", true, 0},   {"++xxxx+", true, 0},
      {"----", false, 3},  {"+++----", true, 0}, {"-+-+-+-", false, 2}, {"ppp", false, 3},
      {"++--", false, 3},
  };
  (void)state;
  for (size_t r = 0; r < SHED_COUNTOF(rows); r++) {
    unit u = pitch_unit(.85);
    for (const char *c = rows[r].takes; *c; c++) {
      shed_gate_take *t = play(&u, *c == '+' || *c == 'x' ? .9 : .5);
      t->counted        = *c != 'p';
      t->assessed       = *c == 'x' ? .79 : 1;
    }
    const shed_gate *g = answer(&u);
    if (g->advance != rows[r].advance) {
      fail_msg("%s: advance is %d", rows[r].takes, g->advance);
    }
    for (int i = 0; i < g->n_reasons; i++) {
      if (g->reasons[i].code == SHED_MSG_gate_more_takes ||
          g->reasons[i].code == SHED_MSG_gate_more_in_a_row) {
        int last = g->reasons[i].n - 1;
        assert_string_equal(g->reasons[i].params[last].key, "more");
        assert_int_equal(atoi(g->reasons[i].params[last].value), rows[r].more);
      }
    }
  }
}

static void
reasons_read_well(void **state)
{
  unit u = pitch_unit(.85);
  (void)state;
  (void)play(&u, .9);
  (void)play(&u, .9);
  play(&u, .9)->assessed = .5;
  const shed_gate *g     = answer(&u);
  assert_int_equal(g->level, SHED_LEVEL_WORKING);
  check_reason(g, SHED_MSG_gate_more_takes, "2 of 3 takes with pitch at 85 % or more; 1 more to go.");
  check_reason(
      g, SHED_MSG_gate_passed_over,
      "1 take was passed over: too little could be heard. Move closer to the microphone and play again; it "
      "counts neither way.");
  (void)play(&u, .4);
  (void)play(&u, .4);
  check_reason(answer(&u), SHED_MSG_gate_more_in_a_row,
               "2 of the last 4 takes with pitch at 85 % or more. Older takes drop out, so 3 more in a row "
               "are needed.");
}

static void
each_dimension_is_asked_and_others_are_not(void **state)
{
  unit u = pitch_unit(.85);
  (void)state;
  u.rule.targets[1] = (shed_target){"rhythm", .80};
  u.rule.n_targets  = 2;
  for (int i = 0; i < 3; i++) {
    shed_gate_take *t = play(&u, .9);
    t->marks[1]       = (shed_gate_mark){"tone", .1, 1, 20};
    t->n_marks        = 2;
  }
  assert_false(answer(&u)->advance);
  check_reason(&u.gate, SHED_MSG_gate_not_judged,
               "No counted take could be judged on rhythm yet. Play one where rhythm can be heard.");
  for (int i = 0; i < 3; i++) { // takes of a drill that asks for rhythm alone leave pitch as it stands
    shed_gate_take *t = play(&u, 0);
    t->marks[0]       = (shed_gate_mark){"rhythm", .85, 1, 20};
  }
  assert_true(answer(&u)->advance);
  assert_int_equal(u.gate.dimensions[0].n_cells, 3);
}

static void
a_dimension_barely_heard_is_passed_over(void **state)
{
  unit u = pitch_unit(.85);
  (void)state;
  for (int i = 0; i < 4; i++) {
    play(&u, .95)->marks[0].assessed = .79;
  }
  assert_false(answer(&u)->advance);
  assert_int_equal(u.gate.dimensions[0].passed_over, 4);
  assert_int_equal(u.gate.dimensions[0].n_cells, 0);
}

static void
certify_asks_days_unseen_and_teacher(void **state)
{
  unit u = pitch_unit(.85);
  (void)state;
  u.rule.teacher = true;
  for (int i = 0; i < 3; i++) {
    play(&u, .9)->item = 7;
  }
  u.takes[0].marks[0].score = .2; // the item's first take was no success: from then on it is known
  (void)play(&u, .9);
  u.takes[3].item = 7;
  assert_int_equal(answer(&u)->level, SHED_LEVEL_SECURE);
  assert_true(has_reason(&u.gate, SHED_MSG_gate_need_day));
  assert_true(has_reason(&u.gate, SHED_MSG_gate_need_unseen));
  assert_true(has_reason(&u.gate, SHED_MSG_gate_need_teacher));

  play(&u, .9)->performed_at_ms += DAY_MS;
  (void)answer(&u);
  assert_false(has_reason(&u.gate, SHED_MSG_gate_need_day));
  assert_false(has_reason(&u.gate, SHED_MSG_gate_need_unseen));
  assert_false(u.gate.certify);
  (void)decide(&u, SHED_DECIDE_CONFIRM, "");
  assert_int_equal(answer(&u)->level, SHED_LEVEL_CERTIFIED);
}

static void
a_day_is_the_performers_own(void **state)
{
  unit u = pitch_unit(.85);
  (void)state;
  for (int i = 0; i < 3; i++) {
    shed_gate_take *t  = play(&u, .9);
    t->performed_at_ms = 1793000000000 - 1793000000000 % DAY_MS + (i - 1) * 3600000; // around midnight UTC
    t->utc_offset_min  = -300;
  }
  assert_int_equal(answer(&u)->days, 1);
  for (int i = 0; i < 3; i++) {
    u.takes[i].utc_offset_min = 0;
  }
  assert_int_equal(answer(&u)->days, 2);
}

static void
practice_makes_an_item_seen(void **state)
{
  unit u = pitch_unit(.85);
  (void)state;
  play(&u, .1)->counted = false;
  u.takes[0].item       = 5;
  for (int i = 0; i < 3; i++) {
    play(&u, .9)->item = 5;
  }
  assert_false(answer(&u)->unseen);
  play(&u, .9)->item = 0; // nobody knows which item that was
  assert_false(answer(&u)->unseen);
  play(&u, .9)->item = 6;
  assert_true(answer(&u)->unseen);
}

static void
one_confirmed_unseen_take_tests_out(void **state)
{
  unit u = pitch_unit(.85);
  (void)state;
  (void)play(&u, .9);
  assert_false(answer(&u)->advance);
  decide(&u, SHED_DECIDE_CONFIRM, "")->take = u.takes[0].id;
  assert_true(answer(&u)->tested_out);
  assert_int_equal(u.gate.level, SHED_LEVEL_CERTIFIED);
  assert_true(u.gate.advanced_at_ms == u.takes[0].performed_at_ms);
  check_reason(
      &u.gate, SHED_MSG_gate_tested_out,
      "One confirmed take on something never played before reached every target. This unit is done.");

  u.takes[0].counted = false;
  assert_false(answer(&u)->advance);
  u.takes[0].counted = true;
  u.rule.targets[1]  = (shed_target){"rhythm", .80}; // not shown in that take
  u.rule.n_targets   = 2;
  assert_false(answer(&u)->advance);
}

static void
a_confirmed_second_unseen_take_tests_out_too(void **state)
{
  unit u = pitch_unit(.85);
  (void)state;
  (void)play(&u, .9);
  (void)play(&u, .9);
  decide(&u, SHED_DECIDE_CONFIRM, "")->take = u.takes[1].id;
  assert_true(answer(&u)->tested_out);
}

static void
a_failed_review_is_due_and_locks_nothing(void **state)
{
  unit u = pitch_unit(.85);
  (void)state;
  for (int i = 0; i < 3; i++) {
    (void)play(&u, .9);
  }
  (void)play(&u, .2); // the next minute: no review
  assert_false(answer(&u)->review_due);
  play(&u, .2)->performed_at_ms += 8 * DAY_MS;
  assert_true(answer(&u)->review_due);
  assert_true(u.gate.advance);
  check_reason(
      &u.gate, SHED_MSG_gate_review_due,
      "Review due: the last take was under 85 % in pitch. Nothing is locked; play this unit again when you "
      "can.");
  play(&u, .9)->performed_at_ms += 9 * DAY_MS;
  assert_false(answer(&u)->review_due);
}

static void
overrides_and_waivers(void **state)
{
  unit u = pitch_unit(.85);
  (void)state;
  (void)decide(&u, SHED_DECIDE_OVERRIDE, "advance");
  assert_int_equal(answer(&u)->level, SHED_LEVEL_SECURE);
  assert_true(u.gate.overridden);
  check_reason(&u.gate, SHED_MSG_gate_override_advance, "Opened by Ms Lind: heard it in class.");
  (void)decide(&u, SHED_DECIDE_OVERRIDE, "certify");
  assert_int_equal(answer(&u)->level, SHED_LEVEL_CERTIFIED);
  for (int i = 0; i < 3; i++) {
    (void)play(&u, .9);
  }
  (void)decide(&u, SHED_DECIDE_OVERRIDE, "hold");
  assert_int_equal(answer(&u)->level, SHED_LEVEL_WORKING);
  check_reason(&u.gate, SHED_MSG_gate_override_hold,
               "Held by Ms Lind: heard it in class. Ask what is wanted.");
  (void)decide(&u, SHED_DECIDE_OVERRIDE, "lift");
  assert_int_equal(answer(&u)->level, SHED_LEVEL_SECURE);
  assert_false(u.gate.overridden);
  (void)decide(&u, SHED_DECIDE_WAIVER, "days");
  assert_int_equal(answer(&u)->level, SHED_LEVEL_CERTIFIED);
  check_reason(&u.gate, SHED_MSG_gate_waived, "Ms Lind waived days: heard it in class.");
}

static void
a_waived_dimension_is_not_asked(void **state)
{
  unit u = pitch_unit(.85);
  (void)state;
  u.rule.targets[1] = (shed_target){"rhythm", .80};
  u.rule.n_targets  = 2;
  for (int i = 0; i < 3; i++) {
    (void)play(&u, .9);
  }
  assert_false(answer(&u)->advance);
  (void)decide(&u, SHED_DECIDE_WAIVER, "rhythm");
  assert_true(answer(&u)->advance);
  assert_false(u.gate.prerequisites_waived);
  (void)decide(&u, SHED_DECIDE_WAIVER, "prerequisites");
  assert_true(answer(&u)->prerequisites_waived);
}

// Ten answers of two categories, the first n_wrong of "P4" wrong.
static void
identify(unit *u, int n_p4, int n_wrong, int choices)
{
  shed_gate_take *t = play(u, 0);
  for (int i = 0; i < 10; i++) {
    shed_gate_answer *a = &u->answers[i];
    (void)snprintf(a->category, sizeof(a->category), "%s", i < n_p4 ? "P4" : "P5");
    a->score   = i < n_wrong ? 0 : 1;
    a->choices = choices;
  }
  t->marks[0]  = (shed_gate_mark){SHED_DIMENSION_IDENTIFICATION, (10 - n_wrong) / 10.0, 1, 10};
  t->answers   = u->answers;
  t->n_answers = 10;
}

static void
identification_asks_each_category(void **state)
{
  unit u = pitch_unit(.85);
  (void)state;
  u.rule.targets[0] = (shed_target){SHED_DIMENSION_IDENTIFICATION, .80};
  for (int i = 0; i < 3; i++) {
    identify(&u, 2, 2, 4); // .80 overall, but both fourths wrong
  }
  assert_false(answer(&u)->advance);
  assert_int_equal(u.gate.dimensions[0].n_reached, 0);
  check_reason(&u.gate, SHED_MSG_gate_category,
               "Practise P4: 0 % of it was right in the last take, 75 % is asked.");
  u                 = pitch_unit(.85);
  u.rule.targets[0] = (shed_target){SHED_DIMENSION_IDENTIFICATION, .90};
  for (int i = 0; i < 3; i++) {
    identify(&u, 2, 1, 4); // one slip in a small category does not undo .90
  }
  assert_true(answer(&u)->advance);
}

static void
identification_asks_to_be_known(void **state)
{
  unit u = pitch_unit(.85);
  (void)state;
  u.rule.targets[0] = (shed_target){SHED_DIMENSION_IDENTIFICATION, .90};
  for (int i = 0; i < 3; i++) {
    identify(&u, 5, 0, 2);
    u.takes[u.n - 1].n_answers = i ? 1 : 3; // five of two choices: .9451
  }
  assert_false(answer(&u)->advance);
  assert_int_equal(u.gate.dimensions[0].n_reached, 3);
  CHECK_NEAR(u.gate.dimensions[0].bkt, .9451, 5e-5);
  check_reason(&u.gate, SHED_MSG_gate_not_sure,
               "The answers look good (94 % sure), but more of them are needed to be 95 % sure.");
  identify(&u, 5, 0, 2);
  assert_true(answer(&u)->advance);
}

static void
the_average_is_shown_and_gates_nothing(void **state)
{
  unit u = pitch_unit(.85);
  (void)state;
  (void)play(&u, .2);
  (void)play(&u, .9);
  (void)play(&u, .9);
  (void)play(&u, .9);
  (void)answer(&u);
  // .65 m + .35 x, by hand: .2 .445 .60425 .7077625
  CHECK_NEAR(u.gate.dimensions[0].average, .7077625, 1e-12);
  assert_true(u.gate.advance);
}

static void
arrival_changes_nothing(void **state)
{
  (void)state;
  for (uint64_t seed = 0; seed < 300; seed++) {
    unit     u = pitch_unit(.85);
    shed_rng rng;
    shed_rng_seed(&rng, seed, 1);
    u.rule.teacher = true;
    int n          = shed_rng_between(&rng, 0, 30);
    for (int i = 0; i < n; i++) {
      shed_gate_take *t  = play(&u, shed_rng_unit(&rng) < .7 ? .9 : .5);
      t->performed_at_ms = START_MS + shed_rng_between(&rng, 0, 12) * DAY_MS; // many ties: the id decides
      t->item            = shed_rng_below(&rng, 4);
      t->counted         = shed_rng_below(&rng, 5) > 0;
    }
    for (int i = 0; i < 3; i++) {
      (void)decide(&u, (shed_decision_kind)shed_rng_below(&rng, 2),
                   shed_rng_below(&rng, 2) ? "days" : "hold");
    }
    unit  shuffled = u;
    char *a, *b;
    for (size_t i = u.n; i-- > 1;) {
      size_t         j    = shed_rng_below(&rng, (uint32_t)i + 1);
      shed_gate_take swap = shuffled.takes[i];
      shuffled.takes[i]   = shuffled.takes[j];
      shuffled.takes[j]   = swap;
    }
    shed_decision first   = shuffled.decisions[0];
    shuffled.decisions[0] = shuffled.decisions[2];
    shuffled.decisions[2] = first;
    shed_str   text[2]    = {0};
    shed_json *v[2] = {shed_gate_to_json(&u.rule, answer(&u)), shed_gate_to_json(&u.rule, answer(&shuffled))};
    for (int i = 0; i < 2; i++) {
      shed_json_write(v[i], SHED_JSON_CANONICAL, &text[i]);
      shed_json_free(v[i]);
    }
    a = text[0].text;
    b = text[1].text;
    assert_string_equal(a, b);
    shed_str_free(&text[0]);
    shed_str_free(&text[1]);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(misses_rule),
      cmocka_unit_test(nothing_played_is_new),
      cmocka_unit_test(three_of_the_last_four),
      cmocka_unit_test(reasons_read_well),
      cmocka_unit_test(each_dimension_is_asked_and_others_are_not),
      cmocka_unit_test(a_dimension_barely_heard_is_passed_over),
      cmocka_unit_test(certify_asks_days_unseen_and_teacher),
      cmocka_unit_test(a_day_is_the_performers_own),
      cmocka_unit_test(practice_makes_an_item_seen),
      cmocka_unit_test(one_confirmed_unseen_take_tests_out),
      cmocka_unit_test(a_confirmed_second_unseen_take_tests_out_too),
      cmocka_unit_test(a_failed_review_is_due_and_locks_nothing),
      cmocka_unit_test(overrides_and_waivers),
      cmocka_unit_test(a_waived_dimension_is_not_asked),
      cmocka_unit_test(identification_asks_each_category),
      cmocka_unit_test(identification_asks_to_be_known),
      cmocka_unit_test(the_average_is_shown_and_gates_nothing),
      cmocka_unit_test(arrival_changes_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
