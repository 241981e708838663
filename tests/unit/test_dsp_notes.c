// Notes and onsets, through the whole ear: what is promised is about sound.
#include "engine/base/rng.h"
#include "engine/dsp/notes_internal.h"
#include "engine/dsp/pi.h"
#include "engine/hear/hear.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

#include <stdlib.h>

enum { RATE_HZ = 44100 };

typedef struct {
  float   *x;
  size_t   n;
  shed_rng rng;
} sound;

static sound
quiet_room(double seconds)
{
  sound s = {.n = (size_t)(seconds * RATE_HZ)};
  s.x     = malloc(s.n * sizeof(float));
  shed_rng_seed(&s.rng, 11, 4);
  for (size_t i = 0; i < s.n; i++) {
    s.x[i] = (float)(0.0003 * shed_rng_normal(&s.rng));
  }
  return s;
}

// A tone of ten partials that glides over glide_s from the pitch before, with swings of vibrato_cents at 5.5 Hz.
static void
add_tone(sound *s, double at_s, double length_s, double from_hz, double hz, double glide_s,
         double vibrato_cents)
{
  static double phase; // runs on, so that slurs have no click
  for (size_t i = (size_t)(at_s * RATE_HZ); i < s->n && (double)i < (at_s + length_s) * RATE_HZ; i++) {
    double in    = (double)i / RATE_HZ - at_s;
    double share = glide_s > 0.0 ? fmin(in / glide_s, 1.0) : 1.0;
    double f =
        from_hz * pow(hz / from_hz, share) * exp2(vibrato_cents / 1200.0 * sin(2.0 * SHED_PI * 5.5 * in));
    double e = glide_s > 0.0 ? 1.0 : fmin(in / 0.02, 1.0);
    e        = fmin(e, (length_s - in) / 0.02 + (glide_s > 0.0 ? 1.0 : 0.0));
    phase += 2.0 * SHED_PI * f / RATE_HZ;
    for (int k = 1; k <= 10; k++) {
      s->x[i] += (float)(0.15 * fmin(e, 1.0) * sin(k * phase) / k);
    }
  }
}

static void
add_clap(sound *s, double at_s)
{
  for (size_t i = (size_t)(at_s * RATE_HZ); i < s->n && (double)i < (at_s + 0.15) * RATE_HZ; i++) {
    double in = (double)i / RATE_HZ - at_s;
    s->x[i] += (float)(0.4 * exp(-in / 0.015) * shed_rng_normal(&s->rng));
  }
}

static shed_take
hear(sound *s)
{
  shed_take take;
  CHECK_OK(shed_hear_take(s->x, s->n, RATE_HZ, NULL, NULL, NULL, &take, NULL));
  free(s->x);
  return take;
}

static void
check_note(const shed_heard_note *n, double onset_s, double offset_s, double hz)
{
  double midi = 69.0 + 12.0 * log2(hz / 440.0);
  CHECK_NEAR((double)n->onset_s, onset_s, 0.015);
  CHECK_NEAR((double)n->offset_s, offset_s, 0.050);
  CHECK_NEAR(100.0 * (n->midi - midi) + (double)n->cents, 0.0, 4.0);
  assert_true(n->confidence > 0.5f);
}

static void
tones_with_rests_are_notes(void **state)
{
  (void)state;
  static const double hz[] = {130.81, 196.0, 261.63, 349.23, 523.25, 880.0};
  sound               s    = quiet_room(4.0);
  for (int i = 0; i < 6; i++) {
    add_tone(&s, 0.3 + 0.6 * i, 0.4, hz[i], hz[i], 0.0, 0.0);
  }
  shed_take take = hear(&s);
  assert_int_equal(take.n_notes, 6);
  assert_int_equal(take.n_onsets, 6);
  for (int i = 0; i < 6; i++) {
    check_note(&take.notes[i], 0.3 + 0.6 * i, 0.7 + 0.6 * i, hz[i]);
    CHECK_NEAR((double)take.onsets[i].time_s, 0.3 + 0.6 * i, 0.008);
    CHECK_LT((double)take.notes[i].cents_sd, 6.0);
    CHECK_NEAR((double)take.notes[i].vibrato_cents, 0.0, 0.01);
  }
  shed_take_free(&take);
}

static void
slurred_notes_are_told_apart(void **state)
{
  (void)state;
  static const double hz[] = {220.0, 233.08, 261.63, 246.94, 293.66}; // also semitones
  sound               s    = quiet_room(3.2);
  for (int i = 0; i < 5; i++) {
    add_tone(&s, 0.3 + 0.5 * i, 0.5, hz[i > 0 ? i - 1 : 0], hz[i], i > 0 ? 0.03 : 0.0, 0.0);
  }
  shed_take take = hear(&s);
  assert_int_equal(take.n_notes, 5);
  for (int i = 0; i < 5; i++) {
    // a slur begins where its pitch is half-way
    check_note(&take.notes[i], 0.3 + 0.5 * i + (i > 0 ? 0.015 : 0.0), 0.8 + 0.5 * i, hz[i]);
  }
  shed_take_free(&take);
}

