// About this file: the derived tables as a function of the set of events. What is derived from an event depends on the
// event, on those that are about it (corrections, withdrawals), and on whether its subject was erased; each time one of
// these arrives, in whatever order, the rows are made again. So a rebuild and any order of arrival give the same bytes.
#include "mastery/store/kinds.h"

#include <string.h>

// -- links ---------------------------------------------------------------------------------------------------------------

// Whether an event was taken back. A withdrawal itself cannot be.
static shed_status
is_withdrawn(shed_store *s, const shed_uuid *id, const shed_uuid *subject, bool *withdrawn)
{
  sqlite3_stmt *any = shed_db_get(&s->db, SHED_SQL_LINK_ANY);
  shed_db_bind_id(any, 1, id);
  shed_db_bind_text(any, 2, shed_kind_event_withdrawn.name);
  shed_db_bind_id(any, 3, subject);
  shed_status st = shed_db_next(&s->db, any, withdrawn);
  if (any) {
    (void)sqlite3_reset(any);
  }
  return st;
}

shed_status
shed_derive_linked(shed_store *s, const shed_uuid *target, const char *kind, const shed_uuid *subject,
                   bool *linked, shed_uuid *latest)
{
  bool          row  = true;
  bool          gone = false;
  sqlite3_stmt *of   = shed_db_get(&s->db, SHED_SQL_LINK_OF);
  shed_db_bind_id(of, 1, target);
  shed_db_bind_text(of, 2, kind);
  shed_db_bind_id(of, 3, subject);
  *linked        = false;
  shed_status st = shed_db_next(&s->db, of, &row);
  while (st == SHED_OK && row && !*linked) {
    shed_uuid event = shed_db_id(of, 0);
    st              = is_withdrawn(s, &event, subject, &gone);
    if (st == SHED_OK && !gone) {
      *linked = true;
      if (latest) {
        *latest = event;
      }
    } else if (st == SHED_OK) {
      st = shed_db_next(&s->db, of, &row);
    }
  }
  if (of) {
    (void)sqlite3_reset(of);
  }
  return st;
}

static shed_status
put_link(shed_store *s, const shed_store_event *e, const shed_uuid *target)
{
  sqlite3_stmt *put = shed_db_get(&s->db, SHED_SQL_LINK_PUT);
  shed_db_bind_id(put, 1, target);
  shed_db_bind_int(put, 2, e->performed_at_ms);
  shed_db_bind_id(put, 3, &e->id);
  shed_db_bind_text(put, 4, e->kind);
  shed_db_bind_id(put, 5, &e->subject);
  return shed_db_run(&s->db, put);
}

// -- one event -------------------------------------------------------------------------------------------------------------

// The body when this build can use it, else *out is NULL; told says whether to count why not.
static shed_status
usable_body(shed_store *s, const shed_store_event *e, const shed_kind *kind, bool told, shed_json **out)
{
  *out = NULL;
  if (!kind || e->v != SHED_STORE_EVENT_V) {
    s->n_unknown += told;
    return SHED_OK;
  }
  if (!e->body || !e->subject.text[0]) {
    return SHED_OK;
  }
  if (shed_json_parse(e->body, e->n_body, "body", out, NULL) != SHED_OK) {
    s->n_not_valid += told;
    *out = NULL;
  } else if (!shed_json_is_object(*out) || kind->check(*out, NULL) != SHED_OK) {
    s->n_not_valid += told;
    shed_json_free(*out);
    *out = NULL;
  }
  return SHED_OK;
}

// Make the rows of an event again. *about becomes the event that it is about in turn, "" for none.
static shed_status
refresh(shed_store *s, const shed_store_event *e, bool told, shed_uuid *about)
{
  const shed_kind *kind      = shed_kind_find(e->kind);
  bool             withdrawn = false;
  shed_json       *body      = NULL;
  shed_status      st        = usable_body(s, e, kind, told, &body);
  *about                     = (shed_uuid){{0}};
  if (st != SHED_OK || !body) {
    return st;
  }
  if (kind->target) {
    st = shed_kind_read_uuid(body, kind->target, false, about, NULL);
    if (st == SHED_OK) {
      st = put_link(s, e, about);
    }
  }
  if (kind->apply) {
    sqlite3_stmt *drop = shed_db_get(&s->db, kind->drop);
    shed_db_bind_id(drop, 1, &e->id);
    st = shed_db_run(&s->db, drop);
    if (st == SHED_OK) {
      st = is_withdrawn(s, &e->id, &e->subject, &withdrawn);
    }
    if (st == SHED_OK) {
      st = kind->apply(s, e, body, withdrawn);
    }
  }
  shed_json_free(body);
  return st;
}

