/// Loudness from frame to frame: level, the floor under it, the peak above it, and how it rises.
#ifndef SHED_DSP_LEVEL_H
#define SHED_DSP_LEVEL_H

#include "engine/base/attrs.h"
#include "engine/dsp/front.h"

enum { SHED_LEVEL_FLOOR_FRAMES = 200 }; ///< the floor is the least of the last 2 s
static const float SHED_LEVEL_SILENCE_DB = -120.0f;

/// Plain value; zeroed is new.
typedef struct {
  float recent[SHED_LEVEL_FLOOR_FRAMES];
  int   n;    ///< frames seen, up to SHED_LEVEL_FLOOR_FRAMES
  int   next; ///< place of the next in recent
  float peak_db;
} shed_level;

typedef struct {
  float level_db; ///< RMS dBFS of 20 ms around the centre
  float over_floor_db;
  float under_peak_db; ///< under a peak that decays by 3 dB a second
  float rise_db;       ///< the 25 ms after the centre over the 25 ms before, -30..30
} shed_level_frame;

/// @param centre in whole-rate samples; 25 ms after it must be known. Frames come each 10 ms, in order.
SHED_RT shed_level_frame shed_level_run(shed_level *l, const shed_front *front, int64_t centre);

#endif
