// About this file: the group made by additive synthesis alone.
#include "tests/corpus/ear_kinds.h"

#include <math.h>

static const double PEAK_DB      = -4;
static const double DETUNE_CENTS = 12;

shed_status
corpus_ear_synth(const corpus_ear_item *item, const corpus_ear_row *row, corpus_ear_sound *out,
                 shed_error *err)
{
  corpus_ear_event  events[CORPUS_EAR_EVENTS_MAX];
  corpus_ear_stage  stage = {0};
  corpus_ear_melody m     = {row->style, row->low, row->high, row->slurs, DETUNE_CENTS, row->seconds};
  shed_rng          rng;
  shed_rng_seed(&rng, item->seed, 0xea5u);
  corpus_ear_player p = corpus_ear_player_draw((corpus_ear_kind)row->made, &rng);
  int               n = corpus_ear_compose(&m, &rng, events);
  corpus_ear_play(&p, events, n, &stage);
  for (size_t i = 0; row->style == CORPUS_EAR_SWEEP && i < stage.n; i++) {
    stage.parts[i].n_notes = stage.parts[i].n_notes > 0; // one long glide
  }
  shed_status st = corpus_ear_mix(&stage, row->seconds, PEAK_DB, out);
  return st == SHED_OK ? st : shed_fail(err, st, item->name, "%s", shed_status_text(st));
}
