/// Whether a take reached what its prompt asks.
#ifndef SHED_ASSESSORS_TARGETS_H
#define SHED_ASSESSORS_TARGETS_H

#include "engine/task/verdict.h"

/// @param notes how many notes the scores count, for the misses that a target allows; a dimension with a unit, and all of a
///              held tone, are measures and allow none.
/// @return 1 when each target's dimension reaches it by the gate's own rule, 0 when one does not, -1 (null) when the
///         prompt has no targets or when one could not be assessed and no other was missed.
int shed_targets_passed(const shed_prompt *prompt, const shed_verdict *v, int notes);

#endif
