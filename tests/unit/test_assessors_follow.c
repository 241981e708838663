#include "assessors/follow.h"
#include "assessors/follow_lanes.h"

#include "engine/base/rng.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"
#include "tests/support/synth_take.h"

enum { MOST = 64, TOLD = 512, RATE_HZ = 48000 };

static const double EAR_LAG_S   = .056;
static const double ONSET_LAG_S = .1;

typedef struct {
  shed_prompt       prompt;
  synth_note        notes[MOST];
  size_t            n;
  synth_opts        opts;
  double            click_start_s;
  shed_follow_event told[TOLD];
  int               n_told;
} scene;

static scene
scene_of(double start_s, double factor)
{
  scene s  = {.opts = SYNTH_PLAIN, .click_start_s = (double)NAN};
  s.prompt = synth_prompt(SYNTH_TUNE);
  s.n      = s.prompt.line.n_notes;
  synth_play(&s.prompt, start_s, factor, s.notes);
  return s;
}

static void
fetch(scene *s, shed_follow *f)
{
  while (s->n_told < TOLD && shed_follow_poll(f, &s->told[s->n_told])) {
    s->n_told++;
  }
}

static void
push(scene *s, shed_follow *f, const shed_event *e)
{
  shed_follow_push(f, e);
  fetch(s, f);
}

/// Frames as an ear tells them, and the onset of each note before the frame that is told next after it.
static void
push_take(scene *s, shed_follow *f, const shed_take *take)
{
  size_t onset = 0;
  for (size_t i = 0; i < take->n_frames; i++) {
    const double at_s = (double)i * SHED_FRAME_HOP_S + EAR_LAG_S;
    for (; onset < s->n && s->notes[onset].onset_s + ONSET_LAG_S <= at_s; onset++) {
      push(s, f,
           &(shed_event){.kind     = SHED_EVENT_ONSET,
                         .at_frame = (uint64_t)(at_s * RATE_HZ),
                         .time_s   = s->notes[onset].onset_s,
                         .u.onset  = {(float)s->notes[onset].onset_s, 1, .9F}});
    }
    push(s, f,
         &(shed_event){.kind     = SHED_EVENT_FRAME,
                       .at_frame = (uint64_t)(at_s * RATE_HZ),
                       .time_s   = (double)i * SHED_FRAME_HOP_S,
                       .u.frame  = take->frames[i]});
  }
}

static void
follow(scene *s)
{
  shed_take        take = synth_take(s->notes, s->n, &s->opts);
  shed_follow     *f    = NULL;
  shed_follow_opts opts = {.rate_hz = RATE_HZ, .click_start_s = s->click_start_s};
  CHECK_OK(shed_follow_new(&f, &s->prompt, &opts, NULL, NULL));
  s->n_told = 0;
  push_take(s, f, &take);
  shed_follow_finish(f);
  fetch(s, f);
  shed_follow_free(f);
  shed_take_free(&take);
}

static int
count(const scene *s, shed_follow_kind kind)
{
  int n = 0;
  for (int i = 0; i < s->n_told; i++) {
    n += s->told[i].kind == kind ? 1 : 0;
  }
  return n;
}

static const shed_follow_event *
first(const scene *s, shed_follow_kind kind, int index)
{
  for (int i = 0; i < s->n_told; i++) {
    if (s->told[i].kind == kind && (index < 0 || s->told[i].index == index)) {
      return &s->told[i];
    }
  }
  return NULL;
}

/// The last word on a note.
static const shed_follow_event *
last(const scene *s, int index)
{
  const shed_follow_event *e = NULL;
  for (int i = 0; i < s->n_told; i++) {
    const shed_follow_event *o    = &s->told[i];
    bool                     note = o->kind == SHED_FOLLOW_PROVISIONAL || o->kind == SHED_FOLLOW_REVISED ||
                o->kind == SHED_FOLLOW_CONFIRMED;
    e = note && o->index == index ? o : e;
  }
  assert_non_null(e);
  return e;
}

static void
check_all_correct(const scene *s, int but)
{
  for (int i = 0; i < (int)s->prompt.line.n_notes; i++) {
    if (i != but) {
      assert_int_equal(last(s, i)->pitch, SHED_PITCH_CORRECT);
    }
  }
}

