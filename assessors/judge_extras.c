// About this file: notes that are not in the music, each once: as the path has them, or as the ear heard them beside it. What is a tail,
// a neighbour or talk is told by judge_extras_odds.c; what is a note of the music begun, missed or given up, here.
#include "assessors/judge_extras.h"

#include <math.h>
#include <stdlib.h>

static const double EXTRA_SHARE   = .5; ///< of one other pitch
static const double EXTRA_LEAST_S = .06;
static const double EXTRA_ATTACK  = .3;
static const double EXTRA_ODDS =
    .3; ///< above even: a false accusation costs more than an extra note that was let pass
static const double NEW_ATTACK       = .5;  ///< a note that is struck again is another one
static const double SURELY_EARLY_MS  = 66;  ///< the line of on time and the ear's own spread
static const double SAME_SLOT_S      = .15; ///< an extra where a note is missing is that note, wrongly played
static const double SAME_SLOT_SHARE  = .45; ///< and within this share of its length
static const double SAME_PITCH       = .6;  ///< semitones
static const float  LOOSE_CONFIDENCE = .4F;
static const double LOOSE_LEAST_S    = .08;
static const double BESIDE_S         = .02; ///< it may overlap with a segment by so much
// Of some instruments a note speaks an octave off at first.
static const double SPEAKS_BEFORE_S = .1, SPEAKS_AFTER_S = .03;
static const double OCTAVE_NEAR = .7; ///< semitones
// Of an attempt that was given up.
static const double NEXT_NEAR_S     = .12; ///< from where the next note was due
static const double NEXT_NEAR_SHARE = .25; ///< of the way to it
static const double SLID_SEMITONES  = 2.2; ///< a wrong note that settles: so far at most
enum {
  ORNAMENT = SHED_NOTE_TRILL | SHED_NOTE_TREMOLO | SHED_NOTE_GLISS | SHED_NOTE_GRACE | SHED_NOTE_ARPEGGIO |
             SHED_NOTE_FLAM,
  NEXT_FEW = 2 ///< notes that an attempt may have gone on to
};

shed_status
shed_extras_add(shed_extras *l, const shed_extra_note *x)
{
  shed_verdict *v  = &l->j->v;
  shed_status   st = shed_grow(l->j->alloc, (void **)&v->extras, &l->cap, v->n_extras, sizeof(*v->extras));
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
  int at    = shed_line_index(j, event),
      until = event + 1 < j->target.n_events ? shed_line_index(j, event + 1) : (int)j->prompt->line.n_notes;
  for (int i = at > 0 ? at - 1 : 0; i < until; i++) {
    if (j->prompt->line.notes[i].flags & ORNAMENT) {
      return true;
    }
  }
  return false;
}

/// The strongest attack around a moment.
static double
attack_near(const shed_judged *j, double at_s, int reach)
{
  const int at     = (int)lround((at_s / SHED_FRAME_HOP_S - j->evidence.first) / j->evidence.step);
  double    attack = 0;
  for (int i = at > reach ? at - reach : 0; i <= at + reach && i < j->evidence.n; i++) {
    attack = fmax(attack, (double)j->evidence.attack[i]);
  }
  return attack;
}

/// Is it how a note of the music begins to speak: an octave, a twelfth or two octaves off, where that note begins?
static bool
is_speaking(const shed_judged *j, int around, const shed_extra_sound *h)
{
  static const double off[] = {12, 19, 24};
  for (int e = around > 0 ? around - 1 : 0; e <= around + 2 && e < j->target.n_events; e++) {
    const shed_found *f = &j->found[e];
    if (f->segment < 0 || f->onset_s < h->onset_s - SPEAKS_BEFORE_S ||
        f->onset_s > h->end_s + SPEAKS_AFTER_S) {
      continue;
    }
    for (size_t i = 0; i < SHED_COUNTOF(off); i++) {
      if (fabs(fabs(h->midi - j->target.events[e].pitch) - off[i]) < OCTAVE_NEAR) {
        return true;
      }
    }
  }
  return false;
}

/// Begins there a sound of the player's that is a note by itself?
static bool
is_players_own(const shed_extras *l, int around, const shed_extra_sound *h)
{
  enum { REACH = 4 };
  return attack_near(l->j, h->onset_s, REACH) >= EXTRA_ATTACK && shed_extras_odds(l, h) >= EXTRA_ODDS &&
         !is_speaking(l->j, around, h) && !near_ornament(l->j, around);
}

/// A note that is missed, and whose place this sound takes. @return event, or -1.
static int
missing_here(const shed_judged *j, int around, double at_s)
{
  for (int e = around - 2 > 0 ? around - 2 : 0; e <= around + 3 && e < j->target.n_events; e++) {
    const shed_found *f = &j->found[e];
    double near = fmax(SAME_SLOT_S, SAME_SLOT_SHARE * j->target.events[e].length_s * (double)j->guess.period);
    if (fabs(f->expected_s - at_s) <= near && j->v.notes[shed_line_index(j, e)].pitch == SHED_PITCH_MISSED) {
      return e;
    }
  }
  return -1;
}

