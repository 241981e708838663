// About this file: taking in another store. First the other is read through and every chain checked, then its take files are
// copied, then one act writes what is new. A damaged store, or one that lacks a file, adds nothing.
#include "mastery/store/care.h"
#include "mastery/store/chain.h"
#include "mastery/store/kinds.h"
#include "mastery/store/migrate.h"

#include "engine/base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TAKE_MOST_BYTES = 2000000000 };

typedef struct {
  shed_store        *s;
  shed_db            other;
  char               folder[SHED_STORE_PATH]; ///< of the other's takes
  shed_store_report *report;
  shed_error        *err;
} merge;

// -- the other ------------------------------------------------------------------------------------------------------------

static shed_status
open_other(merge *m, const char *url)
{
  char        path[SHED_STORE_PATH];
  int64_t     version = 0;
  shed_status st      = shed_store_url_path(url, path, sizeof(path), m->err);
  if (st != SHED_OK) {
    return st;
  }
  if (!shed_file_exists(path)) {
    return shed_fail(m->err, SHED_E_NOTFOUND, path, "there is no store");
  }
  (void)snprintf(m->folder, sizeof(m->folder), "%.*s.takes", (int)sizeof(m->folder) - 16, path);
  st = shed_db_open(&m->other, path, SHED_DB_READ_ONLY, 5000);
  if (st == SHED_OK) {
    st = shed_migrate_version(&m->other, &version);
  }
  if (st == SHED_OK && version == 0) {
    st = shed_db_fail(&m->other, SHED_E_FORMAT, "is empty, not a store");
  }
  if (st == SHED_OK) {
    st = shed_db_exec(&m->other, "BEGIN"); // one picture of it, though somebody may be writing there
  }
  return shed_db_tell(&m->other, st, m->err);
}

static shed_status
check_one(merge *m, shed_chain *chain, sqlite3_stmt *row)
{
  shed_store_event e;
  bool             erased = false;
  if (!shed_db_event(row, &e) || (e.body && strlen(e.body) != e.n_body) ||
      (e.body && !shed_utf8_valid(e.body, e.n_body))) {
    return shed_fail(m->err, SHED_E_CORRUPT, m->other.name, "event %s does not fit its columns", e.id.text);
  }
  shed_status st = shed_chain_next(chain, &e, m->err);
  if (st != SHED_OK) {
    shed_error_within(m->err, m->other.name);
    return st;
  }
  if (!e.body && e.subject.text[0]) {
    sqlite3_stmt *has = shed_db_get(&m->other, SHED_SQL_EVENT_ERASURE);
    shed_db_bind_id(has, 1, &e.subject);
    st = shed_db_next(&m->other, has, &erased);
    if (has) {
      (void)sqlite3_reset(has);
    }
  }
  if (st == SHED_OK && !e.body && !erased) {
    return shed_fail(m->err, SHED_E_CORRUPT, m->other.name,
                     "origin %s, event %lld: its body is gone, and nobody erased it", e.origin.text,
                     (long long)e.seq);
  }
  return st;
}

static shed_status
check_chains(merge *m)
{
  shed_chain    chain = {.seq = 0};
  bool          row   = true;
  shed_status   st    = SHED_OK;
  sqlite3_stmt *all   = shed_db_get(&m->other, SHED_SQL_EVENT_ALL);
  while (st == SHED_OK && (st = shed_db_next(&m->other, all, &row)) == SHED_OK && row) {
    st = check_one(m, &chain, all);
  }
  if (all) {
    (void)sqlite3_reset(all);
  }
  return shed_db_tell(&m->other, st, m->err);
}

// -- files ------------------------------------------------------------------------------------------------------------------

