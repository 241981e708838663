// About this file: the only one that turns SQLite's results into ours. Ids and hashes are text in our structs and blobs in
// the database.
#include "mastery/store/db.h"

#include "engine/base/file.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const sql_texts[] = {
#define SHED_SQL(name, sql) sql,
#include "mastery/store/statements.def"
#undef SHED_SQL
};

// -- errors ------------------------------------------------------------------------------------------------------------

static shed_status
status_of(sqlite3 *handle, int rc)
{
  switch (rc & 0xff) {
  case SQLITE_OK:
  case SQLITE_ROW:
  case SQLITE_DONE:
    return SHED_OK;
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return SHED_E_BUSY;
  case SQLITE_FULL:
    return SHED_E_NOSPACE;
  case SQLITE_NOMEM:
    return SHED_E_NOMEM;
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    return SHED_E_CORRUPT;
  case SQLITE_READONLY:
  case SQLITE_PERM:
  case SQLITE_AUTH:
    return SHED_E_DENIED;
  case SQLITE_CANTOPEN:
  case SQLITE_IOERR:
    return handle && shed_status_of_errno(sqlite3_system_errno(handle)) == SHED_E_NOSPACE ? SHED_E_NOSPACE
                                                                                          : SHED_E_IO;
  default:
    return SHED_E_STATE;
  }
}

static const char *
way_out(shed_status st)
{
  switch ((int)st) {
  case SHED_E_BUSY:
    return "another program is writing to the store; try again in a moment";
  case SHED_E_NOSPACE:
    return "the disk is full; nothing was stored; make room and do it again";
  case SHED_E_CORRUPT:
    return "the store is damaged; move the file aside, open a new store and merge a copy of the old one into "
           "it "
           "(woodshed store merge COPY)";
  case SHED_E_DENIED:
    return "the store may not be written to by this user";
  default:
    return shed_status_text(st);
  }
}

shed_status
shed_db_note(shed_db *db, int rc)
{
  shed_status st = status_of(db->handle, rc);
  if (st != SHED_OK && db->fault.status == SHED_OK) {
    (void)shed_fail(&db->fault, st, db->name, "%s (SQLite: %s)", way_out(st),
                    db->handle ? sqlite3_errmsg(db->handle) : sqlite3_errstr(rc));
  }
  return st;
}

shed_status
shed_db_fail(shed_db *db, shed_status st, const char *fmt, ...)
{
  char    what[sizeof(db->fault.what)];
  va_list args;
  if (db->fault.status == SHED_OK) {
    va_start(args, fmt);
    (void)vsnprintf(what, sizeof(what), fmt, args);
    va_end(args);
    (void)shed_fail(&db->fault, st, db->name, "%s", what);
  }
  return st;
}

void
shed_db_forgive(shed_db *db)
{
  db->fault = (shed_error){.status = SHED_OK};
}

shed_status
shed_db_tell(const shed_db *db, shed_status st, shed_error *err)
{
  if (st != SHED_OK && err && db->fault.status == st) {
    *err = db->fault;
  } else if (st != SHED_OK && err && err->status != st) {
    (void)shed_fail(err, st, db->name, "%s", way_out(st));
  }
  return st;
}

// -- opening -----------------------------------------------------------------------------------------------------------

// "file:" URI of a path, saying that nobody can change it. @return false when it does not fit.
static bool
immutable_uri(const char *path, char *uri, size_t size)
{
  size_t n = (size_t)snprintf(uri, size, "file:");
  for (const char *p = path; *p && n + 32 < size; p++) {
    bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') ||
                 strchr("/._-", *p) != NULL;
    n += (size_t)snprintf(uri + n, size - n, plain ? "%c" : "%%%02X", (unsigned char)*p);
  }
  (void)snprintf(uri + n, size - n, "?immutable=1");
  return n + 32 < size;
}

