/// The envelope of the sound in steps of 1.4 ms, for the time of an onset: frames of 10 ms say that there is one, these
/// say when. Power of the whole sound, and of its difference, where the treble of an attack stands out.
#ifndef SHED_DSP_RISE_H
#define SHED_DSP_RISE_H

#include "engine/base/attrs.h"
#include "engine/dsp/front.h"

enum {
  SHED_RISE_STEP  = 63,  ///< samples at 44.1 kHz: 7 steps in a frame of 10 ms
  SHED_RISE_STEPS = 512, ///< kept: 731 ms
};

/// Plain value; zeroed is new.
typedef struct {
  float   power[SHED_RISE_STEPS]; ///< mean square of a step; step k stands at k % SHED_RISE_STEPS
  float   treble[SHED_RISE_STEPS];
  int64_t steps; ///< known so far; step k begins at sample k * SHED_RISE_STEP
} shed_rise;

/// Take in what the front end knows by now, whole steps only. To be called at least each 100 ms of sound.
/// Thread: analysis. Real-time: yes.
SHED_RT void shed_rise_run(shed_rise *r, const shed_front *front);

#endif
