// About this file: the keeper's half of the stage: an act is written where the callback cannot be, and then put on.
#include "engine/audio/stage_internal.h"

#include <time.h>

enum { TRIES = 200 }; // of 5 ms: a stream that stands still does not hold anybody up for longer

shed_status
shed_stage_new(shed_stage **out, const shed_alloc *alloc)
{
  shed_stage *s = shed_calloc(alloc, 1, sizeof(*s));
  if (!s) {
    return SHED_E_NOMEM;
  }
  s->alloc = alloc;
  atomic_init(&s->now, -1);
  atomic_init(&s->passes, 0);
  *out = s;
  return SHED_OK;
}

void
shed_stage_free(shed_stage *s)
{
  if (s) {
    for (int i = 0; i < STAGE_ACTS; i++) {
      shed_mixer_free(s->act[i].mixer);
    }
    shed_free(s->alloc, s);
  }
}

// The callback reads `now` at a block's beginning: two blocks after a change it is nowhere else.
static void
wait_for_the_other(const shed_stage *s)
{
  const struct timespec while_s = {.tv_nsec = 5000000};
  for (int i = 0; i < TRIES && atomic_load_explicit(&s->passes, memory_order_acquire) < s->changed + 2; i++) {
    (void)nanosleep(&while_s, NULL);
  }
}

void
shed_stage_play(shed_stage *s, shed_mixer *mixer, uint64_t at_frame)
{
  const int other = 1 - s->on;
  if (s->act[other].mixer) {
    wait_for_the_other(s);
  }
  shed_mixer_free(s->act[other].mixer);
  s->act[other] = (stage_act){mixer, at_frame};
  s->on         = other;
  atomic_store_explicit(&s->now, other, memory_order_release);
  s->changed = atomic_load_explicit(&s->passes, memory_order_acquire);
}
