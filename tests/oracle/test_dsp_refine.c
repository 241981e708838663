// The refinement against the same measure written out in double (transforms at k f0 by plain sums), and against another
// one altogether: the frequency where each partial's own transform is highest, found by search.
#include "engine/dsp/refine.h"

#include "engine/base/rng.h"
#include "engine/dsp/pi.h"
#include "tests/support/check.h"
#include "tests/support/ear_sound.h"

#include <stdlib.h>

enum { RATE_HZ = 44100, PARTIALS = 8, CENTRE = 12000, LENGTH = 16384 };

// What is looked at: four periods, 20 to 112 ms, at the lowest rate that holds the partials.
typedef struct {
  const float *x;
  int          n, partials;
  double       rate_hz;
} look;

typedef struct {
  double hz, amplitude;
} line;

static look
look_at(const shed_front *f, int64_t centre, double hz)
{
  look l      = {.partials = (int)(0.45 * RATE_HZ / hz)};
  l.partials  = l.partials < 1 ? 1 : l.partials > PARTIALS ? PARTIALS : l.partials;
  double top  = hz * (l.partials + 0.5);
  int    o    = top <= 0.4 * (RATE_HZ >> 2) ? 2 : top <= 0.4 * (RATE_HZ >> 1) ? 1 : 0;
  l.rate_hz   = RATE_HZ >> o;
  l.n         = (int)((float)fmin(fmax(4.0 / hz, 0.020), 0.112) * (float)l.rate_hz) / 2 * 2;
  int64_t mid = (centre + ((1 << o) >> 1)) >> o;
  l.x         = shed_front_at(f, o, mid - l.n / 2, l.n);
  return l;
}

static double
window_at(double i, int n)
{
  return 0.5 - 0.5 * cos(2.0 * SHED_PI * (i + 0.5) / n);
}

// Auger and Flandrin 1995: the line near hz is where the transform with the window's slope says.
static line
reassigned(const look *l, double hz)
{
  double ar = 0.0, ai = 0.0, dr = 0.0, di = 0.0;
  for (int i = 0; i < l->n; i++) {
    double phase = 2.0 * SHED_PI * hz / l->rate_hz * i, x = (double)l->x[i];
    double slope = SHED_PI / l->n * sin(2.0 * SHED_PI * (i + 0.5) / l->n);
    ar += x * window_at(i, l->n) * cos(phase);
    ai -= x * window_at(i, l->n) * sin(phase);
    dr += x * slope * cos(phase);
    di -= x * slope * sin(phase);
  }
  double power = ar * ar + ai * ai;
  if (!(power > 1e-18)) {
    return (line){hz, 0.0};
  }
  return (line){hz + (dr * ai - di * ar) / power * l->rate_hz / (2.0 * SHED_PI), 4.0 * sqrt(power) / l->n};
}

static double
height(const look *l, double hz)
{
  double re = 0.0, im = 0.0;
  for (int i = 0; i < l->n; i++) {
    double phase = 2.0 * SHED_PI * hz / l->rate_hz * i, x = (double)l->x[i] * window_at(i, l->n);
    re += x * cos(phase);
    im -= x * sin(phase);
  }
  return sqrt(re * re + im * im);
}

// The other measure: the top of the transform within 60 cents, narrowed by thirds.
static line
highest(const look *l, double hz)
{
  double lo = hz * exp2(-60.0 / 1200.0), hi = hz * exp2(60.0 / 1200.0);
  for (int step = 0; step < 40; step++) {
    double a = lo + (hi - lo) / 3.0, b = hi - (hi - lo) / 3.0;
    if (height(l, a) < height(l, b)) {
      lo = a;
    } else {
      hi = b;
    }
  }
  return (line){0.5 * (lo + hi), 4.0 * height(l, 0.5 * (lo + hi)) / l->n};
}

