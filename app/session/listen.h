/// From a file to a take: the stored form is made, and what it holds is heard.
#ifndef SHED_SESSION_LISTEN_H
#define SHED_SESSION_LISTEN_H

#include "engine/hear/hear.h"

/// @param path       a sound file, or "-" for WAV on standard input.
/// @param flac_path  where the stored form is to be written, or NULL: nowhere.
/// @param click      that sounds in it, or NULL.
/// @param progress   may be NULL; called with 0..1.
/// @param[out] out   the take; the caller frees it with shed_take_free(). Its warnings hold the file's and the ear's.
/// @return as shed_sound_load() and shed_hear_take(); SHED_E_UNSUPPORTED also for takes of notes (.mid, .csv).
SHED_NODISCARD shed_status shed_listen_file(const char *path, const char *flac_path,
                                            const shed_hear_click *click, const shed_alloc  *alloc,
                                            void (*progress)(void *ctx, double share), void *ctx,
                                            shed_take *out, shed_error *err);

#endif