// The files of a person's takes go with them, and what was heard in those that nobody else has.
static shed_status
doom_files(shed_store *s, const shed_uuid *person)
{
  bool          row = true;
  sqlite3_stmt *of  = shed_db_get(&s->db, SHED_SQL_TAKE_FILES_OF);
  shed_db_bind_id(of, 1, person);
  shed_status st = shed_db_next(&s->db, of, &row);
  while (st == SHED_OK && row) {
    shed_sha256 sha256 = shed_db_hash(of, 0);
    st                 = shed_files_doom(s, &sha256);
    if (st == SHED_OK) {
      st = shed_db_next(&s->db, of, &row);
    }
  }
  if (of) {
    (void)sqlite3_reset(of);
  }
  return st;
}

// What was heard in the files doomed by this act, where no take is left that has them.
static shed_status
forget_heard(shed_store *s)
{
  shed_status st = SHED_OK;
  for (size_t i = 0; i < s->n_doomed && st == SHED_OK; i++) {
    bool          used = false;
    sqlite3_stmt *with = shed_db_get(&s->db, SHED_SQL_TAKE_WITH_FILE);
    shed_db_bind_hash(with, 1, &s->doomed[i]);
    st = shed_db_next(&s->db, with, &used);
    if (with) {
      (void)sqlite3_reset(with);
    }
    if (st == SHED_OK && !used) {
      sqlite3_stmt *drop = shed_db_get(&s->db, SHED_SQL_HEARD_DROP);
      shed_db_bind_hash(drop, 1, &s->doomed[i]);
      st = shed_db_run(&s->db, drop);
    }
  }
  return st;
}

// Everything about a person but the hashes.
static shed_status
erase(shed_store *s, const shed_uuid *person)
{
  static const shed_sql steps[] = {SHED_SQL_ERASED_PUT,      SHED_SQL_EVENT_STRIP,  SHED_SQL_TAKE_FORGET,
                                   SHED_SQL_DECISION_FORGET, SHED_SQL_GIVEN_FORGET, SHED_SQL_COURSE_FORGET,
                                   SHED_SQL_ACTIVITY_FORGET, SHED_SQL_LINK_FORGET,  SHED_SQL_PERSON_DELETE,
                                   SHED_SQL_ACCOUNT_FORGET,  SHED_SQL_SIGNIN_FORGET};
  shed_status           st      = doom_files(s, person);
  for (size_t i = 0; i < SHED_COUNTOF(steps) && st == SHED_OK; i++) {
    sqlite3_stmt *step = shed_db_get(&s->db, steps[i]);
    shed_db_bind_id(step, 1, person);
    st = shed_db_run(&s->db, step);
    if (steps[i] == SHED_SQL_EVENT_STRIP) {
      s->n_stripped += (size_t)sqlite3_changes(s->db.handle);
    }
  }
  return st == SHED_OK ? forget_heard(s) : st;
}

shed_status
shed_derive_event(shed_store *s, const shed_store_event *e)
{
  shed_store_event target;
  shed_str         body  = {.alloc = s->alloc};
  bool             found = true;
  bool             told  = true;
  shed_uuid        about;
  shed_status      st = SHED_OK;
  if (strcmp(e->kind, shed_kind_person_erased.name) == 0 && e->subject.text[0]) {
    st = erase(s, &e->subject);
  }
  // an event, what it is about, and what that is about: a withdrawal of a correction of a take is the longest way
  for (target = *e; st == SHED_OK && found; told = false) {
    st = refresh(s, &target, told, &about);
    if (st != SHED_OK || !about.text[0]) {
      break;
    }
    // A circle of events about each other cannot be written by this build but can arrive: a withdrawal changes nothing
    // for the withdrawal it is about, so the way ends there.
    bool withdrawal = strcmp(target.kind, shed_kind_event_withdrawn.name) == 0;
    st              = shed_journal_read(s, &about, &target, &body, &found);
    if (found && strcmp(target.kind, shed_kind_event_withdrawn.name) == 0) {
      break;
    }
    if (found && !withdrawal && shed_kind_find(target.kind) && shed_kind_find(target.kind)->target) {
      break; // only a withdrawal changes an event that is itself about another
    }
  }
  shed_str_free(&body);
  return st;
}

