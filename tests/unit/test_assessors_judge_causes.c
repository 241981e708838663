#include "assessors/judge_causes.h"

#include "assessors/assessor.h"
#include "tests/support/check.h"
#include "tests/support/synth_take.h"

enum { MOST = 64 };

// In D major at concert pitch, eighths and quarters, eight bars.
static const synth_written TUNE[] = {{62, 2, 0}, {64, 2, 0}, {66, 2, 0}, {67, 2, 0}, {69, 2, 0}, {71, 2, 0},
                                     {73, 2, 0}, {74, 2, 0}, {73, 2, 0}, {71, 2, 0}, {69, 2, 0}, {67, 2, 0},
                                     {66, 2, 0}, {64, 2, 0}, {66, 2, 0}, {69, 2, 0}, {74, 2, 0}, {69, 2, 0},
                                     {66, 2, 0}, {62, 2, 0}, {64, 2, 0}, {69, 2, 0}, {67, 2, 0}, {64, 2, 0},
                                     {66, 4, 0}, {64, 4, 0}, {62, 8, 0}, {0, 0, 0}};

static const synth_written DOTS[] = {{62, 3, 0}, {64, 1, 0}, {66, 2, 0}, {67, 2, 0}, {69, 3, 0}, {67, 1, 0},
                                     {66, 2, 0}, {64, 2, 0}, {62, 3, 0}, {66, 1, 0}, {69, 2, 0}, {66, 2, 0},
                                     {64, 3, 0}, {66, 1, 0}, {62, 4, 0}, {0, 0, 0}};

// With a rest before each entry.
static const synth_written ENTRIES[] = {
    {62, 2, 0}, {64, 2, 0}, {66, 2, 0}, {0, -2, 0}, {69, 2, 0}, {71, 2, 0}, {73, 2, 0}, {0, -2, 0},
    {74, 2, 0}, {73, 2, 0}, {71, 2, 0}, {0, -2, 0}, {69, 2, 0}, {67, 2, 0}, {66, 2, 0}, {0, -2, 0},
    {64, 2, 0}, {66, 2, 0}, {69, 2, 0}, {0, -2, 0}, {66, 2, 0}, {64, 2, 0}, {62, 4, 0}, {0, 0, 0}};

typedef struct {
  shed_prompt  prompt;
  synth_note   notes[MOST];
  size_t       n;
  synth_opts   opts;
  double       scoop_cents;
  shed_take    take;
  shed_verdict v;
} scene;

static scene
scene_of(const synth_written *w, const char *profile)
{
  scene s  = {.opts = SYNTH_PLAIN};
  s.prompt = synth_prompt(w);
  s.n      = s.prompt.line.n_notes;
  for (size_t i = 0; i < s.n; i++) {
    s.prompt.line.notes[i].sounding = shed_pitch_spell(s.prompt.line.notes[i].midi, 2);
    s.prompt.line.notes[i].written  = s.prompt.line.notes[i].sounding;
  }
  for (size_t i = 0; i < s.prompt.line.n_measures; i++) {
    s.prompt.line.measures[i].fifths = 2;
  }
  (void)snprintf(s.prompt.profile, sizeof(s.prompt.profile), "%s", profile);
  synth_play(&s.prompt, .7, 1, s.notes);
  return s;
}

static void
judge(scene *s)
{
  shed_policy p;
  CHECK_OK(shed_policy_preset("", &p, NULL));
  s->take = synth_take(s->notes, s->n, &s->opts);
  for (size_t k = 0; k < s->n && s->scoop_cents > 0; k++) {
    for (size_t i = 0; i < s->take.n_frames; i++) {
      double since = (double)i * SHED_FRAME_HOP_S - s->notes[k].onset_s;
      if (since >= 0 && since < .14) {
        double factor                     = exp2(-s->scoop_cents * (.14 - since) / .14 / 1200);
        s->take.frames[i].f0_hz           = (float)((double)s->take.frames[i].f0_hz * factor);
        s->take.frames[i].cand[0].f0_hz   = s->take.frames[i].f0_hz;
        s->take.frames[i].cand[1].support = .2F;
      }
    }
  }
  CHECK_OK(shed_assessor_find("melody")->judge(&s->prompt, &s->take, &p, NULL, &s->v, NULL));
}

