// About this file: what happened between the notes: extra notes, restarts, hesitations, skips, stops, drift.
#include "assessors/align_cost.h"
#include "assessors/judge.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double EXTRA_SHARE     = .6; ///< of one other pitch
static const double EXTRA_LEAST_S   = .06;
static const double EXTRA_BELOW_DB  = 8; ///< below the player's usual note it may be a tail or another player
static const double EXTRA_OVER_DB   = 1.5; ///< over what is likely not the player's
static const double EXTRA_ALONE_DB  = 10;  ///< where nobody else sounds
static const double OVER_OTHERS_DB  = 4;
static const double OTHERS_BELOW_DB = 8;   ///< at least so far below the player's usual note
static const double RINGS_ON_S      = .35; ///< a note's end in a room
static const double BEFORE_NOTE_S   = .06;
static const float  OTHERS_SURE     = .6F;
static const double OTHERS_TOP      = .1;  ///< of what others sound is louder
static const double EXTRA_RISE_DB   = .7;  ///< else it is the tail of something
static const double BESIDE_DB       = 13;  ///< others are so near
static const double RISE_BESIDE_DB  = 2.6; ///< then what is heard changes without a new note, too
static const double EXTRA_STROKE    = .7;  ///< or it is struck while another rings
static const double EXTRA_HEARD     = .7;  ///< confidence times share
static const double EXTRA_ATTACK    = .3;
static const double NEW_ATTACK      = .5; ///< a note that is struck again is another one
static const double SURELY_EARLY_MS = 66; ///< the line of on time and the ear's own spread
static const double EXTRA_SURE      = .7;
static const double NOISY_SNR_DB    = 14;
static const double EXTRA_NOISY_S   = .15;
static const double SAME_SLOT_S     = .15; ///< an extra where a note is missing is that note, wrongly played
static const double SAME_SLOT_SHARE = .45; ///< and within this share of its length
static const double HESITATION_S    = .45;
static const double HESITATION_SHARE = .5; ///< of the interval as well
static const double DRIFT_CENTS      = 35;
static const double PACE_CHANGED     = .08; ///< from the first half to the second
static const double IN_TEMPO_S       = .2;  ///< a bar that is played twice goes on without a stop
static const float  LOOSE_CONFIDENCE = .7F;
static const double LOOSE_LEAST_S    = .1;
// By how its harmonics compare with the player's own notes; where that is known, a climb of them is a beginning although the
// loudness of the whole room hardly rises. Of rendered extra notes nine in ten lie above -3.4 dB and climb by 15 dB and more.
static const double OWN_BELOW_DB  = 4;  ///< at least,
static const double OWN_SPREADS   = 2;  ///< or so many times what his notes differ by,
static const double OWN_OF_OTHERS = .6; ///< or so far on the way to what others sound
static const double OWN_MOST_DB   = 10;
static const double OWN_CLIMB_DB  = 12;
static const double OWN_UNLIKE_DB = 8; ///< then the two are not to be compared
static const double OUTSIDE_MOST =
    7; ///< semitones beyond what is asked: beside others it is not surely the player's
enum {
  ORNAMENT = SHED_NOTE_TRILL | SHED_NOTE_TREMOLO | SHED_NOTE_GLISS | SHED_NOTE_GRACE | SHED_NOTE_ARPEGGIO |
             SHED_NOTE_FLAM,
  OTHERS_BINS     = 120,
  OTHERS_LEAST    = 20, ///< frames of somebody else
  FREE_LEAST      = 40, ///< frames without the player, to say that there is nobody
  RISE_BEFORE     = 4,  ///< frames
  RISE_AFTER      = 12,
  SKIP_LEAST      = 3, ///< events left out in one place are a skip
  STOP_LEAST      = 2,
  CONFIRMED_LEAST = 2 ///< notes after a jump that make it believable
};

typedef struct {
  shed_judged *j;
  double       others_db; ///< level of what others sound; -inf: there are none; NaN: nothing tells
  size_t       cap_extras, cap_restarts, cap_hesitations, cap_incidents;
} lists;

