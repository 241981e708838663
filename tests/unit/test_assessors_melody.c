#include "assessors/assessor.h"

#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"
#include "tests/support/synth_take.h"

enum { MOST = 64 };

typedef struct {
  shed_prompt  prompt;
  synth_note   notes[MOST];
  size_t       n;
  synth_opts   opts;
  const char  *policy;
  shed_take    take;
  shed_verdict v;
} scene;

static scene
scene_of(const synth_written *w, double factor)
{
  scene s  = {.opts = SYNTH_PLAIN, .policy = ""};
  s.prompt = synth_prompt(w);
  s.n      = s.prompt.line.n_notes;
  synth_play(&s.prompt, .7, factor, s.notes);
  return s;
}

/// The take as it stands in the scene.
static void
judge_take(scene *s)
{
  shed_policy p;
  shed_error  err = {0};
  CHECK_OK(shed_policy_preset(s->policy, &p, NULL));
  shed_status st = shed_assessor_find("melody")->judge(&s->prompt, &s->take, &p, NULL, &s->v, &err);
  if (st != SHED_OK) {
    fail_msg("judge: %s: %s", shed_status_text(st), err.what);
  }
}

static void
judge(scene *s)
{
  s->take = synth_take(s->notes, s->n, &s->opts);
  judge_take(s);
}

static void
scene_end(scene *s)
{
  shed_prompt_free(&s->prompt);
  shed_take_free(&s->take);
  shed_verdict_free(&s->v);
}

static int
count_label(const scene *s, shed_pitch_label l)
{
  int n = 0;
  for (size_t i = 0; i < s->v.n_notes; i++) {
    n += s->v.notes[i].pitch == l ? 1 : 0;
  }
  return n;
}

static int
count_time(const scene *s, shed_timing_label l)
{
  int n = 0;
  for (size_t i = 0; i < s->v.n_notes; i++) {
    n += s->v.notes[i].timing == l ? 1 : 0;
  }
  return n;
}

static void
drop(scene *s, size_t at, size_t n)
{
  memmove(&s->notes[at], &s->notes[at + n], (s->n - at - n) * sizeof(*s->notes));
  s->n -= n;
}

static void
expect_pitch(const scene *s, size_t i, shed_pitch_label l)
{
  if (s->v.notes[i].pitch != l) {
    const char *is = shed_pitch_label_name(s->v.notes[i].pitch), *want = shed_pitch_label_name(l);
    fail_msg("note %zu is %s (%.1f cents), expected %s", i, is ? is : "null", s->v.notes[i].cents,
             want ? want : "null");
  }
}

static void
expect_time(const scene *s, size_t i, shed_timing_label l)
{
  if (s->v.notes[i].timing != l) {
    const char *is = shed_timing_label_name(s->v.notes[i].timing), *want = shed_timing_label_name(l);
    fail_msg("note %zu is %s (%.0f ms), expected %s", i, is ? is : "null", s->v.notes[i].onset_error_ms,
             want ? want : "null");
  }
}

static const shed_incident *
incident(const scene *s, const char *kind)
{
  for (size_t i = 0; i < s->v.n_incidents; i++) {
    if (strcmp(s->v.incidents[i].kind, kind) == 0) {
      return &s->v.incidents[i];
    }
  }
  return NULL;
}

static bool
has_message(const shed_message *m, int n, shed_message_code code)
{
  for (int i = 0; i < n; i++) {
    if (m[i].code == code) {
      return true;
    }
  }
  return false;
}

static void
a_right_take_is_all_right(void **state)
{
  (void)state;
  scene s = scene_of(SYNTH_TUNE, 1);
  judge(&s);
  assert_int_equal(count_label(&s, SHED_PITCH_CORRECT), s.v.n_notes);
  assert_int_equal(count_time(&s, SHED_TIMING_ON_TIME), s.v.n_notes);
  CHECK_NEAR(s.v.score, 1, 1e-9);
  CHECK_NEAR(s.v.assessed, 1, 0);
  CHECK_NEAR(s.v.tempo_bpm, 120, .5);
  CHECK_NEAR(s.v.tuning_cents, 0, 2);
  assert_int_equal(s.v.n_extras, 0);
  assert_int_equal(s.v.n_restarts, 0);
  assert_int_equal(s.v.n_hesitations, 0);
  assert_int_equal(s.v.n_incidents, 0);
  assert_int_equal(s.v.passed, -1);
  assert_true(has_message(s.v.advice, s.v.n_advice, SHED_MSG_advice_all_good));
  for (size_t i = 0; i < s.v.n_notes; i++) {
    assert_int_equal(s.v.notes[i].take_index, i);
    CHECK_NEAR(s.v.notes[i].onset_s, s.notes[i].onset_s, .011);
  }
  scene_end(&s);
}

