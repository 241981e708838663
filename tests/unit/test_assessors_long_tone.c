#include "assessors/assessor.h"
#include "engine/base/rng.h"

#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"
#include "tests/support/line.h"

#include <stdlib.h>

#define PI 3.14159265358979323846

enum { MOST_FRAMES = 3000 };

typedef struct {
  shed_line    line;
  shed_prompt  prompt;
  shed_policy  policy;
  shed_frame   frames[MOST_FRAMES];
  shed_take    take;
  shed_verdict v;
} stage;

// One tone as it is to be heard.
typedef struct {
  double start_s, length_s;
  double midi, cents;
  double drift_cents;               // from start to end
  double vibrato_hz, vibrato_cents; // to each side
  double wobble_cents, wobble_hz;   // slow
  double level_db, fade_db;
  double confidence;
} tone;

static const tone good = {.start_s = 1, .length_s = 8, .midi = 67, .level_db = -20, .confidence = 0.98};

static void
set_up(stage *s, const char *text)
{
  *s               = (stage){0};
  s->line          = line_of(text, 60, 4, 4);
  s->prompt        = (shed_prompt){.kind = "long_tone", .id = "test/tone", .line = s->line, .a4_hz = 440};
  s->prompt.hold_s = 8;
  s->prompt.tuning = SHED_TUNING_A4;
  s->take = (shed_take){.kind = SHED_TAKE_AUDIO, .frames = s->frames, .n_frames = 1200, .snr_db = 40};
  s->take.duration_s = 12;
  for (size_t i = 0; i < MOST_FRAMES; i++) {
    s->frames[i].level_db = -70;
  }
  CHECK_OK(shed_policy_preset("", &s->policy, NULL));
}

static void
play(stage *s, tone t)
{
  for (double at = 0; at < t.length_s; at += SHED_FRAME_HOP_S) {
    shed_frame *f     = &s->frames[(size_t)lround((t.start_s + at) / SHED_FRAME_HOP_S)];
    double      share = at / t.length_s;
    double      cents = t.cents + t.drift_cents * (share - 0.5) +
                   t.vibrato_cents * sin(2 * PI * t.vibrato_hz * at) +
                   t.wobble_cents * sin(2 * PI * t.wobble_hz * at);
    f->voiced     = true;
    f->confidence = (float)t.confidence;
    f->level_db   = (float)(t.level_db - t.fade_db * share);
    f->f0_hz      = (float)(440 * exp2((t.midi - 69) / 12 + cents / 1200));
  }
}

static void
judge(stage *s)
{
  CHECK_OK(shed_assessor_find("long_tone")->judge(&s->prompt, &s->take, &s->policy, NULL, &s->v, NULL));
}

static void
tear_down(stage *s)
{
  shed_verdict_free(&s->v);
  line_free(&s->line);
}

