// About this file: src_process() works on memory made in src_new(); it neither allocates nor locks (libsamplerate 0.2).
#include "engine/dsp/resample_internal.h"

#include <string.h>

void
shed_resample_push(shed_resample *r, const float *x)
{
  SHED_ASSERT(r->at == r->n);
  memcpy(r->block, x, sizeof(r->block));
  r->at = 0;
  r->n  = SHED_RESAMPLE_BLOCK;
}

void
shed_resample_end(shed_resample *r, const float *x, int n)
{
  SHED_ASSERT(r->at == r->n && n >= 0 && n <= SHED_RESAMPLE_BLOCK);
  memcpy(r->block, x, (size_t)n * sizeof(float));
  r->at     = 0;
  r->n      = n;
  r->ending = 1;
}

int
shed_resample_read(shed_resample *r, float *out)
{
  if (!r->state) {
    int n = r->n - r->at;
    memcpy(out, r->block + r->at, (size_t)n * sizeof(float));
    r->at = r->n;
    return n;
  }
  SRC_DATA data = {.data_in       = r->block + r->at,
                   .input_frames  = r->n - r->at,
                   .data_out      = out,
                   .output_frames = SHED_RESAMPLE_OUT_MAX,
                   .src_ratio     = r->ratio,
                   .end_of_input  = r->ending};
  if ((data.input_frames == 0 && !r->ending) || src_process(r->state, &data) != 0) {
    r->at = r->n;
    return 0;
  }
  r->at += (int)data.input_frames_used;
  return (int)data.output_frames_gen;
}
