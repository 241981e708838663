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
      cmocka_unit_test(sample_n_stands_at_n_over_the_rate),
      cmocka_unit_test(wrong_ratios_are_refused),
      cmocka_unit_test(failed_allocations_leave_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
