// About this file: what to mend first in a held tone. The note that is furthest from what was asked speaks for all.
#include "assessors/long_tone_task.h"

#include <math.h>
#include <stdio.h>

#define DRIFT_TOLD_CENTS 15.0
#define FADE_TOLD_DB     6.0
#define UNEVEN_TOLD_DB   3.0
#define ON_PITCH_CENTS   70.0
#define SHAKY_SHARE      0.5 // of the policy's tuning tolerance

static bool
is_full(const shed_verdict *v)
{
  return v->n_advice == (int)SHED_COUNTOF(v->advice);
}

static shed_message *
say(shed_verdict *v, shed_message_code code)
{
  shed_message *m = &v->advice[v->n_advice++];
  *m              = shed_message_of(code);
  return m;
}

// A sounding MIDI number as the player of this note would read it.
static void
say_note(shed_message *m, const char *key, const shed_sounding_note *n, int midi)
{
  char       name[16];
  int        up = shed_pitch_midi(n->written) - n->midi;
  shed_pitch written =
      midi == n->midi ? n->written : shed_pitch_spell(midi + up, n->written.alter < 0 ? -3 : 2);
  shed_pitch_name(written, name, sizeof(name));
  shed_message_str(m, key, name);
}

static void
advise_pitch(const shed_tone_task *t, const shed_note_verdict *nv, shed_verdict *v)
{
  const shed_sounding_note *note = &t->prompt->line.notes[nv->index];
  if (nv->pitch == SHED_PITCH_MISSED && !is_full(v)) {
    say_note(say(v, SHED_MSG_long_tone_missed), "note", note, note->midi);
  } else if (nv->pitch == SHED_PITCH_WRONG && fabs(nv->cents) > ON_PITCH_CENTS && !is_full(v)) {
    shed_message *m = say(v, SHED_MSG_long_tone_other_note);
    say_note(m, "played", note, nv->played_midi - 12 * v->octave_shift);
    say_note(m, "asked", note, note->midi);
  } else if (fabs(nv->cents) > t->policy->intonation_cents && !t->prompt->fixed_pitch && !is_full(v)) {
    shed_message *m = say(v, nv->cents > 0 ? SHED_MSG_long_tone_high : SHED_MSG_long_tone_low);
    say_note(m, "note", note, note->midi);
    shed_message_num(m, "cents", fabs(nv->cents), 0);
  }
}

static void
advise_tone(const shed_tone_task *t, const shed_note_verdict *nv, const shed_held *h, shed_verdict *v)
{
  double held   = h->offset_s - h->onset_s;
  bool   drifts = !t->prompt->fixed_pitch && fabs(h->drift_cents) > DRIFT_TOLD_CENTS;
  bool   ended  = nv->length == SHED_LENGTH_SHORT;
  bool   spent  = ended && drifts && h->drift_cents < 0; // the air ran out: one cause, not two
  if (ended && !is_full(v)) {
    shed_message *m = say(v, spent ? SHED_MSG_long_tone_spent : SHED_MSG_long_tone_short);
    shed_message_num(m, "held", held, 1);
    shed_message_num(m, "asked", nv->expected_duration_s, 1);
    if (spent) {
      shed_message_num(m, "cents", -h->drift_cents, 0);
    }
  }
  if (t->prompt->fixed_pitch) {
    return;
  }
  if (drifts && !spent && !is_full(v)) {
    shed_message *m = say(v, h->drift_cents < 0 ? SHED_MSG_long_tone_sinks : SHED_MSG_long_tone_rises);
    shed_message_num(m, "cents", fabs(h->drift_cents), 0);
  } else if (!drifts && !isnan(h->cents_sd) && h->cents_sd > SHAKY_SHARE * t->policy->intonation_cents &&
             !is_full(v)) {
    shed_message_num(say(v, SHED_MSG_long_tone_shaky), "cents", h->cents_sd, 0);
  }
  if (!isnan(h->level_slope_db) && h->level_slope_db < -FADE_TOLD_DB && nv->length == SHED_LENGTH_SHORT &&
      !is_full(v)) {
    shed_message_num(say(v, SHED_MSG_long_tone_fades), "db", -h->level_slope_db, 0);
  } else if (!isnan(h->level_sd_db) && h->level_sd_db > UNEVEN_TOLD_DB &&
             fabs(h->level_slope_db) < FADE_TOLD_DB && !is_full(v)) {
    shed_message_num(say(v, SHED_MSG_long_tone_uneven), "db", h->level_sd_db, 0);
  }
}

void
shed_tone_advise(const shed_tone_task *t, shed_verdict *v)
{
  const shed_note_verdict *worst = NULL;
  for (size_t i = 0; i < v->n_notes; i++) {
    const shed_note_verdict *nv = &v->notes[i];
    if (!isnan(nv->credit) && (!worst || nv->credit < worst->credit)) {
      worst = nv;
    }
  }
  if (!worst) {
    return;
  }
  advise_pitch(t, worst, v);
  if (t->tone_of[worst->index] >= 0) {
    advise_tone(t, worst, &t->held[t->tone_of[worst->index]], v);
  }
  if (v->n_advice == 0) {
    shed_message_num(say(v, SHED_MSG_long_tone_holds), "held", worst->offset_s - worst->onset_s, 1);
  }
}
