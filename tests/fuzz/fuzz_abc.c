// covers: engine/score/abc*.c
// A tune, read and played out. What is accepted must be performable or too long, with its notes in order of time.
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
    if (early || note->duration_beats.num < 0 || note->midi < 0 || note->midi > 127 ||
        !(note->onset_s >= 0)) {
      abort();
    }
  }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
  shed_score *score = NULL;
  shed_error  err   = {0};
  // the ending decides where the content does not; other readers look at the content first
  if (shed_score_parse(data, n, "tune.abc", NULL, &score, &err) != SHED_OK) {
    return 0;
  }
  for (size_t i = 0; i < shed_score_parts(score) && i < 4; i++) {
    char           part[16];
    shed_line      line = {0};
    shed_selection sel  = {.part = part};
    (void)snprintf(part, sizeof(part), "%zu", i + 1);
    if (shed_score_perform(score, &sel, NULL, &line, &err) == SHED_OK) {
      check_line(&line);
      shed_line_free(&line);
    }
  }
  shed_score_free(score);
  return 0;
}