// -- all of them -------------------------------------------------------------------------------------------------------------

shed_status
shed_derive_all(shed_store *s)
{
  static const shed_sql clear[] = {SHED_SQL_DERIVED_CLEAR_LINK,     SHED_SQL_DERIVED_CLEAR_TAKE,
                                   SHED_SQL_DERIVED_CLEAR_DECISION, SHED_SQL_DERIVED_CLEAR_GIVEN,
                                   SHED_SQL_DERIVED_CLEAR_COURSE,   SHED_SQL_DERIVED_CLEAR_ACTIVITY,
                                   SHED_SQL_DERIVED_CLEAR_ERASED,   SHED_SQL_ERASED_FROM_LOG};
  shed_status           st      = SHED_OK;
  bool                  row     = true;
  s->n_not_valid                = 0;
  s->n_unknown                  = 0;
  for (size_t i = 0; i < SHED_COUNTOF(clear) && st == SHED_OK; i++) {
    st = shed_db_run(&s->db, shed_db_get(&s->db, clear[i]));
  }
  sqlite3_stmt *all = shed_db_get(&s->db, SHED_SQL_EVENT_ALL);
  while (st == SHED_OK && (st = shed_db_next(&s->db, all, &row)) == SHED_OK && row) {
    shed_store_event e;
    if (!shed_db_event(all, &e)) {
      st = shed_db_fail(&s->db, SHED_E_CORRUPT, "event %s does not fit its columns", e.id.text);
    } else if (strcmp(e.kind, shed_kind_person_erased.name) != 0) {
      st = shed_derive_event(s, &e);
    }
  }
  if (all) {
    (void)sqlite3_reset(all);
  }
  return st;
}

static void
add_row(shed_sha256_stream *hash, sqlite3_stmt *row)
{
  int n = sqlite3_column_count(row);
  for (int i = 0; i < n; i++) {
    int         type = sqlite3_column_type(row, i);
    const void *data = sqlite3_column_blob(row, i); // numbers as SQLite writes them out
    int         size = sqlite3_column_bytes(row, i);
    shed_sha256_add(hash, &(unsigned char){(unsigned char)type}, 1);
    shed_sha256_add(hash, &(uint32_t){(uint32_t)size}, sizeof(uint32_t));
    shed_sha256_add(hash, data ? data : "", (size_t)size);
  }
}

shed_status
shed_derive_digest(shed_store *s, shed_sha256 *out)
{
  static const char *const tables[] = {
      "SELECT * FROM erased ORDER BY person",
      "SELECT * FROM link ORDER BY target, performed_at, event",
      "SELECT * FROM take ORDER BY student, unit, performed_at, event",
      "SELECT * FROM decision ORDER BY student, unit, performed_at, event",
      "SELECT * FROM given ORDER BY student, unit, performed_at, event",
      "SELECT * FROM course ORDER BY student, performed_at, event",
      "SELECT * FROM activity ORDER BY student, unit, performed_at, event",
  };
  shed_sha256_stream hash;
  shed_status        st = SHED_OK;
  shed_sha256_start(&hash);
  for (size_t i = 0; i < SHED_COUNTOF(tables) && st == SHED_OK; i++) {
    sqlite3_stmt *rows = NULL;
    bool          row  = true;
    st                 = shed_db_note(&s->db, sqlite3_prepare_v2(s->db.handle, tables[i], -1, &rows, NULL));
    while (st == SHED_OK && (st = shed_db_next(&s->db, rows, &row)) == SHED_OK && row) {
      add_row(&hash, rows);
    }
    (void)sqlite3_finalize(rows);
    shed_sha256_add(&hash, &i, sizeof(i));
  }
  if (st == SHED_OK) {
    *out = shed_sha256_end(&hash);
  }
  return st;
}
