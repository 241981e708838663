#include "engine/base/rng.h"
#include "engine/dsp/echo.h"
#include "engine/dsp/pi.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RATE_HZ = 44100, SECONDS = 8, N = RATE_HZ * SECONDS / SHED_ECHO_BLOCK * SHED_ECHO_BLOCK };
static const double LATE_S = 0.3;

typedef struct {
  float *given, *mic, *near; // what the loudspeaker was given, the microphone's sound, the player alone
} scene;

// Chords of four partials that change each half second and die away, and the hammer's noise.
static void
accompany(float *x)
{
  static const int keys[] = {0, 4, 7, 11, 2, 9, 5};
  shed_rng         rng;
  shed_rng_seed(&rng, 5, 5);
  for (int i = 0; i < N; i++) {
    double at  = fmod((double)i / RATE_HZ, 0.5);
    int    k   = i / (RATE_HZ / 2);
    double sum = 0;
    for (int v = 0; v < 3; v++) {
      double hz = 196 * pow(2, keys[(k * 3 + v * 2) % 7] / 12.0 + v);
      for (int h = 1; h <= 4; h++) {
        sum += sin(2 * SHED_PI * hz * h * i / RATE_HZ) / h;
      }
    }
    x[i] = (float)(0.05 * fmin(at / 0.004, 1) * exp(-at * 4) * sum +
                   (0.02 * exp(-at * 90) + 0.0005) * shed_rng_normal(&rng));
  }
}

// A room of some reflections; @p drift_ppm: the loudspeaker's clock is so much slower.
static void
add_heard(const float *given, double late_s, double drift_ppm, float *mic)
{
  static const struct {
    double at_s, height;
  } ways[] = {{0, 0.5}, {0.0031, -0.2}, {0.0079, 0.17}, {0.0173, 0.11}, {0.041, -0.06}, {0.083, 0.03}};
  for (size_t w = 0; w < SHED_COUNTOF(ways); w++) {
    for (int i = 0; i < N; i++) {
      double at = (i - (late_s + ways[w].at_s) * RATE_HZ) * (1 + drift_ppm * 1e-6);
      int    k  = (int)floor(at + 1e-6);
      if (k >= 0 && k + 1 < N) {
        double share = at - k > 1e-6 ? at - k : 0;
        mic[i] += (float)(ways[w].height * ((1 - share) * (double)given[k] + share * (double)given[k + 1]));
      }
    }
  }
}

// A player's tone from @p from_s to @p to_s; a quiet room always.
static void
play(float *x, double from_s, double to_s)
{
  shed_rng rng;
  shed_rng_seed(&rng, 8, 8);
  for (int i = 0; i < N; i++) {
    double at = (double)i / RATE_HZ;
    double on = at > from_s && at < to_s ? fmin(fmin((at - from_s) / 0.02, (to_s - at) / 0.02), 1) : 0;
    x[i]      = (float)(0.00005 * shed_rng_normal(&rng));
    for (int h = 1; h < 6; h++) {
      x[i] += (float)(on * 0.15 / h * sin(2 * SHED_PI * 311 * h * at));
    }
  }
}

static scene
make_scene(double late_s, bool heard, double drift_ppm, double from_s, double to_s)
{
  scene s = {calloc(N, sizeof(float)), calloc(N, sizeof(float)), calloc(N, sizeof(float))};
  accompany(s.given);
  play(s.near, from_s, to_s);
  memcpy(s.mic, s.near, N * sizeof(float));
  if (heard) {
    add_heard(s.given, late_s, drift_ppm, s.mic);
  }
  return s;
}

static void
end(scene *s)
{
  free(s->given);
  free(s->mic);
  free(s->near);
}

// What is left of the accompaniment over what was there, dB.
static double
left_db(const scene *s, const float *out, double from_s, double to_s)
{
  double left = 1e-20, was = 1e-20;
  for (int i = (int)(from_s * RATE_HZ); i < (int)(to_s * RATE_HZ) && i < N; i++) {
    double a = (double)out[i] - (double)s->near[i], b = (double)s->mic[i] - (double)s->near[i];
    left += a * a;
    was += b * b;
  }
  return 10 * log10(left / was);
}

// @param[out] over left over leak, 2nd half of the scene, dB; may be NULL.
static shed_echo_state
run(const scene *s, const shed_echo_opts *opts, float *out, double *over)
{
  shed_echo *e    = NULL;
  double     left = 1e-20, leak = 1e-20;
  memcpy(out, s->mic, N * sizeof(float));
  CHECK_OK(shed_echo_new(&e, NULL, opts));
  for (int at = 0; at < N; at += SHED_ECHO_BLOCK) {
    shed_echo_run(e, out + at, s->given + at);
    for (int k = 0; k < SHED_ECHO_BINS && at > N / 2; k++) {
      left += (double)shed_echo_left(e)[k];
      leak += (double)shed_echo_leak(e)[k];
    }
  }
  shed_echo_state now = shed_echo_now(e);
  shed_echo_free(e);
  if (over) {
    *over = 10 * log10(left / leak);
  }
  return now;
}

