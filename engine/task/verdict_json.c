// About this file: the document "woodshed/verdict/1", written. Its order of fields is part of the promise that the same
// take gives the same bytes. Reading it back is in verdict_read.c.

#include "engine/task/verdict.h"

#include <math.h>
#include <string.h>

// Decimal places of the document: more than the ear can tell, few enough for a person to read.
enum {
  SCORE_PLACES   = 4,
  SECONDS_PLACES = 4,
  MS_PLACES      = 1,
  CENTS_PLACES   = 1,
  BPM_PLACES     = 2,
  RATIO_PLACES   = 4,
  BEAT_PLACES    = 6,
  GRADE_PLACES   = 2
};

static void
set_index(shed_json *o, const char *key, int index)
{
  if (index < 0) {
    shed_json_set_null(o, key);
  } else {
    shed_json_set_int(o, key, index);
  }
}

static void
set_sha256(shed_json *o, const char *key, const shed_sha256 *sum)
{
  shed_json_set_str(o, key, sum->text[0] ? sum->text : NULL);
}

static shed_json *
messages_json(const shed_message *messages, int n)
{
  shed_json *list = shed_json_array();
  for (int i = 0; i < n; i++) {
    shed_json_add(list, shed_message_to_json(&messages[i]));
  }
  return list;
}

// The item that was asked: enough to make it again, and the hash that proves it is the same.
static shed_json *
prompt_json(const shed_prompt *p)
{
  shed_json *o     = shed_json_object();
  shed_json *whole = shed_prompt_to_json(p);
  shed_str   text  = {0};
  shed_json_write(whole, SHED_JSON_CANONICAL, &text);
  SHED_ASSERT(!text.failed);
  shed_sha256 sum = shed_sha256_of(text.text, text.len);
  shed_str_free(&text);
  shed_json_set_str(o, "title", p->title);
  shed_json_set_int(o, "generator", p->generator);
  shed_json_set(o, "seed", shed_json_copy(shed_json_get(whole, "seed")));
  set_sha256(o, "sha256", &sum);
  shed_json_free(whole);
  return o;
}

static shed_json *
target_json(const shed_prompt *p)
{
  shed_json *o = shed_json_object();
  shed_json_set_str(o, "kind", p->kind);
  shed_json_set_str(o, "id", p->id);
  set_sha256(o, "sha256", &p->source_sha256);
  shed_json_set_str(o, "part", p->part);
  shed_json_set(o, "prompt", prompt_json(p));
  return o;
}

static shed_json *
policy_json(const shed_verdict *v)
{
  shed_json *o = shed_json_object();
  shed_json_set_str(o, "id", v->policy_id);
  shed_json_set_int(o, "version", v->policy_version);
  set_sha256(o, "sha256", &v->policy_sha256);
  return o;
}

static shed_json *
dimensions_json(const shed_verdict *v)
{
  shed_json *all = shed_json_object();
  for (int i = 0; i < v->n_dimensions; i++) {
    const shed_dimension *d = &v->dimensions[i];
    shed_json            *o = shed_json_object();
    shed_json_set_real(o, "score", d->score, SCORE_PLACES);
    shed_json_set_real(o, "assessed", d->assessed, SCORE_PLACES);
    if (d->unit[0]) {
      shed_json_set_real(o, "value", d->value, SECONDS_PLACES);
      shed_json_set_str(o, "unit", d->unit);
    }
    shed_json_set(all, d->name, o);
  }
  return all;
}

static shed_json *
expected_json(const shed_sounding_note *note, const shed_note_verdict *nv)
{
  shed_json *o = shed_json_object();
  if (note->pitched) {
    static const char *const letters[] = {"C", "D", "E", "F", "G", "A", "B"};
    shed_json_set_int(o, "midi", note->midi);
    shed_json_set_str(o, "step", letters[note->sounding.step]);
    shed_json_set_int(o, "alter", note->sounding.alter);
    shed_json_set_int(o, "octave", note->sounding.octave);
  } else {
    shed_json_set_null(o, "midi");
    shed_json_set_null(o, "step");
    shed_json_set_null(o, "alter");
    shed_json_set_null(o, "octave");
  }
  shed_json_set_real(o, "onset_beats", shed_beat_quarters(note->onset_beats), BEAT_PLACES);
  shed_json_set_real(o, "onset_s", nv->expected_onset_s, SECONDS_PLACES);
  shed_json_set_real(o, "duration_s", nv->expected_duration_s, SECONDS_PLACES);
  return o;
}

