// About this file: from what a reference played to what is asked of the one who plays after it.
#include "engine/take/echo.h"
#include "engine/take/echo_tidy.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  TICKS        = 20160, ///< of a quarter: times are exact to a thousandth of this
  PHRASE_NOTES = 4      ///< a phrase has at least so many
};
static const double MOMENT_S     = 0.035; ///< notes that begin within this are struck together
static const double STROKE_S     = 0.1;   ///< length of the last unpitched stroke
static const double SHORTEST_S   = 0.02;
static const double PHRASE_RATIO = 1.7; ///< to the usual distance of two notes: from here on one waits
static const double PLAIN_BPM    = 60;  ///< where the take has no tempo, a quarter is a second

double
shed_echo_tuning_cents(const shed_take *take)
{
  const double turn = 2 * acos(-1.0) / 100;
  double       x = 0, y = 0;
  for (size_t i = 0; i < take->n_notes; i++) {
    const shed_heard_note *n      = &take->notes[i];
    double                 weight = fmin((double)(n->offset_s - n->onset_s), 1);
    if (n->midi >= 0) {
      x += weight * cos((double)n->cents * turn);
      y += weight * sin((double)n->cents * turn);
    }
  }
  return x == 0 && y == 0 ? 0 : atan2(y, x) / turn;
}

// The signature, -6..6, under which the fewest notes have an accidental; the plainest of these.
static int
fifths_of(const shed_line *line)
{
  static const int plainest[] = {0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6};
  static const int major      = 0xAB5; // the steps 0 2 4 5 7 9 11 as bits
  int              best       = 0;
  double           least      = HUGE_VAL;
  for (size_t k = 0; k < SHED_COUNTOF(plainest); k++) {
    double outside = 0;
    for (size_t i = 0; i < line->n_notes; i++) {
      int step = ((line->notes[i].midi - 7 * plainest[k]) % 12 + 12) % 12;
      outside += (major >> step) & 1 ? 0 : fmin(line->notes[i].duration_s, 1);
    }
    if (outside < least - 1e-9) {
      least = outside;
      best  = plainest[k];
    }
  }
  return best;
}

static shed_beat
beats_of(double s, double bpm)
{
  return shed_beat_of((int64_t)llround(s * bpm / 60 * TICKS), TICKS);
}

static void
add_note(shed_line *line, double onset_s, double length_s)
{
  shed_sounding_note *n    = &line->notes[line->n_notes];
  shed_sounding_note *last = line->n_notes ? n - 1 : NULL;
  *n                       = (shed_sounding_note){.index = (int)line->n_notes, .pass = 1, .staff = 1};
  n->onset_s               = last && onset_s - last->onset_s < MOMENT_S ? last->onset_s : onset_s;
  n->duration_s            = fmax(length_s, SHORTEST_S);
  (void)snprintf(n->id, sizeof(n->id), "n%zu", line->n_notes + 1);
  (void)snprintf(n->voice, sizeof(n->voice), "1");
  line->n_notes++;
}

static shed_status
add_pitched(const shed_take *take, shed_line *line)
{
  shed_echo_note *notes  = NULL;
  size_t          n      = 0;
  shed_status     st     = shed_echo_notes(take, line->alloc, &notes, &n);
  double          tuning = shed_echo_tuning_cents(take) / 100;
  for (size_t i = 0; st == SHED_OK && i < n; i++) {
    add_note(line, notes[i].onset_s - notes[0].onset_s, notes[i].offset_s - notes[i].onset_s);
    line->notes[line->n_notes - 1].pitched = true;
    line->notes[line->n_notes - 1].midi    = (int)lround(notes[i].midi - tuning);
  }
  shed_free(line->alloc, notes);
  return st;
}

static void
add_strokes(const shed_take *take, shed_line *line)
{
  for (size_t i = 0; i < take->n_onsets; i++) {
    double at     = (double)take->onsets[i].time_s;
    double length = i + 1 < take->n_onsets ? (double)take->onsets[i + 1].time_s - at : STROKE_S;
    add_note(line, at - (double)take->onsets[0].time_s, length);
  }
}

static int
by_moment_and_pitch(const void *a, const void *b)
{
  const shed_sounding_note *x = a, *y = b;
  int                       t = (x->onset_s > y->onset_s) - (x->onset_s < y->onset_s);
  return t ? t : x->midi != y->midi ? x->midi - y->midi : x->index - y->index;
}

static int
rising(const void *a, const void *b)
{
  double x = *(const double *)a;
  double y = *(const double *)b;
  return (x > y) - (x < y);
}

