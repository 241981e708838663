// About this file: a note that is said to be missing, and stands beside the place that was looked at. Where somebody else plays, or a tail
// rings on, the path may have taken that for a note that the player struck a tenth of a second before or after. So around the place of what
// is missing his pitch is looked for, as loud and with its harmonics as in his notes (judge_own.h), climbing out of nothing, where the path
// has neither the beginning of another note nor one of that pitch. If it stands there nobody can say that it was left out: in doubt.
//
// Measured on 1,388 rendered takes: of 28 right notes called missed that have an own sound to be compared it takes back 6, beside other
// players 7 of 31; of 300 that were missed or another one 1.
#include "assessors/judge.h"

#include <math.h>

enum { STEPS = 20 };

static const double STEP_S        = .02;
static const double LOOKED_AT_S   = .1; ///< from where it would begin
static const double SOFTER_DB     = 6;  ///< than his notes
static const double UNLIKE_DB     = 4;  ///< in how its harmonics lie to each other
static const double CLIMB_DB      = 24;
static const double BEFORE_NEXT_S = .08, AFTER_NEXT_S = .12; ///< another note's beginning climbs, too
static const double BEFORE_SAME_S = .1, AFTER_SAME_S = .05;
static const double SAME_PITCH = .75; ///< semitones
static const double RINGS_ON_S = .35; ///< a note's end in a room

/// The path has something else that sounds there, or begins.
/// @param[out] before_midi what sounded until then; NaN.
static bool
is_taken(const shed_judged *j, int own_segment, double midi, double at_s, double *before_midi)
{
  *before_midi = NAN;
  for (size_t i = 0; i < j->path.n; i++) {
    const shed_segment *s       = &j->path.segments[i];
    const double        start_s = shed_segment_start_s(j, s), end_s = shed_segment_end_s(j, s);
    const double        off = shed_segment_pitch(j, s) - midi;
    if ((int)i == own_segment) {
      continue;
    }
    const bool begins = start_s > at_s - BEFORE_NEXT_S && start_s < at_s + AFTER_NEXT_S;
    const bool same   = fabs(remainder(off, 12)) < SAME_PITCH && at_s > start_s - BEFORE_SAME_S &&
                      at_s < end_s + AFTER_SAME_S;
    if (begins || same) {
      return true;
    }
    if (start_s < at_s && end_s > at_s - RINGS_ON_S && fabs(off) >= SAME_PITCH) {
      *before_midi = shed_segment_pitch(j, s);
    }
  }
  return false;
}

static bool
stands_at(const shed_judged *j, int event, double at_s)
{
  const size_t i = (size_t)fmax(0, round(at_s / SHED_FRAME_HOP_S));
  if (at_s < LOOKED_AT_S || i >= j->take->n_frames) {
    return false;
  }
  const double midi = j->target.events[event].pitch + (double)j->centre[i] / 100;
  double       before_midi;
  if (is_taken(j, j->found[event].segment, midi, at_s, &before_midi)) {
    return false;
  }
  const shed_own_sound s =
      shed_own_compare(&j->own, j->take, midi, at_s, at_s + LOOKED_AT_S, before_midi, event);
  return s.known && s.level_db >= -SOFTER_DB && s.spread_db <= UNLIKE_DB && s.climb_db >= CLIMB_DB;
}

static bool
stands_near(const shed_judged *j, int event)
{
  const shed_found *f    = &j->found[event];
  const double      at_s = f->segment >= 0 ? f->path_onset_s : f->expected_s;
  bool              any  = false;
  for (int d = -STEPS; d <= STEPS && !isnan(at_s) && !any; d++) {
    any = stands_at(j, event, at_s + d * STEP_S);
  }
  return any;
}

void
shed_judge_elsewhere(shed_judged *j)
{
  for (int e = 0; e < j->target.n_events && j->own.n > 0; e++) {
    shed_note_verdict *v = &j->v.notes[j->target.notes[j->target.events[e].first]];
    if (j->target.events[e].count == 1 && v->pitch == SHED_PITCH_MISSED && stands_near(j, e)) {
      v->pitch = SHED_PITCH_UNSURE;
    }
  }
}
