#include "assessors/follow_keys.h"

#include "assessors/assessor.h"
#include "engine/base/rng.h"
#include "engine/take/given.h"
#include "engine/take/keys.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"
#include "tests/support/synth_take.h"

#include <stdlib.h>

enum { TOLD = 4096, MOMENTS = 12, VOICES = 3, KEYS_MOST = 400 };

// Twelve quarters in three bars: chords of three, single notes between.
static const int MUSIC[MOMENTS][VOICES] = {{60, 64, 67}, {72, 0, 0}, {62, 65, 69}, {74, 0, 0},
                                           {64, 67, 71}, {76, 0, 0}, {65, 69, 72}, {77, 0, 0},
                                           {55, 59, 62}, {79, 0, 0}, {57, 60, 64}, {60, 64, 67}};

typedef struct {
  double onset_s;
  int    midi;
} press;

typedef struct {
  shed_prompt       prompt;
  double            click_start_s;
  press             keys[KEYS_MOST];
  int               n;
  shed_follow_event told[TOLD];
  int               n_told;
} scene;

static scene
scene_of(void)
{
  scene      s     = {.click_start_s = (double)NAN};
  shed_line *line  = &s.prompt.line;
  line->notes      = shed_calloc(NULL, MOMENTS * VOICES, sizeof(*line->notes));
  line->measures   = shed_calloc(NULL, 3, sizeof(*line->measures));
  line->tempo_bpm  = 120;
  line->swing      = 1;
  line->length_s   = MOMENTS * .5;
  line->n_measures = 3;
  (void)snprintf(s.prompt.assessor, sizeof(s.prompt.assessor), "melody");
  s.prompt.a4_hz         = 440;
  s.prompt.tempo_bpm     = 120;
  s.prompt.click_start_s = (double)NAN;
  for (int m = 0; m < MOMENTS; m++) {
    for (int v = 0; v < VOICES && MUSIC[m][v]; v++) {
      shed_sounding_note *n = &line->notes[line->n_notes];
      n->index              = (int)line->n_notes++;
      n->pass               = 1;
      n->pitched            = true;
      n->midi               = MUSIC[m][v];
      n->sounding = n->written = shed_pitch_spell(n->midi, 0);
      n->onset_beats           = shed_beat_of(m, 1);
      n->duration_beats        = shed_beat_of(1, 1);
      n->onset_s               = .5 * m;
      n->duration_s            = .5;
      n->measure_index         = m / 4;
      n->beat                  = 1 + m % 4;
      n->staff                 = 1;
      (void)snprintf(n->measure, sizeof(n->measure), "%d", m / 4 + 1);
    }
  }
  for (size_t i = 0; i < 3; i++) {
    line->measures[i] = (shed_sounding_measure){.pass         = 1,
                                                .start_beats  = shed_beat_of((int)i * 4, 1),
                                                .length_beats = shed_beat_of(4, 1),
                                                .beats        = 4,
                                                .beat_type    = 4,
                                                .start_s      = (double)i * 2};
  }
  return s;
}

static void
press_key(scene *s, double onset_s, int midi)
{
  assert_true(s->n < KEYS_MOST);
  s->keys[s->n++] = (press){onset_s, midi};
}

// As written from a moment on, each finger some milliseconds after the other.
static void
play(scene *s, int from, int to, double start_s)
{
  for (int m = from; m < to; m++) {
    for (int v = 0; v < VOICES && MUSIC[m][v]; v++) {
      press_key(s, start_s + .5 * (m - from) + .012 * v, MUSIC[m][v]);
    }
  }
}

static void
fetch(scene *s, shed_follow_keys *f)
{
  while (s->n_told < TOLD && shed_follow_keys_poll(f, &s->told[s->n_told])) {
    s->n_told++;
  }
}

static void
follow(scene *s)
{
  shed_follow_keys *f = NULL;
  double            t = 0;
  CHECK_OK(shed_follow_keys_new(&f, &s->prompt, s->click_start_s, NULL, NULL));
  s->n_told = 0;
  for (int i = 0; i < s->n; i++) {
    for (; t < s->keys[i].onset_s; t += .1) {
      shed_follow_keys_tick(f, t);
      fetch(s, f);
    }
    shed_follow_keys_push(f, s->keys[i].onset_s, s->keys[i].midi);
    fetch(s, f);
  }
  shed_follow_keys_tick(f, t + 1);
  shed_follow_keys_finish(f);
  fetch(s, f);
  shed_follow_keys_free(f);
}

