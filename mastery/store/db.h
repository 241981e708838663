/// SQLite as the store uses it: kept statements, typed binding and reading, one place where its errors become ours.
/// Used inside mastery/store alone.
#ifndef SHED_STORE_DB_H
#define SHED_STORE_DB_H

#include "mastery/store/event.h"
#include "mastery/store/store.h"

#include <sqlite3.h>

/// The columns of an event, in the order of shed_db_bind_event() and shed_db_event().
#define EVENT_COLUMNS                                                                                        \
  "id, v, kind, performed_at, utc_offset_min, recorded_at, origin, seq, actor, subject, body, salt, "        \
  "body_hash, prev_hash, hash"

typedef enum {
#define SHED_SQL(name, sql) SHED_SQL_##name,
#include "mastery/store/statements.def"
#undef SHED_SQL
  SHED_SQL_COUNT
} shed_sql;

/// A database and its kept statements. Zero-initialised is closed.
typedef struct {
  sqlite3      *handle;
  sqlite3_stmt *kept[SHED_SQL_COUNT];
  char          name[4096]; ///< for messages
  shed_error    fault;      ///< the first thing that went wrong since shed_db_forgive()
} shed_db;

enum { SHED_DB_READ_ONLY = 1 };

/// Open; no pragma, no schema. @param flags SHED_DB_READ_ONLY or 0 (made when missing). Read-only also works on a medium that
/// cannot be written to at all, when no write-ahead log lies beside the file.
SHED_NODISCARD shed_status shed_db_open(shed_db *db, const char *path, unsigned flags, int busy_ms);
void                       shed_db_close(shed_db *db);

/// Note a result code of SQLite in db->fault and give it as a status. SQLITE_OK, _ROW and _DONE are SHED_OK.
shed_status shed_db_note(shed_db *db, int rc);
/// Note a failure of our own.
shed_status shed_db_fail(shed_db *db, shed_status st, const char *fmt, ...) SHED_PRINTF(3, 4);
void        shed_db_forgive(shed_db *db);
/// Copy what went wrong to a caller's error, unless somebody told it already. @return st.
shed_status shed_db_tell(const shed_db *db, shed_status st, shed_error *err);
/// Every row of a bound statement, until take says false; then it is reset. NULL: what shed_db_get() found wrong is told.
/// Before it come shed_db_forgive(), shed_db_get() and the bindings.
SHED_NODISCARD shed_status shed_db_each(shed_db *db, sqlite3_stmt                        *list,
                                        bool (*take)(void *ctx, sqlite3_stmt *row), void *ctx,
                                        shed_error *err);
/// Hand on the first column of each row of a statement that asks about @p id. @p each returns false to stop.
SHED_NODISCARD shed_status shed_db_each_text(shed_db *db, shed_sql sql, const shed_uuid *id,
                                             bool (*each)(void *ctx, const char *text), void *ctx,
                                             shed_error *err);

/// Run SQL that is fixed text, any number of statements.
SHED_NODISCARD shed_status shed_db_exec(shed_db *db, const char *sql);
/// A kept statement, reset and with nothing bound; NULL when it cannot be prepared (noted).
sqlite3_stmt *shed_db_get(shed_db *db, shed_sql which);
/// The first column of the first row of a pragma or other fixed SQL.
SHED_NODISCARD shed_status shed_db_pragma(shed_db *db, const char *sql, int64_t *out);

/// Step to the next row. @return SHED_OK with *row telling whether there is one; at the end, or on failure, the statement is
/// reset.
SHED_NODISCARD shed_status shed_db_next(shed_db *db, sqlite3_stmt *stmt, bool *row);
/// Step to the end and reset.
SHED_NODISCARD shed_status shed_db_run(shed_db *db, sqlite3_stmt *stmt);

// Binding. stmt may be NULL (then nothing is done: shed_db_next() and shed_db_run() report it). Texts and blobs are borrowed
// until the statement is reset. "" ids and hashes and NaN become NULL.
void shed_db_bind_int(sqlite3_stmt *stmt, int at, int64_t value);
void shed_db_bind_real(sqlite3_stmt *stmt, int at, double value);
void shed_db_bind_text(sqlite3_stmt *stmt, int at, const char *text);
void shed_db_bind_blob(sqlite3_stmt *stmt, int at, const void *data, size_t n);
void shed_db_bind_id(sqlite3_stmt *stmt, int at, const shed_uuid *id);
void shed_db_bind_hash(sqlite3_stmt *stmt, int at, const shed_sha256 *hash);
void shed_db_bind_event(sqlite3_stmt *stmt, const shed_store_event *e);

// Reading. A column of another type or size is "" or 0.
shed_uuid   shed_db_id(sqlite3_stmt *stmt, int at);
shed_sha256 shed_db_hash(sqlite3_stmt *stmt, int at);
const char *shed_db_text(sqlite3_stmt *stmt, int at); ///< never NULL; borrowed until the next step
double      shed_db_real(sqlite3_stmt *stmt, int at); ///< NaN for NULL
/// Body borrowed until the next step. @return false when a column does not fit its range.
bool shed_db_event(sqlite3_stmt *stmt, shed_store_event *out);

#endif
