#include "engine/base/rng.h"
#include "engine/dsp/tempo.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

#include <math.h>

enum { BEATS_MAX = 200 };

typedef struct {
  shed_tempo_beat  beats[BEATS_MAX];
  int              n;
  shed_tempo_state now, whole;
} told;

static void
drain(shed_tempo *t, told *to)
{
  shed_tempo_beat b;
  while (shed_tempo_poll(t, &b)) {
    assert_true(to->n < BEATS_MAX);
    to->beats[to->n++] = b;
  }
}

// Onsets at these moments, as they come; time goes on in steps of @p step_s.
static told
hear(const double *onsets, int n, double end_s, double step_s)
{
  shed_tempo *t  = NULL;
  told        to = {.n = 0};
  int         at = 0;
  CHECK_OK(shed_tempo_new(&t, NULL));
  for (int k = 0; k * step_s < end_s; k++) {
    for (; at < n && onsets[at] <= k * step_s; at++) {
      shed_tempo_onset(t, onsets[at], 0.7f);
    }
    // what comes is at most one step old
    shed_tempo_advance(t, (k - 1) * step_s);
    drain(t, &to);
  }
  to.now = shed_tempo_now(t);
  shed_tempo_finish(t);
  drain(t, &to);
  to.whole = shed_tempo_whole(t);
  shed_tempo_free(t);
  return to;
}

// Bars of quarter, quarter, two eighths, quarter; @p sd_s of chance on each.
static int
march(double bpm, int bars, double sd_s, double *onsets)
{
  static const double in_bar[] = {0, 1, 2, 2.5, 3};
  shed_rng            rng;
  int                 n = 0;
  shed_rng_seed(&rng, 2, 2);
  for (int b = 0; b < bars; b++) {
    for (size_t k = 0; k < SHED_COUNTOF(in_bar); k++) {
      onsets[n++] = 0.5 + (4 * b + in_bar[k]) * 60 / bpm + sd_s * shed_rng_normal(&rng);
    }
  }
  return n;
}

static void
a_march_is_counted_at_its_quarters(void **state)
{
  static const double bpms[] = {72, 96, 120, 144};
  double              onsets[200];
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(bpms); i++) {
    int  n    = march(bpms[i], 8, 0.012, onsets);
    told to   = hear(onsets, n, onsets[n - 1] + 2, 0.01);
    int  near = 0, late = 0;
    CHECK_NEAR((double)to.whole.bpm, bpms[i], 0.03 * bpms[i]);
    CHECK_LT(0.4, (double)to.whole.confidence);
    for (int k = 0; k < to.n; k++) {
      double beats = (to.beats[k].time_s - 0.5) * bpms[i] / 60;
      near += fabs(beats - floor(beats + 0.5)) * 60 / bpms[i] <= 0.05;
      late += to.beats[k].time_s > onsets[n - 1] + 60 / bpms[i];
    }
    CHECK_LT(25.5, to.n); // of 32
    CHECK_LT(0.85 * to.n, near);
    assert_int_equal(late, 0);
  }
}

static void
beats_come_in_order_and_go_through_a_rest(void **state)
{
  double onsets[64];
  int    n = 0;
  (void)state;
  for (int k = 0; k < 32; k++) {
    if (k < 16 || k > 18) {
      onsets[n++] = 0.5 + 0.6 * k;
    }
  }
  told to = hear(onsets, n, 22, 0.01);
  CHECK_NEAR((double)to.whole.bpm, 100, 1.5);
  for (int k = 1; k < to.n; k++) {
    CHECK_NEAR(to.beats[k].time_s - to.beats[k - 1].time_s, 0.6, 0.06);
  }
  assert_true(to.n >= 29);
}

static void
chance_has_no_beat(void **state)
{
  double   onsets[60];
  shed_rng rng;
  double   at = 0.5;
  (void)state;
  shed_rng_seed(&rng, 11, 4);
  for (int k = 0; k < 60; k++) {
    onsets[k] = at;
    at += 0.12 - 0.5 * log(shed_rng_unit(&rng) + 1e-6);
  }
  told   to = hear(onsets, 60, at + 1, 0.01);
  double steady[200];
  int    n    = march(100, 8, 0.008, steady);
  told   sure = hear(steady, n, steady[n - 1] + 2, 0.01);
  CHECK_LT((double)to.whole.confidence, (double)sure.whole.confidence - 0.1);
}

static void
too_little_is_no_tempo(void **state)
{
  static const double four[] = {0.5, 1.0, 1.5, 2.0};
  (void)state;
  told to = hear(four, 4, 5, 0.01);
  CHECK_NEAR((double)to.whole.bpm, 0, 0);
  CHECK_NEAR((double)to.now.bpm, 0, 0);
  assert_int_equal(to.n, 0);
  told none = hear(NULL, 0, 40, 0.01);
  CHECK_NEAR((double)none.whole.bpm, 0, 0);
  assert_int_equal(none.n, 0);
}

static void
even_notes_say_that_they_may_be_counted_otherwise(void **state)
{
  double onsets[80];
  (void)state;
  for (int k = 0; k < 80; k++) {
    onsets[k] = 0.5 + 0.3 * k;
  }
  told to = hear(onsets, 80, 26, 0.01);
  CHECK_LT(0, (double)to.whole.other_bpm);
  CHECK_LT(0.2, (double)to.whole.other_share);
  CHECK_LT((double)to.whole.other_share, 0.5 + 1e-6);
}

static void
a_long_silence_and_onsets_out_of_order_do_no_harm(void **state)
{
  shed_tempo *t  = NULL;
  told        to = {.n = 0};
  (void)state;
  CHECK_OK(shed_tempo_new(&t, NULL));
  for (int k = 0; k < 30; k++) {
    shed_tempo_onset(t, 1 + 0.5 * k + (k % 2 ? 0.0 : 0.02), 0.5f);
    shed_tempo_advance(t, 1 + 0.5 * k - 0.1);
    drain(t, &to);
  }
  shed_tempo_onset(t, 3.0, 1.0f); // long ago
  for (int k = 0; k < 6000; k++) {
    shed_tempo_advance(t, 16 + 0.01 * k);
    drain(t, &to);
  }
  int before = to.n;
  for (int k = 0; k < 30; k++) {
    shed_tempo_onset(t, 76 + 0.4 * k, 0.5f);
    shed_tempo_onset(t, 76 + 0.4 * k - 0.1, 0.5f);
    for (int m = 0; m < 40; m++) {
      shed_tempo_advance(t, 76 + 0.4 * k + 0.01 * m - 0.15);
      drain(t, &to);
    }
  }
  shed_tempo_finish(t);
  drain(t, &to);
  assert_true(before > 20 && to.n > before);
  for (int k = 1; k < to.n; k++) {
    CHECK_LT(to.beats[k - 1].time_s, to.beats[k].time_s);
  }
  shed_tempo_free(t);
}

static void
running_out_of_memory_leaks_nothing(void **state)
{
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_tempo *t = NULL;
    sweep_status  = shed_tempo_new(&t, &a.alloc);
    shed_tempo_free(t);
  });
  shed_tempo_free(NULL);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_march_is_counted_at_its_quarters),
      cmocka_unit_test(beats_come_in_order_and_go_through_a_rest),
      cmocka_unit_test(chance_has_no_beat),
      cmocka_unit_test(too_little_is_no_tempo),
      cmocka_unit_test(even_notes_say_that_they_may_be_counted_otherwise),
      cmocka_unit_test(a_long_silence_and_onsets_out_of_order_do_no_harm),
      cmocka_unit_test(running_out_of_memory_leaks_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
