/// Whether a take reached what its prompt asks, by the gate's own rule.
#ifndef SHED_ASSESSORS_TARGETS_H
#define SHED_ASSESSORS_TARGETS_H

#include "engine/task/verdict.h"

/// How many notes a dimension's score counts, for the misses that a target allows: all of them for pitch, rhythm and
/// intonation, 0 for what is a measure (seconds held, a tempo, continuity, all of a held tone).
///
/// @param notes judged notes of the take, for example those of the verdict that have a credit.
int shed_target_notes(const shed_prompt *prompt, const char *dimension, int notes);

/// @param notes as above.
/// @return 1 when each target's dimension reaches it (shed_gate_reaches), 0 when one does not, -1 (null) when the prompt has
///         no targets, when under 80 % of the take could be assessed, or when a dimension could not and no other was missed.
int shed_targets_passed(const shed_prompt *prompt, const shed_verdict *v, int notes);

#endif
