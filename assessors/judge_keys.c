// About this file: takes whose notes are known and need not be heard: a keyboard's, a list. Where the path says which moment of
// the music is played when, each note of a chord is looked up among the keys that went down then. So chords are judged in
// full, and nothing of it is in doubt.
#include "assessors/judge.h"

#include <math.h>
#include <stdlib.h>

static const double BEFORE_S =
    0.12; ///< a chord's keys go down so much before and after its first found onset
static const double AFTER_S = 0.18;
static const double GAP_SHARE =
    0.45;                  ///< but never more than this much of the way to the neighbouring moments
enum { WRONG_STEPS = 12 }; ///< semitones within which another key stands for the one that was asked

typedef struct {
  shed_judged *j;
  bool        *used; ///< one a note of the take: it is some note of a chord
} keys;

// The next segment before (step -1) or behind (step 1) that is a moment of the music; NaN without.
static double
neighbour_s(const shed_judged *j, int segment, int step)
{
  for (int i = segment + step; i >= 0 && i < (int)j->path.n; i += step) {
    if (j->path.segments[i].kind != SHED_STEP_EXTRA) {
      return shed_segment_start_s(j, &j->path.segments[i]);
    }
  }
  return NAN;
}

// The times between which keys belong to an event.
static void
window_of(const shed_judged *j, int event, double *from, double *to)
{
  const shed_found *f      = &j->found[event];
  double            before = neighbour_s(j, f->segment, -1);
  double            behind = neighbour_s(j, f->segment, 1);
  *from                    = isnan(before) ? f->onset_s - BEFORE_S
                                           : fmax(f->onset_s - BEFORE_S, f->onset_s - GAP_SHARE * fabs(f->onset_s - before));
  *to                      = isnan(behind) ? f->onset_s + AFTER_S
                                           : fmin(f->onset_s + AFTER_S, f->onset_s + GAP_SHARE * fabs(behind - f->onset_s));
}

static size_t
first_from(const shed_take *take, double from)
{
  size_t lo = 0, hi = take->n_notes;
  while (lo < hi) {
    size_t mid = lo + (hi - lo) / 2;
    if ((double)take->notes[mid].onset_s < from) {
      lo = mid + 1;
    } else {
      hi = mid;
    }
  }
  return lo;
}

// The free key in the window that is nearest to a pitch, within so many semitones; -1 none.
static int
nearest_key(const keys *k, double from, double to, int midi, int within)
{
  const shed_take *take = k->j->take;
  int              best = -1, best_off = within + 1;
  for (size_t i = first_from(take, from); i < take->n_notes && (double)take->notes[i].onset_s <= to; i++) {
    int off = abs(take->notes[i].midi - midi);
    if (!k->used[i] && take->notes[i].midi >= 0 && off < best_off) {
      best     = (int)i;
      best_off = off;
    }
  }
  return best;
}

static void
take_key(const keys *k, shed_note_verdict *v, int row, int asked)
{
  const shed_heard_note *n = &k->j->take->notes[row];
  k->used[row]             = true;
  v->pitch                 = n->midi == asked ? SHED_PITCH_CORRECT : SHED_PITCH_WRONG;
  v->take_index            = row;
  v->played_midi           = n->midi;
  v->offset_s              = (double)n->offset_s;
  v->cents                 = (n->midi - asked) * 100.0;
  v->confidence            = (double)n->confidence;
}

// Each key has its own length: a melody moves on over a chord that is held. The moment's is that of its longest note.
static void
label_own_length(const shed_judged *j, const shed_align_event *ev, shed_note_verdict *v, int index, bool last)
{
  const shed_sounding_note *n       = &j->prompt->line.notes[index];
  const shed_heard_note    *heard   = &j->take->notes[v->take_index];
  double                    longest = 0;
  for (int i = 0; i < ev->count; i++) {
    longest = fmax(longest, j->prompt->line.notes[j->target.notes[ev->first + i]].duration_s);
  }
  if (longest > 0 && v->length != SHED_LENGTH_NONE) {
    v->expected_duration_s *= n->duration_s / longest;
    v->length =
        shed_judge_length(n, v->expected_duration_s, (double)(heard->offset_s - heard->onset_s), last);
  }
}

static void
miss_key(shed_note_verdict *v)
{
  v->pitch       = SHED_PITCH_MISSED;
  v->timing      = SHED_TIMING_NONE;
  v->length      = SHED_LENGTH_NONE;
  v->take_index  = -1;
  v->played_midi = -1;
  v->cents       = NAN;
  v->onset_s     = NAN;
  v->offset_s    = NAN;
  v->confidence  = 1;

  v->onset_error_ms = NAN;
}