// Reading in WAL mode needs an index file beside the database. Where none can be made, and no log holds later pages, the
// file is all there is.
static shed_status
open_immutable(shed_db *db, const char *path, int rc)
{
  char    uri[3 * sizeof(db->name) + 64];
  char    log[sizeof(db->name) + 8];
  int64_t version = 0;
  (void)snprintf(log, sizeof(log), "%s-wal", path);
  if (shed_file_exists(log) || !immutable_uri(path, uri, sizeof(uri))) {
    return shed_db_note(db, rc);
  }
  (void)sqlite3_close(db->handle);
  db->handle = NULL;
  rc = sqlite3_open_v2(uri, &db->handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI, NULL);
  shed_status st = shed_db_note(db, rc);
  return st == SHED_OK ? shed_db_pragma(db, "PRAGMA user_version", &version) : st;
}

shed_status
shed_db_open(shed_db *db, const char *path, unsigned flags, int busy_ms)
{
  int mode = flags & SHED_DB_READ_ONLY ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  memset(db, 0, sizeof(*db));
  (void)snprintf(db->name, sizeof(db->name), "%s", path);
  shed_status st = shed_db_note(db, sqlite3_open_v2(path, &db->handle, mode | SQLITE_OPEN_NOMUTEX, NULL));
  if (st == SHED_OK && flags & SHED_DB_READ_ONLY) {
    // the file is first looked into here
    int rc = sqlite3_exec(db->handle, "PRAGMA schema_version", NULL, NULL, NULL);
    if ((rc & 0xff) == SQLITE_CANTOPEN || (rc & 0xff) == SQLITE_READONLY) {
      st = open_immutable(db, path, rc);
    }
  }
  if (st == SHED_OK) {
    (void)sqlite3_extended_result_codes(db->handle, 1);
    (void)sqlite3_busy_timeout(db->handle, busy_ms);
  }
  return st;
}

void
shed_db_close(shed_db *db)
{
  for (size_t i = 0; i < SHED_SQL_COUNT; i++) {
    (void)sqlite3_finalize(db->kept[i]);
    db->kept[i] = NULL;
  }
  if (db->handle) {
    int rc = sqlite3_close(db->handle);
    SHED_ASSERT(rc == SQLITE_OK); // no statement but the kept ones outlives its function
    db->handle = NULL;
  }
}

// -- statements --------------------------------------------------------------------------------------------------------

shed_status
shed_db_exec(shed_db *db, const char *sql)
{
  return shed_db_note(db, sqlite3_exec(db->handle, sql, NULL, NULL, NULL));
}

sqlite3_stmt *
shed_db_get(shed_db *db, shed_sql which)
{
  sqlite3_stmt **kept = &db->kept[which];
  if (!*kept) {
    int rc = sqlite3_prepare_v3(db->handle, sql_texts[which], -1, SQLITE_PREPARE_PERSISTENT, kept, NULL);
    (void)shed_db_note(db, rc);
    return *kept;
  }
  (void)sqlite3_reset(*kept);
  (void)sqlite3_clear_bindings(*kept);
  return *kept;
}

shed_status
shed_db_pragma(shed_db *db, const char *sql, int64_t *out)
{
  sqlite3_stmt *stmt = NULL;
  shed_status   st   = shed_db_note(db, sqlite3_prepare_v2(db->handle, sql, -1, &stmt, NULL));
  if (st == SHED_OK) {
    int rc = sqlite3_step(stmt);
    st     = shed_db_note(db, rc);
    if (st == SHED_OK) {
      *out = rc == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
    }
  }
  (void)sqlite3_finalize(stmt);
  return st;
}

shed_status
shed_db_next(shed_db *db, sqlite3_stmt *stmt, bool *row)
{
  *row = false;
  if (!stmt) {
    return db->fault.status != SHED_OK ? db->fault.status : SHED_E_NOMEM;
  }
  int rc = sqlite3_step(stmt);
  if (rc == SQLITE_ROW) {
    *row = true;
    return SHED_OK;
  }
  shed_status st = shed_db_note(db, rc);
  (void)sqlite3_reset(stmt);
  return st;
}

shed_status
shed_db_run(shed_db *db, sqlite3_stmt *stmt)
{
  bool        row = true;
  shed_status st  = SHED_OK;
  while (row && st == SHED_OK) {
    st = shed_db_next(db, stmt, &row);
  }
  return st;
}

// -- binding -----------------------------------------------------------------------------------------------------------