static int
count(const scene *s, shed_follow_kind kind)
{
  int n = 0;
  for (int i = 0; i < s->n_told; i++) {
    n += s->told[i].kind == kind;
  }
  return n;
}

// The last word on a note, NULL when there is none.
static const shed_follow_event *
last(const scene *s, int index)
{
  const shed_follow_event *e = NULL;
  for (int i = 0; i < s->n_told; i++) {
    const shed_follow_kind k = s->told[i].kind;
    e = s->told[i].index == index && (k == SHED_FOLLOW_PROVISIONAL || k == SHED_FOLLOW_REVISED) ? &s->told[i]
                                                                                                : e;
  }
  return e;
}

static int
labelled(const scene *s, shed_pitch_label label)
{
  int n = 0;
  for (size_t i = 0; i < s->prompt.line.n_notes; i++) {
    const shed_follow_event *e = last(s, (int)i);
    n += e && e->pitch == label;
  }
  return n;
}

static void
every_key_of_every_chord_is_told_at_once(void **state)
{
  (void)state;
  scene s = scene_of();
  play(&s, 0, MOMENTS, 1);
  follow(&s);
  assert_int_equal(labelled(&s, SHED_PITCH_CORRECT), (int)s.prompt.line.n_notes);
  assert_int_equal(count(&s, SHED_FOLLOW_REVISED), 0);
  assert_int_equal(count(&s, SHED_FOLLOW_JUMP), 0);
  assert_int_equal(count(&s, SHED_FOLLOW_POSITION), MOMENTS);
  for (int i = 0; i < s.n_told; i++) {
    if (s.told[i].kind == SHED_FOLLOW_PROVISIONAL) {
      CHECK_NEAR(s.told[i].at_s, s.told[i].onset_s, 1e-9);
    }
  }
  shed_prompt_free(&s.prompt);
}

static void
a_key_that_is_missing_or_another_is_told_when_the_chord_is_over(void **state)
{
  (void)state;
  scene s = scene_of();
  play(&s, 0, 2, 1);
  press_key(&s, 2, 62); // D F A: A is not there
  press_key(&s, 2.01, 65);
  play(&s, 3, 4, 2.5);
  press_key(&s, 3, 64); // E G B: A flat stands for G
  press_key(&s, 3.01, 68);
  press_key(&s, 3.02, 71);
  play(&s, 5, MOMENTS, 3.5);
  follow(&s);
  assert_int_equal(last(&s, 6)->pitch, SHED_PITCH_MISSED);
  CHECK_LT(last(&s, 6)->at_s, 2.3);
  assert_int_equal(last(&s, 9)->pitch, SHED_PITCH_WRONG);
  CHECK_NEAR(last(&s, 9)->cents, 100, 1e-9);
  assert_int_equal(labelled(&s, SHED_PITCH_CORRECT), (int)s.prompt.line.n_notes - 2);
  shed_prompt_free(&s.prompt);
}

static void
a_wrong_note_and_one_left_out_leave_the_others_alone(void **state)
{
  (void)state;
  scene s = scene_of();
  play(&s, 0, 1, 1);
  press_key(&s, 1.5, 73); // C sharp for C
  play(&s, 2, 5, 2);
  play(&s, 6, MOMENTS, 4); // the single note of the sixth moment is left out
  follow(&s);
  assert_int_equal(last(&s, 3)->pitch, SHED_PITCH_WRONG);
  assert_int_equal(last(&s, 11)->pitch, SHED_PITCH_MISSED);
  assert_int_equal(labelled(&s, SHED_PITCH_CORRECT), (int)s.prompt.line.n_notes - 2);
  shed_prompt_free(&s.prompt);
}

static void
who_goes_back_is_followed_and_gets_another_attempt(void **state)
{
  (void)state;
  scene s = scene_of();
  play(&s, 0, 6, 1);
  play(&s, 4, MOMENTS, 5);
  follow(&s);
  assert_int_equal(count(&s, SHED_FOLLOW_JUMP), 1);
  assert_int_equal(labelled(&s, SHED_PITCH_CORRECT), (int)s.prompt.line.n_notes);
  assert_int_equal(last(&s, 8)->attempt, 2);
  assert_int_equal(last(&s, 0)->attempt, 1);
  assert_int_equal(last(&s, 20)->attempt, 1);
  shed_prompt_free(&s.prompt);
}

