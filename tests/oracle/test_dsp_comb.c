// The comb against its definition: the spectrum by direct sums, the axis place by place, S(f) of one pitch at a time as the
// formula in comb.h says it, in double.
#include "engine/dsp/comb.h"

#include "engine/base/rng.h"
#include "engine/dsp/pi.h"
#include "tests/support/check.h"
#include "tests/support/ear_sound.h"

#include <stdlib.h>

enum { RATE_HZ = 44100, SIZE = 4096, WINDOW = 3176, LOOKS = 6, PLACES = 826, PITCHES = 724 };
static const double LOW_HZ = 26.0;
// Saliences are sums of some fifty values of single precision, about 1 in size.
static const double TOLERANCE = 2e-5;

typedef struct {
  double bins[SIZE / 2 + 1];
  double axis[PLACES];
  double q[SHED_COMB_KINDS][PLACES];
  double s[SHED_COMB_KINDS][PITCHES];
} twin;

static double
place_hz(double place)
{
  return LOW_HZ * exp2(place / SHED_COMB_PER_OCTAVE);
}

static void
direct_spectrum(twin *t, const float *x, int window)
{
  static double cosine[SIZE], sine[SIZE];
  for (int i = 0; i < SIZE; i++) {
    cosine[i] = cos(2.0 * SHED_PI * i / SIZE);
    sine[i]   = sin(2.0 * SHED_PI * i / SIZE);
  }
  for (int k = 0; k <= SIZE / 2; k++) {
    double re = 0.0, im = 0.0;
    for (int i = 0; i < window; i++) {
      // a raised cosine; a full-scale sine reads 1
      double y = (double)x[i] * (0.5 - 0.5 * cos(2.0 * SHED_PI * (i + 0.5) / window)) * 4.0 / window;
      re += y * cosine[(int64_t)k * i % SIZE];
      im += y * sine[(int64_t)k * i % SIZE];
    }
    t->bins[k] = sqrt(re * re + im * im);
  }
}

// Where a place is narrower than two bins, the line between the two bins around it; else the highest bin in it.
static void
direct_axis(twin *t)
{
  double hz_per_bin = (double)RATE_HZ / SIZE;
  for (int i = 0; i < PLACES; i++) {
    double lo = place_hz(i - 0.5) / hz_per_bin, hi = place_hz(i + 0.5) / hz_per_bin;
    double at = place_hz(i) / hz_per_bin;
    if (hi - lo < 2.0) {
      int b      = (int)at;
      t->axis[i] = t->bins[b] + (at - b) * (t->bins[b + 1] - t->bins[b]);
    } else {
      t->axis[i] = 0.0;
      for (int b = (int)ceil(lo); b <= (int)floor(hi); b++) {
        t->axis[i] = fmax(t->axis[i], t->bins[b]);
      }
    }
  }
}

// S1 looks at square roots over their norm, S2 at magnitudes over the mean of half an octave to each side, at most 4.
static void
direct_q(twin *t)
{
  double norm = 1e-12, highest = 0.0;
  for (int i = 0; i < PLACES; i++) {
    norm += t->axis[i];
    highest = fmax(highest, t->axis[i]);
  }
  for (int i = 0; i < PLACES; i++) {
    double sum = 0.0;
    int    n   = 0;
    t->q[0][i] = sqrt(t->axis[i] / norm);
    for (int j = i - SHED_COMB_PER_OCTAVE / 2; j <= i + SHED_COMB_PER_OCTAVE / 2; j++) {
      if (j >= 0 && j < PLACES) {
        sum += t->axis[j];
        n++;
      }
    }
    t->q[1][i] = fmin(t->axis[i] / (sum / n + 1e-3 * highest + 1e-7), 4.0);
  }
}

static double
q_at(const double *q, int pitch, double times)
{
  int place = pitch + (int)lround(SHED_COMB_PER_OCTAVE * log2(times));
  return place >= 0 && place < PLACES ? q[place] : 0.0;
}

static void
direct_salience(twin *t, int kind)
{
  for (int p = 0; p < PITCHES; p++) {
    double sum = 0.0, weights = 0.0;
    for (int k = 1; k <= SHED_COMB_PARTIALS; k++) {
      double w = 1.0 / sqrt(k);
      sum += w * (q_at(t->q[kind], p, k) - 0.5 * q_at(t->q[kind], p, k - 0.5) -
                  0.5 * q_at(t->q[kind], p, k + 0.5));
      weights += p + lround(SHED_COMB_PER_OCTAVE * log2(k)) < PLACES ? w : 0.0;
    }
    t->s[kind][p] = sum / sqrt(weights);
  }
}

static void
direct(twin *t, const float *x)
{
  direct_spectrum(t, x, WINDOW);
  direct_axis(t);
  direct_q(t);
  direct_salience(t, 0);
  direct_salience(t, 1);
}

typedef struct {
  double salience[SHED_COMB_KINDS], magnitude, lines, profile, peaks_cents;
} worst_of;

static double
around(const double *v, int p, int n)
{
  double best = v[p];
  best        = p > 0 ? fmax(best, v[p - 1]) : best;
  return p + 1 < n ? fmax(best, v[p + 1]) : best;
}

