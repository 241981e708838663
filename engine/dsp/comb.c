// About this file: tables of the comb.
#include "engine/dsp/comb.h"

#include "engine/dsp/comb_internal.h"
#include "engine/dsp/pi.h"

#include <math.h>

static double
place_hz(double place)
{
  return COMB_LOW_HZ * exp2(place / SHED_COMB_PER_OCTAVE);
}

static void
make_places(shed_comb *c, int rate_hz)
{
  double hz_per_bin = (double)rate_hz / COMB_FFT;
  for (int i = 0; i < COMB_PLACES; i++) {
    double lo    = place_hz(i - 0.5) / hz_per_bin;
    double hi    = place_hz(i + 0.5) / hz_per_bin;
    double at    = place_hz(i) / hz_per_bin;
    int    first = (int)ceil(lo);
    if (hi - lo < 2.0) {
      c->places[i] = (comb_place){(int)at, 0, (float)(at - floor(at))};
    } else {
      c->places[i] = (comb_place){first, (int)floor(hi) - first + 1, 0.0f};
    }
  }
}

static void
set_tooth(shed_comb *c, int at, double partial, double weight)
{
  c->tooth[at].distance = (int)lround(SHED_COMB_PER_OCTAVE * log2(partial));
  for (int i = 0; i < 4; i++) {
    c->tooth[at].weight[i] = (float)weight;
  }
}

static double
weight_of(int partial)
{
  return partial >= 1 && partial <= SHED_COMB_PARTIALS ? 1.0 / sqrt(partial) : 0.0;
}

static void
make_teeth(shed_comb *c)
{
  for (int k = 1; k <= SHED_COMB_PARTIALS; k++) {
    set_tooth(c, k - 1, k, weight_of(k));
    c->partial[k - 1] = (float)(SHED_COMB_PER_OCTAVE * log2(k));
  }
  for (int k = 1; k <= SHED_COMB_PARTIALS + 1; k++) {
    // the valley under tooth k belongs to it and to the tooth below
    set_tooth(c, SHED_COMB_PARTIALS + k - 1, k - 0.5, -0.5 * (weight_of(k) + weight_of(k - 1)));
  }
  for (int k = 0; k < SHED_COMB_BETWEEN; k++) {
    c->half[k]  = (float)(SHED_COMB_PER_OCTAVE * log2(k + 0.5));
    int thirds  = k / 2 * 3 + k % 2 + 1; // 1, 2, 4, 5, 7, ...
    c->third[k] = (float)(SHED_COMB_PER_OCTAVE * log2(thirds / 3.0));
  }
  for (int p = 0; p < COMB_PITCHES; p++) {
    double sum = 0.0;
    for (int k = 0; k < SHED_COMB_PARTIALS && p + c->tooth[k].distance < COMB_PLACES; k++) {
      sum += weight_of(k + 1);
    }
    c->norm[p] = (float)(1.0 / sqrt(sum));
  }
  for (int i = 0; i < COMB_PLACES; i++) {
    int lo      = i > COMB_WHITE ? i - COMB_WHITE : 0;
    int hi      = i + COMB_WHITE < COMB_PLACES ? i + COMB_WHITE + 1 : COMB_PLACES;
    c->share[i] = 1.0f / (float)(hi - lo);
  }
}

shed_status
shed_comb_new(shed_comb **out, const shed_alloc *alloc, int rate_hz, int window)
{
  if (window < 16 || window > COMB_FFT || place_hz(COMB_PLACES) > 0.49 * rate_hz) {
    return SHED_E_RANGE;
  }
  shed_comb *c = shed_calloc(alloc, 1, sizeof(*c));
  if (!c) {
    return SHED_E_NOMEM;
  }
  c->alloc       = alloc;
  c->window      = window;
  shed_status st = shed_fft_new(&c->fft, alloc, COMB_FFT);
  c->taper       = shed_malloc(alloc, (size_t)window * sizeof(float));
  if (st != SHED_OK || !c->taper) {
    shed_comb_free(c);
    return st != SHED_OK ? st : SHED_E_NOMEM;
  }
  for (int i = 0; i < window; i++) {
    // a full-scale sine reads 1
    c->taper[i] = (float)((0.5 - 0.5 * cos(2.0 * SHED_PI * (i + 0.5) / window)) * 4.0 / window);
  }
  make_places(c, rate_hz);
  make_teeth(c);
  *out = c;
  return SHED_OK;
}

void
shed_comb_free(shed_comb *c)
{
  if (!c) {
    return;
  }
  shed_fft_free(c->fft);
  shed_free(c->alloc, c->taper);
  shed_free(c->alloc, c);
}