static void
accompaniment_is_found_and_taken_out_however_late(void **state)
{
  static const double late_s[] = {0, 0.02, 0.118, 0.3};
  float              *out      = malloc(N * sizeof(*out));
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(late_s); i++) {
    scene           s = make_scene(late_s[i], true, 0, 99, 99);
    double          over;
    shed_echo_state now = run(&s, &(shed_echo_opts){.late_s = LATE_S}, out, &over);
    assert_true(now.found);
    CHECK_NEAR(now.delay_s, late_s[i], 0.0005);
    CHECK_LT(left_db(&s, out, 5, 8), -14);
    CHECK_LT(over, 3); // what is left is no more than what is told
    CHECK_LT(8, now.taken_db);
    end(&s);
  }
  free(out);
}

static void
what_is_known_before_is_taken_out_from_the_start(void **state)
{
  float *out = malloc(N * sizeof(*out));
  scene  s   = make_scene(0.118, true, 0, 99, 99);
  (void)state;
  run(&s, &(shed_echo_opts){.late_s = LATE_S, .delay_s = 0.118, .gain_db = -6}, out, NULL);
  CHECK_LT(left_db(&s, out, 0.25, 0.6), -3);
  end(&s);
  free(out);
}

static void
the_player_stays_as_they_are(void **state)
{
  float *out = malloc(N * sizeof(*out));
  scene  s   = make_scene(0.05, true, 0, 3, 6);
  (void)state;
  run(&s, &(shed_echo_opts){.late_s = LATE_S}, out, NULL);
  // under the player it goes on being taken out, and after
  CHECK_LT(left_db(&s, out, 3, 6), -8);
  CHECK_LT(left_db(&s, out, 6.2, 8), -10);
  end(&s);
  free(out);
}

static void
what_is_not_heard_changes_nothing(void **state)
{
  float *out = malloc(N * sizeof(*out));
  (void)state;
  // headphones; and a player who plays nothing else than the accompaniment
  scene           s   = make_scene(0, false, 0, 1, 7);
  shed_echo_state now = run(&s, &(shed_echo_opts){.late_s = LATE_S}, out, NULL);
  assert_false(now.found);
  assert_true(isnan(now.delay_s) && now.taken_db == 0.0);
  assert_memory_equal(out, s.mic, N * sizeof(float));
  // silence, of either and of both
  memset(s.given, 0, N * sizeof(float));
  assert_false(run(&s, &(shed_echo_opts){.late_s = LATE_S}, out, NULL).found);
  assert_memory_equal(out, s.mic, N * sizeof(float));
  memset(s.mic, 0, N * sizeof(float));
  assert_false(run(&s, &(shed_echo_opts){.late_s = LATE_S}, out, NULL).found);
  assert_memory_equal(out, s.mic, N * sizeof(float));
  accompany(s.given);
  assert_false(run(&s, &(shed_echo_opts){.late_s = LATE_S}, out, NULL).found);
  assert_memory_equal(out, s.mic, N * sizeof(float));
  end(&s);
  free(out);
}

// Two clocks, 50 in a million apart: in eight seconds 18 samples.
static void
a_drifting_clock_is_followed(void **state)
{
  float *out = malloc(N * sizeof(*out));
  scene  s   = make_scene(0.118, true, 50, 99, 99);
  (void)state;
  assert_true(run(&s, &(shed_echo_opts){.late_s = LATE_S}, out, NULL).found);
  CHECK_LT(left_db(&s, out, 5, 8), -5); // of one clock it is under -14
  end(&s);
  free(out);
}

// The loudest that can come, then the scene as ever: no NaN stays, and it is learned again.
static void
a_burst_is_survived(void **state)
{
  float *out = malloc(N * sizeof(*out));
  scene  s   = make_scene(0.05, true, 0, 99, 99);
  (void)state;
  for (int i = 2 * RATE_HZ; i < 2 * RATE_HZ + 2000; i++) {
    s.mic[i] += i % 3 == 0 ? 100.0f : -100.0f;
    s.near[i] = s.mic[i];
  }
  run(&s, &(shed_echo_opts){.late_s = LATE_S}, out, NULL);
  for (int i = 0; i < N; i++) {
    assert_true(isfinite(out[i]));
  }
  CHECK_LT(left_db(&s, out, 6.5, 8), -6);
  end(&s);
  free(out);
}

static void
wrong_ranges_and_failing_memory_are_told(void **state)
{
  (void)state;
  static const shed_echo_opts wrong[] = {{.late_s = -0.1},
                                         {.late_s = 0.36},
                                         {.late_s = (double)NAN},
                                         {.late_s = 0.3, .delay_s = -0.1},
                                         {.late_s = 0.3, .delay_s = 0.36},
                                         {.late_s = 0.3, .delay_s = 0.1, .gain_db = (double)INFINITY}};
  for (size_t i = 0; i < SHED_COUNTOF(wrong); i++) {
    shed_echo *e = NULL;
    CHECK_STATUS(shed_echo_new(&e, NULL, &wrong[i]), SHED_E_RANGE);
    assert_null(e);
  }
  SWEEP_ALLOCATIONS(a, {
    shed_echo *e = NULL;
    sweep_status = shed_echo_new(&e, &a.alloc, &(shed_echo_opts){.late_s = LATE_S});
    shed_echo_free(e);
  });
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(accompaniment_is_found_and_taken_out_however_late),
      cmocka_unit_test(what_is_known_before_is_taken_out_from_the_start),
      cmocka_unit_test(the_player_stays_as_they_are),
      cmocka_unit_test(what_is_not_heard_changes_nothing),
      cmocka_unit_test(a_drifting_clock_is_followed),
      cmocka_unit_test(a_burst_is_survived),
      cmocka_unit_test(wrong_ranges_and_failing_memory_are_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
