// Takes whose notes are known: chords judged key by key.
#include "assessors/assessor.h"
#include "engine/take/echo.h"
#include "engine/take/given.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

enum { CHORDS = 6, VOICES = 5 };
static const int chords[CHORDS][VOICES] = {{48, 55, 60, 64, 67}, {48, 57, 60, 65, 69}, {47, 55, 62, 65, 67},
                                           {48, 55, 60, 64, 72}, {50, 57, 62, 65, 69}, {43, 55, 59, 62, 67}};

// What is done to the key of a chord: 0 nothing, 999 left out, else so many semitones.
typedef struct {
  int chord, voice, change;
} slip;

static shed_take
played(const slip *slips, size_t n, int extra)
{
  char       text[4096];
  shed_take  take = {0};
  shed_error err  = {0};
  int        used = snprintf(text, sizeof(text), "onset_s,offset_s,midi\n");
  for (int c = 0; c < CHORDS; c++) {
    for (int v = 0; v < VOICES; v++) {
      int midi = chords[c][v];
      for (size_t i = 0; i < n; i++) {
        midi = slips[i].chord == c && slips[i].voice == v ? midi + slips[i].change : midi;
      }
      if (midi < 200) {
        double at = 1 + 0.6 * c + 0.008 * v;
        used += snprintf(text + used, sizeof(text) - (size_t)used, "%.3f,%.3f,%d\n", at, at + 0.5, midi);
      }
    }
    if (c == 1 && extra) {
      used += snprintf(text + used, sizeof(text) - (size_t)used, "%.3f,%.3f,%d\n", 1.64, 2.1, extra);
    }
  }
  if (shed_given_parse(text, (size_t)used, "a.notes.csv", NULL, &take, &err) != SHED_OK) {
    fail_msg("%s: %s", err.where, err.what);
  }
  return take;
}

static shed_prompt
asked(void)
{
  shed_prompt p    = {.id = "chords", .a4_hz = 440, .click_start_s = (double)NAN, .fixed_pitch = true};
  shed_take   take = played(NULL, 0, 0);
  CHECK_OK(shed_echo_line(&take, NULL, &p.line));
  shed_take_free(&take);
  return p;
}

static shed_status
judged(const shed_prompt *p, const shed_take *take, const shed_alloc *alloc, shed_verdict *v)
{
  shed_policy policy;
  CHECK_OK(shed_policy_preset("", &policy, NULL));
  return shed_assessor_find("melody")->judge(p, take, &policy, alloc, v, NULL);
}

static void
every_key_of_a_chord_is_judged(void **state)
{
  static const slip slips[] = {{2, 1, -1}, {4, 3, 999}};
  shed_prompt       p       = asked();
  shed_take         take    = played(slips, 2, 73);
  shed_verdict      v       = {0};
  (void)state;
  CHECK_OK(judged(&p, &take, NULL, &v));
  assert_int_equal(v.n_notes, CHORDS * VOICES);
  for (int i = 0; i < CHORDS * VOICES; i++) {
    shed_pitch_label expected = i == 11 ? SHED_PITCH_WRONG : i == 23 ? SHED_PITCH_MISSED : SHED_PITCH_CORRECT;
    if (v.notes[i].pitch != expected) {
      fail_msg("note %d is %d, expected %d", i, (int)v.notes[i].pitch, (int)expected);
    }
  }
  assert_int_equal(v.notes[11].played_midi, 54);
  assert_int_equal(v.n_extras, 1);
  assert_int_equal(v.extras[0].midi, 73);
  shed_verdict_free(&v);
  shed_take_free(&take);
  shed_prompt_free(&p);
}

static void
all_right_is_all_right(void **state)
{
  shed_prompt  p    = asked();
  shed_take    take = played(NULL, 0, 0);
  shed_verdict v    = {0};
  (void)state;
  CHECK_OK(judged(&p, &take, NULL, &v));
  CHECK_NEAR(v.score, 1, 1e-9);
  CHECK_NEAR(v.assessed, 1, 1e-9);
  assert_int_equal(v.n_extras, 0);
  shed_verdict_free(&v);
  shed_take_free(&take);
  shed_prompt_free(&p);
}

static void
every_allocation_may_fail(void **state)
{
  static const slip slips[] = {{2, 1, -1}, {4, 3, 999}};
  shed_prompt       p       = asked();
  shed_take         take    = played(slips, 2, 73);
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_verdict v = {0};
    sweep_status   = judged(&p, &take, &a.alloc, &v);
    shed_verdict_free(&v);
  });
  shed_take_free(&take);
  shed_prompt_free(&p);
}

// The key of a chord's upper voice as it is held, s, where the voice is asked for `wanted` of the chord's length.
static shed_length_label
length_of_upper(double wanted, double held_s)
{
  shed_prompt  p      = asked();
  shed_take    take   = played(NULL, 0, 0);
  shed_verdict v      = {0};
  const int    second = VOICES + VOICES - 1;
  for (int c = 0; c < CHORDS; c++) {
    shed_sounding_note *n = &p.line.notes[c * VOICES + VOICES - 1];
    n->duration_s *= wanted;
    n->flags &= ~(unsigned)SHED_NOTE_CHORD; // a voice of its own
    take.notes[c * VOICES + VOICES - 1].offset_s =
        take.notes[c * VOICES + VOICES - 1].onset_s + (float)held_s;
  }
  CHECK_OK(judged(&p, &take, NULL, &v));
  shed_length_label said = v.notes[second].length;
  shed_verdict_free(&v);
  shed_take_free(&take);
  shed_prompt_free(&p);
  return said;
}

static void
each_voice_of_a_chord_has_its_own_length(void **state)
{
  (void)state;
  assert_int_equal(length_of_upper(.38, .19), SHED_LENGTH_OK);
  assert_int_equal(length_of_upper(1, .5), SHED_LENGTH_OK);
  assert_int_equal(length_of_upper(1, .2), SHED_LENGTH_SHORT);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_key_of_a_chord_is_judged),
      cmocka_unit_test(each_voice_of_a_chord_has_its_own_length),
      cmocka_unit_test(all_right_is_all_right),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
