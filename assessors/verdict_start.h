/// The verdict that a judge starts from: a row for each note of the line, and nothing assessed.
#ifndef SHED_ASSESSORS_VERDICT_START_H
#define SHED_ASSESSORS_VERDICT_START_H

#include "assessors/policy.h"
#include "engine/task/verdict.h"

/// Every label NONE, every number unknown, the take's warnings and the policy's name in it. That a take has no clear notes
/// is no warning where only strokes are asked for.
/// @return SHED_OK or SHED_E_NOMEM; the caller frees *v with shed_verdict_free() in either case.
SHED_NODISCARD shed_status shed_verdict_start(shed_verdict *v, const shed_prompt *prompt,
                                              const shed_take *take, const shed_policy *policy,
                                              const shed_alloc *alloc);

/// A note of which nothing is known.
shed_note_verdict shed_note_blank(int index);

/// Add a warning; one that does not fit is dropped.
void shed_verdict_warn(shed_verdict *v, shed_message_code code);

#endif