static void
each_right_note_is_told_correct_within_a_quarter_of_a_second(void **state)
{
  (void)state;
  scene s = scene_of(.7, 1);
  follow(&s);
  for (int i = 0; i < (int)s.n; i++) {
    const shed_follow_event *e = first(&s, SHED_FOLLOW_PROVISIONAL, i);
    assert_non_null(e);
    assert_int_equal(e->pitch, SHED_PITCH_CORRECT);
    CHECK_LT(e->at_s - s.notes[i].onset_s, .25);
    CHECK_NEAR(e->onset_s, s.notes[i].onset_s, .02);
    assert_int_equal(e->attempt, 1);
  }
  check_all_correct(&s, -1);
  assert_int_equal(count(&s, SHED_FOLLOW_JUMP), 0);
  assert_int_equal(count(&s, SHED_FOLLOW_LOST), 0);
  shed_prompt_free(&s.prompt);
}

static void
the_position_goes_through_the_notes_in_order(void **state)
{
  (void)state;
  scene s  = scene_of(2.5, 1);
  int   at = 0;
  follow(&s);
  for (int i = 0; i < s.n_told; i++) {
    if (s.told[i].kind == SHED_FOLLOW_POSITION) {
      assert_int_equal(s.told[i].index, at);
      CHECK_NEAR(s.told[i].beat, shed_beat_quarters(s.prompt.line.notes[at].onset_beats), 1e-9);
      at++;
    }
  }
  assert_int_equal(at, (int)s.n);
  shed_prompt_free(&s.prompt);
}

static void
the_player_may_have_another_tempo(void **state)
{
  (void)state;
  static const double factors[] = {.6, .8, 1.4, 2};
  for (size_t k = 0; k < SHED_COUNTOF(factors); k++) {
    scene s = scene_of(.4, factors[k]);
    follow(&s);
    check_all_correct(&s, -1);
    CHECK_NEAR(last(&s, 20)->tempo_bpm, 120 / factors[k], 4);
    assert_int_equal(count(&s, SHED_FOLLOW_JUMP), 0);
    shed_prompt_free(&s.prompt);
  }
}

static void
a_wrong_note_is_red_and_its_neighbours_are_not(void **state)
{
  (void)state;
  scene s         = scene_of(.7, 1);
  s.notes[8].midi = 70;
  follow(&s);
  check_all_correct(&s, 8);
  assert_int_equal(last(&s, 8)->pitch, SHED_PITCH_WRONG);
  shed_prompt_free(&s.prompt);
}

static void
a_bent_note_is_told_once_the_tuning_is_known(void **state)
{
  (void)state;
  scene s = scene_of(.7, 1);
  for (size_t i = 0; i < s.n; i++) {
    s.notes[i].cents = i == 11 ? -25 : 22;
  }
  follow(&s);
  check_all_correct(&s, 11);
  assert_int_equal(last(&s, 11)->pitch, SHED_PITCH_FLAT);
  CHECK_NEAR(last(&s, 15)->tuning_cents, 20, 6);
  shed_prompt_free(&s.prompt);
}

static void
a_note_left_out_is_missed(void **state)
{
  (void)state;
  scene s = scene_of(.7, 1);
  memmove(&s.notes[6], &s.notes[7], (s.n - 7) * sizeof(s.notes[0]));
  s.n--;
  follow(&s);
  check_all_correct(&s, 6);
  assert_int_equal(last(&s, 6)->pitch, SHED_PITCH_MISSED);
  shed_prompt_free(&s.prompt);
}

