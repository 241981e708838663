#include "assessors/assessor.h"

#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"
#include "tests/support/line.h"
#include "tests/support/strokes.h"

#include <stdlib.h>

static const char pattern[] =
    "x:1 x:1/2 x:1/2 x:3/2 x:1/2 | x:1/2 x:1/2 x:1 r:1 x:1 | x:1 x:1/3 x:1/3 x:1/3 x:2";

typedef struct {
  shed_line    line;
  shed_prompt  prompt;
  shed_policy  policy;
  strokes      played;
  shed_take    take;
  shed_verdict v;
} stage;

static void
set_up(stage *s, const char *text, double bpm)
{
  *s        = (stage){0};
  s->line   = line_of(text, bpm, 4, 4);
  s->prompt = strokes_prompt(&s->line);
  CHECK_OK(shed_policy_preset("", &s->policy, NULL));
}

static void
judge(stage *s, shed_take_kind kind)
{
  s->take = strokes_take(&s->played, kind);
  CHECK_OK(shed_assessor_find("rhythm")->judge(&s->prompt, &s->take, &s->policy, NULL, &s->v, NULL));
  assert_int_equal(s->v.n_notes, s->line.n_notes);
}

static void
tear_down(stage *s)
{
  shed_verdict_free(&s->v);
  line_free(&s->line);
}

static double
dimension(const stage *s, const char *name)
{
  const shed_dimension *d = shed_verdict_dimension(&s->v, name);
  assert_non_null(d);
  return d->score;
}

static size_t
labelled(const stage *s, shed_timing_label label)
{
  size_t n = 0;
  for (size_t i = 0; i < s->v.n_notes; i++) {
    n += s->v.notes[i].timing == label;
  }
  return n;
}

static bool
advised(const stage *s, shed_message_code code)
{
  for (int i = 0; i < s->v.n_advice; i++) {
    if (s->v.advice[i].code == code) {
      return true;
    }
  }
  return false;
}

static void
any_steady_tempo_is_right_when_none_is_asked(void **state)
{
  static const double scales[] = {0.6, 0.8, 0.97, 1.0, 1.11, 1.5, 1.9};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(scales); i++) {
    stage s;
    set_up(&s, pattern, 96);
    strokes_play(&s.played, &s.line, scales[i], 0.7);
    judge(&s, SHED_TAKE_ONSETS);
    assert_int_equal(labelled(&s, SHED_TIMING_ON_TIME), s.line.n_notes);
    CHECK_NEAR(s.v.tempo_bpm, 96 / scales[i], 0.1);
    CHECK_NEAR(s.v.score, 1, 1e-9);
    CHECK_NEAR(s.v.assessed, 1, 0);
    assert_int_equal(s.v.passed, -1);
    assert_true(advised(&s, SHED_MSG_rhythm_holds));
    tear_down(&s);
  }
}

static void
one_note_out_of_place_is_told_and_moves_no_other(void **state)
{
  static const double off[] = {-0.09, 0.09, -0.14, 0.14};
  (void)state;
  for (size_t row = 0; row < SHED_COUNTOF(off); row++) {
    for (size_t i = 1; i + 1 < 14; i++) {
      stage s;
      set_up(&s, pattern, 80);
      strokes_play(&s.played, &s.line, 1, 0.7);
      s.played.at_s[i] += off[row];
      judge(&s, SHED_TAKE_ONSETS);
      shed_timing_label expected = off[row] < 0 ? SHED_TIMING_EARLY : SHED_TIMING_LATE;
      if (s.v.notes[i].timing != expected || labelled(&s, SHED_TIMING_ON_TIME) != s.line.n_notes - 1) {
        fail_msg("note %zu by %g s: label %d, %zu on time", i, off[row], (int)s.v.notes[i].timing,
                 labelled(&s, SHED_TIMING_ON_TIME));
      }
      CHECK_NEAR(s.v.notes[i].onset_error_ms, 1e3 * off[row], 25);
      tear_down(&s);
    }
  }
}

