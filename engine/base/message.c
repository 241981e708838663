#include "engine/base/message.h"

#include <stdio.h>
#include <string.h>

static const struct {
  const char *id;
  const char *text;
} catalogue[] = {
#define SHED_MESSAGE(id, text) {#id, text},
#include "engine/base/messages.def"
#undef SHED_MESSAGE
};

shed_message
shed_message_of(shed_message_code code)
{
  return (shed_message){.code = code};
}

void
shed_message_str(shed_message *m, const char *key, const char *value)
{
  SHED_ASSERT(m->n < SHED_MESSAGE_PARAMS);
  (void)snprintf(m->params[m->n].key, sizeof(m->params[0].key), "%s", key);
  (void)snprintf(m->params[m->n].value, sizeof(m->params[0].value), "%s", value);
  m->n++;
}

void
shed_message_num(shed_message *m, const char *key, double value, int decimals)
{
  char text[64];
  (void)shed_format_double(text, sizeof(text), value, decimals);
  shed_message_str(m, key, text);
}

const char *
shed_message_id(shed_message_code code)
{
  return (size_t)code < SHED_COUNTOF(catalogue) ? catalogue[code].id : "unknown";
}

shed_status
shed_message_find(const char *id, shed_message_code *out)
{
  for (size_t i = 0; i < SHED_COUNTOF(catalogue); i++) {
    if (strcmp(catalogue[i].id, id) == 0) {
      *out = (shed_message_code)i;
      return SHED_OK;
    }
  }
  return SHED_E_NOTFOUND;
}

static const char *
param(const shed_message *m, const char *key, size_t n)
{
  for (int i = 0; i < m->n; i++) {
    if (strlen(m->params[i].key) == n && memcmp(m->params[i].key, key, n) == 0) {
      return m->params[i].value;
    }
  }
  return NULL;
}

// One {...}: inside starts behind the brace and is n long.
static void
put_slot(const shed_message *m, const char *inside, size_t n, shed_str *out)
{
  const char *bar   = memchr(inside, '|', n);
  size_t      key_n = bar ? (size_t)(bar - inside) : n;
  const char *value = param(m, inside, key_n);
  if (!value && !bar) {
    shed_str_addn(out, inside - 1, n + 2);
    return;
  }
  if (!bar) {
    shed_str_add(out, value);
    return;
  }
  size_t      rest   = n - key_n - 1;
  const char *second = memchr(bar + 1, '|', rest);
  SHED_ASSERT(second != NULL);
  if (value && strcmp(value, "1") == 0) {
    shed_str_addn(out, bar + 1, (size_t)(second - bar - 1));
  } else {
    shed_str_addn(out, second + 1, rest - (size_t)(second - bar));
  }
}

void
shed_message_text(const shed_message *m, shed_str *out)
{
  const char *p = (size_t)m->code < SHED_COUNTOF(catalogue) ? catalogue[m->code].text : "";
  while (*p) {
    const char *open = strchr(p, '{');
    const char *end  = open ? strchr(open, '}') : NULL;
    if (!end) {
      shed_str_add(out, p);
      return;
    }
    shed_str_addn(out, p, (size_t)(open - p));
    put_slot(m, open + 1, (size_t)(end - open - 1), out);
    p = end + 1;
  }
}

shed_json *
shed_message_to_json(const shed_message *m)
{
  shed_json *o = shed_json_object();
  shed_json_set_str(o, "code", shed_message_id(m->code));
  for (int i = 0; i < m->n; i++) {
    double    value;
    long long whole;
    if (shed_parse_int(m->params[i].value, -(1LL << 53), 1LL << 53, &whole)) {
      shed_json_set_int(o, m->params[i].key, whole);
    } else if (shed_parse_double(m->params[i].value, -1e15, 1e15, &value)) {
      shed_json_set_real(o, m->params[i].key, value, 6);
    } else {
      shed_json_set_str(o, m->params[i].key, m->params[i].value);
    }
  }
  return o;
}

shed_status
shed_message_from_json(const shed_json *v, shed_message *out, shed_error *err)
{
  const char  *id = NULL;
  shed_message m  = {0};
  shed_status  st = shed_json_read_str(v, "code", false, 64, &id, err);
  if (st != SHED_OK) {
    return st;
  }
  if (shed_message_find(id, &m.code) != SHED_OK) {
    return shed_fail(err, SHED_E_NOTFOUND, "code", "\"%s\" is not a known message", id);
  }
  for (const char *key = shed_json_next_key(v, NULL); key; key = shed_json_next_key(v, key)) {
    const shed_json *value = shed_json_get(v, key);
    if (strcmp(key, "code") == 0) {
      continue;
    }
    if (m.n == SHED_MESSAGE_PARAMS || strlen(key) >= sizeof(m.params[0].key)) {
      return shed_fail(err, SHED_E_FORMAT, key, "too many or too long parameters");
    }
    if (shed_json_is_number(value)) {
      shed_message_num(&m, key, shed_json_number(value, 0), 6);
    } else if (shed_json_text(value)) {
      shed_message_str(&m, key, shed_json_text(value));
    } else {
      return shed_fail(err, SHED_E_FORMAT, key, "is neither text nor number");
    }
  }
  *out = m;
  return SHED_OK;
}