static void
going_back_is_a_jump_and_a_second_attempt(void **state)
{
  (void)state;
  scene s = scene_of(.7, 1);
  // after note 8 a break, then from note 4 on
  size_t     n = 0;
  synth_note played[MOST];
  for (size_t i = 0; i <= 8; i++) {
    played[n++] = s.notes[i];
  }
  const double by = s.notes[8].offset_s + 1 - s.notes[4].onset_s;
  for (size_t i = 4; i < s.n; i++) {
    played[n] = s.notes[i];
    played[n].onset_s += by;
    played[n++].offset_s += by;
  }
  memcpy(s.notes, played, n * sizeof(played[0]));
  s.n = n;
  follow(&s);
  const shed_follow_event *jump = first(&s, SHED_FOLLOW_JUMP, -1);
  assert_non_null(jump);
  assert_int_equal(count(&s, SHED_FOLLOW_JUMP), 1);
  assert_int_equal(jump->index, 4);
  assert_int_equal(jump->from_index, 8);
  assert_int_equal(last(&s, 6)->attempt, 2);
  check_all_correct(&s, -1);
  shed_prompt_free(&s.prompt);
}

static void
another_key_is_followed_where_it_is_allowed_and_only_there(void **state)
{
  (void)state;
  scene s = scene_of(.7, 1);
  for (size_t i = 0; i < s.n; i++) {
    s.notes[i].midi += 3;
  }
  s.prompt.key = SHED_KEY_ANY;
  follow(&s);
  check_all_correct(&s, -1);
  assert_int_equal(last(&s, 20)->shift, 3);
  s.prompt.key = SHED_KEY_WRITTEN;
  follow(&s);
  int green = 0;
  for (int i = 0; i < s.n_told; i++) {
    green += s.told[i].pitch == SHED_PITCH_CORRECT ? 1 : 0;
    assert_int_equal(s.told[i].shift, 0);
  }
  CHECK_LT(green, 12);
  shed_prompt_free(&s.prompt);
}

static void
time_is_told_against_the_click(void **state)
{
  (void)state;
  scene s            = scene_of(1, 1);
  s.prompt.tempo_bpm = 120;
  s.prompt.a_click   = true;
  s.click_start_s    = 1;
  s.notes[7].onset_s += .14;
  follow(&s);
  for (int i = 0; i < (int)s.n; i++) {
    assert_int_equal(last(&s, i)->timing, i == 7 ? SHED_TIMING_LATE : SHED_TIMING_ON_TIME);
  }
  CHECK_NEAR(last(&s, 7)->onset_error_ms, 140, 5);
  shed_prompt_free(&s.prompt);
}

static void
sound_that_is_not_the_music_gets_no_colour(void **state)
{
  (void)state;
  scene    s = scene_of(.7, 1);
  shed_rng rng;
  shed_rng_seed(&rng, 5, 5);
  for (size_t i = 0; i < s.n; i++) {
    s.notes[i].midi = 46 + (int)(8 * shed_rng_unit(&rng));
  }
  follow(&s);
  assert_true(count(&s, SHED_FOLLOW_LOST) > 0);
  for (int i = 0; i < s.n_told; i++) {
    if (s.told[i].at_s > first(&s, SHED_FOLLOW_LOST, -1)->at_s) {
      assert_true(s.told[i].pitch == SHED_PITCH_NONE || s.told[i].pitch == SHED_PITCH_MISSED);
    }
  }
  shed_prompt_free(&s.prompt);
}

static void
silence_tells_nothing(void **state)
{
  (void)state;
  scene s       = scene_of(.7, 1);
  s.n           = 0;
  s.opts.tail_s = 5;
  follow(&s);
  assert_int_equal(s.n_told, 0);
  shed_prompt_free(&s.prompt);
}

static void
a_minute_takes_nothing_from_the_allocator(void **state)
{
  (void)state;
  scene      s = scene_of(.7, 1);
  fake_alloc a;
  fake_alloc_init(&a, -1);
  shed_take    take = synth_take(s.notes, s.n, &s.opts);
  shed_follow *f    = NULL;
  CHECK_OK(shed_follow_new(
      &f, &s.prompt, &(shed_follow_opts){.rate_hz = RATE_HZ, .click_start_s = (double)NAN}, &a.alloc, NULL));
  const long calls = a.calls;
  for (int again = 0; again < 4; again++) {
    s.n_told = 0;
    push_take(&s, f, &take);
  }
  shed_follow_finish(f);
  assert_int_equal(a.calls, calls);
  CHECK_LT((double)a.bytes, 1 << 20);
  shed_follow_free(f);
  assert_int_equal(a.live, 0);
  shed_take_free(&take);
  shed_prompt_free(&s.prompt);
}

