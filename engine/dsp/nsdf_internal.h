// What nsdf.c and nsdf_rt.c share.
#ifndef SHED_DSP_NSDF_INTERNAL_H
#define SHED_DSP_NSDF_INTERNAL_H

#include "engine/dsp/fft.h"
#include "engine/dsp/nsdf.h"

struct shed_nsdf {
  // immutable after shed_nsdf_new()
  const shed_alloc *alloc;
  shed_fft         *fft;
  int               window;
  int               size; // of the transform
  int               max_lag;
  float            *taper;  // window
  float             area;   // sum of the taper
  float            *unbias; // max_lag + 1: 1 over the taper's own NSDF

  // one thread
  float *squares; // window + 4: running sums of y^2
  float *values;  // max_lag + 1
};

#endif