static void
a_missing_stroke_is_missed_where_it_was(void **state)
{
  (void)state;
  for (size_t i = 0; i < 14; i++) {
    stage s;
    set_up(&s, pattern, 96);
    strokes_play(&s.played, &s.line, 1.1, 0.7);
    strokes_remove(&s.played, i);
    judge(&s, SHED_TAKE_ONSETS);
    assert_int_equal(s.v.n_extras, 0);
    for (size_t k = 0; k < s.v.n_notes; k++) {
      if ((s.v.notes[k].pitch == SHED_PITCH_MISSED) != (k == i)) {
        fail_msg("without stroke %zu: note %zu has pitch label %d", i, k, (int)s.v.notes[k].pitch);
      }
    }
    CHECK_NEAR(dimension(&s, "rhythm"), 13.0 / 14, 1e-6);
    tear_down(&s);
  }
}

static void
an_extra_stroke_is_told_with_its_moment(void **state)
{
  (void)state;
  stage s;
  set_up(&s, pattern, 60);
  strokes_play(&s.played, &s.line, 1, 0.7);
  strokes_add(&s.played, 0.7 + 0.35, 0.9);
  strokes_add(&s.played, 0.7 + 2.75, 0.1); // not sure to be one
  judge(&s, SHED_TAKE_AUDIO);
  assert_int_equal(s.v.n_extras, 1);
  CHECK_NEAR(s.v.extras[0].onset_s, 1.05, 1e-6);
  assert_int_equal(labelled(&s, SHED_TIMING_ON_TIME), s.line.n_notes);
  assert_true(advised(&s, SHED_MSG_rhythm_extra));
  tear_down(&s);
}

static void
against_a_click_lateness_counts(void **state)
{
  (void)state;
  stage s;
  set_up(&s, pattern, 96);
  strokes_play(&s.played, &s.line, 1, 2.6);
  judge(&s, SHED_TAKE_ONSETS);
  assert_int_equal(labelled(&s, SHED_TIMING_ON_TIME), s.line.n_notes);
  shed_verdict_free(&s.v);
  s.prompt.a_click       = true;
  s.prompt.tempo_bpm     = 96;
  s.prompt.click_start_s = 2.5;
  judge(&s, SHED_TAKE_ONSETS);
  assert_int_equal(labelled(&s, SHED_TIMING_LATE), s.line.n_notes);
  CHECK_NEAR(s.v.notes[3].onset_error_ms, 100, 0.1);
  assert_true(advised(&s, SHED_MSG_rhythm_late));
  tear_down(&s);
}

static const shed_incident *
incident(const stage *s, const char *kind)
{
  for (size_t i = 0; i < s->v.n_incidents; i++) {
    if (strcmp(s->v.incidents[i].kind, kind) == 0) {
      return &s->v.incidents[i];
    }
  }
  return NULL;
}

static void
a_bar_behind_the_click_is_charged_once(void **state)
{
  static const char *const texts[] = {pattern, "x:1 x:1 x:1 x:1 | x:1 x:1 x:1 x:1 | x:1 x:1 x:1 x:1"};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(texts); i++) {
    for (int beats = -2; beats <= 8; beats += 2) {
      stage s;
      set_up(&s, texts[i], 96);
      s.prompt.a_click       = true;
      s.prompt.tempo_bpm     = 96;
      s.prompt.click_start_s = 2.5;
      strokes_play(&s.played, &s.line, 1, 2.5 + beats * 60. / 96);
      s.played.at_s[5] += .1;
      judge(&s, SHED_TAKE_ONSETS);
      assert_int_equal(labelled(&s, SHED_TIMING_ON_TIME), s.line.n_notes - 1);
      assert_int_equal(s.v.notes[5].timing, SHED_TIMING_LATE);
      const shed_incident *in = incident(&s, "behind_click");
      assert_true((in != NULL) == (beats != 0));
      assert_int_equal(s.v.n_incidents, in != NULL);
      CHECK_NEAR(in ? in->amount : 0, beats, 0);
      CHECK_NEAR(dimension(&s, "continuity"), in ? .8 : 1, 1e-9);
      assert_int_equal(advised(&s, SHED_MSG_advice_behind_click), beats > 0);
      assert_int_equal(advised(&s, SHED_MSG_advice_ahead_of_click), beats < 0);
      tear_down(&s);
    }
  }
}

