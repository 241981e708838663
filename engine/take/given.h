/// Takes that are not sound: a keyboard's MIDI file, a pitch track, a list of notes, a list of onsets. What such a file
/// cannot show (loudness, tone, noise; of onsets also pitch) stands in the take as what was not heard, never as a guess.
///
///     *.mid, *.midi   a keyboard performance: every note of every track, chords kept, at its exact time
///     *.f0.csv        time_s,f0_hz; any spacing, ascending; f0_hz 0 where nothing sounds. Also: voiced, confidence
///     *.notes.csv     onset_s,offset_s,midi,cents; in order of onset; midi and cents empty where unpitched. Without
///                     the column cents it says which keys and no more: such a list is of kind SHED_TAKE_MIDI. Also:
///                     confidence
///     *.onsets.csv    onset_s; ascending. Also: strength, confidence
///
/// A file whose name ends in .csv alone is what its first line says. What `woodshed analyze` writes can be read back.
/// The stored form of such a take is the bytes of the file: its SHA-256 names the take.
#ifndef SHED_TAKE_GIVEN_H
#define SHED_TAKE_GIVEN_H

#include "engine/task/take.h"

/// Stands in shed_take.ear: changes whenever the same file may be read differently (the notes of a pitch track).
#define SHED_GIVEN_VERSION "given-1"

enum {
  SHED_GIVEN_MAX_BYTES = 64 * 1024 * 1024,
  SHED_GIVEN_MAX_S     = 4 * 3600, ///< as for sound
  SHED_GIVEN_MAX_NOTES = 1000000
};

/// Whether a file of this name is such a take, by its ending (case ignored).
bool shed_given_is(const char *path);

/// What the name says: SHED_TAKE_AUDIO for all that shed_given_is() does not know, and for .csv alone.
shed_take_kind shed_given_kind(const char *path);

/// What the name of such a file ends in where it is kept under another: ".mid", ".f0.csv"; ".flac" of sound. @param kind what was
/// read of it, for names that leave it open.
void shed_given_ending(const char *path, shed_take_kind kind, char *out, size_t size);

/// @param[out] out  written on SHED_OK only; freed with shed_take_free().
/// @return SHED_OK; SHED_E_NOTFOUND, SHED_E_IO; SHED_E_FORMAT and SHED_E_RANGE (err->where is "file:line", or
///         "file: byte N" of a MIDI file); SHED_E_LIMIT (over 64 MiB, four hours, a million notes); SHED_E_UNSUPPORTED
///         (of another kind); SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_given_load(const char *path, const shed_alloc *alloc, shed_take *out,
                                           shed_error *err);
/// The same from memory. @param name is used for its ending and in errors.
SHED_NODISCARD shed_status shed_given_parse(const void *data, size_t n, const char *name,
                                            const shed_alloc *alloc, shed_take *out, shed_error *err);

#endif
