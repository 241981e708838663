#include "engine/base/json.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_BYTES = 256 << 20 };

static shed_json *
made(shed_json *v)
{
  SHED_ASSERT(v != NULL);
  return v;
}

shed_json *
shed_json_object(void)
{
  return made(json_object());
}

shed_json *
shed_json_array(void)
{
  return made(json_array());
}

shed_json *
shed_json_string(const char *text)
{
  if (!text) {
    return json_null();
  }
  // a name from a file may hold anything: what is not UTF-8 becomes '?', so that the document stays valid
  shed_json *v = json_string(text);
  if (!v) {
    char *copy = shed_strdup(NULL, text);
    SHED_ASSERT(copy != NULL);
    for (char *p = copy; *p; p++) {
      if ((unsigned char)*p >= 0x80) {
        *p = '?';
      }
    }
    v = json_string(copy);
    shed_free(NULL, copy);
  }
  return made(v);
}

shed_json *
shed_json_int(int64_t value)
{
  return made(json_integer(value));
}

shed_json *
shed_json_real(double value, int decimals)
{
  double scale = 1;
  if (!isfinite(value)) {
    return json_null();
  }
  for (int i = 0; i < decimals; i++) {
    scale *= 10;
  }
  double scaled  = value * scale;
  double rounded = fabs(scaled) < 9e15 ? round(scaled) / scale : value;
  return made(json_real(rounded == 0 ? 0 : rounded));
}

shed_json *
shed_json_bool(bool value)
{
  return json_boolean(value);
}

shed_json *
shed_json_null(void)
{
  return json_null();
}

shed_json *
shed_json_copy(const shed_json *value)
{
  return made(json_deep_copy(value));
}

void
shed_json_free(shed_json *root)
{
  json_decref(root);
}

void
shed_json_set(shed_json *object, const char *key, shed_json *value)
{
  SHED_ASSERT(json_object_set_new(object, key, value) == 0);
}

void
shed_json_set_str(shed_json *object, const char *key, const char *text)
{
  shed_json_set(object, key, shed_json_string(text));
}

void
shed_json_set_int(shed_json *object, const char *key, int64_t value)
{
  shed_json_set(object, key, shed_json_int(value));
}

void
shed_json_set_real(shed_json *object, const char *key, double value, int decimals)
{
  shed_json_set(object, key, shed_json_real(value, decimals));
}

void
shed_json_set_bool(shed_json *object, const char *key, bool value)
{
  shed_json_set(object, key, shed_json_bool(value));
}

void
shed_json_set_null(shed_json *object, const char *key)
{
  shed_json_set(object, key, json_null());
}

void
shed_json_add(shed_json *array, shed_json *value)
{
  SHED_ASSERT(json_array_append_new(array, value) == 0);
}

static int
append(const char *text, size_t n, void *ctx)
{
  shed_str_addn(ctx, text, n);
  return 0;
}

void
shed_json_write(const shed_json *value, shed_json_style style, shed_str *out)
{
  static const size_t flags[] = {
      [SHED_JSON_LINE]      = 0,
      [SHED_JSON_PRETTY]    = JSON_INDENT(2),
      [SHED_JSON_CANONICAL] = JSON_COMPACT | JSON_SORT_KEYS,
  };
  SHED_ASSERT(
      json_dump_callback(value, append, out, flags[style] | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15)) == 0);
}

