// The same sound is heard the same, to the bit: however it was cut, whoever else listens in the same process, in
// whichever thread.
#include "engine/base/rng.h"
#include "tests/support/check.h"
#include "tests/support/ear_sound.h"
#include "tests/support/heard.h"

#include <pthread.h>
#include <stdlib.h>

enum { RANDOM_CUTS = 997, LISTENERS = 4, TAKES = 3 };

static void
check_cuts(const shed_hear_opts *opts)
{
  int                 rate_hz = opts->rate_hz;
  static const size_t cuts[]  = {1, 64, 441, 4096, 63, 65};
  size_t              random[RANDOM_CUTS];
  size_t              n = (size_t)rate_hz * 3 + 17;
  float              *x = ear_sound(rate_hz, n, 1);
  heard               a = heard_in_cuts(x, n, opts, &cuts[2], 1);
  shed_rng            rng;
  shed_rng_seed(&rng, 2, 2);
  heard_check_contract(&a);
  assert_true(a.n > 600);
  for (size_t k = 0; k < SHED_COUNTOF(cuts); k++) {
    heard b = heard_in_cuts(x, n, opts, &cuts[k], 1);
    heard_check_same(&a, &b);
    heard_free(&b);
  }
  for (size_t k = 0; k < RANDOM_CUTS; k++) {
    random[k] = 1 + shed_rng_below(&rng, shed_rng_below(&rng, 10) == 0 ? 4096 : 300);
  }
  heard b = heard_in_cuts(x, n, opts, random, RANDOM_CUTS);
  heard_check_same(&a, &b);
  heard_free(&b);
  heard_free(&a);
  free(x);
}

static void
the_cut_into_blocks_changes_nothing(void **state)
{
  (void)state;
  check_cuts(&(shed_hear_opts){.rate_hz = 44100});
  check_cuts(&(shed_hear_opts){.rate_hz = 48000});
  check_cuts(&(shed_hear_opts){.rate_hz = 8000});
  // with everything that may be asked of an ear
  check_cuts(&(shed_hear_opts){.rate_hz = 44100, .click = {.first_s = 0.1, .period_s = 0.31}});
}

// What cannot be emptied at once is not lost while 4096 samples are pushed a time, at any rate.
static void
no_event_is_lost_between_two_large_pushes(void **state)
{
  (void)state;
  static const int    rates[] = {8000, 11025, 22050, 32000, 96000, 192000};
  static const size_t most    = 4096;
  for (size_t r = 0; r < SHED_COUNTOF(rates); r++) {
    size_t n = (size_t)rates[r] * 3;
    float *x = ear_sound(rates[r], n, 3);
    heard  a = heard_in_cuts(x, n, &(shed_hear_opts){.rate_hz = rates[r]}, &most, 1);
    heard_check_contract(&a);
    heard_free(&a);
    free(x);
  }
}

static void
two_ears_in_turn_do_not_hear_each_other(void **state)
{
  (void)state;
  enum { RATE_HZ = 44100, N = 3 * RATE_HZ, BLOCK = 100 };
  float     *x[2];
  shed_hear *h[2]   = {NULL, NULL};
  heard      got[2] = {{.rate_hz = RATE_HZ}, {.rate_hz = RATE_HZ}};
  for (int k = 0; k < 2; k++) {
    x[k] = ear_sound(RATE_HZ, N, 4 + (uint64_t)k);
    CHECK_OK(shed_hear_new(&h[k], &(shed_hear_opts){.rate_hz = RATE_HZ}, NULL));
  }
  for (size_t at = 0; at < N; at += BLOCK) {
    for (int k = 0; k < 2; k++) {
      shed_hear_push(h[k], x[k] + at, BLOCK);
      heard_drain(&got[k], h[k]);
    }
  }
  for (int k = 0; k < 2; k++) {
    shed_hear_finish(h[k]);
    heard_drain(&got[k], h[k]);
    shed_hear_free(h[k]);
    heard alone = heard_of(x[k], N, RATE_HZ);
    heard_check_same(&alone, &got[k]);
    heard_free(&alone);
    heard_free(&got[k]);
    free(x[k]);
  }
}

// One thread's work: takes heard one after the other. What is wrong is said by the thread that joins: cmocka knows one.
typedef struct {
  const float *x[TAKES];
  size_t       n;
  int          rate_hz;
  heard        got[TAKES];
} listener;

static void *
listen_to_all(void *arg)
{
  listener *l = arg;
  for (int t = 0; t < TAKES; t++) {
    l->got[t] = heard_of(l->x[t], l->n, l->rate_hz);
  }
  return NULL;
}

static void
many_listeners_in_threads_hear_what_one_hears(void **state)
{
  (void)state;
  enum { RATE_HZ = 48000, N = RATE_HZ * 3 / 2 };
  float    *x[TAKES];
  listener  of[LISTENERS];
  pthread_t thread[LISTENERS];
  for (int t = 0; t < TAKES; t++) {
    x[t] = ear_sound(RATE_HZ, N, 6 + (uint64_t)t);
  }
  for (int k = 0; k < LISTENERS; k++) {
    of[k] = (listener){.n = N, .rate_hz = RATE_HZ};
    for (int t = 0; t < TAKES; t++) {
      of[k].x[t] = x[(t + k) % TAKES]; // each begins with another take
    }
    assert_int_equal(pthread_create(&thread[k], NULL, listen_to_all, &of[k]), 0);
  }
  for (int k = 0; k < LISTENERS; k++) {
    assert_int_equal(pthread_join(thread[k], NULL), 0);
  }
  for (int t = 0; t < TAKES; t++) {
    heard alone = heard_of(x[t], N, RATE_HZ);
    for (int k = 0; k < LISTENERS; k++) {
      heard *got = &of[k].got[(t - k % TAKES + TAKES) % TAKES];
      heard_check_same(&alone, got);
      heard_free(got);
    }
    heard_free(&alone);
    free(x[t]);
  }
}

// A control: what is compared does depend on each sample, and on none that is still to come.
static void
another_sound_is_not_heard_the_same(void **state)
{
  (void)state;
  enum { RATE_HZ = 44100, N = RATE_HZ };
  float *x = ear_sound(RATE_HZ, N, 8);
  heard  a = heard_of(x, N, RATE_HZ);
  x[N / 2] += 0.01f;
  heard b         = heard_of(x, N, RATE_HZ);
  long  different = 0, early = 0;
  for (size_t i = 0; i < a.n && i < b.n && a.events[i].kind == b.events[i].kind; i++) {
    if (a.events[i].kind == SHED_EVENT_FRAME &&
        memcmp(&a.events[i].u.frame.level_db, &b.events[i].u.frame.level_db, sizeof(float)) != 0) {
      different++;
      early += a.events[i].time_s < 0.489; // a frame looks 10 ms ahead
    }
  }
  assert_true(different > 0);
  assert_int_equal(early, 0);
  heard_free(&a);
  heard_free(&b);
  free(x);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_cut_into_blocks_changes_nothing),
      cmocka_unit_test(no_event_is_lost_between_two_large_pushes),
      cmocka_unit_test(two_ears_in_turn_do_not_hear_each_other),
      cmocka_unit_test(many_listeners_in_threads_hear_what_one_hears),
      cmocka_unit_test(another_sound_is_not_heard_the_same),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
