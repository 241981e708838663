#include "mastery/store/people.h"

#include "mastery/store/inside.h"
#include "mastery/store/kinds.h"

#include <stdio.h>
#include <string.h>

enum { LISTED_MOST = 8 };

const char *
shed_role_name(shed_role r)
{
  static const char *const names[] = {"person", "student", "teacher"};
  return names[r];
}

// As stored; "" for any.
static const char *
stored_role(shed_role r)
{
  return r == SHED_ROLE_ANY ? "" : shed_role_name(r);
}

static shed_person
person_of(sqlite3_stmt *row)
{
  shed_person p    = {.id = shed_db_id(row, 0)};
  const char *role = shed_db_text(row, 1);
  p.role           = strcmp(role, "teacher") == 0 ? SHED_ROLE_TEACHER : SHED_ROLE_STUDENT;
  (void)snprintf(p.name, sizeof(p.name), "%s", shed_db_text(row, 2));
  return p;
}

static shed_status
check_name(const char *name, shed_error *err)
{
  shed_uuid id;
  size_t    n      = strlen(name);
  bool      blanks = strspn(name, " ") == n;
  if (n == 0 || n >= SHED_PERSON_NAME || blanks || !shed_utf8_valid(name, n)) {
    return shed_fail(err, SHED_E_RANGE, "name", "\"%.160s\" is no name: 1 to %d bytes of text are needed",
                     blanks ? "" : name, SHED_PERSON_NAME - 1);
  }
  for (size_t i = 0; i < n; i++) {
    if ((unsigned char)name[i] < ' ' || name[i] == 0x7f) {
      return shed_fail(err, SHED_E_RANGE, "name", "has a control character at byte %zu", i + 1);
    }
  }
  if (shed_uuid_parse(name, &id) == SHED_OK) {
    return shed_fail(err, SHED_E_RANGE, "name", "\"%s\" looks like an id, not like a name", name);
  }
  return SHED_OK;
}

// The first person of that name, and how many there are.
static shed_status
named(shed_store *s, shed_role role, const char *name, shed_person *out, size_t *n, shed_str *ids)
{
  bool          row  = true;
  sqlite3_stmt *find = shed_db_get(&s->db, SHED_SQL_PERSON_NAMED);
  shed_status   st   = SHED_OK;
  shed_db_bind_text(find, 1, name);
  shed_db_bind_text(find, 2, stored_role(role));
  *n = 0;
  while ((st = shed_db_next(&s->db, find, &row)) == SHED_OK && row) {
    shed_person p = person_of(find);
    if (++*n == 1) {
      *out = p;
    }
    shed_str_addf(ids, "%s%s", *n > 1 ? ", " : "", p.id.text);
  }
  return st;
}

static shed_status
put_person(shed_store *s, const shed_person *p, int64_t changed_at_ms)
{
  sqlite3_stmt *put = shed_db_get(&s->db, SHED_SQL_PERSON_PUT);
  shed_db_bind_id(put, 1, &p->id);
  shed_db_bind_text(put, 2, shed_role_name(p->role));
  shed_db_bind_text(put, 3, p->name);
  shed_db_bind_int(put, 4, changed_at_ms);
  return shed_db_run(&s->db, put);
}

// SHED_E_EXISTS when somebody else has that name.
static shed_status
check_free(shed_store *s, const char *name, const shed_uuid *but)
{
  shed_person p   = {.role = SHED_ROLE_ANY};
  size_t      n   = 0;
  shed_str    ids = {.alloc = s->alloc};
  shed_status st  = named(s, SHED_ROLE_ANY, name, &p, &n, &ids);
  shed_str_free(&ids);
  if (st == SHED_OK && n && !(but && n == 1 && shed_uuid_equal(&p.id, but))) {
    return shed_db_fail(&s->db, SHED_E_EXISTS, "there is a %s called \"%s\" already", shed_role_name(p.role),
                        p.name);
  }
  return st;
}

