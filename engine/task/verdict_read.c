// About this file: the document "woodshed/verdict/1", read back. What it is read from may be a stored event, a merge from
// another school, or an attack: every member passes a typed getter with a range.

#include "engine/task/verdict.h"

#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define MOST_S     1e7 // longer than any take: 115 days
#define MOST_CENTS 1e5

enum { MOST_ROWS = 1000000, SHIFTS = 128 };

// A number or null, which is NaN.
static shed_status
read_number(const shed_json *o, const char *key, double min, double max, double *out, shed_error *err)
{
  *out = (double)NAN;
  return shed_json_read_real(o, key, true, min, max, out, err);
}

// A whole number from 0 or null, which is -1.
static shed_status
read_index(const shed_json *o, const char *key, int64_t max, int *out, shed_error *err)
{
  int64_t     wide = -1;
  shed_status st   = shed_json_read_int(o, key, true, 0, max, &wide, err);
  *out             = (int)wide;
  return st;
}

static shed_status
read_whole(const shed_json *o, const char *key, int64_t min, int64_t max, int *out, shed_error *err)
{
  int64_t     wide = 0;
  shed_status st   = shed_json_read_int(o, key, false, min, max, &wide, err);
  *out             = (int)wide;
  return st;
}

// Text or null, which is "".
static shed_status
read_text(const shed_json *o, const char *key, size_t size, char *out, shed_error *err)
{
  const char *text = "";
  shed_status st   = shed_json_read_str(o, key, true, size - 1, &text, err);
  if (st == SHED_OK) {
    memcpy(out, text, strlen(text) + 1);
  }
  return st;
}

static shed_status
read_sha256(const shed_json *o, const char *key, shed_sha256 *out, shed_error *err)
{
  shed_status st = read_text(o, key, sizeof(out->text), out->text, err);
  if (st == SHED_OK && out->text[0] && strspn(out->text, "0123456789abcdef") != sizeof(out->text) - 1) {
    st = shed_fail(err, SHED_E_FORMAT, key, "\"%s\" is not a SHA-256", out->text);
  }
  return st;
}

// A label by its name; null is label 0 (NONE).
static shed_status
read_label(const shed_json *o, const char *key, const char *(*name)(unsigned), unsigned *out, shed_error *err)
{
  const char *text = NULL;
  shed_status st   = shed_json_read_str(o, key, true, 32, &text, err);
  *out             = 0;
  if (st != SHED_OK || !text) {
    return st;
  }
  for (unsigned i = 1; name(i); i++) {
    if (strcmp(name(i), text) == 0) {
      *out = i;
      return SHED_OK;
    }
  }
  return shed_fail(err, SHED_E_FORMAT, key, "\"%s\" is not a label", text);
}

static const char *
pitch_name(unsigned i)
{
  return shed_pitch_label_name((shed_pitch_label)i);
}

static const char *
timing_name(unsigned i)
{
  return shed_timing_label_name((shed_timing_label)i);
}

static const char *
length_name(unsigned i)
{
  return shed_length_label_name((shed_length_label)i);
}

static shed_status
read_labels(const shed_json *o, shed_note_verdict *nv, shed_error *err)
{
  unsigned    label;
  shed_status st = read_label(o, "pitch", pitch_name, &label, err);
  nv->pitch      = (shed_pitch_label)label;
  if (st == SHED_OK) {
    st         = read_label(o, "timing", timing_name, &label, err);
    nv->timing = (shed_timing_label)label;
  }
  if (st == SHED_OK) {
    st         = read_label(o, "length", length_name, &label, err);
    nv->length = (shed_length_label)label;
  }
  return st;
}

static shed_status
read_note(const shed_json *o, void *row, shed_error *err)
{
  shed_note_verdict *nv       = row;
  const shed_json   *expected = shed_json_get(o, "expected");
  shed_status        st;
  if ((st = read_whole(o, "index", 0, MOST_ROWS - 1, &nv->index, err)) != SHED_OK ||
      (st = read_index(o, "take_index", INT_MAX, &nv->take_index, err)) != SHED_OK ||
      (st = read_labels(o, nv, err)) != SHED_OK ||
      (st = read_number(expected, "onset_s", -MOST_S, MOST_S, &nv->expected_onset_s, err)) != SHED_OK ||
      (st = read_number(expected, "duration_s", 0, MOST_S, &nv->expected_duration_s, err)) != SHED_OK ||
      (st = read_number(o, "credit", 0, 1, &nv->credit, err)) != SHED_OK ||
      (st = read_index(o, "played_midi", 1000, &nv->played_midi, err)) != SHED_OK ||
      (st = read_number(o, "cents", -MOST_CENTS, MOST_CENTS, &nv->cents, err)) != SHED_OK ||
      (st = read_number(o, "onset_s", -MOST_S, MOST_S, &nv->onset_s, err)) != SHED_OK ||
      (st = read_number(o, "onset_error_ms", -1e3 * MOST_S, 1e3 * MOST_S, &nv->onset_error_ms, err)) !=
          SHED_OK ||
      (st = read_number(o, "offset_s", -MOST_S, MOST_S, &nv->offset_s, err)) != SHED_OK) {
    return st;
  }
  return read_number(o, "confidence", 0, 1, &nv->confidence, err);
}