// First the keys that are right, then those that stand for others; what is left nobody pressed.
static void
label_chord(const keys *k, int event)
{
  shed_judged            *j  = k->j;
  const shed_align_event *ev = &j->target.events[event];
  double                  from, to;
  window_of(j, event, &from, &to);
  for (int i = 0; i < ev->count; i++) {
    j->v.notes[j->target.notes[ev->first + i]].take_index = -1;
  }
  for (int within = 0; within <= WRONG_STEPS; within += WRONG_STEPS) {
    for (int i = 0; i < ev->count; i++) {
      int                index = j->target.notes[ev->first + i];
      shed_note_verdict *v     = &j->v.notes[index];
      int                asked = j->prompt->line.notes[index].midi + j->target.shift;
      int                row   = v->take_index < 0 ? nearest_key(k, from, to, asked, within) : -1;
      if (row >= 0 && v->pitch != SHED_PITCH_NONE) {
        take_key(k, v, row, asked);
        label_own_length(j, ev, v, index, event + 1 == j->target.n_events);
      } else if (within && v->take_index < 0 && v->pitch != SHED_PITCH_NONE) {
        miss_key(v);
      }
    }
  }
}

static bool
is_chord(const shed_judged *j, int event)
{
  return j->target.events[event].count > 1 && j->found[event].segment >= 0;
}

shed_status
shed_judge_label_keys(shed_judged *j)
{
  keys k = {.j = j};
  if (j->take->kind != SHED_TAKE_MIDI && j->take->kind != SHED_TAKE_NOTES) {
    return SHED_OK;
  }
  k.used = shed_calloc(j->alloc, j->take->n_notes, sizeof(*k.used));
  if (!k.used) {
    return SHED_E_NOMEM;
  }
  for (int e = 0; e < j->target.n_events; e++) {
    if (is_chord(j, e)) {
      label_chord(&k, e);
    }
  }
  shed_free(j->alloc, k.used);
  return SHED_OK;
}

// Which rows of the take are some note of the music.
static void
mark_rows(keys *k)
{
  for (size_t i = 0; i < k->j->v.n_notes; i++) {
    int row = k->j->v.notes[i].take_index;
    if (row >= 0 && k->j->v.notes[i].pitch != SHED_PITCH_MISSED) {
      k->used[row] = true;
    }
  }
}

static void
drop_used(keys *k)
{
  shed_verdict *v    = &k->j->v;
  size_t        kept = 0;
  for (size_t i = 0; i < v->n_extras; i++) {
    int row = v->extras[i].take_index;
    if (row >= 0 && k->used[row]) {
      continue;
    }
    if (row >= 0) {
      k->used[row] = true;
    }
    v->extras[kept++] = v->extras[i];
  }
  v->n_extras = kept;
}

static int
by_time(const void *a, const void *b)
{
  const shed_extra_note *x = a, *y = b;
  int                    c = (x->onset_s > y->onset_s) - (x->onset_s < y->onset_s);
  return c ? c : x->midi - y->midi;
}

// Keys that went down with a chord and belong to nothing.
static shed_status
add_loose(keys *k)
{
  shed_verdict *v   = &k->j->v;
  size_t        cap = v->n_extras;
  shed_status   st  = SHED_OK;
  for (int e = 0; e < k->j->target.n_events && st == SHED_OK; e++) {
    double from = 0, to = -1;
    if (is_chord(k->j, e)) {
      window_of(k->j, e, &from, &to);
    }
    int row;
    while (st == SHED_OK && from <= to && (row = nearest_key(k, from, to, 60, 128)) >= 0) {
      const shed_heard_note *n = &k->j->take->notes[row];
      k->used[row]             = true;
      st = shed_grow(k->j->alloc, (void **)&v->extras, &cap, v->n_extras, sizeof(*v->extras));
      if (st == SHED_OK) {
        v->extras[v->n_extras++] = (shed_extra_note){.onset_s    = (double)n->onset_s,
                                                     .midi       = n->midi,
                                                     .take_index = row,
                                                     .confidence = (double)n->confidence};
      }
    }
  }
  if (v->n_extras) {
    qsort(v->extras, v->n_extras, sizeof(*v->extras), by_time);
  }
  return st;
}

shed_status
shed_judge_extra_keys(shed_judged *j)
{
  keys k      = {.j = j};
  bool chords = false;
  for (int e = 0; e < j->target.n_events; e++) {
    chords = chords || is_chord(j, e);
  }
  if ((j->take->kind != SHED_TAKE_MIDI && j->take->kind != SHED_TAKE_NOTES) || !chords) {
    return SHED_OK;
  }
  k.used = shed_calloc(j->alloc, j->take->n_notes, sizeof(*k.used));
  if (!k.used) {
    return SHED_E_NOMEM;
  }
  mark_rows(&k);
  drop_used(&k);
  shed_status st = add_loose(&k);
  shed_free(j->alloc, k.used);
  return st;
}