static void
a_repeated_note_is_two(void **state)
{
  (void)state;
  sound s = quiet_room(3.0);
  for (int i = 0; i < 4; i++) {
    add_tone(&s, 0.3 + 0.5 * i, 0.47, 329.63, 329.63, 0.0, 0.0); // 30 ms between
  }
  shed_take take = hear(&s);
  assert_int_equal(take.n_notes, 4);
  for (int i = 0; i < 4; i++) {
    check_note(&take.notes[i], 0.3 + 0.5 * i, 0.77 + 0.5 * i, 329.63);
  }
  shed_take_free(&take);
}

static void
vibrato_is_one_note_and_told(void **state)
{
  (void)state;
  sound s = quiet_room(2.5);
  add_tone(&s, 0.3, 1.8, 440.0, 440.0, 0.0, 50.0);
  shed_take take = hear(&s);
  assert_int_equal(take.n_notes, 1);
  check_note(&take.notes[0], 0.3, 2.1, 440.0);
  CHECK_NEAR((double)take.notes[0].vibrato_hz, 5.5, 0.3);
  CHECK_NEAR((double)take.notes[0].vibrato_cents, 50.0, 6.0);
  shed_take_free(&take);
}

// Noise that dies away to 1/e in decay_s.
static void
add_dying_noise(sound *s, double at_s, double peak, double decay_s)
{
  for (size_t i = (size_t)(at_s * RATE_HZ); i < s->n; i++) {
    s->x[i] += (float)(peak * exp(-((double)i / RATE_HZ - at_s) / decay_s) * shed_rng_normal(&s->rng));
  }
}

static void
a_stroke_in_the_tail_of_another_is_told(void **state)
{
  (void)state;
  static const double at[] = {0.3, 0.8, 1.2, 1.5};
  sound               s    = quiet_room(2.4);
  add_dying_noise(&s, at[0], 0.1, 0.05); // the room is known by then
  add_dying_noise(&s, at[1], 0.2, 0.6);  // a cymbal
  add_dying_noise(&s, at[2], 0.15, 0.03);
  add_dying_noise(&s, at[3], 0.10, 0.03); // both lift the level by some 4 dB
  shed_take take = hear(&s);
  assert_int_equal(take.n_onsets, 4);
  for (int i = 0; i < 4; i++) {
    CHECK_NEAR((double)take.onsets[i].time_s, at[i], 0.015);
  }
  shed_take_free(&take);
}

static void
claps_are_unpitched_onsets(void **state)
{
  (void)state;
  static const double at[] = {0.5, 1.0, 1.25, 1.5, 1.625, 1.75, 2.25, 2.75};
  sound               s    = quiet_room(3.3);
  for (size_t i = 0; i < SHED_COUNTOF(at); i++) {
    add_clap(&s, at[i]);
  }
  shed_take take = hear(&s);
  assert_int_equal(take.n_onsets, SHED_COUNTOF(at));
  assert_int_equal(take.n_notes, SHED_COUNTOF(at));
  for (size_t i = 0; i < SHED_COUNTOF(at); i++) {
    CHECK_NEAR((double)take.onsets[i].time_s, at[i], 0.004);
    assert_int_equal(take.notes[i].midi, -1);
    assert_true(isnan(take.notes[i].cents_sd));
  }
  shed_take_free(&take);
}

// A cropped take begins with its first note, or its first clap, at sample 0.
static void
a_take_may_begin_with_its_first_note(void **state)
{
  (void)state;
  sound s = quiet_room(2.0);
  add_tone(&s, 0.0, 0.5, 440.0, 440.0, 0.0, 0.0);
  add_tone(&s, 0.7, 0.5, 330.0, 330.0, 0.0, 0.0);
  shed_take take = hear(&s);
  assert_int_equal(take.n_notes, 2);
  check_note(&take.notes[0], 0.0, 0.5, 440.0);
  check_note(&take.notes[1], 0.7, 1.2, 330.0);
  shed_take_free(&take);
}

static void
a_take_may_begin_with_its_first_clap(void **state)
{
  (void)state;
  sound s = quiet_room(2.0);
  for (int i = 0; i < 4; i++) {
    add_clap(&s, 0.5 * i);
  }
  shed_take take = hear(&s);
  assert_int_equal(take.n_onsets, 4);
  for (int i = 0; i < 4; i++) {
    CHECK_NEAR((double)take.onsets[i].time_s, 0.5 * i, 0.004);
  }
  shed_take_free(&take);
}

