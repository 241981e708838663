// Accompaniment beside the microphone, through the whole ear.
#include "engine/base/rng.h"
#include "engine/dsp/pi.h"
#include "engine/hear/hear.h"
#include "tests/support/check.h"
#include "tests/support/ear_sound.h"
#include "tests/support/fake_alloc.h"
#include "tests/support/heard.h"

#include <stdlib.h>

enum { RATE_HZ = 44100, N = 6 * RATE_HZ, LATE = 4410 };
static const shed_hear_opts TOLD = {.rate_hz = RATE_HZ, .playing = {.sounds = true}};

typedef struct {
  float *given, *mic;
} scene;

// The player's sound is the ear's, with the accompaniment 100 ms late.
static scene
make_scene(bool player, bool loud)
{
  scene s = {ear_sound(RATE_HZ, N, 21), ear_sound(RATE_HZ, N, 4)};
  for (int i = 0; i < N; i++) {
    s.mic[i] = (player ? s.mic[i] : 0.0f) + (loud && i >= LATE ? 0.4f * s.given[i - LATE] : 0.0f);
  }
  return s;
}

static void
end(scene *s)
{
  free(s->given);
  free(s->mic);
}

static heard
hear(const scene *s, const shed_hear_opts *opts, size_t block)
{
  shed_hear *h  = NULL;
  heard      to = {.rate_hz = opts->rate_hz};
  CHECK_OK(shed_hear_new(&h, opts, NULL));
  for (size_t at = 0; at < N; at += block) {
    shed_hear_push_with(h, s->mic + at, s->given + at, N - at < block ? N - at : block);
    heard_drain(&to, h);
  }
  shed_hear_finish(h);
  heard_drain(&to, h);
  to.stats = shed_hear_stats_now(h);
  shed_hear_free(h);
  return to;
}

static void
forget_input(heard *h)
{
  for (size_t i = 0; i < h->n; i++) {
    h->events[i].at_frame = 0;
  }
}

static void
the_cut_into_blocks_changes_nothing(void **state)
{
  static const size_t blocks[] = {1, 64, 4096};
  scene               s        = make_scene(true, true);
  heard               a        = hear(&s, &TOLD, 441);
  (void)state;
  assert_true(a.stats.playing_found);
  heard_check_contract(&a);
  forget_input(&a);
  for (size_t k = 0; k < SHED_COUNTOF(blocks); k++) {
    heard b = hear(&s, &TOLD, blocks[k]);
    forget_input(&b); // it counts in whole inner blocks, whatever was pushed
    heard_check_same(&a, &b);
    heard_free(&b);
  }
  heard_free(&a);
  end(&s);
}

static long
settled(const heard *h, double from_s, bool voiced)
{
  long n = 0;
  for (size_t i = 0; i < h->n; i++) {
    const shed_event *e = &h->events[i];
    n += e->kind == SHED_EVENT_FRAME && e->time_s >= from_s && (e->u.frame.voiced || !voiced);
  }
  return n;
}

static void
what_we_play_is_nobodys_pitch(void **state)
{
  (void)state;
  scene s      = make_scene(false, true);
  heard untold = hear(&s, &(shed_hear_opts){.rate_hz = RATE_HZ}, 441);
  heard told   = hear(&s, &TOLD, 441);
  assert_true(told.stats.playing_found);
  CHECK_NEAR(told.stats.playing_delay_s, (double)LATE / RATE_HZ, 0.0005);
  assert_true(settled(&untold, 1, true) > 200);
  CHECK_LT((double)settled(&told, 1, true), 0.03 * (double)settled(&told, 1, false));
  heard_free(&untold);
  heard_free(&told);
  end(&s);
}

static bool
same_settled(const heard *a, const heard *b)
{
  size_t j = 0;
  for (size_t i = 0; i < a->n; i++) {
    if (a->events[i].kind != SHED_EVENT_FRAME) {
      continue;
    }
    while (j < b->n && b->events[j].kind != SHED_EVENT_FRAME) {
      j++;
    }
    if (j == b->n || memcmp(&a->events[i].u.frame, &b->events[j].u.frame, sizeof(shed_frame)) != 0) {
      return false;
    }
    j++;
  }
  return true;
}

