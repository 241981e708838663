// What mixer.c and mixer_rt.c share.
#ifndef SHED_AUDIO_MIXER_INTERNAL_H
#define SHED_AUDIO_MIXER_INTERNAL_H

#include "engine/audio/mixer.h"

#include <stdatomic.h>

typedef struct {
  // immutable while it plays
  const float *x;
  size_t       n;
  uint64_t     at;
  shed_sound   own; // of a line: freed with the mixer

  _Atomic float wish; // factor, any thread
  float         gain; // factor, who runs it
} mixer_track;

struct shed_mixer {
  // immutable while it plays
  const shed_alloc *alloc;
  int               rate_hz;
  float             step; // of a gain, a sample
  int               n_tracks;
  bool              clicks;
  shed_metronome    metronome;
  float            *click[SHED_CLICK_KINDS];
  size_t            n_click[SHED_CLICK_KINDS];
  size_t            click_most; // longest of them

  mixer_track track[SHED_MIXER_TRACKS + 1]; // the last one is the clicks': no samples of its own
};

#endif
