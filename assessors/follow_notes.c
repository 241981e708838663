// About this file: from the ways to what is told. A note is told once every way that may still win holds it; what it was is
// measured as the whole-take judge measures it, on what has been heard so far, and with wider margins: red only where a note
// has sounded long enough and plainly, else it is told as heard, without a colour.
#include "assessors/follow_internal.h"

#include <math.h>
#include <string.h>

enum {
  SAME_FRAMES   = 25, ///< a start moved by less is the same attempt
  SOON_FRAMES   = 2,
  WAIT_FRAMES   = 30, ///< so long a note waits for a colour
  SETTLE_FRAMES = 10, ///< into the next note
  JUMP_FRAMES   = 15,
  HOLD_FRAMES   = 2,
  LINE_LEAST    = 4,
  TUNING_LEAST  = 3,
  RUN_LEAST     = 3, ///< notes heard right before a jump that is told
  MISSED_MOST   = 2
};

static const float  AGREED = 2.F; ///< in the unit of evidence: ways worse than the best by this do not count
static const float  AGREED_SOON = .4F; // for a note that is right
static const double RED_AGREED  = 4;
static const float  JUMP_AGREED = 3.F;
static const double FIT_S       = 1.2;
static const float  LOST_BELOW  = .3F;
static const float  FOUND_FROM  = .6F;
// labels while it sounds
static const double HEARD_LEAST_S = .05;
static const double GHOST_S       = .03; ///< with less sound than this a segment is in a silence
static const double READ_SHARE    = .5;
static const double BENT_READ     = .75;
static const double INSIDE_CENTS  = 3;
static const double FAINT_DB      = 9;
static const double USABLE_CENTS  = 100;
static const double TUNING_MOST   = 40;
static const double TUNING_GAIN   = .1;
// time
static const double SAME_ONSET_S  = .06;
static const float  ONSET_SURE    = .3F;
static const double GUARD_MS      = 30;
static const double GUARD_PATH_MS = 60; ///< where the ear has not told an onset
static const double WAITED_S      = .45;
static const double SLOPE_PRIOR   = .6;

// -- the ways agree ------------------------------------------------------------------------------------------------

static bool
holds(const follow_way *w, const follow_segment *s)
{
  for (int i = -1; i < w->n_before; i++) {
    const follow_segment *o = i < 0 ? &w->now : &w->before[i];
    if (o->event == s->event && o->kind != SHED_STEP_EXTRA && o->start - s->start <= SAME_FRAMES &&
        s->start - o->start <= SAME_FRAMES) {
      return true;
    }
    if (o->start < s->start - SAME_FRAMES) {
      break;
    }
  }
  return false;
}

/// How far the best way without this segment lies behind.
static float
margin(const shed_follow *f, const follow_segment *s)
{
  const float top  = f->ways[f->top].now_value;
  float       best = top - 100.F;
  for (int h = 0; h < f->n_ways; h++) {
    if (f->ways[h].now_value > best && !holds(&f->ways[h], s)) {
      best = f->ways[h].now_value;
    }
  }
  return fmaxf(top - best, 0);
}

// -- what a note was -----------------------------------------------------------------------------------------------

typedef struct {
  shed_pitch_label  pitch;
  shed_timing_label timing;
  double            cents, onset_s, error_ms, confidence, level_db;
  bool              tells_tuning, silent;
  double            off_cents; ///< from the written pitch at A4 = 440
} found;

static int
note_of(const shed_follow *f, int event)
{
  const shed_align_event *ev = &f->target.events[event];
  return f->target.notes[ev->first + ev->count - 1];
}

static bool
is_free_pitch(const shed_follow *f, int event)
{
  const unsigned flags = f->target.events[event].flags;
  return (flags & (SHED_NOTE_TRILL | SHED_NOTE_TREMOLO | SHED_NOTE_GLISS)) ||
         f->target.events[event].count > 1;
}