static int
line_index(const shed_judged *j, int event)
{
  return j->target.notes[j->target.events[event].first];
}

static shed_status
add_incident(lists *l, const char *kind, double at_s, int from, int to, double amount)
{
  shed_verdict *v  = &l->j->v;
  shed_status   st = shed_grow(l->j->alloc, (void **)&v->incidents, &l->cap_incidents, v->n_incidents,
                               sizeof(*v->incidents));
  if (st != SHED_OK) {
    return st;
  }
  shed_incident *in = &v->incidents[v->n_incidents++];
  *in               = (shed_incident){.at_s = at_s, .from_index = from, .to_index = to, .amount = amount};
  snprintf(in->kind, sizeof(in->kind), "%s", kind);
  return SHED_OK;
}

static shed_status
add_extra(lists *l, const shed_extra_note *x)
{
  shed_verdict *v = &l->j->v;
  shed_status   st =
      shed_grow(l->j->alloc, (void **)&v->extras, &l->cap_extras, v->n_extras, sizeof(*v->extras));
  if (st == SHED_OK) {
    v->extras[v->n_extras++] = *x;
  }
  return st;
}

static bool
near_ornament(const shed_judged *j, int event)
{
  const shed_align_event *ev   = j->target.events;
  bool                    here = (ev[event].flags & ORNAMENT) != 0;
  bool                    next = event + 1 < j->target.n_events && (ev[event + 1].flags & ORNAMENT) != 0;
  if (here || next) {
    return true;
  }
  // grace notes are no events: they stand in the line before their principal note
  int at    = line_index(j, event),
      until = event + 1 < j->target.n_events ? line_index(j, event + 1) : (int)j->prompt->line.n_notes;
  for (int i = at > 0 ? at - 1 : 0; i < until; i++) {
    if (j->prompt->line.notes[i].flags & ORNAMENT) {
      return true;
    }
  }
  return false;
}

/// How far the level climbs from just before a moment to just after it, dB.
static double
rise_at(const shed_judged *j, double at_s)
{
  long   at   = lround(at_s / SHED_FRAME_HOP_S);
  double from = 0, to = -120;
  for (long i = at - RISE_BEFORE; i < at + RISE_AFTER; i++) {
    if (i >= 0 && i < (long)j->take->n_frames) {
      double level = (double)j->take->frames[i].level_db;
      from         = i < at ? fmin(from, level) : from;
      to           = i >= at ? fmax(to, level) : to;
    }
  }
  return to - from;
}

/// What sounds where the path has nothing, and no note rings on: the level of other people, learnt where the player rests.
static double
level_of_others(const shed_judged *j)
{
  int    bins[OTHERS_BINS] = {0}, n = 0, free_frames = 0;
  size_t at     = 0;
  double rested = -1; // s from where on the note before has died away
  for (int t = 0; t < j->evidence.n; t++) {
    const shed_frame *f = &j->take->frames[j->evidence.first + t * j->evidence.step];
    const double      s = ((double)j->evidence.first + (double)t * j->evidence.step) * SHED_FRAME_HOP_S;
    for (; at < j->path.n && j->path.segments[at].start <= t; at++) {
      rested = s + (j->path.segments[at].end - j->path.segments[at].start) * j->evidence.hop_s + RINGS_ON_S;
    }
    bool soon = at < j->path.n && (j->path.segments[at].start - t) * j->evidence.hop_s < BEFORE_NOTE_S;
    if (s < rested || soon) {
      continue;
    }
    free_frames += j->evidence.step;
    if (f->voiced && f->confidence >= OTHERS_SURE && f->level_db >= j->levels.silent_db) {
      int bin = (int)fmin(fmax(-(double)f->level_db, 0), OTHERS_BINS - 1);
      bins[bin] += j->evidence.step;
      n += j->evidence.step;
    }
  }
  if (n < OTHERS_LEAST) {
    return free_frames >= FREE_LEAST ? -(double)INFINITY : (double)NAN;
  }
  int seen = 0, bin = 0;
  while (seen + bins[bin] <= OTHERS_TOP * n) {
    seen += bins[bin++];
  }
  return -(double)bin;
}