static void
own_tempo_is_found(void **state)
{
  static const double factors[] = {.5, .75, 1.4, 1.9};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(factors); i++) {
    scene s = scene_of(SYNTH_TUNE, factors[i]);
    judge(&s);
    CHECK_NEAR(s.v.tempo_bpm, 120 / factors[i], 1);
    assert_int_equal(count_label(&s, SHED_PITCH_CORRECT), s.v.n_notes);
    assert_int_equal(count_time(&s, SHED_TIMING_ON_TIME), s.v.n_notes);
    scene_end(&s);
  }
}

static void
pitch_labels_have_their_lines(void **state)
{
  static const struct {
    double           cents;
    shed_pitch_label label;
  } rows[] = {
      {20, SHED_PITCH_CORRECT}, {-24, SHED_PITCH_CORRECT}, {45, SHED_PITCH_SHARP},  {-55, SHED_PITCH_FLAT},
      {85, SHED_PITCH_WRONG},   {-100, SHED_PITCH_WRONG},  {30, SHED_PITCH_UNSURE}, {-70, SHED_PITCH_FLAT},
      {200, SHED_PITCH_WRONG},  {-400, SHED_PITCH_WRONG},
  };
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    scene s             = scene_of(SYNTH_TUNE, 1);
    s.opts.jitter_cents = 1;
    s.notes[6].cents    = rows[i].cents;
    judge(&s);
    expect_pitch(&s, 6, rows[i].label);
    CHECK_NEAR(s.v.notes[6].cents, rows[i].cents, 2.5);
    assert_int_equal(count_label(&s, SHED_PITCH_CORRECT),
                     (int)s.v.n_notes - (rows[i].label != SHED_PITCH_CORRECT));
    assert_int_equal(s.v.n_extras, 0);
    scene_end(&s);
  }
}

// A note near a line of the labels, under a policy's width: what is known of its pitch or of its time.
static double
known_near_a_line(const char *policy, double cents, double late_s, const char *dimension)
{
  scene s             = scene_of(SYNTH_TUNE, 1);
  s.opts.jitter_cents = 1;
  s.policy            = policy;
  s.notes[6].cents    = cents;
  s.notes[6].onset_s += late_s;
  judge(&s);
  expect_pitch(&s, 6, cents > 0 ? SHED_PITCH_UNSURE : SHED_PITCH_CORRECT);
  expect_time(&s, 6, late_s > 0 ? SHED_TIMING_UNSURE : SHED_TIMING_ON_TIME);
  const shed_dimension *d     = shed_verdict_dimension(&s.v, dimension);
  const double          known = d ? d->assessed : (double)NAN;
  CHECK_NEAR(s.v.notes[6].credit, 1, 1e-9); // by the other of the two, if not by both
  scene_end(&s);
  return known;
}

static void
a_note_near_a_line_earns_what_either_side_of_it_earns(void **state)
{
  (void)state;
  // credit for pitch is full up to 70 cents there, so that 30 give or take some are worth the same
  CHECK_NEAR(known_near_a_line("year-1", 30, 0, "pitch"), 1, 1e-9);
  CHECK_NEAR(known_near_a_line("college", 30, 0, "pitch"), 1, 1e-9);
  // 60 ms are well within a first year's window, and between full credit and half of it at college
  CHECK_NEAR(known_near_a_line("year-1", 0, .063, "rhythm"), 1, 1e-9);
  CHECK_LT(known_near_a_line("college", 0, .063, "rhythm"), 1);
}

static void
sound_lost_beside_a_line_leaves_the_note_without_credit(void **state)
{
  (void)state;
  scene s             = scene_of(SYNTH_TUNE, 1);
  s.opts.jitter_cents = 1;
  s.policy            = "year-1";
  s.notes[6].cents    = 30;
  s.take              = synth_take(s.notes, s.n, &s.opts);
  s.take.gaps         = shed_calloc(s.take.alloc, 1, sizeof(*s.take.gaps));
  assert_non_null(s.take.gaps);
  s.take.gaps[0] = (shed_take_gap){(float)(s.notes[6].onset_s - .02), (float)(s.notes[6].onset_s + .05)};
  s.take.n_gaps  = 1;
  judge_take(&s);
  expect_pitch(&s, 6, SHED_PITCH_UNSURE);
  expect_time(&s, 6, SHED_TIMING_UNSURE);
  assert_true(isnan(s.v.notes[6].credit));
  expect_pitch(&s, 7, SHED_PITCH_CORRECT);
  CHECK_NEAR(s.v.notes[7].credit, 1, 1e-9);
  scene_end(&s);
}

