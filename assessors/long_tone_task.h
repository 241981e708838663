/// What the files of the judge of held tones share.
#ifndef SHED_ASSESSORS_LONG_TONE_TASK_H
#define SHED_ASSESSORS_LONG_TONE_TASK_H

#include "assessors/long_tone_measure.h"
#include "assessors/policy.h"
#include "engine/task/verdict.h"

enum { SHED_TONE_CELLS = 4000000 }; ///< most notes * tones that are matched

/// Order of the dimensions in the verdict.
typedef enum {
  SHED_TONE_SUSTAIN,
  SHED_TONE_STEADINESS,
  SHED_TONE_PITCH,
  SHED_TONE_INTONATION,
  SHED_TONE_LEVEL,
  SHED_TONE_DIMENSIONS
} shed_tone_dimension;

typedef struct {
  const shed_prompt *prompt;
  const shed_take   *take;
  const shed_policy *policy;
  const shed_alloc  *alloc;
  shed_held         *held;
  size_t             n_held;
  int               *tone_of; ///< for each note of the line: index into held, -1 none
} shed_tone_task;

/// Up to four sentences on what to mend first.
void shed_tone_advise(const shed_tone_task *t, shed_verdict *v);

#endif
