// What happens between the notes: each incident is named once and charged once. Takes are made note by note, so that what it
// costs can be worked out by hand: an interruption costs four notes of the continuity.
#include "assessors/assessor.h"
#include "tests/support/check.h"
#include "tests/support/synth_take.h"

enum { MOST = 64, NOTES = 22, INTERRUPTION = 4 };

// Bars of eight eighths: notes 0-3, 4-7, 8-11, 12-15, 16-17, 18-21.
static const synth_written TUNE[] = {{60, 2, 0}, {62, 2, 0}, {64, 2, 0}, {65, 2, 0}, {67, 2, 0}, {67, 2, 0},
                                     {69, 2, 0}, {71, 2, 0}, {72, 4, 0}, {71, 1, 0}, {69, 1, 0}, {67, 2, 0},
                                     {65, 2, 0}, {64, 2, 0}, {62, 2, 0}, {64, 2, 0}, {60, 4, 0}, {62, 4, 0},
                                     {67, 2, 0}, {65, 2, 0}, {64, 2, 0}, {62, 2, 0}, {0, 0, 0}};

typedef struct {
  shed_prompt  prompt;
  synth_note   notes[MOST];
  size_t       n;
  shed_take    take;
  shed_verdict v;
} scene;

static scene
scene_of(bool sung)
{
  scene s         = {.prompt = synth_prompt(TUNE)};
  s.prompt.sung   = sung;
  s.prompt.key    = sung ? SHED_KEY_ANY : SHED_KEY_WRITTEN;
  s.prompt.octave = sung ? SHED_OCTAVE_ANY : SHED_OCTAVE_WRITTEN;
  s.n             = s.prompt.line.n_notes;
  assert_int_equal(s.n, NOTES);
  synth_play(&s.prompt, .7, 1, s.notes);
  return s;
}

static void
judge(scene *s)
{
  shed_policy p;
  CHECK_OK(shed_policy_preset("", &p, NULL));
  s->take = synth_take(s->notes, s->n, &SYNTH_PLAIN);
  CHECK_OK(shed_assessor_find("melody")->judge(&s->prompt, &s->take, &p, NULL, &s->v, NULL));
}

static void
scene_end(scene *s)
{
  shed_prompt_free(&s->prompt);
  shed_take_free(&s->take);
  shed_verdict_free(&s->v);
}

// Play notes [from, to) before note @p at of what is played, so that it begins at_s there and all behind follows @p wait_s
// after it would.
static void
insert(scene *s, size_t at, size_t from, size_t to, double wait_s)
{
  synth_note before[MOST];
  size_t     n      = to - from;
  double     length = s->notes[to].onset_s - s->notes[from].onset_s;
  double     shift  = s->notes[at].onset_s - s->notes[from].onset_s;
  memcpy(before, s->notes, sizeof(before));
  memmove(&s->notes[at + n], &s->notes[at], (s->n - at) * sizeof(*s->notes));
  for (size_t i = 0; i < n; i++) {
    s->notes[at + i] = before[from + i];
    s->notes[at + i].onset_s += shift;
    s->notes[at + i].offset_s += shift;
  }
  s->n += n;
  for (size_t i = at + n; i < s->n; i++) {
    s->notes[i].onset_s += length + wait_s;
    s->notes[i].offset_s += length + wait_s;
  }
}

static int
correct(const scene *s)
{
  int n = 0;
  for (size_t i = 0; i < s->v.n_notes; i++) {
    n += s->v.notes[i].pitch == SHED_PITCH_CORRECT && s->v.notes[i].timing == SHED_TIMING_ON_TIME;
  }
  return n;
}

static double
score_of(const scene *s, const char *dimension)
{
  const shed_dimension *d = shed_verdict_dimension(&s->v, dimension);
  assert_non_null(d);
  return d->score;
}

// That incident, and nothing else.
static const shed_incident *
the_only(const scene *s, const char *kind)
{
  const shed_verdict *v = &s->v;
  for (size_t i = 0; i < v->n_incidents; i++) {
    if (strcmp(v->incidents[i].kind, kind) != 0) {
      fail_msg("told besides: %s", v->incidents[i].kind);
    }
  }
  if (v->n_incidents != 1 || v->n_restarts + v->n_hesitations + v->n_extras > 0) {
    fail_msg("%zu times %s, %zu restarts, %zu hesitations, %zu extras", v->n_incidents, kind, v->n_restarts,
             v->n_hesitations, v->n_extras);
  }
  return &v->incidents[0];
}

static void
a_wrong_start_is_no_restart_besides(void **state)
{
  scene s = scene_of(false);
  (void)state;
  insert(&s, 0, 12, 17, .8);
  judge(&s);
  const shed_incident *in = the_only(&s, "wrong_start");
  assert_int_equal(in->from_index, 12);
  assert_int_equal(correct(&s), NOTES);
  CHECK_NEAR(score_of(&s, "continuity"), 1 - INTERRUPTION / (double)NOTES, 1e-9);
  CHECK_NEAR(score_of(&s, "pitch"), 1, 1e-9);
  scene_end(&s);
}

static void
a_bar_played_twice_in_tempo_is_a_repeat(void **state)
{
  scene s = scene_of(false);
  (void)state;
  insert(&s, 8, 4, 8, 0);
  judge(&s);
  const shed_incident *in = the_only(&s, "repeat");
  assert_int_equal(in->from_index, 7);
  assert_int_equal(in->to_index, 4);
  CHECK_NEAR(in->amount, 4, 1e-9);
  assert_int_equal(correct(&s), NOTES);
  CHECK_NEAR(score_of(&s, "continuity"), 1 - INTERRUPTION / (double)NOTES, 1e-9);
  scene_end(&s);
}

