// About this file: is the click heard, and how late? Where in the spans of two clicks the sound rises equally late, the
// waveforms are compared. People are late by a hundredth of a second more or less; a click is late by the same sample.
#include "engine/dsp/tick_internal.h"

#include <math.h>

enum {
  STEP   = 44, // 1 ms
  BLOCK  = 88, // energy of 2 ms
  STEPS  = TICK_SPAN / STEP,
  WINDOW = 512, // samples that are compared, from STEP before the rise on
  LAGS   = 48,  // and moved by so many
  BEHIND = 8,   // steps before a rise that it is told from: the quietest but one
  APART  = 5,   // steps between rises
  NEAR   = 1    // steps that two clicks' rises may differ by
};
static const float RISE_DB      = 6.0f;
static const float QUIET_DB     = 10.0f;
static const float FLOOR_ENERGY = 1e-11f; // of a block: nothing over nothing is no rise
static const float ALIKE        = 0.7f;   // correlation of two clicks of one kind

static float
whitened(const float *x)
{
  return x[0] - 0.9f * x[-1];
}

static void
envelope(const float *x, int steps, float *e)
{
  e[0] = FLOOR_ENERGY;
  for (int i = 1; i < steps; i++) {
    float sum = 0.0f;
    for (int k = 0; k < BLOCK; k++) {
      float w = whitened(x + i * STEP + k);
      sum += w * w;
    }
    e[i] = sum + FLOOR_ENERGY;
  }
}

static void
insert(tick_span *s, tick_peak p)
{
  int at = s->n_peaks;
  if (at == TICK_PEAKS) {
    if (s->peak[--at].rise_db >= p.rise_db) {
      return;
    }
  } else {
    s->n_peaks++;
  }
  for (; at > 0 && s->peak[at - 1].rise_db < p.rise_db; at--) {
    s->peak[at] = s->peak[at - 1];
  }
  s->peak[at] = p;
}

void
tick_find_peaks(const shed_tick *t, tick_span *s)
{
  float e[STEPS], rise[STEPS];
  int   steps = (t->span_length - TICK_SEG) / STEP;
  envelope(s->x, steps, e);
  s->n_peaks = 0;
  for (int i = 0; i < steps; i++) {
    float before = 0.0f;
    for (int k = 2; k <= BEHIND; k++) {
      before = fmaxf(before, i - k >= 0 ? e[i - k] : FLOOR_ENERGY);
    }
    rise[i] = i < BEHIND ? 0.0f : 10.0f * log10f(e[i] / before);
  }
  for (int i = BEHIND; i < steps; i++) {
    bool peak = rise[i] >= RISE_DB;
    for (int k = i - APART; peak && k <= i + APART; k++) {
      peak = k < 0 || k >= steps || rise[k] < rise[i] || (rise[k] == rise[i] && k >= i);
    }
    if (peak) {
      insert(s, (tick_peak){.at = i * STEP, .rise_db = rise[i], .quiet = rise[i] >= QUIET_DB});
    }
  }
}

// How alike two stretches are at the lag that makes them most alike, by the whitened waveform; -1..1.
static float
alike(const float *a, const float *b, double *lag)
{
  float u[WINDOW], v[WINDOW + 2 * LAGS];
  float c[2 * LAGS + 1];
  float uu = 0.0f, best = -1.0f;
  int   at = 0;
  for (int i = 0; i < WINDOW; i++) {
    u[i] = whitened(a + i);
    uu += u[i] * u[i];
  }
  for (int i = 0; i < WINDOW + 2 * LAGS; i++) {
    v[i] = whitened(b + i - LAGS);
  }
  for (int m = 0; m <= 2 * LAGS; m++) {
    float uv = 0.0f, vv = 0.0f;
    for (int i = 0; i < WINDOW; i++) {
      uv += u[i] * v[m + i];
      vv += v[m + i] * v[m + i];
    }
    c[m] = uv / sqrtf(uu * vv + 1e-20f);
    if (c[m] > best) {
      best = c[m];
      at   = m;
    }
  }
  double part = 0.0;
  if (at > 0 && at < 2 * LAGS) {
    double bend = (double)(c[at - 1] - 2.0f * c[at] + c[at + 1]);
    part        = bend < 0.0 ? 0.5 * (double)(c[at - 1] - c[at + 1]) / bend : 0.0;
  }
  *lag = at - LAGS + part;
  return best;
}

bool
tick_find_pair(const shed_tick *t, const tick_span *a, const tick_span *b, int *at, double *lag, bool *quiet)
{
  float best = ALIKE;
  bool  any  = false;
  (void)t;
  for (int i = 0; i < a->n_peaks; i++) {
    for (int k = 0; k < b->n_peaks; k++) {
      int    apart = a->peak[i].at - b->peak[k].at;
      double found;
      if (apart > NEAR * STEP || apart < -NEAR * STEP) {
        continue;
      }
      int   from = a->peak[i].at - STEP;
      float c    = alike(a->x + from, b->x + from, &found);
      if (c > best) {
        best   = c;
        any    = true;
        *at    = a->peak[i].at;
        *lag   = found;
        *quiet = a->peak[i].quiet && b->peak[k].quiet;
      }
    }
  }
  return any;
}