/// The softest that an extra note may be.
static double
least_level(const lists *l)
{
  const shed_judged *j = l->j;
  if (isinf(l->others_db)) {
    return j->usual_db - EXTRA_ALONE_DB;
  }
  double least = fmax(j->usual_db - EXTRA_BELOW_DB, (double)j->levels.player_db + EXTRA_OVER_DB);
  double others =
      fmin(l->others_db, j->usual_db - OTHERS_BELOW_DB); // louder: notes of the player that were not found
  return isnan(l->others_db) ? least : fmax(least, others + OVER_OTHERS_DB);
}

typedef struct {
  double onset_s, end_s, midi;
  double before_midi; ///< what sounded until then; NaN
  double level_db, confidence, length_s;
} heard;

static bool
is_alone(const lists *l)
{
  return isinf(l->others_db) || isnan(l->others_db);
}

/// How far below the player's own an extra note may lie.
static double
own_below_db(const lists *l)
{
  const double own = fmax(OWN_BELOW_DB, OWN_SPREADS * l->j->own.sd_db);
  return is_alone(l) ? OWN_MOST_DB
                     : fmin(fmax(own, OWN_OF_OTHERS * (l->j->usual_db - l->others_db)), OWN_MOST_DB);
}

/// Does it sound as the player's notes do? @param[out] begins whether its harmonics climb there.
static bool
sounds_as_own(const lists *l, const heard *h, bool *begins)
{
  const shed_judged *j = l->j;
  const double       outside =
      fmax(j->target.lowest + j->target.shift - h->midi, h->midi - j->target.highest - j->target.shift);
  if (!is_alone(l) && outside > OUTSIDE_MOST) {
    return false;
  }
  shed_own_sound s = shed_own_compare(&j->own, j->take, h->midi, h->onset_s, h->end_s, h->before_midi, -1);
  *begins          = s.known && s.climb_db >= OWN_CLIMB_DB;
  return !s.known || s.spread_db > OWN_UNLIKE_DB || s.level_db >= -own_below_db(l);
}

/// Level, attack and length as the player's own notes have them.
static bool
is_players_own(const lists *l, const heard *h)
{
  const shed_judged *j  = l->j;
  int                at = (int)lround((h->onset_s / SHED_FRAME_HOP_S - j->evidence.first) / j->evidence.step);
  double             attack = 0, stroke = 0;
  bool               begins = false;
  for (int i = at > 4 ? at - 4 : 0; i <= at + 4 && i < j->evidence.n; i++) {
    attack = fmax(attack, (double)j->evidence.attack[i]);
    stroke = fmax(stroke, (double)j->evidence.stroke[i]);
  }
  bool noisy =
      (double)j->take->snr_db < NOISY_SNR_DB || j->usual_db - (double)j->levels.floor_db < NOISY_SNR_DB;
  double rise = l->others_db >= j->usual_db - BESIDE_DB ? RISE_BESIDE_DB : EXTRA_RISE_DB;
  return h->level_db >= least_level(l) && attack >= EXTRA_ATTACK && h->confidence >= EXTRA_SURE &&
         (!noisy || h->length_s >= EXTRA_NOISY_S) && sounds_as_own(l, h, &begins) &&
         (begins || rise_at(j, h->onset_s) >= rise || stroke >= EXTRA_STROKE);
}

