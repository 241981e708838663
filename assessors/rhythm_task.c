#include "assessors/rhythm_task.h"

#include <math.h>
#include <stdlib.h>

#define SAME_MOMENT_S 1e-6
// Strokes closer than this are one clap heard twice, its echo from the wall, or a light flam; nobody claps so fast.
#define ONE_STROKE_S 0.045
#define ROW_S        0.050 // an onset and the note row that it belongs to stand within this

enum { NO_TIME = SHED_NOTE_FERMATA | SHED_NOTE_RIT, ROLLS = SHED_NOTE_TREMOLO | SHED_NOTE_TRILL };

static bool
is_asked(const shed_sounding_note *n)
{
  return !(n->flags & (SHED_NOTE_GRACE | SHED_NOTE_CUE));
}

static void
add_event(shed_rhythm_task *t, int index)
{
  const shed_sounding_note *n = &t->prompt->line.notes[index];
  t->events[t->n_events]      = (shed_rhythm_event){.first = index, .last = index};
  t->asked[t->n_events]       = (shed_asked){.at_s = n->onset_s, .length_s = n->duration_s};
  t->n_events++;
}

static void
settle_events(shed_rhythm_task *t)
{
  const shed_line *line = &t->prompt->line;
  for (size_t i = 0; i < t->n_events; i++) {
    shed_rhythm_event *e       = &t->events[i];
    bool               no_time = (e->flags & SHED_NOTE_NO_ASSESS) != 0 ||
                   (!t->policy->judge_fermata_time &&
                    ((e->flags & SHED_NOTE_RIT) || (i > 0 && (t->events[i - 1].flags & NO_TIME))));
    e->judged        = !no_time;
    t->asked[i].roll = (e->flags & ROLLS) != 0;
    t->asked[i].flam = (e->flags & SHED_NOTE_FLAM) != 0;
    t->asked[i].start =
        i == 0 || line->notes[e->first].measure_index != line->notes[t->events[i - 1].first].measure_index;
  }
}

static shed_status
make_events(shed_rhythm_task *t)
{
  const shed_line *line = &t->prompt->line;
  bool             flam = false; // a grace stroke stands before the next moment
  t->events             = shed_calloc(t->alloc, line->n_notes, sizeof(*t->events));
  t->asked              = shed_calloc(t->alloc, line->n_notes, sizeof(*t->asked));
  if (!t->events || !t->asked) {
    return SHED_E_NOMEM;
  }
  for (size_t i = 0; i < line->n_notes; i++) {
    const shed_sounding_note *n = &line->notes[i];
    if (!is_asked(n)) {
      flam = flam || (n->flags & SHED_NOTE_GRACE);
      continue;
    }
    if (t->n_events == 0 || n->onset_s > t->asked[t->n_events - 1].at_s + SAME_MOMENT_S) {
      add_event(t, (int)i);
    }
    shed_rhythm_event *e = &t->events[t->n_events - 1];
    e->last              = (int)i;
    e->flags |= n->flags | (flam ? SHED_NOTE_FLAM : 0);
    t->asked[t->n_events - 1].length_s = fmax(t->asked[t->n_events - 1].length_s, n->duration_s);
    flam                               = false;
  }
  settle_events(t);
  return t->n_events ? SHED_OK : SHED_E_RANGE;
}

static int
by_time(const void *a, const void *b)
{
  double x = ((const shed_stroke *)a)->at_s;
  double y = ((const shed_stroke *)b)->at_s;
  return (x > y) - (x < y);
}

// The row of the take's notes that starts with this stroke.
static int
row_of(const shed_take *take, double at_s)
{
  int    found = -1;
  double best  = ROW_S;
  for (size_t i = 0; i < take->n_notes; i++) {
    double off = fabs((double)take->notes[i].onset_s - at_s);
    if (off < best) {
      best  = off;
      found = (int)i;
    }
  }
  return found;
}

// What was heard twice becomes one stroke: the surer of the two, the earlier when they are alike.
static void
merge_strokes(shed_rhythm_task *t)
{
  size_t kept = 0;
  for (size_t i = 0; i < t->n_strokes; i++) {
    shed_stroke s = t->strokes[i];
    if (kept == 0 || s.at_s - t->strokes[kept - 1].at_s >= ONE_STROKE_S) {
      t->strokes[kept++] = s;
    } else if (s.confidence > t->strokes[kept - 1].confidence + 0.2) {
      t->strokes[kept - 1] = s;
    }
  }
  t->n_strokes = kept;
}

static shed_status
make_strokes(shed_rhythm_task *t)
{
  const shed_take *take = t->take;
  bool   by_note = take->kind == SHED_TAKE_NOTES || take->kind == SHED_TAKE_MIDI || take->n_onsets == 0;
  size_t n       = by_note ? take->n_notes : take->n_onsets;
  t->strokes     = shed_calloc(t->alloc, n, sizeof(*t->strokes));
  t->rows        = shed_calloc(t->alloc, n, sizeof(*t->rows));
  if (!t->strokes || !t->rows) {
    return SHED_E_NOMEM;
  }
  t->n_strokes = n;
  for (size_t i = 0; i < n; i++) {
    t->strokes[i] = by_note
                        ? (shed_stroke){(double)take->notes[i].onset_s, (double)take->notes[i].confidence}
                        : (shed_stroke){(double)take->onsets[i].time_s, (double)take->onsets[i].confidence};
  }
  if (n) {
    qsort(t->strokes, n, sizeof(*t->strokes), by_time);
  }
  if (take->kind == SHED_TAKE_AUDIO) {
    merge_strokes(t);
  }
  for (size_t i = 0; i < t->n_strokes; i++) {
    t->rows[i] = take->kind == SHED_TAKE_ONSETS ? (int)i : row_of(take, t->strokes[i].at_s);
  }
  return SHED_OK;
}

shed_status
shed_rhythm_task_make(shed_rhythm_task *t)
{
  shed_status st = make_events(t);
  return st == SHED_OK ? make_strokes(t) : st;
}

void
shed_rhythm_task_free(shed_rhythm_task *t)
{
  shed_onset_alignment_free(&t->align, t->alloc);
  shed_free(t->alloc, t->events);
  shed_free(t->alloc, t->asked);
  shed_free(t->alloc, t->strokes);
  shed_free(t->alloc, t->rows);
}