shed_status
shed_json_parse(const char *text, size_t n, const char *name, shed_json **out, shed_error *err)
{
  json_error_t why;
  char         where[256];
  if (n > MAX_BYTES) {
    return shed_fail(err, SHED_E_LIMIT, name, "is %zu bytes long, the most is %d", n, MAX_BYTES);
  }
  shed_json *v = json_loadb(text, n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
  if (!v) {
    (void)snprintf(where, sizeof(where), "%s:%d:%d", name, why.line, why.column);
    return shed_fail(err, SHED_E_FORMAT, where, "%s", why.text);
  }
  *out = v;
  return SHED_OK;
}

bool
shed_json_is_object(const shed_json *v)
{
  return json_is_object(v);
}

bool
shed_json_is_array(const shed_json *v)
{
  return json_is_array(v);
}

bool
shed_json_is_null(const shed_json *v)
{
  return !v || json_is_null(v);
}

bool
shed_json_is_string(const shed_json *v)
{
  return json_is_string(v);
}

bool
shed_json_is_number(const shed_json *v)
{
  return json_is_number(v);
}

bool
shed_json_is_bool(const shed_json *v)
{
  return json_is_boolean(v);
}

shed_json *
shed_json_get(const shed_json *v, const char *key)
{
  return json_object_get(v, key);
}

size_t
shed_json_size(const shed_json *v)
{
  return json_is_array(v) ? json_array_size(v) : json_object_size(v);
}

shed_json *
shed_json_at(const shed_json *v, size_t index)
{
  return json_array_get(v, index);
}

const char *
shed_json_text(const shed_json *v)
{
  return json_string_value(v);
}

double
shed_json_number(const shed_json *v, double otherwise)
{
  return json_is_number(v) ? json_number_value(v) : otherwise;
}

const char *
shed_json_next_key(const shed_json *object, const char *key)
{
  // jansson's iterator wants a mutable object; nothing is changed
  json_t *o    = (json_t *)(uintptr_t)object;
  void   *iter = key ? json_object_iter_next(o, json_object_iter_at(o, key)) : json_object_iter(o);
  return iter ? json_object_iter_key(iter) : NULL;
}

static shed_status
missing(const shed_json *v, const char *key, bool optional, const char *wanted, shed_error *err)
{
  if (optional && shed_json_is_null(v)) {
    return SHED_OK;
  }
  char *text = v ? json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
  if (text && strlen(text) > 80) {
    (void)snprintf(text + 77, 4, "...");
  }
  if (v) {
    (void)shed_fail(err, SHED_E_FORMAT, key, "%s is not %s", text ? text : "the value", wanted);
  } else {
    (void)shed_fail(err, SHED_E_FORMAT, key, "is missing: %s is needed", wanted);
  }
  free(text); // jansson's own
  return SHED_E_FORMAT;
}

shed_status
shed_json_read_str(const shed_json *v, const char *key, bool optional, size_t max_bytes, const char **out,
                   shed_error *err)
{
  const shed_json *m = json_object_get(v, key);
  const char      *s = json_string_value(m);
  char             wanted[64];
  if (!s || json_string_length(m) > max_bytes) {
    (void)snprintf(wanted, sizeof(wanted), "a text of at most %zu bytes", max_bytes);
    return missing(m, key, optional, wanted, err);
  }
  *out = s;
  return SHED_OK;
}

shed_status
shed_json_read_int(const shed_json *v, const char *key, bool optional, int64_t min, int64_t max, int64_t *out,
                   shed_error *err)
{
  const shed_json *m = json_object_get(v, key);
  char             wanted[96];
  if (!json_is_integer(m) || json_integer_value(m) < min || json_integer_value(m) > max) {
    (void)snprintf(wanted, sizeof(wanted), "a whole number from %lld to %lld", (long long)min,
                   (long long)max);
    return missing(m, key, optional, wanted, err);
  }
  *out = json_integer_value(m);
  return SHED_OK;
}

shed_status
shed_json_read_real(const shed_json *v, const char *key, bool optional, double min, double max, double *out,
                    shed_error *err)
{
  const shed_json *m = json_object_get(v, key);
  char             wanted[96];
  char             lo[32];
  char             hi[32];
  if (!json_is_number(m) || json_number_value(m) < min || json_number_value(m) > max) {
    (void)shed_format_double(lo, sizeof(lo), min, 3);
    (void)shed_format_double(hi, sizeof(hi), max, 3);
    (void)snprintf(wanted, sizeof(wanted), "a number from %s to %s", lo, hi);
    return missing(m, key, optional, wanted, err);
  }
  *out = json_number_value(m);
  return SHED_OK;
}

shed_status
shed_json_read_bool(const shed_json *v, const char *key, bool optional, bool *out, shed_error *err)
{
  const shed_json *m = json_object_get(v, key);
  if (!json_is_boolean(m)) {
    return missing(m, key, optional, "true or false", err);
  }
  *out = json_is_true(m);
  return SHED_OK;
}