/// A note that was not found, and whose place this sound takes. @return event, or -1.
static int
missing_here(const shed_judged *j, int around, double at_s)
{
  for (int e = around - 2 > 0 ? around - 2 : 0; e <= around + 3 && e < j->target.n_events; e++) {
    const shed_found *f = &j->found[e];
    double near = fmax(SAME_SLOT_S, SAME_SLOT_SHARE * j->target.events[e].length_s * (double)j->guess.period);
    if (f->segment < 0 && fabs(f->expected_s - at_s) <= near &&
        j->v.notes[line_index(j, e)].pitch == SHED_PITCH_MISSED) {
      return e;
    }
  }
  return -1;
}

static void
take_as_wrong(shed_judged *j, int event, const shed_extra_note *x, double end_s)
{
  int                index = line_index(j, event);
  shed_note_verdict *v     = &j->v.notes[index];
  v->pitch                 = SHED_PITCH_WRONG;
  v->played_midi           = x->midi;
  v->cents                 = (x->midi - j->prompt->line.notes[index].midi - j->target.shift) * 100.;
  v->onset_s               = x->onset_s;
  v->offset_s              = end_s;
  v->onset_error_ms        = (x->onset_s - v->expected_onset_s) * 1000;
  v->take_index            = x->take_index;
  v->confidence            = x->confidence;
}

/// A row of a list that is no note of the music: nothing of it is in doubt.
static shed_status
judge_given_extra(lists *l, const shed_segment *s)
{
  const shed_heard_note *n     = &l->j->take->notes[s->row];
  shed_extra_note        x     = {(double)n->onset_s, n->midi, s->row, (double)n->confidence};
  int                    event = missing_here(l->j, s->event, x.onset_s);
  if (near_ornament(l->j, s->event)) {
    return SHED_OK;
  }
  if (event >= 0) {
    take_as_wrong(l->j, event, &x, (double)n->offset_s);
    return SHED_OK;
  }
  return add_extra(l, &x);
}

static shed_status
judge_extra(lists *l, size_t i)
{
  shed_judged        *j = l->j;
  const shed_segment *s = &j->path.segments[i];
  if (s->row >= 0) {
    return judge_given_extra(l, s);
  }
  double       start = shed_segment_start_s(j, s);
  double       end   = start + (s->end - s->start) * j->evidence.hop_s;
  shed_measure m     = shed_measure_pitch(j->take, &j->levels, start, end, s->lane, j->centre);
  heard        h     = {.onset_s     = start,
                        .end_s       = end,
                        .midi        = m.other_midi + m.other_cents / 100,
                        .before_midi = shed_judge_pitch_before(j, (int)i, m.other_midi),
                        .level_db    = m.level_db,
                        .confidence  = m.confidence,
                        .length_s    = m.sound_s};
  if (m.sound_s < EXTRA_LEAST_S || m.other_share < EXTRA_SHARE ||
      m.confidence * m.other_share < EXTRA_HEARD || !is_players_own(l, &h) || near_ornament(j, s->event)) {
    return SHED_OK;
  }
  shed_extra_note x = {
      .onset_s = start, .midi = m.other_midi, .take_index = -1, .confidence = m.confidence * m.other_share};
  for (size_t k = 0; k < j->take->n_notes; k++) {
    const shed_heard_note *n = &j->take->notes[k];
    if (fmin(end, (double)n->offset_s) - fmax(start, (double)n->onset_s) > .5 * (end - start)) {
      x.take_index = (int)k;
      break;
    }
  }
  int event = missing_here(j, s->event, start);
  if (event >= 0) {
    take_as_wrong(j, event, &x, end);
    return SHED_OK;
  }
  return add_extra(l, &x);
}

// -- jumps ---------------------------------------------------------------------------------------------------------

/// Events confirmed by sound from segment @p i on, before the next jump.
static int
confirmed_after(const shed_judged *j, size_t i)
{
  int n = 0;
  for (size_t k = i; k < j->path.n && (k == i || j->path.segments[k].kind != SHED_STEP_JUMP); k++) {
    const shed_segment *s = &j->path.segments[k];
    n += s->kind != SHED_STEP_EXTRA && s->lane == 0 ? 1 : 0;
  }
  return n;
}