static shed_status
read_extra(const shed_json *o, void *row, shed_error *err)
{
  shed_extra_note *extra = row;
  shed_status      st;
  if ((st = read_number(o, "onset_s", -MOST_S, MOST_S, &extra->onset_s, err)) != SHED_OK ||
      (st = read_index(o, "midi", 1000, &extra->midi, err)) != SHED_OK ||
      (st = read_index(o, "take_index", INT_MAX, &extra->take_index, err)) != SHED_OK) {
    return st;
  }
  return read_number(o, "confidence", 0, 1, &extra->confidence, err);
}

static shed_status
read_restart(const shed_json *o, void *row, shed_error *err)
{
  shed_restart *restart = row;
  shed_status   st      = read_number(o, "at_s", -MOST_S, MOST_S, &restart->at_s, err);
  if (st == SHED_OK) {
    st = read_index(o, "from_index", MOST_ROWS, &restart->from_index, err);
  }
  return st == SHED_OK ? read_index(o, "to_index", MOST_ROWS, &restart->to_index, err) : st;
}

static shed_status
read_hesitation(const shed_json *o, void *row, shed_error *err)
{
  shed_hesitation *hesitation = row;
  shed_status      st         = read_number(o, "at_s", -MOST_S, MOST_S, &hesitation->at_s, err);
  if (st == SHED_OK) {
    st = read_index(o, "before_index", MOST_ROWS, &hesitation->before_index, err);
  }
  return st == SHED_OK ? read_number(o, "length_s", 0, MOST_S, &hesitation->length_s, err) : st;
}

static shed_status
read_incident(const shed_json *o, void *row, shed_error *err)
{
  shed_incident *incident = row;
  shed_status    st;
  if ((st = read_text(o, "kind", sizeof(incident->kind), incident->kind, err)) != SHED_OK ||
      (st = read_number(o, "at_s", -MOST_S, MOST_S, &incident->at_s, err)) != SHED_OK ||
      (st = read_index(o, "from_index", MOST_ROWS, &incident->from_index, err)) != SHED_OK ||
      (st = read_index(o, "to_index", MOST_ROWS, &incident->to_index, err)) != SHED_OK) {
    return st;
  }
  return read_number(o, "amount", -MOST_S, MOST_S, &incident->amount, err);
}

typedef shed_status (*read_row)(const shed_json *o, void *row, shed_error *err);

// *rows is set as soon as it exists: the caller frees what a failure leaves.
static shed_status
read_rows(const shed_json *v, const char *key, size_t row_size, read_row read, const shed_alloc *alloc,
          void **rows, size_t *n, shed_error *err)
{
  const shed_json *list = shed_json_get(v, key);
  size_t           size = shed_json_size(list);
  char             where[64];
  if (!shed_json_is_array(list)) {
    return shed_fail(err, SHED_E_FORMAT, key, "is not a list");
  }
  if (size > MOST_ROWS) {
    return shed_fail(err, SHED_E_LIMIT, key, "has %zu entries, the most is %d", size, MOST_ROWS);
  }
  if (size == 0) {
    return SHED_OK;
  }
  *rows = shed_calloc(alloc, size, row_size);
  if (!*rows) {
    return SHED_E_NOMEM;
  }
  *n = size;
  for (size_t i = 0; i < size; i++) {
    shed_status st = read(shed_json_at(list, i), (char *)*rows + i * row_size, err);
    if (st != SHED_OK) {
      (void)snprintf(where, sizeof(where), "%s[%zu]", key, i);
      shed_error_within(err, where);
      return st;
    }
  }
  return SHED_OK;
}

