// What aubio_onset.c and aubio_onset_rt.c share.
#ifndef SHED_DSP_AUBIO_ONSET_INTERNAL_H
#define SHED_DSP_AUBIO_ONSET_INTERNAL_H

#include "engine/dsp/aubio_onset.h"

#include <aubio/aubio.h>

struct shed_aubio_onset {
  const shed_alloc *alloc;
  aubio_specdesc_t *mkl;
  aubio_specdesc_t *hfc;
  cvec_t           *spectrum;
  fvec_t           *value;
};

#endif