/// How long after the moment at which the next note would have come, s.
static double
waited_before(const shed_judged *j, int from, double from_s, double at_s, double period)
{
  const shed_align_event *ev     = &j->target.events[from];
  double                  length = from + 1 < j->target.n_events ? (ev + 1)->at_s - ev->at_s : ev->length_s;
  return at_s - from_s - length * period;
}

/// Whole bars again, without a stop, and not to mend anything: the player's eyes went back to the wrong line. A restart stops
/// first, or begins anew inside a bar.
static bool
is_repeat(const shed_judged *j, int from, double from_s, const shed_segment *s)
{
  const shed_align_event *ev = j->target.events;
  if (from == j->target.n_events - 1 && s->event == 0) {
    return true;
  }
  double waited = waited_before(j, from, from_s, shed_segment_start_s(j, s), (double)s->period);
  return ev[s->event].bar_start && from + 1 < j->target.n_events && ev[from + 1].bar_start &&
         fabs(waited) <= IN_TEMPO_S;
}

static shed_status
judge_jump(lists *l, size_t i, int from, double from_s)
{
  shed_judged        *j  = l->j;
  const shed_segment *s  = &j->path.segments[i];
  shed_verdict       *v  = &j->v;
  double              at = shed_segment_start_s(j, s);
  if (s->event > from) {
    return add_incident(l, "skip", at, line_index(j, from + 1), line_index(j, s->event - 1),
                        s->event - from - 1);
  }
  if (confirmed_after(j, i) < CONFIRMED_LEAST && s->event != from) {
    return SHED_OK;
  }
  // one note again: struck twice, or, after a break, begun anew from there
  bool rested = waited_before(j, from, from_s, at, (double)s->period) >= SHED_BREAK_S;
  if (s->event == from && !(rested && confirmed_after(j, i) >= CONFIRMED_LEAST)) {
    shed_extra_note x = {
        .onset_s = at, .midi = j->target.events[from].main_midi, .take_index = -1, .confidence = .6};
    return add_extra(l, &x);
  }
  if (is_repeat(j, from, from_s, s)) {
    return add_incident(l, "repeat", at, line_index(j, from), line_index(j, s->event), from + 1 - s->event);
  }
  shed_status st =
      shed_grow(j->alloc, (void **)&v->restarts, &l->cap_restarts, v->n_restarts, sizeof(*v->restarts));
  if (st == SHED_OK) {
    v->restarts[v->n_restarts++] =
        (shed_restart){.at_s = at, .from_index = line_index(j, from), .to_index = line_index(j, s->event)};
  }
  return st;
}

static shed_status
judge_step(lists *l, size_t i, int from, double from_s)
{
  shed_judged        *j  = l->j;
  const shed_segment *s  = &j->path.segments[i];
  shed_verdict       *v  = &j->v;
  double              at = shed_segment_start_s(j, s);
  double      expected = (j->target.events[s->event].at_s - j->target.events[from].at_s) * (double)s->period;
  double      waited   = at - from_s - expected;
  shed_status st       = SHED_OK;
  enum { FREE = SHED_NOTE_FERMATA | SHED_NOTE_RIT | SHED_NOTE_WAIT };
  bool free_time = ((j->target.events[from].flags | j->target.events[s->event].flags) & FREE) != 0;
  if (s->event - from - 1 >= SKIP_LEAST) {
    st = add_incident(l, "skip", at, line_index(j, from + 1), line_index(j, s->event - 1),
                      s->event - from - 1);
  }
  if (st != SHED_OK || free_time || waited <= HESITATION_S || waited <= HESITATION_SHARE * expected) {
    return st;
  }
  st = shed_grow(j->alloc, (void **)&v->hesitations, &l->cap_hesitations, v->n_hesitations,
                 sizeof(*v->hesitations));
  if (st == SHED_OK) {
    v->hesitations[v->n_hesitations++] =
        (shed_hesitation){.at_s = at, .before_index = line_index(j, s->event), .length_s = waited};
  }
  return st;
}