// Copy one take file that is not here. It is doomed at once: when the act fails, or leaves the take out because its student
// was erased, no take names it and it goes again.
static shed_status
copy_file(merge *m, const shed_sha256 *sha256)
{
  char        from[SHED_STORE_PATH + 80];
  char        to[SHED_STORE_PATH + 80];
  char       *data = NULL;
  size_t      n    = 0;
  shed_status st;
  const char *ending;
  if (m->s->memory || shed_files_find(m->s->folder, sha256, to, sizeof(to), &ending)) {
    return SHED_OK;
  }
  (void)shed_files_find(m->folder, sha256, from, sizeof(from), &ending);
  if (!from[0] || !shed_files_path(m->s->folder, sha256, ending, to, sizeof(to))) {
    return shed_fail(m->err, SHED_E_RANGE, m->folder, "the path is too long");
  }
  if ((st = shed_file_read(from, TAKE_MOST_BYTES, m->s->alloc, &data, &n, m->err)) != SHED_OK) {
    return st;
  }
  shed_sha256 real = shed_sha256_of(data, n);
  if (strcmp(real.text, sha256->text) != 0) {
    st = shed_fail(m->err, SHED_E_CORRUPT, from, "the sound was changed: its SHA-256 is %s", real.text);
  }
  if (st == SHED_OK && (st = shed_files_doom(m->s, sha256)) == SHED_OK) {
    st = shed_file_write_atomic(to, data, n, m->err);
    m->report->files += st == SHED_OK;
  }
  shed_free(m->s->alloc, data);
  return st;
}

static shed_status
copy_files(merge *m)
{
  bool          row = true;
  shed_status   st  = SHED_OK;
  sqlite3_stmt *all = shed_db_get(&m->other, SHED_SQL_TAKE_FILES);
  while (st == SHED_OK && (st = shed_db_next(&m->other, all, &row)) == SHED_OK && row) {
    shed_sha256 sha256 = shed_db_hash(all, 0);
    st                 = copy_file(m, &sha256);
  }
  if (all) {
    (void)sqlite3_reset(all);
  }
  return shed_db_tell(&m->other, st, m->err);
}

// -- rows -------------------------------------------------------------------------------------------------------------------

static shed_status
add_events(merge *m)
{
  bool          row = true;
  shed_status   st  = SHED_OK;
  sqlite3_stmt *all = shed_db_get(&m->other, SHED_SQL_EVENT_ALL);
  while (st == SHED_OK && (st = shed_db_next(&m->other, all, &row)) == SHED_OK && row) {
    shed_store_event e;
    bool             added = false;
    if (!shed_db_event(all, &e)) {
      st = shed_fail(m->err, SHED_E_CORRUPT, m->other.name, "event %s does not fit its columns", e.id.text);
    } else if ((st = shed_journal_import(m->s, &e, &added)) == SHED_OK) {
      m->report->events += added;
      m->report->known += !added;
    }
  }
  if (all) {
    (void)sqlite3_reset(all);
  }
  return shed_db_tell(&m->other, st, m->err);
}

static shed_status
add_people(merge *m)
{
  bool          row = true;
  shed_status   st  = SHED_OK;
  sqlite3_stmt *all = shed_db_get(&m->other, SHED_SQL_PERSON_ALL);
  while (st == SHED_OK && (st = shed_db_next(&m->other, all, &row)) == SHED_OK && row) {
    bool      erased = false;
    shed_uuid id     = shed_db_id(all, 0);
    st               = shed_store_has(m->s, SHED_SQL_ERASED_GET, &id, &erased);
    if (st == SHED_OK && !erased) {
      sqlite3_stmt *put = shed_db_get(&m->s->db, SHED_SQL_PERSON_PUT);
      shed_db_bind_id(put, 1, &id);
      shed_db_bind_text(put, 2, shed_db_text(all, 1));
      shed_db_bind_text(put, 3, shed_db_text(all, 2));
      shed_db_bind_int(put, 4, sqlite3_column_int64(all, 3));
      st = shed_db_run(&m->s->db, put);
      m->report->people += (size_t)sqlite3_changes(m->s->db.handle);
    }
  }
  if (all) {
    (void)sqlite3_reset(all);
  }
  return shed_db_tell(&m->other, st, m->err);
}

