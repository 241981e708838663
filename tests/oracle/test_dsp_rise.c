// The envelope in steps of 1.4 ms against plain sums over the high-passed sound, in double, however it was pushed.
#include "engine/dsp/rise.h"

#include "engine/base/rng.h"
#include "tests/support/check.h"
#include "tests/support/ear_sound.h"

#include <stdlib.h>

enum { RATE_HZ = 44100, LENGTH = 3 * RATE_HZ };

static void
each_step_is_its_mean_square(void **state)
{
  (void)state;
  shed_front *f     = NULL;
  shed_rise  *r     = calloc(1, sizeof(*r));
  float      *x     = ear_sound(RATE_HZ, LENGTH, 151);
  double      worst = 0.0;
  int64_t     seen  = 0;
  shed_rng    rng;
  shed_rng_seed(&rng, 152, 152);
  assert_non_null(r);
  CHECK_OK(shed_front_new(&f, NULL, RATE_HZ));
  for (int at = 0; at < LENGTH;) {
    int n = shed_rng_between(&rng, 1, 4096);
    n     = n < LENGTH - at ? n : LENGTH - at;
    shed_front_push(f, x + at, n);
    shed_rise_run(r, f);
    at += n;
    assert_int_equal(r->steps, at / SHED_RISE_STEP); // whole steps, all of them
    for (; seen < r->steps; seen++) {
      double power = 0.0, treble = 0.0;
      for (int64_t i = seen * SHED_RISE_STEP; i < (seen + 1) * SHED_RISE_STEP; i++) {
        double y = (double)shed_front_at(f, 0, i, 1)[0], d = y - (double)shed_front_at(f, 0, i - 1, 1)[0];
        power += y * y / SHED_RISE_STEP;
        treble += d * d / SHED_RISE_STEP;
      }
      int k = (int)(seen % SHED_RISE_STEPS);
      worst = fmax(worst, fabs((double)r->power[k] - power) / (power + 1e-9));
      worst = fmax(worst, fabs((double)r->treble[k] - treble) / (treble + 1e-9));
    }
  }
  print_message("%ld steps: worst difference %.1e of a step\n", (long)seen, worst);
  CHECK_LT(worst, 1e-5);
  shed_front_free(f);
  free(r);
  free(x);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_step_is_its_mean_square),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
