// What the tables of onsets and notes are counted with, on cases that can be checked by hand.
#include "engine/base/rng.h"
#include "tests/accuracy/interval.h"
#include "tests/accuracy/matching.h"
#include "tests/accuracy/praat_notes.h"
#include "tests/accuracy/reliability.h"
#include "tests/accuracy/vibrato_truth.h"
#include "tests/support/check.h"

#include <stdlib.h>

static int
by_value(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

// Greedy on sorted times finds as many pairs as augmenting paths do, however crowded.
static void
as_many_pairs_as_there_can_be(void **state)
{
  enum { N = 40, ROUNDS = 200 };
  shed_rng rng;
  shed_rng_seed(&rng, 1, 1);
  for (int r = 0; r < ROUNDS; r++) {
    match_note truth[N] = {{0}}, found[N] = {{0}};
    double     t[N], f[N];
    int        of[N];
    for (int i = 0; i < N; i++) {
      t[i] = 2 * shed_rng_unit(&rng);
      f[i] = 2 * shed_rng_unit(&rng);
    }
    qsort(t, N, sizeof(*t), by_value);
    qsort(f, N, sizeof(*f), by_value);
    for (int i = 0; i < N; i++) {
      truth[i].onset_s = t[i];
      found[i].onset_s = f[i];
      truth[i].midi = found[i].midi = 60;
    }
    int greedy = match_times(t, N, f, N, MATCH_TOLERANCE_S[MATCH_50], of);
    assert_int_equal(greedy, match_notes(truth, N, found, N, false, of));
  }
  (void)state;
}

static void
no_onset_is_used_twice(void **state)
{
  const match_note truth[] = {{.onset_s = 1.00}, {.onset_s = 1.04}, {.onset_s = 2.00, .slurred = true}};
  const double     one[]   = {1.02};
  onset_score      s       = match_score_onsets(truth, 3, one, 1);
  assert_int_equal(s.hits[MATCH_50], 1);
  assert_int_equal(s.hits[MATCH_25], 1);
  assert_int_equal(s.hits[MATCH_10], 0);
  assert_int_equal(s.slurs, 1);
  assert_int_equal(s.slurs_hit, 0);
  CHECK_NEAR(match_f(s.hits[MATCH_50], s.truth, s.found), 0.5, 1e-12);
  (void)state;
}

static match_note
note(double onset_s, double offset_s, double midi)
{
  return (match_note){.onset_s = onset_s, .offset_s = offset_s, .midi = midi};
}

static void
a_note_needs_onset_and_pitch(void **state)
{
  const match_note truth[] = {note(1, 2, 60), note(3, 3.1, 62), note(5, 5.2, -1)};
  const match_note found[] = {note(1.05, 1.7, 60.49), note(3, 3.1, 62.51), note(5.01, 5.2, -1),
                              note(5.02, 5.3, 64)};
  note_score       s       = match_score_notes(truth, 3, found, 4);
  assert_int_equal(s.hits, 2);        // .51 semitones is too far; the clap is matched by the clap
  assert_int_equal(s.hits_offset, 1); // the first ends 300 ms early of 200
  (void)state;
}

static void
lateness_is_of_nearest_pairs(void **state)
{
  const match_note truth[] = {{.onset_s = 1}, {.onset_s = 1.1}, {.onset_s = 3}};
  const double     found[] = {1.03, 1.11, 3.2};
  number_list      late    = {0};
  match_lateness(truth, 3, found, 3, &late);
  assert_int_equal(late.n, 2);
  CHECK_NEAR(late.v[0], 0.03, 1e-9);
  CHECK_NEAR(numbers_quantile(&late, 0.5), 0.02, 1e-9);
  numbers_free(&late);
  (void)state;
}

static void
an_interval_holds_the_value_and_narrows(void **state)
{
  enum { N = 400 };
  double   part[N], whole[N];
  shed_rng rng;
  shed_rng_seed(&rng, 2, 1);
  for (int i = 0; i < N; i++) {
    whole[i] = 10;
    part[i]  = 7 + 3 * shed_rng_unit(&rng);
  }
  interval few = interval_of_ratio(part, whole, 10), many = interval_of_ratio(part, whole, N);
  assert_true(few.low < few.value && few.value < few.high);
  CHECK_LT(many.high - many.low, (few.high - few.low) / 2);
  CHECK_NEAR(interval_of_gain(part, whole, part, whole, N).high, 0, 1e-12);
  (void)state;
}

static void
reliability_finds_what_is_off_and_mends_it(void **state)
{
  enum { N = 20000 };
  reliability r = {0};
  shed_rng    rng;
  double      a, b;
  shed_rng_seed(&rng, 3, 1);
  for (int i = 0; i < N; i++) {
    double said = 0.02 + 0.96 * shed_rng_unit(&rng), x = log(said / (1 - said));
    reliability_add(&r, said, shed_rng_unit(&rng) < 1 / (1 + exp(-(2 * x + 0.5))));
  }
  assert_true(reliability_error(&r) > 0.1);
  reliability_mend(&r, &a, &b);
  CHECK_NEAR(a, 2, 0.1);
  CHECK_NEAR(b, 0.5, 0.1);
  reliability mended = reliability_mended(&r, a, b);
  CHECK_LT(reliability_error(&mended), 0.02);
  reliability_free(&mended);
  reliability_free(&r);
  (void)state;
}

static void
pitch_is_cut_into_notes(void **state)
{
  enum { FRAMES = 200 };
  const praat_rule rule       = {.change = 1, .stay_frames = 6, .least_frames = 6, .snap = true};
  const double     attack[]   = {0.17, 1.2};
  double           f0[FRAMES] = {0}, change[FRAMES];
  match_note       notes[16];
  for (int i = 20; i < 60; i++) {
    f0[i] = i < 40 ? 440 : 494; // a step inside sound
  }
  for (int i = 100; i < 140; i++) {
    f0[i] = 330; // one attack inside constant pitch
  }
  praat_changes(f0, FRAMES, rule.stay_frames, change);
  assert_int_equal(praat_notes(&rule, f0, change, FRAMES, attack, 2, notes, 16), 4);
  CHECK_NEAR(notes[0].onset_s, 0.17, 1e-9);
  CHECK_NEAR(notes[1].onset_s, 0.40, 1e-9);
  CHECK_NEAR(notes[1].midi, 71.0, 0.05);
  CHECK_NEAR(notes[2].onset_s, 1.0, 1e-9);
  CHECK_NEAR(notes[3].onset_s, 1.2, 1e-9);
  CHECK_NEAR(notes[3].offset_s, 1.4, 1e-9);
  (void)state;
}

static void
a_vibrato_is_read_off_a_pitch_curve(void **state)
{
  enum { FRAMES = 120 };
  float  f0[FRAMES];
  double hz, cents;
  for (int i = 0; i < FRAMES; i++) {
    f0[i] = 440 * (float)exp2((30 * sin(2 * 3.14159265358979 * 5.5 * i * 0.01) + 0.2 * i) / 1200);
  }
  vibrato_in(f0, FRAMES, &hz, &cents);
  CHECK_NEAR(hz, 5.5, 0.1);
  CHECK_NEAR(cents, 30, 1.5);
  (void)state;
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(as_many_pairs_as_there_can_be),
      cmocka_unit_test(no_onset_is_used_twice),
      cmocka_unit_test(a_note_needs_onset_and_pitch),
      cmocka_unit_test(lateness_is_of_nearest_pairs),
      cmocka_unit_test(an_interval_holds_the_value_and_narrows),
      cmocka_unit_test(reliability_finds_what_is_off_and_mends_it),
      cmocka_unit_test(pitch_is_cut_into_notes),
      cmocka_unit_test(a_vibrato_is_read_off_a_pitch_curve),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
