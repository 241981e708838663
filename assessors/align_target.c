// About this file: from the notes of a line to the events that an alignment looks for. Grace notes, unpitched notes and
// cues are not looked for: what a player makes of them is free.
#include "assessors/align.h"
#include "assessors/align_cost.h"

#include <math.h>
#include <string.h>

enum { NOT_LOOKED_FOR = SHED_NOTE_GRACE | SHED_NOTE_CUE, CHORD_LANES = 8, MAX_LINE_NOTES = 250000 };

static const double BENT                    = .5; ///< half of the way to the next semitone
static const float  BENT_COST               = 3.F;
static const float  ORNAMENT_NEIGHBOUR_COST = .5F;
static const float  OCTAVE_COST             = 5.F;

static bool
is_looked_for(const shed_sounding_note *n)
{
  return n->pitched && !(n->flags & NOT_LOOKED_FOR);
}

static double
pitch_of(const shed_sounding_note *n)
{
  return n->midi + n->cents / 100;
}

static void
add_lane(shed_align_event *ev, int *n, double midi, float cost)
{
  int row = shed_lane_of(midi);
  if (*n >= SHED_LANES || row < 0) {
    return;
  }
  ev->lane[*n]          = row;
  ev->lane_cost[(*n)++] = cost;
}

static void
set_lanes(const shed_align_target *t, shed_align_event *ev)
{
  static const int neighbours[] = {1, -1, 2, -2, 3, -3, 4, -4, 5, -5};
  int              n            = 0;
  const bool       ornament     = (ev->flags & (SHED_NOTE_TRILL | SHED_NOTE_TREMOLO | SHED_NOTE_GLISS)) != 0;
  for (int i = ev->count - 1; i >= 0 && n < CHORD_LANES; i--) {
    add_lane(ev, &n, pitch_of(&t->line->notes[t->notes[ev->first + i]]) + t->shift, 0);
  }
  for (size_t i = 0; i < SHED_COUNTOF(neighbours); i++) {
    bool near = neighbours[i] >= -2 && neighbours[i] <= 2;
    add_lane(ev, &n, ev->pitch + neighbours[i], ornament && near ? ORNAMENT_NEIGHBOUR_COST : SHED_COST_WRONG);
  }
  if (!t->sung) { // a voice's own evidence reaches that far
    add_lane(ev, &n, ev->pitch + BENT, BENT_COST);
    add_lane(ev, &n, ev->pitch - BENT, BENT_COST);
  }
  add_lane(ev, &n, ev->pitch + 12, OCTAVE_COST);
  add_lane(ev, &n, ev->pitch - 12, OCTAVE_COST);
  while (n < SHED_LANES) {
    ev->lane[n++] = -1;
  }
}

void
shed_align_target_free(shed_align_target *t)
{
  shed_free(t->alloc, t->events);
  shed_free(t->alloc, t->notes);
  memset(t, 0, sizeof(*t));
}

/// Score seconds for a second of the line as performed.
static double
time_scale(const shed_prompt *p)
{
  return p->tempo_bpm > 0 && p->line.tempo_bpm > 0 ? p->line.tempo_bpm / p->tempo_bpm : 1;
}

static void
fill_events(const shed_prompt *p, shed_align_target *t)
{
  const shed_line *line    = &p->line;
  const double     scale   = time_scale(p);
  int              measure = -1;
  t->lowest                = 127;
  for (size_t i = 0; i < line->n_notes; i++) {
    const shed_sounding_note *n = &line->notes[i];
    if (!is_looked_for(n)) {
      continue;
    }
    shed_align_event *ev = t->n_events ? &t->events[t->n_events - 1] : NULL;
    if (!ev || shed_beat_cmp(line->notes[t->notes[ev->first]].onset_beats, n->onset_beats) != 0) {
      ev            = &t->events[t->n_events++];
      ev->first     = t->n_notes;
      ev->at_s      = n->onset_s * scale;
      ev->bar_start = n->measure_index != measure;
      measure       = n->measure_index;
    }
    t->notes[t->n_notes++] = (int)i;
    ev->count++;
    ev->flags |= n->flags;
    ev->length_s  = n->duration_s * scale > ev->length_s ? n->duration_s * scale : ev->length_s;
    ev->main_midi = n->midi > ev->main_midi ? n->midi : ev->main_midi;
    ev->pitch     = fmax(ev->pitch, pitch_of(n));
    t->lowest     = n->midi < t->lowest ? n->midi : t->lowest;
    t->highest    = n->midi > t->highest ? n->midi : t->highest;
  }
}

void
shed_align_target_shift(shed_align_target *t, int semitones)
{
  int by   = semitones - t->shift;
  t->shift = semitones;
  for (int i = 0; i < t->n_events; i++) {
    t->events[i].main_midi += by;
    t->events[i].pitch += by;
    set_lanes(t, &t->events[i]);
  }
}

shed_status
shed_align_target_new(const shed_prompt *prompt, const shed_alloc *alloc, shed_align_target *out,
                      shed_error *err)
{
  const shed_line  *line = &prompt->line;
  shed_align_target t    = {.alloc = alloc, .line = line, .sung = prompt->sung};
  size_t            n    = 0;
  for (size_t i = 0; i < line->n_notes; i++) {
    n += is_looked_for(&line->notes[i]) ? 1 : 0;
  }
  if (n == 0) {
    return shed_fail(err, SHED_E_RANGE, NULL, "there is no pitched note to judge in this music");
  }
  if (n > MAX_LINE_NOTES) {
    return shed_fail(err, SHED_E_LIMIT, NULL,
                     "the music has %zu notes; at most %d can be judged at once: choose measures", n,
                     (int)MAX_LINE_NOTES);
  }
  t.events = shed_calloc(alloc, n, sizeof(*t.events));
  t.notes  = shed_calloc(alloc, n, sizeof(*t.notes));
  if (!t.events || !t.notes) {
    shed_align_target_free(&t);
    return SHED_E_NOMEM;
  }
  fill_events(prompt, &t);
  for (int i = 0; i < t.n_events; i++) {
    set_lanes(&t, &t.events[i]);
    t.events[i].same_as_before = i > 0 && t.events[i].main_midi == t.events[i - 1].main_midi;
  }
  const shed_align_event *last = &t.events[t.n_events - 1];
  t.length_s                   = last->at_s + last->length_s - t.events[0].at_s;
  *out                         = t;
  return SHED_OK;
}
