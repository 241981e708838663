// About this file: writing to the log. Only here are events inserted. Each origin, the store that wrote, has a chain of its
// own, so that a union of stores keeps every chain whole. A copied store must not go on writing the chain of the one it
// was copied from: the place where the chain was last written (host, device, file) is kept, and another place begins
// another origin.
#include "mastery/store/kinds.h"

#include "engine/base/str.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// -- acts --------------------------------------------------------------------------------------------------------------

shed_status
shed_act_begin(shed_store *s)
{
  shed_db_forgive(&s->db);
  s->n_doomed    = 0;
  s->n_removed   = 0;
  s->n_stripped  = 0;
  s->n_not_valid = 0;
  s->n_unknown   = 0;
  return shed_db_run(&s->db, shed_db_get(&s->db, SHED_SQL_BEGIN));
}

void
shed_act_abandon(shed_store *s)
{
  if (!sqlite3_get_autocommit(s->db.handle) &&
      shed_db_run(&s->db, shed_db_get(&s->db, SHED_SQL_ROLLBACK)) != SHED_OK) {
    shed_logf(s->log, SHED_LOG_ERROR, "%s: cannot roll back: %s", s->path, sqlite3_errmsg(s->db.handle));
  }
}

shed_status
shed_act_end(shed_store *s, shed_status st, shed_error *err)
{
  if (st == SHED_OK) {
    st = shed_db_run(&s->db, shed_db_get(&s->db, SHED_SQL_COMMIT));
  }
  if (st != SHED_OK) {
    shed_act_abandon(s);
  }
  (void)shed_db_tell(&s->db, st, err);
  shed_files_remove_doomed(s);
  return st;
}

// Freed parts of a page keep old bytes when SQLite moves rows about, and the write-ahead log keeps them until it is taken into
// the database: so the file is written anew, and the log emptied.
shed_status
shed_act_scrub(shed_store *s, shed_error *err)
{
  int64_t     busy = 0;
  shed_status st   = s->memory ? SHED_OK : shed_db_exec(&s->db, "VACUUM");
  if (st == SHED_OK && !s->memory) {
    st = shed_db_pragma(&s->db, "PRAGMA wal_checkpoint(TRUNCATE)", &busy);
  }
  st = st == SHED_OK && busy ? SHED_E_BUSY : st;
  return st == SHED_OK
             ? st
             : shed_fail(
                   err, st, s->path,
                   "it is erased from the store, but traces are left on the disk (%s); erase once more when "
                   "no other program has the store open and there is room",
                   shed_status_text(st));
}

// -- the origin --------------------------------------------------------------------------------------------------------

static void
place_of(const shed_store *s, char *place, size_t size)
{
  char        host[256] = "";
  struct stat file      = {.st_ino = 0};
  (void)gethostname(host, sizeof(host) - 1);
  if (!s->memory) {
    (void)stat(s->path, &file);
  }
  (void)snprintf(place, size, "%s:%llu:%llu", host, (unsigned long long)file.st_dev,
                 (unsigned long long)file.st_ino);
}

static shed_status
meta_get(shed_store *s, const char *key, char *value, size_t size)
{
  bool          row;
  sqlite3_stmt *get = shed_db_get(&s->db, SHED_SQL_META_GET);
  shed_db_bind_text(get, 1, key);
  shed_status st = shed_db_next(&s->db, get, &row);
  value[0]       = '\0';
  if (st == SHED_OK && row) {
    (void)snprintf(value, size, "%s", shed_db_text(get, 0));
    (void)sqlite3_reset(get);
  }
  return st;
}

static shed_status
meta_set(shed_store *s, const char *key, const char *value)
{
  sqlite3_stmt *set = shed_db_get(&s->db, SHED_SQL_META_SET);
  shed_db_bind_text(set, 1, key);
  shed_db_bind_text(set, 2, value);
  return shed_db_run(&s->db, set);
}