static void
gives_everything_back_when_memory_runs_out(void **state)
{
  (void)state;
  shed_prompt prompt = synth_prompt(SYNTH_TUNE);
  SWEEP_ALLOCATIONS(a, {
    shed_follow *f = NULL;
    sweep_status   = shed_follow_new(
          &f, &prompt, &(shed_follow_opts){.rate_hz = RATE_HZ, .click_start_s = (double)NAN}, &a.alloc, NULL);
    shed_follow_free(f);
  });
  shed_prompt_free(&prompt);
}

static void
refuses_what_cannot_be_followed(void **state)
{
  (void)state;
  static const synth_written none[] = {{0, -4, 0}, {0, 0, 0}};
  shed_prompt                prompt = synth_prompt(none);
  shed_follow               *f      = NULL;
  shed_error                 err    = {0};
  CHECK_STATUS(shed_follow_new(&f, &prompt, &(shed_follow_opts){.rate_hz = RATE_HZ}, NULL, &err),
               SHED_E_RANGE);
  shed_prompt_free(&prompt);
  prompt = synth_prompt(SYNTH_TUNE);
  CHECK_STATUS(shed_follow_new(&f, &prompt, &(shed_follow_opts){.rate_hz = 0}, NULL, &err), SHED_E_RANGE);
  assert_null(f);
  shed_prompt_free(&prompt);
}

static void
four_lanes_at_a_time_are_one_after_the_other(void **state)
{
  enum { TRIED = 2000 };
  static const float NEVER = -1e30F;
  shed_rng           rng;
  (void)state;
  shed_rng_seed(&rng, 7, 1);
  for (int i = 0; i < TRIED; i++) {
    float        sounding[2][SHED_LANES], ended[2][SHED_LANES], said[SHED_LANES];
    const bool   may_end = shed_rng_below(&rng, 2) == 0;
    const double there   = i % 10 == 0 ? 0 : .7; // of some ways no lane is left
    for (int k = 0; k < SHED_LANES; k++) {
      const bool is  = shed_rng_unit(&rng) < there;
      sounding[0][k] = sounding[1][k] = is ? (float)shed_rng_between(&rng, -3, 3) : NEVER; // some are level
      ended[0][k] = ended[1][k] = is && i % 2 ? (float)shed_rng_normal(&rng) : NEVER;
      said[k]                   = is ? (float)shed_rng_between(&rng, -1, 1) : 0;
    }
    const follow_lanes plain = {sounding[0], ended[0], -.25F, may_end},
                       fast  = {sounding[1], ended[1], -.25F, may_end};
    const follow_most a = follow_lanes_on_plain(&plain, said, NEVER), b = follow_lanes_on(&fast, said, NEVER);
    assert_memory_equal(&a, &b, sizeof(a));
    assert_memory_equal(sounding[0], sounding[1], sizeof(sounding[0]));
    assert_memory_equal(ended[0], ended[1], sizeof(ended[0]));
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_right_note_is_told_correct_within_a_quarter_of_a_second),
      cmocka_unit_test(the_position_goes_through_the_notes_in_order),
      cmocka_unit_test(the_player_may_have_another_tempo),
      cmocka_unit_test(a_wrong_note_is_red_and_its_neighbours_are_not),
      cmocka_unit_test(a_bent_note_is_told_once_the_tuning_is_known),
      cmocka_unit_test(a_note_left_out_is_missed),
      cmocka_unit_test(going_back_is_a_jump_and_a_second_attempt),
      cmocka_unit_test(another_key_is_followed_where_it_is_allowed_and_only_there),
      cmocka_unit_test(time_is_told_against_the_click),
      cmocka_unit_test(sound_that_is_not_the_music_gets_no_colour),
      cmocka_unit_test(silence_tells_nothing),
      cmocka_unit_test(four_lanes_at_a_time_are_one_after_the_other),
      cmocka_unit_test(a_minute_takes_nothing_from_the_allocator),
      cmocka_unit_test(gives_everything_back_when_memory_runs_out),
      cmocka_unit_test(refuses_what_cannot_be_followed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
