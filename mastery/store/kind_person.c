// About this file: events about people. Names are never in them.
#include "mastery/store/kinds.h"

#include <string.h>

static shed_status
check_added(const shed_json *body, shed_error *err)
{
  const char *role = NULL;
  shed_status st   = shed_json_read_str(body, "role", false, 32, &role, err);
  if (st == SHED_OK && strcmp(role, "student") != 0 && strcmp(role, "teacher") != 0) {
    return shed_fail(err, SHED_E_FORMAT, "role", "\"%s\" is neither student nor teacher", role);
  }
  return st;
}

const shed_kind shed_kind_person_added = {
    .name = "person.added", .check = check_added, .drop = SHED_SQL_COUNT};

static shed_status
check_enrolled(const shed_json *body, shed_error *err)
{
  const char *course = NULL;
  return shed_kind_read_id(body, "course", false, &course, err);
}

static shed_status
apply_enrolled(shed_store *s, const shed_store_event *e, const shed_json *body, bool withdrawn)
{
  sqlite3_stmt *put = withdrawn ? NULL : shed_db_get(&s->db, SHED_SQL_COURSE_PUT);
  if (withdrawn) {
    return SHED_OK;
  }
  shed_db_bind_id(put, 1, &e->subject);
  shed_db_bind_int(put, 2, e->performed_at_ms);
  shed_db_bind_id(put, 3, &e->id);
  shed_db_bind_text(put, 4, shed_json_text(shed_json_get(body, "course")));
  return shed_db_run(&s->db, put);
}

const shed_kind shed_kind_person_enrolled = {.name         = "person.enrolled",
                                             .check        = check_enrolled,
                                             .apply        = apply_enrolled,
                                             .drop         = SHED_SQL_COURSE_DROP,
                                             .withdrawable = true};

static shed_status
check_erased(const shed_json *body, shed_error *err)
{
  (void)body;
  (void)err;
  return SHED_OK;
}

// What it does is done by shed_derive_event() before anything else: it needs no body.
const shed_kind shed_kind_person_erased = {
    .name = "person.erased", .check = check_erased, .drop = SHED_SQL_COUNT};
