// About this file: tables of the NSDF.
#include "engine/dsp/nsdf.h"

#include "engine/dsp/nsdf_internal.h"
#include "engine/dsp/pi.h"

#include <math.h>

enum { WINDOW_MIN = 16, WINDOW_MAX = 16384, LAG_MARGIN = 8 };
// Share of the window at each end over which the taper rises.
static const double TAPER_SHARE = 0.30;

static void
make_taper(float *taper, int n)
{
  int rise = (int)(TAPER_SHARE * n);
  for (int i = 0; i < n; i++) {
    int from_end = i < n - 1 - i ? i : n - 1 - i;
    taper[i] = from_end >= rise ? 1.0f : (float)(0.5 - 0.5 * cos(SHED_PI * (from_end + 0.5) / (rise + 0.5)));
  }
}

// The NSDF of the taper itself: what a sound of constant power would get.
static void
make_unbias(float *unbias, const float *taper, int n, int max_lag)
{
  for (int lag = 0; lag <= max_lag; lag++) {
    double product = 0.0;
    double squares = 0.0;
    for (int j = 0; j + lag < n; j++) {
      double a = (double)taper[j];
      double b = (double)taper[j + lag];
      product += 2.0 * a * b;
      squares += a * a + b * b;
    }
    unbias[lag] = (float)(squares / product);
  }
}

// The smallest 2^a, or an odd number of few small factors times 2^a, that holds n: FFTW is quick at all of them.
static int
transform_size(int n)
{
  static const int odd[] = {1, 3, 5, 9, 15};
  int              best  = 0;
  for (size_t i = 0; i < SHED_COUNTOF(odd); i++) {
    int size = 32 * odd[i];
    while (size < n) {
      size *= 2;
    }
    best = best == 0 || size < best ? size : best;
  }
  return best;
}

shed_status
shed_nsdf_new(shed_nsdf **out, const shed_alloc *alloc, int window, int max_lag)
{
  if (window < WINDOW_MIN || window > WINDOW_MAX || max_lag < 4 || max_lag > window - LAG_MARGIN) {
    return SHED_E_RANGE;
  }
  shed_nsdf *s = shed_calloc(alloc, 1, sizeof(*s));
  if (!s) {
    return SHED_E_NOMEM;
  }
  s->alloc       = alloc;
  s->window      = window;
  s->max_lag     = max_lag;
  s->size        = transform_size(window + max_lag + 1);
  shed_status st = shed_fft_new(&s->fft, alloc, s->size);
  s->taper       = shed_malloc(alloc, (size_t)window * sizeof(float));
  s->unbias      = shed_malloc(alloc, ((size_t)max_lag + 1) * sizeof(float));
  s->squares     = shed_calloc(alloc, (size_t)window + 4, sizeof(float));
  s->values      = shed_calloc(alloc, (size_t)max_lag + 1, sizeof(float));
  if (st != SHED_OK || !s->taper || !s->unbias || !s->squares || !s->values) {
    shed_nsdf_free(s);
    return st != SHED_OK ? st : SHED_E_NOMEM;
  }
  make_taper(s->taper, window);
  s->area = 0.0f;
  for (int i = 0; i < window; i++) {
    s->area += s->taper[i];
  }
  make_unbias(s->unbias, s->taper, window, max_lag);
  *out = s;
  return SHED_OK;
}

void
shed_nsdf_free(shed_nsdf *s)
{
  if (!s) {
    return;
  }
  shed_fft_free(s->fft);
  shed_free(s->alloc, s->taper);
  shed_free(s->alloc, s->unbias);
  shed_free(s->alloc, s->squares);
  shed_free(s->alloc, s->values);
  shed_free(s->alloc, s);
}