static void
a_take_that_begins_in_noise_begins_with_no_onset(void **state)
{
  (void)state;
  sound s = quiet_room(2.0);
  for (size_t i = 0; i < s.n; i++) {
    s.x[i] += (float)(0.03 * shed_rng_normal(&s.rng));
  }
  shed_take take = hear(&s);
  assert_int_equal(take.n_onsets, 0);
  shed_take_free(&take);
}

static void
a_sinking_tone_drifts(void **state)
{
  (void)state;
  sound s = quiet_room(2.0);
  add_tone(&s, 0.2, 0.001, 300.0, 300.0, 0.0, 0.0);
  add_tone(&s, 0.3, 1.5, 300.0, 296.0, 1.5, 0.0); // 23 cents down in 1.5 s
  shed_take take = hear(&s);
  assert_true(take.n_notes >= 1);
  CHECK_NEAR((double)take.notes[take.n_notes - 1].drift_cents_per_s, 1200.0 * log2(296.0 / 300.0) / 1.5, 3.0);
  shed_take_free(&take);
}

// What the ear says while it listens, in blocks of 10 ms: each settled onset in time, before its note, and none too many.
typedef struct {
  int    onsets, notes, on;
  double onset_s[64], told_s[64], on_s[64];
} said;

static said
listen(const sound *s)
{
  shed_hear *h = NULL;
  shed_event e;
  said       to = {.onsets = 0};
  CHECK_OK(shed_hear_new(&h, &(shed_hear_opts){.rate_hz = RATE_HZ}, NULL));
  for (size_t at = 0; at + 441 <= s->n; at += 441) {
    shed_hear_push(h, s->x + at, 441);
    while (shed_hear_poll(h, &e)) {
      if (e.kind == SHED_EVENT_ONSET && to.onsets < 64) {
        to.onset_s[to.onsets]  = e.time_s;
        to.told_s[to.onsets++] = (double)e.at_frame / RATE_HZ;
      } else if (e.kind == SHED_EVENT_NOTE_ON && to.on < 64) {
        to.on_s[to.on++] = (double)e.at_frame / RATE_HZ;
      } else if (e.kind == SHED_EVENT_NOTE) {
        // a settled note stands at a settled onset
        assert_true(to.notes < to.onsets);
        CHECK_NEAR(e.time_s, to.onset_s[to.notes], 1e-6);
        to.notes++;
      }
    }
  }
  shed_hear_free(h);
  return to;
}

static void
an_onset_is_settled_a_tenth_of_a_second_after_it(void **state)
{
  (void)state;
  static const double hz[] = {130.81, 196.0, 261.63, 349.23, 523.25, 880.0};
  sound               s    = quiet_room(4.5);
  for (int i = 0; i < 6; i++) {
    add_tone(&s, 0.3 + 0.6 * i, 0.4, hz[i], hz[i], 0.0, 0.0);
  }
  said to = listen(&s);
  assert_int_equal(to.onsets, 6);
  assert_int_equal(to.notes, 6);
  assert_int_equal(to.on, 6);
  for (int i = 0; i < 6; i++) {
    CHECK_NEAR(to.onset_s[i], 0.3 + 0.6 * i, 0.008);
    CHECK_LT(to.told_s[i], 0.3 + 0.6 * i + 0.115);
    CHECK_LT(to.on_s[i], 0.3 + 0.6 * i + 0.100);
  }
  free(s.x);
}

static void
a_clap_is_settled_soon_where_nothing_sings(void **state)
{
  (void)state;
  sound s = quiet_room(3.0);
  for (int i = 0; i < 8; i++) {
    add_clap(&s, 0.4 + 0.3 * i);
  }
  said to = listen(&s);
  assert_int_equal(to.onsets, 8);
  for (int i = 0; i < 8; i++) {
    CHECK_NEAR(to.onset_s[i], 0.4 + 0.3 * i, 0.004);
    CHECK_LT(to.told_s[i], 0.4 + 0.3 * i + 0.125);
  }
  free(s.x);
}

// Two sines: a tone that rings on under the next one.
static void
add_ringing(sound *s, double at_s, double length_s, double hz, double db_a_second)
{
  for (size_t i = (size_t)(at_s * RATE_HZ); i < s->n; i++) {
    double in    = (double)i / RATE_HZ - at_s;
    double after = fmax(in - length_s, 0.0);
    double e     = fmin(in / 0.015, 1.0) * pow(10.0, -db_a_second * after / 20.0);
    for (int k = 1; k <= 6; k++) {
      s->x[i] += (float)(0.15 * e * sin(2.0 * SHED_PI * k * hz * in) / k);
    }
  }
}

