/// The pitch tracker: candidates, their likelihoods, and the best path through them, settled SHED_TRACKER_LAG frames late.
///
/// The path of pitches runs always, also through silence; a path of two states over it says where there is a pitch.
#ifndef SHED_DSP_TRACKER_H
#define SHED_DSP_TRACKER_H

#include "engine/dsp/path.h"

enum {
  SHED_TRACKER_LAG   = SHED_PATH_LAG, ///< frames between a frame's own look-ahead and its settled value
  SHED_TRACKER_CANDS = SHED_PATH_CANDS
};
typedef shed_path_point shed_tracker_point;

typedef struct shed_tracker shed_tracker;

/// For sound at 44.1 kHz, frames each 10 ms (441 samples). @return SHED_OK, SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_tracker_new(shed_tracker **out, const shed_alloc *alloc);
void                       shed_tracker_free(shed_tracker *p);

/// Take the next frame. @param centre as in shed_cands_run(). @param[out] provisional what this frame looks like now.
/// @param[out] settled frame centre - SHED_TRACKER_LAG * 441, final. @return 1 when settled was written.
/// Thread: analysis. Real-time: yes.
SHED_RT int shed_tracker_run(shed_tracker *p, const shed_front *front, int64_t centre,
                             const shed_level_frame *level, shed_tracker_point *provisional,
                             shed_tracker_point *settled);
/// What the last frame was chosen from. Borrowed until the next run.
SHED_RT const shed_cand_set *shed_tracker_cands(const shed_tracker *p);

#endif