// Mallets ring for a twentieth of a second; under them somebody holds tones of the same scale, far softer.
static shed_take
mallets_beside_a_player(const scene *s)
{
  enum { HELD = 60, SOFTER_DB = 16 };
  static const int tones[] = {72, 71, 69, 67, 69, 71, 72, 67, 65, 64};
  const double     long_s  = .37;
  synth_note       strokes[MOST], held[HELD];
  for (size_t i = 0; i < s->n; i++) {
    strokes[i]          = s->notes[i];
    strokes[i].offset_s = strokes[i].onset_s + .05;
  }
  for (int i = 0; i < HELD; i++) {
    held[i] = (synth_note){.1 + i * long_s, .08 + (i + 1) * long_s, tones[i % (int)SHED_COUNTOF(tones)], 0};
  }
  synth_opts soft = s->opts;
  soft.level_db -= SOFTER_DB;
  shed_take take = synth_take(strokes, s->n, &s->opts), other = synth_take(held, HELD, &soft);
  for (size_t i = 0; i < take.n_frames && i < other.n_frames; i++) {
    if (!take.frames[i].voiced) {
      take.frames[i] = other.frames[i];
    }
  }
  shed_take_free(&other);
  return take;
}

static void
mallets_are_followed_under_somebody_who_sustains(void **state)
{
  (void)state;
  scene s = scene_of(SYNTH_TUNE, 1.7);
  s.take  = mallets_beside_a_player(&s);
  judge_take(&s);
  assert_int_equal(count_label(&s, SHED_PITCH_CORRECT), s.v.n_notes);
  CHECK_NEAR(s.v.tempo_bpm, 120 / 1.7, 1);
  for (size_t i = 0; i < s.v.n_notes; i++) {
    CHECK_NEAR(s.v.notes[i].onset_s, s.notes[i].onset_s, .03);
  }
  scene_end(&s);
}

static void
a_missing_note_is_missed(void **state)
{
  (void)state;
  for (size_t gone = 1; gone + 1 < 22; gone += 3) {
    scene s = scene_of(SYNTH_TUNE, 1);
    drop(&s, gone, 1);
    judge(&s);
    expect_pitch(&s, gone, SHED_PITCH_MISSED);
    assert_int_equal(s.v.notes[gone].take_index, -1);
    assert_int_equal(s.v.notes[gone].timing, SHED_TIMING_NONE);
    assert_int_equal(count_label(&s, SHED_PITCH_CORRECT), s.v.n_notes - 1);
    assert_int_equal(s.v.n_restarts, 0);
    scene_end(&s);
  }
}

// The second note sounds on where the third was asked for, with a dip of @p dip_db between the two.
static shed_note_verdict
judge_a_note_held_on(double dip_db)
{
  shed_policy p;
  scene       s       = scene_of(SYNTH_TUNE, 1);
  const long  again   = lround(s.notes[2].onset_s / SHED_FRAME_HOP_S);
  s.notes[1].offset_s = s.notes[2].offset_s;
  drop(&s, 2, 1);
  s.take = synth_take(s.notes, s.n, &s.opts);
  for (long i = again - 3; i <= again; i++) {
    s.take.frames[i].level_db -= (float)dip_db;
  }
  s.take.frames[again].flux = (float)(dip_db * .03);
  CHECK_OK(shed_policy_preset("", &p, NULL));
  CHECK_OK(shed_assessor_find("melody")->judge(&s.prompt, &s.take, &p, NULL, &s.v, NULL));
  shed_note_verdict v = s.v.notes[2];
  scene_end(&s);
  return v;
}

static void
a_tone_begun_again_on_the_pitch_before_is_a_wrong_note(void **state)
{
  (void)state;
  assert_int_equal(judge_a_note_held_on(0).pitch, SHED_PITCH_MISSED);
  shed_note_verdict v = judge_a_note_held_on(6);
  assert_int_equal(v.pitch, SHED_PITCH_WRONG);
  assert_int_equal(v.played_midi, 62);
}

static void
an_extra_note_is_told(void **state)
{
  (void)state;
  scene s = scene_of(SYNTH_TUNE, 1);
  // between the long note and what follows, instead of its second half
  s.notes[8].offset_s -= .5;
  memmove(&s.notes[10], &s.notes[9], (s.n - 9) * sizeof(*s.notes));
  s.notes[9] = (synth_note){s.notes[8].offset_s + .05, s.notes[8].offset_s + .4, 76, 0};
  s.n++;
  judge(&s);
  assert_int_equal(s.v.n_extras, 1);
  assert_int_equal(s.v.extras[0].midi, 76);
  assert_int_equal(s.v.extras[0].take_index, 9);
  CHECK_NEAR(s.v.extras[0].onset_s, s.notes[9].onset_s, .05);
  assert_int_equal(count_label(&s, SHED_PITCH_CORRECT), s.v.n_notes);
  scene_end(&s);
}

static void
early_and_late_are_told(void **state)
{
  static const struct {
    double            ms;
    shed_timing_label label;
  } rows[] = {{-110, SHED_TIMING_EARLY},
              {110, SHED_TIMING_LATE},
              {40, SHED_TIMING_ON_TIME},
              {-40, SHED_TIMING_ON_TIME}};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    scene s = scene_of(SYNTH_TUNE, 1);
    s.notes[12].onset_s += rows[i].ms / 1000;
    s.notes[11].offset_s = fmin(s.notes[11].offset_s, s.notes[12].onset_s);
    judge(&s);
    expect_time(&s, 12, rows[i].label);
    CHECK_NEAR(s.v.notes[12].onset_error_ms, rows[i].ms, 15);
    assert_int_equal(count_time(&s, SHED_TIMING_ON_TIME),
                     (int)s.v.n_notes - (rows[i].label != SHED_TIMING_ON_TIME));
    assert_int_equal(count_label(&s, SHED_PITCH_CORRECT), s.v.n_notes);
    scene_end(&s);
  }
}

