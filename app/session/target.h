/// From a score file, or from another take, to a prompt: what of it is asked, and under what rules.
#ifndef SHED_SESSION_TARGET_H
#define SHED_SESSION_TARGET_H

#include "engine/task/prompt.h"
#include "engine/task/take.h"

/// What a person chose. Zero-initialised: the first part, whole, at the player's own tempo, instrument unknown.
typedef struct {
  const char *path;      ///< the score
  const char *part;      ///< "N", "NAME", "N:STAFF", "NAME:STAFF:VOICE"; NULL: the first
  const char *measures;  ///< "A-B", "A"; NULL: all
  double      tempo_bpm; ///< quarters a minute; 0: free
  const char
      *instrument; ///< id, name or alias of a profile; NULL: what the score calls the part, if that is one
  bool octave_set, key_set; ///< when false: written for instruments, any for voices
  shed_octave_policy octave;
  shed_key_policy    key;
  const char        *policy; ///< name of a credit policy; NULL: the default
} shed_target_opts;

/// @param[out] out the caller frees it with shed_prompt_free().
/// @return as shed_score_load() and shed_score_perform(); SHED_E_NOTFOUND for an unknown instrument (err lists them);
///         SHED_E_FORMAT for a part or measures that cannot be read; SHED_E_RANGE when nothing sounds in the selection.
SHED_NODISCARD shed_status shed_target_from_score(const shed_target_opts *opts, const shed_alloc *alloc,
                                                  shed_prompt *out, shed_error *err);

/// What is to be played after, and how. Zero-initialised but for path: whoever plays it may be a voice or anything else.
typedef struct {
  const char *path; ///< of the reference: a take of any kind
  const char
      *instrument; ///< of the one who plays after it; NULL: unknown, a voice where the take is a pitch track
  shed_take_kind take_kind; ///< of the take that will be judged: one without pitches is judged by its rhythm
  bool           octave_set, key_set; ///< when false: any, but as played for an instrument that is named
  shed_octave_policy octave;
  shed_key_policy    key;
} shed_reference_opts;

/// The target is what another take plays: its notes, or its strokes where it has no pitches.
///
/// @return as shed_listen_file(); SHED_E_NOTFOUND for an unknown instrument; SHED_E_RANGE when nothing sounds in it.
SHED_NODISCARD shed_status shed_target_from_reference(const shed_reference_opts *opts,
                                                      const shed_alloc          *alloc,
                                                      void (*progress)(void *ctx, double share), void *ctx,
                                                      shed_prompt *out, shed_error *err);

/// A selection as typed, split into its parts. Texts are copied.
typedef struct {
  char part[SHED_TITLE];
  char voice[16];
  char first[SHED_MEASURE_TEXT];
  char last[SHED_MEASURE_TEXT];
  int  staff;
} shed_selection_text;

/// Split "--part" and "--measures" as typed. @p sel borrows from @p text. @return SHED_OK or SHED_E_FORMAT.
SHED_NODISCARD shed_status shed_selection_read(const char *part, const char *measures,
                                               shed_selection_text *text, shed_selection *sel,
                                               shed_error *err);

#endif