static void
scene_end(scene *s)
{
  shed_prompt_free(&s->prompt);
  shed_take_free(&s->take);
  shed_verdict_free(&s->v);
}

static const shed_message *
told(const scene *s, shed_message_code code)
{
  for (int i = 0; i < s->v.n_advice; i++) {
    if (s->v.advice[i].code == code) {
      return &s->v.advice[i];
    }
  }
  return NULL;
}

static void
all_told(const scene *s, shed_str *out)
{
  for (int i = 0; i < s->v.n_advice; i++) {
    shed_message_text(&s->v.advice[i], out);
    (void)shed_str_add(out, " | ");
  }
}

// The cause is told first, once, and with these words in it.
static void
expect_first(scene *s, shed_message_code code, const char *words)
{
  shed_str text = {0};
  judge(s);
  all_told(s, &text);
  if (s->v.n_advice == 0 || s->v.advice[0].code != code || !strstr(shed_str_text(&text), words)) {
    fail_msg("expected first %s with \"%s\", told: %s", shed_message_id(code), words, shed_str_text(&text));
  }
  for (int i = 1; i < s->v.n_advice; i++) {
    if (s->v.advice[i].code != SHED_MSG_advice_loop) {
      fail_msg("told besides: %s", shed_str_text(&text));
    }
  }
  shed_str_free(&text);
  scene_end(s);
}

static void
shift_from(scene *s, size_t from, double by_s)
{
  for (size_t i = from; i < s->n; i++) {
    s->notes[i].onset_s += by_s;
    s->notes[i].offset_s += by_s;
  }
}

static void
a_clean_take_has_no_cause(void **state)
{
  static const char *const profiles[] = {"", "clarinet", "trumpet", "flute", "violin"};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(profiles); i++) {
    for (int dots = 0; dots <= 1; dots++) {
      scene s = scene_of(dots ? DOTS : TUNE, profiles[i]);
      expect_first(&s, SHED_MSG_advice_all_good, "All of it is right");
    }
  }
}

static void
a_sharp_of_the_key_left_out_is_told_as_that(void **state)
{
  (void)state;
  scene s         = scene_of(TUNE, "");
  s.notes[6].midi = 72;
  s.notes[8].midi = 72;
  expect_first(&s, SHED_MSG_advice_key_missed,
               "You missed the C♯ of the key signature: 2 times C, first in bar 2");
}

static void
one_sharp_left_out_is_enough(void **state)
{
  (void)state;
  scene s          = scene_of(TUNE, "");
  s.notes[12].midi = 65;
  expect_first(&s, SHED_MSG_advice_key_missed, "key signature: 1 time F,");
}

static void
a_sign_before_the_note_is_another_cause(void **state)
{
  (void)state;
  scene s = scene_of(TUNE, "");
  for (size_t i = 0; i < s.prompt.line.n_measures; i++) {
    s.prompt.line.measures[i].fifths = 0; // now each sharp stands before its note
  }
  s.notes[6].midi = 72;
  expect_first(&s, SHED_MSG_advice_accidental, "the sign before the note was missed");
}

static void
the_register_key_is_named_both_ways(void **state)
{
  (void)state;
  scene s         = scene_of(TUNE, "clarinet");
  s.notes[3].midi = 67 + 19;
  expect_first(&s, SHED_MSG_advice_register_open,
               "a twelfth too high, first in bar 1: the register key was down");
  s               = scene_of(TUNE, "clarinet");
  s.notes[7].midi = 74 - 19;
  expect_first(&s, SHED_MSG_advice_register_closed, "a twelfth too low, first in bar 2");
}

static void
right_valves_wrong_partial_is_named(void **state)
{
  (void)state;
  scene s          = scene_of(TUNE, "trumpet");
  s.notes[16].midi = 70; // open, as the D above it
  expect_first(&s, SHED_MSG_advice_partial_down,
               "Right valves, wrong partial: 1 note too low, first in bar 5");
  s               = scene_of(TUNE, "trombone");
  s.notes[0].midi = 65; // open, as the D below it
  expect_first(&s, SHED_MSG_advice_slide_partial_up, "Right place of the slide, wrong partial");
}

