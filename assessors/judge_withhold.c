// About this file: what a take cannot show because sound was lost on its way, or because nobody knows how late it came. Such labels are
// unsure: they count neither for nor against, and lower what was assessed.
#include "assessors/judge.h"

#include <math.h>

static const double PITCH_SHARE  = .34; ///< of a note that is lost: its pitch is not known any more
static const double ONSET_NEAR_S = .08; ///< sound lost so near to an onset may have moved it
static const double AFTER_S      = .15; ///< what begins so soon behind a gap may have begun in it

static bool
is_lost(const shed_take *t, double from_s, double to_s)
{
  return isfinite(from_s) && isfinite(to_s) && shed_take_missing(t, from_s, to_s) > 0;
}

/// @return whether sound was lost where it was played or ought to have been.
static bool
withhold_note(const shed_take *t, shed_note_verdict *v)
{
  const double wanted_to = v->expected_onset_s + v->expected_duration_s;
  bool         in_wanted = is_lost(t, v->expected_onset_s, wanted_to);
  bool         in_played = is_lost(t, v->onset_s, v->offset_s);
  if (!in_wanted && !in_played) {
    return false;
  }
  bool much = isnan(v->onset_s) || shed_take_missing(t, v->onset_s, v->offset_s) > PITCH_SHARE;
  if (v->pitch != SHED_PITCH_NONE && (much || v->pitch != SHED_PITCH_CORRECT)) {
    v->pitch = SHED_PITCH_UNSURE;
  }
  bool near = is_lost(t, v->onset_s - ONSET_NEAR_S, v->onset_s + ONSET_NEAR_S) ||
              is_lost(t, v->expected_onset_s - ONSET_NEAR_S, v->expected_onset_s + ONSET_NEAR_S);
  if (v->timing != SHED_TIMING_NONE && (near || much)) {
    v->timing = SHED_TIMING_UNSURE;
  }
  if (v->length != SHED_LENGTH_NONE) {
    v->length = SHED_LENGTH_UNSURE;
  }
  return true;
}

// Nothing is told that the gap alone may have made: a note begun twice, a wait, a note left out.
static void
withhold_events(const shed_take *t, shed_verdict *v)
{
  size_t n = 0;
  for (size_t i = 0; i < v->n_extras; i++) {
    if (!is_lost(t, v->extras[i].onset_s - AFTER_S, v->extras[i].onset_s + AFTER_S)) {
      v->extras[n++] = v->extras[i];
    }
  }
  v->n_extras = n;
  n           = 0;
  for (size_t i = 0; i < v->n_hesitations; i++) {
    const shed_hesitation *h = &v->hesitations[i];
    if (!is_lost(t, h->at_s - AFTER_S, h->at_s + h->length_s + AFTER_S)) {
      v->hesitations[n++] = *h;
    }
  }
  v->n_hesitations = n;
  n                = 0;
  for (size_t i = 0; i < v->n_incidents; i++) {
    const shed_incident *in   = &v->incidents[i];
    bool                 lost = false;
    for (int k = in->from_index; k >= 0 && k <= in->to_index && k < (int)v->n_notes; k++) {
      lost = lost || v->notes[k].pitch == SHED_PITCH_UNSURE;
    }
    if (!lost || !is_lost(t, in->at_s - AFTER_S, in->at_s + AFTER_S)) {
      v->incidents[n++] = *in;
    }
  }
  v->n_incidents = n;
}

void
shed_judge_withhold(shed_judged *j)
{
  for (int e = 0; e < j->target.n_events; e++) {
    const shed_align_event *ev = &j->target.events[e];
    for (int k = 0; k < ev->count; k++) {
      shed_note_verdict *v    = &j->v.notes[j->target.notes[ev->first + k]];
      const bool         lost = j->take->n_gaps > 0 && withhold_note(j->take, v);
      j->found[e].withheld    = j->found[e].withheld || lost;
      if (j->take->no_rhythm && v->timing != SHED_TIMING_NONE) {
        v->timing = SHED_TIMING_UNSURE;
      }
    }
  }
  if (j->take->n_gaps > 0) {
    withhold_events(j->take, &j->v);
  }
}
