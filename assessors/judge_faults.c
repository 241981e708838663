// About this file: fifth thoughts about a pitch label. Rules have told what is wrong, missing or in doubt, each by two or three things; here all that is
// known of such a note is weighed at once (judge_faults.def), in two questions: was the pitch asked for played all the same? And if
// not, was another one played in its place, or none? Where the first is likelier than not, no fault is told; where it is unlikely, a note in
// doubt is one; and the second gives it its name. Notes that the path has and places where it has none are weighed by themselves.
#include "assessors/judge_extras.h"

#include <math.h>

static const double NEAR_CENTS =
    75; ///< heard as the pitch asked for, and in doubt: it is the line that is near
static const double HEARD_SHARE = .5;
static const double HEARD_S     = .03;
// Log odds that it was played.
static const double NOT_TOLD      = 1.5; ///< from here on no fault is told of a note that the path has
static const double NOT_TOLD_SLOT = .5;  ///< and of one that it has not
static const double TOLD          = .5;  ///< below, a note in doubt that the path has is one
static const double ANOTHER       = .8;  ///< semitones
static const double SAME          = .5;
static const double APART         = .6;  ///< of two tones whose harmonics are told apart
static const double AT_ONCE_S     = .08; ///< behind the note before
static const double RINGS_ON_S    = .35; ///< a note's end in a room
static const double SLOT_SHARE    = .8;  ///< of a note's length
static const double STEP_S        = .02;
static const double LOOK_LEAST_S = .08, LOOK_MOST_S = .2;
static const double CLIMB_COUNTS = .5; ///< of a dB of level
enum { STEPS = 8, ATTACK_REACH = 3 };

static const double FORMS[SHED_FAULT_FORMS][1 + SHED_FAULT_FEATURES] = {
#define SHED_JUDGE_FAULTS(form, ...) [SHED_FAULT_##form] = {__VA_ARGS__},
#include "assessors/judge_faults.def"
#undef SHED_JUDGE_FAULTS
};

/// What is known of a note or of its place.
typedef struct {
  const shed_found   *f;
  const shed_segment *before; ///< what sounds last until then; NULL
  shed_measure        m;
  double              from_s, to_s, length_s;
  double              asked, heard, before_midi; ///< MIDI as they sound, the last as the path has it; NaN
} place;

/// @param unknown where there is nothing to see.
static double
within(double x, double least, double most, double unknown)
{
  return isnan(x) ? unknown : fmin(fmax(x, least), most);
}

static shed_note_verdict *
verdict_of(const shed_judged *j, int event)
{
  return &j->v.notes[j->target.notes[j->target.events[event].first]];
}

static double
tuned(const shed_judged *j, double midi, double at_s)
{
  const size_t i = (size_t)fmax(0, round(at_s / SHED_FRAME_HOP_S));
  return midi + (double)j->centre[i < j->take->n_frames ? i : j->take->n_frames - 1] / 100;
}

static place
place_of(const shed_judged *j, int event)
{
  const shed_align_event *ev = &j->target.events[event];
  place                   p  = {.f = &j->found[event], .length_s = ev->length_s * (double)j->guess.period};
  p.from_s                   = p.f->path_onset_s;
  p.to_s                     = p.f->offset_s;
  if (p.f->segment < 0) {
    p.from_s = p.f->expected_s;
    p.to_s   = p.from_s + SLOT_SHARE * p.length_s;
    for (size_t i = 0; i < j->path.n && shed_segment_start_s(j, &j->path.segments[i]) < p.from_s; i++) {
      p.before = &j->path.segments[i];
    }
    p.m = shed_measure_pitch(j->take, &j->levels, p.from_s, p.to_s, ev->pitch, j->centre);
  } else {
    p.before = p.f->segment > 0 ? &j->path.segments[p.f->segment - 1] : NULL;
    p.m      = p.f->m;
  }
  p.asked = tuned(j, ev->pitch, p.from_s);
  p.heard = p.m.other_midi < 0 ? (double)NAN : tuned(j, p.m.other_midi + p.m.other_cents / 100, p.from_s);
  p.before_midi = p.before ? shed_segment_pitch(j, p.before) : (double)NAN;
  return p;
}

static double
rest_before(const shed_judged *j, const place *p)
{
  return p->before ? p->from_s - shed_segment_end_s(j, p->before) : (double)INFINITY;
}

static shed_own_sound
compare(const shed_judged *j, const place *p, double midi, double from_s, double to_s, double beside)
{
  return shed_own_compare(&j->own, j->take, midi, from_s, to_s, beside, (int)(p->f - j->found));
}

