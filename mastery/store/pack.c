#include "mastery/store/pack.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const uint64_t NO_SCORE = 0x7ff8000000000000u; // the one NaN that is written

// -- JSON --------------------------------------------------------------------------------------------------------------

shed_json *
shed_marks_to_json(const shed_gate_mark *marks, int n)
{
  shed_json *a = shed_json_array();
  for (int i = 0; i < n; i++) {
    shed_json *o = shed_json_object();
    shed_json_set_str(o, "name", marks[i].dimension);
    shed_json_set_real(o, "score", marks[i].score, 6);
    shed_json_set_real(o, "assessed", marks[i].assessed, 6);
    shed_json_set_int(o, "notes", marks[i].notes);
    shed_json_add(a, o);
  }
  return a;
}

shed_json *
shed_answers_to_json(const shed_gate_answer *answers, int n)
{
  shed_json *a = shed_json_array();
  for (int i = 0; i < n; i++) {
    shed_json *o = shed_json_object();
    shed_json_set_str(o, "category", answers[i].category);
    shed_json_set_real(o, "score", answers[i].score, 6);
    shed_json_set_int(o, "choices", answers[i].choices);
    shed_json_add(a, o);
  }
  return a;
}

static shed_status
mark_from_json(const shed_json *v, shed_gate_mark *out, shed_error *err)
{
  const char *name  = NULL;
  int64_t     notes = 0;
  shed_status st    = shed_json_read_str(v, "name", false, sizeof(out->dimension) - 1, &name, err);
  out->score        = (double)NAN;
  out->assessed     = 0;
  if (st != SHED_OK || (st = shed_json_read_real(v, "score", true, 0, 1, &out->score, err)) != SHED_OK ||
      (st = shed_json_read_real(v, "assessed", true, 0, 1, &out->assessed, err)) != SHED_OK ||
      (st = shed_json_read_int(v, "notes", true, 0, 1000000, &notes, err)) != SHED_OK) {
    return st;
  }
  memset(out->dimension, 0, sizeof(out->dimension));
  (void)snprintf(out->dimension, sizeof(out->dimension), "%s", name);
  out->notes = (int)notes;
  return SHED_OK;
}

shed_status
shed_marks_from_json(const shed_json *body, shed_gate_mark *out, int *n, shed_error *err)
{
  const shed_json *list = shed_json_get(body, "dimensions");
  size_t           size = shed_json_size(list);
  if (!shed_json_is_null(list) && (!shed_json_is_array(list) || size > SHED_DIMENSIONS)) {
    return shed_fail(err, SHED_E_FORMAT, "dimensions", "is not a list of at most %d", SHED_DIMENSIONS);
  }
  for (size_t i = 0; i < size; i++) {
    shed_status st = mark_from_json(shed_json_at(list, i), &out[i], err);
    if (st != SHED_OK) {
      shed_error_within(err, "dimensions");
      return st;
    }
  }
  *n = (int)size;
  return SHED_OK;
}

shed_status
shed_answer_from_json(const shed_json *body, size_t at, shed_gate_answer *out, shed_error *err)
{
  const shed_json *v        = shed_json_at(shed_json_get(body, "answers"), at);
  const char      *category = NULL;
  int64_t          choices  = 0;
  shed_status      st;
  if ((st = shed_json_read_str(v, "category", false, SHED_GATE_CATEGORY - 1, &category, err)) != SHED_OK ||
      (st = shed_json_read_real(v, "score", false, 0, 1, &out->score, err)) != SHED_OK ||
      (st = shed_json_read_int(v, "choices", true, 0, 100, &choices, err)) != SHED_OK) {
    shed_error_within(err, "answers");
    return st;
  }
  memset(out->category, 0, sizeof(out->category));
  (void)snprintf(out->category, sizeof(out->category), "%s", category);
  out->choices = (int)choices;
  return SHED_OK;
}

// -- packed: a name is its length and its bytes, numbers are little endian -----------------------------------------------

static void
put(shed_str *out, uint64_t value, int bytes)
{
  char b[8];
  for (int i = 0; i < bytes; i++) {
    b[i] = (char)(value >> (8 * i) & 0xff);
  }
  shed_str_addn(out, b, (size_t)bytes);
}

static void
put_real(shed_str *out, double value)
{
  uint64_t bits = NO_SCORE;
  if (!isnan(value)) {
    memcpy(&bits, &value, sizeof(bits));
  }
  put(out, bits, 8);
}

static void
put_name(shed_str *out, const char *name)
{
  put(out, strlen(name), 1);
  shed_str_add(out, name);
}

static uint64_t
get(const unsigned char **p, int bytes)
{
  uint64_t value = 0;
  for (int i = 0; i < bytes; i++) {
    value |= (uint64_t)(*p)[i] << (8 * i);
  }
  *p += bytes;
  return value;
}

static double
get_real(const unsigned char **p)
{
  uint64_t bits = get(p, 8);
  double   value;
  memcpy(&value, &bits, sizeof(value));
  return value;
}

// A name of under size bytes, followed by at least rest bytes.
static bool
get_name(const unsigned char **p, size_t *left, char *name, size_t size, size_t rest)
{
  size_t n = *left ? **p : size;
  if (n >= size || *left < 1 + n + rest) {
    return false;
  }
  memcpy(name, *p + 1, n);
  name[n] = '\0';
  *p += 1 + n;
  *left -= 1 + n + rest;
  return true;
}

void
shed_marks_pack(const shed_gate_mark *marks, int n, shed_str *out)
{
  for (int i = 0; i < n; i++) {
    put_name(out, marks[i].dimension);
    put_real(out, marks[i].score);
    put_real(out, marks[i].assessed);
    put(out, (uint64_t)marks[i].notes, 4);
  }
}

void
shed_answer_pack(const shed_gate_answer *answer, shed_str *out)
{
  put_name(out, answer->category);
  put_real(out, answer->score);
  put(out, (uint64_t)answer->choices, 1);
}

bool
shed_marks_unpack(const unsigned char *data, size_t n_data, shed_gate_mark *out, int *n)
{
  *n = 0;
  while (n_data) {
    shed_gate_mark *m = &out[*n];
    if (*n == SHED_DIMENSIONS || !get_name(&data, &n_data, m->dimension, sizeof(m->dimension), 20)) {
      return false;
    }
    m->score    = get_real(&data);
    m->assessed = get_real(&data);
    m->notes    = (int)get(&data, 4);
    ++*n;
  }
  return true;
}

bool
shed_answer_unpack(const unsigned char **data, size_t *left, shed_gate_answer *out)
{
  if (!get_name(data, left, out->category, sizeof(out->category), 9)) {
    return false;
  }
  out->score   = get_real(data);
  out->choices = (int)get(data, 1);
  return true;
}