/// Everything from note @p to on comes again, @p break_s after the end of note @p from.
static void
begin_again(scene *s, size_t from, size_t to, double break_s)
{
  synth_note again[MOST];
  double     shift = s->notes[from].offset_s + break_s - s->notes[to].onset_s;
  size_t     back  = from + 1 - to;
  memcpy(again, s->notes, sizeof(again));
  for (size_t i = to; i < s->n; i++) {
    s->notes[i + back] = again[i];
    s->notes[i + back].onset_s += shift;
    s->notes[i + back].offset_s += shift;
  }
  memcpy(&s->notes[to], &again[to], back * sizeof(*again));
  s->n += back;
}

/// Who begins a phrase early, stops after three notes and goes back to its first has begun again: there were no extra notes.
static void
a_phrase_begun_too_early_and_begun_again_is_a_restart(void **state)
{
  (void)state;
  scene s = scene_of(SYNTH_TUNE, 1.5);
  s.notes[12].onset_s -= .17;
  s.notes[11].offset_s = s.notes[12].onset_s - .02;
  begin_again(&s, 14, 12, .9);
  s.notes[15].onset_s += .17; // what comes again is in time
  judge(&s);
  assert_int_equal(s.v.n_restarts, 1);
  assert_int_equal(s.v.restarts[0].from_index, 14);
  assert_int_equal(s.v.restarts[0].to_index, 12);
  assert_int_equal(count_label(&s, SHED_PITCH_CORRECT), s.v.n_notes);
  assert_int_equal(s.v.n_extras, 0);
  scene_end(&s);
}

/// The attempt that was given up left out a note before its last: what it came to belongs to the restart, and is no extra note.
static void
the_last_note_of_an_attempt_given_up_is_no_extra(void **state)
{
  (void)state;
  scene s = scene_of(SYNTH_TUNE, 1);
  begin_again(&s, 14, 11, .8);
  s.notes[14].midi += 1;
  drop(&s, 13, 1);
  judge(&s);
  assert_int_equal(s.v.n_restarts, 1);
  assert_int_equal(s.v.n_extras, 0);
  assert_int_equal(count_label(&s, SHED_PITCH_CORRECT), s.v.n_notes);
  scene_end(&s);
}

/// An octave below for its first moments, then itself: one note.
static void
a_note_that_speaks_an_octave_low_at_first_is_one_note(void **state)
{
  (void)state;
  scene s = scene_of(SYNTH_TUNE, 1);
  for (size_t i = s.n++; i > 8; i--) {
    s.notes[i] = s.notes[i - 1];
  }
  s.notes[8].offset_s = s.notes[9].onset_s = s.notes[8].onset_s + .14;
  s.notes[8].midi -= 12;
  judge(&s);
  assert_int_equal(s.v.n_extras, 0);
  assert_int_equal(count_label(&s, SHED_PITCH_CORRECT), s.v.n_notes);
  scene_end(&s);
}

/// After a break one note again and on: begun anew at that note, no extra note.
static void
a_note_begun_anew_after_a_break_is_a_restart(void **state)
{
  (void)state;
  scene s = scene_of(SYNTH_TUNE, 1);
  begin_again(&s, 10, 10, .7);
  judge(&s);
  assert_int_equal(s.v.n_restarts, 1);
  assert_int_equal(s.v.restarts[0].from_index, 10);
  assert_int_equal(s.v.restarts[0].to_index, 10);
  assert_int_equal(count_label(&s, SHED_PITCH_CORRECT), s.v.n_notes);
  assert_int_equal(s.v.n_extras, 0);
  scene_end(&s);
}

/// Half a semitone and more off, and clearly struck: one note, out of tune, and no second one beside it.
static void
a_note_far_out_of_tune_is_one_note(void **state)
{
  (void)state;
  for (int cents = -74; cents <= 74; cents += 148) {
    scene s          = scene_of(SYNTH_TUNE, 1);
    s.notes[7].cents = s.notes[14].cents = cents;
    judge(&s);
    assert_int_equal(s.v.n_extras, 0);
    assert_int_equal(count_label(&s, SHED_PITCH_MISSED), 0);
    assert_int_equal(count_label(&s, SHED_PITCH_CORRECT), s.v.n_notes - 2);
    scene_end(&s);
  }
}

