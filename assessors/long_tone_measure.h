/// Held tones in a take, and what can be measured of one: how long, how still, how even.
#ifndef SHED_ASSESSORS_LONG_TONE_MEASURE_H
#define SHED_ASSESSORS_LONG_TONE_MEASURE_H

#include "engine/task/take.h"

/// A stretch of one pitch, short dropouts bridged.
typedef struct {
  double onset_s, offset_s;
  double midi;           ///< median, fractional, at A4 = 440
  double cents_sd;       ///< of the pitch smoothed over a vibrato, attack and release left out; NaN unknown
  double drift_cents;    ///< from its beginning to its end, as far as its thirds tell; NaN unknown
  double level_sd_db;    ///< of the level smoothed likewise; NaN unknown
  double level_slope_db; ///< last third less first third; NaN unknown
  double vibrato_cents;  ///< sd of what the smoothing took away; NaN unknown
  double assessed;       ///< share of its frames whose pitch is sure, 0..1
  double confidence;     ///< mean of those frames
  int    take_index;     ///< note row that covers most of it; -1 none
} shed_held;

/// All tones of at least 0.3 s, in order of onset. A take without frames gives its notes.
/// @return SHED_OK (also with none), SHED_E_NOMEM. The caller frees *out with shed_free(alloc, ...).
SHED_NODISCARD shed_status shed_held_find(const shed_take *take, const shed_alloc *alloc, shed_held **out,
                                          size_t *n);

#endif
