/// From a file to a take: sound is brought to its stored form and heard; a take that is not sound is read.
#ifndef SHED_SESSION_LISTEN_H
#define SHED_SESSION_LISTEN_H

#include "engine/hear/hear.h"

/// What else sounds in a take. Zeroed: nothing.
typedef struct {
  shed_hear_click click;
  const char
      *playing; ///< accompaniment that we played, FILE or FILE@START_S (app/session/playing.h); NULL: none
} shed_listen_beside;

/// @param path       a sound file, "-" for WAV on standard input, or a take that is not sound (engine/take/given.h).
/// @param flac_path  where the stored form is to be written, or NULL: nowhere. Of a take that is not sound that is the file
///                   itself, byte for byte.
/// @param beside     what else sounds in it, or NULL.
/// @param progress   may be NULL; called with 0..1.
/// @param[out] out   the take; the caller frees it with shed_take_free(). Its warnings hold the file's and the ear's.
/// @return as shed_sound_load() and shed_hear_take(), shed_playing_open(), or shed_given_load().
SHED_NODISCARD shed_status shed_listen_file(const char *path, const char *flac_path,
                                            const shed_listen_beside *beside, const shed_alloc *alloc,
                                            void (*progress)(void *ctx, double share), void    *ctx,
                                            shed_take *out, shed_error *err);

#endif
