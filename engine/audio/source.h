/// Where sound comes from: a file, or standard input. Inside engine/audio only.
#ifndef SHED_AUDIO_SOURCE_H
#define SHED_AUDIO_SOURCE_H

#include "engine/audio/blob.h"

/// Open @p path ("-": standard input, which is read to its end, as is a named pipe) and refuse what is no sound file by
/// its first bytes. Statuses as shed_sound_load(). On failure @p out is freed.
SHED_NODISCARD shed_status shed_source_open(shed_blob *out, const char *path, const shed_alloc *alloc,
                                            shed_error *err);

/// Let libsndfile open it from its start, and check rate, channels and length. @p out->frames is 0 when it is not known.
SHED_NODISCARD shed_status shed_source_decode(shed_blob *source, const char *path, SF_INFO *info,
                                              SNDFILE **out, shed_error *err);

#endif
