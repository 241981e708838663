#include "engine/base/rng.h"
#include "engine/dsp/pi.h"
#include "engine/dsp/tick.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

#include <math.h>
#include <stdlib.h>

enum { RATE_HZ = 44100, HOP = 441, SECONDS = 12, N = RATE_HZ * SECONDS };
static const double PERIOD_S = 0.6, FIRST_S = 0.3, LATE_S = 0.041;

// A burst of 1500 Hz, or of 2100 Hz for an accent, `since` its beginning.
static double
click(double since, bool accent)
{
  return since < 0 ? 0 : 0.2 * exp(-since / 0.008) * sin(2 * SHED_PI * (accent ? 2100 : 1500) * since);
}

typedef struct {
  float     *x, *rest; // the whole, and what sounds besides the clicks
  shed_tick *tick;
} scene;

// Clicks (each fourth an accent), a tone from the click number `tone_from` on, noise.
static scene
make_scene(int tone_from, bool clicks)
{
  scene    s = {.x = calloc(N, sizeof(float)), .rest = calloc(N, sizeof(float))};
  shed_rng rng;
  shed_rng_seed(&rng, 3, 3);
  double tone_s = FIRST_S + LATE_S + tone_from * PERIOD_S;
  for (int i = 0; i < N; i++) {
    double at    = (double)i / RATE_HZ;
    double since = at - FIRST_S - LATE_S;
    int    k     = (int)floor(since / PERIOD_S);
    s.rest[i]    = (float)(0.0003 * shed_rng_normal(&rng));
    if (at >= tone_s && tone_from >= 0) {
      double t = at - tone_s;
      s.rest[i] +=
          (float)(0.2 * fmin(t / 0.01, 1) * (sin(2 * SHED_PI * 330 * t) + 0.5 * sin(2 * SHED_PI * 660 * t)));
    }
    s.x[i] = s.rest[i] + (clicks && k >= 0 ? (float)click(since - k * PERIOD_S, k % 4 == 0) : 0.0f);
  }
  return s;
}

static shed_tick_opts
opts(void)
{
  return (shed_tick_opts){FIRST_S * RATE_HZ, PERIOD_S * RATE_HZ, 0.15 * RATE_HZ};
}

static void
run(scene *s)
{
  shed_tick_opts o = opts();
  CHECK_OK(shed_tick_new(&s->tick, NULL, &o));
  for (int at = 0; at < N; at += HOP) {
    shed_tick_run(s->tick, s->x + at, HOP);
  }
}

static void
end(scene *s)
{
  shed_tick_free(s->tick);
  free(s->x);
  free(s->rest);
}

static double
power_db(const float *x, const float *y, double from_s, double to_s)
{
  double sum = 0;
  int    n   = 0;
  for (int i = (int)(from_s * RATE_HZ); i < (int)(to_s * RATE_HZ); i++, n++) {
    double d = (double)x[i] - (y ? (double)y[i] : 0);
    sum += d * d;
  }
  return 10 * log10(sum / n + 1e-20);
}

static void
a_click_is_found_and_taken_out(void **state)
{
  (void)state;
  scene s = make_scene(-1, true);
  run(&s);
  shed_tick_state now = shed_tick_now(s.tick);
  assert_true(now.found);
  CHECK_NEAR(now.delay_s, LATE_S, 0.0012); // its rise, to a step of the search
  assert_int_equal(now.kinds, 2);
  // from the second bar on, accents too
  for (int k = 9; k < 18; k++) {
    double at = FIRST_S + LATE_S + k * PERIOD_S;
    CHECK_LT(power_db(s.x, s.rest, at - 0.005, at + 0.05), -36 - 22); // a click is at -36 dB there
  }
  end(&s);
}

static void
a_tone_that_begins_with_a_click_stays_as_it_was(void **state)
{
  (void)state;
  scene s = make_scene(10, true);
  run(&s);
  double at = FIRST_S + LATE_S + 10 * PERIOD_S;
  CHECK_LT(power_db(s.x, s.rest, at - 0.01, at + 0.3), power_db(s.rest, NULL, at, at + 0.3) - 25);
  assert_int_equal(shed_tick_ask(s.tick, (int64_t)(at * RATE_HZ)), SHED_TICK_NOT);
  assert_int_equal(shed_tick_ask(s.tick, (int64_t)((at - PERIOD_S) * RATE_HZ)), SHED_TICK_CLICK);
  assert_int_equal(shed_tick_ask(s.tick, (int64_t)((at - PERIOD_S / 2) * RATE_HZ)), SHED_TICK_NOT);
  end(&s);
}

static void
what_is_not_heard_changes_nothing(void **state)
{
  (void)state;
  scene s = make_scene(4, false);
  run(&s);
  assert_false(shed_tick_now(s.tick).found);
  assert_true(isnan(shed_tick_now(s.tick).delay_s));
  assert_memory_equal(s.x, s.rest, N * sizeof(float));
  assert_int_equal(shed_tick_ask(s.tick, (int64_t)((FIRST_S + LATE_S) * RATE_HZ)), SHED_TICK_NOT);
  end(&s);
}

static void
until_it_is_known_nothing_is_decided(void **state)
{
  (void)state;
  scene          s = make_scene(-1, true);
  shed_tick_opts o = opts();
  CHECK_OK(shed_tick_new(&s.tick, NULL, &o));
  for (int at = 0; at < RATE_HZ; at += HOP) { // two clicks
    shed_tick_run(s.tick, s.x + at, HOP);
  }
  int64_t first = (int64_t)((FIRST_S + LATE_S) * RATE_HZ);
  assert_int_equal(shed_tick_ask(s.tick, first), SHED_TICK_UNDECIDED);
  assert_int_equal(shed_tick_ask(s.tick, first - RATE_HZ / 5), SHED_TICK_NOT);
  end(&s);
}

static void
impossible_clicks_are_refused(void **state)
{
  static const shed_tick_opts bad[] = {{0, 6614, 0}, {0, 20000, 9000}, {0, 20000, -1}, {1e14, 20000, 0}};
  shed_tick                  *t     = NULL;
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(bad); i++) {
    CHECK_STATUS(shed_tick_new(&t, NULL, &bad[i]), SHED_E_RANGE);
  }
  CHECK_STATUS(shed_tick_new(&t, NULL, &(shed_tick_opts){(double)NAN, 20000, 0}), SHED_E_RANGE);
  CHECK_STATUS(shed_tick_new(&t, NULL, &(shed_tick_opts){0, (double)NAN, 0}), SHED_E_RANGE);
  assert_null(t);
  shed_tick_free(NULL);
}

static void
running_out_of_memory_leaks_nothing(void **state)
{
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_tick     *t = NULL;
    shed_tick_opts o = opts();
    sweep_status     = shed_tick_new(&t, &a.alloc, &o);
    shed_tick_free(t);
  });
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_click_is_found_and_taken_out),
      cmocka_unit_test(a_tone_that_begins_with_a_click_stays_as_it_was),
      cmocka_unit_test(what_is_not_heard_changes_nothing),
      cmocka_unit_test(until_it_is_known_nothing_is_decided),
      cmocka_unit_test(impossible_clicks_are_refused),
      cmocka_unit_test(running_out_of_memory_leaks_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