static void
the_octave_of_a_flute_is_named(void **state)
{
  (void)state;
  scene s          = scene_of(TUNE, "flute");
  s.notes[10].midi = 57;
  expect_first(&s, SHED_MSG_advice_octave_down, "an octave too low, first in bar 3");
}

static void
neighbouring_notes_are_named(void **state)
{
  (void)state;
  scene s          = scene_of(TUNE, "");
  s.notes[3].midi  = 69;
  s.notes[17].midi = 71;
  expect_first(&s, SHED_MSG_advice_neighbour, "2 notes were a neighbouring note, first in bar 1: A4 for G4");
}

static void
dots_played_even_are_named(void **state)
{
  (void)state;
  scene s = scene_of(DOTS, "");
  for (size_t i = 0; i + 1 < s.n; i++) {
    if (s.prompt.line.notes[i + 1].duration_s <= .26) {
      s.notes[i].offset_s -= .22;
      s.notes[i + 1].onset_s -= .25;
    }
  }
  expect_first(&s, SHED_MSG_advice_dotted_even, "written is 3 : 1");
}

static void
late_entries_after_rests_are_named(void **state)
{
  (void)state;
  scene s = scene_of(ENTRIES, "");
  for (size_t i = 3; i <= 9; i += 6) { // after the first and the third rest
    s.notes[i].onset_s += .18;
  }
  expect_first(&s, SHED_MSG_advice_entries, "2 entries after a rest come late, first in bar 2");
}

static void
a_take_that_ends_two_notes_early_is_told_so(void **state)
{
  (void)state;
  scene s = scene_of(TUNE, "");
  s.n -= 2;
  expect_first(&s, SHED_MSG_advice_ends_in, "the take ends in bar 7");
}

static void
one_wrong_note_is_named_beside_the_praise(void **state)
{
  (void)state;
  scene s          = scene_of(TUNE, "");
  s.notes[16].midi = 71;
  expect_first(&s, SHED_MSG_advice_good_note, "In bar 5 D5 became B4");
}

// A low voice sounds in the first rest.
static size_t
extras_with(const char *profile)
{
  scene s      = scene_of(ENTRIES, profile);
  s.notes[s.n] = (synth_note){.midi = 45};
  for (size_t i = s.n++; i > 3; i--) { // in order of time
    synth_note later = s.notes[i];
    s.notes[i]       = s.notes[i - 1];
    s.notes[i - 1]   = later;
  }
  s.notes[3].onset_s  = s.notes[2].offset_s + .05;
  s.notes[3].offset_s = s.notes[4].onset_s - .05;
  judge(&s);
  size_t n = s.v.n_extras;
  scene_end(&s);
  return n;
}

static void
what_the_instrument_cannot_play_is_somebody_elses(void **state)
{
  (void)state;
  assert_int_equal(extras_with("cello"), 1);
  assert_int_equal(extras_with("flute"), 0);
}

static void
getting_faster_and_slower_is_named(void **state)
{
  (void)state;
  for (int faster = 0; faster <= 1; faster++) {
    scene  s  = scene_of(TUNE, "");
    double at = .7;
    for (size_t i = 0; i < s.n; i++) {
      double share = (double)i / (double)s.n, pace = faster ? 1 - .2 * share : 1 + .25 * share;
      double length       = s.prompt.line.notes[i].duration_s * pace;
      s.notes[i].onset_s  = at;
      s.notes[i].offset_s = at + .9 * length;
      at += length;
    }
    expect_first(&s, faster ? SHED_MSG_advice_gets_faster : SHED_MSG_advice_gets_slower,
                 faster ? "You get faster" : "You get slower");
  }
}

static void
scoops_are_named(void **state)
{
  (void)state;
  scene s         = scene_of(TUNE, "");
  s.prompt.sung   = true;
  s.prompt.key    = SHED_KEY_ANY;
  s.prompt.octave = SHED_OCTAVE_ANY;
  s.scoop_cents   = 120;
  judge(&s);
  assert_non_null(told(&s, SHED_MSG_advice_scoop));
  scene_end(&s);
}

