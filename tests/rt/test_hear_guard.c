// Nothing that the ear does once it has been made allocates, frees or locks.
#include "engine/base/rng.h"
#include "engine/dsp/pi.h"
#include "engine/hear/hear.h"
#include "engine/rt/ring.h"
#include "tests/rt/guard.h"
#include "tests/support/check.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

enum { SECONDS = 3, BLOCK = 256 };

static void
the_guard_sees(void **state)
{
  (void)state;
  guard_enter();
  void *volatile p = malloc(100); // or the compiler takes the pair away
  assert_int_equal(guard_leave(), 1);
  guard_enter();
  free(p);
  assert_int_equal(guard_leave(), 1);
  pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  guard_enter();
  pthread_mutex_lock(&lock);
  assert_int_equal(guard_leave(), 1);
  pthread_mutex_unlock(&lock);
  guard_enter();
  void *aligned = NULL;
  assert_int_equal(posix_memalign(&aligned, 64, 100), 0);
  assert_int_equal(guard_leave(), 1);
  free(aligned);
  guard_enter();
  ssize_t written = write(-1, "x", 1);
  assert_int_equal(guard_leave(), 1);
  assert_int_equal(written, -1);
  // also what a shared library does
  guard_enter();
  shed_hear *h = NULL;
  CHECK_OK(shed_hear_new(&h, &(shed_hear_opts){.rate_hz = 44100}, NULL));
  assert_true(guard_leave() > 50);
  shed_hear_free(h);
}

// Tones, noise, silence, claps, what is no sound, and what is too small to be heard, in turn.
enum { KINDS = 6 };

static float
sample_at(shed_rng *rng, int i, int rate_hz)
{
  double at   = (double)i / rate_hz;
  int    kind = (int)(at * 4.0) % KINDS;
  double p    = 2.0 * SHED_PI * 220.0 * at;
  switch (kind) {
  case 0:
    return (float)fmin(0.6 * sin(p) + 0.5 * sin(2.0 * p) + 0.4 * sin(3.0 * p), 1.0);
  case 1:
    return (float)(0.2 * shed_rng_normal(rng));
  case 2:
    return 0.0f;
  case 3:
    return (float)(0.5 * exp(-fmod(at, 0.1) * 60.0) * shed_rng_normal(rng));
  case 4:
    return i % 3 == 0 ? NAN : i % 3 == 1 ? 1e30f : -INFINITY;
  default:
    return 1e-40f * (float)(i % 7);
  }
}

// A click that is told of, so that all that is done about it is done.
static float
click_at(int i, int rate_hz)
{
  double since = fmod((double)i / rate_hz + 1.0 - 0.53, 0.5);
  return (float)(0.4 * exp(-since * 300.0) * sin(2.0 * SHED_PI * 1500.0 * since));
}

// Accompaniment, so that all that is done about it is done: what the loudspeaker was given; it is heard 20 ms late.
static float
given_at(int i, int rate_hz)
{
  double at = (double)i / rate_hz;
  return i < 0 ? 0.0f
               : (float)(0.3 * exp(-fmod(at, 0.25) * 9.0) *
                         sin(2.0 * SHED_PI * (300.0 + 900.0 * fmod(at * 4.0, 1.0)) * fmod(at, 0.25)));
}

static void
hear_with(const shed_hear_opts *opts)
{
  int        rate_hz = opts->rate_hz;
  shed_hear *h       = NULL;
  shed_rng   rng;
  long       events = 0, notes = 0;
  shed_event e;
  float      x[BLOCK], given[BLOCK];
  shed_rng_seed(&rng, 9, 9);
  CHECK_OK(shed_hear_new(&h, opts, NULL));
  for (int at = 0; at < SECONDS * rate_hz; at += BLOCK) {
    for (int i = 0; i < BLOCK; i++) {
      given[i] = given_at(at + i, rate_hz);
      x[i]     = sample_at(&rng, at + i, rate_hz) + click_at(at + i, rate_hz);
      x[i] += opts->playing.sounds ? given_at(at + i - rate_hz / 50, rate_hz) : 0.0f;
    }
    guard_enter();
    shed_hear_push_with(h, x, given, BLOCK);
    while (shed_hear_poll(h, &e)) {
      events++;
      notes += e.kind == SHED_EVENT_NOTE;
    }
    assert_int_equal(guard_leave(), 0);
  }
  guard_enter();
  shed_hear_finish(h);
  shed_hear_stats stats = shed_hear_stats_now(h);
  assert_int_equal(guard_leave(), 0);
  assert_int_equal(stats.click_found, opts->click.period_s > 0.0);
  assert_int_equal(stats.playing_found, opts->playing.sounds);
  assert_true(events > 500 && notes > (opts->playing.sounds ? 0 : 2));
  shed_hear_free(h);
}

static void
hearing_neither_allocates_nor_locks(void **state)
{
  (void)state;
  hear_with(&(shed_hear_opts){.rate_hz = 44100});
  hear_with(&(shed_hear_opts){.rate_hz = 44100, .click = {.first_s = 0.5, .period_s = 0.5}});
  hear_with(&(shed_hear_opts){.rate_hz = 44100, .playing.sounds = true});
  hear_with(&(shed_hear_opts){.rate_hz = 48000});
  hear_with(&(shed_hear_opts){.rate_hz = 48000, .playing.sounds = true});
  hear_with(&(shed_hear_opts){.rate_hz = 8000});
  hear_with(&(shed_hear_opts){.rate_hz = 192000, .click = {.first_s = 0.5, .period_s = 0.5}});
}

static void
a_ring_neither_allocates_nor_locks(void **state)
{
  (void)state;
  shed_ring *ring     = NULL;
  float      x[BLOCK] = {0};
  size_t     got      = 0;
  uint64_t   lost, all = 0;
  CHECK_OK(shed_ring_new(&ring, NULL, 1000));
  for (int i = 0; i < 20; i++) {
    guard_enter();
    shed_ring_write(ring, x, BLOCK);
    got += shed_ring_read(ring, x, BLOCK / 2, &lost);
    all += lost;
    assert_int_equal(guard_leave(), 0);
  }
  assert_true(got > 0 && all > 0); // the ways with and without a gap
  shed_ring_free(ring);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_guard_sees),
      cmocka_unit_test(hearing_neither_allocates_nor_locks),
      cmocka_unit_test(a_ring_neither_allocates_nor_locks),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
