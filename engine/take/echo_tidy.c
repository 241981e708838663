// About this file: from the notes that were heard of a reference to those that its player meant. Found on pitch tracks of a
// piano (MASTmelody's references): one in ten held a note that nobody had played.
#include "engine/take/echo_tidy.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double TOUCH_S = .03; ///< notes with a smaller hole between them follow each other at once
static const double BENT    = .2;  ///< semitones off the take's own grid: on the way somewhere
static const double SAME    = .4;
static const double WAY = 1.2; ///< semitones: a stretch on the way lies so near the note that it belongs to
static const double PASSING_S  = .17;
static const double PASSING    = .6; ///< of the usual distance of two notes
static const double TAIL_SAME  = 1.4;
static const double TAIL_HOLE  = .05;
static const double TAIL_LONG  = 1.2; ///< of the usual distance: a note that rings out
static const double TAIL_SHARE = .56; ///< of the note before it
static const double GHOST_S    = .25;
static const double GHOST_LONG = 3;
static const double BACK_S     = .16; ///< how far a beginning may move
static const double BACK_SHARE = .45; ///< of the note before it
static const double STEADY     = .25; ///< semitones
static const double VAGUE_S    = .15; ///< a shorter note without pitch is a noise
static const double VAGUE_NEAR = 1.5; ///< semitones around the middle: a wide vibrato
static const double VAGUE_MOST = .75; ///< of its frames lie there

enum { STEADY_FRAMES = 3, NOTES_LEAST = 3 };

typedef struct {
  const shed_take *take;
  shed_echo_note  *notes;
  size_t           n;
  double          *room; ///< for as many as there are frames, and as there are notes
  double           tuning, usual_s;
} tidy;