// The least-squares line of f_k / k over k^2 with weights (a k)^2, its slope held back a little, at k = 1. @param[out] off
// the mean square of what is left over, in cents.
static double
first_partial(const line *p, int n_partials, double hz, double *off)
{
  double strongest = 0.0, s = 0.0, sx = 0.0, sy = 0.0, sxx = 0.0, sxy = 0.0, weight[PARTIALS] = {0.0};
  int    n = 0;
  for (int k = 0; k < n_partials; k++) {
    strongest = fmax(strongest, p[k].amplitude);
  }
  for (int k = 0; k < n_partials; k++) {
    double y = p[k].hz / (k + 1), x = (k + 1.0) * (k + 1.0), w = p[k].amplitude * p[k].amplitude * x;
    if (p[k].amplitude > 0.01 * strongest && fabs(1200.0 * log2(y / hz)) <= 80.0) {
      weight[k] = w;
      s += w;
      sx += w * x;
      sy += w * y;
      sxx += w * x * x;
      sxy += w * x * y;
      n++;
    }
  }
  if (n == 0) {
    return 0.0;
  }
  double mean_x = sx / s, mean_y = sy / s, spread = sxx / s - mean_x * mean_x;
  double slope = (sxy / s - mean_x * mean_y) / (spread * 1.02 + 1e-9), stiff = 2.0 * slope / mean_y;
  slope = n >= 4 && stiff > 0.0 && stiff < 0.003 ? slope : 0.0;
  *off  = 0.0;
  for (int k = 0; k < n_partials; k++) {
    double left = p[k].hz / (k + 1) - mean_y - slope * ((k + 1.0) * (k + 1.0) - mean_x);
    *off += weight[k] / s * pow(1200.0 / log(2.0) * left / mean_y, 2.0);
  }
  return mean_y + slope * (1.0 - mean_x);
}

// From the guess towards what the partials say by 1 / (1 + (m / 6^2)^2), m the mean square of what is off
// the line.
static double
plain(const shed_front *f, int64_t centre, double guess_hz, line (*measure)(const look *, double))
{
  look   l  = look_at(f, centre, guess_hz);
  double hz = guess_hz, scatter = 0.0;
  for (int pass = 0; pass < 2; pass++) {
    line   p[PARTIALS];
    double off = 0.0;
    for (int k = 0; k < l.partials; k++) {
      p[k] = measure(&l, hz * (k + 1));
    }
    double better = first_partial(p, l.partials, hz, &off);
    if (!(better > 0.0) || fabs(1200.0 * log2(better / guess_hz)) > 80.0) {
      break;
    }
    double moved = fabs(1200.0 * log2(better / hz));
    hz           = better;
    scatter      = off;
    if (moved < 4.0) {
      break;
    }
  }
  return guess_hz * pow(hz / guess_hz, 1.0 / (1.0 + pow(scatter / 36.0, 2.0)));
}

static double
cents(double a, double b)
{
  return 1200.0 * log2(a / b);
}

static shed_front *
after(const float *x, int n)
{
  shed_front *f = NULL;
  CHECK_OK(shed_front_new(&f, NULL, RATE_HZ));
  for (int at = 0; at < n; at += SHED_FRONT_PUSH_MAX) {
    shed_front_push(f, x + at, n - at < SHED_FRONT_PUSH_MAX ? n - at : SHED_FRONT_PUSH_MAX);
  }
  return f;
}

