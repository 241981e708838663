// The tracker: when what is settled comes, and what a point holds.
#include "engine/dsp/tracker.h"

#include "engine/base/rng.h"
#include "engine/dsp/pi.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

enum { RATE_HZ = 44100, HOP = 441, FRAMES = 150, LENGTH = FRAMES * HOP + 4 * HOP, MEMORY_MOST = 384 * 1024 };

static float sound[LENGTH];

static void
check_point(const shed_tracker_point *p)
{
  assert_true(p->n >= 0 && p->n <= SHED_TRACKER_CANDS);
  assert_true(p->confidence >= 0.0f && p->confidence <= 1.0f);
  assert_int_equal(p->n == 0, p->f0_hz == 0.0f);
  assert_true(p->n > 0 || !p->voiced);
  for (int i = 0; i < p->n; i++) {
    assert_true(p->cand[i].f0_hz > 24.0f && p->cand[i].f0_hz < 5100.0f);
    assert_true(p->cand[i].periodicity >= 0.0f && p->cand[i].periodicity <= 1.0f);
    assert_true(i < 2 || p->cand[i].periodicity <= p->cand[i - 1].periodicity);
  }
  if (p->n > 0) {
    CHECK_NEAR((double)p->cand[0].f0_hz, (double)p->f0_hz, 0.0);
  }
}

// @return how many were settled; settled[i] is of frame i.
static int
run(shed_tracker_point *settled)
{
  shed_front   *f      = NULL;
  shed_tracker *p      = NULL;
  shed_level    l      = {.n = 0};
  int           pushed = 0, n = 0;
  CHECK_OK(shed_front_new(&f, NULL, RATE_HZ));
  CHECK_OK(shed_tracker_new(&p, NULL));
  for (int t = 0; t < FRAMES; t++) {
    for (; pushed < t * HOP + SHED_CANDS_AHEAD; pushed += HOP) {
      shed_front_push(f, sound + pushed, HOP);
    }
    shed_level_frame   level = shed_level_run(&l, f, (int64_t)t * HOP);
    shed_tracker_point now, then;
    int                done = shed_tracker_run(p, f, (int64_t)t * HOP, &level, &now, &then);
    check_point(&now);
    assert_int_equal(done, t >= SHED_TRACKER_LAG);
    if (done) {
      check_point(&then);
      settled[n++] = then;
    }
    assert_true(shed_tracker_cands(p)->n + 1 >= now.n); // one may go on unseen
  }
  shed_tracker_free(p);
  shed_front_free(f);
  return n;
}

static void
settled_points_come_a_fixed_lag_later_and_are_right(void **state)
{
  (void)state;
  static const double hz[] = {55.0, 196.0, 880.0, 3000.0};
  for (size_t k = 0; k < SHED_COUNTOF(hz); k++) {
    shed_tracker_point settled[FRAMES];
    shed_rng           rng;
    shed_rng_seed(&rng, 8, 8);
    for (int i = 0; i < LENGTH; i++) {
      double y = 1e-4 * shed_rng_normal(&rng);
      for (int h = 1; i >= 50 * HOP && h <= 12 && h * hz[k] < 16000.0; h++) {
        y += 0.1 * sin(2.0 * SHED_PI * h * hz[k] * i / RATE_HZ) / h;
      }
      sound[i] = (float)y;
    }
    int n = run(settled), right = 0, voiced_before = 0;
    assert_int_equal(n, FRAMES - SHED_TRACKER_LAG);
    for (int t = 0; t < n; t++) {
      voiced_before += t < 47 && settled[t].voiced;
      right += t >= 56 && settled[t].voiced && fabs(1200.0 * log2((double)settled[t].f0_hz / hz[k])) < 5.0;
    }
    assert_int_equal(voiced_before, 0);
    assert_true(right >= (n - 56) * 95 / 100);
  }
}

static void
silence_has_no_voice(void **state)
{
  (void)state;
  shed_tracker_point settled[FRAMES];
  memset(sound, 0, sizeof(sound));
  int n = run(settled);
  for (int t = 0; t < n; t++) {
    assert_false(settled[t].voiced);
  }
}

static void
failed_allocations_leave_nothing_and_an_instance_is_small(void **state)
{
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_tracker *p = NULL;
    sweep_status    = shed_tracker_new(&p, &a.alloc);
    shed_tracker_free(p);
    CHECK_LT((double)a.bytes, (double)MEMORY_MOST);
  });
  shed_tracker_free(NULL);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(settled_points_come_a_fixed_lag_later_and_are_right),
      cmocka_unit_test(silence_has_no_voice),
      cmocka_unit_test(failed_allocations_leave_nothing_and_an_instance_is_small),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