static void
stopping_after_mistakes_is_named(void **state)
{
  (void)state;
  scene s          = scene_of(TUNE, "");
  s.notes[5].midi  = 77;
  s.notes[13].midi = 72;
  shift_from(&s, 6, 1.3);
  shift_from(&s, 14, 1.3);
  judge(&s);
  shed_str text = {0};
  all_told(&s, &text);
  if (!told(&s, SHED_MSG_advice_stops) || told(&s, SHED_MSG_advice_hesitations)) {
    fail_msg("%s", shed_str_text(&text));
  }
  shed_str_free(&text);
  scene_end(&s);
}

static void
a_late_start_is_told_once(void **state)
{
  (void)state;
  scene s = scene_of(TUNE, "");
  memmove(s.notes, s.notes + 5, (s.n - 5) * sizeof(s.notes[0]));
  s.n -= 5;
  judge(&s);
  assert_non_null(told(&s, SHED_MSG_advice_late_start));
  assert_null(told(&s, SHED_MSG_advice_missed));
  scene_end(&s);
}

static void
the_weakest_two_bars_become_a_loop_with_a_ladder(void **state)
{
  (void)state;
  scene s          = scene_of(TUNE, "");
  s.notes[9].midi  = 78;
  s.notes[11].midi = 60;
  s.notes[13].midi = 72;
  judge(&s);
  const shed_message *m    = told(&s, SHED_MSG_advice_loop);
  shed_str            text = {0};
  assert_non_null(m);
  shed_message_text(m, &text);
  if (!strstr(shed_str_text(&text), "bars 3 and 4") || !strstr(shed_str_text(&text), "at 72 beats") ||
      !strstr(shed_str_text(&text), "then at 96, then at 120")) {
    fail_msg("%s", shed_str_text(&text));
  }
  shed_str_free(&text);
  scene_end(&s);
}

static void
another_transposition_asks_for_the_instrument(void **state)
{
  static const int shifts[] = {2, 3, 7, 9, -2, -9};
  (void)state;
  for (size_t k = 0; k < SHED_COUNTOF(shifts); k++) {
    scene s    = scene_of(TUNE, "trumpet");
    bool  said = false;
    for (size_t i = 0; i < s.n; i++) {
      s.notes[i].midi += shifts[k];
    }
    judge(&s);
    for (int i = 0; i < s.v.n_warnings; i++) {
      said = said || s.v.warnings[i].code == SHED_MSG_judge_other_key;
    }
    if (!said) {
      fail_msg("nothing was said of a shift of %d", shifts[k]);
    }
    scene_end(&s);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_clean_take_has_no_cause),
      cmocka_unit_test(a_sharp_of_the_key_left_out_is_told_as_that),
      cmocka_unit_test(one_sharp_left_out_is_enough),
      cmocka_unit_test(a_sign_before_the_note_is_another_cause),
      cmocka_unit_test(the_register_key_is_named_both_ways),
      cmocka_unit_test(right_valves_wrong_partial_is_named),
      cmocka_unit_test(the_octave_of_a_flute_is_named),
      cmocka_unit_test(neighbouring_notes_are_named),
      cmocka_unit_test(dots_played_even_are_named),
      cmocka_unit_test(late_entries_after_rests_are_named),
      cmocka_unit_test(a_take_that_ends_two_notes_early_is_told_so),
      cmocka_unit_test(one_wrong_note_is_named_beside_the_praise),
      cmocka_unit_test(what_the_instrument_cannot_play_is_somebody_elses),
      cmocka_unit_test(getting_faster_and_slower_is_named),
      cmocka_unit_test(scoops_are_named),
      cmocka_unit_test(stopping_after_mistakes_is_named),
      cmocka_unit_test(a_late_start_is_told_once),
      cmocka_unit_test(the_weakest_two_bars_become_a_loop_with_a_ladder),
      cmocka_unit_test(another_transposition_asks_for_the_instrument),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