static bool
is_asked(const shed_follow *f, int event)
{
  return !(f->target.events[event].flags & (SHED_NOTE_NO_ASSESS | SHED_NOTE_GHOST));
}

/// From when on a note is red.
typedef struct {
  double sound_s;     ///< so long it has sounded
  double share;       ///< wrong: at most so much of it is the pitch asked for
  double other_share; ///< and so much is another one
  double bent_guard;  ///< sharp or flat: beyond the line
  double bent_spread; ///< as steadily
} red_rules;

static const red_rules RED_EARLY = {.15, .15, .75, 10, 40};
static const red_rules RED_LATER = {.10, .25, .6, 5, 60}; // when it has ended

static shed_pitch_label
label_red(const shed_follow *f, const shed_measure *m, double cents, const red_rules *r)
{
  const double a     = fabs(cents);
  const bool   tuned = f->n_tuning >= TUNING_LEAST || !f->takes_off;
  if (m->share < r->share && m->other_share >= r->other_share) {
    return SHED_PITCH_WRONG;
  }
  if (tuned && m->read >= BENT_READ && m->spread <= r->bent_spread && a >= f->line_cents + r->bent_guard) {
    return a > f->far_cents ? SHED_PITCH_WRONG : cents > 0 ? SHED_PITCH_SHARP : SHED_PITCH_FLAT;
  }
  return SHED_PITCH_NONE;
}

static shed_pitch_label
label_pitch(const shed_follow *f, int event, const shed_measure *m, double cents, bool ended)
{
  const red_rules *r = ended ? &RED_LATER : &RED_EARLY;
  if (f->lost || !is_asked(f, event) || m->sound_s < HEARD_LEAST_S ||
      m->level_db < (double)f->levels.player_db - FAINT_DB) {
    return SHED_PITCH_NONE;
  }
  if (m->read >= READ_SHARE && m->share >= READ_SHARE && fabs(cents) <= f->line_cents - INSIDE_CENTS) {
    return SHED_PITCH_CORRECT;
  }
  return m->sound_s >= r->sound_s && !is_free_pitch(f, event) ? label_red(f, m, cents, r) : SHED_PITCH_NONE;
}

/// The onset that the ear told near the path's, if it has.
static double
heard_onset(const shed_follow *f, double at)
{
  double best = NAN;
  int    n    = f->n_onsets < FOLLOW_ONSETS ? f->n_onsets : FOLLOW_ONSETS;
  for (int i = 0; i < n; i++) {
    double t = (double)f->onsets[i].time_s;
    if (fabs(t - at) <= SAME_ONSET_S && f->onsets[i].confidence >= ONSET_SURE &&
        !(fabs(t - at) >= fabs(best - at))) {
      best = t;
    }
  }
  return best;
}

/// Where the beat puts this event: a line through the last notes of the run. NaN while there is none.
static double
expected_s(const shed_follow *f, int event)
{
  const double at = f->target.events[event].at_s;
  if (isfinite(f->opts.click_start_s)) {
    return f->opts.click_start_s + at;
  }
  if (f->n_line < LINE_LEAST || isnan(f->period)) {
    return NAN;
  }
  double sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (int i = 0; i < f->n_line; i++) {
    sx += f->line[i].at_s;
    sy += f->line[i].onset_s;
  }
  sx /= f->n_line;
  sy /= f->n_line;
  for (int i = 0; i < f->n_line; i++) {
    sxx += (f->line[i].at_s - sx) * (f->line[i].at_s - sx);
    sxy += (f->line[i].at_s - sx) * (f->line[i].onset_s - sy);
  }
  double slope = (sxy + SLOPE_PRIOR * f->period) / (sxx + SLOPE_PRIOR);
  double left[FOLLOW_LINE], w[FOLLOW_LINE];
  for (int i = 0; i < f->n_line; i++) {
    left[i] = f->line[i].onset_s + slope * (at - f->line[i].at_s);
    w[i]    = 1;
  }
  return shed_weighted_median(left, w, (size_t)f->n_line, .5);
}