// The origin under which this store writes now, from this place.
static shed_status
current_origin(shed_store *s, shed_uuid *origin)
{
  char        here[384];
  char        place[384];
  char        text[SHED_UUID_TEXT];
  shed_status st = meta_get(s, "place", place, sizeof(place));
  if (st == SHED_OK) {
    st = meta_get(s, "origin", text, sizeof(text));
  }
  place_of(s, here, sizeof(here));
  if (st != SHED_OK || (strcmp(place, here) == 0 && shed_uuid_parse(text, origin) == SHED_OK)) {
    return st;
  }
  *origin = shed_uuid_new(s->clock);
  st      = meta_set(s, "origin", origin->text);
  return st == SHED_OK ? meta_set(s, "place", here) : st;
}

// -- writing -----------------------------------------------------------------------------------------------------------

shed_status
shed_store_has(shed_store *s, shed_sql which, const shed_uuid *id, bool *has)
{
  sqlite3_stmt *stmt = shed_db_get(&s->db, which);
  shed_db_bind_id(stmt, 1, id);
  shed_status st = shed_db_next(&s->db, stmt, has);
  if (stmt) {
    (void)sqlite3_reset(stmt);
  }
  return st;
}

static shed_status
insert(shed_store *s, const shed_store_event *e)
{
  sqlite3_stmt *put = shed_db_get(&s->db, SHED_SQL_EVENT_INSERT);
  shed_db_bind_event(put, e);
  shed_status st = shed_db_run(&s->db, put);
  return st == SHED_OK ? shed_derive_event(s, e) : st;
}

// seq, prev_hash and hash: the next place in the chain of e's origin.
static shed_status
chain(shed_store *s, shed_store_event *e)
{
  bool          row;
  sqlite3_stmt *last = shed_db_get(&s->db, SHED_SQL_EVENT_LAST);
  shed_db_bind_id(last, 1, &e->origin);
  shed_status st = shed_db_next(&s->db, last, &row);
  if (st != SHED_OK) {
    return st;
  }
  e->seq       = 1;
  e->prev_hash = shed_store_event_first_prev();
  if (row) {
    e->seq       = sqlite3_column_int64(last, 0) + 1;
    e->prev_hash = shed_db_hash(last, 1);
    (void)sqlite3_reset(last);
  }
  e->hash = shed_store_event_hash(e);
  return SHED_OK;
}

static shed_status
check_draft(shed_store *s, const shed_draft *draft)
{
  shed_error       why    = {.status = SHED_OK};
  bool             erased = false;
  const shed_kind *kind   = shed_kind_find(draft->kind);
  shed_status      st;
  SHED_ASSERT(kind != NULL);
  if ((st = kind->check(draft->body, &why)) != SHED_OK) {
    return shed_db_fail(&s->db, SHED_E_RANGE, "%s: %s: %s", draft->kind, why.where, why.what);
  }
  if (draft->subject && draft->subject->text[0]) {
    st = shed_store_has(s, SHED_SQL_ERASED_GET, draft->subject, &erased);
  }
  if (st == SHED_OK && erased) {
    return shed_db_fail(&s->db, SHED_E_STATE, "person %s was erased: nothing can be stored about them",
                        draft->subject->text);
  }
  return st;
}