static int
rising(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double
pitch_at(const shed_take *take, size_t frame)
{
  const shed_frame *f = &take->frames[frame];
  return f->voiced && f->f0_hz > 0 ? 69 + 12 * log2((double)f->f0_hz / 440) : (double)NAN;
}

static size_t
frame_at(const shed_take *take, double s)
{
  double at = fmax(round(s / SHED_FRAME_HOP_S), 0);
  return at < (double)take->n_frames ? (size_t)at : take->n_frames;
}

// The pitch around which the frames of a note stand; NaN where they stand around none.
static double
pitch_of_frames(tidy *t, const shed_heard_note *note)
{
  size_t from = frame_at(t->take, (double)note->onset_s), to = frame_at(t->take, (double)note->offset_s);
  size_t n = 0, near = 0;
  for (size_t i = from; i < to; i++) {
    double midi = pitch_at(t->take, i);
    if (!isnan(midi)) {
      t->room[n++] = midi;
    }
  }
  if ((double)(note->offset_s - note->onset_s) < VAGUE_S || n == 0) {
    return (double)NAN;
  }
  qsort(t->room, n, sizeof(*t->room), rising);
  for (size_t i = 0; i < n; i++) {
    near += fabs(t->room[i] - t->room[n / 2]) <= VAGUE_NEAR;
  }
  return (double)near >= VAGUE_MOST * (double)(to - from) ? t->room[n / 2] : (double)NAN;
}

static void
collect(tidy *t)
{
  const shed_take *take    = t->take;
  bool             pitched = false;
  for (size_t i = 0; i < take->n_notes; i++) {
    pitched = pitched || take->notes[i].midi >= 0;
  }
  for (size_t i = 0; pitched && i < take->n_notes; i++) {
    const shed_heard_note *h    = &take->notes[i];
    double                 midi = h->midi >= 0 ? h->midi + (double)h->cents / 100 : pitch_of_frames(t, h);
    if (!isnan(midi)) {
      t->notes[t->n++] = (shed_echo_note){(double)h->onset_s, (double)h->offset_s, midi};
    }
  }
}

static double
middle_of(double *x, size_t n)
{
  qsort(x, n, sizeof(*x), rising);
  return x[n / 2];
}

static void
drop(tidy *t, size_t i)
{
  t->n--;
  memmove(&t->notes[i], &t->notes[i + 1], (t->n - i) * sizeof(*t->notes));
}

static bool
touches(const shed_echo_note *a, const shed_echo_note *b)
{
  return b->onset_s - a->offset_s < TOUCH_S;
}

// A short stretch beside the grid, or of the pitch that follows, is a part of its neighbour.
static bool
join_passing(tidy *t, size_t i)
{
  shed_echo_note *a    = &t->notes[i];
  shed_echo_note *last = i > 0 && touches(a - 1, a) ? a - 1 : NULL;
  shed_echo_note *next = i + 1 < t->n && touches(a, a + 1) ? a + 1 : NULL;
  double          off  = a->midi - t->tuning;
  bool            bent = fabs(off - round(off)) > BENT;
  if (a->offset_s - a->onset_s >= fmin(PASSING_S, PASSING * t->usual_s)) {
    return false;
  }
  double to_last = last ? fabs(last->midi - a->midi) : (double)INFINITY;
  double to_next = next ? fabs(next->midi - a->midi) : (double)INFINITY;
  if (bent && last && next && to_last < WAY && to_next < WAY && fabs(last->midi - next->midi) < SAME) {
    last->offset_s = next->offset_s; // a flicker within one note
    drop(t, i);
    drop(t, i);
    return true;
  }
  if (next && (bent || to_next < SAME) && to_next < WAY && to_next <= to_last) {
    next->onset_s = a->onset_s;
    drop(t, i);
    return true;
  }
  if (bent && last && to_last < WAY) {
    last->offset_s = a->offset_s;
    drop(t, i);
    return true;
  }
  return false;
}

// Behind a note that rings out, what bends away from it and back, without anything else and for less long, is its end.
static void
drop_ringing(tidy *t)
{
  size_t k = t->n;
  while (k > NOTES_LEAST && t->notes[k - 1].offset_s - t->notes[k - 1].onset_s <= GHOST_LONG * t->usual_s) {
    k--;
  }
  if (k <= NOTES_LEAST || k == t->n) {
    return;
  }
  const shed_echo_note *rings = &t->notes[k - 1];
  for (size_t i = k; i < t->n; i++) {
    if (fabs(t->notes[i].midi - rings->midi) > TAIL_SAME) {
      return;
    }
  }
  if (t->notes[t->n - 1].offset_s - t->notes[k].onset_s < rings->offset_s - rings->onset_s) {
    t->n = k;
  }
}

static bool
drop_tail(tidy *t)
{
  const shed_echo_note *b = &t->notes[t->n - 1], *a = b - 1;
  double                rang_s = a->offset_s - a->onset_s, length_s = b->offset_s - b->onset_s;
  bool                  again = fabs(a->midi - b->midi) < TAIL_SAME && b->onset_s - a->offset_s > TAIL_HOLE &&
               length_s < TAIL_SHARE * rang_s && rang_s > TAIL_LONG * t->usual_s;
  bool ghost = length_s < GHOST_S && rang_s > GHOST_LONG * t->usual_s;
  if (!again && !ghost && t->n > NOTES_LEAST + 1) {
    // two of them
    ghost =
        length_s < GHOST_S && rang_s < GHOST_S && a[-1].offset_s - a[-1].onset_s > GHOST_LONG * t->usual_s;
  }
  t->n -= again || ghost;
  return again || ghost;
}

// The next note begins where the old one was last steady: a tail that rings on hides what has begun.
static void
begin_earlier(tidy *t, size_t i)
{
  shed_echo_note *a = &t->notes[i - 1], *b = &t->notes[i];
  if (!touches(a, b)) {
    return;
  }
  double earliest = b->onset_s - fmin(BACK_S, BACK_SHARE * (b->onset_s - a->onset_s));
  double steady   = earliest;
  size_t run = 0, from = frame_at(t->take, earliest - STEADY_FRAMES * SHED_FRAME_HOP_S),
         to = frame_at(t->take, b->onset_s + SHED_FRAME_HOP_S);
  for (size_t k = from; k < to; k++) {
    run    = fabs(pitch_at(t->take, k) - a->midi) < STEADY ? run + 1 : 0;
    steady = run >= STEADY_FRAMES ? ((double)k + .5) * SHED_FRAME_HOP_S : steady;
  }
  if (steady < b->onset_s) {
    a->offset_s = b->onset_s = fmax(steady, earliest);
  }
}

static void
mend_track(tidy *t)
{
  for (size_t i = 0; i < t->n; i++) {
    t->room[i] = t->notes[i].midi - round(t->notes[i].midi);
  }
  t->tuning = middle_of(t->room, t->n);
  for (size_t i = 0; i + 1 < t->n; i++) {
    t->room[i] = t->notes[i + 1].onset_s - t->notes[i].onset_s;
  }
  t->usual_s = middle_of(t->room, t->n - 1);
  for (size_t i = 0; i < t->n;) {
    i = t->n > NOTES_LEAST && join_passing(t, i) ? 0 : i + 1;
  }
  drop_ringing(t);
  while (t->n > NOTES_LEAST && drop_tail(t)) {
  }
  for (size_t i = 1; i < t->n; i++) {
    begin_earlier(t, i);
  }
}

shed_status
shed_echo_notes(const shed_take *take, const shed_alloc *alloc, shed_echo_note **out, size_t *n)
{
  tidy t = {.take = take};
  *out   = NULL;
  *n     = 0;
  if (take->n_notes == 0) {
    return SHED_OK;
  }
  t.notes = shed_calloc(alloc, take->n_notes, sizeof(*t.notes));
  t.room  = shed_calloc(alloc, take->n_notes + take->n_frames, sizeof(*t.room));
  if (!t.notes || !t.room) {
    shed_free(alloc, t.notes);
    shed_free(alloc, t.room);
    return SHED_E_NOMEM;
  }
  collect(&t);
  if (take->kind == SHED_TAKE_F0 && t.n > NOTES_LEAST) {
    mend_track(&t);
  }
  shed_free(alloc, t.room);
  *out = t.notes;
  *n   = t.n;
  return SHED_OK;
}
