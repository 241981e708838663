// Our spectral flux against SuperFlux written out (Böck and Widmer 2013, section 2): plain transforms, quarter-tone bands by
// their highest bin, logarithms, and the sum of what stands over the highest of three bands 10 ms before, or in the period before of a bass that sounds.
#include "engine/dsp/onset.h"

#include "engine/dsp/pi.h"
#include "tests/support/check.h"
#include "tests/support/ear_sound.h"

#include <stdlib.h>

enum {
  RATE_HZ    = 44100,
  HOP        = 441,
  AHEAD      = 1103,
  WINDOW     = 1024,
  BINS       = WINDOW / 2 + 1,
  LOOK_APART = 220,
  FRAMES     = 240,
  BANDS      = 200
};
static const double TOLERANCE = 2e-5; // of a flux of about 1 at a clear onset

typedef struct {
  int    edge[BANDS + 1], n;
  double was[2][FRAMES][BANDS]; // all of it
} twin;

// 24 an octave from 50 Hz to 14 kHz; where a bin is wider than that, each bin is a band.
static void
make_bands(twin *t)
{
  double hz_per_bin = (double)RATE_HZ / WINDOW;
  t->edge[0]        = (int)lround(50.0 / hz_per_bin);
  for (int k = 0; 50.0 * exp2(k / 24.0) < 14000.0; k++) {
    int bin = (int)lround(50.0 * exp2(k / 24.0) / hz_per_bin);
    if (bin > t->edge[t->n]) {
      t->edge[++t->n] = bin;
    }
  }
}

static void
magnitudes(const float *x, double *m)
{
  static double cosine[WINDOW], sine[WINDOW];
  for (int i = 0; i < WINDOW; i++) {
    cosine[i] = cos(2.0 * SHED_PI * i / WINDOW);
    sine[i]   = sin(2.0 * SHED_PI * i / WINDOW);
  }
  for (int k = 0; k < BINS; k++) {
    double re = 0.0, im = 0.0;
    for (int i = 0; i < WINDOW; i++) {
      // a full-scale sine reads 1
      double y = (double)x[i] * (0.5 - 0.5 * cos(2.0 * SHED_PI * (i + 0.5) / WINDOW)) * 4.0 / WINDOW;
      re += y * cosine[k * i % WINDOW];
      im += y * sine[k * i % WINDOW];
    }
    m[k] = sqrt(re * re + im * im);
  }
}

static double
look_flux(twin *t, int look, int frame, int back, const double *m, double scale)
{
  double *now = t->was[look][frame], sum = 0.0;
  for (int b = 0; b < t->n; b++) {
    double best = 0.0;
    for (int k = t->edge[b]; k < t->edge[b + 1]; k++) {
      best = fmax(best, m[k]);
    }
    now[b] = log10(1.0 + scale * best);
  }
  for (int b = 0; b < t->n; b++) {
    double was = 0.0;
    for (int k = 1; k <= back && k <= frame; k++) {
      for (int beside = b > 0 ? b - 1 : b; beside <= b + 1 && beside < t->n; beside++) {
        was = fmax(was, t->was[look][frame - k][beside]);
      }
    }
    sum += fmax(now[b] - was, 0.0);
  }
  return 4.0 * sum / t->n;
}

// A bass is looked back at for its period, in whole frames, four at most.
static int
frames_back(double f0_hz)
{
  return f0_hz > 0.0 && f0_hz < 75.0 ? (int)fmin(ceil(100.0 / f0_hz), 4.0) : 1;
}

static void
the_flux_is_superflux_written_out(void **state)
{
  (void)state;
  shed_front *f = NULL;
  shed_onset *o = NULL;
  shed_level  l = {.n = 0};
  static twin t;
  int         pushed = 0;
  double      worst = 0.0, highest = 0.0;
  float      *x = ear_sound(RATE_HZ, 3 * RATE_HZ, 111);
  make_bands(&t);
  CHECK_OK(shed_front_new(&f, NULL, RATE_HZ));
  CHECK_OK(shed_onset_new(&o, NULL));
  for (int i = 0; i < FRAMES; i++) {
    for (; pushed < i * HOP + AHEAD; pushed += HOP) {
      shed_front_push(f, x + pushed, HOP);
    }
    int64_t          centre = (int64_t)i * HOP;
    shed_level_frame level  = shed_level_run(&l, f, centre);
    double           flux   = 0.0;
    // from the third part on one bass after the other
    static const double basses[] = {0.0, 0.0, 41.2, 27.5, 70.0, 80.0};
    double              f0_hz    = basses[i / (FRAMES / 6)];
    shed_onset_sounding(o, (float)f0_hz);
    // bands count from 50 dB under the recent peak on
    double peak = fmax((double)level.level_db + (double)level.under_peak_db, -70.0);
    for (int look = 0; look < 2; look++) {
      double m[BINS];
      magnitudes(shed_front_at(f, 0, centre + look * LOOK_APART - WINDOW / 2, WINDOW), m);
      flux = fmax(flux, look_flux(&t, look, i, frames_back(f0_hz), m, pow(10.0, (50.0 - peak) / 20.0)));
    }
    shed_onset_frame got = shed_onset_run(o, f, centre, &level);
    worst                = fmax(worst, fabs((double)got.flux - flux));
    highest              = fmax(highest, flux);
  }
  print_message("%d bands, highest flux %.2f: worst difference %.1e\n", t.n, highest, worst);
  assert_true(highest > 0.5);
  CHECK_LT(worst, TOLERANCE);
  shed_onset_free(o);
  shed_front_free(f);
  free(x);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_flux_is_superflux_written_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