/// An extra note that is softer than all others is the player's too where nobody else is heard; where somebody is, it is not.
static void
a_soft_extra_note_is_told_where_nobody_else_sounds(void **state)
{
  (void)state;
  for (int neighbour = 0; neighbour < 2; neighbour++) {
    scene s = scene_of(SYNTH_TUNE, 1);
    s.notes[16].offset_s -= .5; // and in the second half of it another
    for (size_t i = s.n++; i > 17; i--) {
      s.notes[i] = s.notes[i - 1];
    }
    s.notes[17] = (synth_note){s.notes[16].offset_s + .06, s.notes[16].offset_s + .4, 58, 0};
    if (neighbour) {
      s.notes[s.n++] = (synth_note){.05, .6, 55, 0};
    }
    s.take = synth_take(s.notes, s.n, &s.opts);
    for (size_t i = 0; i < s.take.n_frames; i++) {
      double at   = (double)i * SHED_FRAME_HOP_S;
      bool   soft = (at >= s.notes[17].onset_s && at < s.notes[17].offset_s) || at < .6;
      s.take.frames[i].level_db -= soft ? 6.5F : 0;
    }
    judge_take(&s);
    assert_int_equal(s.v.n_extras, neighbour ? 0 : 1);
    assert_int_equal(count_label(&s, SHED_PITCH_CORRECT), s.v.n_notes);
    scene_end(&s);
  }
}

static void
a_restart_is_a_restart(void **state)
{
  (void)state;
  scene s = scene_of(SYNTH_TUNE, 1);
  // plays up to note 11, stops, goes back to note 8
  synth_note again[MOST];
  double     shift = s.notes[11].onset_s + 1.2 - s.notes[8].onset_s;
  memcpy(again, s.notes, sizeof(again));
  for (size_t i = 8; i < s.n; i++) {
    s.notes[i + 3] = again[i];
    s.notes[i + 3].onset_s += shift;
    s.notes[i + 3].offset_s += shift;
  }
  memcpy(&s.notes[8], &again[8], 3 * sizeof(*again));
  s.n += 3;
  judge(&s);
  assert_int_equal(s.v.n_restarts, 1);
  assert_int_equal(s.v.restarts[0].from_index, 10);
  assert_int_equal(s.v.restarts[0].to_index, 8);
  CHECK_NEAR(s.v.restarts[0].at_s, s.notes[11].onset_s, .05);
  assert_int_equal(count_label(&s, SHED_PITCH_CORRECT), s.v.n_notes);
  assert_int_equal(count_time(&s, SHED_TIMING_ON_TIME), s.v.n_notes);
  assert_int_equal(s.v.n_extras, 0);
  scene_end(&s);
}

static void
a_hesitation_is_told_once(void **state)
{
  (void)state;
  scene s = scene_of(SYNTH_TUNE, 1);
  for (size_t i = 12; i < s.n; i++) {
    s.notes[i].onset_s += 1.1;
    s.notes[i].offset_s += 1.1;
  }
  judge(&s);
  assert_int_equal(s.v.n_hesitations, 1);
  assert_int_equal(s.v.hesitations[0].before_index, 12);
  CHECK_NEAR(s.v.hesitations[0].length_s, 1.1, .06);
  assert_int_equal(count_time(&s, SHED_TIMING_ON_TIME), s.v.n_notes);
  scene_end(&s);
}

static void
skips_and_stops_are_incidents(void **state)
{
  (void)state;
  scene  s       = scene_of(SYNTH_TUNE, 1);
  double earlier = s.notes[13].onset_s - s.notes[9].onset_s;
  drop(&s, 9, 4);
  for (size_t i = 9; i < s.n; i++) {
    s.notes[i].onset_s -= earlier;
    s.notes[i].offset_s -= earlier;
  }
  judge(&s);
  const shed_incident *in = incident(&s, "skip");
  assert_non_null(in);
  assert_int_equal(in->from_index, 9);
  assert_int_equal(in->to_index, 12);
  assert_int_equal(count_label(&s, SHED_PITCH_CORRECT), s.v.n_notes - 4);
  assert_int_equal(count_label(&s, SHED_PITCH_MISSED), 4);
  scene_end(&s);

  s   = scene_of(SYNTH_TUNE, 1);
  s.n = 14;
  judge(&s);
  in = incident(&s, "early_stop");
  assert_non_null(in);
  assert_int_equal(in->from_index, 14);
  assert_int_equal(in->to_index, (int)s.v.n_notes - 1);
  assert_int_equal(count_label(&s, SHED_PITCH_CORRECT), 14);
  assert_int_equal(count_label(&s, SHED_PITCH_MISSED), (int)s.v.n_notes - 14);
  scene_end(&s);

  s = scene_of(SYNTH_TUNE, 1);
  drop(&s, 0, 5);
  judge(&s);
  in = incident(&s, "late_start");
  assert_non_null(in);
  assert_int_equal(in->to_index, 4);
  assert_int_equal(count_label(&s, SHED_PITCH_CORRECT), (int)s.v.n_notes - 5);
  scene_end(&s);
}

