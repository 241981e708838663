// About this file: fourth thoughts about a pitch label: was a note left out, or was another played in its place? What is heard there is
// held against the player's own notes (judge_own.h), as in judge_whose.c; here it is asked of notes of which nobody could say whether they
// are missing, and of those that were said to be. Nothing of the player's at the pitch asked for, or something soft that does not begin
// there: it is missing, whatever else sounds. Something of his on another pitch that begins there, or on which a voice stays: it was
// played, and wrong. A sound on the pitch of the note before it and at once behind that, as short as a note's end or without a beginning, is
// that note's end, although ends may look like attacks; and what begins late and goes on into the next note of its pitch is that one.
//
// Measured on rendered takes with three sound fonts: of 18 notes in doubt that the path has nowhere 6 were left out, which are all that is
// called missing; of 142 in doubt that it has, 12 of those called missing were not played as asked, and two were; of 262 said to be missing
// 10 are called wrong, of which one was left out; all 8 ends that were notes were none, and so were both late beginnings.
#include "assessors/judge.h"

#include <math.h>

static const double NOTHING_DB      = 20; ///< below the player's own notes
static const double NO_NOTE_DB      = 15;
static const double SELDOM          = .66; ///< of the sound is the pitch asked for
static const double STILL_DB        = 10;
static const double SOFTER_DB       = 5;
static const double NO_CLIMB_DB     = 1.6; ///< nothing begins
static const double LITTLE_CLIMB_DB = 3;
static const double HIS_DB          = 8;  ///< his notes lie no further below the others
static const double BEGINS_DB       = 20; ///< of its climb
static const double ALL_SHARE       = .9; ///< of the sound is one other pitch
static const double ANOTHER         = .8; ///< semitones
static const double SAME            = .3;
static const double TAIL_S          = .075; ///< of sound
static const double SMALL_CLIMB_DB  = 4;
static const double LATE_S          = .05;
static const double AT_ONCE_S       = .05;
static const double RINGS_ON_S      = .35; ///< a note's end in a room
static const double SLOT_SHARE      = .8;  ///< of a note's length
static const double ALONE_S         = .12; ///< from where another note of the music begins

/// Where a note stands, or would stand.
typedef struct {
  double              from_s, to_s;
  const shed_segment *before; ///< what sounds last until then; NULL
  shed_measure        m;
} place;

static const shed_segment *
segment_before(const shed_judged *j, double at_s)
{
  const shed_segment *last = NULL;
  for (size_t i = 0; i < j->path.n && shed_segment_start_s(j, &j->path.segments[i]) < at_s; i++) {
    last = &j->path.segments[i];
  }
  return last;
}

static place
place_of(const shed_judged *j, int event)
{
  const shed_found       *f  = &j->found[event];
  const shed_align_event *ev = &j->target.events[event];
  place                   p  = {.from_s = f->path_onset_s, .to_s = f->offset_s};
  if (f->segment < 0) {
    p.from_s = f->expected_s;
    p.to_s   = p.from_s + SLOT_SHARE * ev->length_s * (double)j->guess.period;
    p.before = segment_before(j, p.from_s);
  } else if (f->segment > 0) {
    p.before = &j->path.segments[f->segment - 1];
  }
  // of what was found until its sound ends, which may be later than the path has it
  p.m = shed_measure_pitch(j->take, &j->levels, p.from_s, p.to_s, ev->pitch, j->centre);
  return p;
}

static double
rest_before(const shed_judged *j, const place *p)
{
  return p->before ? p->from_s - shed_segment_end_s(j, p->before) : (double)INFINITY;
}

/// A sound of that pitch in a place, beside what the player's notes are like.
static shed_own_sound
sound_at(const shed_judged *j, const place *p, double midi, int event)
{
  double before = NAN;
  if (rest_before(j, p) <= RINGS_ON_S && fabs(shed_segment_pitch(j, p->before) - midi) >= ANOTHER) {
    before = shed_segment_pitch(j, p->before);
  }
  return shed_own_compare(&j->own, j->take, midi, p->from_s, p->to_s, before, event);
}

static double
tuned(const shed_judged *j, double midi, double at_s)
{
  const size_t i = (size_t)fmax(0, round(at_s / SHED_FRAME_HOP_S));
  return midi + (double)j->centre[i < j->take->n_frames ? i : j->take->n_frames - 1] / 100;
}

/// Nothing of the player's has the pitch that was asked for.
static bool
is_absent(const shed_judged *j, int event, const place *p)
{
  const shed_own_sound s = sound_at(j, p, tuned(j, j->target.events[event].pitch, p->from_s), event);
  if (!s.known) {
    return false;
  }
  if (j->found[event].segment < 0) {
    return s.level_db < -NOTHING_DB || (s.level_db < -STILL_DB && s.climb_db < NO_CLIMB_DB);
  }
  return (s.level_db < -NO_NOTE_DB && p->m.share < SELDOM) ||
         (s.level_db < -SOFTER_DB && s.climb_db < LITTLE_CLIMB_DB);
}

/// Another note of the music begins about there.
static bool
has_next(const shed_judged *j, int event, const place *p)
{
  bool any = false;
  for (size_t i = 0; i < j->path.n; i++) {
    const shed_segment *s = &j->path.segments[i];
    any                   = any || (s->kind != SHED_STEP_EXTRA && s->event != event &&
                  fabs(shed_segment_start_s(j, s) - p->from_s) < ALONE_S);
  }
  return any;
}

static double
heard_midi(const place *p)
{
  return p->m.other_midi < 0 ? (double)NAN : p->m.other_midi + p->m.other_cents / 100;
}

