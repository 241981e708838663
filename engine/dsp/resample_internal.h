// What resample.c and resample_rt.c share.
#ifndef SHED_DSP_RESAMPLE_INTERNAL_H
#define SHED_DSP_RESAMPLE_INTERNAL_H

#include "engine/dsp/resample.h"

#include <samplerate.h>

struct shed_resample {
  // immutable after shed_resample_new()
  const shed_alloc *alloc;
  SRC_STATE        *state; // NULL: equal rates
  double            ratio;

  // one thread
  float block[SHED_RESAMPLE_BLOCK];
  int   at, n; // of block: not yet taken
  int   ending;
};

#endif
