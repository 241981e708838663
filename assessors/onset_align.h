/// Align the moments that are asked for with the moments that were heard, by time alone: claps, taps, drums.
///
/// Dynamic programming over pairs (asked, heard). A step costs by how far the gap between two strokes is from the gap
/// asked for, at one tempo for the whole take; strokes may be missing or extra, a gap may be wrong without moving what
/// follows, and a player may go back to the start of a measure.
#ifndef SHED_ASSESSORS_ONSET_ALIGN_H
#define SHED_ASSESSORS_ONSET_ALIGN_H

#include "engine/base/alloc.h"

#include <stdbool.h>
#include <stddef.h>

/// A moment asked for; in rising order of at_s.
typedef struct {
  double at_s;     ///< at the written tempo, from the start of the music
  double length_s; ///< written length
  bool   roll;     ///< one thing from its start to its end, however many strokes it has
  bool   flam;     ///< has a light stroke beside it
  bool   start;    ///< first of a measure: a place to start again from
} shed_asked;

/// A moment heard; in rising order of at_s.
typedef struct {
  double at_s;
  double confidence; ///< 0..1
} shed_stroke;

typedef struct {
  double scale;    ///< > 0: seconds of the take per second asked; 0: to be found
  double slack;    ///< how far the fit may leave a given scale: .08 is 8 %; 0 not at all
  double offset_s; ///< where in the take the music's start stands (then nothing is fitted); NaN: to be found
  double beat_s;   ///< of a click that gives the offset: a player may be whole beats off it; 0: there is none
} shed_align_given;

/// What became of a stroke.
typedef enum {
  SHED_STROKE_EXTRA,
  SHED_STROKE_MATCHED,
  SHED_STROKE_PART,     ///< of a roll or a flam
  SHED_STROKE_ABANDONED ///< of an attempt that was begun again
} shed_stroke_use;

typedef struct {
  double  scale;
  int    *stroke_of;  ///< for each moment asked for: the stroke, -1 when missed
  double *expected_s; ///< for each moment asked for: where in the take it belongs
  double *error_s;    ///< played - expected; NaN when missed
  /// A break before this moment: the seconds by which the player came late (positive) or early (negative) here and stayed
  /// so. What follows is measured from here. 0 without.
  double          *break_s;
  bool            *restart;      ///< the player went back to this moment,
  int             *restart_from; ///< after this one
  shed_stroke_use *use;          ///< for each stroke
  double
      drift; ///< change of tempo from start to end: .05 is 5 % slower at the end; NaN when it cannot be told
  int matched;
  int behind_click; ///< beats by which the player came in later than the offset given
} shed_onset_alignment;

enum { SHED_ALIGN_CELLS = 4000000 }; ///< most n_asked * n_strokes

/// @return SHED_OK; SHED_E_RANGE (nothing asked, nothing heard); SHED_E_LIMIT (over SHED_ALIGN_CELLS);
///         SHED_E_NOMEM. The caller frees *out with shed_onset_alignment_free().
SHED_NODISCARD shed_status shed_onset_align(const shed_asked *asked, size_t n_asked,
                                            const shed_stroke *strokes, size_t n_strokes,
                                            shed_align_given given, const shed_alloc *alloc,
                                            shed_onset_alignment *out);
void shed_onset_alignment_free(shed_onset_alignment *a, const shed_alloc *alloc); ///< a zeroed one is legal

#endif
