// What onset.c and onset_rt.c share.
#ifndef SHED_DSP_ONSET_INTERNAL_H
#define SHED_DSP_ONSET_INTERNAL_H

#include "engine/dsp/aubio_onset.h"
#include "engine/dsp/fft.h"
#include "engine/dsp/onset.h"

enum {
  ONSET_WINDOW    = 1024,
  ONSET_BINS      = ONSET_WINDOW / 2 + 1,
  ONSET_BANDS_MAX = 128,
  ONSET_LOOKS     = 2,
  ONSET_PAST      = 4,  // frames remembered: a period of 27.5 Hz takes 36 ms
  ONSET_WIDE      = 10, // wide bands
  ONSET_POWERS    = 8   // looks whose wide bands are remembered, 5 ms apart
};

struct shed_onset {
  // immutable after shed_onset_new()
  const shed_alloc *alloc;
  shed_fft         *fft;
  shed_aubio_onset *aubio;
  float             taper[ONSET_WINDOW];
  int               band[ONSET_BANDS_MAX + 1]; // first bin of each, and the end
  int               bands;
  int               wide[ONSET_WIDE + 1]; // first bin of each wide band, and the end

  // analysis thread only
  float magnitude[ONSET_BINS];
  float before[ONSET_LOOKS][ONSET_PAST][ONSET_BANDS_MAX]; // logarithmic bands of the last frames, a ring
  int   next;                                             // place in the ring
  int   back;                                             // frames that a rise is told against, 1..ONSET_PAST
  float mkl_mean, hfc_mean;
  float power[ONSET_POWERS][ONSET_WIDE]; // of the wide bands at the last looks, a ring
  int   looks;                           // seen
};

#endif
