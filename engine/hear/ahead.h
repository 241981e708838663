// The beginning of a take, looked at before it is heard: by how much later than it was given the accompaniment sounds in
// it. What was read is kept and handed out again.
#ifndef SHED_HEAR_AHEAD_H
#define SHED_HEAR_AHEAD_H

#include "engine/hear/hear.h"

typedef struct {
  // borrowed
  shed_hear_pull           pull;
  void                    *pull_ctx;
  const shed_hear_playing *playing;

  const shed_alloc *alloc;
  float            *x, *given; // what was read ahead
  size_t            n, at;
} hear_ahead;

// Read ahead where opts.playing asks for it and does not know the delay; *opts gets to know it. a->pull, pull_ctx, playing
// and alloc are set. @return SHED_OK, also where it is not found; SHED_E_RANGE, SHED_E_NOMEM, or what a pull returned.
shed_status hear_ahead_look(hear_ahead *a, shed_hear_opts *opts, shed_error *err);
// The next samples of both, as a shed_hear_pull: silence after the accompaniment's end.
shed_status hear_ahead_read(hear_ahead *a, float *x, float *given, size_t cap, size_t *n, shed_error *err);
void        hear_ahead_free(hear_ahead *a);

#endif
