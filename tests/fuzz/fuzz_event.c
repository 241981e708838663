// covers: mastery/store/event.c mastery/store/kind_take.c mastery/store/kind_gate.c mastery/store/kind_person.c mastery/store/derive.c
// Events as another store may send them, one a line: a line of events.jsonl, or in short {"kind", "id", "subject", "at",
// "body"} with small numbers for ids. Hashes are made to fit, so that what lies behind them is reached. Whatever arrives,
// the derived tables equal a rebuild, and do not depend on the order of arrival.
#include "mastery/store/care.h"
#include "mastery/store/inside.h"
#include "mastery/store/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EVENTS_MOST = 24 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

typedef struct {
  shed_json       *line;
  shed_str         body;
  shed_store_event e;
} arrival;

static void
must(bool holds, const char *what)
{
  if (!holds) {
    (void)fprintf(stderr, "%s\n", what);
    abort();
  }
}

static shed_uuid
small_id(int64_t number)
{
  shed_uuid id;
  (void)snprintf(id.text, sizeof(id.text), "00000000-0000-7000-8000-%012lld", (long long)number);
  return id;
}

static bool
read_short(const shed_json *v, shed_store_event *e, shed_str *body)
{
  int64_t     id      = 0;
  int64_t     subject = 0;
  int64_t     at      = 0;
  const char *kind    = NULL;
  if (shed_json_read_str(v, "kind", false, SHED_STORE_EVENT_KIND - 1, &kind, NULL) != SHED_OK ||
      shed_json_read_int(v, "id", false, 1, 999, &id, NULL) != SHED_OK ||
      shed_json_read_int(v, "subject", true, 0, 9, &subject, NULL) != SHED_OK ||
      shed_json_read_int(v, "at", true, 0, 1LL << 40, &at, NULL) != SHED_OK) {
    return false;
  }
  memset(e, 0, sizeof(*e));
  e->v               = 1;
  e->id              = small_id(id);
  e->seq             = id;
  e->performed_at_ms = at;
  e->origin          = small_id(0);
  if (subject) {
    e->subject = small_id(subject);
  }
  (void)snprintf(e->kind, sizeof(e->kind), "%s", kind);
  if (shed_json_get(v, "body")) {
    shed_json_write(shed_json_get(v, "body"), SHED_JSON_CANONICAL, body);
    e->body   = shed_str_text(body);
    e->n_body = body->len;
  }
  return true;
}

static bool
read_line(const char *text, size_t n, arrival *a)
{
  shed_error err = {.status = SHED_OK};
  memset(a, 0, sizeof(*a));
  if (shed_json_parse(text, n, "line", &a->line, &err) != SHED_OK) {
    return false;
  }
  if (shed_store_event_from_json(a->line, &a->e, &err) == SHED_OK) {
    if (shed_store_event_check(&a->e, &err) == SHED_OK) {
      shed_json *again = shed_store_event_to_json(&a->e);
      must(again != NULL, "an event that is whole has a line");
      shed_json_free(again);
    }
  } else if (!read_short(a->line, &a->e, &a->body)) {
    shed_json_free(a->line);
    return false;
  }
  if (a->e.body) {
    a->e.body_hash = shed_store_event_body_hash(&a->e);
  } else {
    a->e.body_hash = shed_store_event_first_prev();
  }
  a->e.prev_hash = shed_store_event_first_prev();
  a->e.hash      = shed_store_event_hash(&a->e);
  return true;
}

static size_t
read_lines(const char *text, size_t n, arrival *out)
{
  size_t count = 0;
  while (n && count < EVENTS_MOST) {
    const char *end = memchr(text, '\n', n);
    size_t      len = end ? (size_t)(end - text) : n;
    count += read_line(text, len, &out[count]);
    text += len + (end != NULL);
    n -= len + (end != NULL);
  }
  return count;
}

// Import in the order given, forwards or backwards; events that are refused are left out for good. @return the digest.
static shed_sha256
import_all(shed_store *s, arrival *list, size_t *n, bool backwards)
{
  shed_sha256 arrived = {{0}};
  shed_sha256 rebuilt = {{0}};
  size_t      kept    = 0;
  must(shed_act_begin(s) == SHED_OK, "an act begins");
  for (size_t i = 0; i < *n; i++) {
    arrival    *a     = &list[backwards ? *n - 1 - i : i];
    bool        added = false;
    shed_status st    = shed_journal_import(s, &a->e, &added);
    must(st == SHED_OK || (st == SHED_E_STATE && !backwards) ||
             (st == SHED_E_FORMAT && !shed_store_event_fits(&a->e)),
         "an event is taken, or another stands in its place, or it does not fit");
    shed_db_forgive(&s->db);
    if (!backwards && st == SHED_OK && added) {
      arrival swap = list[kept];
      list[kept++] = *a;
      *a           = swap;
    }
  }
  must(shed_derive_digest(s, &arrived) == SHED_OK, "there is a digest");
  must(shed_derive_all(s) == SHED_OK, "tables are derived");
  must(shed_derive_digest(s, &rebuilt) == SHED_OK, "there is a digest");
  must(strcmp(arrived.text, rebuilt.text) == 0, "a rebuild gives the same");
  *n = backwards ? *n : kept;
  return arrived;
}

static bool
ask_gate(void *ctx, const char *unit)
{
  shed_gate_rule rule = {
      .targets = {{"pitch", .85}, {SHED_DIMENSION_IDENTIFICATION, .9}}, .n_targets = 2, .teacher = true};
  shed_gate gate;
  shed_uuid student = small_id(1);
  (void)snprintf(rule.id, sizeof(rule.id), "%s", unit);
  must(shed_store_gate(ctx, &student, &rule, &gate, NULL) == SHED_OK, "the gate answers");
  must(gate.n_reasons > 0 || gate.advance, "the gate gives its reasons");
  shed_json_free(shed_gate_to_json(&rule, &gate));
  return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
  static shed_store *s; // one for all inputs: each is rolled back
  static arrival     list[EVENTS_MOST];
  shed_uuid          student = small_id(1);
  shed_error         err     = {.status = SHED_OK};
  if (!s) {
    must(shed_store_open(&s, "sqlite::memory:", NULL, &err) == SHED_OK, "a store opens");
  }
  size_t read = read_lines((const char *)data, n, list);
  size_t kept = read;
  if (read == 0) {
    return 0;
  }
  shed_sha256 forwards = import_all(s, list, &kept, false);
  must(shed_store_each_unit(s, &student, ask_gate, s, &err) == SHED_OK, "units are listed");
  shed_act_abandon(s);
  shed_sha256 backwards = import_all(s, list, &kept, true);
  shed_act_abandon(s);
  must(strcmp(forwards.text, backwards.text) == 0, "the order of arrival changes nothing");
  for (size_t i = 0; i < read; i++) {
    shed_json_free(list[i].line);
    shed_str_free(&list[i].body);
  }
  return 0;
}