static void
after_a_stop_the_click_is_joined_on_another_beat(void **state)
{
  (void)state;
  stage s;
  set_up(&s, pattern, 96);
  s.prompt.a_click       = true;
  s.prompt.tempo_bpm     = 96;
  s.prompt.click_start_s = 2.5;
  strokes_play(&s.played, &s.line, 1, 2.5);
  for (size_t k = 5; k < s.played.n; k++) {
    s.played.at_s[k] += 2 * 60. / 96;
  }
  judge(&s, SHED_TAKE_ONSETS);
  assert_int_equal(s.v.n_hesitations, 1);
  assert_int_equal(labelled(&s, SHED_TIMING_ON_TIME), s.line.n_notes - 1); // the one after the stop came late
  assert_null(incident(&s, "behind_click"));
  tear_down(&s);
}

static void
another_tempo_than_asked_costs_tempo_and_not_rhythm(void **state)
{
  (void)state;
  stage s;
  set_up(&s, pattern, 96);
  s.prompt.tempo_bpm = 90;
  strokes_play(&s.played, &s.line, 96.0 / 84, 0.5);
  judge(&s, SHED_TAKE_ONSETS);
  assert_int_equal(labelled(&s, SHED_TIMING_ON_TIME), s.line.n_notes);
  CHECK_NEAR(s.v.tempo_bpm, 84, 0.2);
  CHECK_LT(dimension(&s, "tempo"), 0.95);
  assert_true(advised(&s, SHED_MSG_rhythm_tempo_off));
  tear_down(&s);
}

static void
a_dotted_figure_played_even_is_named(void **state)
{
  static const char dotted[] = "x:3/4 x:1/4 x:3/4 x:1/4 x:1 x:1 | x:3/4 x:1/4 x:1 x:2";
  (void)state;
  stage s;
  set_up(&s, dotted, 80);
  strokes_play(&s.played, &s.line, 1, 0.5);
  s.played.at_s[1] -= 0.17;
  s.played.at_s[3] -= 0.17;
  s.played.at_s[7] -= 0.17;
  judge(&s, SHED_TAKE_ONSETS);
  assert_int_equal(s.v.advice[0].code, SHED_MSG_rhythm_dotted_even);
  assert_string_equal(s.v.advice[0].params[1].value, "3");
  assert_int_equal(s.v.notes[1].timing, SHED_TIMING_EARLY);
  assert_int_equal(s.v.notes[3].timing, SHED_TIMING_EARLY);
  assert_int_equal(s.v.n_extras, 0);
  tear_down(&s);
}

static void
rushing_and_dragging_are_named(void **state)
{
  (void)state;
  for (int side = -1; side <= 1; side += 2) {
    stage s;
    set_up(&s, pattern, 96);
    strokes_play(&s.played, &s.line, 1, 0);
    double span = s.played.at_s[s.played.n - 1];
    for (size_t i = 0; i < s.played.n; i++) {
      double x = s.played.at_s[i] / span;
      s.played.at_s[i] += side * 0.06 * span * x * x;
    }
    judge(&s, SHED_TAKE_ONSETS);
    assert_true(advised(&s, side < 0 ? SHED_MSG_rhythm_rushing : SHED_MSG_rhythm_dragging));
    assert_int_equal(s.v.incidents[0].from_index, -1);
    assert_string_equal(s.v.incidents[0].kind, "tempo_drift");
    CHECK_NEAR(s.v.incidents[0].amount, side * 0.115, 0.03);
    CHECK_LT(dimension(&s, "tempo"), 0.8);
    tear_down(&s);
  }
}