static int
digit(char c)
{
  return c <= '9' ? c - '0' : c - 'a' + 10;
}

// Hexadecimal text, dashes left out, to n bytes. The text is one of ours: an id or a hash that was parsed before.
static void
to_bytes(const char *text, unsigned char *bytes, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    text += *text == '-';
    bytes[i] = (unsigned char)(digit(text[0]) << 4 | digit(text[1]));
    text += 2;
  }
}

static char *
to_text(const unsigned char *bytes, size_t n, char *text)
{
  static const char digits[] = "0123456789abcdef";
  for (size_t i = 0; i < n; i++) {
    *text++ = digits[bytes[i] >> 4];
    *text++ = digits[bytes[i] & 15];
  }
  return text;
}

void
shed_db_bind_int(sqlite3_stmt *stmt, int at, int64_t value)
{
  if (stmt) {
    (void)sqlite3_bind_int64(stmt, at, value);
  }
}

void
shed_db_bind_real(sqlite3_stmt *stmt, int at, double value)
{
  if (stmt && !isnan(value)) {
    (void)sqlite3_bind_double(stmt, at, value);
  }
}

void
shed_db_bind_text(sqlite3_stmt *stmt, int at, const char *text)
{
  if (stmt && text) {
    (void)sqlite3_bind_text(stmt, at, text, -1, SQLITE_STATIC);
  }
}

void
shed_db_bind_blob(sqlite3_stmt *stmt, int at, const void *data, size_t n)
{
  if (stmt && data) {
    (void)sqlite3_bind_blob64(stmt, at, data, n, SQLITE_STATIC);
  }
}

void
shed_db_bind_id(sqlite3_stmt *stmt, int at, const shed_uuid *id)
{
  unsigned char bytes[16];
  if (stmt && id && id->text[0]) {
    to_bytes(id->text, bytes, sizeof(bytes));
    (void)sqlite3_bind_blob(stmt, at, bytes, sizeof(bytes), SQLITE_TRANSIENT);
  }
}

void
shed_db_bind_hash(sqlite3_stmt *stmt, int at, const shed_sha256 *hash)
{
  unsigned char bytes[32];
  if (stmt && hash && hash->text[0]) {
    to_bytes(hash->text, bytes, sizeof(bytes));
    (void)sqlite3_bind_blob(stmt, at, bytes, sizeof(bytes), SQLITE_TRANSIENT);
  }
}

void
shed_db_bind_event(sqlite3_stmt *stmt, const shed_store_event *e)
{
  shed_db_bind_id(stmt, 1, &e->id);
  shed_db_bind_int(stmt, 2, e->v);
  shed_db_bind_text(stmt, 3, e->kind);
  shed_db_bind_int(stmt, 4, e->performed_at_ms);
  shed_db_bind_int(stmt, 5, e->utc_offset_min);
  shed_db_bind_int(stmt, 6, e->recorded_at_ms);
  shed_db_bind_id(stmt, 7, &e->origin);
  shed_db_bind_int(stmt, 8, e->seq);
  shed_db_bind_id(stmt, 9, &e->actor);
  shed_db_bind_id(stmt, 10, &e->subject);
  if (stmt && e->body) {
    (void)sqlite3_bind_text64(stmt, 11, e->body, e->n_body, SQLITE_STATIC, SQLITE_UTF8);
    shed_db_bind_blob(stmt, 12, e->salt, sizeof(e->salt));
  }
  shed_db_bind_hash(stmt, 13, &e->body_hash);
  shed_db_bind_hash(stmt, 14, &e->prev_hash);
  shed_db_bind_hash(stmt, 15, &e->hash);
}

// -- reading -----------------------------------------------------------------------------------------------------------

shed_uuid
shed_db_id(sqlite3_stmt *stmt, int at)
{
  shed_uuid            id    = {{0}};
  const unsigned char *bytes = sqlite3_column_blob(stmt, at);
  if (bytes && sqlite3_column_bytes(stmt, at) == 16) {
    static const unsigned char groups[] = {4, 2, 2, 2, 6};
    char                      *p        = id.text;
    for (size_t i = 0; i < sizeof(groups); i++) {
      p = to_text(bytes, groups[i], p);
      bytes += groups[i];
      *p++ = '-';
    }
    p[-1] = '\0';
  }
  return id;
}

