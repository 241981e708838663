/// The gate, asked of a store: reads this student's takes of this unit and nothing else.
#ifndef SHED_STORE_PROGRESS_H
#define SHED_STORE_PROGRESS_H

#include "mastery/model/gate.h"
#include "mastery/store/store.h"

/// Answer for one unit. The time depends only on how many takes of this unit the student has, not on the store's size.
SHED_NODISCARD shed_status shed_store_gate(shed_store *s, const shed_uuid *student,
                                           const shed_gate_rule *rule, shed_gate *out, shed_error *err);

/// The units of which the student has takes or decisions, in order of id. @p each returns false to stop.
SHED_NODISCARD shed_status shed_store_each_unit(shed_store *s, const shed_uuid                  *student,
                                                bool (*each)(void *ctx, const char *unit), void *ctx,
                                                shed_error *err);

#endif
