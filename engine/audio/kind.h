/// What a file is by its bytes, and whether it is whole. Inside engine/audio only.
#ifndef SHED_AUDIO_KIND_H
#define SHED_AUDIO_KIND_H

#include "engine/audio/blob.h"

enum { SHED_SOUND_KIND_HEAD = 40 }; ///< bytes of a file that tell its kind

typedef struct {
  const char *name;   ///< "WAV", "M4A"
  const char *remedy; ///< NULL: libsndfile reads it; "": ffmpeg converts it; else a sentence
} shed_sound_kind;

/// @param head  the file's first @p n bytes. @return NULL when they are of no kind that is known. Static.
const shed_sound_kind *shed_sound_kind_of(const unsigned char *head, size_t n);

/// Fill @p err for a kind that cannot be read, with the command that helps. @return SHED_E_UNSUPPORTED.
shed_status shed_sound_kind_refuse(const shed_sound_kind *kind, const char *path, shed_error *err);

/// Whether a WAV, AIFF or Ogg file ends before its own headers say. false for other kinds: a decoder that stops early
/// tells that better. A WAV that was written to a pipe and never got its length is whole.
bool shed_sound_is_cut(shed_blob *file);

#endif
