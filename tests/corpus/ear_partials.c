// About this file: takes tones apart by heterodyning: the sound is turned back by each partial's phase and averaged under a
// triangle of two periods each way, which is blind to all other partials. And follows the pitch of a sung note.
#include "tests/corpus/ear_partials.h"

#include "engine/base/alloc.h"

#include <math.h>
#include <stdlib.h>

enum { RATE = CORPUS_EAR_RATE_HZ, STEP = CORPUS_EAR_STEP, RENEWAL = CORPUS_EAR_RENEWAL };
enum { WAYS = 51, FOLLOW_HOP = 256, FOLLOW_SPAN_PERIODS = 3, NOISES = 14 };

static const double PI          = 3.14159265358979323846;
static const double TOP         = 0.45;
static const double PERIODS     = 2;      // each way
static const double LEAST_S     = 0.004;  // each way
static const double REACH_CENTS = 250;    // of a pitch being followed
static const double CENTS_COST  = 0.0012; // a cent of change a hop, against a correlation of 1

void
corpus_ear_track_free(corpus_ear_track *t)
{
  shed_free(NULL, t->rows);
  *t = (corpus_ear_track){0};
}

// x turned back by `times` the phase of hz, summed twice: re2[i], im2[i] for i up to n.
static void
turn_back(const float *x, int n, const float *hz, double times, double *re2, double *im2)
{
  double phase = 0;
  double re1   = 0;
  double im1   = 0;
  re2[0]       = 0;
  im2[0]       = 0;
  for (int step = 0; step * STEP < n; step++) {
    double w  = 2 * PI * times * (double)hz[step] / RATE;
    double c  = cos(w);
    double s  = sin(w);
    double vr = cos(phase);
    double vi = -sin(phase);
    int    to = (step + 1) * STEP < n ? (step + 1) * STEP : n;
    for (int i = step * STEP; i < to; i++) {
      re1 += (double)x[i] * vr;
      im1 += (double)x[i] * vi;
      re2[i + 1]  = re2[i] + re1;
      im2[i + 1]  = im2[i] + im1;
      double next = vr * c + vi * s;
      vi          = vi * c - vr * s;
      vr          = next;
    }
    phase = fmod(phase + w * (to - step * STEP), 2 * PI);
  }
}

// Mean under a triangle that reaches m each way from `at`, magnitude.
static double
mean_under_triangle(const double *re2, const double *im2, int n, int at, int m)
{
  int    a  = at - m < 0 ? 0 : at - m;
  int    b  = at + m > n ? n : at + m;
  double re = re2[b] - 2 * re2[at] + re2[a];
  double im = im2[b] - 2 * im2[at] + im2[a];
  return sqrt(re * re + im * im) / ((double)m * m);
}

bool
corpus_ear_take_apart(const float *x, int n, const float *hz, int partials, corpus_ear_track *out)
{
  double *re2 = shed_malloc(NULL, ((size_t)n + 1) * sizeof(double));
  double *im2 = shed_malloc(NULL, ((size_t)n + 1) * sizeof(double));
  out->n      = n / RENEWAL + 1;
  out->rows   = shed_calloc(NULL, (size_t)out->n, sizeof(*out->rows));
  bool good   = re2 && im2 && out->rows;
  for (int k = 1; good && k <= partials + NOISES;
       k++) { // partials, then what lies half-way above the first of them
    double times = k <= partials ? k : k - partials + 0.5;
    if (times * (double)hz[0] > TOP * RATE) {
      continue;
    }
    turn_back(x, n, hz, times, re2, im2);
    for (int row = 0; row < out->n; row++) {
      int    at   = row * RENEWAL;
      double f0   = (double)hz[at / STEP < n / STEP ? at / STEP : n / STEP - 1];
      int    m    = (int)fmax(LEAST_S * RATE, rint(PERIODS * RATE / f0));
      double mean = at <= n ? mean_under_triangle(re2, im2, n, at, m) : 0;
      if (k <= partials) {
        out->rows[row].high[k] = (float)(2 * mean);
      } else { // the triangle lets a band of 2 / (3 m) of the rate through; the noise fills one as wide as the pitch
        out->rows[row].noise[k - partials] = (float)(mean * sqrt(3.0 * m * f0 / RATE));
      }
    }
  }
  shed_free(NULL, re2);
  shed_free(NULL, im2);
  if (!good) {
    corpus_ear_track_free(out);
  }
  return good;
}

