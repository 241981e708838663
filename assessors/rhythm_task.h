/// What the rhythm judge's files share: the prompt as moments, the take as strokes, and what came of it.
#ifndef SHED_ASSESSORS_RHYTHM_TASK_H
#define SHED_ASSESSORS_RHYTHM_TASK_H

#include "assessors/onset_align.h"
#include "assessors/policy.h"
#include "engine/task/verdict.h"

/// Notes that start together are one moment.
typedef struct {
  int      first, last; ///< notes of the line, by index
  unsigned flags;       ///< of all of them together
  bool     judged;      ///< its time is judged: no fermata, rit. or listen/assess says otherwise
} shed_rhythm_event;

typedef struct {
  const shed_prompt   *prompt;
  const shed_take     *take;
  const shed_policy   *policy;
  const shed_alloc    *alloc;
  shed_rhythm_event   *events;
  shed_asked          *asked; ///< one an event
  size_t               n_events;
  shed_stroke         *strokes;
  int                 *rows; ///< take_index of each stroke, -1 none
  size_t               n_strokes;
  bool                 unpitched; ///< nothing but strokes is asked for
  double               clear;    ///< strength of a usual stroke of this take; NaN where strokes are not sound
  double               usual_db; ///< and its level, dBFS; NaN where that is not known
  shed_onset_alignment align;
} shed_rhythm_task;

/// Moments and strokes. @return SHED_OK, SHED_E_RANGE (no moment at all), SHED_E_NOMEM; freed by the caller in each case.
SHED_NODISCARD shed_status shed_rhythm_task_make(shed_rhythm_task *t);
void                       shed_rhythm_task_free(shed_rhythm_task *t);

/// Up to four sentences on what to mend first.
void shed_rhythm_advise(const shed_rhythm_task *t, shed_verdict *v);

#endif