/// Does the beat that is known reach to this note? It does not over a jump.
static bool
after_beat(const shed_follow *f, const follow_segment *s)
{
  return isfinite(f->opts.click_start_s) || (s->kind != SHED_STEP_JUMP && s->event >= f->line_event);
}

static shed_timing_label
label_timing(const shed_follow *f, int event, double error_ms, bool told)
{
  enum { FREE = SHED_NOTE_RIT | SHED_NOTE_ARPEGGIO | SHED_NOTE_WAIT };
  const shed_align_event *ev    = &f->target.events[event];
  const bool              after = event > 0 && (ev[-1].flags & (SHED_NOTE_FERMATA | SHED_NOTE_WAIT));
  if (isnan(error_ms) || fabs(error_ms) > WAITED_S * 1000 || f->lost || (ev->flags & FREE) || after) {
    return SHED_TIMING_NONE;
  }
  if (fabs(error_ms) <= SHED_LINE_MS) {
    return SHED_TIMING_ON_TIME;
  }
  if (fabs(error_ms) <= SHED_LINE_MS + (told ? GUARD_MS : GUARD_PATH_MS)) {
    return SHED_TIMING_NONE;
  }
  return error_ms > 0 ? SHED_TIMING_LATE : SHED_TIMING_EARLY;
}

/// @param end frame at which the note ends or until which it is known.
static found
measure(const shed_follow *f, const follow_way *w, const follow_segment *s, int end, bool ended)
{
  const shed_take take    = follow_take(f);
  const double    from_s  = follow_s(s->start - f->base);
  const double    until_s = follow_s(end - f->base);
  const double    centre  = f->tuning_cents / 100;
  const double    midi    = f->target.events[s->event].pitch + f->shifts[w->shift];
  shed_measure    m       = shed_measure_pitch(&take, &f->levels, from_s, until_s, midi + centre, NULL);
  found           r       = {.onset_s = follow_s(s->start), .error_ms = NAN};
  const double    told    = heard_onset(f, r.onset_s);
  r.off_cents             = m.cents + f->tuning_cents;
  r.cents                 = f->takes_off ? m.cents : r.off_cents;
  r.level_db              = m.level_db;
  r.pitch                 = label_pitch(f, s->event, &m, r.cents, ended);
  r.onset_s               = isnan(told) ? r.onset_s : told;
  r.error_ms              = after_beat(f, s) ? (r.onset_s - expected_s(f, s->event)) * 1000 : (double)NAN;
  r.timing = is_asked(f, s->event) ? label_timing(f, s->event, r.error_ms, !isnan(told)) : SHED_TIMING_NONE;
  r.confidence = (.3 + .7 * m.confidence) * fmax(m.share, m.other_share) *
                 (1 - exp(-(double)margin(f, s) / (double)AGREED));
  if (r.pitch > SHED_PITCH_CORRECT && (double)margin(f, s) < (ended ? RED_AGREED / 2 : RED_AGREED)) {
    r.pitch = SHED_PITCH_NONE; // it may have been another note after all
  }
  r.silent       = m.sound_s < GHOST_S;
  r.tells_tuning = m.read >= READ_SHARE && fabs(r.off_cents) <= USABLE_CENTS && m.sound_s >= HEARD_LEAST_S;
  return r;
}

// -- what it teaches -----------------------------------------------------------------------------------------------

static void
learn_tuning(shed_follow *f, const found *r)
{
  if (!r->tells_tuning ||
      (f->n_tuning >= TUNING_LEAST && fabs(r->off_cents - f->tuning_cents) > USABLE_CENTS / 2)) {
    return;
  }
  f->n_tuning++;
  double gain = fmax(TUNING_GAIN, 1. / f->n_tuning);
  double step = r->off_cents - f->tuning_cents;
  // the first notes say it by themselves; later one that is off moves it little
  step            = f->n_tuning > TUNING_LEAST ? fmin(fmax(step, -20), 20) : step;
  f->tuning_cents = fmin(fmax(f->tuning_cents + gain * step, -TUNING_MOST), TUNING_MOST);
}

