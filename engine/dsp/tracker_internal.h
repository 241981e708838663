// What tracker.c and tracker_rt.c share.
#ifndef SHED_DSP_TRACKER_INTERNAL_H
#define SHED_DSP_TRACKER_INTERNAL_H

#include "engine/dsp/tracker.h"
#include "engine/dsp/voicing.h"

struct shed_tracker {
  // immutable after shed_tracker_new()
  const shed_alloc *alloc;
  shed_cands       *cands;
  shed_net          choice, voice;

  // analysis thread only
  shed_cand_set set; // of the newest frame
  shed_voicing  voicing;
  shed_path     path;
};

#endif
