// Nothing that the ear does once it has been made allocates, frees or locks.
#include "engine/base/rng.h"
#include "engine/dsp/pi.h"
#include "engine/hear/hear.h"
#include "tests/rt/guard.h"
#include "tests/support/check.h"

#include <pthread.h>
#include <stdlib.h>

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
  // also what a shared library does
  guard_enter();
  shed_hear *h = NULL;
  CHECK_OK(shed_hear_new(&h, &(shed_hear_opts){.rate_hz = 44100}, NULL));
  assert_true(guard_leave() > 50);
  shed_hear_free(h);
}

// Tones, noise, claps and silence in turn, some clipped, some not a number.
static float
sample_at(shed_rng *rng, int i, int rate_hz)
{
  double at   = (double)i / rate_hz;
  int    kind = (int)(at * 4.0) % 4;
  if (i == 1234) {
    return NAN;
  }
  if (kind == 0) {
    double p = 2.0 * SHED_PI * 220.0 * at;
    return (float)fmin(0.6 * sin(p) + 0.5 * sin(2.0 * p) + 0.4 * sin(3.0 * p), 1.0);
  }
  if (kind == 1) {
    return (float)(0.2 * shed_rng_normal(rng));
  }
  return kind == 2 ? 0.0f : (float)(0.5 * exp(-fmod(at, 0.1) * 60.0) * shed_rng_normal(rng));
}

static void
hear_at(int rate_hz)
{
  shed_hear *h = NULL;
  shed_rng   rng;
  long       events = 0, notes = 0;
  shed_event e;
  float      x[BLOCK];
  shed_rng_seed(&rng, 9, 9);
  CHECK_OK(shed_hear_new(&h, &(shed_hear_opts){.rate_hz = rate_hz}, NULL));
  for (int at = 0; at < SECONDS * rate_hz; at += BLOCK) {
    for (int i = 0; i < BLOCK; i++) {
      x[i] = sample_at(&rng, at + i, rate_hz);
    }
    guard_enter();
    shed_hear_push(h, x, BLOCK);
    while (shed_hear_poll(h, &e)) {
      events++;
      notes += e.kind == SHED_EVENT_NOTE;
    }
    assert_int_equal(guard_leave(), 0);
  }
  guard_enter();
  shed_hear_finish(h);
  (void)shed_hear_stats_now(h);
  assert_int_equal(guard_leave(), 0);
  assert_true(events > 500 && notes > 2);
  shed_hear_free(h);
}

static void
hearing_neither_allocates_nor_locks(void **state)
{
  (void)state;
  hear_at(44100);
  hear_at(48000);
  hear_at(8000);
  hear_at(192000);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_guard_sees),
      cmocka_unit_test(hearing_neither_allocates_nor_locks),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