static void
learn_beat(shed_follow *f, const follow_segment *s, double onset_s)
{
  const double at = f->target.events[s->event].at_s;
  if (f->n_line > 0) {
    const follow_beat *last   = &f->line[f->n_line - 1];
    const double       period = isnan(f->period) ? 1 : f->period;
    const double       waited = onset_s - last->onset_s - (at - last->at_s) * period;
    if (s->event <= f->line_event || s->kind == SHED_STEP_JUMP || fabs(waited) > WAITED_S) {
      f->n_line = 0;
    }
  }
  if (f->n_line == FOLLOW_LINE) {
    memmove(f->line, f->line + 1, (FOLLOW_LINE - 1) * sizeof(f->line[0]));
    f->n_line--;
  }
  f->line[f->n_line++] = (follow_beat){at, onset_s};
  f->line_event        = s->event;
}

// -- telling -------------------------------------------------------------------------------------------------------

static double
tempo_of(const shed_follow *f)
{
  double quarters = f->prompt->tempo_bpm > 0 ? f->prompt->tempo_bpm : f->prompt->line.tempo_bpm;
  return isnan(f->period) ? (double)NAN : quarters / f->period;
}

static shed_follow_event
event_at(const shed_follow *f, const follow_way *w, shed_follow_kind kind, int event)
{
  const int                 index = note_of(f, event);
  const shed_sounding_note *n     = &f->prompt->line.notes[index];
  return (shed_follow_event){.kind           = kind,
                             .index          = index,
                             .pass           = n->pass,
                             .attempt        = f->told[event].attempt > 0 ? f->told[event].attempt : 1,
                             .from_index     = -1,
                             .cents          = NAN,
                             .onset_s        = NAN,
                             .onset_error_ms = NAN,
                             .confidence     = NAN,
                             .beat           = shed_beat_quarters(n->onset_beats),
                             .tempo_bpm      = tempo_of(f),
                             .tuning_cents   = f->tuning_cents,
                             .shift          = w ? f->shifts[w->shift] : 0};
}

static void
tell_note(shed_follow *f, const follow_way *w, shed_follow_kind kind, int event, const found *r)
{
  shed_follow_event e = event_at(f, w, kind, event);
  e.pitch             = r->pitch;
  e.timing            = r->timing;
  e.cents             = r->cents;
  e.onset_s           = r->onset_s;
  e.onset_error_ms    = r->error_ms;
  e.confidence        = r->confidence;
  follow_emit(f, &e);
  follow_told *t = &f->told[event];
  t->pitch       = r->pitch;
  t->timing      = r->timing;
  t->onset_s     = r->onset_s;
  t->cents       = r->cents;
  t->stage       = kind == SHED_FOLLOW_PROVISIONAL ? 1 : 2;
}

/// Could it be told that this note was left out before the note @p next? Of a note on the pitch of one beside it never.
static bool
shows_when_missed(const shed_follow *f, int event, int next)
{
  const shed_align_event *ev = &f->target.events[event];
  return !ev->same_as_before && ev->main_midi != f->target.events[next].main_midi && ev->count == 1 &&
         is_asked(f, event);
}

static void
tell_absent(shed_follow *f, const follow_way *w, shed_follow_kind kind, int event, bool missed)
{
  const found r = {.pitch      = missed ? SHED_PITCH_MISSED : SHED_PITCH_NONE,
                   .cents      = NAN,
                   .onset_s    = NAN,
                   .error_ms   = NAN,
                   .confidence = missed ? .8 : .4};
  tell_note(f, w, kind, event, &r);
  f->told[event].stage = 2;
}

