// What tracker.c and tracker_rt.c share.
#ifndef SHED_DSP_TRACKER_INTERNAL_H
#define SHED_DSP_TRACKER_INTERNAL_H

#include "engine/dsp/emission.h"
#include "engine/dsp/tracker.h"

// A frame on the path.
typedef struct {
  int           n;
  float         f_hz[SHED_CANDS_MAX];
  float         height[SHED_CANDS_MAX]; // octaves
  float         periodicity[SHED_CANDS_MAX];
  shed_emission emission;
  float         cost[SHED_CANDS_MAX];   // of the best path that ends here
  int           before[SHED_CANDS_MAX]; // that path's candidate in the frame before
  float         voice_cost[2];          // of the best path that ends in silence, in voice
  int           voice_before[2];
} path_frame;

struct shed_tracker {
  // immutable after shed_tracker_new()
  const shed_alloc *alloc;
  shed_cands       *cands;

  // analysis thread only
  shed_cand_set set; // of the newest frame
  path_frame    frames[SHED_TRACKER_LAG + 1];
  int64_t       count;
};

#endif