// The same bar again after a stop is a restart.
static void
a_bar_played_again_after_a_stop_is_a_restart(void **state)
{
  scene s = scene_of(false);
  (void)state;
  insert(&s, 8, 4, 8, 0);
  for (size_t i = 8; i < s.n; i++) {
    s.notes[i].onset_s += .8;
    s.notes[i].offset_s += .8;
  }
  judge(&s);
  assert_int_equal(s.v.n_restarts, 1);
  assert_int_equal(s.v.n_incidents + s.v.n_hesitations + s.v.n_extras, 0);
  CHECK_NEAR(score_of(&s, "continuity"), 1 - INTERRUPTION / (double)NOTES, 1e-9);
  scene_end(&s);
}

// By a fifth slower at the end: no note is late for it, and the rhythm is charged once.
static void
a_tempo_that_moves_is_charged_once(void **state)
{
  scene  s     = scene_of(false);
  double start = s.notes[0].onset_s, length = s.notes[s.n - 1].offset_s - start;
  (void)state;
  for (size_t i = 0; i < s.n; i++) {
    double *t[] = {&s.notes[i].onset_s, &s.notes[i].offset_s};
    for (size_t k = 0; k < SHED_COUNTOF(t); k++) {
      double x = *t[k] - start;
      *t[k]    = start + x * (1 + .1 * x / length);
    }
  }
  judge(&s);
  const shed_incident *in = the_only(&s, "tempo_drift");
  CHECK_NEAR(in->amount, .095, .03); // from the first half to the second
  assert_int_equal(correct(&s), NOTES);
  CHECK_NEAR(score_of(&s, "rhythm"), 1 - INTERRUPTION * in->amount / .2 / NOTES, 1e-6);
  CHECK_NEAR(score_of(&s, "continuity"), 1, 1e-9);
  scene_end(&s);
}

// Of what is played after another take nobody knows the beats a minute: the advice says by how much, not how fast.
static void
the_pace_of_an_echo_is_told_without_beats(void **state)
{
  (void)state;
  for (int echo = 0; echo <= 1; echo++) {
    scene  s     = scene_of(false);
    double start = s.notes[0].onset_s, length = s.notes[s.n - 1].offset_s - start;
    if (echo) {
      (void)snprintf(s.prompt.kind, sizeof(s.prompt.kind), "reference");
    }
    for (size_t i = 0; i < s.n; i++) {
      double *t[] = {&s.notes[i].onset_s, &s.notes[i].offset_s};
      for (size_t k = 0; k < SHED_COUNTOF(t); k++) {
        *t[k] = start + (*t[k] - start) * (1 + .1 * (*t[k] - start) / length);
      }
    }
    judge(&s);
    assert_int_equal(s.v.n_advice, 1);
    assert_int_equal(s.v.advice[0].code, echo ? SHED_MSG_advice_echo_slower : SHED_MSG_advice_gets_slower);
    scene_end(&s);
  }
}

// A voice that sinks evenly by 80 cents is right in itself; its intonation is charged once.
static void
a_voice_that_sinks_is_charged_once(void **state)
{
  scene s = scene_of(true);
  (void)state;
  for (size_t i = 0; i < s.n; i++) {
    s.notes[i].cents = -80. * (double)i / (NOTES - 1);
  }
  judge(&s);
  const shed_incident *in = the_only(&s, "drift");
  CHECK_LT(in->amount, -40);
  assert_int_equal(correct(&s), NOTES);
  CHECK_NEAR(score_of(&s, "intonation"), 1 - INTERRUPTION * fabs(in->amount) / 100 / NOTES, .02);
  CHECK_NEAR(score_of(&s, "pitch"), 1, 1e-9);
  scene_end(&s);
}

// A wind in another key than the written one: told by name, with the question whether the instrument is the right one.
static void
another_key_is_named(void **state)
{
  static const int shifts[] = {2, 3, 7, 9, -2, 12};
  (void)state;
  for (size_t k = 0; k < SHED_COUNTOF(shifts); k++) {
    scene s = scene_of(false);
    for (size_t i = 0; i < s.n; i++) {
      s.notes[i].midi += shifts[k];
    }
    judge(&s);
    const shed_incident *in = the_only(&s, shifts[k] % 12 ? "other_key" : "other_octave");
    CHECK_NEAR(in->amount, shifts[k], 1e-9);
    bool told = false;
    for (int i = 0; i < s.v.n_warnings; i++) {
      shed_message_code code = s.v.warnings[i].code;
      told = told || code == SHED_MSG_judge_other_key || code == SHED_MSG_judge_other_octave;
    }
    assert_true(told);
    for (int i = 0; i < s.v.n_advice; i++) {
      fail_msg("shift %d: said besides: code %d", shifts[k], (int)s.v.advice[i].code);
    }
    scene_end(&s);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_wrong_start_is_no_restart_besides),
      cmocka_unit_test(a_bar_played_twice_in_tempo_is_a_repeat),
      cmocka_unit_test(a_bar_played_again_after_a_stop_is_a_restart),
      cmocka_unit_test(a_tempo_that_moves_is_charged_once),
      cmocka_unit_test(the_pace_of_an_echo_is_told_without_beats),
      cmocka_unit_test(a_voice_that_sinks_is_charged_once),
      cmocka_unit_test(another_key_is_named),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
