// About this file: a score as something to play, and a performance as a keyboard's MIDI file.
#include "app/session/target.h"
#include "engine/base/file.h"
#include "engine/score/score.h"
#include "tests/corpus/make_job.h"
#include "tests/support/midi_bytes.h"

#include <math.h>
#include <stdlib.h>

static const double USUAL_BPM = 96;

shed_status
corpus_job_score(corpus_job *j, shed_error *err)
{
  shed_score         *score = NULL;
  shed_line           line  = {0};
  shed_selection_text text  = {0};
  shed_selection      sel   = {0};
  shed_status         st    = shed_selection_read(j->part, j->measures, &text, &sel, err);
  if (st != SHED_OK || (st = shed_score_load(j->score, NULL, &score, err)) != SHED_OK) {
    return st;
  }
  if ((st = shed_score_perform(score, &sel, NULL, &line, err)) == SHED_OK) {
    double own = line.tempo_marks > 0 ? line.tempo_bpm : USUAL_BPM;
    // the line's seconds are by its own tempo, or by 120 where it has none
    st          = corpus_tune_of_line(&line, line.tempo_bpm, &j->tune, err);
    j->bpm      = j->bpm > 0 ? j->bpm : own;
    j->as_asked = true;
  }
  shed_line_free(&line);
  shed_score_free(score);
  return st;
}

typedef struct {
  long at_ms;
  int  status, key, velocity;
} key_event;

// In time; at one moment keys go up before others go down.
static int
by_time(const void *a, const void *b)
{
  const key_event *x = a, *y = b;
  if (x->at_ms != y->at_ms) {
    return x->at_ms < y->at_ms ? -1 : 1;
  }
  return x->status != y->status ? x->status - y->status : x->key - y->key;
}

shed_status
corpus_job_midi(const corpus_job *j, const corpus_performance *p, shed_error *err)
{
  enum {
    DIVISION = 500,
    NOTE_OFF = 0x80,
    NOTE_ON  = 0x90
  }; // of a quarter at the 120 a minute that no mark means
  static midi_bytes m;
  static key_event  events[2 * CORPUS_PLAYED_MAX];
  size_t            n = 0;
  for (size_t i = 0; i < p->n; i++) {
    const corpus_played *k = &p->played[i];
    events[n++]            = (key_event){lround(k->onset_s * 1000), NOTE_ON, k->midi, k->velocity};
    events[n++]            = (key_event){lround((k->onset_s + k->duration_s) * 1000), NOTE_OFF, k->midi, 0};
  }
  qsort(events, n, sizeof(*events), by_time);
  midi_begin(&m, 0, 1, DIVISION);
  midi_track(&m);
  for (size_t i = 0; i < n; i++) {
    long since = events[i].at_ms - (i ? events[i - 1].at_ms : 0);
    midi_event(&m, (uint32_t)since, events[i].status, events[i].key, events[i].velocity);
  }
  midi_close(&m, 0);
  return shed_file_write_atomic(j->path, (const char *)m.data, m.n, err);
}