static shed_json *
note_json(const shed_note_verdict *nv, const shed_line *line)
{
  // a stored verdict may be shown beside another prompt than its own: then the place is not known, and null
  const shed_sounding_note *note =
      nv->index >= 0 && (size_t)nv->index < line->n_notes ? &line->notes[nv->index] : NULL;
  shed_json *o = shed_json_object();
  shed_json_set_int(o, "index", nv->index);
  shed_json_set_str(o, "id", note ? note->id : NULL);
  set_index(o, "pass", note ? note->pass : -1);
  shed_json_set_str(o, "measure", note ? note->measure : NULL);
  shed_json_set_real(o, "beat", note ? note->beat : (double)NAN, BEAT_PLACES);
  set_index(o, "take_index", nv->take_index);
  shed_json_set(o, "expected", note ? expected_json(note, nv) : shed_json_null());
  shed_json_set_str(o, "pitch", shed_pitch_label_name(nv->pitch));
  shed_json_set_str(o, "timing", shed_timing_label_name(nv->timing));
  shed_json_set_str(o, "length", shed_length_label_name(nv->length));
  shed_json_set_real(o, "credit", nv->credit, SCORE_PLACES);
  set_index(o, "played_midi", nv->played_midi);
  shed_json_set_real(o, "cents", nv->cents, CENTS_PLACES);
  shed_json_set_real(o, "onset_s", nv->onset_s, SECONDS_PLACES);
  shed_json_set_real(o, "onset_error_ms", nv->onset_error_ms, MS_PLACES);
  shed_json_set_real(o, "offset_s", nv->offset_s, SECONDS_PLACES);
  shed_json_set_real(o, "confidence", nv->confidence, SCORE_PLACES);
  return o;
}

static shed_json *
notes_json(const shed_verdict *v, const shed_line *line)
{
  shed_json *list = shed_json_array();
  for (size_t i = 0; i < v->n_notes; i++) {
    shed_json_add(list, note_json(&v->notes[i], line));
  }
  return list;
}

static shed_json *
extras_json(const shed_verdict *v)
{
  shed_json *list = shed_json_array();
  for (size_t i = 0; i < v->n_extras; i++) {
    shed_json *o = shed_json_object();
    shed_json_set_real(o, "onset_s", v->extras[i].onset_s, SECONDS_PLACES);
    set_index(o, "midi", v->extras[i].midi);
    set_index(o, "take_index", v->extras[i].take_index);
    shed_json_set_real(o, "confidence", v->extras[i].confidence, SCORE_PLACES);
    shed_json_add(list, o);
  }
  return list;
}

static shed_json *
restarts_json(const shed_verdict *v)
{
  shed_json *list = shed_json_array();
  for (size_t i = 0; i < v->n_restarts; i++) {
    shed_json *o = shed_json_object();
    shed_json_set_real(o, "at_s", v->restarts[i].at_s, SECONDS_PLACES);
    set_index(o, "from_index", v->restarts[i].from_index);
    set_index(o, "to_index", v->restarts[i].to_index);
    shed_json_add(list, o);
  }
  return list;
}

static shed_json *
hesitations_json(const shed_verdict *v)
{
  shed_json *list = shed_json_array();
  for (size_t i = 0; i < v->n_hesitations; i++) {
    shed_json *o = shed_json_object();
    shed_json_set_real(o, "at_s", v->hesitations[i].at_s, SECONDS_PLACES);
    set_index(o, "before_index", v->hesitations[i].before_index);
    shed_json_set_real(o, "length_s", v->hesitations[i].length_s, SECONDS_PLACES);
    shed_json_add(list, o);
  }
  return list;
}

static shed_json *
incidents_json(const shed_verdict *v)
{
  shed_json *list = shed_json_array();
  for (size_t i = 0; i < v->n_incidents; i++) {
    const shed_incident *incident = &v->incidents[i];
    shed_json           *o        = shed_json_object();
    shed_json_set_str(o, "kind", incident->kind);
    shed_json_set_real(o, "at_s", incident->at_s, SECONDS_PLACES);
    set_index(o, "from_index", incident->from_index);
    set_index(o, "to_index", incident->to_index);
    shed_json_set_real(o, "amount", incident->amount, SECONDS_PLACES);
    shed_json_add(list, o);
  }
  return list;
}

