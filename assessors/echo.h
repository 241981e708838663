/// The echo judge's inside: a melody sung or played after another recording of it.
///
/// The notes asked for look for themselves in the take's pitch track (echo_path.c, echo_place.c), each found note is measured,
/// and what was measured becomes one score (echo_measure.c, overall.h).
#ifndef SHED_ASSESSORS_ECHO_H
#define SHED_ASSESSORS_ECHO_H

#include "assessors/overall.h"
#include "engine/task/take.h"
#include "engine/task/verdict.h"

/// A note asked for.
typedef struct {
  double midi;    ///< with its fraction
  double onset_s; ///< from the first note's
  double gap_s;   ///< to the next onset; its own length for the last
  double sound_s; ///< how long it sounds of that
} shed_echo_asked;

/// What became of it.
typedef struct {
  bool   found;
  double onset_s, offset_s; ///< in the take
  double midi;              ///< robust middle of what sounds; NaN
  double voiced_s;          ///< how much of it sounds
} shed_echo_found;

/// A pitch track in semitones: one value each SHED_FRAME_HOP_S, NaN without pitch.
typedef struct {
  float *midi;
  size_t n;
  bool   bare; ///< nothing but pitch is known: where there is none, the player may have sounded all the same
} shed_echo_track;

/// @return SHED_OK, SHED_E_NOMEM; the caller frees t->midi.
SHED_NODISCARD shed_status shed_echo_track_of(const shed_take *take, const shed_alloc *alloc,
                                              shed_echo_track *t);

/// Where the notes stand in the take.
typedef struct {
  shed_echo_found *found; ///< one a note asked for
  double           shift; ///< semitones from what is asked to what is played, with its fraction
  double           scale; ///< seconds of the take per second of the reference
  double           cost;  ///< of the path, in notes: 0 is a perfect echo
} shed_echo_path;

/// What decides where the sound leaves it open. By sound a note stands where its pitch is, however late: so its time can be
/// judged. By time a note stands near its place, whatever sounds there: so its pitch can be judged.
typedef enum { SHED_ECHO_BY_TIME, SHED_ECHO_BY_SOUND } shed_echo_lean;

/// The likeliest way of the notes through the track: each note takes a stretch of steady pitch (its own or a wrong one), gaps
/// between them may be filled with other sound, notes may be left out. Semi-Markov dynamic programme; the tempo and the
/// shift are measured and the search done again.
///
/// @param near  a way through the same track by another lean, in whose key this one is looked for too; NULL looks in all keys.
/// @param n  1 and up. @return SHED_OK; SHED_E_RANGE when nothing voiced is in the track; SHED_E_LIMIT (over
/// SHED_ECHO_CELLS of notes times frames); SHED_E_NOMEM. The caller frees out->found.
SHED_NODISCARD shed_status shed_echo_path_find(const shed_echo_asked *asked, size_t n,
                                               const shed_echo_track *track, shed_echo_lean lean,
                                               const shed_echo_path *near, const shed_alloc *alloc,
                                               shed_echo_path *out);

enum { SHED_ECHO_CELLS = 8000000 };

enum { SHED_ECHO_NOTES_LEAST = 3 };

/// When each note that can be judged was heard. Of a bare track a note is left out whose place is a hole with sound before it and
/// behind it: what the tracker missed counts neither for nor against. A note behind a hole is late by as much less as the hole
/// explains.
///
/// @param n         3 and up.
/// @param p         the way by sound.
/// @param room      for 2 * n doubles.
/// @param[out] m    n; moments in order, the first so many as are returned.
/// @param[out] which  n; which note each of them is.
/// @return how many, 3 and up.
size_t shed_echo_moments_of(const shed_echo_asked *asked, size_t n, const shed_echo_path *p,
                            const shed_echo_track *track, double *room, shed_overall_moment *m,
                            size_t *which);

/// The overall score and the jury's estimate of an echo into v.
///
/// @return as shed_echo_path_find(); SHED_E_RANGE too when fewer than three notes are asked for. On failure v is as it was.
SHED_NODISCARD shed_status shed_echo_measure(const shed_echo_asked *asked, size_t n,
                                             const shed_echo_track *track, const shed_alloc *alloc,
                                             shed_verdict *v);

#endif