static void
with_a_click_early_and_late_are_told(void **state)
{
  (void)state;
  scene s         = scene_of();
  s.click_start_s = 1;
  play(&s, 0, 1, 1);
  play(&s, 1, 2, 1.42); // 80 ms early
  play(&s, 2, 3, 2.09); // 90 ms late
  play(&s, 3, MOMENTS, 2.5);
  follow(&s);
  assert_int_equal(last(&s, 0)->timing, SHED_TIMING_ON_TIME);
  assert_int_equal(last(&s, 3)->timing, SHED_TIMING_EARLY);
  assert_int_equal(last(&s, 4)->timing, SHED_TIMING_LATE);
  CHECK_NEAR(last(&s, 4)->onset_error_ms, 90, .01);
  assert_int_equal(last(&s, 7)->timing, SHED_TIMING_ON_TIME);
  shed_prompt_free(&s.prompt);
}

static void
at_the_players_own_tempo_a_late_chord_is_late(void **state)
{
  (void)state;
  scene s            = scene_of();
  s.prompt.tempo_bpm = 0;
  for (int m = 0; m < MOMENTS; m++) { // slower than written: .65 s a moment
    for (int v = 0; v < VOICES && MUSIC[m][v]; v++) {
      press_key(&s, 1 + .65 * m + (m == 8 ? .12 : 0), MUSIC[m][v]);
    }
  }
  follow(&s);
  assert_int_equal(last(&s, 0)->timing, SHED_TIMING_NONE); // there is no beat yet
  assert_int_equal(last(&s, 15)->timing, SHED_TIMING_ON_TIME);
  assert_int_equal(last(&s, 16)->timing, SHED_TIMING_LATE);
  shed_prompt_free(&s.prompt);
}

static void
another_octave_is_right_where_any_is(void **state)
{
  (void)state;
  for (int any = 0; any < 2; any++) {
    scene s         = scene_of();
    s.prompt.octave = any ? SHED_OCTAVE_ANY : SHED_OCTAVE_WRITTEN;
    play(&s, 0, MOMENTS, 1);
    for (int i = 0; i < s.n; i++) {
      s.keys[i].midi -= 12;
    }
    follow(&s);
    if (any) {
      assert_int_equal(labelled(&s, SHED_PITCH_CORRECT), (int)s.prompt.line.n_notes);
    } else {
      CHECK_LT(labelled(&s, SHED_PITCH_CORRECT), (int)s.prompt.line.n_notes / 2);
    }
    shed_prompt_free(&s.prompt);
  }
}

static void
another_music_is_lost_and_found_again(void **state)
{
  (void)state;
  scene s = scene_of();
  play(&s, 0, 4, 1);
  for (int i = 0; i < 16; i++) {
    press_key(&s, 3 + .2 * i, 37 + (i * 5) % 7);
  }
  play(&s, 4, MOMENTS, 7);
  follow(&s);
  assert_int_equal(count(&s, SHED_FOLLOW_LOST), 1);
  assert_int_equal(count(&s, SHED_FOLLOW_FOUND), 1);
  assert_int_equal(last(&s, (int)s.prompt.line.n_notes - 1)->pitch, SHED_PITCH_CORRECT);
  shed_prompt_free(&s.prompt);
}

// What the judge of whole takes says of the same keys.
static shed_verdict
judge(const scene *s)
{
  shed_keys     *k    = NULL;
  shed_take      take = {0};
  shed_verdict   v    = {0};
  shed_policy    policy;
  unsigned char *data = NULL;
  size_t         n    = 0;
  CHECK_OK(shed_keys_new(&k, NULL));
  for (int i = 0; i < s->n; i++) {
    CHECK_OK(shed_keys_push(k, s->keys[i].onset_s, 0x90, (uint8_t)s->keys[i].midi, 80));
  }
  CHECK_OK(shed_keys_finish(k, s->keys[s->n - 1].onset_s + 1, &data, &n));
  CHECK_OK(shed_given_parse((const char *)data, n, "keys.mid", NULL, &take, NULL));
  CHECK_OK(shed_policy_preset("", &policy, NULL));
  CHECK_OK(shed_assessor_find("melody")->judge(&s->prompt, &take, &policy, NULL, &v, NULL));
  shed_take_free(&take);
  shed_keys_free(k);
  free(data);
  return v;
}