/// What may ring on into it and is not its own pitch.
static double
ringing(const shed_judged *j, const place *p)
{
  return rest_before(j, p) > RINGS_ON_S || fabs(p->before_midi - p->asked) < ANOTHER ? (double)NAN
                                                                                     : p->before_midi;
}

/// The most that begins on the pitch asked for around where it was expected: dB by the player's notes, and half of what climbs.
static double
begins_around(const shed_judged *j, const place *p)
{
  const double long_s = fmin(fmax(SLOT_SHARE * p->length_s, LOOK_LEAST_S), LOOK_MOST_S);
  double       most   = NAN;
  for (int d = -STEPS; d <= STEPS && !isnan(p->f->expected_s); d++) {
    const double         at = p->f->expected_s + d * STEP_S;
    const shed_own_sound s  = compare(j, p, p->asked, at, at + long_s, ringing(j, p));
    if (s.known) {
      most = fmax(most, fmin(s.level_db, 0) + CLIMB_COUNTS * fmin(s.climb_db, 20)); // a NaN is passed over
    }
  }
  return most;
}

/// How far the pitch asked for stands over the semitones beside it.
static double
over_next_db(const shed_judged *j, const place *p)
{
  const shed_own_sound a  = compare(j, p, p->asked, p->from_s, p->to_s, NAN);
  const shed_own_sound up = compare(j, p, p->asked + 1, p->from_s, p->to_s, NAN);
  const shed_own_sound dn = compare(j, p, p->asked - 1, p->from_s, p->to_s, NAN);
  return a.level_db - fmax(up.level_db, dn.level_db); // a NaN is passed over
}

/// What climbs on the pitch asked for where what is heard has no harmonics.
static double
climb_beside_heard(const shed_judged *j, const place *p)
{
  return fabs(p->heard - p->asked) > APART ? compare(j, p, p->asked, p->from_s, p->to_s, p->heard).climb_db
                                           : (double)NAN;
}

static double
log_of_tenths(double s)
{
  return log(fmax(s, SHED_FRAME_HOP_S) / .1);
}

static void
view_found(const shed_judged *j, const place *p, double others_db, double *x)
{
  const shed_measure  *m = &p->m;
  const shed_own_sound a = compare(j, p, p->asked, p->from_s, p->to_s, ringing(j, p));
  double               cents;
  const double         odds   = shed_judge_odds(j, p->f, m, j->target.events[p->f - j->found].pitch, &cents);
  const bool           behind = rest_before(j, p) < AT_ONCE_S;
  int                  n      = 0;
  x[n++]                      = fmin(fmax(log_of_tenths(m->sound_s), -1.6), 1.2);
  x[n++]                      = m->other_share;
  x[n++]                      = m->confidence;
  x[n++]                      = within(fabs(p->f->path_onset_s - p->f->expected_s), 0, .3, .1);
  x[n++]                      = behind && fabs(p->heard - p->before_midi) < SAME ? 1 : 0;
  x[n++]                      = within(a.level_db, -25, 5, -12);
  x[n++]                      = within(odds, -6, 6, -1);
  x[n++]                      = within(over_next_db(j, p), -12, 12, 0);
  x[n++]                      = 25 + within(isinf(others_db) ? -25 : others_db - j->usual_db, -25, 0, -12);
}

static void
view_slot(const shed_judged *j, const place *p, double *x)
{
  const double stays   = fabs(p->heard - p->before_midi) < SAME ? 1 : 0;
  const double up      = j->target.events[p->f - j->found].pitch - p->before_midi;
  const bool   related = shed_odds_interval_of(up) == SHED_ODDS_ABOVE;
  int          n       = 0;
  x[n++]               = p->m.among;
  x[n++]               = related ? 1 : 0;
  x[n++]               = stays * within(shed_extras_rise_db(j, p->from_s), -2, 12, 2);
  x[n++]               = stays * fmin(fmax(log_of_tenths(fmax(p->length_s, .05)), -1), 3);
}

static void
view_of(const shed_judged *j, const place *p, double others_db, double x[SHED_FAULT_FEATURES])
{
  const bool wrong = verdict_of(j, (int)(p->f - j->found))->pitch == SHED_PITCH_WRONG;
  int        n     = 0;
  for (int i = 0; i < SHED_FAULT_FEATURES; i++) {
    x[i] = 0;
  }
  x[n++] = within(p->m.level_db - j->usual_db, -15, 4, -5);
  x[n++] = within(shed_extras_rise_db(j, p->from_s), -2, 12, 2);
  x[n++] = within(p->m.sound_s / fmax(p->length_s, .05), 0, 1, 0);
  x[n++] = within(begins_around(j, p), -15, 12, -2);
  x[n++] = within(climb_beside_heard(j, p), 0, 30, 8);
  x[n++] = wrong ? 1 : 0;
  if (p->f->segment >= 0) {
    view_found(j, p, others_db, x + n);
  } else {
    view_slot(j, p, x + n);
  }
}