static shed_status
add(shed_store *s, shed_role role, const char *name, shed_person *out)
{
  int64_t     now  = s->clock->wall_ms(s->clock->ctx);
  shed_json  *body = shed_json_object();
  shed_person p    = {.id = shed_uuid_new(s->clock), .role = role};
  shed_status st   = check_free(s, name, NULL);
  (void)snprintf(p.name, sizeof(p.name), "%s", name);
  shed_json_set_str(body, "role", shed_role_name(role));
  if (st == SHED_OK) {
    shed_draft draft = {.kind            = shed_kind_person_added.name,
                        .performed_at_ms = now,
                        .utc_offset_min  = s->clock->utc_offset_min(s->clock->ctx, now),
                        .subject         = &p.id,
                        .body            = body};
    st               = shed_journal_append(s, &draft, NULL);
  }
  shed_json_free(body);
  if (st == SHED_OK) {
    st = put_person(s, &p, now);
  }
  if (st == SHED_OK) {
    *out = p;
  }
  return st;
}

shed_status
shed_store_add_person(shed_store *s, shed_role role, const char *name, shed_person *out, shed_error *err)
{
  shed_person p  = {.role = SHED_ROLE_ANY};
  shed_status st = check_name(name, err);
  if (st != SHED_OK) {
    return st;
  }
  SHED_ASSERT(role == SHED_ROLE_STUDENT || role == SHED_ROLE_TEACHER);
  st = shed_act_begin(s);
  if (st == SHED_OK) {
    st = add(s, role, name, &p);
  }
  st = shed_act_end(s, st, err);
  if (st == SHED_OK) {
    *out = p;
  }
  return st;
}

static shed_status
by_id(shed_store *s, const shed_uuid *id, shed_person *out, bool *found)
{
  sqlite3_stmt *get = shed_db_get(&s->db, SHED_SQL_PERSON_GET);
  shed_db_bind_id(get, 1, id);
  shed_status st = shed_db_next(&s->db, get, found);
  if (st == SHED_OK && *found) {
    *out = person_of(get);
    (void)sqlite3_reset(get);
  }
  return st;
}

shed_status
shed_store_rename_person(shed_store *s, const shed_uuid *id, const char *name, shed_error *err)
{
  bool        found = false;
  shed_person p     = {.role = SHED_ROLE_ANY};
  shed_status st    = check_name(name, err);
  if (st != SHED_OK) {
    return st;
  }
  st = shed_act_begin(s);
  if (st == SHED_OK) {
    st = by_id(s, id, &p, &found);
  }
  if (st == SHED_OK && !found) {
    st = shed_db_fail(&s->db, SHED_E_NOTFOUND, "there is nobody with the id %s", id->text);
  }
  if (st == SHED_OK) {
    st = check_free(s, name, id);
  }
  if (st == SHED_OK) {
    sqlite3_stmt *put = shed_db_get(&s->db, SHED_SQL_PERSON_RENAME);
    shed_db_bind_id(put, 1, id);
    shed_db_bind_text(put, 2, name);
    shed_db_bind_int(put, 3, s->clock->wall_ms(s->clock->ctx));
    st = shed_db_run(&s->db, put);
  }
  return shed_act_end(s, st, err);
}

// -- finding -------------------------------------------------------------------------------------------------------------

// "Ada, Ben, ..." for the message that nobody of a name is there.
static shed_status
list_some(shed_store *s, shed_role role, shed_str *names)
{
  bool          row  = true;
  int           n    = 0;
  sqlite3_stmt *list = shed_db_get(&s->db, SHED_SQL_PERSON_LIST_AGAIN);
  shed_status   st   = SHED_OK;
  shed_db_bind_text(list, 1, stored_role(role));
  while ((st = shed_db_next(&s->db, list, &row)) == SHED_OK && row && n < LISTED_MOST) {
    shed_str_addf(names, "%s%s", n++ ? ", " : "", shed_db_text(list, 2));
  }
  if (row && st == SHED_OK) {
    shed_str_add(names, ", ...");
    (void)sqlite3_reset(list);
  }
  return st;
}

static shed_status
not_found(shed_store *s, shed_role role, const char *name, shed_error *err)
{
  shed_str    names = {.alloc = s->alloc};
  shed_status st    = list_some(s, role, &names);
  if (st == SHED_OK) {
    st = shed_fail(err, SHED_E_NOTFOUND, s->path, "there is no %s called \"%.160s\"%s%.200s%s",
                   shed_role_name(role), name, names.len ? " (there are: " : "; nobody is in the store yet",
                   shed_str_text(&names), names.len ? ")" : "");
  }
  shed_str_free(&names);
  return st;
}

