/// The pitch tracker: candidates, their likelihoods, and the best path through them, settled SHED_PITCH_LAG frames late.
///
/// The path of pitches runs always, also through silence; a path of two states over it says where there is a pitch.
#ifndef SHED_DSP_PITCH_H
#define SHED_DSP_PITCH_H

#include "engine/dsp/cands.h"

#include <stdbool.h>

enum {
  SHED_PITCH_LAG   = 2, ///< frames between a frame's own look-ahead and its settled value
  SHED_PITCH_CANDS = 5
};

typedef struct {
  float f0_hz;      ///< 0 only without a candidate
  float confidence; ///< P(within 50 cents), 0..1
  bool  voiced;
  int   n; ///< of the candidates: f0 first, the others in falling order of periodicity
  struct {
    float f0_hz;
    float periodicity;
  } cand[SHED_PITCH_CANDS];
} shed_pitch_point;

typedef struct shed_pitch shed_pitch;

/// For sound at 44.1 kHz, frames each 10 ms (441 samples). @return SHED_OK, SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_pitch_new(shed_pitch **out, const shed_alloc *alloc);
void                       shed_pitch_free(shed_pitch *p);

/// Take the next frame. @param centre as in shed_cands_run(). @param[out] provisional what this frame looks like now.
/// @param[out] settled frame centre - SHED_PITCH_LAG * 441, final. @return 1 when settled was written.
/// Thread: analysis. Real-time: yes.
SHED_RT int shed_pitch_run(shed_pitch *p, const shed_front *front, int64_t centre,
                           const shed_level_frame *level, shed_pitch_point *provisional,
                           shed_pitch_point *settled);
/// What the last frame was chosen from. Borrowed until the next run.
SHED_RT const shed_cand_set *shed_pitch_cands(const shed_pitch *p);

#endif