// -- the ends, and the rest ----------------------------------------------------------------------------------------

/// Going to the beginning from a wrong start is that wrong start, told once.
static void
drop_restart_of_start(shed_verdict *v, int start_index)
{
  for (size_t i = 0; i < v->n_restarts; i++) {
    if (v->restarts[i].to_index < start_index) {
      memmove(&v->restarts[i], &v->restarts[i + 1], (v->n_restarts - i - 1) * sizeof(*v->restarts));
      v->n_restarts--;
      return;
    }
  }
}

/// A tempo of one's own that moves; what is marked to move does.
static shed_status
judge_pace(lists *l, int first, int last)
{
  shed_judged *j = l->j;
  double       from, to;
  if (!shed_judge_pace(j, &from, &to) || fabs(log(to / from)) < PACE_CHANGED) {
    return SHED_OK;
  }
  return add_incident(l, "tempo_drift", NAN, line_index(j, first), line_index(j, last), to / from - 1);
}

static shed_status
judge_other_place(lists *l)
{
  const int s = l->j->guess.hint_shift;
  return s ? add_incident(l, s % 12 ? "other_key" : "other_octave", NAN, -1, -1, s) : SHED_OK;
}

static shed_status
judge_ends(lists *l)
{
  shed_judged *j     = l->j;
  int          first = -1, last = -1, n = j->target.n_events;
  shed_status  st = SHED_OK;
  for (int e = 0; e < n; e++) {
    if (j->found[e].segment >= 0) {
      first = first < 0 ? e : first;
      last  = e;
    }
  }
  if (first < 0) {
    return SHED_OK;
  }
  if (first > 0) {
    st = add_incident(l, "late_start", j->found[first].onset_s, line_index(j, 0), line_index(j, first - 1),
                      first);
  } else if (j->path.segments[0].event >= STOP_LEAST) {
    st = add_incident(l, "wrong_start", shed_segment_start_s(j, &j->path.segments[0]),
                      line_index(j, j->path.segments[0].event), 0, j->path.segments[0].event);
    drop_restart_of_start(&j->v, line_index(j, j->path.segments[0].event));
  }
  if (st == SHED_OK && n - 1 - last >= STOP_LEAST) {
    st = add_incident(l, "early_stop", j->found[last].offset_s, line_index(j, last + 1), line_index(j, n - 1),
                      n - 1 - last);
  }
  if (st == SHED_OK && !j->prompt->fixed_pitch && fabs(j->drift_cents) >= DRIFT_CENTS) {
    st = add_incident(l, "drift", NAN, line_index(j, first), line_index(j, last), j->drift_cents);
  }
  if (st == SHED_OK && (st = judge_pace(l, first, last)) == SHED_OK) {
    st = judge_other_place(l);
  }
  return st;
}

/// Notes of the ear that no segment covers, between the first and the last note found.
static shed_status
judge_loose_notes(lists *l)
{
  shed_judged *j  = l->j;
  size_t       at = 0;
  shed_status  st = SHED_OK;
  if (j->path.n > 0 && j->path.segments[0].row >= 0) {
    return SHED_OK; // each row has a segment
  }
  for (size_t k = 0; k < j->take->n_notes && j->path.n > 0 && st == SHED_OK; k++) {
    const shed_heard_note *n    = &j->take->notes[k];
    double                 from = (double)n->onset_s, to = (double)n->offset_s;
    while (at + 1 < j->path.n && shed_segment_start_s(j, &j->path.segments[at + 1]) <= from) {
      at++;
    }
    const shed_segment *s     = &j->path.segments[at];
    double              end   = shed_segment_start_s(j, s) + (s->end - s->start) * j->evidence.hop_s;
    double              next  = at + 1 < j->path.n ? shed_segment_start_s(j, s + 1) : 0;
    const double        prior = j->target.events[s->event].pitch;
    heard               h     = {.onset_s     = from,
                                 .end_s       = to,
                                 .midi        = n->midi + (double)n->cents / 100,
                                 .before_midi = fabs(prior - n->midi) < .75 ? (double)NAN : prior,
                                 .level_db    = (double)n->level_db,
                                 .confidence  = (double)n->confidence,
                                 .length_s    = to - from};
    if (n->midi >= 0 && n->confidence >= LOOSE_CONFIDENCE && to - from >= LOOSE_LEAST_S &&
        from >= end - .02 && to <= next + .02 && is_players_own(l, &h) && !near_ornament(j, s->event)) {
      shed_extra_note x = {
          .onset_s = from, .midi = n->midi, .take_index = (int)k, .confidence = (double)n->confidence};
      int e = missing_here(j, s->event, from);
      if (e >= 0) {
        take_as_wrong(j, e, &x, to);
      } else {
        st = add_extra(l, &x);
      }
    }
  }
  return st;
}