static shed_status
read_lists(const shed_json *o, shed_verdict *v, shed_error *err)
{
  void       *notes = NULL, *extras = NULL, *restarts = NULL, *hesitations = NULL, *incidents = NULL;
  shed_status st;
  (void)((st = read_rows(o, "notes", sizeof(*v->notes), read_note, v->alloc, &notes, &v->n_notes, err)) !=
             SHED_OK ||
         (st = read_rows(o, "extras", sizeof(*v->extras), read_extra, v->alloc, &extras, &v->n_extras,
                         err)) != SHED_OK ||
         (st = read_rows(o, "restarts", sizeof(*v->restarts), read_restart, v->alloc, &restarts,
                         &v->n_restarts, err)) != SHED_OK ||
         (st = read_rows(o, "hesitations", sizeof(*v->hesitations), read_hesitation, v->alloc, &hesitations,
                         &v->n_hesitations, err)) != SHED_OK ||
         (st = read_rows(o, "incidents", sizeof(*v->incidents), read_incident, v->alloc, &incidents,
                         &v->n_incidents, err)) != SHED_OK);
  v->notes       = notes;
  v->extras      = extras;
  v->restarts    = restarts;
  v->hesitations = hesitations;
  v->incidents   = incidents;
  return st;
}

static shed_status
read_dimensions(const shed_json *o, shed_verdict *v, shed_error *err)
{
  const shed_json *all = shed_json_get(o, "dimensions");
  if (!shed_json_is_object(all) || shed_json_size(all) > SHED_DIMENSIONS) {
    return shed_fail(err, SHED_E_FORMAT, "dimensions", "an object of at most %d members is needed",
                     SHED_DIMENSIONS);
  }
  for (const char *key = shed_json_next_key(all, NULL); key; key = shed_json_next_key(all, key)) {
    shed_dimension  *d = &v->dimensions[v->n_dimensions++];
    const shed_json *m = shed_json_get(all, key);
    shed_status      st;
    if (strlen(key) >= sizeof(d->name) || !shed_json_is_object(m)) {
      return shed_fail(err, SHED_E_FORMAT, "dimensions", "\"%.40s\" is not a dimension", key);
    }
    memcpy(d->name, key, strlen(key) + 1);
    if ((st = read_number(m, "score", 0, 1, &d->score, err)) != SHED_OK ||
        (st = read_number(m, "assessed", 0, 1, &d->assessed, err)) != SHED_OK ||
        (st = read_number(m, "value", -1e9, 1e9, &d->value, err)) != SHED_OK ||
        (st = read_text(m, "unit", sizeof(d->unit), d->unit, err)) != SHED_OK) {
      return st;
    }
  }
  return SHED_OK;
}

static shed_status
read_overall(const shed_json *o, shed_verdict *v, shed_error *err)
{
  const shed_json *overall = shed_json_get(o, "overall");
  const shed_json *parts   = shed_json_get(overall, "parts");
  shed_status      st;
  if (!overall) {
    return SHED_OK;
  }
  if (!shed_json_is_object(parts) || shed_json_size(parts) > SHED_DIMENSIONS) {
    return shed_fail(err, SHED_E_FORMAT, "overall.parts", "an object of at most %d members is needed",
                     SHED_DIMENSIONS);
  }
  if ((st = read_number(overall, "score", 0, 1, &v->overall.score, err)) != SHED_OK ||
      (st = read_number(overall, "start", -1e3, 1e3, &v->overall.start, err)) != SHED_OK) {
    return st;
  }
  for (const char *key = shed_json_next_key(parts, NULL); key; key = shed_json_next_key(parts, key)) {
    shed_overall_part *part = &v->overall.parts[v->overall.n_parts++];
    const shed_json   *m    = shed_json_get(parts, key);
    if (strlen(key) >= sizeof(part->name) || !shed_json_is_object(m)) {
      return shed_fail(err, SHED_E_FORMAT, "overall.parts", "\"%.40s\" is not a share", key);
    }
    memcpy(part->name, key, strlen(key) + 1);
    if ((st = read_number(m, "share", 0, 1, &part->share, err)) != SHED_OK ||
        (st = read_number(m, "weight", 0, 1e3, &part->weight, err)) != SHED_OK) {
      return st;
    }
  }
  return SHED_OK;
}

static shed_status
read_jury(const shed_json *o, shed_verdict *v, shed_error *err)
{
  const shed_json    *jury = shed_json_get(o, "jury_estimate");
  shed_jury_estimate *j    = &v->jury;
  shed_status         st;
  if (!jury) {
    return SHED_OK;
  }
  if ((st = read_number(jury, "grade", 1, 4, &j->grade, err)) != SHED_OK ||
      (st = read_number(jury, "low", 1, 4, &j->low, err)) != SHED_OK ||
      (st = read_number(jury, "high", 1, 4, &j->high, err)) != SHED_OK) {
    return st;
  }
  j->told = true;
  return read_text(jury, "basis", sizeof(j->basis), j->basis, err);
}

