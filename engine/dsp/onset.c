#include "engine/dsp/onset.h"

#include "engine/dsp/onset_internal.h"
#include "engine/dsp/pi.h"

#include <math.h>

static const double BAND_LOW_HZ      = 50.0;
static const double BAND_HIGH_HZ     = 14000.0;
static const double BANDS_PER_OCTAVE = 24.0;
static const double RATE_HZ          = 44100.0;

// Edges of the wide bands: each so wide that noise of 10 ms in it has nearly one level.
static const double WIDE_HZ[ONSET_WIDE + 1] = {200.0,  400.0,  700.0,  1100.0, 1700.0, 2500.0,
                                               3600.0, 5000.0, 7000.0, 9500.0, 13000.0};

// Bands a quarter tone wide, or one bin where a bin is wider.
static void
make_bands(shed_onset *o)
{
  double hz_per_bin = RATE_HZ / ONSET_WINDOW;
  int    last       = (int)lround(BAND_LOW_HZ / hz_per_bin);
  o->band[0]        = last;
  for (int step = 0; o->bands < ONSET_BANDS_MAX; step++) {
    double hz = BAND_LOW_HZ * exp2(step / BANDS_PER_OCTAVE);
    if (hz >= BAND_HIGH_HZ) {
      break;
    }
    int bin = (int)lround(hz / hz_per_bin);
    if (bin > last) {
      o->band[++o->bands] = bin;
      last                = bin;
    }
  }
}

static void
make_wide_bands(shed_onset *o)
{
  for (int b = 0; b <= ONSET_WIDE; b++) {
    o->wide[b] = (int)lround(WIDE_HZ[b] * ONSET_WINDOW / RATE_HZ);
  }
}

shed_status
shed_onset_new(shed_onset **out, const shed_alloc *alloc)
{
  shed_onset *o = shed_calloc(alloc, 1, sizeof(*o));
  if (!o) {
    return SHED_E_NOMEM;
  }
  o->alloc       = alloc;
  shed_status st = shed_fft_new(&o->fft, alloc, ONSET_WINDOW);
  if (st == SHED_OK) {
    st = shed_aubio_onset_new(&o->aubio, alloc, ONSET_WINDOW);
  }
  if (st != SHED_OK) {
    shed_onset_free(o);
    return st;
  }
  for (int i = 0; i < ONSET_WINDOW; i++) {
    o->taper[i] = (float)((0.5 - 0.5 * cos(2.0 * SHED_PI * (i + 0.5) / ONSET_WINDOW)) * 4.0 / ONSET_WINDOW);
  }
  o->back = 1;
  make_bands(o);
  make_wide_bands(o);
  *out = o;
  return SHED_OK;
}

void
shed_onset_free(shed_onset *o)
{
  if (!o) {
    return;
  }
  shed_fft_free(o->fft);
  shed_aubio_onset_free(o->aubio);
  shed_free(o->alloc, o);
}
