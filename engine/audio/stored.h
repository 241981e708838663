/// The stored form of sound: 24-bit FLAC, one channel. Inside engine/audio only.
#ifndef SHED_AUDIO_STORED_H
#define SHED_AUDIO_STORED_H

#include "engine/audio/blob.h"

#include <stddef.h>

/// The nearest 24-bit number; full scale is clipped to the range; what is not finite is 0.
SHED_RT int32_t shed_stored_quantise(float x);
/// What a decoder makes of it: exact.
SHED_RT float shed_stored_sample(int32_t q);

/// A 24-bit mono file being written.
typedef struct {
  shed_blob blob;
  SNDFILE  *snd;
  bool      open; ///< there is something to free
} shed_stored;

/// @param path    what it will be called, or NULL: nameless.
/// @param format  SF_FORMAT_FLAC or SF_FORMAT_WAV.
SHED_NODISCARD shed_status shed_stored_open(shed_stored *s, const char *path, int format, int rate_hz,
                                            const shed_alloc *alloc, shed_error *err);
/// The same through @p io, whose errors are its own: what is written there is not looked at again. It has no path.
SHED_NODISCARD shed_status shed_stored_open_on(shed_stored *s, SF_VIRTUAL_IO io, void *user, int format,
                                               int rate_hz, shed_error *err);
SHED_NODISCARD shed_status shed_stored_write(shed_stored *s, const int32_t *q, size_t n, const char *path,
                                             shed_error *err);
/// Finish it; give it its name @p path, when that is not NULL. @param[out] sha256 may be NULL.
SHED_NODISCARD shed_status shed_stored_finish(shed_stored *s, const char *path, shed_sha256 *sha256,
                                              shed_error *err);
/// Nothing is left of one that was not finished. Zero-initialised is legal.
void shed_stored_free(shed_stored *s);

#endif