static const shed_dimension *
dimension(const stage *s, const char *name)
{
  const shed_dimension *d = shed_verdict_dimension(&s->v, name);
  assert_non_null(d);
  return d;
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
a_still_tone_of_full_length_holds(void **state)
{
  (void)state;
  stage s;
  set_up(&s, "G4:8");
  play(&s, good);
  judge(&s);
  CHECK_NEAR(s.v.score, 1, 1e-6);
  CHECK_NEAR(s.v.assessed, 1, 1e-6);
  CHECK_NEAR(dimension(&s, "sustain")->value, 8, 0.02);
  CHECK_NEAR(dimension(&s, "steadiness")->value, 0, 0.1);
  CHECK_NEAR(dimension(&s, "intonation")->value, 0, 0.1);
  CHECK_NEAR(dimension(&s, "level")->value, 0, 0.01);
  assert_int_equal(s.v.notes[0].pitch, SHED_PITCH_CORRECT);
  assert_int_equal(s.v.notes[0].length, SHED_LENGTH_OK);
  assert_int_equal(s.v.notes[0].timing, SHED_TIMING_NONE);
  CHECK_NEAR(s.v.notes[0].onset_s, 1, 0.011);
  assert_int_equal(s.v.notes[0].played_midi, 67);
  assert_true(advised(&s, SHED_MSG_long_tone_holds));
  tear_down(&s);
}

static void
vibrato_is_not_unsteadiness_and_wobble_is(void **state)
{
  (void)state;
  stage s;
  tone  t         = good;
  t.vibrato_hz    = 5.5;
  t.vibrato_cents = 35;
  set_up(&s, "G4:8");
  play(&s, t);
  judge(&s);
  CHECK_LT(dimension(&s, "steadiness")->value, 6);
  CHECK_NEAR(dimension(&s, "steadiness")->score, 1, 1e-9);
  CHECK_NEAR(dimension(&s, "intonation")->value, 0, 2);
  tear_down(&s);
  t.vibrato_cents = 0;
  t.wobble_cents  = 25;
  t.wobble_hz     = 0.8;
  set_up(&s, "G4:8");
  play(&s, t);
  judge(&s);
  CHECK_NEAR(dimension(&s, "steadiness")->value, 25 / sqrt(2), 2);
  CHECK_LT(dimension(&s, "steadiness")->score, 0.8);
  assert_true(advised(&s, SHED_MSG_long_tone_shaky));
  tear_down(&s);
}

static void
labels_follow_the_cents(void **state)
{
  static const struct {
    double           cents;
    shed_pitch_label label;
  } rows[] = {{0, SHED_PITCH_CORRECT}, {-25, SHED_PITCH_CORRECT}, {29.5, SHED_PITCH_UNSURE},
              {35, SHED_PITCH_SHARP},  {-60, SHED_PITCH_FLAT},    {70.5, SHED_PITCH_UNSURE},
              {80, SHED_PITCH_WRONG},  {-100, SHED_PITCH_WRONG},  {-200, SHED_PITCH_WRONG},
              {1200, SHED_PITCH_WRONG}};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    stage s;
    tone  t = good;
    t.cents = rows[i].cents;
    set_up(&s, "G4:8");
    play(&s, t);
    judge(&s);
    if (s.v.notes[0].pitch != rows[i].label) {
      fail_msg("%g cents: label %d, expected %d", rows[i].cents, (int)s.v.notes[0].pitch, (int)rows[i].label);
    }
    CHECK_NEAR(s.v.notes[0].cents, rows[i].cents, 0.1);
    tear_down(&s);
  }
}

static void
a_short_tone_says_how_short(void **state)
{
  (void)state;
  stage s;
  tone  t    = good;
  t.length_s = 5;
  set_up(&s, "G4:8");
  play(&s, t);
  judge(&s);
  assert_int_equal(s.v.notes[0].length, SHED_LENGTH_SHORT);
  CHECK_NEAR(dimension(&s, "sustain")->score, 5.0 / 8, 0.01);
  CHECK_NEAR(dimension(&s, "sustain")->value, 5, 0.02);
  assert_int_equal(s.v.advice[0].code, SHED_MSG_long_tone_short);
  assert_string_equal(s.v.advice[0].params[0].value, "5");
  tear_down(&s);
}

static void
a_hole_of_the_ear_is_bridged_and_a_breath_is_not(void **state)
{
  static const struct {
    double hole_s, held_s;
  } rows[] = {{0.08, 8}, {0.12, 8}, {0.4, 5}, {1.0, 5}};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    stage s;
    set_up(&s, "G4:8");
    play(&s, good);
    for (double at = 0; at < rows[i].hole_s; at += SHED_FRAME_HOP_S) {
      s.frames[lround((6.0 + at) / SHED_FRAME_HOP_S)].voiced = false;
    }
    judge(&s);
    CHECK_NEAR(dimension(&s, "sustain")->value, rows[i].held_s, 0.03);
    tear_down(&s);
  }
}

static void
a_sinking_tone_and_a_fading_one_are_named(void **state)
{
  (void)state;
  stage s;
  tone  t       = good;
  t.drift_cents = -40;
  set_up(&s, "G4:8");
  play(&s, t);
  judge(&s);
  assert_true(advised(&s, SHED_MSG_long_tone_sinks));
  tear_down(&s);
  t.drift_cents = 0;
  t.fade_db     = 24;
  t.length_s    = 6;
  set_up(&s, "G4:8");
  play(&s, t);
  judge(&s);
  assert_true(advised(&s, SHED_MSG_long_tone_fades));
  CHECK_LT(dimension(&s, "level")->score, 0.6);
  CHECK_NEAR(s.v.score, (6.0 / 8 + 3) / 4, 0.01); // the level is shown, and costs nothing
  tear_down(&s);
}

static double
number_of(const shed_message *m, const char *key)
{
  for (int i = 0; i < m->n; i++) {
    if (strcmp(m->params[i].key, key) == 0) {
      return strtod(m->params[i].value, NULL);
    }
  }
  return (double)NAN;
}

