#include "engine/dsp/fft.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

#include <pthread.h>

static void
there_and_back_gives_size_times_the_input(void **state)
{
  (void)state;
  for (int size = 2; size <= 4096; size *= 2) {
    shed_fft *f = NULL;
    CHECK_OK(shed_fft_new(&f, NULL, size));
    float *x = shed_fft_time(f);
    for (int i = 0; i < size; i++) {
      x[i] = (float)((i * 7 + 3) % 11) - 5.0f;
    }
    shed_fft_forward(f);
    shed_fft_inverse(f);
    for (int i = 0; i < size; i++) {
      CHECK_NEAR((double)x[i] / size, (double)((i * 7 + 3) % 11) - 5.0, 1e-4);
    }
    shed_fft_free(f);
  }
}

static void
wrong_sizes_are_refused(void **state)
{
  (void)state;
  shed_fft *f = NULL;
  CHECK_STATUS(shed_fft_new(&f, NULL, 0), SHED_E_RANGE);
  CHECK_STATUS(shed_fft_new(&f, NULL, 7), SHED_E_RANGE);
  CHECK_STATUS(shed_fft_new(&f, NULL, 1 << 21), SHED_E_RANGE);
  shed_fft_free(NULL);
}

static void
failed_allocations_leave_nothing(void **state)
{
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_fft *f  = NULL;
    sweep_status = shed_fft_new(&f, &a.alloc, 1024);
    shed_fft_free(f);
  });
}

static void *
make_many(void *arg)
{
  double *sum = arg;
  for (int i = 0; i < 50; i++) {
    shed_fft *f = NULL;
    if (shed_fft_new(&f, NULL, 64 << (i % 5)) != SHED_OK) {
      return NULL;
    }
    shed_fft_time(f)[1] = 1.0f;
    shed_fft_forward(f);
    *sum += (double)shed_fft_bins(f)[0];
    shed_fft_free(f);
  }
  return NULL;
}

static void
plans_can_be_made_in_several_threads(void **state)
{
  (void)state;
  pthread_t thread[4];
  double    sum[4] = {0};
  for (int i = 0; i < 4; i++) {
    assert_int_equal(pthread_create(&thread[i], NULL, make_many, &sum[i]), 0);
  }
  for (int i = 0; i < 4; i++) {
    pthread_join(thread[i], NULL);
    CHECK_NEAR(sum[i], 50.0, 1e-6);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(there_and_back_gives_size_times_the_input),
      cmocka_unit_test(wrong_sizes_are_refused),
      cmocka_unit_test(failed_allocations_leave_nothing),
      cmocka_unit_test(plans_can_be_made_in_several_threads),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