static void
compare_places(const shed_comb *c, const twin *t, worst_of *w)
{
  for (int p = 2; p < PITCHES - 1; p++) { // the first place lies on the edge of what is told
    for (int kind = 0; kind < SHED_COMB_KINDS; kind++) {
      double got        = (double)shed_comb_salience(c, kind, (float)place_hz(p));
      w->salience[kind] = fmax(w->salience[kind], fabs(got - around(t->s[kind], p, PITCHES)));
    }
  }
  double lines = 0.0;
  for (int p = 0; p < PLACES; p++) {
    double before = p > 0 ? t->axis[p - 1] : 0.0, after = p + 1 < PLACES ? t->axis[p + 1] : 0.0;
    lines += t->axis[p] > before && t->axis[p] >= after ? t->axis[p] * t->axis[p] : 0.0;
    double got   = (double)shed_comb_magnitude(c, (float)place_hz(p));
    w->magnitude = fmax(w->magnitude, fabs(got - around(t->axis, p, PLACES)));
  }
  w->lines = fmax(w->lines, fabs((double)shed_comb_lines(c) / lines - 1.0));
}

// The tables of a profile are at the nearest places to k f, (k - 1/2) f and the thirds.
static void
compare_profiles(const shed_comb *c, const twin *t, worst_of *w)
{
  static const double thirds[] = {1, 2, 4, 5, 7, 8, 10, 11};
  for (int p = 3; p < PITCHES; p += 37) {
    shed_comb_profile got;
    double            sum = 0.0;
    shed_comb_profile_at(c, (float)p, &got);
    for (int k = 1; k <= SHED_COMB_PARTIALS; k++) {
      int    place = p + (int)lround(SHED_COMB_PER_OCTAVE * log2(k));
      double want  = place < PLACES ? around(t->axis, place, PLACES) : 0.0;
      w->profile   = fmax(w->profile, fabs((double)got.partial[k - 1] - want));
      sum += place < PLACES ? t->axis[place] : 0.0;
    }
    double at  = (double)shed_comb_sum_at(c, shed_comb_axis(c), (float)p);
    w->profile = fmax(w->profile, fabs(at - sum));
    for (int k = 0; k < SHED_COMB_BETWEEN; k++) {
      int    half  = p + (int)lround(SHED_COMB_PER_OCTAVE * log2(k + 0.5));
      int    third = p + (int)lround(SHED_COMB_PER_OCTAVE * log2(thirds[k] / 3.0));
      double h     = half >= 0 && half < PLACES ? around(t->axis, half, PLACES) : 0.0;
      double d     = third >= 0 && third < PLACES ? around(t->axis, third, PLACES) : 0.0;
      w->profile   = fmax(w->profile, fmax(fabs((double)got.half[k] - h), fabs((double)got.third[k] - d)));
    }
  }
}

// The highest maximum of the plain salience, by the parabola through its neighbours.
static void
compare_peaks(const shed_comb *c, const twin *t, worst_of *w)
{
  for (int kind = 0; kind < SHED_COMB_KINDS; kind++) {
    const double *s    = t->s[kind];
    int           best = -1;
    float         hz   = 0.0f;
    for (int p = 1; p + 1 < PITCHES; p++) {
      if (s[p] > s[p - 1] && s[p] >= s[p + 1] && s[p] > 0.0 && (best < 0 || s[p] > s[best])) {
        best = p;
      }
    }
    assert_int_equal(shed_comb_peaks(c, kind, &hz, 1), best >= 0);
    if (best >= 0) {
      double bend    = s[best - 1] - 2.0 * s[best] + s[best + 1];
      double shift   = 0.5 * (s[best - 1] - s[best + 1]) / bend;
      w->peaks_cents = fmax(w->peaks_cents, fabs(1200.0 * log2((double)hz / place_hz(best + shift))));
      CHECK_NEAR((double)shed_comb_best(c, kind), s[best], TOLERANCE);
    }
  }
}

static void
the_comb_is_its_formula(void **state)
{
  (void)state;
  shed_comb   *c = NULL;
  static twin  t;
  static float noise[WINDOW];
  worst_of     w = {.magnitude = 0.0};
  float       *x = ear_sound(RATE_HZ, 10 * RATE_HZ, 31);
  shed_rng     rng;
  shed_rng_seed(&rng, 32, 32);
  for (int i = 0; i < WINDOW; i++) {
    noise[i] = (float)(0.1 * shed_rng_normal(&rng));
  }
  CHECK_OK(shed_comb_new(&c, NULL, RATE_HZ, WINDOW));
  for (int i = 0; i <= LOOKS; i++) {
    const float *look = i < LOOKS ? x + (size_t)i * RATE_HZ * 5 / 4 + 4000 : noise;
    shed_comb_run(c, look);
    direct(&t, look);
    compare_places(c, &t, &w);
    compare_profiles(c, &t, &w);
    compare_peaks(c, &t, &w);
  }
  print_message(
      "worst: S1 %.1e, S2 %.1e, magnitude %.1e, profile %.1e, lines %.1e of themselves, peaks %.1e cents\n",
      w.salience[0], w.salience[1], w.magnitude, w.profile, w.lines, w.peaks_cents);
  CHECK_LT(w.salience[0], TOLERANCE);
  CHECK_LT(w.salience[1], 10.0 * TOLERANCE); // up to 4 a place, and a difference of running sums
  CHECK_LT(w.magnitude, 1e-6);
  CHECK_LT(w.profile, 1e-6);
  CHECK_LT(w.lines, 1e-4);
  CHECK_LT(w.peaks_cents, 0.1);
  shed_comb_free(c);
  free(x);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_comb_is_its_formula),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