static void
take_as_wrong(shed_judged *j, int event, const shed_extra_note *x, double end_s)
{
  int                index = shed_line_index(j, event);
  shed_note_verdict *v     = &j->v.notes[index];
  if (fabs(x->midi - j->target.events[event].pitch) <= SAME_PITCH) {
    v->pitch = SHED_PITCH_UNSURE; // its own pitch, which the path did not take for it
    return;
  }
  v->pitch          = SHED_PITCH_WRONG;
  v->played_midi    = x->midi;
  v->cents          = (x->midi - j->prompt->line.notes[index].midi - j->target.shift) * 100.;
  v->onset_s        = x->onset_s;
  v->offset_s       = end_s;
  v->onset_error_ms = (x->onset_s - v->expected_onset_s) * 1000;
  v->take_index     = x->take_index;
  v->confidence     = x->confidence;
}

/// A row of a list that is no note of the music: nothing of it is in doubt.
static shed_status
judge_given_extra(shed_extras *l, const shed_segment *s)
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
  return shed_extras_add(l, &x);
}

/// Was the next note, or the one after it, due when this one came, or has it the pitch of one of them? The attempt went on by it.
static bool
goes_on(const shed_judged *j, size_t from, size_t i)
{
  const shed_segment     *a = &j->path.segments[from], *s = &j->path.segments[i];
  const shed_align_event *ev     = j->target.events;
  const double            waited = shed_segment_start_s(j, s) - shed_segment_start_s(j, a);
  for (int e = a->event + 1; e <= a->event + NEXT_FEW && e < j->target.n_events; e++) {
    const double due = (ev[e].at_s - ev[a->event].at_s) * (double)a->period;
    if (fabs(waited - due) <= fmax(NEXT_NEAR_S, NEXT_NEAR_SHARE * due) ||
        fabs(s->lane - ev[e].pitch) <= SAME_PITCH) {
      return true;
    }
  }
  return false;
}

/// Of an attempt that was given up: in the place of one of its notes, or the last that came before going back. It belongs to the restart.
static bool
is_of_given_up(const shed_judged *j, size_t i)
{
  const shed_segment *s    = j->path.segments;
  size_t              from = i, next = i + 1, jump;
  while (from > 0 && s[from].kind == SHED_STEP_EXTRA) {
    from--;
  }
  while (next < j->path.n && s[next].kind == SHED_STEP_EXTRA) {
    next++;
  }
  for (jump = next; jump < j->path.n && s[jump].kind != SHED_STEP_JUMP; jump++) {
  }
  if (jump >= j->path.n || s[from].kind == SHED_STEP_EXTRA || s[jump].event > s[i].event) {
    return false;
  }
  return next == jump ? goes_on(j, from, i) : s[next].event > s[i].event + 1;
}

bool
shed_extras_sound_of_segment(const shed_extras *l, size_t i, shed_extra_sound *out)
{
  const shed_judged  *j = l->j;
  const shed_segment *s = &j->path.segments[i];
  if (s->kind != SHED_STEP_EXTRA || s->row >= 0) {
    return false;
  }
  const double       start = shed_segment_start_s(j, s);
  const double       end   = start + (s->end - s->start) * j->evidence.hop_s;
  const shed_measure m     = shed_measure_pitch(j->take, &j->levels, start, end, s->lane, j->centre);
  *out                     = (shed_extra_sound){.onset_s     = start,
                                                .end_s       = end,
                                                .midi        = m.other_midi + m.other_cents / 100,
                                                .before_midi = shed_judge_pitch_before(j, (int)i, m.other_midi),
                                                .level_db    = m.level_db,
                                                .heard       = m.confidence * m.other_share,
                                                .length_s    = m.sound_s};
  return m.sound_s >= EXTRA_LEAST_S && m.other_share >= EXTRA_SHARE;
}

/// The ear's note that a stretch of the take is more than half of; -1.
static int
note_over(const shed_judged *j, double start_s, double end_s)
{
  for (size_t k = 0; k < j->take->n_notes; k++) {
    const shed_heard_note *n = &j->take->notes[k];
    if (fmin(end_s, (double)n->offset_s) - fmax(start_s, (double)n->onset_s) > .5 * (end_s - start_s)) {
      return (int)k;
    }
  }
  return -1;
}

/// What was found not to be the music's and to be the player's: in the place of a note that is missed, or an extra one.
static shed_status
add_sound(shed_extras *l, int around, const shed_extra_sound *h, int take_index)
{
  const shed_extra_note x     = {h->onset_s, (int)lround(h->midi), take_index, h->heard};
  const int             event = missing_here(l->j, around, h->onset_s);
  if (event >= 0) {
    take_as_wrong(l->j, event, &x, h->end_s);
    return SHED_OK;
  }
  return shed_extras_add(l, &x);
}

