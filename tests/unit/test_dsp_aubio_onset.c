// aubio's two functions, by the formulas that their papers give.
#include "engine/dsp/aubio_onset.h"

#include "engine/base/rng.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

enum { WINDOW = 1024, BINS = WINDOW / 2 + 1 };

static void
fill(shed_rng *rng, float *m, double scale)
{
  for (int i = 0; i < BINS; i++) {
    m[i] = (float)(scale * shed_rng_unit(rng));
  }
}

// Masri 1996: the sum of each magnitude times the number of its bin. Brossier 2006: the sum of log(1 + now / before), with
// .1 added to what was before.
static void
both_are_their_formulas(void **state)
{
  (void)state;
  shed_aubio_onset *o = NULL;
  shed_rng          rng;
  float             before[BINS] = {0}, now[BINS];
  shed_rng_seed(&rng, 3, 9);
  CHECK_OK(shed_aubio_onset_new(&o, NULL, WINDOW));
  for (int frame = 0; frame < 50; frame++) {
    float  mkl, hfc;
    double want_mkl = 0.0, want_hfc = 0.0;
    fill(&rng, now, frame % 7 == 0 ? 1.0 : 0.01);
    shed_aubio_onset_run(o, now, &mkl, &hfc);
    for (int k = 0; k < BINS; k++) {
      want_mkl += log(1.0 + (double)now[k] / ((double)before[k] + 0.1));
      want_hfc += (k + 1.0) * (double)now[k];
    }
    CHECK_NEAR((double)hfc, want_hfc, 1e-4 * want_hfc + 1e-6);
    if (frame > 0) {
      CHECK_NEAR((double)mkl, want_mkl, 1e-4 * want_mkl + 1e-6);
    }
    memcpy(before, now, sizeof(before));
  }
  shed_aubio_onset_free(o);
}

static void
silence_is_nothing_and_what_follows_is_finite(void **state)
{
  (void)state;
  shed_aubio_onset *o       = NULL;
  float             m[BINS] = {0}, mkl, hfc;
  CHECK_OK(shed_aubio_onset_new(&o, NULL, WINDOW));
  for (int i = 0; i < 3; i++) {
    shed_aubio_onset_run(o, m, &mkl, &hfc);
    CHECK_NEAR((double)mkl, 0.0, 1e-6);
    CHECK_NEAR((double)hfc, 0.0, 1e-6);
  }
  for (int i = 0; i < BINS; i++) {
    m[i] = 1e6f;
  }
  shed_aubio_onset_run(o, m, &mkl, &hfc);
  assert_true(isfinite(mkl) && mkl > 1000.0f && isfinite(hfc) && hfc > 1e9f);
  shed_aubio_onset_free(o);
}

static void
failed_allocations_leave_nothing(void **state)
{
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_aubio_onset *o = NULL;
    sweep_status        = shed_aubio_onset_new(&o, &a.alloc, WINDOW);
    shed_aubio_onset_free(o);
  });
  shed_aubio_onset_free(NULL);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(both_are_their_formulas),
      cmocka_unit_test(silence_is_nothing_and_what_follows_is_finite),
      cmocka_unit_test(failed_allocations_leave_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