// The usual distance of two moments. @param room for as many as there are notes.
static double
usual_distance_s(const shed_line *line, double *room)
{
  size_t n = 0;
  for (size_t i = 1; i < line->n_notes; i++) {
    double d = line->notes[i].onset_s - line->notes[i - 1].onset_s;
    if (d > 0) {
      room[n++] = d;
    }
  }
  qsort(room, n, sizeof(*room), rising);
  return n ? room[n / 2] : 1;
}

static void
open_phrase(shed_line *line, const shed_sounding_note *n, int fifths)
{
  shed_sounding_measure *m = &line->measures[line->n_measures++];
  *m                       = (shed_sounding_measure){
                            .pass = 1, .start_beats = n->onset_beats, .start_s = n->onset_s, .fifths = fifths};
  (void)snprintf(m->number, sizeof(m->number), "%zu", line->n_measures);
  if (line->n_measures > 1) {
    shed_sounding_measure *before = m - 1;
    before->length_beats          = shed_beat_sub(m->start_beats, before->start_beats);
  }
}

// Beats, phrases and spelling, once the moments stand.
static shed_status
finish(shed_line *line)
{
  double *room   = shed_calloc(line->alloc, line->n_notes, sizeof(*room));
  line->measures = shed_calloc(line->alloc, line->n_notes, sizeof(*line->measures));
  if (!room || !line->measures) {
    shed_free(line->alloc, room);
    return SHED_E_NOMEM;
  }
  double wait   = PHRASE_RATIO * usual_distance_s(line, room);
  int    fifths = fifths_of(line), since = 0;
  shed_free(line->alloc, room);
  for (size_t i = 0; i < line->n_notes; i++) {
    shed_sounding_note *n = &line->notes[i];
    n->index              = (int)i;
    n->onset_beats        = beats_of(n->onset_s, line->tempo_bpm);
    n->duration_beats     = beats_of(n->duration_s, line->tempo_bpm);
    n->sounding           = shed_pitch_spell(n->pitched ? n->midi : 71, n->pitched ? fifths : 0);
    n->written            = n->sounding;
    bool new_moment       = i == 0 || n->onset_s > n[-1].onset_s;
    if (i == 0 || (new_moment && since >= PHRASE_NOTES && n->onset_s - n[-1].onset_s >= wait)) {
      open_phrase(line, n, fifths);
      since = 0;
      if (i > 0) {
        n[-1].flags |= SHED_NOTE_BREATH_AFTER; // how long it takes is everybody's own
      }
    }
    since += new_moment;
    const shed_sounding_measure *m = &line->measures[line->n_measures - 1];
    n->measure_index               = (int)line->n_measures - 1;
    n->beat = 1 + shed_beat_quarters(n->onset_beats) - shed_beat_quarters(m->start_beats);
    memcpy(n->measure, m->number, sizeof(n->measure));
    if (!new_moment) {
      n->flags |= SHED_NOTE_CHORD;
      n[-1].flags |= SHED_NOTE_CHORD;
    }
    line->length_s = fmax(line->length_s, n->onset_s + n->duration_s);
  }
  line->length_beats          = beats_of(line->length_s, line->tempo_bpm);
  shed_sounding_measure *last = &line->measures[line->n_measures - 1];
  last->length_beats          = shed_beat_sub(line->length_beats, last->start_beats);
  return SHED_OK;
}

shed_status
shed_echo_line(const shed_take *take, const shed_alloc *alloc, shed_line *out)
{
  shed_line line   = {.alloc = alloc, .swing = 1, .length_beats = shed_beat_of(0, 1)};
  bool      known  = take->tempo.bpm > 0;
  line.tempo_bpm   = known ? (double)take->tempo.bpm : PLAIN_BPM;
  line.tempo_marks = known;
  line.notes       = shed_calloc(alloc, take->n_notes + take->n_onsets, sizeof(*line.notes));
  if (!line.notes) {
    return SHED_E_NOMEM;
  }
  shed_status st = add_pitched(take, &line);
  if (st == SHED_OK && line.n_notes == 0) {
    add_strokes(take, &line);
  }
  st = st == SHED_OK && line.n_notes == 0 ? SHED_E_RANGE : st;
  if (st == SHED_OK) {
    qsort(line.notes, line.n_notes, sizeof(*line.notes), by_moment_and_pitch);
    st = finish(&line);
  }
  if (st != SHED_OK) {
    shed_line_free(&line);
    return st;
  }
  *out = line;
  return SHED_OK;
}
