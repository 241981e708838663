// About this file: one moment's compact spectrum.
#include "engine/dsp/bands_internal.h"

#include <math.h>

static const float LEAST_POWER = 1e-12f; // -120 dBFS

static void
powers(float *restrict power, const float *restrict bins)
{
  for (int k = 0; k < BANDS_BINS_END; k++) {
    power[k] = bins[2 * k] * bins[2 * k] + bins[2 * k + 1] * bins[2 * k + 1];
  }
}

// Half decibels over -120 dBFS, rounded.
static uint8_t
level_of(float power)
{
  float v = 20.0f * log10f(power > LEAST_POWER ? power : LEAST_POWER) + 240.5f;
  return v >= 255.0f ? 255 : (uint8_t)v;
}

void
shed_bands_run(shed_bands *b, const shed_front *front, int64_t centre, uint8_t out[SHED_BANDS])
{
  float       *time = shed_fft_time(b->fft);
  const float *x    = shed_front_at(front, 1, ((centre + 1) >> 1) - SHED_BANDS_WINDOW / 2, SHED_BANDS_WINDOW);
  for (int i = 0; i < SHED_BANDS_WINDOW; i++) {
    time[i] = x[i] * b->taper[i];
  }
  shed_fft_forward(b->fft);
  powers(b->power, shed_fft_bins(b->fft));
  for (int i = 0; i < SHED_BANDS; i++) {
    float highest = b->power[b->first[i]];
    for (int k = b->first[i] + 1; k < b->first[i + 1]; k++) {
      highest = b->power[k] > highest ? b->power[k] : highest;
    }
    out[i] = level_of(highest);
  }
}
