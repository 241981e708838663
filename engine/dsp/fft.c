// About this file: plans are made and destroyed here, never while sound is heard. FFTW's planner is one for the whole
// process; the library's own hook makes it safe, and covers whoever else in the process plans (aubio).
#include "engine/dsp/fft.h"

#include "engine/dsp/fft_internal.h"

#include <pthread.h>
#include <stdint.h>
#include <string.h>

enum { ALIGN_BYTES = 64, SIZE_MAX_SAMPLES = 1 << 20 };

// The one mutable word of this folder: whether the planner has been made thread safe.
static pthread_once_t planner_once = PTHREAD_ONCE_INIT;

shed_status
shed_fft_new(shed_fft **out, const shed_alloc *alloc, int size)
{
  if (size < 2 || size > SIZE_MAX_SAMPLES || size % 2 != 0) {
    return SHED_E_RANGE;
  }
  pthread_once(&planner_once, fftwf_make_planner_thread_safe);
  shed_fft *f = shed_calloc(alloc, 1, sizeof(*f));
  if (!f) {
    return SHED_E_NOMEM;
  }
  f->alloc           = alloc;
  size_t time_bytes  = ((size_t)size * sizeof(float) + ALIGN_BYTES - 1) / ALIGN_BYTES * ALIGN_BYTES;
  size_t bins_bytes  = ((size_t)size / 2 + 1) * sizeof(fftwf_complex);
  size_t block_bytes = time_bytes + bins_bytes + ALIGN_BYTES;
  f->block           = shed_calloc(alloc, 1, block_bytes);
  if (!f->block) {
    shed_fft_free(f);
    return SHED_E_NOMEM;
  }
  char *at = f->block;
  at += (ALIGN_BYTES - (uintptr_t)at % ALIGN_BYTES) % ALIGN_BYTES;
  f->time    = (float *)(void *)at;
  f->bins    = (fftwf_complex *)(void *)(at + time_bytes);
  f->forward = fftwf_plan_dft_r2c_1d(size, f->time, f->bins, FFTW_ESTIMATE | FFTW_PRESERVE_INPUT);
  f->inverse = fftwf_plan_dft_c2r_1d(size, f->bins, f->time, FFTW_ESTIMATE | FFTW_DESTROY_INPUT);
  if (!f->forward || !f->inverse) {
    shed_fft_free(f);
    return SHED_E_NOMEM;
  }
  *out = f;
  return SHED_OK;
}

void
shed_fft_free(shed_fft *f)
{
  if (!f) {
    return;
  }
  if (f->forward) {
    fftwf_destroy_plan(f->forward);
  }
  if (f->inverse) {
    fftwf_destroy_plan(f->inverse);
  }
  shed_free(f->alloc, f->block);
  shed_free(f->alloc, f);
}