/// What lies between two notes that were heard plainly; and a note that the way has put into the silence before this one.
static void
tell_missed(shed_follow *f, const follow_way *w, const follow_segment *before, const follow_segment *s)
{
  const follow_told *a = &f->told[before->event];
  if (s->kind != SHED_STEP_NEXT || f->told[s->event].pitch != SHED_PITCH_CORRECT) {
    return;
  }
  if (a->ghost && a->pitch == SHED_PITCH_NONE && s->event == before->event + 1) {
    if (shows_when_missed(f, before->event, s->event)) {
      tell_absent(f, w, SHED_FOLLOW_REVISED, before->event, true);
    }
    return;
  }
  if (s->event - before->event - 1 > MISSED_MOST || a->pitch != SHED_PITCH_CORRECT) {
    return;
  }
  for (int e = before->event + 1; e < s->event; e++) {
    if (f->told[e].start <= before->start) {
      f->told[e].start = s->start;
      f->told[e].attempt++;
      tell_absent(f, w, SHED_FOLLOW_PROVISIONAL, e, shows_when_missed(f, e, s->event));
    }
  }
}

static void
look_again(shed_follow *f, const follow_way *w, const follow_segment *s, const follow_segment *before)
{
  follow_told *t    = &f->told[s->event];
  const found  r    = measure(f, w, s, s->end, true);
  const bool   same = r.pitch == t->pitch && r.timing == t->timing;
  tell_note(f, w, same ? SHED_FOLLOW_CONFIRMED : SHED_FOLLOW_REVISED, s->event, &r);
  t->ghost = r.silent;
  if (!r.silent) {
    learn_beat(f, s, r.onset_s);
  }
  if (r.pitch == SHED_PITCH_CORRECT) {
    f->n_run++;
    f->soft_db[f->n_soft++ % FOLLOW_LEVELS] = (float)r.level_db;
  }
  if (before) {
    tell_missed(f, w, before, s);
  }
}

/// A way's segment @p i, -1 the open one. @return NULL beyond what it remembers.
static const follow_segment *
segment_at(const follow_way *w, int i)
{
  return i < 0 ? &w->now : i < w->n_before ? &w->before[i] : NULL;
}

static const follow_segment *
note_before(const follow_way *w, int i)
{
  const follow_segment *s = NULL;
  do {
    s = segment_at(w, ++i);
  } while (s && s->kind == SHED_STEP_EXTRA);
  return s;
}

static void
tell_jump(shed_follow *f, const follow_way *w, const follow_segment *s, const follow_segment *before)
{
  if (s->kind != SHED_STEP_JUMP || s->start <= f->jump_at || f->at - s->start < JUMP_FRAMES || !before ||
      margin(f, s) < JUMP_AGREED) {
    return;
  }
  f->jump_at = s->start;
  // where little was recognised before it, somebody else was heard: then the position is put right and nothing else told
  const bool believed = f->n_run >= RUN_LEAST;
  f->n_run            = 0;
  if (!believed) {
    return;
  }
  shed_follow_event e = event_at(f, w, SHED_FOLLOW_JUMP, s->event);
  e.from_index        = note_of(f, before->event);
  e.onset_s           = follow_s(s->start);
  follow_emit(f, &e);
}

static bool
is_right(const shed_follow *f, const follow_way *w, const follow_segment *s, int until)
{
  return measure(f, w, s, until, false).pitch == SHED_PITCH_CORRECT;
}