static void
beginning_again_is_one_restart_and_no_extras(void **state)
{
  (void)state;
  stage s;
  set_up(&s, pattern, 96);
  for (size_t i = 0; i < 7; i++) {
    strokes_add(&s.played, 0.5 + s.line.notes[i].onset_s, 1);
  }
  strokes_play(&s.played, &s.line, 1, 5.5);
  judge(&s, SHED_TAKE_ONSETS);
  assert_int_equal(s.v.n_restarts, 1);
  assert_int_equal(s.v.restarts[0].to_index, 0);
  assert_int_equal(s.v.restarts[0].from_index, 6);
  assert_int_equal(s.v.n_extras, 0);
  assert_int_equal(labelled(&s, SHED_TIMING_ON_TIME), s.line.n_notes);
  CHECK_NEAR(dimension(&s, "rhythm"), 1, 1e-9);
  CHECK_NEAR(dimension(&s, "continuity"), 0.8, 1e-9);
  assert_true(advised(&s, SHED_MSG_rhythm_restart));
  tear_down(&s);
}

static void
waiting_costs_one_note_and_continuity(void **state)
{
  (void)state;
  stage s;
  set_up(&s, pattern, 96);
  strokes_play(&s.played, &s.line, 1, 0.5);
  for (size_t i = 8; i < s.played.n; i++) {
    s.played.at_s[i] += 0.9;
  }
  judge(&s, SHED_TAKE_ONSETS);
  assert_int_equal(s.v.n_hesitations, 1);
  assert_int_equal(s.v.hesitations[0].before_index, 8);
  CHECK_NEAR(s.v.hesitations[0].length_s, 0.9, 0.05);
  assert_int_equal(s.v.notes[8].timing, SHED_TIMING_LATE);
  assert_int_equal(labelled(&s, SHED_TIMING_ON_TIME), s.line.n_notes - 1);
  tear_down(&s);
}

static void
a_roll_and_a_flam_are_one_thing(void **state)
{
  (void)state;
  stage s;
  set_up(&s, "x:1 x:2 x:1 | x:1 x:1 x:2", 90);
  s.line.notes[1].flags = SHED_NOTE_TREMOLO;
  s.line.notes[4].flags = SHED_NOTE_FLAM;
  s.prompt              = strokes_prompt(&s.line);
  strokes_play(&s.played, &s.line, 1, 0.5);
  for (int k = 1; k < 16; k++) {
    strokes_add(&s.played, 0.5 + s.line.notes[1].onset_s + 0.08 * k, 0.8);
  }
  strokes_add(&s.played, 0.5 + s.line.notes[4].onset_s - 0.07, 0.7);
  judge(&s, SHED_TAKE_AUDIO);
  assert_int_equal(s.v.n_extras, 0);
  assert_int_equal(labelled(&s, SHED_TIMING_ON_TIME), s.line.n_notes);
  tear_down(&s);
}

static void
fermatas_and_ritardandos_are_not_timed(void **state)
{
  (void)state;
  stage s;
  set_up(&s, "x:1 x:1 x:1 x:1 | x:1 x:1 x:1 x:1", 90);
  s.line.notes[3].flags = SHED_NOTE_FERMATA;
  s.line.notes[7].flags = SHED_NOTE_RIT;
  s.prompt              = strokes_prompt(&s.line);
  strokes_play(&s.played, &s.line, 1, 0.5);
  for (size_t i = 4; i < 8; i++) {
    s.played.at_s[i] += 1.2;
  }
  s.played.at_s[7] += 0.2;
  judge(&s, SHED_TAKE_ONSETS);
  assert_int_equal(s.v.notes[4].timing, SHED_TIMING_NONE);
  assert_int_equal(s.v.notes[7].timing, SHED_TIMING_NONE);
  CHECK_NEAR(dimension(&s, "rhythm"), 1, 1e-9);
  CHECK_NEAR(dimension(&s, "continuity"), 1, 1e-9);
  tear_down(&s);
}

static void
too_little_heard_is_not_assessed(void **state)
{
  (void)state;
  for (size_t heard = 0; heard < 2; heard++) {
    stage s;
    set_up(&s, pattern, 96);
    if (heard) {
      strokes_add(&s.played, 1.0, 1);
    }
    judge(&s, SHED_TAKE_AUDIO);
    assert_true(isnan(s.v.score) && isnan(dimension(&s, "rhythm")));
    CHECK_NEAR(s.v.assessed, 0, 0);
    assert_int_equal(s.v.notes[0].pitch, SHED_PITCH_NONE);
    assert_int_equal(s.v.n_warnings, 1);
    tear_down(&s);
  }
}

