// About this file: the callback's half of the stage: runs the mixer that is on.
#include "engine/audio/stage_internal.h"

void
shed_stage_run(void *stage, uint64_t at_frame, float *out, size_t n)
{
  shed_stage *s    = stage;
  const int   now  = atomic_load_explicit(&s->now, memory_order_acquire); // pairs with shed_stage_play
  size_t      done = 0;
  if (now < 0 || !s->act[now].mixer) {
    done = n;
  } else if (at_frame < s->act[now].at) {
    const uint64_t ahead = s->act[now].at - at_frame;
    done                 = ahead < n ? (size_t)ahead : n;
  }
  for (size_t i = 0; i < done; i++) {
    out[i] = 0.0F;
  }
  if (done < n) {
    shed_mixer_run(s->act[now].mixer, at_frame + done - s->act[now].at, out + done, n - done);
  }
  atomic_fetch_add_explicit(&s->passes, 1, memory_order_release); // pairs with shed_stage_play
}
