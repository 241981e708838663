// What front.c and front_rt.c share.
#ifndef SHED_DSP_FRONT_INTERNAL_H
#define SHED_DSP_FRONT_INTERNAL_H

#include "engine/dsp/front.h"

enum { FRONT_TAPS_MAX = 65, FRONT_CAPACITY = 32768 };

struct shed_front {
  // immutable after shed_front_new()
  const shed_alloc *alloc;
  float             pole; // of the high-pass
  float             taps[SHED_FRONT_OCTAVES][FRONT_TAPS_MAX];

  // analysis thread only
  float   last_in, last_out; // of the high-pass
  int64_t count;
  struct {
    float  *x;
    int64_t first; // index of x[0] at this octave's rate
    int     n;
    int     capacity;
  } at[SHED_FRONT_OCTAVES];
};

#endif
