#include "drills/pen.h"

#include <stdio.h>
#include <string.h>

enum { SECONDS_A_MINUTE = 60 };

static double
seconds(const shed_pen *w, shed_beat at)
{
  return shed_beat_quarters(at) * SECONDS_A_MINUTE / w->line.tempo_bpm;
}

shed_pen
shed_pen_start(const shed_alloc *alloc, const shed_profile *profile, shed_metre metre, int sounding_fifths,
               double tempo_bpm)
{
  shed_pen w          = {0};
  w.line.alloc        = alloc;
  w.line.tempo_bpm    = tempo_bpm;
  w.line.tempo_marks  = 1;
  w.line.swing        = 1;
  w.line.length_beats = shed_beat_of(0, 1);
  w.profile           = profile;
  w.metre             = metre;
  w.fifths            = sounding_fifths;
  w.now               = shed_beat_of(0, 1);
  return w;
}

// Measures up to and with the one in which @p at lies.
static shed_status
open_measures(shed_pen *w, shed_beat at)
{
  shed_beat length = shed_metre_length(w->metre);
  for (;;) {
    shed_line *line = &w->line;
    shed_beat  next = shed_beat_mul(length, shed_beat_of((int64_t)line->n_measures, 1));
    if (shed_beat_cmp(next, at) > 0) {
      return SHED_OK;
    }
    shed_status st = shed_grow(line->alloc, (void **)&line->measures, &w->cap_measures, line->n_measures,
                               sizeof(*line->measures));
    if (st != SHED_OK) {
      return st;
    }
    shed_sounding_measure *m = &line->measures[line->n_measures++];
    *m                       = (shed_sounding_measure){.pass         = 1,
                                                       .start_beats  = next,
                                                       .length_beats = length,
                                                       .beats        = w->metre.beats,
                                                       .beat_type    = w->metre.beat_type,
                                                       .fifths       = w->fifths,
                                                       .start_s      = seconds(w, next)};
    (void)snprintf(m->number, sizeof(m->number), "%zu", line->n_measures);
  }
}

static int
notes_in_measure(const shed_line *line, int measure_index)
{
  int n = 0;
  for (size_t i = line->n_notes; i > 0 && line->notes[i - 1].measure_index == measure_index; i--) {
    n++;
  }
  return n;
}

shed_status
shed_pen_note(shed_pen *w, shed_pitch written, shed_beat duration, unsigned flags)
{
  shed_line  *line = &w->line;
  shed_status st   = open_measures(w, w->now);
  if (st != SHED_OK || (st = shed_grow(line->alloc, (void **)&line->notes, &w->cap_notes, line->n_notes,
                                       sizeof(*line->notes))) != SHED_OK) {
    return st;
  }
  int                          at      = (int)line->n_measures - 1;
  const shed_sounding_measure *measure = &line->measures[at];
  shed_sounding_note           n       = {.index          = (int)line->n_notes,
                                          .pass           = 1,
                                          .onset_beats    = w->now,
                                          .duration_beats = duration,
                                          .staff          = 1,
                                          .voice          = "1",
                                          .flags          = flags,
                                          .measure_index  = at};
  (void)snprintf(n.id, sizeof(n.id), "p1m%dn%d", at + 1, notes_in_measure(line, at) + 1);
  memcpy(n.measure, measure->number, sizeof(n.measure));
  n.beat = 1 + shed_beat_quarters(shed_beat_sub(w->now, measure->start_beats)) * w->metre.beat_type / 4;
  if (w->profile) {
    n.pitched  = true;
    n.written  = written;
    n.sounding = shed_profile_sounding(w->profile, written);
    n.midi     = shed_pitch_midi(n.sounding);
  }
  n.onset_s                    = seconds(w, w->now);
  n.duration_s                 = seconds(w, duration);
  line->notes[line->n_notes++] = n;
  w->now                       = shed_beat_add(w->now, duration);
  return SHED_OK;
}

void
shed_pen_rest(shed_pen *w, shed_beat duration)
{
  w->now = shed_beat_add(w->now, duration);
}

shed_beat
shed_pen_left(const shed_pen *w)
{
  shed_beat length = shed_metre_length(w->metre);
  shed_beat ratio  = shed_beat_div(w->now, length);
  shed_beat whole  = shed_beat_of(ratio.num / ratio.den + 1, 1);
  return shed_beat_sub(shed_beat_mul(length, whole), w->now);
}

shed_status
shed_pen_end(shed_pen *w, shed_line *out)
{
  shed_beat length = shed_metre_length(w->metre);
  // a barline right at the end opens no measure
  shed_beat   last = shed_beat_sub(w->now, shed_beat_of(1, INT16_MAX));
  shed_status st   = shed_beat_cmp(last, shed_beat_of(0, 1)) > 0 ? open_measures(w, last) : SHED_OK;
  if (st != SHED_OK) {
    shed_pen_drop(w);
    return st;
  }
  w->line.length_beats = shed_beat_mul(length, shed_beat_of((int64_t)w->line.n_measures, 1));
  w->line.length_s     = seconds(w, w->line.length_beats);
  *out                 = w->line;
  w->line              = (shed_line){0};
  return SHED_OK;
}

void
shed_pen_drop(shed_pen *w)
{
  shed_free(w->line.alloc, w->line.notes);
  shed_free(w->line.alloc, w->line.measures);
  w->line.notes    = NULL;
  w->line.measures = NULL;
}