// Whose air is used up stops early and sinks: one cause, told once, with all of the way that the pitch went.
static void
a_tone_that_ends_early_and_sinks_has_one_cause(void **state)
{
  (void)state;
  stage s;
  tone  t       = good;
  t.drift_cents = -37;
  t.length_s    = 5;
  set_up(&s, "G4:8");
  play(&s, t);
  judge(&s);
  assert_int_equal(s.v.advice[0].code, SHED_MSG_long_tone_spent);
  CHECK_NEAR(number_of(&s.v.advice[0], "cents"), 37, 3);
  CHECK_NEAR(number_of(&s.v.advice[0], "held"), 5, .1);
  assert_false(advised(&s, SHED_MSG_long_tone_sinks));
  assert_false(advised(&s, SHED_MSG_long_tone_short));
  tear_down(&s);
}

static void
octave_and_key_follow_the_prompt(void **state)
{
  (void)state;
  stage s;
  tone  t = good;
  t.midi  = 55;
  t.cents = 12;
  set_up(&s, "G4:8");
  s.prompt.octave = SHED_OCTAVE_ANY;
  play(&s, t);
  judge(&s);
  assert_int_equal(s.v.octave_shift, -1);
  CHECK_NEAR(s.v.notes[0].cents, 12, 0.1);
  assert_int_equal(s.v.notes[0].pitch, SHED_PITCH_CORRECT);
  tear_down(&s);
  t.midi = 62;
  set_up(&s, "G4:8");
  s.prompt.key = SHED_KEY_ANY;
  play(&s, t);
  judge(&s);
  assert_int_equal(s.v.notes[0].pitch, SHED_PITCH_CORRECT);
  assert_true(isnan(dimension(&s, "intonation")->score));
  tear_down(&s);
}

static void
another_a4_moves_the_target(void **state)
{
  (void)state;
  stage s;
  tone  t = good;
  t.cents = 1200 * log2(443.0 / 440);
  set_up(&s, "G4:8");
  s.prompt.a4_hz = 443;
  play(&s, t);
  judge(&s);
  CHECK_NEAR(s.v.notes[0].cents, 0, 0.1);
  tear_down(&s);
}

static void
several_tones_are_taken_in_order(void **state)
{
  (void)state;
  stage s;
  tone  t = good;
  set_up(&s, "G4:3 A4:3 B4:3");
  s.prompt.hold_s = 3;
  t.length_s      = 3;
  t.start_s       = 0.5;
  play(&s, t);
  t.midi     = 62; // a slip on the way
  t.start_s  = 3.9;
  t.length_s = 0.4;
  play(&s, t);
  t.midi     = 71;
  t.start_s  = 5;
  t.length_s = 3;
  play(&s, t);
  judge(&s);
  assert_int_equal(s.v.notes[0].pitch, SHED_PITCH_CORRECT);
  assert_int_equal(s.v.notes[2].pitch, SHED_PITCH_CORRECT);
  CHECK_NEAR(s.v.notes[2].onset_s, 5, 0.02);
  tear_down(&s);
}

static void
silence_and_unsure_sound_are_not_assessed(void **state)
{
  (void)state;
  stage s;
  set_up(&s, "G4:8");
  judge(&s);
  assert_true(isnan(s.v.score));
  CHECK_NEAR(s.v.assessed, 0, 0);
  assert_int_equal(s.v.notes[0].pitch, SHED_PITCH_NONE);
  assert_int_equal(s.v.warnings[0].code, SHED_MSG_long_tone_nothing_heard);
  assert_int_equal(s.v.passed, -1);
  tear_down(&s);
  tone t       = good;
  t.confidence = 0.3;
  set_up(&s, "G4:8");
  play(&s, t);
  judge(&s);
  assert_true(isnan(s.v.score));
  tear_down(&s);
}

static void
targets_are_compared_as_measures(void **state)
{
  (void)state;
  for (int held = 5; held <= 8; held++) {
    stage s;
    tone  t    = good;
    t.length_s = held;
    set_up(&s, "G4:8");
    s.prompt.targets[0] = (shed_target){"sustain", 0.85};
    s.prompt.targets[1] = (shed_target){"pitch", 0.9};
    s.prompt.n_targets  = 2;
    play(&s, t);
    judge(&s);
    assert_int_equal(s.v.passed, held >= 7);
    tear_down(&s);
  }
}

static void
a_note_list_tells_length_and_pitch(void **state)
{
  (void)state;
  stage           s;
  shed_heard_note note = {
      .onset_s = 1, .offset_s = 7, .midi = 67, .cents = -8, .confidence = 1, .cents_sd = NAN};
  set_up(&s, "G4:8");
  s.take = (shed_take){.kind = SHED_TAKE_NOTES, .notes = &note, .n_notes = 1, .duration_s = 8, .snr_db = NAN};
  judge(&s);
  CHECK_NEAR(dimension(&s, "sustain")->value, 6, 1e-6);
  CHECK_NEAR(dimension(&s, "intonation")->value, -8, 1e-3);
  assert_true(isnan(dimension(&s, "steadiness")->score));
  assert_true(isnan(dimension(&s, "level")->score));
  assert_int_equal(s.v.notes[0].take_index, 0);
  tear_down(&s);
}

