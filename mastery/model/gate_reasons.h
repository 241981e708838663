/// The words of a gate's answer. Used by gate.c alone.
#ifndef SHED_MODEL_GATE_REASONS_H
#define SHED_MODEL_GATE_REASONS_H

#include "mastery/model/gate.h"

enum { SHED_GATE_DAYS_WAIVED = 1, SHED_GATE_UNSEEN_WAIVED = 2, SHED_GATE_TEACHER_WAIVED = 4 };

/// What of CERTIFY is still asked, and which of a gate's takes were under the target.
typedef struct {
  const shed_decision *override;   ///< the one that holds; NULL none
  const char          *review_low; ///< dimension that was under its target in the last review; NULL none
  double               review_target;
  unsigned             waived; ///< SHED_GATE_*_WAIVED
} shed_gate_why;

/// Fill gate->reasons from everything else in it.
void shed_gate_explain(const shed_gate_rule *rule, const shed_decision *decisions, size_t n_decisions,
                       const shed_gate_why *why, shed_gate *gate);

#endif
