// About this file: making the compact spectrum, and where its bands lie.
#include "engine/dsp/bands.h"

#include "engine/dsp/bands_internal.h"
#include "engine/dsp/pi.h"

#include <math.h>

static const double HZ_A_BIN        = 22050.0 / SHED_BANDS_WINDOW;
static const double BANDS_AN_OCTAVE = 24.0;

// Single bins first: band b stands around bin b + 1. Then quarter tones, rounded to whole bins.
static int
first_bin(int band)
{
  int over = band - SHED_BANDS_LINEAR;
  return over <= 0 ? band + 1 : (int)lround((SHED_BANDS_LINEAR + 1) * exp2(over / BANDS_AN_OCTAVE));
}

shed_status
shed_bands_new(shed_bands **out, const shed_alloc *alloc)
{
  shed_bands *b = shed_calloc(alloc, 1, sizeof(*b));
  if (!b) {
    return SHED_E_NOMEM;
  }
  b->alloc       = alloc;
  shed_status st = shed_fft_new(&b->fft, alloc, SHED_BANDS_WINDOW);
  if (st != SHED_OK) {
    shed_bands_free(b);
    return st;
  }
  for (int i = 0; i < SHED_BANDS_WINDOW; i++) {
    // a full-scale sine reads 1
    b->taper[i] =
        (float)((0.5 - 0.5 * cos(2.0 * SHED_PI * (i + 0.5) / SHED_BANDS_WINDOW)) * 4.0 / SHED_BANDS_WINDOW);
  }
  for (int i = 0; i <= SHED_BANDS; i++) {
    b->first[i] = first_bin(i);
  }
  SHED_ASSERT(b->first[SHED_BANDS] <= BANDS_BINS_END);
  *out = b;
  return SHED_OK;
}

void
shed_bands_free(shed_bands *b)
{
  if (!b) {
    return;
  }
  shed_fft_free(b->fft);
  shed_free(b->alloc, b);
}

int
shed_bands_place(double hz)
{
  double at = hz / HZ_A_BIN + 0.5; // a bin reaches half a bin to each side
  if (!(at >= 1.0) || at >= first_bin(SHED_BANDS)) {
    return -1;
  }
  int bin = (int)at;
  if (bin <= SHED_BANDS_LINEAR) {
    return bin - 1;
  }
  int band = SHED_BANDS_LINEAR + (int)(BANDS_AN_OCTAVE * log2((double)bin / (SHED_BANDS_LINEAR + 1)));
  while (band + 1 < SHED_BANDS && first_bin(band + 1) <= bin) {
    band++;
  }
  while (first_bin(band) > bin) {
    band--;
  }
  return band;
}