/// A scene against a click at the tempo written, whose music begins at @p music_s.
static void
click(scene *s, double music_s)
{
  s->prompt.a_click       = true;
  s->prompt.tempo_bpm     = s->prompt.line.tempo_bpm;
  s->prompt.click_start_s = music_s;
}

static void
move(scene *s, size_t from, double by_s)
{
  for (size_t i = from; i < s->n; i++) {
    s->notes[i].onset_s += by_s;
    s->notes[i].offset_s += by_s;
  }
}

static void
a_bar_behind_the_click_is_charged_once(void **state)
{
  (void)state;
  scene s = scene_of(SYNTH_TUNE, 1);
  click(&s, .7);
  judge(&s);
  assert_null(incident(&s, "behind_click"));
  assert_int_equal(count_time(&s, SHED_TIMING_ON_TIME), s.v.n_notes);
  CHECK_NEAR(shed_verdict_dimension(&s.v, "continuity")->score, 1, 0);
  shed_verdict_free(&s.v);
  shed_take_free(&s.take);

  move(&s, 0, 2); // a bar of four at 120
  s.notes[7].onset_s += .13;
  judge(&s);
  assert_int_equal(count_label(&s, SHED_PITCH_CORRECT), s.v.n_notes);
  assert_int_equal(count_time(&s, SHED_TIMING_ON_TIME), s.v.n_notes - 1);
  expect_time(&s, 7, SHED_TIMING_LATE);
  CHECK_NEAR(s.v.notes[7].onset_error_ms, 130, 15);
  assert_int_equal(s.v.n_incidents, 1);
  const shed_incident *in = incident(&s, "behind_click");
  assert_non_null(in);
  CHECK_NEAR(in->amount, 4, 0);
  CHECK_NEAR(in->at_s, 2.7, .02);
  CHECK_NEAR(shed_verdict_dimension(&s.v, "continuity")->score, 1 - 4. / 22, .01);
  assert_true(has_message(s.v.advice, s.v.n_advice, SHED_MSG_advice_behind_click));
  scene_end(&s);
}

static void
after_a_stop_the_click_is_joined_on_another_beat(void **state)
{
  (void)state;
  scene s = scene_of(SYNTH_TUNE, 1);
  click(&s, .7);
  move(&s, 12, 1); // two beats
  judge(&s);
  assert_int_equal(s.v.n_hesitations, 1);
  assert_int_equal(count_time(&s, SHED_TIMING_ON_TIME), s.v.n_notes);
  assert_int_equal(s.v.n_incidents, 0);
  scene_end(&s);
}

static void
who_drags_behind_the_click_is_late(void **state)
{
  (void)state;
  scene s = scene_of(SYNTH_TUNE, 1);
  click(&s, .7);
  move(&s, 0, .2);
  judge(&s);
  assert_int_equal(count_time(&s, SHED_TIMING_LATE), s.v.n_notes);
  assert_int_equal(s.v.n_incidents, 0);
  scene_end(&s);
}

static void
octave_and_key_are_policy(void **state)
{
  (void)state;
  scene s = scene_of(SYNTH_TUNE, 1);
  for (size_t i = 0; i < s.n; i++) {
    s.notes[i].midi -= 12;
  }
  judge(&s);
  assert_int_equal(count_label(&s, SHED_PITCH_CORRECT), 0);
  assert_true(has_message(s.v.warnings, s.v.n_warnings, SHED_MSG_judge_other_octave));
  scene_end(&s);

  s = scene_of(SYNTH_TUNE, 1.2);
  for (size_t i = 0; i < s.n; i++) {
    s.notes[i].midi -= 12;
  }
  s.prompt.octave = SHED_OCTAVE_ANY;
  judge(&s);
  assert_int_equal(count_label(&s, SHED_PITCH_CORRECT), s.v.n_notes);
  assert_int_equal(s.v.octave_shift, -1);
  assert_int_equal(s.v.key_shift, 0);
  scene_end(&s);

  for (int shift = -7; shift <= 5; shift += 3) {
    s = scene_of(SYNTH_TUNE, .9);
    for (size_t i = 0; i < s.n; i++) {
      s.notes[i].midi += shift;
    }
    s.prompt.octave = SHED_OCTAVE_ANY;
    s.prompt.key    = SHED_KEY_ANY;
    judge(&s);
    assert_int_equal(count_label(&s, SHED_PITCH_CORRECT), s.v.n_notes);
    assert_int_equal(12 * s.v.octave_shift + s.v.key_shift, shift);
    scene_end(&s);
  }
}

