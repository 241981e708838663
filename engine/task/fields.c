#include "engine/task/fields.h"

#include "engine/base/hash.h"
#include "engine/music/beat.h"
#include "engine/music/pitch.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MANTISSA_BITS = 53, SEED_DIGITS = 20 };

static bool
all_zero(const unsigned char *p, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    if (p[i]) {
      return false;
    }
  }
  return true;
}

static shed_json *
triple(int64_t a, int64_t b, const int64_t *c)
{
  shed_json *list = shed_json_array();
  shed_json_add(list, shed_json_int(a));
  shed_json_add(list, shed_json_int(b));
  if (c) {
    shed_json_add(list, shed_json_int(*c));
  }
  return list;
}

// The same double after text and back, always: a number where its 15 digits do that, else mantissa and exponent.
static shed_json *
exact_real(double value)
{
  char text[64];
  if (!isfinite(value)) {
    return shed_json_null();
  }
  (void)snprintf(text, sizeof(text), "%.15g", value);
  if (strtod(text, NULL) == value) {
    return shed_json_real(value, 400); // so many places round nothing: see shed_json_real()
  }
  int    exponent = 0;
  double mantissa = ldexp(frexp(value, &exponent), MANTISSA_BITS);
  return triple((int64_t)mantissa, exponent - MANTISSA_BITS, NULL);
}

static shed_json *
field_value(const shed_field *f, const unsigned char *p)
{
  int           number;
  uint64_t      seed;
  double        real;
  shed_beat     beat;
  shed_pitch    pitch;
  int64_t       octave;
  unsigned char truth;
  char          text[SEED_DIGITS + 1];
  switch (f->kind) {
  case SHED_FIELD_TEXT:
  case SHED_FIELD_SHA256:
    return shed_json_string((const char *)p);
  case SHED_FIELD_INT:
    memcpy(&number, p, sizeof(number));
    return shed_json_int(number);
  case SHED_FIELD_NAME:
    memcpy(&number, p, sizeof(number));
    return shed_json_string(f->names[number]);
  case SHED_FIELD_SEED:
    memcpy(&seed, p, sizeof(seed));
    (void)snprintf(text, sizeof(text), "%llu", (unsigned long long)seed);
    return shed_json_string(text);
  case SHED_FIELD_BOOL:
    memcpy(&truth, p, sizeof(truth));
    return shed_json_bool(truth);
  case SHED_FIELD_REAL:
    memcpy(&real, p, sizeof(real));
    return exact_real(real);
  case SHED_FIELD_BEAT:
    memcpy(&beat, p, sizeof(beat));
    return triple(beat.num, beat.den, NULL);
  case SHED_FIELD_PITCH:
    memcpy(&pitch, p, sizeof(pitch));
    octave = (int)pitch.octave;
    return triple(pitch.step, pitch.alter, &octave);
  }
  return shed_json_null();
}

void
shed_fields_write(shed_json *object, const shed_field *fields, size_t n, bool sparse, const void *base)
{
  for (size_t i = 0; i < n; i++) {
    const unsigned char *p = (const unsigned char *)base + fields[i].offset;
    if (!sparse || !all_zero(p, fields[i].size)) {
      shed_json_set(object, fields[i].key, field_value(&fields[i], p));
    }
  }
}

// Whole number number i of a list, within bounds.
static bool
list_int(const shed_json *list, size_t i, int64_t min, int64_t max, int64_t *out)
{
  // the typed getter reads members of objects: lend it one
  shed_json  *lent = shed_json_object();
  shed_status st   = SHED_E_FORMAT;
  if (shed_json_is_number(shed_json_at(list, i))) {
    shed_json_set(lent, "n", shed_json_copy(shed_json_at(list, i)));
    st = shed_json_read_int(lent, "n", false, min, max, out, NULL);
  }
  shed_json_free(lent);
  return st == SHED_OK;
}

static shed_status
read_real(const shed_json *v, const shed_field *f, double *out, shed_error *err)
{
  const shed_json *m = shed_json_get(v, f->key);
  int64_t          mantissa, exponent;
  if (shed_json_is_null(m) && m && f->nan) {
    *out = (double)NAN;
    return SHED_OK;
  }
  if (!shed_json_is_array(m)) {
    return shed_json_read_real(v, f->key, false, f->min, f->max, out, err);
  }
  int64_t most = INT64_C(1) << MANTISSA_BITS;
  if (shed_json_size(m) != 2 || !list_int(m, 0, -most, most, &mantissa) ||
      !list_int(m, 1, -1200, 1200, &exponent)) {
    return shed_fail(err, SHED_E_FORMAT, f->key, "is neither a number nor mantissa and exponent");
  }
  double value = ldexp((double)mantissa, (int)exponent);
  if (!(value >= f->min && value <= f->max)) {
    return shed_fail(err, SHED_E_FORMAT, f->key, "%g is not between %g and %g", value, f->min, f->max);
  }
  *out = value;
  return SHED_OK;
}

