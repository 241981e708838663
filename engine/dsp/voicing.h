/// Is there a pitch, the player's and nobody else's? A small net (net.h) looks at the frame, at its likeliest candidate
/// and at what it remembers: how loud the player's clear frames have been and what their spectrum looks like, how the level
/// moves, how long the pitch has stood. Memory is what tells a string that fades from a voice next door.
#ifndef SHED_DSP_VOICING_H
#define SHED_DSP_VOICING_H

#include "engine/dsp/emission.h"

enum {
#define SHED_VOICE_FEATURE(name) SHED_VOICE_##name,
#include "engine/dsp/features.def"
  SHED_VOICE_FEATURES
};
enum { SHED_VOICING_INPUTS = SHED_FRAME_FEATURES + SHED_VOICE_FEATURES, SHED_VOICING_BACK = 30 };

/// Plain value; zeroed is new.
typedef struct {
  float level_db[SHED_VOICING_BACK + 1]; ///< ring of the last frames' levels
  int   frames;
  float source_db; ///< of clear frames
  float source_band[SHED_CANDS_BANDS];
  float last_hz;
  int   run;
  float mean_nsdf, mean_white, mean_comb, long_nsdf, long_white;
} shed_voicing;

/// The weights of weights.def.
shed_net shed_voicing_net(void);
/// The features of the next frame; frames come each 10 ms, in order. Thread: analysis. Real-time: yes.
SHED_RT void shed_voicing_look(shed_voicing *v, const shed_cand_set *s, const shed_emission *e,
                               float out[SHED_VOICE_FEATURES]);
/// @return log odds of a pitch, of the next frame.
SHED_RT float shed_voicing_run(const shed_net *net, shed_voicing *v, const shed_cand_set *s,
                               const shed_emission *e);

#endif