shed_sha256
shed_db_hash(sqlite3_stmt *stmt, int at)
{
  shed_sha256          hash  = {{0}};
  const unsigned char *bytes = sqlite3_column_blob(stmt, at);
  if (bytes && sqlite3_column_bytes(stmt, at) == 32) {
    *to_text(bytes, 32, hash.text) = '\0';
  }
  return hash;
}

const char *
shed_db_text(sqlite3_stmt *stmt, int at)
{
  const unsigned char *text = sqlite3_column_text(stmt, at);
  return text ? (const char *)text : "";
}

double
shed_db_real(sqlite3_stmt *stmt, int at)
{
  return sqlite3_column_type(stmt, at) == SQLITE_NULL ? (double)NAN : sqlite3_column_double(stmt, at);
}

static bool
is_id_or_null(sqlite3_stmt *stmt, int at)
{
  return sqlite3_column_type(stmt, at) == SQLITE_NULL || sqlite3_column_bytes(stmt, at) == 16;
}

bool
shed_db_event(sqlite3_stmt *stmt, shed_store_event *out)
{
  shed_store_event e      = {0};
  int64_t          offset = sqlite3_column_int64(stmt, 4);
  const char      *kind   = shed_db_text(stmt, 2);
  e.id                    = shed_db_id(stmt, 0);
  e.v                     = sqlite3_column_int64(stmt, 1);
  e.performed_at_ms       = sqlite3_column_int64(stmt, 3);
  e.utc_offset_min        = (int)(offset < -1000 || offset > 1000 ? 0 : offset);
  e.recorded_at_ms        = sqlite3_column_int64(stmt, 5);
  e.origin                = shed_db_id(stmt, 6);
  e.seq                   = sqlite3_column_int64(stmt, 7);
  e.actor                 = shed_db_id(stmt, 8);
  e.subject               = shed_db_id(stmt, 9);
  e.body_hash             = shed_db_hash(stmt, 12);
  e.prev_hash             = shed_db_hash(stmt, 13);
  e.hash                  = shed_db_hash(stmt, 14);
  (void)snprintf(e.kind, sizeof(e.kind), "%s", kind);
  if (sqlite3_column_type(stmt, 10) != SQLITE_NULL) {
    e.body   = shed_db_text(stmt, 10);
    e.n_body = (size_t)sqlite3_column_bytes(stmt, 10);
    if (sqlite3_column_bytes(stmt, 11) != SHED_STORE_EVENT_SALT) {
      return false;
    }
    memcpy(e.salt, sqlite3_column_blob(stmt, 11), sizeof(e.salt));
  }
  *out = e;
  return shed_store_event_fits(&e) && strlen(kind) < SHED_STORE_EVENT_KIND && offset == e.utc_offset_min &&
         is_id_or_null(stmt, 8) && is_id_or_null(stmt, 9);
}

shed_status
shed_db_each(shed_db *db, sqlite3_stmt *list, bool (*take)(void *ctx, sqlite3_stmt *row), void *ctx,
             shed_error *err)
{
  bool        row  = true;
  bool        more = true;
  shed_status st   = SHED_OK;
  while (more && (st = shed_db_next(db, list, &row)) == SHED_OK && row) {
    more = take(ctx, list);
  }
  if (list) {
    (void)sqlite3_reset(list);
  }
  return shed_db_tell(db, st, err);
}

typedef struct {
  bool (*each)(void *ctx, const char *text);
  void *ctx;
} texts;

static bool
take_text(void *walk, sqlite3_stmt *row)
{
  const texts *w = walk;
  return w->each(w->ctx, shed_db_text(row, 0));
}

shed_status
shed_db_each_text(shed_db *db, shed_sql sql, const shed_uuid *id, bool (*each)(void *ctx, const char *text),
                  void *ctx, shed_error *err)
{
  shed_db_forgive(db);
  sqlite3_stmt *list = shed_db_get(db, sql);
  shed_db_bind_id(list, 1, id);
  return shed_db_each(db, list, take_text, &(texts){each, ctx}, err);
}