static void
tuning_is_taken_off_by_policy(void **state)
{
  (void)state;
  scene s = scene_of(SYNTH_TUNE, 1);
  for (size_t i = 0; i < s.n; i++) {
    s.notes[i].cents = 34;
  }
  s.notes[7].cents = 34 - 50;
  judge(&s);
  CHECK_NEAR(s.v.tuning_cents, 34, 2);
  expect_pitch(&s, 7, SHED_PITCH_FLAT);
  assert_int_equal(count_label(&s, SHED_PITCH_CORRECT), s.v.n_notes - 1);
  scene_end(&s);

  s = scene_of(SYNTH_TUNE, 1);
  for (size_t i = 0; i < s.n; i++) {
    s.notes[i].cents = 44;
  }
  s.prompt.tuning = SHED_TUNING_A4;
  judge(&s);
  CHECK_NEAR(s.v.tuning_cents, 44, 2);
  assert_int_equal(count_label(&s, SHED_PITCH_SHARP), s.v.n_notes);
  scene_end(&s);
}

static void
fixed_pitch_has_no_intonation(void **state)
{
  (void)state;
  scene s              = scene_of(SYNTH_TUNE, 1);
  s.prompt.fixed_pitch = true;
  judge(&s);
  assert_null(shed_verdict_dimension(&s.v, "intonation"));
  assert_non_null(shed_verdict_dimension(&s.v, "pitch"));
  scene_end(&s);
}

static void
what_is_not_heard_is_not_judged(void **state)
{
  (void)state;
  scene s       = scene_of(SYNTH_TUNE, 1); // silence
  s.n           = 0;
  s.opts.tail_s = 8;
  judge(&s);
  CHECK_NEAR(s.v.assessed, 0, 0);
  assert_true(isnan(s.v.score));
  assert_int_equal(count_label(&s, SHED_PITCH_NONE), s.v.n_notes);
  scene_end(&s);

  s               = scene_of(SYNTH_TUNE, 1); // loud noise
  s.n             = 0;
  s.opts.tail_s   = 8;
  s.opts.floor_db = -12;
  judge(&s);
  CHECK_NEAR(s.v.assessed, 0, 0);
  assert_true(isnan(s.v.score));
  assert_int_equal(s.v.n_extras, 0);
  scene_end(&s);
}

static void
marked_notes_are_left_alone(void **state)
{
  static const synth_written marked[] = {{60, 2, 0},
                                         {62, 2, 0},
                                         {64, 2, SHED_NOTE_NO_ASSESS},
                                         {65, 2, 0},
                                         {67, 4, SHED_NOTE_FERMATA},
                                         {65, 2, 0},
                                         {64, 2, 0},
                                         {62, 2, SHED_NOTE_RIT},
                                         {60, 4, SHED_NOTE_RIT},
                                         {0, 0, 0}};
  (void)state;
  scene s = scene_of(marked, 1);
  for (size_t i = 5; i < s.n; i++) { // a long fermata
    s.notes[i].onset_s += .9;
    s.notes[i].offset_s += .9;
  }
  s.notes[4].offset_s += .9;
  s.notes[7].onset_s += .12;
  s.notes[8].onset_s += .2;
  s.notes[8].offset_s += .4;
  s.notes[2].midi = 63;
  judge(&s);
  expect_pitch(&s, 2, SHED_PITCH_NONE);
  expect_time(&s, 2, SHED_TIMING_NONE);
  expect_time(&s, 5, SHED_TIMING_NONE);
  expect_time(&s, 7, SHED_TIMING_NONE);
  expect_time(&s, 8, SHED_TIMING_NONE);
  expect_time(&s, 6, SHED_TIMING_ON_TIME);
  assert_int_equal(s.v.n_hesitations, 0);
  assert_int_equal(s.v.n_extras, 0);
  assert_int_equal(count_label(&s, SHED_PITCH_CORRECT), s.v.n_notes - 1);
  scene_end(&s);
}

static void
same_input_same_bytes(void **state)
{
  (void)state;
  shed_str texts[2] = {{0}};
  for (int k = 0; k < 2; k++) {
    scene s             = scene_of(SYNTH_TUNE, 1.07);
    s.opts.jitter_cents = 15;
    s.opts.wrong_share  = .1;
    s.notes[5].cents    = 60;
    drop(&s, 9, 1);
    judge(&s);
    shed_json *v = shed_verdict_to_json(&s.v, &s.prompt, &s.take);
    shed_json_write(v, SHED_JSON_PRETTY, &texts[k]);
    shed_json_free(v);
    scene_end(&s);
  }
  assert_string_equal(shed_str_text(&texts[0]), shed_str_text(&texts[1]));
  shed_str_free(&texts[0]);
  shed_str_free(&texts[1]);
}

static void
memory_that_runs_out_leaves_nothing(void **state)
{
  static const synth_written few[] = {{60, 2, 0}, {62, 2, 0}, {64, 2, 0}, {0, 0, 0}};
  (void)state;
  shed_policy p;
  CHECK_OK(shed_policy_preset("", &p, NULL));
  scene s = scene_of(few, 1);
  s.take  = synth_take(s.notes, s.n, &s.opts);
  SWEEP_ALLOCATIONS(a, {
    shed_verdict v = {0};
    sweep_status   = shed_assessor_find("melody")->judge(&s.prompt, &s.take, &p, &a.alloc, &v, NULL);
    if (sweep_status == SHED_OK) {
      shed_verdict_free(&v);
    }
  });
  scene_end(&s);
}

