#include "mastery/store/event.h"

#include "engine/base/clock.h"
#include "engine/base/str.h"

#include <stdio.h>
#include <string.h>

enum { NUMBER_TEXT = 32, MAX_OFFSET_MIN = 14 * 60 };
static const int64_t LATEST_MS = 253402300799999; // the end of the year 9999

shed_sha256
shed_store_event_first_prev(void)
{
  shed_sha256 zero;
  memset(zero.text, '0', sizeof(zero.text) - 1);
  zero.text[sizeof(zero.text) - 1] = '\0';
  return zero;
}

shed_sha256
shed_store_event_body_hash(const shed_store_event *e)
{
  shed_sha256_stream s;
  shed_sha256_start(&s);
  shed_sha256_add(&s, e->salt, sizeof(e->salt));
  shed_sha256_add(&s, e->body, e->n_body);
  return shed_sha256_end(&s);
}

static void
add_line(shed_sha256_stream *s, const char *text)
{
  shed_sha256_add(s, text, strlen(text));
  shed_sha256_add(s, "\n", 1);
}

static void
add_number(shed_sha256_stream *s, int64_t value)
{
  char text[NUMBER_TEXT];
  (void)snprintf(text, sizeof(text), "%lld", (long long)value);
  add_line(s, text);
}

shed_sha256
shed_store_event_hash(const shed_store_event *e)
{
  shed_sha256_stream s;
  shed_sha256_start(&s);
  add_line(&s, "woodshed-event/1");
  add_line(&s, e->id.text);
  add_number(&s, e->v);
  add_line(&s, e->kind);
  add_number(&s, e->performed_at_ms);
  add_number(&s, e->utc_offset_min);
  add_number(&s, e->recorded_at_ms);
  add_line(&s, e->origin.text);
  add_number(&s, e->seq);
  add_line(&s, e->actor.text);
  add_line(&s, e->subject.text);
  add_line(&s, e->body_hash.text);
  add_line(&s, e->prev_hash.text);
  return shed_sha256_end(&s);
}

static bool
same(const shed_sha256 *a, const shed_sha256 *b)
{
  return strcmp(a->text, b->text) == 0;
}

shed_status
shed_store_event_check(const shed_store_event *e, shed_error *err)
{
  char        where[128];
  shed_sha256 hash = shed_store_event_hash(e);
  (void)snprintf(where, sizeof(where), "origin %s, event %lld (%s)", e->origin.text, (long long)e->seq,
                 e->id.text);
  if (!same(&hash, &e->hash)) {
    return shed_fail(err, SHED_E_CORRUPT, where, "its hash does not fit its fields: it was changed");
  }
  hash = e->body ? shed_store_event_body_hash(e) : e->body_hash;
  if (!same(&hash, &e->body_hash)) {
    return shed_fail(err, SHED_E_CORRUPT, where, "the hash of its body does not fit: the body was changed");
  }
  return SHED_OK;
}

