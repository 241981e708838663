#include "engine/dsp/front.h"
#include "engine/dsp/pi.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

#include <stdlib.h>

enum { RATE_HZ = 44100, LENGTH = 5 * SHED_FRONT_PUSH_MAX, MEMORY_MOST = 240 * 1024 };

static void
push_all(shed_front *f, const float *x, int n, int block)
{
  for (int at = 0; at < n; at += block) {
    shed_front_push(f, x + at, n - at < block ? n - at : block);
  }
}

// Samples at the whole rate that tell everything of octave o up to time "known".
static int64_t
newest(int o, int64_t known)
{
  return o == 0 ? known - 1 : (known - SHED_FRONT_DELAY - 1) >> o;
}

static void
before_the_start_there_is_silence(void **state)
{
  (void)state;
  shed_front *f = NULL;
  float       x[64];
  for (int i = 0; i < 64; i++) {
    x[i] = 1.0f;
  }
  CHECK_OK(shed_front_new(&f, NULL, RATE_HZ));
  assert_int_equal(shed_front_count(f), 0);
  shed_front_push(f, x, 64);
  for (int o = 0; o < SHED_FRONT_OCTAVES; o++) {
    int          n    = (SHED_FRONT_PAST >> o) - 64; // decimation rings a little before the first sample
    const float *past = shed_front_at(f, o, -(SHED_FRONT_PAST >> o), n);
    for (int i = 0; i < n; i++) {
      CHECK_NEAR((double)past[i], 0.0, 1e-12);
    }
  }
  shed_front_free(f);
}

// Sample m of octave o stands at time m 2^o, with the amplitude that came in.
static void
each_octave_keeps_time_and_gain(void **state)
{
  (void)state;
  static const double hz[] = {27.5, 440.0, 2000.0, 4000.0};
  static float        x[LENGTH];
  for (size_t k = 0; k < SHED_COUNTOF(hz); k++) {
    shed_front *f = NULL;
    CHECK_OK(shed_front_new(&f, NULL, RATE_HZ));
    for (int i = 0; i < LENGTH; i++) {
      x[i] = (float)(0.7 * sin(2.0 * SHED_PI * hz[k] * i / RATE_HZ));
    }
    push_all(f, x, LENGTH, 441);
    // the high-pass turns low notes a little: octaves are compared with the whole rate
    for (int o = 1; o < SHED_FRONT_OCTAVES && hz[k] < 0.7 * 0.5 * (RATE_HZ >> o); o++) {
      int64_t      last = newest(o, LENGTH);
      const float *low  = shed_front_at(f, o, last - 500, 501);
      for (int i = 0; i <= 500; i++) {
        double whole = (double)shed_front_at(f, 0, (last - 500 + i) << o, 1)[0];
        CHECK_NEAR((double)low[i], whole, 0.7 * 0.004); // .03 dB
      }
    }
    shed_front_free(f);
  }
}

static void
what_is_below_every_note_is_gone_and_the_lowest_note_stays(void **state)
{
  (void)state;
  static float x[LENGTH];
  static const struct {
    double hz, least_db, most_db;
  } lines[] = {{0.0, -200.0, -100.0}, {2.0, -40.0, -15.0}, {27.5, -1.5, 0.0}, {100.0, -0.2, 0.0}};
  for (size_t k = 0; k < SHED_COUNTOF(lines); k++) {
    shed_front *f     = NULL;
    double      power = 0.0;
    CHECK_OK(shed_front_new(&f, NULL, RATE_HZ));
    for (int i = 0; i < LENGTH; i++) {
      x[i] = lines[k].hz > 0.0 ? (float)(sqrt(2.0) * sin(2.0 * SHED_PI * lines[k].hz * i / RATE_HZ)) : 1.0f;
    }
    for (int turn = 0; turn < 10; turn++) { // the step at the start dies away in hundredths of a second
      push_all(f, x, LENGTH, 1000);
    }
    const float *y = shed_front_at(f, 0, 10 * LENGTH - 6000, 6000);
    for (int i = 0; i < 6000; i++) {
      power += (double)y[i] * (double)y[i] / 6000;
    }
    double db = 10.0 * log10(power + 1e-20);
    if (!(db >= lines[k].least_db - 1.0 && db <= lines[k].most_db + 1.0)) {
      fail_msg("%.1f Hz comes through at %.2f dB", lines[k].hz, db);
    }
    shed_front_free(f);
  }
}