static shed_status
read_text(const shed_json *v, const shed_field *f, char *out, shed_error *err)
{
  const char *text = NULL;
  shed_status st   = shed_json_read_str(v, f->key, false, f->size - 1, &text, err);
  if (st == SHED_OK && strlen(text) > f->size - 1) {
    st = SHED_E_FORMAT;
  }
  if (st == SHED_OK && f->kind == SHED_FIELD_SHA256 && *text &&
      (strlen(text) != f->size - 1 || strspn(text, "0123456789abcdef") != f->size - 1)) {
    st = shed_fail(err, SHED_E_FORMAT, f->key, "\"%s\" is not a SHA-256", text);
  }
  if (st == SHED_OK) {
    memcpy(out, text, strlen(text) + 1);
  }
  return st;
}

static shed_status
read_name(const shed_json *v, const shed_field *f, int *out, shed_error *err)
{
  const char *text = NULL;
  shed_status st   = shed_json_read_str(v, f->key, false, 64, &text, err);
  if (st != SHED_OK) {
    return st;
  }
  for (int i = 0; f->names[i]; i++) {
    if (strcmp(f->names[i], text) == 0) {
      *out = i;
      return SHED_OK;
    }
  }
  return shed_fail(err, SHED_E_FORMAT, f->key, "\"%s\" is not one of its names", text);
}

static shed_status
read_seed(const shed_json *v, const shed_field *f, uint64_t *out, shed_error *err)
{
  const char *text = NULL;
  shed_status st   = shed_json_read_str(v, f->key, false, SEED_DIGITS, &text, err);
  if (st != SHED_OK) {
    return st;
  }
  uint64_t value = 0;
  for (const char *p = text; *p; p++) {
    unsigned digit = (unsigned)(*p - '0');
    if (*p < '0' || *p > '9' || value > (UINT64_MAX - digit) / 10) {
      return shed_fail(err, SHED_E_FORMAT, f->key, "\"%s\" is not a seed from 0 to 2^64 - 1", text);
    }
    value = value * 10 + digit;
  }
  *out = value;
  return *text ? SHED_OK : shed_fail(err, SHED_E_FORMAT, f->key, "is empty");
}

static shed_status
read_beat(const shed_json *v, const shed_field *f, shed_beat *out, shed_error *err)
{
  const shed_json *m = shed_json_get(v, f->key);
  shed_beat        b;
  if (!shed_json_is_array(m) || shed_json_size(m) != 2 || !list_int(m, 0, INT64_MIN, INT64_MAX, &b.num) ||
      !list_int(m, 1, 1, INT64_MAX, &b.den)) {
    return shed_fail(err, SHED_E_FORMAT, f->key, "is not a fraction [num, den]");
  }
  *out = b;
  return SHED_OK;
}

static shed_status
read_pitch(const shed_json *v, const shed_field *f, shed_pitch *out, shed_error *err)
{
  const shed_json *m = shed_json_get(v, f->key);
  int64_t          step, alter, octave;
  if (!shed_json_is_array(m) || shed_json_size(m) != 3 || !list_int(m, 0, 0, 6, &step) ||
      !list_int(m, 1, -3, 3, &alter) || !list_int(m, 2, -2, 10, &octave)) {
    return shed_fail(err, SHED_E_FORMAT, f->key, "is not a pitch [step, alter, octave]");
  }
  *out = (shed_pitch){.step = (signed char)step, .alter = (signed char)alter, .octave = (signed char)octave};
  return SHED_OK;
}

static shed_status
read_field(const shed_json *v, const shed_field *f, unsigned char *p, shed_error *err)
{
  shed_status st = SHED_E_FORMAT;
  int64_t     wide;
  int         number;
  uint64_t    seed;
  double      real;
  bool        truth;
  shed_beat   beat;
  shed_pitch  pitch;
  const void *from = NULL;
  switch (f->kind) {
  case SHED_FIELD_TEXT:
  case SHED_FIELD_SHA256:
    return read_text(v, f, (char *)p, err);
  case SHED_FIELD_INT:
    st     = shed_json_read_int(v, f->key, false, (int64_t)f->min, (int64_t)f->max, &wide, err);
    number = st == SHED_OK ? (int)wide : 0;
    from   = &number;
    break;
  case SHED_FIELD_NAME:
    st   = read_name(v, f, &number, err);
    from = &number;
    break;
  case SHED_FIELD_SEED:
    st   = read_seed(v, f, &seed, err);
    from = &seed;
    break;
  case SHED_FIELD_BOOL:
    st   = shed_json_read_bool(v, f->key, false, &truth, err);
    from = &truth;
    break;
  case SHED_FIELD_REAL:
    st   = read_real(v, f, &real, err);
    from = &real;
    break;
  case SHED_FIELD_BEAT:
    st   = read_beat(v, f, &beat, err);
    from = &beat;
    break;
  case SHED_FIELD_PITCH:
    st   = read_pitch(v, f, &pitch, err);
    from = &pitch;
    break;
  }
  if (st == SHED_OK && from) {
    memcpy(p, from, f->size);
  }
  return st;
}

shed_status
shed_fields_read(const shed_json *object, const shed_field *fields, size_t n, bool sparse, void *base,
                 shed_error *err)
{
  if (!shed_json_is_object(object)) {
    return shed_fail(err, SHED_E_FORMAT, NULL, "an object is needed");
  }
  for (size_t i = 0; i < n; i++) {
    if (sparse && !shed_json_get(object, fields[i].key)) {
      continue;
    }
    shed_status st = read_field(object, &fields[i], (unsigned char *)base + fields[i].offset, err);
    if (st != SHED_OK) {
      return st;
    }
  }
  return SHED_OK;
}
