// The ring between two threads: nothing changed, nothing doubled, what is missing is told where it is missing.
#include "engine/rt/ring.h"

#include "engine/base/rng.h"
#include "tests/support/check.h"
#include "tests/support/ear_sound.h"
#include "tests/support/fake_alloc.h"
#include "tests/support/heard.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { CAPACITY = 64, BLOCK = 100 };

static void
what_is_written_is_read(void **state)
{
  (void)state;
  shed_ring *ring = NULL;
  float      x[10], y[20];
  uint64_t   lost = 9;
  CHECK_OK(shed_ring_new(&ring, NULL, 16));
  assert_int_equal(shed_ring_read(ring, y, 20, &lost), 0);
  assert_int_equal(lost, 0);
  for (int turn = 0; turn < 50; turn++) { // round and round
    for (int i = 0; i < 10; i++) {
      x[i] = (float)(10 * turn + i);
    }
    assert_int_equal(shed_ring_write(ring, x, 10), 10);
    assert_int_equal(shed_ring_read(ring, y, 20, &lost), 10);
    assert_int_equal(lost, 0);
    assert_memory_equal(x, y, sizeof(x));
  }
  assert_int_equal(shed_ring_lost(ring), 0);
  shed_ring_free(ring);
}

static void
what_does_not_fit_is_told_where_it_is_missing(void **state)
{
  (void)state;
  shed_ring *ring  = NULL;
  float      x[12] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, y[20];
  uint64_t   lost  = 0;
  CHECK_OK(shed_ring_new(&ring, NULL, 7)); // 8 in fact
  assert_int_equal(shed_ring_write(ring, x, 12), 8);
  assert_int_equal(shed_ring_write(ring, x, 3), 0);
  assert_int_equal(shed_ring_lost(ring), 7);
  assert_int_equal(shed_ring_read(ring, y, 5, &lost), 5);
  assert_int_equal(lost, 0);
  assert_int_equal(shed_ring_write(ring, x + 10, 2), 2);
  assert_int_equal(shed_ring_read(ring, y, 20, &lost), 3); // up to the gap
  assert_int_equal(lost, 0);
  assert_true(y[2] == 7.0f);
  assert_int_equal(shed_ring_read(ring, y, 20, &lost), 2);
  assert_int_equal(lost, 7);
  assert_true(y[0] == 10.0f);
  assert_int_equal(shed_ring_read(ring, y, 20, &lost), 0);
  assert_int_equal(lost, 0);
  shed_ring_free(ring);
}

static void
what_nobody_handed_over_is_missing_too(void **state)
{
  (void)state;
  shed_ring *ring  = NULL;
  float      x[12] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, y[20];
  uint64_t   lost  = 0;
  CHECK_OK(shed_ring_new(&ring, NULL, 8));
  assert_int_equal(shed_ring_write(ring, x, 3), 3);
  shed_ring_skip(ring, 1000);
  assert_int_equal(shed_ring_write(ring, x + 3, 9), 5); // and four more that do not fit
  assert_int_equal(shed_ring_read(ring, y, 20, &lost), 3);
  assert_int_equal(lost, 0);
  assert_int_equal(shed_ring_read(ring, y, 20, &lost), 5);
  assert_int_equal(lost, 1000);
  assert_int_equal(shed_ring_lost(ring), 1004);
  shed_ring_free(ring);
}

// The samples are their own numbers, so that a reader who adds up what is said to be missing knows each before it comes.
static void
a_slow_reader_can_count(void **state)
{
  (void)state;
  for (uint64_t seed = 0; seed < 50; seed++) {
    shed_ring *ring = NULL;
    shed_rng   rng;
    float      block[BLOCK];
    uint64_t   sent = 0, due = 0, kept = 0, lost = 0, told = 0;
    shed_rng_seed(&rng, seed, 3);
    CHECK_OK(shed_ring_new(&ring, NULL, CAPACITY));
    for (int turn = 0; turn < 4000; turn++) {
      int n = shed_rng_between(&rng, 0, BLOCK);
      if (turn % 2) {
        for (int i = 0; i < n; i++) {
          block[i] = (float)(sent + (uint64_t)i);
        }
        kept += shed_ring_write(ring, block, (size_t)n);
        sent += (uint64_t)n;
        continue;
      }
      // sometimes so seldom and so little that there is no more room for what is to be said
      n          = seed % 3 ? n : n % 2;
      size_t got = shed_ring_read(ring, block, (size_t)n, &lost);
      due += lost;
      told += lost;
      for (size_t i = 0; i < got; i++, due++) {
        CHECK_NEAR((double)block[i], (double)due, 0.0);
      }
    }
    for (size_t got; (got = shed_ring_read(ring, block, BLOCK, &lost)) > 0;) {
      due += lost + got;
      told += lost;
    }
    assert_true(told > 0);
    assert_int_equal(kept + shed_ring_lost(ring), sent);
    assert_int_equal(due + (shed_ring_lost(ring) - told), sent); // lost at the very end: nothing followed yet
    shed_ring_free(ring);
  }
}

