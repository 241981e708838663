/// The front end: what every estimator looks at. The sound, without what is below 15 Hz, at three rates (whole, half,
/// quarter), with as much of the past as the longest window needs. Decimation is linear-phase and its delay is taken
/// off, so sample m of octave o stands at time m * 2^o samples.
#ifndef SHED_DSP_FRONT_H
#define SHED_DSP_FRONT_H

#include "engine/base/alloc.h"

#include <stdint.h>

enum {
  SHED_FRONT_OCTAVES  = 3,    ///< whole rate, half, quarter
  SHED_FRONT_PAST     = 6144, ///< samples at the whole rate that are always kept before the newest
  SHED_FRONT_DELAY    = 32,   ///< the decimated sound is known this many whole-rate samples later
  SHED_FRONT_PUSH_MAX = 4096
};

typedef struct shed_front shed_front;

/// @param rate_hz of the whole-rate sound, for the high-pass. @return SHED_OK, SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_front_new(shed_front **out, const shed_alloc *alloc, int rate_hz);
void                       shed_front_free(shed_front *f);

/// @param n at most SHED_FRONT_PUSH_MAX. Thread: analysis. Real-time: yes.
SHED_RT void shed_front_push(shed_front *f, const float *x, int n);
/// Samples pushed so far.
SHED_RT int64_t shed_front_count(const shed_front *f);
/// @p n samples of octave @p o from its sample @p first on (may be negative: silence before the start). Borrowed until
/// the next push. Everything asked for must be known and not older than SHED_FRONT_PAST.
SHED_RT const float *shed_front_at(const shed_front *f, int o, int64_t first, int n);

#endif