static void
headphones_change_nothing(void **state)
{
  (void)state;
  scene s      = make_scene(true, false);
  heard untold = hear(&s, &(shed_hear_opts){.rate_hz = RATE_HZ}, 441);
  heard told   = hear(&s, &TOLD, 441);
  assert_false(told.stats.playing_found);
  assert_true(isnan(told.stats.playing_delay_s));
  assert_true(settled(&told, 0, true) > 100);
  assert_int_equal(settled(&told, 0, false), settled(&untold, 0, false));
  assert_true(same_settled(&told, &untold));
  heard_free(&untold);
  heard_free(&told);
  end(&s);
}

// Not a number, endless, far too loud, in either; and an ear that is given nothing beside it.
static void
what_is_no_sound_harms_nothing(void **state)
{
  (void)state;
  scene s = make_scene(true, true);
  for (int i = 2 * RATE_HZ; i < 2 * RATE_HZ + 500; i++) {
    s.given[i]      = i % 3 == 0 ? NAN : i % 3 == 1 ? INFINITY : 1e30f;
    s.mic[i + 2000] = s.given[i];
  }
  heard h = hear(&s, &TOLD, 441);
  heard_check_contract(&h);
  assert_true(h.stats.not_finite == 500 && h.stats.playing_found);
  heard_free(&h);
  shed_hear *ear = NULL;
  heard      to  = {.rate_hz = RATE_HZ};
  CHECK_OK(shed_hear_new(&ear, &TOLD, NULL));
  shed_hear_push(ear, s.mic, 4096);
  shed_hear_finish(ear);
  heard_drain(&to, ear);
  assert_false(shed_hear_stats_now(ear).playing_found);
  heard_free(&to);
  shed_hear_free(ear);
  end(&s);
}

typedef struct {
  const float *x;
  size_t       left;
} memory;

static shed_status
pull(void *ctx, float *x, size_t cap, size_t *n, shed_error *err)
{
  memory *m = ctx;
  (void)err;
  *n = m->left < cap ? m->left : cap;
  memcpy(x, m->x, *n * sizeof(float));
  m->x += *n;
  m->left -= *n;
  return SHED_OK;
}

static shed_status
hear_source(const scene *s, size_t n, const shed_alloc *alloc, shed_take *take)
{
  memory         mic = {s->mic, n}, given = {s->given, n / 2};
  shed_hear_opts opts = {.rate_hz = RATE_HZ, .playing = {.sounds = true, .pull = pull, .pull_ctx = &given}};
  return shed_hear_source(pull, &mic, &opts, n, alloc, NULL, NULL, take, NULL);
}

static void
a_whole_take_is_looked_at_ahead(void **state)
{
  (void)state;
  scene     s    = make_scene(false, true);
  shed_take take = {0};
  CHECK_OK(hear_source(&s, N, NULL, &take));
  assert_true(take.playing.told && take.playing.found);
  CHECK_NEAR(take.playing.delay_s, (double)LATE / RATE_HZ, 0.0005);
  CHECK_NEAR(take.duration_s, (double)N / RATE_HZ, 1e-9);
  int voiced = 0;
  for (size_t i = 0; i < 100; i++) { // the first second, where the live ear does not know yet
    voiced += take.frames[i].voiced;
  }
  CHECK_LT(voiced, 10);
  shed_take_free(&take);
  SWEEP_ALLOCATIONS(a, {
    shed_take other = {0};
    sweep_status    = hear_source(&s, 4410, &a.alloc, &other);
    shed_take_free(&other);
  });
  shed_hear     *h     = NULL;
  shed_hear_opts wrong = {.rate_hz = RATE_HZ, .playing = {.sounds = true, .late_s = 0.5}};
  CHECK_STATUS(shed_hear_new(&h, &wrong, NULL), SHED_E_RANGE);
  end(&s);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_cut_into_blocks_changes_nothing), cmocka_unit_test(what_we_play_is_nobodys_pitch),
      cmocka_unit_test(headphones_change_nothing),           cmocka_unit_test(what_is_no_sound_harms_nothing),
      cmocka_unit_test(a_whole_take_is_looked_at_ahead),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
