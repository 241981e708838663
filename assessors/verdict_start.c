#include "assessors/verdict_start.h"

#include <math.h>
#include <stdio.h>

shed_note_verdict
shed_note_blank(int index)
{
  return (shed_note_verdict){.index               = index,
                             .take_index          = -1,
                             .credit              = (double)NAN,
                             .expected_onset_s    = (double)NAN,
                             .expected_duration_s = (double)NAN,
                             .played_midi         = -1,
                             .cents               = (double)NAN,
                             .onset_s             = (double)NAN,
                             .offset_s            = (double)NAN,
                             .onset_error_ms      = (double)NAN,
                             .confidence          = (double)NAN};
}

void
shed_verdict_warn(shed_verdict *v, shed_message_code code)
{
  if (v->n_warnings < SHED_TAKE_WARNINGS) {
    v->warnings[v->n_warnings++] = shed_message_of(code);
  }
}

static void
copy_warnings(shed_verdict *v, const shed_prompt *prompt, const shed_take *take)
{
  bool pitched = false;
  for (size_t i = 0; i < prompt->line.n_notes; i++) {
    pitched = pitched || prompt->line.notes[i].pitched;
  }
  for (int i = 0; i < take->n_warnings; i++) {
    if (pitched || take->warnings[i].code != SHED_MSG_take_no_pitch) {
      v->warnings[v->n_warnings++] = take->warnings[i];
    }
  }
}

shed_status
shed_verdict_start(shed_verdict *v, const shed_prompt *prompt, const shed_take *take,
                   const shed_policy *policy, const shed_alloc *alloc)
{
  size_t n = prompt->line.n_notes;
  *v       = (shed_verdict){.alloc          = alloc,
                            .score          = (double)NAN,
                            .passed         = -1,
                            .tempo_bpm      = (double)NAN,
                            .tuning_cents   = (double)NAN,
                            .policy_version = policy->version,
                            .policy_sha256  = policy->sha256};
  copy_warnings(v, prompt, take);
  (void)snprintf(v->policy_id, sizeof(v->policy_id), "%s", policy->id);
  v->notes = shed_calloc(alloc, n, sizeof(*v->notes));
  if (!v->notes) {
    return SHED_E_NOMEM;
  }
  v->n_notes = n;
  for (size_t i = 0; i < n; i++) {
    v->notes[i] = shed_note_blank((int)i);
  }
  return SHED_OK;
}
