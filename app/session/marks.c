#include "app/session/marks.h"

#include "assessors/targets.h"

#include <math.h>
#include <string.h>

int
shed_marks_of_verdict(const shed_prompt *prompt, const shed_verdict *v, shed_gate_mark *marks)
{
  int judged = 0;
  for (size_t i = 0; i < v->n_notes; i++) {
    judged += !isnan(v->notes[i].credit);
  }
  for (int i = 0; i < v->n_dimensions; i++) {
    const shed_dimension *d = &v->dimensions[i];
    memcpy(marks[i].dimension, d->name, sizeof(marks[i].dimension));
    marks[i].score    = d->score;
    marks[i].assessed = d->assessed;
    marks[i].notes    = shed_target_notes(prompt, d->name, judged);
  }
  return v->n_dimensions;
}
