// About this file: the pitch of a steady tone, measured slowly and well: of each fifth of a second the frequency whose first
// harmonics hold the most energy, and of those the median. It shares nothing with the ear that it helps to test.
#include "tests/corpus/perform.h"

#include <math.h>
#include <stdlib.h>

enum { PIECES_MAX = 256 };
static const double PI            = 3.14159265358979323846;
static const double SEARCH        = 60;   // cents each way
static const double PIECE_S       = 0.2;  // of a tone that stands: its own vibrato is evened out
static const double SHORT_S       = 0.06; // of one that has little time: each turn of a vibrato is followed
static const double SHORT_PERIODS = 8;    // at least
static const double STEPS[]       = {4, 1, 0.25}; // cents, of each pass

// Energy at the first harmonics of hz, Hann window.
static double
harmonic_energy(const float *x, size_t n, double rate, double hz, int harmonics)
{
  double sum = 0;
  for (int h = 1; h <= harmonics && h * hz < 0.45 * rate; h++) {
    double w  = 2 * PI * h * hz / rate;
    double c  = cos(w);
    double s  = sin(w);
    double vr = 1; // a unit vector that turns by w a sample
    double vi = 0;
    double re = 0;
    double im = 0;
    double hc = cos(2 * PI / (double)n);
    double hs = sin(2 * PI / (double)n);
    double gr = 1;
    double gi = 0;
    for (size_t i = 0; i < n; i++) {
      double g  = (1 - gr) * (double)x[i];
      double nr = vr * c - vi * s;
      double mr = gr * hc - gi * hs;
      re += g * vr;
      im += g * vi;
      vi = vr * s + vi * c;
      vr = nr;
      gi = gr * hs + gi * hc;
      gr = mr;
    }
    sum += re * re + im * im;
  }
  return sum;
}

static double
pitch_in(const shed_sound *s, size_t from, size_t to, double midi, int harmonics)
{
  double centre = 0;
  double reach  = SEARCH;
  for (size_t pass = 0; pass < SHED_COUNTOF(STEPS); pass++) {
    double step  = STEPS[pass];
    double best  = -1;
    double at    = centre;
    int    tries = (int)lrint(2 * reach / step);
    for (int k = 0; k <= tries; k++) {
      double cents  = centre - reach + k * step;
      double hz     = 440 * exp2((midi - 69 + cents / 100) / 12);
      double energy = harmonic_energy(s->x + from, to - from, s->rate_hz, hz, harmonics);
      if (energy > best) {
        best = energy;
        at   = cents;
      }
    }
    centre = at;
    reach  = step;
  }
  return centre;
}

static int
by_size(const void *a, const void *b)
{
  double x = *(const double *)a;
  double y = *(const double *)b;
  return x < y ? -1 : x > y;
}

static double
median_of_pieces(const shed_sound *s, double from_s, double to_s, double piece_s, double midi, int harmonics)
{
  double cents[PIECES_MAX];
  size_t n     = 0;
  size_t piece = (size_t)(piece_s * s->rate_hz);
  size_t to    = (size_t)(to_s * s->rate_hz);
  to           = to < s->n ? to : s->n;
  for (size_t at = (size_t)(from_s * s->rate_hz); at + piece <= to && n < PIECES_MAX; at += piece / 2) {
    cents[n++] = pitch_in(s, at, at + piece, midi, harmonics);
  }
  if (n == 0) {
    return NAN;
  }
  qsort(cents, n, sizeof(cents[0]), by_size);
  return n % 2 ? cents[n / 2] : (cents[n / 2 - 1] + cents[n / 2]) / 2;
}

double
corpus_pitch_cents(const shed_sound *s, double from_s, double to_s, double midi, int harmonics)
{
  return median_of_pieces(s, from_s, to_s, PIECE_S, midi, harmonics);
}

double
corpus_short_pitch_cents(const shed_sound *s, double from_s, double to_s, double midi, int harmonics)
{
  const double hz = 440 * exp2((midi - 69) / 12);
  return median_of_pieces(s, from_s, to_s, fmax(SHORT_S, SHORT_PERIODS / hz), midi, harmonics);
}
