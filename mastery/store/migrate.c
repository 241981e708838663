#include "mastery/store/migrate.h"

#include <stdio.h>

enum { APPLICATION_ID = 0x53484544 }; // "SHED"

static const struct {
  int         number;
  const char *sql;
} steps[] = {
#define SHED_MIGRATION(number, sql) {number, sql},
#include "mastery/store/migrations.def"
#undef SHED_MIGRATION
};

int
shed_migrate_newest(void)
{
  return (int)SHED_COUNTOF(steps);
}

shed_status
shed_migrate_version(shed_db *db, int64_t *version)
{
  int64_t id     = 0;
  int64_t tables = 0;
  // Tables first: another program may be making the store just now, and what it has made in one transaction has its
  // number once its tables are seen.
  shed_status st = shed_db_pragma(db, "SELECT count(*) FROM sqlite_schema", &tables);
  if (st == SHED_OK) {
    st = shed_db_pragma(db, "PRAGMA application_id", &id);
  }
  if (st == SHED_OK) {
    st = shed_db_pragma(db, "PRAGMA user_version", version);
  }
  if (st != SHED_OK) {
    return st;
  }
  if (id != APPLICATION_ID && (id != 0 || tables != 0)) {
    return shed_db_fail(db, SHED_E_FORMAT, "is a database of another program, not a store");
  }
  if (*version > shed_migrate_newest()) {
    return shed_db_fail(
        db, SHED_E_VERSION,
        "was written by a newer Woodshed (schema %lld, this one knows %d); use that version to open it",
        (long long)*version, shed_migrate_newest());
  }
  return SHED_OK;
}

static shed_status
run_steps(shed_db *db)
{
  char        sql[64];
  int64_t     version = 0;
  shed_status st      = shed_migrate_version(db, &version); // again: another program may have been faster
  for (int64_t i = version; i < shed_migrate_newest() && st == SHED_OK; i++) {
    SHED_ASSERT(steps[i].number == i + 1);
    st = shed_db_exec(db, steps[i].sql);
    if (st == SHED_OK) {
      // a pragma takes no parameters; the number is ours
      (void)snprintf(sql, sizeof(sql), "PRAGMA user_version = %d", steps[i].number);
      st = shed_db_exec(db, sql);
    }
  }
  if (st == SHED_OK && version == 0) {
    (void)snprintf(sql, sizeof(sql), "PRAGMA application_id = %d", APPLICATION_ID);
    st = shed_db_exec(db, sql);
  }
  return st;
}

shed_status
shed_migrate(shed_db *db)
{
  int64_t     version = 0;
  shed_status st      = shed_migrate_version(db, &version);
  if (st != SHED_OK || version == shed_migrate_newest()) {
    return st;
  }
  if ((st = shed_db_exec(db, "BEGIN IMMEDIATE")) != SHED_OK) {
    return st;
  }
  st = run_steps(db);
  if (st == SHED_OK) {
    st = shed_db_exec(db, "COMMIT");
  }
  if (st != SHED_OK && !sqlite3_get_autocommit(db->handle)) {
    shed_status undone = shed_db_exec(db, "ROLLBACK"); // if not, closing the database will
    (void)undone;
  }
  return st;
}
