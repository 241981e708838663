// About this file: what a keyboard played. All tracks and channels together, each note at its exact second; percussion is
// unpitched. Pedals are left out: a note ends when its key goes up.
#include "engine/score/smf.h"
#include "engine/take/kinds.h"

#include <math.h>

static shed_heard_note
note_of(const shed_smf_note *n)
{
  bool drum = n->channel == SHED_SMF_DRUMS;
  return (shed_heard_note){.onset_s    = (float)n->on_s,
                           .offset_s   = (float)n->off_s,
                           .midi       = drum ? -1 : n->key,
                           .confidence = 1,
                           .level_db   = SHED_GIVEN_SOUNDS_DB,
                           .cents_sd   = drum ? (float)NAN : 0};
}

static shed_status
fill(const shed_smf *smf, const char *name, shed_take *take, shed_error *err)
{
  take->notes = shed_calloc(take->alloc, smf->n_notes, sizeof(*take->notes));
  if (!take->notes) {
    return SHED_E_NOMEM;
  }
  for (size_t i = 0; i < smf->n_notes; i++) {
    const shed_smf_note *n = &smf->notes[i];
    if (n->off_s > SHED_GIVEN_MAX_S) {
      return shed_fail(err, SHED_E_LIMIT, name, "a note ends at %.0f s; takes last %d s at most", n->off_s,
                       (int)SHED_GIVEN_MAX_S);
    }
    take->notes[take->n_notes++] = note_of(n);
    take->duration_s             = fmax(take->duration_s, n->off_s);
  }
  if (smf->n_warnings) {
    shed_message m = shed_message_of(SHED_MSG_take_midi_damaged);
    shed_message_num(&m, "n", smf->n_warnings + smf->n_warnings_more, 0);
    shed_message_num(&m, "byte", (double)smf->warnings[0].byte, 0);
    shed_take_warn(take, m);
  }
  return shed_given_onsets_of_notes(take);
}

shed_status
shed_given_read_midi(const char *data, size_t n, const char *name, shed_take *take, shed_error *err)
{
  shed_smf    smf = {0};
  shed_status st  = shed_smf_parse(data, n, name, take->alloc, &smf, err);
  if (st == SHED_OK) {
    st = fill(&smf, name, take, err);
    shed_smf_free(&smf);
  }
  return st;
}