typedef struct {
  shed_ring   *ring;
  const float *x;
  size_t       n;
  bool         patient; // writes again what did not fit, as a file can
  atomic_bool  done;
} source;

static void *
play(void *arg)
{
  source  *s = arg;
  shed_rng rng;
  shed_rng_seed(&rng, 5, 5);
  for (size_t at = 0; at < s->n;) {
    size_t n = (size_t)shed_rng_between(&rng, 1, 512);
    n        = n < s->n - at ? n : s->n - at;
    size_t k = shed_ring_write(s->ring, s->x + at, n);
    at += s->patient ? k : n;
    if (k < n) {
      (void)sched_yield();
    }
  }
  atomic_store(&s->done, true);
  return NULL;
}

static void
an_ear_behind_a_ring_hears_what_it_hears_without(void **state)
{
  (void)state;
  enum { RATE_HZ = 44100, N = 2 * RATE_HZ };
  float     *x   = ear_sound(RATE_HZ, N, 12);
  source     s   = {.x = x, .n = N, .patient = true};
  shed_hear *h   = NULL;
  heard      got = {.rate_hz = RATE_HZ};
  pthread_t  thread;
  float      block[300];
  uint64_t   lost;
  CHECK_OK(shed_ring_new(&s.ring, NULL, 2048));
  CHECK_OK(shed_hear_new(&h, &(shed_hear_opts){.rate_hz = RATE_HZ}, NULL));
  assert_int_equal(pthread_create(&thread, NULL, play, &s), 0);
  for (;;) {
    bool   last = atomic_load(&s.done);
    size_t n    = shed_ring_read(s.ring, block, SHED_COUNTOF(block), &lost);
    if (n == 0 && last) {
      break;
    }
    shed_hear_push(h, block, n);
    heard_drain(&got, h);
  }
  assert_int_equal(pthread_join(thread, NULL), 0);
  shed_hear_finish(h);
  heard_drain(&got, h);
  got.stats   = shed_hear_stats_now(h);
  heard alone = heard_of(x, N, RATE_HZ);
  heard_check_same(&alone, &got);
  heard_free(&alone);
  heard_free(&got);
  shed_hear_free(h);
  shed_ring_free(s.ring);
  free(x);
}

static void
two_threads_lose_nothing_unsaid(void **state)
{
  (void)state;
  enum { N = 400000 };
  float    *x = calloc(N, sizeof(*x));
  source    s = {.x = x, .n = N};
  pthread_t thread;
  float     block[64];
  uint64_t  lost, due = 0, told = 0;
  assert_non_null(x);
  for (int i = 0; i < N; i++) {
    x[i] = (float)i;
  }
  CHECK_OK(shed_ring_new(&s.ring, NULL, 256));
  assert_int_equal(pthread_create(&thread, NULL, play, &s), 0);
  for (;;) {
    bool   last = atomic_load(&s.done);
    size_t n    = shed_ring_read(s.ring, block, SHED_COUNTOF(block), &lost);
    if (n == 0 && last) {
      break;
    }
    due += lost;
    told += lost;
    for (size_t i = 0; i < n; i++, due++) {
      CHECK_NEAR((double)block[i], (double)due, 0.0);
    }
  }
  assert_int_equal(pthread_join(thread, NULL), 0);
  assert_int_equal(due + (shed_ring_lost(s.ring) - told), N);
  shed_ring_free(s.ring);
  free(x);
}

static void
a_size_that_makes_no_sense_is_refused(void **state)
{
  (void)state;
  shed_ring *ring = NULL;
  assert_int_equal(shed_ring_new(&ring, NULL, 0), SHED_E_RANGE);
  assert_int_equal(shed_ring_new(&ring, NULL, ((size_t)1 << 30) + 1), SHED_E_RANGE);
  assert_null(ring);
  shed_ring_free(NULL);
  SWEEP_ALLOCATIONS(a, {
    shed_ring *r = NULL;
    sweep_status = shed_ring_new(&r, &a.alloc, 100);
    shed_ring_free(r);
  });
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_written_is_read),
      cmocka_unit_test(what_does_not_fit_is_told_where_it_is_missing),
      cmocka_unit_test(what_nobody_handed_over_is_missing_too),
      cmocka_unit_test(a_slow_reader_can_count),
      cmocka_unit_test(an_ear_behind_a_ring_hears_what_it_hears_without),
      cmocka_unit_test(two_threads_lose_nothing_unsaid),
      cmocka_unit_test(a_size_that_makes_no_sense_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