static shed_json *
overall_json(const shed_overall *overall)
{
  shed_json *o     = shed_json_object();
  shed_json *parts = shed_json_object();
  for (int i = 0; i < overall->n_parts; i++) {
    shed_json *part = shed_json_object();
    shed_json_set_real(part, "share", overall->parts[i].share, SCORE_PLACES);
    shed_json_set_real(part, "weight", overall->parts[i].weight, SCORE_PLACES);
    shed_json_set(parts, overall->parts[i].name, part);
  }
  shed_json_set_real(o, "score", overall->score, SCORE_PLACES);
  shed_json_set_real(o, "start", overall->start, SCORE_PLACES);
  shed_json_set(o, "parts", parts);
  return o;
}

static shed_json *
jury_json(const shed_jury_estimate *jury)
{
  shed_json *o = shed_json_object();
  shed_json_set_real(o, "grade", jury->grade, GRADE_PLACES);
  shed_json_set_real(o, "low", jury->low, GRADE_PLACES);
  shed_json_set_real(o, "high", jury->high, GRADE_PLACES);
  shed_json_set_str(o, "basis", jury->basis);
  return o;
}

static shed_json *
swing_json(const shed_swing *s)
{
  shed_json *o = shed_json_object();
  shed_json_set_real(o, "written", s->written, RATIO_PLACES);
  shed_json_set_real(o, "played", s->played, RATIO_PLACES);
  shed_json_set_real(o, "least", s->least, RATIO_PLACES);
  shed_json_set_real(o, "most", s->most, RATIO_PLACES);
  shed_json_set_real(o, "credited", s->credited, RATIO_PLACES);
  return o;
}

static shed_json *
take_json(const shed_verdict *v, const shed_take *t)
{
  shed_json *o = shed_json_object();
  set_sha256(o, "sha256", &t->sha256);
  shed_json_set_real(o, "duration_s", t->duration_s, SECONDS_PLACES);
  shed_json_set_real(o, "snr_db", (double)t->snr_db, CENTS_PLACES);
  shed_json_set_int(o, "clipped", t->clipped);
  shed_json_set_real(o, "latency", t->latency_s, SECONDS_PLACES);
  shed_json_set(o, "warnings", messages_json(v->warnings, v->n_warnings));
  return o;
}

shed_json *
shed_verdict_to_json(const shed_verdict *v, const shed_prompt *p, const shed_take *t)
{
  shed_json *o = shed_json_object();
  shed_json_set_str(o, "schema", SHED_VERDICT_SCHEMA);
  shed_json_set_str(o, "engine", SHED_VERSION);
  shed_json_set_str(o, "ear", t->ear[0] ? t->ear : NULL);
  shed_json_set(o, "target", target_json(p));
  shed_json_set(o, "policy", policy_json(v));
  shed_json_set_real(o, "score", v->score, SCORE_PLACES);
  if (v->passed < 0) {
    shed_json_set_null(o, "passed");
  } else {
    shed_json_set_bool(o, "passed", v->passed > 0);
  }
  shed_json_set_real(o, "assessed", v->assessed, SCORE_PLACES);
  // of what was played after a take without a tempo only the ratio is known
  bool echo = strcmp(p->kind, "reference") == 0;
  shed_json_set_real(o, "tempo_bpm", echo && p->line.tempo_marks == 0 ? (double)NAN : v->tempo_bpm,
                     BPM_PLACES);
  if (echo) {
    shed_json_set_real(o, "tempo_ratio", v->tempo_bpm / p->line.tempo_bpm, RATIO_PLACES);
  }
  shed_json_set_real(o, "tuning_cents", v->tuning_cents, CENTS_PLACES);
  shed_json_set_int(o, "octave_shift", v->octave_shift);
  shed_json_set_int(o, "key_shift", v->key_shift);
  shed_json_set(o, "dimensions", dimensions_json(v));
  if (v->overall.n_parts) {
    shed_json_set(o, "overall", overall_json(&v->overall));
  }
  if (v->jury.told) {
    shed_json_set(o, "jury_estimate", jury_json(&v->jury));
  }
  if (v->swing.told) {
    shed_json_set(o, "swing", swing_json(&v->swing));
  }
  shed_json_set(o, "notes", notes_json(v, &p->line));
  shed_json_set(o, "extras", extras_json(v));
  shed_json_set(o, "restarts", restarts_json(v));
  shed_json_set(o, "hesitations", hesitations_json(v));
  shed_json_set(o, "incidents", incidents_json(v));
  shed_json_set(o, "advice", messages_json(v->advice, v->n_advice));
  shed_json_set(o, "take", take_json(v, t));
  return o;
}
