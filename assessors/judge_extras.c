// About this file: notes that are not in the music, each once: as the path has them, or as the ear heard them beside it. What is a tail,
// a neighbour or talk is told by judge_extras_odds.c; what is a note of the music begun, missed or given up, here.
#include "assessors/judge_extras.h"

#include <math.h>
#include <stdlib.h>

static const double EXTRA_SHARE      = .5; ///< of one other pitch
static const double EXTRA_LEAST_S    = .06;
static const double SAME_PITCH       = .6; ///< semitones
static const double EXTRA_ATTACK     = .2;
static const double AGAIN_SURE       = .6; ///< of a note that was struck twice
static const double EXTRA_ODDS       = 0;  ///< even
static const float  LOOSE_CONFIDENCE = .4F;
static const double LOOSE_LEAST_S    = .08;
static const double STRUCK_LEAST_S   = .04; ///< of what rises as mallets do
static const double STRUCK_RISE_DB   = 10;
static const double SAME_NOTE_S      = .12; ///< path and ear
static const double BETTER_SHARE     = .6;  ///< of the ear's note within what the path has
static const double BESIDE_S         = .02; ///< it may overlap with a segment by so much
// Of one that the path has in one with the note before it.
static const double JOINED_AFTER_S = .1; ///< of that note at least
static const double JOINED_END_S   = .1;
static const double JOINED_SHARE   = .4;
static const double BEFORE_SHARE   = .5;  ///< of what sounds before it has that note's pitch
static const double JOINED_LONG_S  = .25; ///< or so much of it: the last note rings on
static const double JOINED_RISE_DB = 5;   ///< what rings on changes its pitch too, but does not rise
static const double ANOTHER_PITCH  = .75; ///< semitones
// Of an attempt that was given up.
static const double NEXT_NEAR_S     = .12; ///< from where the next note was due
static const double NEXT_NEAR_SHARE = .25; ///< of the way to it
// Of one that the path has none of, but as extra notes before a long wait.
static const double ATTEMPT_WAIT_S     = .45;
static const double ATTEMPT_NEAR_S     = .08; ///< from where its note was due
static const double ATTEMPT_NEAR_SHARE = .1;
enum {
  NEXT_FEW     = 2, ///< notes that an attempt may have gone on to
  ATTEMPT_MOST = 6
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

/// Begins there a sound of the player's that is a note by itself?
static bool
is_players_own(const shed_extras *l, int around, const shed_extra_sound *h)
{
  enum { REACH = 4 };
  return shed_extras_attack_near(l->j, h->onset_s, REACH) >= EXTRA_ATTACK &&
         shed_extras_odds(l, h) >= EXTRA_ODDS && !shed_extras_near_ornament(l->j, around) &&
         !shed_extras_is_speaking(l->j, h);
}

/// A row of a list that is no note of the music: nothing of it is in doubt.
static shed_status
judge_given_extra(shed_extras *l, const shed_segment *s)
{
  const shed_heard_note *n     = &l->j->take->notes[s->row];
  shed_extra_note        x     = {(double)n->onset_s, n->midi, s->row, (double)n->confidence};
  int                    event = shed_extras_missing_here(l->j, s->event, x.onset_s);
  if (shed_extras_near_ornament(l->j, s->event)) {
    return SHED_OK;
  }
  if (event >= 0) {
    shed_extras_take_as_wrong(l->j, event, &x, (double)n->offset_s);
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

static shed_extra_sound
sound_at(const shed_judged *j, size_t i, double taken_midi)
{
  const shed_segment *s     = &j->path.segments[i];
  const double        start = shed_segment_start_s(j, s);
  const double        end   = start + (s->end - s->start) * j->evidence.hop_s;
  const shed_measure  m     = shed_measure_pitch(j->take, &j->levels, start, end, taken_midi, j->centre);
  return (shed_extra_sound){.onset_s     = start,
                            .end_s       = end,
                            .midi        = m.other_midi + m.other_cents / 100,
                            .before_midi = shed_judge_pitch_before(j, (int)i, m.other_midi),
                            .level_db    = m.level_db,
                            .heard       = m.confidence * m.other_share,
                            .share       = m.other_share,
                            .length_s    = m.sound_s,
                            .before      = (int)i - 1,
                            .after       = (int)i + 1,
                            .taken_midi  = taken_midi};
}

bool
shed_extras_sound_of_segment(const shed_extras *l, size_t i, shed_extra_sound *out)
{
  const shed_segment *s = &l->j->path.segments[i];
  if (s->kind != SHED_STEP_EXTRA || s->row >= 0) {
    return false;
  }
  *out = sound_at(l->j, i, s->lane);
  return out->length_s >= EXTRA_LEAST_S && out->share >= EXTRA_SHARE;
}

int
shed_extras_attempted(const shed_extras *l, size_t i)
{
  const shed_judged      *j    = l->j;
  const shed_segment     *s    = j->path.segments;
  const shed_align_event *ev   = j->target.events;
  size_t                  from = i, next = i;
  shed_extra_sound        h;
  while (from > 0 && s[from].kind == SHED_STEP_EXTRA) {
    from--;
  }
  while (next < j->path.n && s[next].kind == SHED_STEP_EXTRA) {
    next++;
  }
  if (s[from].kind == SHED_STEP_EXTRA || next >= j->path.n || s[next].kind != SHED_STEP_NEXT ||
      !shed_extras_sound_of_segment(l, i, &h) || shed_extras_odds(l, &h) < EXTRA_ODDS) {
    return -1;
  }
  const double began = shed_segment_start_s(j, &s[from]), period = (double)s[from].period;
  const double due = (ev[s[next].event].at_s - ev[s[from].event].at_s) * period;
  if (shed_segment_start_s(j, &s[next]) - began - due < ATTEMPT_WAIT_S) {
    return -1;
  }
  for (int e = s[from].event + 1; e <= s[from].event + ATTEMPT_MOST && e < j->target.n_events; e++) {
    const double at = (ev[e].at_s - ev[s[from].event].at_s) * period;
    if (fabs(h.onset_s - began - at) <= fmax(ATTEMPT_NEAR_S, ATTEMPT_NEAR_SHARE * at) &&
        fabs(remainder(h.midi - ev[e].pitch, 12)) <= SAME_PITCH) {
      return e;
    }
  }
  return -1;
}

shed_status
shed_extras_again(shed_extras *l, size_t i)
{
  const shed_judged     *j = l->j;
  const shed_segment    *s = &j->path.segments[i];
  const shed_extra_sound h = sound_at(j, i, j->target.events[s->event].pitch);
  const shed_extra_note  x = {h.onset_s, j->target.events[s->event].main_midi, -1, AGAIN_SURE};
  return s->row >= 0 || shed_extras_odds(l, &h) >= EXTRA_ODDS ? shed_extras_add(l, &x) : SHED_OK;
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

/// Where it began: where the ear has it before the path, as long as the two speak of one sound.
static double
onset_of(const shed_judged *j, const shed_extra_sound *h, int take_index)
{
  const shed_heard_note *n = take_index >= 0 ? &j->take->notes[take_index] : NULL;
  return n && (double)n->onset_s < h->onset_s && (double)n->onset_s >= h->onset_s - SAME_NOTE_S &&
                 fabs(n->midi - h->midi) <= SAME_PITCH
             ? (double)n->onset_s
             : h->onset_s;
}

/// One that is told already began to speak an octave off; or it is the same.
static bool
is_told(shed_verdict *v, const shed_extra_note *x)
{
  for (size_t i = 0; i < v->n_extras; i++) {
    if (fabs(v->extras[i].onset_s - x->onset_s) <= SAME_NOTE_S && (v->extras[i].midi - x->midi) % 12 == 0) {
      v->extras[i].onset_s = fmin(v->extras[i].onset_s, x->onset_s);
      return true;
    }
  }
  return false;
}

/// What was found not to be the music's and to be the player's: in the place of a note that is missed, or an extra one.
static shed_status
add_sound(shed_extras *l, int around, const shed_extra_sound *h, int take_index)
{
  const shed_extra_note x     = {onset_of(l->j, h, take_index), (int)lround(h->midi), take_index, h->heard};
  const int             event = shed_extras_missing_here(l->j, around, h->onset_s);
  if (is_told(&l->j->v, &x)) {
    return SHED_OK;
  }
  if (event >= 0) {
    shed_extras_take_as_wrong(l->j, event, &x, h->end_s);
    return SHED_OK;
  }
  return shed_extras_is_of_music(l->j, h, &x) ? SHED_OK : shed_extras_add(l, &x);
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
  if (!shed_extras_sound_of_segment(l, i, &h) || is_of_given_up(j, i) || shed_extras_attempted(l, i) >= 0 ||
      !is_players_own(l, s->event, &h)) {
    return SHED_OK;
  }
  return add_sound(l, s->event, &h, note_over(j, h.onset_s, h.end_s));
}

/// The path has an extra note there, but none that is of one pitch and the player's: the ear may know better. The note before may go on,
/// though.
static bool
is_better_heard(const shed_extras *l, size_t i, const shed_extra_sound *h)
{
  const shed_segment *s     = &l->j->path.segments[i];
  const double        start = shed_segment_start_s(l->j, s);
  const double        over  = fmin(h->end_s, start + (s->end - s->start) * l->j->evidence.hop_s) - h->onset_s;
  const double        off   = remainder(h->midi - l->j->target.events[s->event].pitch, 12);
  shed_extra_sound    its;
  if (s->kind != SHED_STEP_EXTRA ||
      (fabs(off) <= SAME_PITCH && shed_extras_rise_db(l->j, h->onset_s) < JOINED_RISE_DB) ||
      h->onset_s < start - SAME_NOTE_S || over < BETTER_SHARE * (h->end_s - h->onset_s)) {
    return false;
  }
  return !shed_extras_sound_of_segment(l, i, &its) ||
         (fabs(its.midi - h->midi) > SAME_PITCH && shed_extras_odds(l, &its) < EXTRA_ODDS);
}

/// The path has it in one with the note before it, whose pitch stands until it begins, and is not heard again after it.
static bool
is_joined(const shed_judged *j, const shed_segment *s, const shed_extra_sound *h, double end, double next)
{
  const double start = shed_segment_start_s(j, s), asked = j->target.events[s->event].pitch;
  const double apart = fabs(h->midi - asked);
  if (s->kind == SHED_STEP_EXTRA || h->onset_s < start + JOINED_AFTER_S || h->end_s < end - JOINED_END_S ||
      h->end_s > next + JOINED_END_S ||
      fmin(h->end_s, end) - h->onset_s < fmin(JOINED_SHARE * (h->end_s - h->onset_s), JOINED_LONG_S) ||
      apart < ANOTHER_PITCH || fabs(remainder(apart, 12)) < ANOTHER_PITCH) {
    return false;
  }
  const shed_measure m = shed_measure_ear(j->take, &j->levels, start, h->onset_s, asked, j->centre);
  return m.share >= BEFORE_SHARE && shed_extras_rise_db(j, h->onset_s) >= JOINED_RISE_DB;
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
  const bool          last  = *at + 1 == j->path.n;
  const double        next  = last ? (double)INFINITY : shed_segment_start_s(j, s + 1);
  const double        prior = j->target.events[s->event].pitch;
  *out                      = (shed_extra_sound){.onset_s     = from,
                                                 .end_s       = to,
                                                 .midi        = n->midi + (double)n->cents / 100,
                                                 .before_midi = fabs(prior - n->midi) < .75 ? (double)NAN : prior,
                                                 .level_db    = (double)n->level_db,
                                                 .heard       = (double)n->confidence,
                                                 .share       = 1,
                                                 .length_s    = to - from,
                                                 .before      = (int)*at,
                                                 .after       = (int)*at + 1,
                                                 .taken_midi  = n->midi,
                                                 .by_ear      = true};
  const double least_s      = shed_extras_rise_db(j, from) >= STRUCK_RISE_DB ? STRUCK_LEAST_S : LOOSE_LEAST_S;
  if (n->midi < 0 || n->confidence < LOOSE_CONFIDENCE || to - from < least_s) {
    return false;
  }
  return (!last && from >= end - BESIDE_S && to <= next + BESIDE_S) || is_better_heard(l, *at, out) ||
         is_joined(j, s, out, end, next);
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
    const bool       own = shed_extras_sound_of_note(l, k, &at, &h)
                               ? is_players_own(l, j->path.segments[at].event, &h)
                               : shed_extras_is_struck(l, k, at, &h);
    if (own) {
      st = add_sound(l, j->path.segments[at].event, &h, (int)k);
    }
  }
  return st;
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
  shed_extras_drop_notes(j);
  if (j->v.n_extras > 1) {
    qsort(j->v.extras, j->v.n_extras, sizeof(*j->v.extras), compare_extras);
  }
}