shed_status
shed_journal_append(shed_store *s, const shed_draft *draft, shed_uuid *id)
{
  shed_str         body = {.alloc = s->alloc};
  shed_store_event e    = {.v = SHED_STORE_EVENT_V};
  shed_status      st   = check_draft(s, draft);
  if (st == SHED_OK) {
    st = current_origin(s, &e.origin);
  }
  if (st != SHED_OK) {
    return st;
  }
  shed_json_write(draft->body, SHED_JSON_CANONICAL, &body);
  if (body.failed || body.len > SHED_STORE_EVENT_BODY_MAX) {
    st = body.failed ? SHED_E_NOMEM : SHED_E_LIMIT;
    shed_str_free(&body);
    return shed_db_fail(&s->db, st, "an event of %s cannot be written: %s", draft->kind,
                        shed_status_text(st));
  }
  (void)snprintf(e.kind, sizeof(e.kind), "%s", draft->kind);
  e.id              = shed_uuid_new(s->clock);
  e.performed_at_ms = draft->performed_at_ms;
  e.utc_offset_min  = draft->utc_offset_min;
  e.recorded_at_ms  = s->clock->wall_ms(s->clock->ctx);
  e.actor           = draft->actor ? *draft->actor : e.actor;
  e.subject         = draft->subject ? *draft->subject : e.subject;
  e.body            = shed_str_text(&body);
  e.n_body          = body.len;
  shed_random_bytes(e.salt, sizeof(e.salt));
  e.body_hash = shed_store_event_body_hash(&e);
  st          = chain(s, &e);
  if (st == SHED_OK && !shed_store_event_fits(&e)) {
    st = shed_db_fail(&s->db, SHED_E_RANGE, "%s: the time it was performed at is out of range", draft->kind);
  }
  if (st == SHED_OK) {
    st = insert(s, &e);
  }
  shed_str_free(&body);
  if (st == SHED_OK && id) {
    *id = e.id;
  }
  return st;
}

shed_status
shed_journal_import(shed_store *s, const shed_store_event *e, bool *added)
{
  shed_store_event stripped = *e;
  bool             row      = false;
  bool             erased   = false;
  if (!shed_store_event_fits(e)) {
    // what could not be read back must never get in
    return shed_db_fail(&s->db, SHED_E_FORMAT, "event %s has a field that is out of range", e->id.text);
  }
  sqlite3_stmt *mine = shed_db_get(&s->db, SHED_SQL_EVENT_HASH);
  shed_db_bind_id(mine, 1, &e->id);
  shed_status st = shed_db_next(&s->db, mine, &row);
  if (st == SHED_OK && !row) {
    mine = shed_db_get(&s->db, SHED_SQL_EVENT_AT);
    shed_db_bind_id(mine, 1, &e->origin);
    shed_db_bind_int(mine, 2, e->seq);
    st = shed_db_next(&s->db, mine, &row);
  }
  if (st != SHED_OK) {
    return st;
  }
  *added = !row;
  if (row) {
    shed_sha256 hash = shed_db_hash(mine, 0);
    (void)sqlite3_reset(mine);
    return strcmp(hash.text, e->hash.text) == 0
               ? SHED_OK
               : shed_db_fail(
                     &s->db, SHED_E_STATE,
                     "origin %s, event %lld: the two stores hold different events there; one of them was put "
                     "back from an older copy and written on. Nothing was added",
                     e->origin.text, (long long)e->seq);
  }
  if (e->subject.text[0]) {
    st = shed_store_has(s, SHED_SQL_ERASED_GET, &e->subject, &erased);
  }
  if (erased && strcmp(e->kind, shed_kind_person_erased.name) != 0) {
    stripped.body   = NULL;
    stripped.n_body = 0;
  }
  return st == SHED_OK ? insert(s, &stripped) : st;
}

shed_status
shed_journal_read(shed_store *s, const shed_uuid *id, shed_store_event *out, shed_str *body, bool *found)
{
  sqlite3_stmt *get = shed_db_get(&s->db, SHED_SQL_EVENT_GET);
  shed_db_bind_id(get, 1, id);
  shed_status st = shed_db_next(&s->db, get, found);
  if (st != SHED_OK || !*found) {
    return st;
  }
  if (!shed_db_event(get, out)) {
    st = shed_db_fail(&s->db, SHED_E_CORRUPT, "event %s does not fit its columns", id->text);
  } else if (out->body) {
    shed_str_clear(body);
    shed_str_addn(body, out->body, out->n_body);
    st        = body->failed ? SHED_E_NOMEM : SHED_OK;
    out->body = shed_str_text(body);
  }
  (void)sqlite3_reset(get);
  return st;
}