static void
music_without_notes_is_refused(void **state)
{
  (void)state;
  static const synth_written none[] = {{0, -8, 0}, {0, 0, 0}};
  shed_error                 err    = {0};
  shed_policy                p;
  scene                      s = scene_of(none, 1);
  CHECK_OK(shed_policy_preset("", &p, NULL));
  s.opts.tail_s = 2;
  s.take        = synth_take(s.notes, s.n, &s.opts);
  CHECK_STATUS(shed_assessor_find("melody")->judge(&s.prompt, &s.take, &p, NULL, &s.v, &err), SHED_E_RANGE);
  assert_true(err.what[0] != '\0');
  scene_end(&s);
}

static void
music_is_found_in_a_long_take(void **state)
{
  (void)state;
  scene s = scene_of(SYNTH_TUNE, 1);
  for (size_t i = 0; i < s.n; i++) {
    s.notes[i].onset_s += 480;
    s.notes[i].offset_s += 480;
  }
  s.opts.tail_s = 240;
  judge(&s);
  assert_int_equal(count_label(&s, SHED_PITCH_CORRECT), s.v.n_notes);
  assert_true(has_message(s.v.warnings, s.v.n_warnings, SHED_MSG_take_long));
  CHECK_NEAR(s.v.notes[0].onset_s, s.notes[0].onset_s, .02);
  scene_end(&s);
}

static void
long_music_is_bounded(void **state)
{
  enum { ASKED = 200000, PLAYED = 40 };
  static synth_written long_music[ASKED + 1];
  (void)state;
  for (int i = 0; i < ASKED; i++) {
    long_music[i] = (synth_written){60 + (i * 7 + i / 5) % 12, 2, 0};
  }
  scene s  = {.opts = SYNTH_PLAIN, .policy = ""};
  s.prompt = synth_prompt(long_music);
  for (size_t i = 0; i < PLAYED; i++) {
    const shed_sounding_note *n = &s.prompt.line.notes[i];
    s.notes[i]                  = (synth_note){.5 + n->onset_s, .5 + n->onset_s + .45, n->midi, 0};
  }
  s.n = PLAYED;
  judge(&s);
  assert_int_equal(count_label(&s, SHED_PITCH_CORRECT), PLAYED);
  assert_int_equal(count_label(&s, SHED_PITCH_MISSED), ASKED - PLAYED);
  assert_non_null(incident(&s, "early_stop"));
  scene_end(&s);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_right_take_is_all_right),
      cmocka_unit_test(own_tempo_is_found),
      cmocka_unit_test(pitch_labels_have_their_lines),
      cmocka_unit_test(a_note_near_a_line_earns_what_either_side_of_it_earns),
      cmocka_unit_test(sound_lost_beside_a_line_leaves_the_note_without_credit),
      cmocka_unit_test(mallets_are_followed_under_somebody_who_sustains),
      cmocka_unit_test(a_missing_note_is_missed),
      cmocka_unit_test(a_tone_begun_again_on_the_pitch_before_is_a_wrong_note),
      cmocka_unit_test(an_extra_note_is_told),
      cmocka_unit_test(the_last_note_of_an_attempt_given_up_is_no_extra),
      cmocka_unit_test(a_note_that_speaks_an_octave_low_at_first_is_one_note),
      cmocka_unit_test(early_and_late_are_told),
      cmocka_unit_test(a_restart_is_a_restart),
      cmocka_unit_test(a_note_far_out_of_tune_is_one_note),
      cmocka_unit_test(a_soft_extra_note_is_told_where_nobody_else_sounds),
      cmocka_unit_test(a_phrase_begun_too_early_and_begun_again_is_a_restart),
      cmocka_unit_test(a_note_begun_anew_after_a_break_is_a_restart),
      cmocka_unit_test(a_hesitation_is_told_once),
      cmocka_unit_test(skips_and_stops_are_incidents),
      cmocka_unit_test(a_bar_behind_the_click_is_charged_once),
      cmocka_unit_test(after_a_stop_the_click_is_joined_on_another_beat),
      cmocka_unit_test(who_drags_behind_the_click_is_late),
      cmocka_unit_test(octave_and_key_are_policy),
      cmocka_unit_test(tuning_is_taken_off_by_policy),
      cmocka_unit_test(fixed_pitch_has_no_intonation),
      cmocka_unit_test(what_is_not_heard_is_not_judged),
      cmocka_unit_test(marked_notes_are_left_alone),
      cmocka_unit_test(same_input_same_bytes),
      cmocka_unit_test(memory_that_runs_out_leaves_nothing),
      cmocka_unit_test(music_without_notes_is_refused),
      cmocka_unit_test(music_is_found_in_a_long_take),
      cmocka_unit_test(long_music_is_bounded),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
