/// A stream at one rate to another, over libsamplerate (band-limited sinc). Sample n of the output stands at time
/// n / rate_out exactly: the filter's delay is only waited for. Works on blocks of one fixed size, so that the result
/// cannot depend on how the sound was cut.
#ifndef SHED_DSP_RESAMPLE_H
#define SHED_DSP_RESAMPLE_H

#include "engine/base/alloc.h"

enum {
  SHED_RESAMPLE_BLOCK   = 64, ///< input samples a time
  SHED_RESAMPLE_OUT_MAX = 1024
};

typedef struct shed_resample shed_resample;

/// Equal rates are passed through untouched. libsamplerate allocates its own state (not from @p alloc), here only.
/// @return SHED_OK, SHED_E_RANGE (a ratio over 1:250), SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_resample_new(shed_resample **out, const shed_alloc *alloc, int rate_in_hz,
                                             int rate_out_hz);
void                       shed_resample_free(shed_resample *r);

/// Give the next SHED_RESAMPLE_BLOCK samples; then read until nothing comes.
/// Thread: one at a time. Real-time: yes.
SHED_RT void shed_resample_push(shed_resample *r, const float *x);
/// The input has ended after @p n more samples, 0..SHED_RESAMPLE_BLOCK; then read until nothing comes.
SHED_RT void shed_resample_end(shed_resample *r, const float *x, int n);
/// @param[out] out SHED_RESAMPLE_OUT_MAX samples. @return how many were written.
SHED_RT int shed_resample_read(shed_resample *r, float *out);

#endif