static void
slurs_are_told_in_time_though_the_old_notes_ring_on(void **state)
{
  (void)state;
  static const double hz[] = {440.0, 493.88, 440.0, 523.25, 493.88, 587.33};
  sound               s    = quiet_room(2.6);
  for (int i = 0; i < 6; i++) {
    add_ringing(&s, 0.3 + 0.25 * i, 0.25, hz[i], 100.0);
  }
  shed_take take = hear(&s);
  assert_int_equal(take.n_notes, 6);
  for (int i = 0; i < 6; i++) {
    CHECK_NEAR((double)take.notes[i].onset_s, 0.3 + 0.25 * i, 0.04);
  }
  shed_take_free(&take);
}

static void
a_note_ends_where_its_level_falls_though_its_pitch_stays(void **state)
{
  (void)state;
  sound s = quiet_room(2.0);
  add_tone(&s, 0.3, 0.6, 220.0, 220.0, 0.0, 0.0);
  for (size_t i = (size_t)(0.9 * RATE_HZ); i < (size_t)(1.1 * RATE_HZ); i++) {
    s.x[i] += (float)(0.008 * sin(2.0 * SHED_PI * 220.0 * (double)i / RATE_HZ));
  }
  shed_take take = hear(&s);
  assert_true(take.n_notes >= 1);
  CHECK_NEAR((double)take.notes[0].offset_s, 0.9, 0.04);
  shed_take_free(&take);
}

// Frames as nothing sounds: pitch, level and rise at random.
static void
no_event_is_lost(void **state)
{
  (void)state;
  static shed_rise rise;
  shed_notes      *n = NULL;
  shed_notes_out   e;
  shed_rng         rng;
  int              most = 0, told = 0;
  CHECK_OK(shed_notes_new(&n, NULL));
  for (int i = 0; i < NOTES_QUEUE; i++) {
    notes_put(n, &(shed_notes_out){.kind = SHED_NOTES_ON, .midi = i}); // as many as there is room for
  }
  for (int i = 0; i < NOTES_QUEUE; i++) {
    assert_int_equal(shed_notes_poll(n, &e), 1);
    assert_int_equal(e.midi, i);
  }
  assert_int_equal(shed_notes_poll(n, &e), 0);
  shed_rng_seed(&rng, 17, 4);
  for (int f = 0; f < 6000; f++) {
    int           held = shed_rng_between(&rng, 1, 12);
    shed_notes_in in   = {.f0_hz      = 110.0f * (float)exp2((double)shed_rng_between(&rng, 0, 24) / 12.0),
                          .confidence = (float)shed_rng_unit(&rng),
                          .voiced     = shed_rng_below(&rng, 4) != 0,
                          .level_db   = -60.0f + 50.0f * (float)shed_rng_unit(&rng),
                          .rise_db    = 30.0f * (float)shed_rng_unit(&rng),
                          .flux       = 2.0f * (float)shed_rng_unit(&rng)};
    for (; held > 0; held--, f++) {
      shed_notes_push(n, &in, &rise);
      in.flux = 0.0f;
      most    = n->queue_n > most ? n->queue_n : most;
      while (shed_notes_poll(n, &e)) {
        told++;
      }
    }
  }
  shed_notes_finish(n, &rise);
  most = n->queue_n > most ? n->queue_n : most;
  print_message("%d events, at most %d of one push, room for %d\n", told, most, (int)NOTES_QUEUE);
  assert_true(told > 200);
  assert_true(most * 2 < NOTES_QUEUE);
  shed_notes_free(n);
}

static void
failed_allocations_leave_nothing(void **state)
{
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_notes *n = NULL;
    sweep_status  = shed_notes_new(&n, &a.alloc);
    shed_notes_free(n);
  });
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(tones_with_rests_are_notes),
      cmocka_unit_test(slurred_notes_are_told_apart),
      cmocka_unit_test(a_repeated_note_is_two),
      cmocka_unit_test(vibrato_is_one_note_and_told),
      cmocka_unit_test(claps_are_unpitched_onsets),
      cmocka_unit_test(a_stroke_in_the_tail_of_another_is_told),
      cmocka_unit_test(a_sinking_tone_drifts),
      cmocka_unit_test(a_take_may_begin_with_its_first_note),
      cmocka_unit_test(a_take_may_begin_with_its_first_clap),
      cmocka_unit_test(a_take_that_begins_in_noise_begins_with_no_onset),
      cmocka_unit_test(an_onset_is_settled_a_tenth_of_a_second_after_it),
      cmocka_unit_test(a_clap_is_settled_soon_where_nothing_sings),
      cmocka_unit_test(slurs_are_told_in_time_though_the_old_notes_ring_on),
      cmocka_unit_test(a_note_ends_where_its_level_falls_though_its_pitch_stays),
      cmocka_unit_test(no_event_is_lost),
      cmocka_unit_test(failed_allocations_leave_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
