/// Tunes of the corpus: what is asked of a player. Melodies typed for it (tunes.def), made ones from a seed, and both as
/// the line that a judge is given and as ABC that the program can read.
#ifndef CORPUS_TUNE_H
#define CORPUS_TUNE_H

#include "engine/base/str.h"
#include "engine/music/beat.h"
#include "engine/music/pitch.h"
#include "engine/score/score.h"

#include <stdbool.h>
#include <stdint.h>

enum { CORPUS_NOTES_MAX = 1024 };

typedef struct {
  bool       pitched;
  shed_pitch pitch; ///< sounding
  int        midi;  ///< of it; 0 when unpitched
  shed_beat  onset; ///< quarters from the first note's bar (a pickup begins at 0)
  shed_beat  duration;
} corpus_tune_note;

/// A plain value. One voice, no chords, no ties.
typedef struct {
  char             id[32];
  char             title[64];
  int              beats, beat_type;
  int              fifths;
  shed_beat        pickup; ///< quarters before the first barline; 0 none
  size_t           n;
  corpus_tune_note notes[CORPUS_NOTES_MAX];
  shed_beat        length; ///< quarters, rests at the end included
} corpus_tune;

size_t corpus_tune_count(void);
/// @param i under corpus_tune_count(), else aborts.
corpus_tune corpus_tune_at(size_t i);
/// By id ("ode", "clap_simple"). @return SHED_OK or SHED_E_NOTFOUND.
SHED_NODISCARD shed_status corpus_tune_find(const char *id, corpus_tune *out);
/// A made melody in 4/4 in a major key: @p n (2..200) quarters, eighths and halves that walk by steps with some leaps
/// inside low..high (midi, an octave apart at least). The same seed gives the same tune.
corpus_tune corpus_tune_random(uint64_t seed, size_t n, int low, int high);
/// The same tune higher or lower; the key goes with it.
corpus_tune corpus_tune_transposed(const corpus_tune *t, int semitones);
/// Moved by octaves so that it lies inside low..high (midi), as near their middle as can be.
corpus_tune corpus_tune_fitted(const corpus_tune *t, int low, int high);

/// A line of a score or of a prompt as a tune to be played: note i of the line is note i of the tune. Its seconds are kept
/// when the tune is performed at @p bpm; grace notes come just before their principal, chords stay together.
/// @return SHED_OK; SHED_E_LIMIT over CORPUS_NOTES_MAX notes; SHED_E_RANGE (no notes, a time that is none).
SHED_NODISCARD shed_status corpus_tune_of_line(const shed_line *line, double bpm, corpus_tune *out,
                                               shed_error *err);

/// What a judge is given: the notes with measures, beats and seconds at @p bpm quarters a minute. The caller frees it with
/// shed_line_free(), or where engine/score is not linked with corpus_line_free(). @return SHED_OK, SHED_E_NOMEM.
SHED_NODISCARD shed_status corpus_tune_line(const corpus_tune *t, double bpm, const shed_alloc *alloc,
                                            shed_line *out);
void                       corpus_line_free(shed_line *line);
/// The same as ABC 2.1 text, unpitched tunes as notes on B. Appends to @p out.
void corpus_tune_abc(const corpus_tune *t, double bpm, shed_str *out);

#endif