static void
what_noise_may_have_covered_is_not_missed(void **state)
{
  (void)state;
  stage s;
  set_up(&s, pattern, 96);
  strokes_play(&s.played, &s.line, 1, 0.5);
  strokes_remove(&s.played, 5);
  s.take = strokes_take(&s.played, SHED_TAKE_AUDIO);
  for (size_t i = 0; i < s.take.n_onsets; i++) {
    s.take.onsets[i].strength = 0.3F; // hardly over the noise
  }
  CHECK_OK(shed_assessor_find("rhythm")->judge(&s.prompt, &s.take, &s.policy, NULL, &s.v, NULL));
  assert_int_equal(s.v.notes[5].pitch, SHED_PITCH_NONE);
  assert_true(isnan(s.v.notes[5].credit));
  CHECK_LT(s.v.assessed, 0.95);
  CHECK_NEAR(dimension(&s, "rhythm"), 1, 1e-9);
  tear_down(&s);
}

static void
weak_sounds_beside_the_strokes_are_no_extras(void **state)
{
  (void)state;
  stage s;
  set_up(&s, pattern, 60);
  strokes_play(&s.played, &s.line, 1, 0.7);
  strokes_add(&s.played, 0.7 + 0.35, 0.6);
  s.take = strokes_take(&s.played, SHED_TAKE_AUDIO);
  for (size_t i = 0; i < s.take.n_onsets; i++) {
    bool talk                 = fabs((double)s.take.onsets[i].time_s - 1.05) < 0.001;
    s.take.onsets[i].strength = talk ? 0.2F : 3;
  }
  CHECK_OK(shed_assessor_find("rhythm")->judge(&s.prompt, &s.take, &s.policy, NULL, &s.v, NULL));
  assert_int_equal(s.v.n_extras, 0);
  assert_int_equal(labelled(&s, SHED_TIMING_ON_TIME), s.line.n_notes);
  tear_down(&s);
}

// A stroke into the ring of the one before hardly rises, and is as loud as the others; talk is not.
static void
a_loud_stroke_counts_though_it_hardly_rises(void **state)
{
  static const struct {
    float             level_db;
    shed_timing_label timing;
  } rows[] = {{-21, SHED_TIMING_LATE}, {-40, SHED_TIMING_UNSURE}};
  enum { LATE = 6 };
  static shed_frame frames[1200];
  (void)state;
  for (size_t r = 0; r < SHED_COUNTOF(rows); r++) {
    stage s;
    set_up(&s, pattern, 96);
    strokes_play(&s.played, &s.line, 1, 0.7);
    s.played.at_s[LATE] += .1;
    s.take          = strokes_take(&s.played, SHED_TAKE_AUDIO);
    s.take.frames   = frames;
    s.take.n_frames = SHED_COUNTOF(frames);
    for (size_t i = 0; i < SHED_COUNTOF(frames); i++) {
      frames[i] = (shed_frame){.level_db = -60};
    }
    for (size_t k = 0; k < s.take.n_onsets; k++) {
      s.take.onsets[k].strength = k == LATE ? .1F : 3;
      size_t at                 = (size_t)lround((double)s.take.onsets[k].time_s / SHED_FRAME_HOP_S);
      for (size_t i = at; i < at + 5; i++) {
        frames[i].level_db = k == LATE ? rows[r].level_db : -20;
      }
    }
    CHECK_OK(shed_assessor_find("rhythm")->judge(&s.prompt, &s.take, &s.policy, NULL, &s.v, NULL));
    assert_int_equal(s.v.notes[LATE].timing, rows[r].timing);
    tear_down(&s);
  }
}

