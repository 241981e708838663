// What bands.c and bands_rt.c share.
#ifndef SHED_DSP_BANDS_INTERNAL_H
#define SHED_DSP_BANDS_INTERNAL_H

#include "engine/dsp/bands.h"
#include "engine/dsp/fft.h"

enum { BANDS_BINS_END = 328 }; // of the last band: 7.05 kHz

struct shed_bands {
  // immutable after shed_bands_new()
  const shed_alloc *alloc;
  shed_fft         *fft;
  float             taper[SHED_BANDS_WINDOW];
  int               first[SHED_BANDS + 1]; // bin of each band, and the end

  // analysis thread only
  float power[BANDS_BINS_END];
};

#endif
