/// What the room sounds like when nobody plays: for each place of the comb's axis the least of late, rising slowly.
///
/// Hum, a fan, a projector stand in it and a note does not; so what rises above it is the player's. After Martin 2001
/// (noise estimation by minimum statistics, IEEE TSAP 9(5)), with a rise in place of a window of minima.
#ifndef SHED_DSP_HUSH_H
#define SHED_DSP_HUSH_H

#include "engine/dsp/comb.h"

/// Plain value; zeroed is new.
typedef struct {
  float smooth[SHED_COMB_PLACES];
  float least[SHED_COMB_PLACES];
  int   frames;
} shed_hush;

/// @param axis of the comb's last run. Frames come each 10 ms, in order. Thread: analysis. Real-time: yes.
SHED_RT void shed_hush_run(shed_hush *h, const float axis[SHED_COMB_PLACES]);
/// Sum of the floor at the partials of the pitch at @p place of the axis, for comparison with what stands there now.
SHED_RT float shed_hush_partials(const shed_hush *h, const shed_comb *c, float place);
/// Share of the axis' magnitudes that stands above the floor, 0..1.
SHED_RT float shed_hush_fresh(const shed_hush *h, const float axis[SHED_COMB_PLACES]);

#endif