// In a room where people talk any number of weak sounds may stand between two strokes.
static void
many_weak_sounds_between_two_strokes_move_neither(void **state)
{
  (void)state;
  stage s;
  set_up(&s, pattern, 60);
  strokes_play(&s.played, &s.line, 1, 0.7);
  const double from = s.played.at_s[4], to = s.played.at_s[5];
  for (int i = 1; i <= 8; i++) {
    strokes_add(&s.played, from + (to - from) * i / 9, 0.3);
  }
  const size_t all = s.played.n;
  judge(&s, SHED_TAKE_AUDIO);
  assert_int_equal(all, s.line.n_notes + 8);
  assert_int_equal(labelled(&s, SHED_TIMING_ON_TIME), s.line.n_notes);
  assert_int_equal(s.v.n_extras, 0);
  tear_down(&s);
}

// Where it was asked it is the stroke; beside that it may be anything, and the note is not judged.
static void
a_rise_that_was_told_as_no_onset_is_not_missed(void **state)
{
  static const double beside_s[] = {0, .05};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(beside_s); i++) {
    stage       s;
    shed_frame *frames = calloc(1200, sizeof(*frames));
    assert_non_null(frames);
    set_up(&s, pattern, 96);
    strokes_play(&s.played, &s.line, 1, 0.5);
    double at = s.played.at_s[5] + beside_s[i];
    strokes_remove(&s.played, 5);
    s.take                                     = strokes_take(&s.played, SHED_TAKE_AUDIO);
    s.take.frames                              = frames;
    s.take.n_frames                            = 1200;
    frames[lround(at / SHED_FRAME_HOP_S)].flux = 1.5F;
    CHECK_OK(shed_assessor_find("rhythm")->judge(&s.prompt, &s.take, &s.policy, NULL, &s.v, NULL));
    assert_int_equal(s.v.notes[5].pitch, SHED_PITCH_NONE);
    assert_int_equal(s.v.notes[5].timing, i == 0 ? SHED_TIMING_ON_TIME : SHED_TIMING_UNSURE);
    assert_true(i == 0 ? s.v.notes[5].credit > .99 : isnan(s.v.notes[5].credit));
    assert_int_equal(s.v.n_extras, 0);
    free(frames);
    tear_down(&s);
  }
}

static void
claps_need_no_pitch(void **state)
{
  (void)state;
  stage s;
  set_up(&s, pattern, 60);
  strokes_play(&s.played, &s.line, 1, 0.7);
  s.take = strokes_take(&s.played, SHED_TAKE_AUDIO);
  shed_take_warn(&s.take, shed_message_of(SHED_MSG_take_no_pitch));
  shed_take_warn(&s.take, shed_message_of(SHED_MSG_take_clipped));
  CHECK_OK(shed_assessor_find("rhythm")->judge(&s.prompt, &s.take, &s.policy, NULL, &s.v, NULL));
  assert_int_equal(s.v.n_warnings, 1);
  assert_int_equal(s.v.warnings[0].code, SHED_MSG_take_clipped);
  tear_down(&s);
}

static void
near_the_line_the_ear_is_unsure(void **state)
{
  (void)state;
  stage s;
  set_up(&s, pattern, 96);
  strokes_play(&s.played, &s.line, 1, 2.0);
  s.prompt.a_click       = true;
  s.prompt.tempo_bpm     = 96;
  s.prompt.click_start_s = 2.0;
  s.played.at_s[2] += 0.058;
  s.played.at_s[6] += 0.070;
  judge(&s, SHED_TAKE_AUDIO);
  assert_int_equal(s.v.notes[2].timing, SHED_TIMING_UNSURE);
  assert_int_equal(s.v.notes[6].timing, SHED_TIMING_LATE);
  CHECK_LT(s.v.notes[2].confidence, s.v.notes[6].confidence);
  shed_verdict_free(&s.v);
  judge(&s, SHED_TAKE_ONSETS); // a tap has no doubt
  assert_int_equal(s.v.notes[2].timing, SHED_TIMING_ON_TIME);
  tear_down(&s);
}

static void
stopping_early_is_an_incident(void **state)
{
  (void)state;
  stage s;
  set_up(&s, pattern, 96);
  strokes_play(&s.played, &s.line, 1, 0.5);
  s.played.n = 9;
  judge(&s, SHED_TAKE_ONSETS);
  assert_int_equal(s.v.n_incidents, 1);
  assert_string_equal(s.v.incidents[0].kind, "early_stop");
  assert_int_equal(s.v.incidents[0].from_index, 9);
  assert_int_equal(s.v.incidents[0].to_index, (int)s.line.n_notes - 1);
  tear_down(&s);
}

