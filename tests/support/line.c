#include "tests/support/line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
add_measure(shed_line *line, shed_beat start, shed_beat length, double s_per_quarter, int beats,
            int beat_type)
{
  shed_sounding_measure *m = &line->measures[line->n_measures];
  *m                       = (shed_sounding_measure){.pass         = 1,
                                                     .start_beats  = start,
                                                     .length_beats = length,
                                                     .beats        = beats,
                                                     .beat_type    = beat_type,
                                                     .start_s      = shed_beat_quarters(start) * s_per_quarter};
  (void)snprintf(m->number, sizeof(m->number), "%zu", ++line->n_measures);
}

static void
add_note(shed_line *line, const char *name, shed_beat at, shed_beat length, double s_per_quarter)
{
  shed_sounding_note          *n      = &line->notes[line->n_notes];
  const shed_sounding_measure *m      = &line->measures[line->n_measures - 1];
  double                       within = shed_beat_quarters(shed_beat_sub(at, m->start_beats));
  *n                                  = (shed_sounding_note){.index          = (int)line->n_notes,
                                                             .pass           = 1,
                                                             .beat           = 1 + within * m->beat_type / 4,
                                                             .onset_beats    = at,
                                                             .duration_beats = length,
                                                             .onset_s        = shed_beat_quarters(at) * s_per_quarter,
                                                             .duration_s     = shed_beat_quarters(length) * s_per_quarter,
                                                             .staff          = 1,
                                                             .voice          = "1",
                                                             .measure_index  = (int)line->n_measures - 1};
  if (strcmp(name, "x") != 0) {
    SHED_ASSERT(shed_pitch_parse(name, &n->sounding) == SHED_OK);
    n->pitched = true;
    n->midi    = shed_pitch_midi(n->sounding);
    n->written = n->sounding;
  }
  (void)snprintf(n->measure, sizeof(n->measure), "%s", m->number);
  (void)snprintf(n->id, sizeof(n->id), "n%zu", ++line->n_notes);
}

shed_line
line_of(const char *text, double bpm, int beats, int beat_type)
{
  size_t    most = strlen(text) + 1;
  shed_line line = {.tempo_bpm = bpm, .tempo_marks = 1, .swing = 1};
  shed_beat bar  = shed_beat_of(4 * beats, beat_type);
  shed_beat at   = shed_beat_of(0, 1);
  shed_beat next = at; // where the next measure starts
  double    s    = 60 / bpm;
  line.notes     = calloc(most, sizeof(*line.notes));
  line.measures  = calloc(most, sizeof(*line.measures));
  SHED_ASSERT(line.notes && line.measures);
  for (const char *p = text; *p;) {
    char name[16];
    int  num = 0, den = 1, used = 0;
    if (*p == ' ' || *p == '|') {
      p++;
      continue;
    }
    int got = sscanf(p, "%15[^:]:%d%n/%d%n", name, &num, &used, &den, &used);
    SHED_ASSERT(got >= 2);
    shed_beat length = shed_beat_of(num, den);
    while (shed_beat_cmp(next, at) <= 0) {
      SHED_ASSERT(line.n_measures < most);
      add_measure(&line, next, bar, s, beats, beat_type);
      next = shed_beat_add(next, bar);
    }
    if (strcmp(name, "r") != 0) {
      add_note(&line, name, at, length, s);
    }
    at = shed_beat_add(at, length);
    p += used;
  }
  line.length_beats = at;
  line.length_s     = shed_beat_quarters(at) * s;
  return line;
}

void
line_free(shed_line *line)
{
  free(line->notes);
  free(line->measures);
  *line = (shed_line){0};
}