// Tones with vibrato's slope, stiffness and noise; the guess is off by up to 30 cents.
static shed_front *
random_tone(shed_rng *rng, double *hz)
{
  static float x[LENGTH];
  double b = shed_rng_below(rng, 2) == 0 ? 3e-4 * shed_rng_unit(rng) : 0.0, slope = shed_rng_unit(rng) - 0.5;
  double phase[PARTIALS + 2], level[PARTIALS + 2];
  *hz = 30.0 * exp2(7.0 * shed_rng_unit(rng));
  for (int k = 0; k < PARTIALS + 2; k++) {
    phase[k] = 2.0 * SHED_PI * shed_rng_unit(rng);
    level[k] = 0.1 * shed_rng_unit(rng);
  }
  for (int i = 0; i < LENGTH; i++) {
    double f = *hz * exp2(slope * 20.0 / 1200.0 * (i - CENTRE) / 441.0), y = 0.001 * shed_rng_normal(rng);
    for (int k = 0; k < PARTIALS + 2; k++) {
      double partial = f * (k + 1) * sqrt(1.0 + b * (k + 1) * (k + 1));
      phase[k] += 2.0 * SHED_PI * partial / RATE_HZ;
      y += partial < 19000.0 ? level[k] * sin(phase[k]) : 0.0;
    }
    x[i] = (float)y;
  }
  return after(x, LENGTH);
}

static void
the_refinement_is_the_measure_written_out(void **state)
{
  (void)state;
  double   worst = 0.0;
  shed_rng rng;
  shed_rng_seed(&rng, 81, 81);
  for (int k = 0; k < 120; k++) {
    double      hz;
    shed_front *f     = random_tone(&rng, &hz);
    float       guess = (float)(hz * exp2((60.0 * shed_rng_unit(&rng) - 30.0) / 1200.0));
    double      got   = (double)shed_refine(f, RATE_HZ, CENTRE, guess),
           want       = plain(f, CENTRE, (double)guess, reassigned);
    worst             = fmax(worst, fabs(cents(got, want)));
    shed_front_free(f);
  }
  print_message("worst difference from the plain sums: %.4f cents\n", worst);
  CHECK_LT(worst, 0.05); // a tenth is what another machine may differ by
}

// Any guess into a melody, most of them at no pitch: where a partial stands just at a line (a hundredth of the strongest,
// 80 cents off) it may count in one and not in the other, and in rests nothing but rounding is left.
static void
the_refinement_of_played_sound_is_the_measure_written_out(void **state)
{
  (void)state;
  double worst = 0.0;
  long   n = 0, apart = 0;
  float *x = ear_sound(RATE_HZ, 12 * RATE_HZ, 82);
  for (int at = 0; at + LENGTH < 12 * RATE_HZ; at += 9973) {
    shed_front *f = after(x + at, LENGTH);
    for (int k = 0; k < 15; k++, n++) {
      double guess = 50.0 * pow(1.31, k);
      double got   = (double)shed_refine(f, RATE_HZ, CENTRE, (float)guess);
      double error = fabs(cents(got, plain(f, CENTRE, (double)(float)guess, reassigned)));
      apart += error > 0.05;
      worst = error <= 0.05 ? fmax(worst, error) : worst;
    }
    shed_front_free(f);
  }
  print_message("%ld guesses in a melody: worst difference %.4f cents, but for %ld at a line\n", n, worst,
                apart);
  assert_true(apart * 100 <= n);
  free(x);
}

static void
the_refinement_finds_the_top_of_the_lines(void **state)
{
  (void)state;
  double   worst = 0.0, sum = 0.0;
  shed_rng rng;
  shed_rng_seed(&rng, 83, 83);
  for (int k = 0; k < 24; k++) {
    double      hz;
    shed_front *f   = random_tone(&rng, &hz);
    double      got = (double)shed_refine(f, RATE_HZ, CENTRE, (float)hz), top = plain(f, CENTRE, hz, highest);
    worst = fmax(worst, fabs(cents(got, top)));
    sum += fabs(cents(got, top));
    shed_front_free(f);
  }
  print_message("from the tops of the lines: mean %.3f, worst %.3f cents\n", sum / 24, worst);
  CHECK_LT(worst,
           3.0); // neighbouring lines lean on each other in four periods, on each measure in its own way
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_refinement_is_the_measure_written_out),
      cmocka_unit_test(the_refinement_of_played_sound_is_the_measure_written_out),
      cmocka_unit_test(the_refinement_finds_the_top_of_the_lines),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
