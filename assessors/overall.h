/// One score of a whole take, that can be worked out by hand: a few shares of 0..1, each with a weight, through a logistic
/// map. The weights are published in overall.def with what they were fitted on. Beside it, what a jury of three would give.
#ifndef SHED_ASSESSORS_OVERALL_H
#define SHED_ASSESSORS_OVERALL_H

#include "engine/task/verdict.h"

/// A moment asked for, and where it was played.
typedef struct {
  double asked_s; ///< rising
  double heard_s; ///< in the take; NaN when it was not
  bool broken; ///< something that was not asked for sounded since the moment before, or the player went back
} shed_overall_moment;

/// How well a rhythm stands, after the take's own tempo.
typedef struct {
  double place; ///< share in its place: whole within 80 ms of a steady tempo, none from 160 ms on
  double
      pattern; ///< 1 - root mean square of the gaps' log ratios (at most 1 each): long and short as they should be
  double flow; ///< 1 - the mean of the two worst of these: no halt anywhere
} shed_overall_time;

/// @param n       2 and up.
/// @param extras  strokes or notes that nothing asked for.
/// @param room    for 2 * n doubles.
shed_overall_time shed_overall_time_of(const shed_overall_moment *m, size_t n, size_t extras, double *room);

/// The take's own steady tempo: a moment is due at pace * asked_s + offset_s.
typedef struct {
  double pace; ///< seconds played per second asked
  double offset_s;
} shed_overall_line;

/// The line through what was heard (Huber 1964); of pace 1 through 0 where that is under two moments.
shed_overall_line shed_overall_line_of(const shed_overall_moment *m, size_t n);

/// How late each moment came against that line, in seconds; NaN where it did not.
void shed_overall_late(const shed_overall_moment *m, size_t n, double *late_s);

/// Whole within @p full, none from twice as far on.
double shed_overall_credit(double distance, double full);

/// The kinds of overall score in overall.def.
typedef enum { SHED_OVERALL_MELODY, SHED_OVERALL_RHYTHM } shed_overall_kind;

/// Fill v->overall and v->jury from the shares, by name as in overall.def; each must be there and in 0..1.
void shed_overall_fill(shed_verdict *v, shed_overall_kind kind, const shed_overall_part *shares, int n);

#endif
