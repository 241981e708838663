/// Sound files: any kind that libsndfile reads, and the stored form of a take.
#ifndef SHED_AUDIO_FILE_H
#define SHED_AUDIO_FILE_H

#include "engine/base/alloc.h"
#include "engine/base/hash.h"
#include "engine/base/message.h"

#include <stdbool.h>
#include <stdint.h>

enum { SHED_AUDIO_WARNINGS = 4 };

/// Mono sound in memory. Zero-initialised is empty.
typedef struct {
  const shed_alloc *alloc;
  float            *x; ///< n samples, full scale +-1
  size_t            n;
  int               rate_hz;
  shed_message      warnings[SHED_AUDIO_WARNINGS]; ///< NaN replaced, channel chosen, cut short
  int               n_warnings;
} shed_sound;

void shed_sound_free(shed_sound *s);

/// Bring a take to its stored form and hand back what is in it: 24-bit FLAC, its own rate, the chosen channel (the
/// loudest), samples that are not finite as silence. What is heard and judged is always what the stored form holds.
///
/// @param path  a file, or "-" for WAV on standard input.
/// @param flac_path  where to write the stored form (made whole or not at all, mode 0600), or NULL: the same samples,
///        rounded to 24 bits alike, without a file.
/// @param[out] sha256 of the stored form's bytes; computed also when nothing is written.
/// @return SHED_OK; SHED_E_NOTFOUND, SHED_E_IO, SHED_E_NOSPACE; SHED_E_FORMAT (not a sound file, empty, no samples: what is
///         named); SHED_E_UNSUPPORTED (a kind that libsndfile cannot read: the exact remedy is named); SHED_E_RANGE (rate
///         under 8 or over 192 kHz, over 32 channels); SHED_E_LIMIT (over 4 hours); SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_sound_load(const char *path, const char *flac_path, const shed_alloc *alloc,
                                           shed_sound *out, shed_sha256 *sha256, shed_error *err);

/// Write mono 16-bit or 24-bit WAV or FLAC (by the name's ending), whole or not at all.
SHED_NODISCARD shed_status shed_sound_save(const char *path, const float *x, size_t n, int rate_hz,
                                           shed_error *err);

/// Resample with libsamplerate's best quality; the same bits each time. @p out is a new shed_sound at @p rate_hz.
SHED_NODISCARD shed_status shed_sound_resample(const shed_sound *in, int rate_hz, const shed_alloc *alloc,
                                               shed_sound *out);

#endif