static void
what_would_fold_back_is_60_db_down(void **state)
{
  (void)state;
  static float x[LENGTH];
  static const struct {
    int    octave;
    double hz;
  } folds[] = {{1, 14000.0}, {1, 20000.0}, {2, 7500.0}, {2, 11000.0}, {2, 20000.0}};
  for (size_t k = 0; k < SHED_COUNTOF(folds); k++) {
    shed_front *f     = NULL;
    double      worst = 0.0;
    CHECK_OK(shed_front_new(&f, NULL, RATE_HZ));
    for (int i = 0; i < LENGTH; i++) {
      x[i] = (float)sin(2.0 * SHED_PI * folds[k].hz * i / RATE_HZ);
    }
    push_all(f, x, LENGTH, SHED_FRONT_PUSH_MAX);
    const float *y = shed_front_at(f, folds[k].octave, newest(folds[k].octave, LENGTH) - 999, 1000);
    for (int i = 0; i < 1000; i++) {
      worst = fmax(worst, fabs((double)y[i]));
    }
    CHECK_LT(20.0 * log10(worst), -60.0);
    shed_front_free(f);
  }
}

// The whole promised past is there after every push, however the pushes were cut: no array moves too far.
static void
the_past_is_kept_whatever_the_pushes(void **state)
{
  (void)state;
  static const int blocks[] = {1, 63, 441, 4095, SHED_FRONT_PUSH_MAX};
  static float     x[LENGTH];
  for (int i = 0; i < LENGTH; i++) {
    x[i] = (float)((i * 37 + 11) % 101) / 101.0f - 0.5f;
  }
  enum { TURNS = 4 }; // longer than any array
  shed_front *one = NULL;
  CHECK_OK(shed_front_new(&one, NULL, RATE_HZ));
  for (int turn = 0; turn < TURNS; turn++) {
    push_all(one, x, LENGTH, 997);
  }
  for (size_t k = 0; k < SHED_COUNTOF(blocks); k++) {
    shed_front *f = NULL;
    CHECK_OK(shed_front_new(&f, NULL, RATE_HZ));
    for (int turn = 1; turn <= TURNS; turn++) {
      push_all(f, x, LENGTH, blocks[k]);
      assert_int_equal(shed_front_count(f), turn * LENGTH);
      for (int o = 0; o < SHED_FRONT_OCTAVES; o++) {
        int n = (SHED_FRONT_PAST >> o) - SHED_FRONT_DELAY; // asserts inside that all of it is known
        (void)shed_front_at(f, o, newest(o, (int64_t)turn * LENGTH) + 1 - n, n);
      }
    }
    for (int o = 0; o < SHED_FRONT_OCTAVES; o++) {
      int64_t first = newest(o, (int64_t)TURNS * LENGTH) - 999;
      assert_memory_equal(shed_front_at(f, o, first, 1000), shed_front_at(one, o, first, 1000),
                          1000 * sizeof(float));
    }
    shed_front_free(f);
  }
  shed_front_free(one);
}

static void
failed_allocations_leave_nothing_and_an_instance_is_small(void **state)
{
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_front *f = NULL;
    sweep_status  = shed_front_new(&f, &a.alloc, RATE_HZ);
    shed_front_free(f);
    CHECK_LT((double)a.bytes, (double)MEMORY_MOST);
  });
  shed_front_free(NULL);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(before_the_start_there_is_silence),
      cmocka_unit_test(each_octave_keeps_time_and_gain),
      cmocka_unit_test(what_is_below_every_note_is_gone_and_the_lowest_note_stays),
      cmocka_unit_test(what_would_fold_back_is_60_db_down),
      cmocka_unit_test(the_past_is_kept_whatever_the_pushes),
      cmocka_unit_test(failed_allocations_leave_nothing_and_an_instance_is_small),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