/// What is heard there is one other pitch, as loud as the player's notes are, and begins there; or a voice stays on it all the time of the
/// note, for a voice need not begin anew.
static bool
is_another_of_his(const shed_judged *j, int event, const place *p)
{
  if (p->m.other_share < ALL_SHARE || !(fabs(heard_midi(p) - j->target.events[event].pitch) >= ANOTHER) ||
      has_next(j, event, p)) {
    return false;
  }
  const shed_own_sound s = sound_at(j, p, tuned(j, heard_midi(p), p->from_s), event);
  if (!s.known || s.level_db < -HIS_DB) {
    return false;
  }
  const bool stays = j->prompt->sung && p->before &&
                     fabs(heard_midi(p) - shed_segment_pitch(j, p->before)) < SAME &&
                     p->m.sound_s >= ALL_SHARE * (p->to_s - p->from_s);
  return stays || s.climb_db >= BEGINS_DB;
}

/// The end of the sound before it: as short as ends are, or nothing begins.
static bool
is_end_of_before(const shed_judged *j, int event, const place *p)
{
  if (rest_before(j, p) >= AT_ONCE_S || !(fabs(heard_midi(p) - shed_segment_pitch(j, p->before)) < SAME)) {
    return false;
  }
  const shed_own_sound s = sound_at(j, p, tuned(j, heard_midi(p), p->from_s), event);
  return p->m.sound_s < TAIL_S || (s.known && s.climb_db < SMALL_CLIMB_DB);
}

/// What is taken for the end of this note is the beginning of the next one, of the same pitch: it begins later than this one was due, nearer
/// to when the next one was, and goes on into that.
static bool
begins_next(const shed_judged *j, int event)
{
  const shed_found *f = &j->found[event], *next = f + 1;
  if (event + 1 >= j->target.n_events || !j->target.events[event + 1].same_as_before ||
      f->m.sound_s >= TAIL_S || next->segment != f->segment + 1) {
    return false;
  }
  const double late   = f->path_onset_s - f->expected_s;
  const double rest_s = next->path_onset_s - shed_segment_end_s(j, &j->path.segments[f->segment]);
  return rest_s < AT_ONCE_S && late > LATE_S && fabs(f->path_onset_s - next->expected_s) < late;
}

void
shed_judge_call_wrong(const shed_judged *j, int event, const shed_measure *m, double from_s, double to_s,
                      shed_note_verdict *v)
{
  const shed_found *f = &j->found[event];
  v->pitch            = SHED_PITCH_WRONG;
  v->played_midi      = m->other_midi;
  v->cents            = (m->other_midi - j->target.events[event].pitch) * 100 + m->other_cents;
  v->onset_s          = f->segment >= 0 ? f->onset_s : from_s;
  v->offset_s         = to_s;
  v->take_index       = f->segment >= 0 ? f->take_index : -1;
  v->confidence       = fmin(m->confidence, m->other_share);
}

static void
take_another(shed_judged *j, int event, const place *p, shed_note_verdict *v)
{
  if (v->pitch == SHED_PITCH_MISSED && is_another_of_his(j, event, p)) {
    shed_judge_call_wrong(j, event, &p->m, p->from_s, p->to_s, v);
  }
}

static shed_note_verdict *
verdict_of(const shed_judged *j, int event)
{
  return &j->v.notes[j->target.notes[j->target.events[event].first]];
}

static bool
is_single(const shed_judged *j, int event)
{
  return j->own.n > 0 && j->target.events[event].count == 1;
}

/// The next note began there.
static void
give_to_next(shed_judged *j, int event, shed_note_verdict *v)
{
  shed_found *f = &j->found[event], *next = f + 1;
  next->onset_s = f->onset_s;
  next->odds    = f->odds;
  shed_judge_call_missed(v);
}

static void
think_of_doubtful(shed_judged *j, int event, shed_note_verdict *v)
{
  const place p = place_of(j, event);
  const bool  red =
      v->pitch == SHED_PITCH_WRONG || v->pitch == SHED_PITCH_SHARP || v->pitch == SHED_PITCH_FLAT;
  if (red ? is_end_of_before(j, event, &p) : v->pitch == SHED_PITCH_UNSURE && is_absent(j, event, &p)) {
    shed_judge_call_missed(v);
  }
  if (!red && j->found[event].segment >= 0) {
    take_another(j, event, &p, v);
  }
}

static void
think(shed_judged *j, int event)
{
  const shed_found  *f = &j->found[event];
  shed_note_verdict *v = verdict_of(j, event);
  if (f->uncredited) {
    return; // it was heard right, and may be another's: nothing is known of his
  }
  if (v->pitch == SHED_PITCH_CORRECT) {
    if (f->segment >= 0 && begins_next(j, event)) {
      give_to_next(j, event, v);
    }
  } else if (v->pitch != SHED_PITCH_NONE &&
             (f->segment >= 0 || (v->pitch == SHED_PITCH_UNSURE && !isnan(f->expected_s)))) {
    think_of_doubtful(j, event, v);
  }
}

void
shed_judge_missing(shed_judged *j)
{
  for (int e = 0; e < j->target.n_events; e++) {
    if (is_single(j, e)) {
      think(j, e);
    }
  }
}

void
shed_judge_replaced(shed_judged *j)
{
  for (int e = 0; e < j->target.n_events; e++) {
    if (is_single(j, e) && j->found[e].segment < 0 && !isnan(j->found[e].expected_s)) {
      const place p = place_of(j, e);
      take_another(j, e, &p, verdict_of(j, e));
    }
  }
}