static bool
is_kind(const char *text)
{
  for (const char *p = text; *p; p++) {
    if (!((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') || *p == '.' || *p == '_')) {
      return false;
    }
  }
  return text[0] != '\0';
}

bool
shed_store_event_fits(const shed_store_event *e)
{
  return e->id.text[0] && e->v >= 1 && e->v <= INT32_MAX && is_kind(e->kind) && e->performed_at_ms >= 0 &&
         e->performed_at_ms <= LATEST_MS && e->utc_offset_min >= -MAX_OFFSET_MIN &&
         e->utc_offset_min <= MAX_OFFSET_MIN && e->recorded_at_ms >= 0 && e->recorded_at_ms <= LATEST_MS &&
         e->origin.text[0] && e->seq >= 1 && e->seq < INT64_MAX && e->n_body <= SHED_STORE_EVENT_BODY_MAX &&
         e->body_hash.text[0] && e->prev_hash.text[0] && e->hash.text[0];
}

// -- as a line -------------------------------------------------------------------------------------------------------

static void
set_time(shed_json *o, const char *key, int64_t ms, int offset_min)
{
  char text[40];
  shed_time_format(text, sizeof(text), ms, offset_min);
  shed_json_set_str(o, key, text);
}

static void
set_id(shed_json *o, const char *key, const shed_uuid *id)
{
  shed_json_set_str(o, key, id->text[0] ? id->text : NULL);
}

shed_json *
shed_store_event_to_json(const shed_store_event *e)
{
  shed_json *o = shed_json_object();
  char       salt[2 * SHED_STORE_EVENT_SALT + 1];
  shed_json_set_str(o, "id", e->id.text);
  shed_json_set_int(o, "v", e->v);
  shed_json_set_str(o, "kind", e->kind);
  set_time(o, "performed_at", e->performed_at_ms, e->utc_offset_min);
  set_time(o, "recorded_at", e->recorded_at_ms, 0);
  shed_json_set_str(o, "origin", e->origin.text);
  shed_json_set_int(o, "seq", e->seq);
  set_id(o, "actor", &e->actor);
  set_id(o, "subject", &e->subject);
  if (e->body) {
    for (size_t i = 0; i < SHED_STORE_EVENT_SALT; i++) {
      (void)snprintf(salt + 2 * i, 3, "%02x", e->salt[i]);
    }
    shed_json_set_str(o, "body", e->body);
    shed_json_set_str(o, "salt", salt);
  } else {
    shed_json_set_null(o, "body");
    shed_json_set_null(o, "salt");
  }
  shed_json_set_str(o, "body_hash", e->body_hash.text);
  shed_json_set_str(o, "prev_hash", e->prev_hash.text);
  shed_json_set_str(o, "hash", e->hash.text);
  return o;
}

static shed_status
read_id(const shed_json *v, const char *key, bool optional, shed_uuid *out, shed_error *err)
{
  const char *text = NULL;
  shed_status st   = shed_json_read_str(v, key, optional, SHED_UUID_TEXT, &text, err);
  if (st != SHED_OK || !text) {
    return st;
  }
  if (shed_uuid_parse(text, out) != SHED_OK) {
    return shed_fail(err, SHED_E_FORMAT, key, "\"%s\" is not a UUID", text);
  }
  return SHED_OK;
}

// Lower-case hexadecimal of exactly n bytes; bytes may be NULL.
static bool
read_hex(const char *text, size_t n, unsigned char *bytes)
{
  static const char digits[] = "0123456789abcdef";
  if (strlen(text) != 2 * n) {
    return false;
  }
  for (size_t i = 0; i < 2 * n; i++) {
    const char *d = strchr(digits, text[i]);
    if (!d) {
      return false;
    }
    if (bytes) {
      bytes[i / 2] = (unsigned char)(bytes[i / 2] << 4 | (d - digits));
    }
  }
  return true;
}

static shed_status
read_hash(const shed_json *v, const char *key, shed_sha256 *out, shed_error *err)
{
  const char *text = NULL;
  shed_status st   = shed_json_read_str(v, key, false, SHED_SHA256_TEXT, &text, err);
  if (st != SHED_OK) {
    return st;
  }
  if (!read_hex(text, 32, NULL)) {
    return shed_fail(err, SHED_E_FORMAT, key, "\"%.80s\" is not a SHA-256", text);
  }
  memcpy(out->text, text, SHED_SHA256_TEXT);
  return SHED_OK;
}

static shed_status
read_time(const shed_json *v, const char *key, int64_t *ms, int *offset_min, shed_error *err)
{
  const char *text = NULL;
  shed_status st   = shed_json_read_str(v, key, false, 40, &text, err);
  if (st == SHED_OK && shed_time_parse(text, ms, offset_min) != SHED_OK) {
    return shed_fail(err, SHED_E_FORMAT, key, "\"%s\" is not a time with its offset from UTC", text);
  }
  return st;
}

static shed_status
read_body(const shed_json *v, shed_store_event *e, shed_error *err)
{
  const char *salt = NULL;
  shed_status st   = shed_json_read_str(v, "body", true, SHED_STORE_EVENT_BODY_MAX, &e->body, err);
  if (st == SHED_OK) {
    st = shed_json_read_str(v, "salt", true, 2 * SHED_STORE_EVENT_SALT, &salt, err);
  }
  if (st != SHED_OK) {
    return st;
  }
  if (!e->body != !salt || (salt && !read_hex(salt, SHED_STORE_EVENT_SALT, e->salt))) {
    return shed_fail(err, SHED_E_FORMAT, "salt", "a body has a salt of %d bytes, an erased body has none",
                     SHED_STORE_EVENT_SALT);
  }
  e->n_body = e->body ? strlen(e->body) : 0;
  return SHED_OK;
}

shed_status
shed_store_event_from_json(const shed_json *v, shed_store_event *out, shed_error *err)
{
  shed_store_event e      = {0};
  const char      *kind   = NULL;
  int              offset = 0;
  shed_status      st;
  if ((st = read_id(v, "id", false, &e.id, err)) != SHED_OK ||
      (st = shed_json_read_int(v, "v", false, 1, INT32_MAX, &e.v, err)) != SHED_OK ||
      (st = shed_json_read_str(v, "kind", false, SHED_STORE_EVENT_KIND - 1, &kind, err)) != SHED_OK ||
      (st = read_time(v, "performed_at", &e.performed_at_ms, &e.utc_offset_min, err)) != SHED_OK ||
      (st = read_time(v, "recorded_at", &e.recorded_at_ms, &offset, err)) != SHED_OK ||
      (st = read_id(v, "origin", false, &e.origin, err)) != SHED_OK ||
      (st = shed_json_read_int(v, "seq", false, 1, INT64_MAX - 1, &e.seq, err)) != SHED_OK ||
      (st = read_id(v, "actor", true, &e.actor, err)) != SHED_OK ||
      (st = read_id(v, "subject", true, &e.subject, err)) != SHED_OK ||
      (st = read_body(v, &e, err)) != SHED_OK ||
      (st = read_hash(v, "body_hash", &e.body_hash, err)) != SHED_OK ||
      (st = read_hash(v, "prev_hash", &e.prev_hash, err)) != SHED_OK ||
      (st = read_hash(v, "hash", &e.hash, err)) != SHED_OK) {
    return st;
  }
  (void)snprintf(e.kind, sizeof(e.kind), "%s", kind);
  if (!shed_store_event_fits(&e)) {
    return shed_fail(err, SHED_E_FORMAT, e.id.text, "kind \"%s\" or a time is out of range", kind);
  }
  *out = e;
  return SHED_OK;
}