static int
by_time(const void *a, const void *b)
{
  const press *x = a, *y = b;
  return (x->onset_s > y->onset_s) - (x->onset_s < y->onset_s);
}

// A player with faults: one key in twelve is another, one in twelve is not there, times wander.
static void
play_with_faults(scene *s, uint64_t seed)
{
  shed_rng rng;
  shed_rng_seed(&rng, seed, 1);
  for (int m = 0; m < MOMENTS; m++) {
    for (int v = 0; v < VOICES && MUSIC[m][v]; v++) {
      const uint32_t luck = shed_rng_below(&rng, 12);
      const int      off  = luck == 1 ? 1 + (int)shed_rng_below(&rng, 2) : 0;
      if (luck != 0) {
        press_key(s, 1 + .5 * m + .02 * shed_rng_unit(&rng), MUSIC[m][v] + off);
      }
    }
  }
  qsort(s->keys, (size_t)s->n, sizeof(s->keys[0]), by_time);
}

static void
it_says_what_the_judge_will_say(void **state)
{
  int same = 0, all = 0;
  (void)state;
  for (uint64_t seed = 1; seed <= 40; seed++) {
    scene s = scene_of();
    play_with_faults(&s, seed);
    follow(&s);
    shed_verdict v = judge(&s);
    for (size_t i = 0; i < v.n_notes; i++) {
      const shed_follow_event *e = last(&s, (int)i);
      all++;
      same += e && e->pitch == v.notes[i].pitch;
    }
    shed_verdict_free(&v);
    shed_prompt_free(&s.prompt);
  }
  print_message("%d of %d notes are told live as they are judged in the end\n", same, all);
  CHECK_LT(.97 * all, same);
}

static void
a_long_piece_with_nonsense_keeps_within_its_memory(void **state)
{
  (void)state;
  scene             s = scene_of();
  shed_follow_keys *f = NULL;
  shed_rng          rng;
  shed_rng_seed(&rng, 9, 9);
  s.prompt.key    = SHED_KEY_ANY;
  s.prompt.octave = SHED_OCTAVE_ANY;
  CHECK_OK(shed_follow_keys_new(&f, &s.prompt, (double)NAN, NULL, NULL));
  for (int i = 0; i < 3000; i++) { // nobody fetches anything
    shed_follow_keys_push(f, .05 * i, (int)shed_rng_below(&rng, 128));
  }
  shed_follow_keys_finish(f);
  shed_follow_event e;
  int               n = 0;
  while (shed_follow_keys_poll(f, &e)) {
    assert_true(e.index >= -1 && e.index < (int)s.prompt.line.n_notes);
    n++;
  }
  CHECK_LT(0, n);
  shed_follow_keys_free(f);
  shed_follow_keys_free(NULL);
  shed_prompt_free(&s.prompt);
}

static void
making_one_survives_every_failed_allocation(void **state)
{
  (void)state;
  scene s = scene_of();
  SWEEP_ALLOCATIONS(a, {
    shed_follow_keys *f = NULL;
    sweep_status        = shed_follow_keys_new(&f, &s.prompt, (double)NAN, &a.alloc, NULL);
    shed_follow_keys_free(f);
  });
  shed_prompt_free(&s.prompt);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_key_of_every_chord_is_told_at_once),
      cmocka_unit_test(a_key_that_is_missing_or_another_is_told_when_the_chord_is_over),
      cmocka_unit_test(a_wrong_note_and_one_left_out_leave_the_others_alone),
      cmocka_unit_test(who_goes_back_is_followed_and_gets_another_attempt),
      cmocka_unit_test(with_a_click_early_and_late_are_told),
      cmocka_unit_test(at_the_players_own_tempo_a_late_chord_is_late),
      cmocka_unit_test(another_octave_is_right_where_any_is),
      cmocka_unit_test(another_music_is_lost_and_found_again),
      cmocka_unit_test(it_says_what_the_judge_will_say),
      cmocka_unit_test(a_long_piece_with_nonsense_keeps_within_its_memory),
      cmocka_unit_test(making_one_survives_every_failed_allocation),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
