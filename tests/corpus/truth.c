// About this file: the truth about a performance as JSON.
#include "tests/corpus/perform.h"

#include <math.h>

static shed_json *
sound_json(const corpus_played *k)
{
  shed_json *o = shed_json_object();
  if (k->index >= 0) {
    shed_json_set_int(o, "index", k->index);
  } else {
    shed_json_set_null(o, "index");
  }
  shed_json_set_int(o, "attempt", k->attempt);
  shed_json_set_int(o, "midi", k->midi);
  shed_json_set_real(o, "cents", k->cents, 2);
  shed_json_set_real(o, "sink_cents", k->sink_cents, 2);
  shed_json_set_real(o, "onset_s", k->onset_s, 5);
  shed_json_set_real(o, "offset_s", k->onset_s + k->duration_s, 5);
  shed_json_set_int(o, "velocity", k->velocity);
  shed_json_set_real(o, "shift_ms", k->shift_ms, 2);
  return o;
}

static shed_json *
note_json(const corpus_performance *p, size_t i)
{
  const corpus_truth  *t    = &p->truth[i];
  const corpus_played *k    = t->sound >= 0 ? &p->played[t->sound] : NULL;
  const double         none = NAN;
  shed_json           *o    = shed_json_object();
  shed_json_set_int(o, "index", (int64_t)i);
  if (p->tune.notes[i].pitched) {
    shed_json_set_int(o, "midi", p->tune.notes[i].midi);
  } else {
    shed_json_set_null(o, "midi");
  }
  shed_json_set_bool(o, "played", t->played);
  if (k) {
    shed_json_set_int(o, "played_midi", k->midi);
  } else {
    shed_json_set_null(o, "played_midi");
  }
  shed_json_set_real(o, "cents", k ? k->cents : none, 2);
  shed_json_set_real(o, "onset_s", k ? k->onset_s : none, 5);
  shed_json_set_real(o, "offset_s", k ? k->onset_s + k->duration_s : none, 5);
  shed_json_set_real(o, "shift_ms", k ? k->shift_ms : none, 2);
  shed_json_set_real(o, "steady_s", t->steady_s, 5);
  return o;
}

shed_json *
corpus_truth_json(const corpus_performance *p)
{
  shed_json *o        = shed_json_object();
  shed_json *notes    = shed_json_array();
  shed_json *sounds   = shed_json_array();
  shed_json *mistakes = shed_json_array();
  for (size_t i = 0; i < p->tune.n; i++) {
    shed_json_add(notes, note_json(p, i));
  }
  for (size_t i = 0; i < p->n; i++) {
    shed_json_add(sounds, sound_json(&p->played[i]));
  }
  for (size_t i = 0; i < p->n_mistakes; i++) {
    const corpus_mistake *m = &p->mistakes[i];
    shed_json            *v = shed_json_object();
    shed_json_set_str(v, "kind", corpus_mistake_name(m->kind));
    shed_json_set_int(v, "index", m->index);
    if (m->kind == CORPUS_RESTART || m->kind == CORPUS_SKIP) {
      shed_json_set_int(v, "to", m->to);
    }
    shed_json_set_real(v, "amount", m->amount, 3);
    shed_json_add(mistakes, v);
  }
  shed_json_set_str(o, "tune", p->tune.id);
  shed_json_set_real(o, "bpm", p->bpm, 3);
  shed_json_set_real(o, "length_s", p->length_s, 5);
  shed_json_set(o, "notes", notes);
  shed_json_set(o, "sounds", sounds);
  shed_json_set(o, "mistakes", mistakes);
  return o;
}