static void
tell_segment(shed_follow *f, const follow_way *w, int i, bool end)
{
  const follow_segment *s = segment_at(w, i), *next = i < 0 ? NULL : segment_at(w, i - 1);
  const int             age = f->at - s->start;
  if (s->kind == SHED_STEP_EXTRA || (age < SOON_FRAMES && !end) || s->start < f->base) {
    return;
  }
  const follow_segment *before = note_before(w, i);
  follow_told          *t      = &f->told[s->event];
  const bool            over   = next != NULL || end;
  const int             until  = over ? s->end : f->base + f->n;
  tell_jump(f, w, s, before);
  if (t->start < 0 || s->start - t->start > SAME_FRAMES) {
    const float agreed = end ? AGREED : margin(f, s);
    // a note that is plainly right does not wait for the last doubt; one that may yet turn out to have been left out does
    if (agreed < AGREED_SOON || (agreed < AGREED && !is_right(f, w, s, until))) {
      return;
    }
    t->start = s->start;
    t->stage = 0;
    t->attempt++;
  } else if (t->start - s->start > SAME_FRAMES || t->stage == 2) {
    return;
  }
  if (t->stage == 0) {
    found r = measure(f, w, s, until, false);
    if (r.timing != SHED_TIMING_ON_TIME && !end && margin(f, s) < AGREED) {
      r.timing =
          SHED_TIMING_NONE; // told soon: whether it was early or late is told when it is looked at again
    }
    if (r.pitch != SHED_PITCH_NONE || age >= WAIT_FRAMES || over) {
      f->period = w->known_s > 0 || f->prompt->tempo_bpm > 0 ? (double)w->period : (double)NAN;
      learn_tuning(f, &r);
      tell_note(f, w, SHED_FOLLOW_PROVISIONAL, s->event, &r);
    }
  }
  if (t->stage == 1 && (end || (next && f->at - next->start >= SETTLE_FRAMES && margin(f, next) >= AGREED))) {
    look_again(f, w, s, before);
  }
}

static void
tell_position(shed_follow *f, const follow_way *w)
{
  if (w->now.kind == SHED_STEP_EXTRA || w->now.event == f->position) {
    f->position_seen = -1;
    return;
  }
  if (f->position_seen != w->now.event) {
    f->position_seen  = w->now.event;
    f->position_since = f->at;
  }
  if (f->at - f->position_since >= HOLD_FRAMES) {
    f->position         = w->now.event;
    f->period           = w->known_s > 0 || f->prompt->tempo_bpm > 0 ? (double)w->period : (double)NAN;
    shed_follow_event e = event_at(f, w, SHED_FOLLOW_POSITION, w->now.event);
    e.onset_s           = follow_s(w->now.start);
    follow_emit(f, &e);
  }
}

/// Does what sounds belong to where the player seems to be?
static void
track_fit(shed_follow *f, const follow_way *w)
{
  const shed_frame *fr = &f->frames[f->at - 1 - f->base];
  if (!fr->voiced || fr->level_db < f->levels.player_db - (float)FAINT_DB) {
    return;
  }
  const int  lane = f->target.events[w->now.event].lane[0];
  const int  row  = lane < 0 ? -1 : lane + f->shifts[w->shift] * SHED_LANE_STEPS;
  const bool fits = w->now.kind != SHED_STEP_EXTRA && row >= 0 && row < SHED_LANE_COUNT && f->row[row] > 0;
  f->fits += ((fits ? 1.F : 0.F) - f->fits) * (float)(SHED_FRAME_HOP_S / FIT_S);
  if (f->lost ? f->fits >= FOUND_FROM : f->fits < LOST_BELOW) {
    f->lost             = !f->lost;
    shed_follow_event e = event_at(f, w, f->lost ? SHED_FOLLOW_LOST : SHED_FOLLOW_FOUND, w->now.event);
    follow_emit(f, &e);
  }
}

void
follow_tell(shed_follow *f, bool end)
{
  if (f->top < 0) {
    return;
  }
  const follow_way *w = &f->ways[f->top];
  if (!end) {
    track_fit(f, w);
    tell_position(f, w);
  }
  for (int i = w->n_before - 1; i >= -1; i--) {
    tell_segment(f, w, i, end);
  }
}