shed_status
shed_extras_of_segment(shed_extras *l, size_t i)
{
  shed_judged        *j = l->j;
  const shed_segment *s = &j->path.segments[i];
  shed_extra_sound    h;
  if (s->row >= 0) {
    return judge_given_extra(l, s);
  }
  if (!shed_extras_sound_of_segment(l, i, &h) || is_of_given_up(j, i) || !is_players_own(l, s->event, &h)) {
    return SHED_OK;
  }
  return add_sound(l, s->event, &h, note_over(j, h.onset_s, h.end_s));
}

bool
shed_extras_sound_of_note(const shed_extras *l, size_t k, size_t *at, shed_extra_sound *out)
{
  const shed_judged     *j    = l->j;
  const shed_heard_note *n    = &j->take->notes[k];
  const double           from = (double)n->onset_s, to = (double)n->offset_s;
  while (*at + 1 < j->path.n && shed_segment_start_s(j, &j->path.segments[*at + 1]) <= from) {
    (*at)++;
  }
  const shed_segment *s     = &j->path.segments[*at];
  const double        end   = shed_segment_start_s(j, s) + (s->end - s->start) * j->evidence.hop_s;
  const double        next  = *at + 1 < j->path.n ? shed_segment_start_s(j, s + 1) : 0;
  const double        prior = j->target.events[s->event].pitch;
  *out                      = (shed_extra_sound){.onset_s     = from,
                                                 .end_s       = to,
                                                 .midi        = n->midi + (double)n->cents / 100,
                                                 .before_midi = fabs(prior - n->midi) < .75 ? (double)NAN : prior,
                                                 .level_db    = (double)n->level_db,
                                                 .heard       = (double)n->confidence,
                                                 .length_s    = to - from};
  return n->midi >= 0 && n->confidence >= LOOSE_CONFIDENCE && to - from >= LOOSE_LEAST_S &&
         from >= end - BESIDE_S && to <= next + BESIDE_S;
}

shed_status
shed_extras_loose(shed_extras *l)
{
  const shed_judged *j  = l->j;
  size_t             at = 0;
  shed_status        st = SHED_OK;
  if (j->path.n == 0 || j->path.segments[0].row >= 0) {
    return SHED_OK; // of a list each row has a segment
  }
  for (size_t k = 0; k < j->take->n_notes && st == SHED_OK; k++) {
    shed_extra_sound h;
    if (shed_extras_sound_of_note(l, k, &at, &h) && is_players_own(l, j->path.segments[at].event, &h)) {
      st = add_sound(l, j->path.segments[at].event, &h, (int)k);
    }
  }
  return st;
}

/// A wrong note that settled on its pitch after its first moments: that pitch, and as long as the ear heard it.
static void
settle_wrong(shed_judged *j, shed_note_verdict *v, const shed_extra_note *x)
{
  const shed_sounding_note *n = &j->prompt->line.notes[v->index];
  v->pitch                    = SHED_PITCH_WRONG;
  v->played_midi              = x->midi;
  v->cents                    = (x->midi - n->midi - j->target.shift) * 100.;
  v->offset_s                 = fmax(v->offset_s, (double)j->take->notes[x->take_index].offset_s);
  v->length                   = shed_judge_length(n, v->expected_duration_s, v->offset_s - v->onset_s,
                                                  v->index + 1 == (int)j->v.n_notes);
}

/// A sound that the ear took as one note with one of the line's: it is that note and no other. Its first part was read as
/// something else, because it came before its time or because the whole of it is another pitch.
static bool
belongs_to_a_note(shed_judged *j, const shed_extra_note *x)
{
  enum { REACH = 2 };
  for (size_t i = 0; i < j->v.n_notes && x->take_index >= 0; i++) {
    shed_note_verdict *v = &j->v.notes[i];
    if (v->take_index != x->take_index) {
      continue;
    }
    if ((v->pitch == SHED_PITCH_WRONG || v->pitch == SHED_PITCH_UNSURE) && x->onset_s > v->onset_s &&
        v->played_midi != x->midi && fabs((double)v->played_midi - x->midi) <= SLID_SEMITONES &&
        x->midi != j->prompt->line.notes[i].midi + j->target.shift) {
      settle_wrong(j, v, x);
      return true;
    }
    if (v->played_midi != x->midi) {
      continue;
    }
    if (x->onset_s >= v->onset_s) {
      return true;
    }
    if (attack_near(j, v->onset_s, REACH) >= NEW_ATTACK) {
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

shed_extras
shed_extras_begin(shed_judged *j)
{
  return (shed_extras){.j = j, .others_db = shed_extras_others_db(j)};
}

void
shed_extras_end(shed_extras *l)
{
  shed_judged *j = l->j;
  drop_what_belongs_to_notes(j);
  if (j->v.n_extras > 1) {
    qsort(j->v.extras, j->v.n_extras, sizeof(*j->v.extras), compare_extras);
  }
}