/// The player leapt over it: its place in time belongs to the notes after the leap.
static bool
is_leapt_over(const shed_judged *j, int event)
{
  int from = -1;
  for (size_t i = 0; i < j->path.n; i++) {
    const shed_segment *s = &j->path.segments[i];
    if (s->kind == SHED_STEP_EXTRA) {
      continue;
    }
    if (s->kind == SHED_STEP_JUMP && from >= 0 && from < event && s->event > event) {
      return true;
    }
    from = s->event;
  }
  return false;
}

/// Wrong, missing or in doubt, and not for a reason of its own.
static bool
is_asked(const shed_judged *j, int event)
{
  const shed_found        *f = &j->found[event];
  const shed_note_verdict *v = verdict_of(j, event);
  if (!j->take->bands || j->target.events[event].count > 1 || f->withheld || f->uncredited ||
      (f->segment < 0 && (isnan(f->expected_s) || is_leapt_over(j, event)))) {
    return false;
  }
  if (v->pitch != SHED_PITCH_UNSURE) {
    return v->pitch == SHED_PITCH_WRONG || v->pitch == SHED_PITCH_MISSED;
  }
  return f->segment < 0 || !(f->m.read >= HEARD_SHARE && f->m.sound_s >= HEARD_S &&
                             fabs(shed_judge_deviation(j, f, f->m.cents)) <= NEAR_CENTS);
}

bool
shed_faults_view(const shed_judged *j, int event, double others_db, double x[SHED_FAULT_FEATURES])
{
  if (!is_asked(j, event)) {
    return false;
  }
  const place p = place_of(j, event);
  view_of(j, &p, others_db, x);
  return true;
}

static double
sum_of(shed_fault_form form, const double *x)
{
  double sum = FORMS[form][0];
  for (int i = 0; i < SHED_FAULT_FEATURES; i++) {
    sum += FORMS[form][1 + i] * x[i];
  }
  return sum;
}

static void
leave_open(const shed_found *f, shed_note_verdict *v)
{
  v->pitch       = SHED_PITCH_UNSURE;
  v->cents       = NAN;
  v->played_midi = -1;
  v->onset_s     = f->segment >= 0 ? f->onset_s : (double)NAN;
  v->offset_s    = f->segment >= 0 ? f->offset_s : (double)NAN;
  v->take_index  = f->segment >= 0 ? f->take_index : -1;
}

/// Log odds that it was played, from which on no fault is told. Of a voice each stays, since the forms are fitted on made ones: of real singers'
/// notes that were moved by a semitone 131 of 144 would be caught, for 137.
static double
not_told(const shed_judged *j, bool found)
{
  return j->prompt->sung ? (double)INFINITY : found ? NOT_TOLD : NOT_TOLD_SLOT;
}

static void
weigh(const shed_judged *j, int event, double others_db)
{
  double             x[SHED_FAULT_FEATURES];
  shed_note_verdict *v = verdict_of(j, event);
  if (!is_asked(j, event)) {
    return;
  }
  const place p = place_of(j, event);
  view_of(j, &p, others_db, x);
  const bool   found  = p.f->segment >= 0;
  const double played = sum_of(found ? SHED_FAULT_FOUND_PLAYED : SHED_FAULT_SLOT_PLAYED, x);
  const bool   open   = v->pitch == SHED_PITCH_UNSURE;
  if (open ? !found || played >= TOLD : played > not_told(j, found)) {
    if (!open) {
      leave_open(p.f, v);
    }
  } else if (sum_of(found ? SHED_FAULT_FOUND_MISSED : SHED_FAULT_SLOT_MISSED, x) > 0) {
    shed_judge_call_missed(v);
  } else if (v->pitch != SHED_PITCH_WRONG && fabs(p.heard - p.asked) >= ANOTHER) {
    shed_judge_call_wrong(j, event, &p.m, p.from_s, p.to_s, v);
  }
}

void
shed_judge_faults(shed_judged *j)
{
  const double others_db = j->path.n > 0 ? shed_extras_others_db(j) : (double)NAN;
  for (int e = 0; e < j->target.n_events; e++) {
    weigh(j, e, others_db);
  }
}
