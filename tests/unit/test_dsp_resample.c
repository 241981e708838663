#include "engine/dsp/pi.h"
#include "engine/dsp/resample.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

#include <stdlib.h>

enum { OUT_RATE_HZ = 44100 };

// Half a second of a 300 Hz sine through the stream. @return samples that came out; the caller frees *out.
static int
stream(int rate_hz, float **out)
{
  shed_resample *r = NULL;
  CHECK_OK(shed_resample_new(&r, NULL, rate_hz, OUT_RATE_HZ));
  int   n_in = rate_hz / 2, n = 0;
  float block[SHED_RESAMPLE_BLOCK], chunk[SHED_RESAMPLE_OUT_MAX];
  *out = malloc(sizeof(float) * OUT_RATE_HZ);
  for (int at = 0; at <= n_in; at += SHED_RESAMPLE_BLOCK) {
    int have = n_in - at < SHED_RESAMPLE_BLOCK ? n_in - at : SHED_RESAMPLE_BLOCK;
    for (int i = 0; i < have; i++) {
      block[i] = (float)(0.5 * sin(2.0 * SHED_PI * 300.0 * (at + i) / rate_hz));
    }
    if (have == SHED_RESAMPLE_BLOCK) {
      shed_resample_push(r, block);
    } else {
      shed_resample_end(r, block, have);
    }
    for (int got; (got = shed_resample_read(r, chunk)) > 0; n += got) {
      assert_true(n + got < OUT_RATE_HZ);
      memcpy(*out + n, chunk, (size_t)got * sizeof(float));
    }
  }
  shed_resample_free(r);
  return n;
}

static void
sample_n_stands_at_n_over_the_rate(void **state)
{
  (void)state;
  static const int rates[] = {8000, 11025, 44100, 48000, 96000, 192000};
  for (size_t k = 0; k < SHED_COUNTOF(rates); k++) {
    float *x = NULL;
    int    n = stream(rates[k], &x);
    CHECK_NEAR(n, OUT_RATE_HZ / 2.0, 8.0);
    for (int i = 4000; i < 18000; i++) {
      CHECK_NEAR((double)x[i], 0.5 * sin(2.0 * SHED_PI * 300.0 * i / OUT_RATE_HZ), 2e-4);
    }
    free(x);
  }
}

// However the last block falls, what comes out is as long as what went in, to a few samples.
static void
an_end_anywhere_is_complete(void **state)
{
  (void)state;
  static const int rates[] = {8000, 44100, 48000, 192000};
  for (size_t k = 0; k < SHED_COUNTOF(rates); k++) {
    for (int last = 0; last <= SHED_RESAMPLE_BLOCK; last += 16) {
      shed_resample *r                          = NULL;
      float          block[SHED_RESAMPLE_BLOCK] = {0}, chunk[SHED_RESAMPLE_OUT_MAX];
      int            n                          = 0;
      CHECK_OK(shed_resample_new(&r, NULL, rates[k], OUT_RATE_HZ));
      for (int i = 0; i <= 100; i++) {
        if (i < 100) {
          shed_resample_push(r, block);
        } else {
          shed_resample_end(r, block, last);
        }
        for (int got; (got = shed_resample_read(r, chunk)) > 0; n += got) {
          assert_true(got <= SHED_RESAMPLE_OUT_MAX);
        }
      }
      CHECK_NEAR(n, (100.0 * SHED_RESAMPLE_BLOCK + last) * OUT_RATE_HZ / rates[k], 6.0);
      shed_resample_free(r);
    }
  }
}

static void
equal_rates_pass_every_bit(void **state)
{
  (void)state;
  shed_resample *r = NULL;
  float          block[SHED_RESAMPLE_BLOCK], chunk[SHED_RESAMPLE_OUT_MAX];
  CHECK_OK(shed_resample_new(&r, NULL, OUT_RATE_HZ, OUT_RATE_HZ));
  for (int i = 0; i < SHED_RESAMPLE_BLOCK; i++) {
    block[i] = (float)(i - 20) * 1e-3f;
  }
  shed_resample_push(r, block);
  assert_int_equal(shed_resample_read(r, chunk), SHED_RESAMPLE_BLOCK);
  assert_memory_equal(chunk, block, sizeof(block));
  assert_int_equal(shed_resample_read(r, chunk), 0);
  shed_resample_free(r);
}

static void
wrong_ratios_are_refused(void **state)
{
  (void)state;
  shed_resample *r = NULL;
  CHECK_STATUS(shed_resample_new(&r, NULL, 0, OUT_RATE_HZ), SHED_E_RANGE);
  CHECK_STATUS(shed_resample_new(&r, NULL, 1, OUT_RATE_HZ), SHED_E_RANGE);
  shed_resample_free(NULL);
}

static void
failed_allocations_leave_nothing(void **state)
{
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_resample *r = NULL;
    sweep_status     = shed_resample_new(&r, &a.alloc, 48000, OUT_RATE_HZ);
    shed_resample_free(r);
  });
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sample_n_stands_at_n_over_the_rate), cmocka_unit_test(an_end_anywhere_is_complete),
      cmocka_unit_test(equal_rates_pass_every_bit),         cmocka_unit_test(wrong_ratios_are_refused),
      cmocka_unit_test(failed_allocations_leave_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
