// What stage.c and stage_rt.c share.
#ifndef SHED_AUDIO_STAGE_INTERNAL_H
#define SHED_AUDIO_STAGE_INTERNAL_H

#include "engine/audio/stage.h"

#include <stdatomic.h>

typedef struct {
  shed_mixer *mixer; // NULL: silence
  uint64_t    at;
} stage_act;

enum { STAGE_ACTS = 2 };

struct shed_stage {
  const shed_alloc *alloc;

  // keeper's: the act that is not on is written, then put on
  stage_act act[STAGE_ACTS];
  int       on;
  uint64_t  changed; // passes when the last change was made

  _Atomic int now; // place in act; -1: silence. Released by the keeper, acquired by the callback
  _Atomic uint64_t
      passes; // blocks that the callback has begun and left. Released by it, acquired by the keeper
};

#endif
