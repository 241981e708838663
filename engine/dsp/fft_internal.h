// What fft.c and fft_rt.c share.
#ifndef SHED_DSP_FFT_INTERNAL_H
#define SHED_DSP_FFT_INTERNAL_H

#include "engine/base/alloc.h"

#include <fftw3.h>

struct shed_fft {
  // immutable after shed_fft_new()
  const shed_alloc *alloc;
  void             *block; // holds both arrays
  float            *time;
  fftwf_complex    *bins;
  fftwf_plan        forward;
  fftwf_plan        inverse;
};

#endif
