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
/// @param[out] sha256 of the stored form's bytes; computed also when nothing is written. May be NULL.
/// @return SHED_OK; SHED_E_NOTFOUND, SHED_E_IO, SHED_E_NOSPACE; SHED_E_FORMAT (not a sound file, empty, no samples: what is
///         named); SHED_E_UNSUPPORTED (a kind that libsndfile cannot read: the exact remedy is named); SHED_E_RANGE (rate
///         under 8 or over 192 kHz, over 32 channels); SHED_E_LIMIT (over 4 hours); SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_sound_load(const char *path, const char *flac_path, const shed_alloc *alloc,
                                           shed_sound *out, shed_sha256 *sha256, shed_error *err);

// -- the same in blocks, for sound that is too long to be held ---------------------------------------------------------

/// A sound being brought to its stored form. One thread at a time. Memory does not grow with the sound: the stored form
/// lies in a file once it is over 64 MiB (a nameless one in TMPDIR when there is no flac_path).
///
///     if ((st = shed_sound_open(&r, path, NULL, alloc, err)) != SHED_OK) return st;
///     while ((st = shed_sound_read(r, x, 4096, &n, err)) == SHED_OK && n > 0) listen(x, n);
///     if (st == SHED_OK) st = shed_sound_finish(r, &sha256, err);
///     shed_sound_close(r);
typedef struct shed_sound_reader shed_sound_reader;

/// Arguments and statuses as shed_sound_load(). A file with several channels is read through once here to find the
/// loudest. Nothing appears at @p flac_path before shed_sound_finish(); beside it stands flac_path.tmpXXXXXX meanwhile.
SHED_NODISCARD shed_status shed_sound_open(shed_sound_reader **out, const char *path, const char *flac_path,
                                           const shed_alloc *alloc, shed_error *err);
int                        shed_sound_rate_hz(const shed_sound_reader *r);
/// Samples that the file says it holds, for a progress bar; 0 when it does not say. What comes may be less or more.
uint64_t shed_sound_expected(const shed_sound_reader *r);
/// The next samples of the stored form, exactly as it holds them.
/// @param[out] n 1..cap; 0 at the end, and again at each call after it.
/// @return SHED_OK; SHED_E_NOSPACE, SHED_E_IO (the stored form cannot be written); SHED_E_LIMIT (over 4 hours).
SHED_NODISCARD shed_status shed_sound_read(shed_sound_reader *r, float *x, size_t cap, size_t *n,
                                           shed_error *err);
/// Read what is left, finish the stored form, put it at flac_path (fsync, rename, fsync of the folder). Once.
/// @param[out] sha256 may be NULL.
SHED_NODISCARD shed_status shed_sound_finish(shed_sound_reader *r, shed_sha256 *sha256, shed_error *err);
/// What a person should know of the file: complete after the last sample. @return how many of SHED_AUDIO_WARNINGS.
int shed_sound_warnings(const shed_sound_reader *r, shed_message *out);
/// Without shed_sound_finish() before it nothing is left on the disk. NULL is legal.
void shed_sound_close(shed_sound_reader *r);

// -- writing, and another rate ------------------------------------------------------------------------------------------

/// Write mono 24-bit WAV or FLAC (by the name's ending: .wav, .flac), whole or not at all. Samples as in the stored form.
/// @return SHED_OK, SHED_E_UNSUPPORTED (another ending), SHED_E_RANGE (rate), SHED_E_NOSPACE, SHED_E_IO, SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_sound_save(const char *path, const float *x, size_t n, int rate_hz,
                                           shed_error *err);

/// Resample with libsamplerate's best quality; the same bits each time. @p out is a new shed_sound at @p rate_hz, with the
/// warnings of @p in. @return SHED_OK, SHED_E_RANGE (rate under 1/256 or over 256 times), SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_sound_resample(const shed_sound *in, int rate_hz, const shed_alloc *alloc,
                                               shed_sound *out);

#endif