static void
targets_make_it_passed_or_not(void **state)
{
  (void)state;
  for (int slips = 0; slips < 4; slips++) {
    stage s;
    set_up(&s, pattern, 96);
    s.prompt.targets[0] = (shed_target){"rhythm", 0.9};
    s.prompt.n_targets  = 1;
    strokes_play(&s.played, &s.line, 1, 0.5);
    for (int k = 0; k < slips; k++) {
      strokes_remove(&s.played, (size_t)(3 + 2 * k));
    }
    judge(&s, SHED_TAKE_ONSETS);
    // one miss in 14 is within what a target of .9 allows
    assert_int_equal(s.v.passed, slips <= 1);
    tear_down(&s);
  }
}

static void
nothing_to_judge_is_refused(void **state)
{
  (void)state;
  stage s;
  set_up(&s, "r:4", 96);
  shed_error err = {0};
  s.take         = strokes_take(&s.played, SHED_TAKE_ONSETS);
  CHECK_STATUS(shed_assessor_find("rhythm")->judge(&s.prompt, &s.take, &s.policy, NULL, &s.v, &err),
               SHED_E_RANGE);
  assert_string_equal(err.where, "test/clap");
  tear_down(&s);
}

static void
running_out_of_memory_leaves_nothing(void **state)
{
  (void)state;
  stage s;
  set_up(&s, pattern, 96);
  strokes_play(&s.played, &s.line, 1, 0.5);
  s.take = strokes_take(&s.played, SHED_TAKE_ONSETS);
  SWEEP_ALLOCATIONS(a, {
    shed_verdict v = {0};
    sweep_status   = shed_assessor_find("rhythm")->judge(&s.prompt, &s.take, &s.policy, &a.alloc, &v, NULL);
    shed_verdict_free(&v);
  });
  tear_down(&s);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(any_steady_tempo_is_right_when_none_is_asked),
      cmocka_unit_test(one_note_out_of_place_is_told_and_moves_no_other),
      cmocka_unit_test(a_missing_stroke_is_missed_where_it_was),
      cmocka_unit_test(an_extra_stroke_is_told_with_its_moment),
      cmocka_unit_test(against_a_click_lateness_counts),
      cmocka_unit_test(a_bar_behind_the_click_is_charged_once),
      cmocka_unit_test(after_a_stop_the_click_is_joined_on_another_beat),
      cmocka_unit_test(another_tempo_than_asked_costs_tempo_and_not_rhythm),
      cmocka_unit_test(a_dotted_figure_played_even_is_named),
      cmocka_unit_test(rushing_and_dragging_are_named),
      cmocka_unit_test(beginning_again_is_one_restart_and_no_extras),
      cmocka_unit_test(waiting_costs_one_note_and_continuity),
      cmocka_unit_test(a_roll_and_a_flam_are_one_thing),
      cmocka_unit_test(fermatas_and_ritardandos_are_not_timed),
      cmocka_unit_test(too_little_heard_is_not_assessed),
      cmocka_unit_test(what_noise_may_have_covered_is_not_missed),
      cmocka_unit_test(weak_sounds_beside_the_strokes_are_no_extras),
      cmocka_unit_test(a_loud_stroke_counts_though_it_hardly_rises),
      cmocka_unit_test(many_weak_sounds_between_two_strokes_move_neither),
      cmocka_unit_test(a_rise_that_was_told_as_no_onset_is_not_missed),
      cmocka_unit_test(claps_need_no_pitch),
      cmocka_unit_test(near_the_line_the_ear_is_unsure),
      cmocka_unit_test(stopping_early_is_an_incident),
      cmocka_unit_test(targets_make_it_passed_or_not),
      cmocka_unit_test(nothing_to_judge_is_refused),
      cmocka_unit_test(running_out_of_memory_leaves_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
