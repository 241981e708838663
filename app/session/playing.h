/// The accompaniment that sounded while a take was recorded, as it is told on the command line.
#ifndef SHED_SESSION_PLAYING_H
#define SHED_SESSION_PLAYING_H

#include "engine/audio/file.h"
#include "engine/hear/hear.h"

/// Zeroed is none.
typedef struct {
  shed_sound sound; ///< at the take's rate
  int64_t    at;    ///< its sample that comes next; under 0: so much silence first
} shed_playing;

/// "FILE" or "FILE@START_S": the sound file, whose first sample sounds at START_S (-36000..36000) in the take.
/// @param rate_hz of the take: another rate is brought to it. The caller frees *out with shed_playing_free().
/// @return as shed_sound_load(); SHED_E_FORMAT for standard input, or a start that is none.
SHED_NODISCARD shed_status shed_playing_open(shed_playing *out, const char *told, int rate_hz,
                                             const shed_alloc *alloc, shed_error *err);
void                       shed_playing_free(shed_playing *p);
/// A shed_hear_pull over @p ctx, a shed_playing.
SHED_NODISCARD shed_status shed_playing_pull(void *ctx, float *x, size_t cap, size_t *n, shed_error *err);

#endif
