/// One take against a target: what counts as judged, and what reaches. Used by gate.c alone.
#ifndef SHED_MODEL_MARK_H
#define SHED_MODEL_MARK_H

#include "mastery/model/gate.h"

/// NULL when the take has none of that dimension.
const shed_gate_mark *shed_mark_of(const shed_gate_take *t, const char *dimension);
/// Whether so much was assessed that a take, or a dimension of it, is not passed over.
bool shed_mark_is_enough(double assessed);
/// NULL is not.
bool shed_mark_is_judged(const shed_gate_mark *m);
bool shed_mark_is_identification(const char *dimension);
/// Whether each category of a take is at .75. The weakest is told: @p weakest of SHED_GATE_CATEGORY bytes, or NULL.
bool shed_mark_categories_reach(const shed_gate_take *t, char *weakest, double *weakest_share);
/// Whether a judged mark reaches the target, in identification each category too.
bool shed_mark_reaches(const shed_gate_take *t, const shed_gate_mark *m, double target);

#endif
