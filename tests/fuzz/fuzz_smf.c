// covers: engine/score/smf*.c
// A MIDI file, read as it stands and as a score. What is accepted has its notes in order, and is performable or too long.
#include "engine/score/score.h"
#include "engine/score/smf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check_file(const shed_smf *smf)
{
  for (size_t i = 0; i < smf->n_notes; i++) {
    const shed_smf_note *note = &smf->notes[i];
    bool                 late = i > 0 && note->on < smf->notes[i - 1].on;
    if (late || note->off <= note->on || !(note->off_s > note->on_s) || note->key > 127 ||
        note->channel >= SHED_SMF_CHANNELS || note->track >= smf->n_tracks) {
      abort();
    }
  }
}

static void
check_line(const shed_line *line)
{
  for (size_t i = 0; i < line->n_notes; i++) {
    const shed_sounding_note *note = &line->notes[i];
    bool early = i > 0 && shed_beat_cmp(note->onset_beats, line->notes[i - 1].onset_beats) < 0;
    if (early || note->duration_beats.num <= 0 || note->midi < 0 || note->midi > 127 ||
        !(note->onset_s >= 0) || !(note->beat >= 1)) {
      abort();
    }
  }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
  shed_smf    smf   = {0};
  shed_score *score = NULL;
  shed_error  err   = {0};
  if (shed_smf_parse(data, n, "tune.mid", NULL, &smf, &err) == SHED_OK) {
    check_file(&smf);
    shed_smf_free(&smf);
  }
  if (!shed_smf_is(data, n) || shed_score_parse(data, n, "tune.mid", NULL, &score, &err) != SHED_OK) {
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
