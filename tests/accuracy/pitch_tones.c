// About this file: exact tones, heard as a take; the mean and the worst error in cents.
#include "tests/accuracy/pitch_tones.h"

#include "engine/hear/hear.h"
#include "tests/accuracy/ear_material.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { EDGE_FRAMES = 8 }; // at both ends; the tone begins and ends there

static const double LOWEST_HZ = 27.5, HIGHEST_HZ = 4400, STEP = 1.13, WIDE_STEP = 1.6;

static double
tone_error(double f0_hz, double b, double snr_db)
{
  ear_sound  s   = ear_tone(f0_hz, b, -6, 1.0);
  shed_error err = {.status = SHED_OK};
  shed_take  take;
  if (isfinite(snr_db)) {
    ear_add_noise(&s, 3, EAR_WHITE, snr_db);
  }
  if (shed_hear_take(s.x, (size_t)s.n, EAR_RATE_HZ, NULL, NULL, NULL, &take, &err) != SHED_OK) {
    fprintf(stderr, "cannot hear a tone: %s\n", err.what);
    exit(4);
  }
  double sum = 0;
  int    n   = 0;
  for (int f = EDGE_FRAMES; f < s.frames - EDGE_FRAMES && (size_t)f < take.n_frames; f++) {
    sum += fabs(1200 * log2((double)take.frames[f].f0_hz / (double)s.f0_hz[f]));
    n++;
  }
  shed_take_free(&take);
  ear_sound_free(&s);
  return sum / n;
}

int
pitch_print_tones(bool few)
{
  static const struct {
    const char *name;
    double      b, snr_db, limit_cents;
  } CASE[] = {{"harmonic", 0, INFINITY, 1.0},
              {"stiff B 1e-4", 1e-4, INFINITY, 1.0},
              {"stiff B 4e-4", 4e-4, INFINITY, 1.0},
              {"white 10 dB", 0, 10, 2.0}};
  int bad  = 0;
  for (size_t c = 0; c < sizeof(CASE) / sizeof(CASE[0]); c++) {
    double worst = 0, worst_hz = 0, sum = 0;
    int    n = 0;
    double f = LOWEST_HZ;
    while (f < HIGHEST_HZ) {
      double e = tone_error(f, CASE[c].b, CASE[c].snr_db);
      sum += e;
      n++;
      if (e > worst) {
        worst    = e;
        worst_hz = f;
      }
      f *= few ? WIDE_STEP : STEP;
    }
    printf("tones, %-13s %2d from 27.5 Hz to 4.4 kHz: mean error %.3f cents, worst tone %.2f at %.1f Hz\n",
           CASE[c].name, n, sum / n, worst, worst_hz);
    bad += !(sum / n < CASE[c].limit_cents);
  }
  return bad;
}