void
corpus_ear_track_at(const corpus_ear_track *t, double at, double weight, double *high, double *noise)
{
  int    row   = (int)floor(at);
  double share = at - row;
  if (row < 0 || row + 1 >= t->n) {
    return;
  }
  for (int k = 1; k <= CORPUS_EAR_PARTIALS; k++) {
    double h0 = (double)t->rows[row].high[k];
    double n0 = (double)t->rows[row].noise[k];
    high[k] += weight * (h0 + share * ((double)t->rows[row + 1].high[k] - h0));
    noise[k] += weight * (n0 + share * ((double)t->rows[row + 1].noise[k] - n0));
  }
}

// -- following --------------------------------------------------------------------------------------------------------

static double
way_hz(double hz, int way)
{
  return hz * exp2((2.0 * way / (WAYS - 1) - 1) * REACH_CENTS / 1200);
}

// Correlation of the sound around `at` with itself a period later.
static double
correlation(const float *x, int n, int at, double hz)
{
  double lag  = RATE / hz;
  int    span = (int)(FOLLOW_SPAN_PERIODS * lag);
  int    from = at - span / 2 - (int)(lag / 2);
  double xy   = 0;
  double xx   = 1e-9;
  double yy   = 1e-9;
  if (from < 0 || from + span + (int)lag + 2 >= n) {
    return 0;
  }
  int    whole = (int)lag;
  double part  = lag - whole;
  for (int i = from; i < from + span; i++) {
    double a = (double)x[i];
    double b = (double)x[i + whole] + part * (double)(x[i + whole + 1] - x[i + whole]);
    xy += a * b;
    xx += a * a;
    yy += b * b;
  }
  return xy / sqrt(xx * yy);
}

// Mean and step of the best way at each hop, written over the STEPs of it.
static void
write_way(const int *way, int hops, double hz, int from, int to, float *out)
{
  for (int i = from / STEP; i <= to / STEP; i++) {
    double at   = ((double)i * STEP - from) / FOLLOW_HOP;
    int    hop  = at < 0 ? 0 : at > hops - 1 ? hops - 1 : (int)at;
    double sum  = 0;
    double mass = 0;
    for (int k = hop - 3; k <= hop + 4; k++) { // smoothed over some 25 ms: no steps between ways
      int    near = k < 0 ? 0 : k > hops - 1 ? hops - 1 : k;
      double g    = fmax(0, 1 - fabs(k - at) / 4);
      sum += g * log(way_hz(hz, way[near]));
      mass += g;
    }
    out[i] = (float)(mass > 0 ? exp(sum / mass) : way_hz(hz, way[hop]));
  }
}

double
corpus_ear_follow(const float *x, int n, int from, int to, double hz, float *out)
{
  int     hops  = (to - from) / FOLLOW_HOP + 1;
  double *score = shed_calloc(NULL, (size_t)hops * WAYS, sizeof(double));
  int    *back  = shed_calloc(NULL, (size_t)hops * WAYS, sizeof(int));
  int    *way   = shed_calloc(NULL, (size_t)hops, sizeof(int));
  double  best  = -1;
  double  cost  = CENTS_COST * 2 * REACH_CENTS / (WAYS - 1);
  for (int h = 0; score && back && way && h < hops; h++) {
    for (int w = 0; w < WAYS; w++) {
      double most = h == 0 ? 0 : -1e9;
      for (int v = 0; h > 0 && v < WAYS; v++) {
        double s = score[(h - 1) * WAYS + v] - cost * abs(v - w);
        if (s > most) {
          most               = s;
          back[h * WAYS + w] = v;
        }
      }
      score[h * WAYS + w] = most + correlation(x, n, from + h * FOLLOW_HOP, way_hz(hz, w));
    }
  }
  if (score && back && way) {
    for (int w = 0; w < WAYS; w++) {
      if (score[(hops - 1) * WAYS + w] > score[(hops - 1) * WAYS + way[hops - 1]]) {
        way[hops - 1] = w;
      }
    }
    best = fmax(0, score[(hops - 1) * WAYS + way[hops - 1]] / hops);
    for (int h = hops - 1; h > 0; h--) {
      way[h - 1] = back[h * WAYS + way[h]];
    }
    write_way(way, hops, hz, from, to, out);
  }
  shed_free(NULL, score);
  shed_free(NULL, back);
  shed_free(NULL, way);
  return best;
}