/// A sound that the ear took as one note with one of the line's: it is that note and no other. Its first part was read as
/// something else, because it came before its time or because the whole of it is another pitch.
static bool
belongs_to_a_note(shed_judged *j, const shed_extra_note *x)
{
  for (size_t i = 0; i < j->v.n_notes && x->take_index >= 0; i++) {
    shed_note_verdict *v = &j->v.notes[i];
    if (v->take_index != x->take_index || v->played_midi != x->midi) {
      continue;
    }
    int    at     = (int)lround((v->onset_s / SHED_FRAME_HOP_S - j->evidence.first) / j->evidence.step);
    double attack = 0;
    for (int k = at > 2 ? at - 2 : 0; k <= at + 2 && k < j->evidence.n; k++) {
      attack = fmax(attack, (double)j->evidence.attack[k]);
    }
    if (x->onset_s >= v->onset_s) {
      return true;
    }
    if (attack >= NEW_ATTACK) {
      return false; // struck again
    }
    v->onset_s        = x->onset_s;
    v->onset_error_ms = (x->onset_s - v->expected_onset_s) * 1000;
    if (v->timing != SHED_TIMING_NONE && v->onset_error_ms < -SURELY_EARLY_MS) {
      v->timing = SHED_TIMING_EARLY;
    }
    return true;
  }
  return false;
}

static void
drop_what_belongs_to_notes(shed_judged *j)
{
  size_t n = 0;
  for (size_t i = 0; i < j->v.n_extras; i++) {
    if (!belongs_to_a_note(j, &j->v.extras[i])) {
      j->v.extras[n++] = j->v.extras[i];
    }
  }
  j->v.n_extras = n;
}

static int
compare_extras(const void *a, const void *b)
{
  const shed_extra_note *x = a, *y = b;
  if (x->onset_s != y->onset_s) {
    return x->onset_s < y->onset_s ? -1 : 1;
  }
  return (x->midi > y->midi) - (x->midi < y->midi);
}

shed_status
shed_judge_events(shed_judged *j)
{
  lists       l    = {.j = j, .others_db = level_of_others(j)};
  shed_status st   = SHED_OK;
  int         from = -1;
  double      at   = 0;
  for (size_t i = 0; i < j->path.n && st == SHED_OK; i++) {
    const shed_segment *s = &j->path.segments[i];
    if (s->kind == SHED_STEP_EXTRA) {
      st = judge_extra(&l, i);
      continue;
    }
    if (s->kind == SHED_STEP_JUMP && from >= 0) {
      st = judge_jump(&l, i, from, at);
    } else if (from >= 0) {
      st = judge_step(&l, i, from, at);
    }
    from = s->event;
    at   = shed_segment_start_s(j, s);
  }
  if (st == SHED_OK && (st = judge_loose_notes(&l)) == SHED_OK) {
    st = judge_ends(&l);
  }
  drop_what_belongs_to_notes(j);
  if (j->v.n_extras > 1) {
    qsort(j->v.extras, j->v.n_extras, sizeof(*j->v.extras), compare_extras);
  }
  return st;
}
