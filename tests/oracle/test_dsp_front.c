// The front end against plain convolution in double: the high-pass sample by sample, the two decimations as sums over the
// whole sound.
#include "engine/dsp/front.h"

#include "engine/base/rng.h"
#include "engine/dsp/pi.h"
#include "tests/support/check.h"
#include "tests/support/ear_sound.h"

#include <stdlib.h>

enum { RATE_HZ = 44100, LENGTH = 3 * RATE_HZ };
// Seventy products of single precision, about 1 in size.
static const double TOLERANCE = 2e-6;

static void
plain_highpass(const float *x, double *y)
{
  // one pole at 15 Hz, gain 1 at the Nyquist frequency
  double pole = exp(-2.0 * SHED_PI * 15.0 / RATE_HZ), last_in = 0.0, last_out = 0.0;
  for (int i = 0; i < LENGTH; i++) {
    last_out = pole * last_out + 0.5 * (1.0 + pole) * ((double)x[i] - last_in);
    last_in  = (double)x[i];
    y[i]     = last_out;
  }
}

// A windowed sinc about sample m * 2^o, Blackman's window, -6 dB at .86 of the new Nyquist frequency.
static double
plain_decimated(const double *y, int o, int64_t m)
{
  int    factor = 1 << o, half = o == 1 ? 16 : 32;
  double sum = 0.0, gain = 0.0;
  for (int k = -half; k <= half; k++) {
    double  edge   = 0.86 / factor;
    double  phase  = SHED_PI * k / (half + 1);
    double  window = 0.42 + 0.5 * cos(phase) + 0.08 * cos(2.0 * phase);
    double  h      = window * (k == 0 ? edge : sin(SHED_PI * edge * k) / (SHED_PI * k));
    int64_t at     = m * factor + k;
    sum += at >= 0 && at < LENGTH ? h * y[at] : 0.0;
    gain += h;
  }
  return sum / gain;
}

static void
every_octave_is_the_plain_convolution(void **state)
{
  (void)state;
  shed_front *f                         = NULL;
  float      *x                         = ear_sound(RATE_HZ, LENGTH, 41);
  double     *y                         = malloc(LENGTH * sizeof(*y));
  double      worst[SHED_FRONT_OCTAVES] = {0};
  int64_t     seen[SHED_FRONT_OCTAVES]  = {0};
  shed_rng    rng;
  shed_rng_seed(&rng, 42, 42);
  for (int i = 0; i < LENGTH; i++) {
    x[i] += 0.2f; // an offset, which must go
  }
  plain_highpass(x, y);
  CHECK_OK(shed_front_new(&f, NULL, RATE_HZ));
  for (int at = 0; at < LENGTH;) {
    int n = shed_rng_between(&rng, 1, shed_rng_below(&rng, 4) == 0 ? SHED_FRONT_PUSH_MAX : 500);
    n     = n < LENGTH - at ? n : LENGTH - at;
    shed_front_push(f, x + at, n);
    at += n;
    assert_int_equal(shed_front_count(f), at);
    for (int o = 0; o < SHED_FRONT_OCTAVES; o++) {
      int64_t known = (at - (o > 0 ? SHED_FRONT_DELAY : 0)) >> o;
      for (; seen[o] < known; seen[o] += 1 + shed_rng_below(&rng, 3)) {
        double want = o == 0 ? y[seen[0]] : plain_decimated(y, o, seen[o]);
        worst[o]    = fmax(worst[o], fabs((double)shed_front_at(f, o, seen[o], 1)[0] - want));
      }
    }
  }
  for (int o = 0; o < SHED_FRONT_OCTAVES; o++) {
    print_message("octave %d: worst difference %.1e\n", o, worst[o]);
    CHECK_LT(worst[o], TOLERANCE);
  }
  free(y);
  free(x);
  shed_front_free(f);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_octave_is_the_plain_convolution),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
