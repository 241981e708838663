/// Candidates for the pitch of one frame and what speaks for each of them.
///
/// Three NSDF registers (windows of 72, 36 and 16 ms) and two combs give at most SHED_CANDS_MAX candidates; the truth is
/// nearly always among them, and choosing is the work. Each has features (features.def).
#ifndef SHED_DSP_CANDS_H
#define SHED_DSP_CANDS_H

#include "engine/dsp/front.h"
#include "engine/dsp/level.h"

#include <stdbool.h>

enum { SHED_CANDS_MAX = 12 };

enum {
#define SHED_CAND_FEATURE(name) SHED_CAND_##name,
#include "engine/dsp/features.def"
  SHED_CAND_FEATURES
};
enum { SHED_CANDS_BANDS = 12 }; ///< of the spectrum's shape, from 26 Hz to 10 kHz
enum {
#define SHED_FRAME_FEATURE(name) SHED_FRAME_##name,
#include "engine/dsp/features.def"
  SHED_FRAME_FEATURES
};

typedef struct {
  int   n;
  float f_hz[SHED_CANDS_MAX];
  float periodicity[SHED_CANDS_MAX]; ///< NSDF at the period, 0..1
  float cand[SHED_CANDS_MAX][SHED_CAND_FEATURES];
  float frame[SHED_FRAME_FEATURES];
  float level_db;
  float band[SHED_CANDS_BANDS]; ///< bels over their mean
} shed_cand_set;

typedef struct shed_cands shed_cands;

/// For sound at 44.1 kHz. @return SHED_OK, SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_cands_new(shed_cands **out, const shed_alloc *alloc);
void                       shed_cands_free(shed_cands *c);

/// @param centre in whole-rate samples; SHED_CANDS_AHEAD samples after it must have been pushed.
/// Thread: analysis. Real-time: yes.
enum { SHED_CANDS_AHEAD = 1680 }; // half of 72 ms, the decimators' reach and some slack
SHED_RT void shed_cands_run(shed_cands *c, const shed_front *front, int64_t centre,
                            const shed_level_frame *level, shed_cand_set *out);

#endif