static void
noise_on_the_track_moves_little(void **state)
{
  (void)state;
  for (uint64_t seed = 0; seed < 20; seed++) {
    stage    s;
    shed_rng rng;
    shed_rng_seed(&rng, seed, 1);
    set_up(&s, "G4:8");
    play(&s, good);
    for (size_t i = 0; i < s.take.n_frames; i++) {
      if (s.frames[i].voiced) {
        double cents = 6 * shed_rng_normal(&rng);
        if (shed_rng_below(&rng, 50) == 0) {
          cents = 1200; // an octave slip of the ear
        }
        s.frames[i].f0_hz *= (float)exp2(cents / 1200);
      }
    }
    judge(&s);
    CHECK_NEAR(s.v.notes[0].cents, 0, 1.5);
    CHECK_LT(dimension(&s, "steadiness")->value, 4);
    CHECK_NEAR(dimension(&s, "sustain")->value, 8, 0.05);
    tear_down(&s);
  }
}

// Frames of one second in the middle of the tone say the octave below or above, with the tone as second candidate.
static void
slip(stage *s, double octaves, float support)
{
  for (size_t i = 400; i < 500; i++) {
    shed_frame *f    = &s->frames[i];
    f->cand[1].f0_hz = f->f0_hz;
    f->f0_hz *= (float)exp2(octaves);
    f->cand[0].f0_hz   = f->f0_hz;
    f->cand[0].support = 1;
    f->cand[1].support = support;
  }
}

static void
a_voice_beside_the_tone_does_not_break_it(void **state)
{
  static const struct {
    double octaves;
    float  support;
    double held_s;
  } rows[] = {{-1, 0.92F, 8}, {-1, 0.5F, 4}, {1, 0.99F, 4}};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    stage s;
    set_up(&s, "G4:8");
    play(&s, good);
    slip(&s, rows[i].octaves, rows[i].support);
    judge(&s);
    CHECK_NEAR(dimension(&s, "sustain")->value, rows[i].held_s, 0.05);
    assert_int_equal(s.v.notes[0].pitch, SHED_PITCH_CORRECT);
    tear_down(&s);
  }
}

static void
nothing_to_hold_is_refused(void **state)
{
  (void)state;
  stage s;
  set_up(&s, "x:4");
  CHECK_STATUS(shed_assessor_find("long_tone")->judge(&s.prompt, &s.take, &s.policy, NULL, &s.v, NULL),
               SHED_E_RANGE);
  tear_down(&s);
}

static void
running_out_of_memory_leaves_nothing(void **state)
{
  (void)state;
  stage s;
  set_up(&s, "G4:8");
  play(&s, good);
  SWEEP_ALLOCATIONS(a, {
    shed_verdict v = {0};
    sweep_status = shed_assessor_find("long_tone")->judge(&s.prompt, &s.take, &s.policy, &a.alloc, &v, NULL);
    shed_verdict_free(&v);
  });
  tear_down(&s);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_still_tone_of_full_length_holds),
      cmocka_unit_test(vibrato_is_not_unsteadiness_and_wobble_is),
      cmocka_unit_test(labels_follow_the_cents),
      cmocka_unit_test(a_short_tone_says_how_short),
      cmocka_unit_test(a_hole_of_the_ear_is_bridged_and_a_breath_is_not),
      cmocka_unit_test(a_sinking_tone_and_a_fading_one_are_named),
      cmocka_unit_test(a_tone_that_ends_early_and_sinks_has_one_cause),
      cmocka_unit_test(octave_and_key_follow_the_prompt),
      cmocka_unit_test(another_a4_moves_the_target),
      cmocka_unit_test(several_tones_are_taken_in_order),
      cmocka_unit_test(silence_and_unsure_sound_are_not_assessed),
      cmocka_unit_test(targets_are_compared_as_measures),
      cmocka_unit_test(a_note_list_tells_length_and_pitch),
      cmocka_unit_test(noise_on_the_track_moves_little),
      cmocka_unit_test(a_voice_beside_the_tone_does_not_break_it),
      cmocka_unit_test(nothing_to_hold_is_refused),
      cmocka_unit_test(running_out_of_memory_leaves_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
