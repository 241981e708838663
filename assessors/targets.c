#include "assessors/targets.h"

#include "mastery/model/gate.h"

#include <math.h>

int
shed_targets_passed(const shed_prompt *prompt, const shed_verdict *v, int notes)
{
  bool open = false;
  for (int i = 0; i < prompt->n_targets; i++) {
    const shed_dimension *d = shed_verdict_dimension(v, prompt->targets[i].dimension);
    if (!d || isnan(d->score)) {
      open = true;
    } else if (!shed_gate_reaches(d->score, prompt->targets[i].score,
                                  d->unit[0] || prompt->hold_s > 0 ? 0 : notes)) {
      return 0;
    }
  }
  return prompt->n_targets == 0 || open ? -1 : 1;
}
