// The compact spectrum against its definition: direct sums of what the front end has at half the rate, the highest bin of
// each band by frequency, half decibels rounded.
#include "engine/dsp/bands.h"

#include "engine/dsp/pi.h"
#include "tests/support/check.h"
#include "tests/support/ear_sound.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum { RATE_HZ = 44100, HOP = 441, AHEAD = 1103, FRAMES = 60, EVERY = 3, WINDOW = 1024, BINS = WINDOW / 2 };

static void
direct_powers(const float *x, double *power)
{
  for (int k = 0; k < BINS; k++) {
    double re = 0.0, im = 0.0;
    for (int i = 0; i < WINDOW; i++) {
      // a raised cosine; a full-scale sine reads 1
      double y = (double)x[i] * (0.5 - 0.5 * cos(2.0 * SHED_PI * (i + 0.5) / WINDOW)) * 4.0 / WINDOW;
      re += y * cos(2.0 * SHED_PI * k * i / WINDOW);
      im -= y * sin(2.0 * SHED_PI * k * i / WINDOW);
    }
    power[k] = re * re + im * im;
  }
}

// Half decibels over -120, not rounded.
static void
direct_bands(const double *power, double *out)
{
  double highest[SHED_BANDS] = {0};
  for (int k = 1; k < BINS; k++) {
    int band = shed_bands_place(k * 0.5 * RATE_HZ / WINDOW);
    if (band >= 0) {
      highest[band] = fmax(highest[band], power[k]);
    }
  }
  for (int b = 0; b < SHED_BANDS; b++) {
    out[b] = fmin(fmax(2.0 * (10.0 * log10(highest[b] + 1e-30) + 120.0), 0.0), 255.0);
  }
}

static void
bands_are_what_their_definition_says(void **state)
{
  size_t      n     = (size_t)FRAMES * HOP * EVERY + 4 * AHEAD;
  float      *x     = ear_sound(RATE_HZ, n, 3);
  shed_front *front = NULL;
  shed_bands *bands = NULL;
  int         at = 0, compared = 0;
  double      worst = 0.0, power[BINS], want[SHED_BANDS];
  (void)state;
  CHECK_OK(shed_front_new(&front, NULL, RATE_HZ));
  CHECK_OK(shed_bands_new(&bands, NULL));
  for (int i = 0; i < FRAMES; i++) {
    int     centre = i * HOP * EVERY;
    uint8_t got[SHED_BANDS];
    for (; at < centre + AHEAD; at += HOP) {
      shed_front_push(front, x + at, HOP);
    }
    shed_bands_run(bands, front, centre, got);
    direct_powers(shed_front_at(front, 1, (centre + 1) / 2 - WINDOW / 2, WINDOW), power);
    direct_bands(power, want);
    for (int b = 0; b < SHED_BANDS; b++) {
      // far under the loudest line single precision is what is left
      bool heard = want[b] > 60.0;
      worst      = heard ? fmax(worst, fabs(want[b] - (double)got[b])) : worst;
      compared += heard;
    }
  }
  print_message("worst of %d bands: %.3f steps of half a decibel\n", compared, worst);
  assert_true(compared > 1000);
  CHECK_LT(worst, 0.51);
  shed_bands_free(bands);
  shed_front_free(front);
  free(x);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(bands_are_what_their_definition_says)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