shed_status
shed_store_find_person(shed_store *s, shed_role role, const char *name_or_uuid, shed_person *out,
                       shed_error *err)
{
  shed_uuid   id;
  shed_person p     = {.role = SHED_ROLE_ANY};
  shed_str    ids   = {.alloc = s->alloc};
  size_t      n     = 0;
  bool        found = false;
  shed_status st;
  shed_db_forgive(&s->db);
  if (shed_uuid_parse(name_or_uuid, &id) == SHED_OK) {
    st = by_id(s, &id, &p, &found);
    n  = st == SHED_OK && found && (role == SHED_ROLE_ANY || p.role == role);
  } else {
    st = named(s, role, name_or_uuid, &p, &n, &ids);
  }
  if (st == SHED_OK && n == 0) {
    st = not_found(s, role, name_or_uuid, err);
  } else if (st == SHED_OK && n > 1) {
    st = shed_fail(err, SHED_E_STATE, s->path, "%zu people are called \"%.160s\"; say which by id: %s", n,
                   name_or_uuid, shed_str_text(&ids));
  }
  shed_str_free(&ids);
  if (st == SHED_OK) {
    *out = p;
  }
  return shed_db_tell(&s->db, st, err);
}

typedef struct {
  bool (*each)(void *ctx, const shed_person *p);
  void *ctx;
} person_walk;

static bool
take_person_walk(void *walk, sqlite3_stmt *row)
{
  const person_walk *w = walk;
  shed_person        p = person_of(row);
  return w->each(w->ctx, &p);
}

shed_status
shed_store_each_person(shed_store *s, shed_role role, bool (*each)(void *ctx, const shed_person *p),
                       void *ctx, shed_error *err)
{
  shed_db_forgive(&s->db);
  sqlite3_stmt *list = shed_db_get(&s->db, SHED_SQL_PERSON_LIST);
  shed_db_bind_text(list, 1, stored_role(role));
  return shed_db_each(&s->db, list, take_person_walk, &(person_walk){each, ctx}, err);
}

// -- courses -------------------------------------------------------------------------------------------------------------

static shed_status
enrol(shed_store *s, const shed_uuid *actor, const shed_uuid *student, const char *course)
{
  bool          found = false;
  shed_person   p     = {.role = SHED_ROLE_ANY};
  int64_t       now   = s->clock->wall_ms(s->clock->ctx);
  shed_status   st    = by_id(s, student, &p, &found);
  sqlite3_stmt *has;
  if (st != SHED_OK || !found) {
    return st != SHED_OK
               ? st
               : shed_db_fail(&s->db, SHED_E_NOTFOUND, "there is nobody with the id %s", student->text);
  }
  has = shed_db_get(&s->db, SHED_SQL_COURSE_HAS);
  shed_db_bind_id(has, 1, student);
  shed_db_bind_text(has, 2, course);
  st = shed_db_next(&s->db, has, &found);
  if (has) {
    (void)sqlite3_reset(has);
  }
  if (st != SHED_OK || found) {
    return st;
  }
  shed_json *body = shed_json_object();
  shed_json_set_str(body, "course", course);
  shed_draft draft = {.kind            = shed_kind_person_enrolled.name,
                      .performed_at_ms = now,
                      .utc_offset_min  = s->clock->utc_offset_min(s->clock->ctx, now),
                      .actor           = actor,
                      .subject         = student,
                      .body            = body};
  st               = shed_journal_append(s, &draft, NULL);
  shed_json_free(body);
  return st;
}

shed_status
shed_store_enrol(shed_store *s, const shed_uuid *actor, const shed_uuid *student, const char *course,
                 shed_error *err)
{
  shed_status st = shed_act_begin(s);
  if (st == SHED_OK) {
    st = enrol(s, actor, student, course);
  }
  return shed_act_end(s, st, err);
}

shed_status
shed_store_each_course(shed_store *s, const shed_uuid *student, bool (*each)(void *ctx, const char *course),
                       void *ctx, shed_error *err)
{
  return shed_db_each_text(&s->db, SHED_SQL_COURSE_LIST, student, each, ctx, err);
}
