// Candidates: the truth is among them, all that is told of them is a number in its range, at the edges too.
#include "engine/dsp/cands.h"

#include "engine/base/rng.h"
#include "engine/dsp/pi.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

enum { RATE_HZ = 44100, LENGTH = 16384, CENTRE = 12000, MEMORY_MOST = 320 * 1024 };

static float sound[LENGTH];

static void
look(shed_cands *c, int64_t centre, shed_cand_set *out)
{
  shed_front *f = NULL;
  shed_level  l = {.n = 0};
  CHECK_OK(shed_front_new(&f, NULL, RATE_HZ));
  for (int at = 0; at < LENGTH; at += SHED_FRONT_PUSH_MAX) {
    shed_front_push(f, sound + at, SHED_FRONT_PUSH_MAX);
    if (centre + SHED_CANDS_AHEAD <= at + SHED_FRONT_PUSH_MAX) {
      break;
    }
  }
  shed_level_frame level = shed_level_run(&l, f, centre);
  memset(out, 0x7f, sizeof(*out)); // what is not written shows
  shed_cands_run(c, f, centre, &level, out);
  shed_front_free(f);
}

static void
check_set(const shed_cand_set *s)
{
  assert_true(s->n >= 0 && s->n <= SHED_CANDS_MAX);
  for (int k = 0; k < SHED_FRAME_FEATURES; k++) {
    assert_true(fabsf(s->frame[k]) < 1e4f);
  }
  for (int i = 0; i < s->n; i++) {
    assert_true(s->f_hz[i] >= 26.0f && s->f_hz[i] <= 4800.0f);
    assert_true(s->periodicity[i] >= 0.0f && s->periodicity[i] <= 1.0f);
    for (int k = 0; k < SHED_CAND_FEATURES; k++) {
      if (!(fabsf(s->cand[i][k]) < 1e4f)) {
        fail_msg("feature %d of the candidate at %.1f Hz is %g", k, (double)s->f_hz[i],
                 (double)s->cand[i][k]);
      }
    }
    for (int j = 0; j < i; j++) { // nearer ones are one
      assert_true(fabs(1200.0 * log2((double)s->f_hz[i] / (double)s->f_hz[j])) > 20.0);
    }
  }
}

static double
nearest_cents(const shed_cand_set *s, double hz)
{
  double least = 1e9;
  for (int i = 0; i < s->n; i++) {
    least = fmin(least, fabs(1200.0 * log2((double)s->f_hz[i] / hz)));
  }
  return least;
}

static void
the_truth_is_among_the_candidates_over_the_whole_range(void **state)
{
  (void)state;
  shed_cands *c = NULL;
  shed_rng    rng;
  int         n = 0, there = 0;
  shed_rng_seed(&rng, 3, 14);
  CHECK_OK(shed_cands_new(&c, NULL));
  for (int k = 0; k < 90; k++) {
    double        hz = 27.5 * exp2(7.32 * k / 89.0); // to 4.4 kHz
    shed_cand_set s;
    for (int i = 0; i < LENGTH; i++) {
      double y = 1e-4 * shed_rng_normal(&rng);
      for (int h = 1; h <= 16 && h * hz < 16000.0; h++) {
        y += 0.1 * sin(2.0 * SHED_PI * h * hz * i / RATE_HZ + h * h) / h;
      }
      sound[i] = (float)y;
    }
    look(c, CENTRE, &s);
    check_set(&s);
    n++;
    there += nearest_cents(&s, hz) < 50.0;
  }
  print_message("the truth is a candidate of %d of %d tones\n", there, n);
  assert_true(there * 100 >= n * 98);
  shed_cands_free(c);
}

static void
silence_offers_nothing_and_garbage_only_numbers(void **state)
{
  (void)state;
  shed_cands *c = NULL;
  CHECK_OK(shed_cands_new(&c, NULL));
  for (int kind = 0; kind < 6; kind++) {
    shed_rng      rng;
    shed_cand_set s;
    shed_rng_seed(&rng, 4, (uint64_t)kind);
    for (int i = 0; i < LENGTH; i++) {
      const double y[] = {0.0,
                          1.0,
                          i == CENTRE ? 1.0 : 0.0,
                          i / 50 % 2 == 0 ? 1.0 : -1.0,
                          100.0 * shed_rng_normal(&rng),
                          1e-20 * shed_rng_normal(&rng)};
      sound[i]         = (float)y[kind];
    }
    look(c, CENTRE, &s);
    check_set(&s);
    if (kind == 0) {
      assert_int_equal(s.n, 0);
    }
    if (kind == 3) {
      CHECK_LT(nearest_cents(&s, 441.0), 20.0);
    }
  }
  shed_cands_free(c);
}

// The first frame of a take looks at silence before it.
static void
the_first_frame_of_a_take_has_candidates(void **state)
{
  (void)state;
  shed_cands   *c = NULL;
  shed_cand_set s;
  for (int i = 0; i < LENGTH; i++) {
    sound[i] = (float)(0.3 * sin(2.0 * SHED_PI * 440.0 * i / RATE_HZ));
  }
  CHECK_OK(shed_cands_new(&c, NULL));
  look(c, 0, &s);
  check_set(&s);
  CHECK_LT(nearest_cents(&s, 440.0), 50.0);
  shed_cands_free(c);
}

static void
failed_allocations_leave_nothing_and_an_instance_is_small(void **state)
{
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_cands *c = NULL;
    sweep_status  = shed_cands_new(&c, &a.alloc);
    shed_cands_free(c);
    CHECK_LT((double)a.bytes, (double)MEMORY_MOST);
  });
  shed_cands_free(NULL);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_truth_is_among_the_candidates_over_the_whole_range),
      cmocka_unit_test(silence_offers_nothing_and_garbage_only_numbers),
      cmocka_unit_test(the_first_frame_of_a_take_has_candidates),
      cmocka_unit_test(failed_allocations_leave_nothing_and_an_instance_is_small),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
