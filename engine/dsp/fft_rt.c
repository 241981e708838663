// About this file: executing a plan that was made before.
#include "engine/dsp/fft.h"
#include "engine/dsp/fft_internal.h"

float *
shed_fft_time(shed_fft *f)
{
  return f->time;
}

float *
shed_fft_bins(shed_fft *f)
{
  return &f->bins[0][0];
}

void
shed_fft_forward(shed_fft *f)
{
  fftwf_execute(f->forward);
}

void
shed_fft_inverse(shed_fft *f)
{
  fftwf_execute(f->inverse);
}