static shed_status
add_heard(merge *m)
{
  bool          row = true;
  shed_status   st  = SHED_OK;
  sqlite3_stmt *all = shed_db_get(&m->other, SHED_SQL_HEARD_ALL);
  while (st == SHED_OK && (st = shed_db_next(&m->other, all, &row)) == SHED_OK && row) {
    bool          used   = false;
    shed_sha256   sha256 = shed_db_hash(all, 0);
    shed_sha256   want   = shed_db_hash(all, 2);
    sqlite3_stmt *with   = shed_db_get(&m->s->db, SHED_SQL_TAKE_WITH_FILE);
    shed_db_bind_hash(with, 1, &sha256);
    st = shed_db_next(&m->s->db, with, &used);
    if (with) {
      (void)sqlite3_reset(with);
    }
    if (st == SHED_OK && used) {
      sqlite3_stmt *put = shed_db_get(&m->s->db, SHED_SQL_HEARD_PUT);
      shed_db_bind_hash(put, 1, &sha256);
      shed_db_bind_text(put, 2, shed_db_text(all, 1));
      shed_db_bind_hash(put, 3, &want);
      shed_db_bind_blob(put, 4, sqlite3_column_blob(all, 3), (size_t)sqlite3_column_bytes(all, 3));
      st = shed_db_run(&m->s->db, put);
    }
  }
  if (all) {
    (void)sqlite3_reset(all);
  }
  return shed_db_tell(&m->other, st, m->err);
}

// Never an event without its file: what the derived rows name now must be here.
static shed_status
check_files_here(merge *m)
{
  char          path[SHED_STORE_PATH + 80];
  const char   *ending;
  bool          row = true;
  shed_status   st  = SHED_OK;
  sqlite3_stmt *all = shed_db_get(&m->s->db, SHED_SQL_TAKE_FILES);
  while (!m->s->memory && st == SHED_OK && (st = shed_db_next(&m->s->db, all, &row)) == SHED_OK && row) {
    shed_sha256 sha256 = shed_db_hash(all, 0);
    if (!shed_files_find(m->s->folder, &sha256, path, sizeof(path), &ending)) {
      st =
          shed_fail(m->err, SHED_E_CORRUPT, m->other.name, "the sound of a take is missing: %s", sha256.text);
    }
  }
  if (all) {
    (void)sqlite3_reset(all);
  }
  return st;
}

static shed_status
add_all(merge *m)
{
  shed_status st;
  if ((st = copy_files(m)) != SHED_OK || (st = add_events(m)) != SHED_OK || (st = add_people(m)) != SHED_OK ||
      (st = add_heard(m)) != SHED_OK) {
    return st;
  }
  return check_files_here(m);
}

shed_status
shed_store_merge(shed_store *s, const char *other_url, shed_store_report *report, shed_error *err)
{
  shed_error why = {.status = SHED_OK};
  merge     *m   = shed_calloc(s->alloc, 1, sizeof(*m));
  if (!m) {
    return shed_fail(err, SHED_E_NOMEM, NULL, "%s", shed_status_text(SHED_E_NOMEM));
  }
  *report   = (shed_store_report){.events = 0};
  m->s      = s;
  m->report = report;
  m->err    = err ? err : &why;
  // what an earlier failure wrote there is no longer of interest
  *m->err        = why;
  shed_status st = open_other(m, other_url);
  if (st == SHED_OK) {
    st = check_chains(m);
  }
  if (st == SHED_OK) {
    st                = shed_act_begin(s);
    st                = shed_act_end(s, st == SHED_OK ? add_all(m) : st, m->err);
    report->erased    = s->n_stripped;
    report->unknown   = s->n_unknown;
    report->not_valid = s->n_not_valid;
  }
  shed_db_close(&m->other);
  if (st == SHED_OK && report->erased) {
    st = shed_act_scrub(s, m->err);
  }
  shed_free(s->alloc, m);
  return st;
}
