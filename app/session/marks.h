/// What the gate counts of a verdict.
#ifndef SHED_SESSION_MARKS_H
#define SHED_SESSION_MARKS_H

#include "engine/task/verdict.h"
#include "mastery/model/gate.h"

/// @param[out] marks SHED_DIMENSIONS places. @return how many were written. By the rule that the verdict's own "passed" follows.
int shed_marks_of_verdict(const shed_prompt *prompt, const shed_verdict *v, shed_gate_mark *marks);

#endif
