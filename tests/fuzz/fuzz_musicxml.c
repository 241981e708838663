// covers: engine/score/musicxml*.c engine/score/unroll.c engine/score/perform.c engine/score/finish.c engine/score/timing.c
// A MusicXML file, read and played out, whole and from a measure on. What is accepted must be performable or too long,
// with its notes in order of time.
#include "engine/score/score.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check_line(const shed_line *line)
{
  for (size_t i = 0; i < line->n_notes; i++) {
    const shed_sounding_note *note = &line->notes[i];
    bool early = i > 0 && shed_beat_cmp(note->onset_beats, line->notes[i - 1].onset_beats) < 0;
    bool place = note->measure_index < 0 || (size_t)note->measure_index >= line->n_measures;
    if (early || place || note->index != (int)i || note->duration_beats.num < 0 || note->midi < 0 ||
        note->midi > 127 || !(note->onset_s >= 0) || !(note->duration_s >= -1e-6)) {
      abort();
    }
  }
}

static void
perform(const shed_score *score, const shed_selection *sel)
{
  shed_line  line = {0};
  shed_error err  = {0};
  if (shed_score_perform(score, sel, NULL, &line, &err) == SHED_OK) {
    check_line(&line);
    shed_line_free(&line);
  } else if (err.status == SHED_OK || !err.what[0]) {
    abort(); // a refusal says why
  }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
  shed_score *score = NULL;
  shed_error  err   = {0};
  if (shed_score_parse(data, n, "tune.musicxml", NULL, &score, &err) != SHED_OK) {
    if (err.status == SHED_OK || !err.what[0]) {
      abort();
    }
    return 0;
  }
  for (size_t i = 0; i < shed_score_parts(score) && i < 4; i++) {
    char           part[16];
    shed_selection sel = {.part = part};
    (void)snprintf(part, sizeof(part), "%zu", i + 1);
    perform(score, &sel);
    sel.first_measure = "2";
    sel.last_measure  = "3";
    sel.staff         = 1;
    sel.voice         = "1";
    perform(score, &sel);
  }
  shed_score_free(score);
  return 0;
}
