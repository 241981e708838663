#include "assessors/targets.h"

#include "mastery/model/gate.h"

#include <math.h>
#include <string.h>

static const double ASSESSED_LEAST = 0.8; // the gate passes a take with less over

int
shed_target_notes(const shed_prompt *prompt, const char *dimension, int notes)
{
  static const char *const counted[] = {"pitch", "rhythm", "intonation"};
  for (size_t i = 0; i < SHED_COUNTOF(counted); i++) {
    if (strcmp(counted[i], dimension) == 0) {
      return prompt->hold_s > 0 ? 0 : notes;
    }
  }
  return 0;
}

int
shed_targets_passed(const shed_prompt *prompt, const shed_verdict *v, int notes)
{
  bool open = false;
  if (prompt->n_targets == 0 || !(v->assessed >= ASSESSED_LEAST)) {
    return -1;
  }
  for (int i = 0; i < prompt->n_targets; i++) {
    const shed_target    *target = &prompt->targets[i];
    const shed_dimension *d      = shed_verdict_dimension(v, target->dimension);
    if (!d || isnan(d->score)) {
      open = true;
    } else if (!shed_gate_reaches(d->score, target->score, shed_target_notes(prompt, d->name, notes))) {
      return 0;
    }
  }
  return open ? -1 : 1;
}