static shed_status
read_swing(const shed_json *o, shed_verdict *v, shed_error *err)
{
  const shed_json *swing = shed_json_get(o, "swing");
  const struct {
    const char *name;
    double     *to;
  } fields[]     = {{"written", &v->swing.written},
                    {"played", &v->swing.played},
                    {"least", &v->swing.least},
                    {"most", &v->swing.most},
                    {"credited", &v->swing.credited}};
  shed_status st = SHED_OK;
  for (size_t i = 0; i < SHED_COUNTOF(fields) && swing && st == SHED_OK; i++) {
    st = read_number(swing, fields[i].name, 0, 1e3, fields[i].to, err);
  }
  v->swing.told = swing != NULL;
  return st;
}

// Messages of a later version are skipped: readers ignore what they do not know.
static shed_status
read_messages(const shed_json *list, const char *key, int most, shed_message *out, int *n, shed_error *err)
{
  if (!shed_json_is_array(list) || shed_json_size(list) > (size_t)most) {
    return shed_fail(err, SHED_E_FORMAT, key, "a list of at most %d messages is needed", most);
  }
  for (size_t i = 0; i < shed_json_size(list); i++) {
    shed_status st = shed_message_from_json(shed_json_at(list, i), &out[*n], err);
    if (st == SHED_OK) {
      (*n)++;
    } else if (st != SHED_E_NOTFOUND) {
      return st;
    }
  }
  return SHED_OK;
}

static shed_status
read_policy(const shed_json *o, shed_verdict *v, shed_error *err)
{
  const shed_json *policy = shed_json_get(o, "policy");
  shed_status      st     = read_text(policy, "id", sizeof(v->policy_id), v->policy_id, err);
  if (st == SHED_OK) {
    st = read_whole(policy, "version", 0, INT_MAX, &v->policy_version, err);
  }
  return st == SHED_OK ? read_sha256(policy, "sha256", &v->policy_sha256, err) : st;
}

static shed_status
read_head(const shed_json *o, shed_verdict *v, shed_error *err)
{
  const char *schema = NULL;
  bool        passed = false;
  shed_status st     = shed_json_read_str(o, "schema", false, 64, &schema, err);
  if (st != SHED_OK) {
    return st;
  }
  if (strcmp(schema, SHED_VERDICT_SCHEMA) != 0) {
    return shed_fail(err, SHED_E_VERSION, "schema", "\"%s\" is not \"" SHED_VERDICT_SCHEMA "\"", schema);
  }
  if ((st = read_policy(o, v, err)) != SHED_OK ||
      (st = read_number(o, "score", 0, 1, &v->score, err)) != SHED_OK ||
      (st = shed_json_read_bool(o, "passed", true, &passed, err)) != SHED_OK ||
      (st = read_number(o, "assessed", 0, 1, &v->assessed, err)) != SHED_OK ||
      (st = read_number(o, "tempo_bpm", 0, 1e6, &v->tempo_bpm, err)) != SHED_OK ||
      (st = read_number(o, "tuning_cents", -MOST_CENTS, MOST_CENTS, &v->tuning_cents, err)) != SHED_OK ||
      (st = read_whole(o, "octave_shift", -SHIFTS, SHIFTS, &v->octave_shift, err)) != SHED_OK ||
      (st = read_whole(o, "key_shift", -SHIFTS, SHIFTS, &v->key_shift, err)) != SHED_OK) {
    return st;
  }
  v->passed = shed_json_is_null(shed_json_get(o, "passed")) ? -1 : (int)passed;
  return SHED_OK;
}

shed_status
shed_verdict_from_json(const shed_json *o, const shed_alloc *alloc, shed_verdict *out, shed_error *err)
{
  shed_verdict v  = {.alloc = alloc};
  shed_status  st = read_head(o, &v, err);
  if (st == SHED_OK) {
    st = read_dimensions(o, &v, err);
  }
  if (st == SHED_OK) {
    st = read_overall(o, &v, err);
  }
  if (st == SHED_OK) {
    st = read_jury(o, &v, err);
  }
  if (st == SHED_OK) {
    st = read_swing(o, &v, err);
  }
  if (st == SHED_OK) {
    st = read_lists(o, &v, err);
  }
  if (st == SHED_OK) {
    st = read_messages(shed_json_get(o, "advice"), "advice", (int)SHED_COUNTOF(v.advice), v.advice,
                       &v.n_advice, err);
  }
  if (st == SHED_OK) {
    st = read_messages(shed_json_get(shed_json_get(o, "take"), "warnings"), "take.warnings",
                       SHED_TAKE_WARNINGS, v.warnings, &v.n_warnings, err);
  }
  if (st != SHED_OK) {
    shed_verdict_free(&v);
    return st;
  }
  *out = v;
  return SHED_OK;
}
