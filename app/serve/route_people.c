// About this file: the routes of a class: students, sign-in slips, staff. Desk threads.
#include "app/serve/route.h"
#include "app/serve/routes.h"
#include "app/serve/secret.h"

#include <stdio.h>
#include <string.h>

enum { STUDENTS_MOST = 400, LIST_BYTES = 20000, TRIES = 1000 };

// -- lists -------------------------------------------------------------------------------------------------------------

typedef struct {
  shed_call  *c;
  shed_json  *list;
  bool        staff;
  shed_status st;
  shed_error *err;
} listing;

static void
put_time(shed_json *o, const char *key, const shed_clock *clock, int64_t at_ms)
{
  char at[40];
  if (at_ms) {
    shed_time_format(at, sizeof(at), at_ms, clock->utc_offset_min(clock->ctx, at_ms));
  }
  shed_json_set_str(o, key, at_ms ? at : NULL);
}

static bool
list_staff(void *ctx, const shed_account *a)
{
  listing   *l = ctx;
  shed_json *o = shed_json_object();
  shed_json_set_str(o, "id", a->person.text);
  shed_json_set_str(o, "name", a->name);
  shed_json_set_str(o, "login", a->login);
  shed_json_set(o, "roles", shed_roles_to_json(a->roles));
  shed_json_add(l->list, o);
  return true;
}

shed_status
route_staff(shed_call *c, shed_error *err)
{
  listing     l  = {.c = c, .list = shed_json_array()};
  shed_status st = shed_store_each_account(c->store, SHED_ROUTE_STAFF, list_staff, &l, err);
  if (st != SHED_OK) {
    shed_json_free(l.list);
    return st;
  }
  shed_answer_json(c->out, l.list);
  return SHED_OK;
}

typedef struct {
  shed_person *people;
  size_t       n, cap;
  shed_status  st;
} crowd;

static bool
gather(void *ctx, const shed_person *p)
{
  crowd *c = ctx;
  c->st    = shed_grow(NULL, (void **)&c->people, &c->cap, c->n, sizeof(*c->people));
  if (c->st == SHED_OK) {
    c->people[c->n++] = *p;
  }
  return c->st == SHED_OK;
}

static shed_status
student_json(shed_call *c, const shed_person *p, shed_json *list, shed_error *err)
{
  shed_account a        = {.roles = 0};
  shed_json   *settings = NULL;
  shed_status  st       = shed_store_account_of(c->store, &p->id, &a, err);
  if (st != SHED_OK && st != SHED_E_NOTFOUND) {
    return st;
  }
  if ((st = shed_settings_read(c->store, &p->id, &settings, err)) != SHED_OK) {
    return st;
  }
  shed_json *o = shed_json_object();
  shed_json_set_str(o, "id", p->id.text);
  shed_json_set_str(o, "name", p->name);
  shed_json_set_str(o, "login", a.roles ? a.login : NULL);
  shed_json_set_str(o, "instrument", shed_json_text(shed_json_get(settings, "instrument")));
  put_time(o, "last_seen", c->room->clock, a.seen_at_ms);
  shed_json_free(settings);
  shed_json_add(list, o);
  return SHED_OK;
}

shed_status
route_students(shed_call *c, shed_error *err)
{
  crowd       all  = {.st = SHED_OK};
  shed_json  *list = shed_json_array();
  shed_status st   = shed_store_each_person(c->store, SHED_ROLE_STUDENT, gather, &all, err);
  st               = st == SHED_OK ? all.st : st;
  for (size_t i = 0; i < all.n && st == SHED_OK; i++) {
    st = student_json(c, &all.people[i], list, err);
  }
  shed_free(NULL, all.people);
  if (st != SHED_OK) {
    shed_json_free(list);
    return st;
  }
  shed_answer_json(c->out, list);
  return SHED_OK;
}

// -- slips -------------------------------------------------------------------------------------------------------------

static void
add_slip(shed_json *slips, const shed_account *a, const char *password)
{
  shed_json *o = shed_json_object();
  shed_json_set_str(o, "id", a->person.text);
  shed_json_set_str(o, "name", a->name);
  shed_json_set_str(o, "login", a->login);
  shed_json_set_str(o, "password", password);
  shed_json_set_bool(o, "fresh", password != NULL);
  shed_json_add(slips, o);
}

static void
answer_slips(shed_call *c, shed_json *slips)
{
  shed_json *o = shed_json_object();
  shed_json_set_str(o, "address", c->room->addresses[0]);
  shed_json_set(o, "slips", slips);
  shed_answer_json(c->out, o);
}

// "zoe.angstrom", and where somebody has that "zoe.angstrom2".
static shed_status
free_login(shed_store *store, const char *name, char *out, size_t size, shed_error *err)
{
  char         base[SHED_ACCOUNT_LOGIN];
  shed_account other;
  shed_login_make(name, base);
  for (int i = 1; i < TRIES; i++) {
    if (i == 1) {
      (void)snprintf(out, size, "%s", base);
    } else {
      (void)snprintf(out, size, "%.30s%d", base, i);
    }
    shed_status st = shed_store_account_named(store, out, &other, err);
    if (st == SHED_E_NOTFOUND) {
      return SHED_OK;
    }
    if (st != SHED_OK) {
      return st;
    }
  }
  return shed_fail(err, SHED_E_EXISTS, name, "too many are called so");
}

static shed_status
put_instrument(shed_call *c, const shed_uuid *person, const char *instrument, shed_error *err)
{
  shed_json  *settings = NULL;
  shed_str    text     = {0};
  shed_status st       = shed_settings_read(c->store, person, &settings, err);
  if (st == SHED_OK) {
    shed_json_set_str(settings, "instrument", instrument);
    shed_json_write(settings, SHED_JSON_LINE, &text);
    st = shed_store_settings_put(c->store, person, shed_str_text(&text), err);
  }
  shed_str_free(&text);
  shed_json_free(settings);
  return st;
}

// One name of the list: the student, new or known, with an account.
static shed_status
add_student(shed_call *c, const char *name, const char *instrument, shed_json *slips, shed_error *err)
{
  char         password[SHED_SLIP_PASSWORD];
  shed_person  p;
  shed_account a  = {.roles = SHED_ACCOUNT_STUDENT};
  shed_status  st = shed_store_find_person(c->store, SHED_ROLE_STUDENT, name, &p, err);
  if (st == SHED_OK && shed_store_account_of(c->store, &p.id, &a, NULL) == SHED_OK) {
    add_slip(slips, &a, NULL);
    return SHED_OK;
  }
  if (st != SHED_OK && st != SHED_E_NOTFOUND) {
    return st;
  }
  a.roles = SHED_ACCOUNT_STUDENT;
  shed_secret_slip(password);
  if ((st = free_login(c->store, name, a.login, sizeof(a.login), err)) == SHED_OK &&
      (st = shed_secret_make(password, a.secret, sizeof(a.secret))) == SHED_OK &&
      (st = shed_account_begin(c, name, SHED_ROLE_STUDENT, &a, err)) == SHED_OK && instrument[0]) {
    st = put_instrument(c, &a.person, instrument, err);
  }
  if (st == SHED_OK) {
    add_slip(slips, &a, password);
  }
  return st;
}

static void
trim(char *text)
{
  size_t n = strlen(text);
  while (n > 0 && strchr(" \t\r\"", text[n - 1])) {
    text[--n] = '\0';
  }
  size_t skip = strspn(text, " \t\"");
  memmove(text, text + skip, n - (skip < n ? skip : n) + 1);
}

// "Name<TAB>instrument": what stands behind a tab, comma or semicolon.
static shed_status
read_line(const char *line, size_t n, const char *otherwise, char *name, char *instrument, size_t size,
          shed_error *err)
{
  shed_profile profile;
  size_t       cut = 0;
  (void)snprintf(name, size, "%.*s", (int)n, line);
  instrument[0] = '\0';
  cut           = strcspn(name, "\t,;");
  if (name[cut]) {
    (void)snprintf(instrument, size, "%s", name + cut + 1);
    name[cut]                               = '\0';
    instrument[strcspn(instrument, "\t,;")] = '\0';
  }
  trim(name);
  trim(instrument);
  if (!instrument[0]) {
    (void)snprintf(instrument, size, "%s", otherwise);
  }
  if (!instrument[0]) {
    return SHED_OK;
  }
  shed_status st = shed_profile_find(instrument, &profile, NULL);
  if (st != SHED_OK) {
    return shed_fail(err, SHED_E_RANGE, name, "\"%.60s\" is no instrument or voice that is known",
                     instrument);
  }
  (void)snprintf(instrument, size, "%s", profile.id);
  return SHED_OK;
}

// Goes through the list; with @p slips NULL it only checks, so that a list with a fault makes nobody.
static shed_status
each_line(shed_call *c, const char *text, const char *otherwise, shed_json *slips, shed_error *err)
{
  int         people = 0;
  shed_status st     = SHED_OK;
  for (const char *p = text; *p && st == SHED_OK;) {
    char   name[SHED_PERSON_NAME + 80];
    char   instrument[SHED_PERSON_NAME + 80];
    size_t n = strcspn(p, "\n");
    if (n >= sizeof(name)) {
      return shed_fail(err, SHED_E_RANGE, "text", "a line is longer than a name: \"%.40s...\"", p);
    }
    st = read_line(p, n, otherwise, name, instrument, sizeof(name), err);
    p += n + (p[n] == '\n');
    if (st != SHED_OK || !name[0]) {
      continue;
    }
    if (++people > STUDENTS_MOST) {
      return shed_fail(err, SHED_E_LIMIT, "text", "has more than %d names", STUDENTS_MOST);
    }
    if (strlen(name) >= SHED_PERSON_NAME || !shed_utf8_valid(name, strlen(name))) {
      return shed_fail(err, SHED_E_RANGE, "text", "\"%.40s\" is no name", name);
    }
    st = slips ? add_student(c, name, instrument, slips, err) : SHED_OK;
  }
  return st == SHED_OK && people == 0 ? shed_fail(err, SHED_E_RANGE, "text", "has no names in it") : st;
}

shed_status
route_students_add(shed_call *c, shed_error *err)
{
  const char *text       = NULL;
  const char *instrument = "";
  shed_status st         = shed_json_read_str(c->body, "text", false, LIST_BYTES, &text, err);
  if (st == SHED_OK) {
    st = shed_json_read_str(c->body, "instrument", true, 80, &instrument, err);
  }
  if (st == SHED_OK) {
    st = each_line(c, text, instrument, NULL, err);
  }
  if (st != SHED_OK) {
    return st;
  }
  shed_json *slips = shed_json_array();
  if ((st = each_line(c, text, instrument, slips, err)) != SHED_OK) {
    shed_json_free(slips);
    return st;
  }
  answer_slips(c, slips);
  return SHED_OK;
}

static shed_status
new_slip(shed_call *c, const shed_uuid *person, shed_json *slips, shed_error *err)
{
  char              password[SHED_SLIP_PASSWORD];
  char              secret[SHED_ACCOUNT_SECRET];
  const shed_sha256 none = {{0}};
  shed_account      a    = {.roles = 0};
  shed_status       st   = shed_store_account_of(c->store, person, &a, err);
  if (st == SHED_OK && a.roles != SHED_ACCOUNT_STUDENT) {
    return shed_fail(err, SHED_E_DENIED, "students", "%s is no student", a.name);
  }
  shed_secret_slip(password);
  if (st == SHED_OK && (st = shed_secret_make(password, secret, sizeof(secret))) == SHED_OK &&
      (st = shed_store_account_secret(c->store, person, secret, err)) == SHED_OK) {
    st = shed_signins_drop_of(c->room->signins, c->store, person, &none, err);
  }
  if (st == SHED_OK) {
    add_slip(slips, &a, password);
  }
  return st;
}

shed_status
route_slips(shed_call *c, shed_error *err)
{
  const shed_json *students = shed_json_get(c->body, "students");
  shed_status      st       = SHED_OK;
  if (!shed_json_is_array(students) || shed_json_size(students) == 0 ||
      shed_json_size(students) > STUDENTS_MOST) {
    return shed_fail(err, SHED_E_FORMAT, "students", "is a list of 1 to %d ids", STUDENTS_MOST);
  }
  shed_json *slips = shed_json_array();
  for (size_t i = 0; i < shed_json_size(students) && st == SHED_OK; i++) {
    shed_uuid   id;
    const char *text = shed_json_text(shed_json_at(students, i));
    st               = text && shed_uuid_parse(text, &id) == SHED_OK
                           ? new_slip(c, &id, slips, err)
                           : shed_fail(err, SHED_E_FORMAT, "students", "\"%.60s\" is no id", text ? text : "");
  }
  if (st != SHED_OK) {
    shed_json_free(slips);
    return st;
  }
  answer_slips(c, slips);
  return SHED_OK;
}

// -- staff -------------------------------------------------------------------------------------------------------------

static shed_status
read_roles(const shed_json *body, unsigned *out, shed_error *err)
{
  const shed_json *roles = shed_json_get(body, "roles");
  *out                   = 0;
  for (size_t i = 0; i < shed_json_size(roles); i++) {
    const char *name = shed_json_text(shed_json_at(roles, i));
    if (name && strcmp(name, "teacher") == 0) {
      *out |= SHED_ACCOUNT_TEACHER;
    } else if (name && strcmp(name, "admin") == 0) {
      *out |= SHED_ACCOUNT_ADMIN;
    } else {
      return shed_fail(err, SHED_E_FORMAT, "roles", "are teacher and admin, or one of them");
    }
  }
  return *out ? SHED_OK : shed_fail(err, SHED_E_FORMAT, "roles", "are teacher and admin, or one of them");
}

shed_status
route_staff_add(shed_call *c, shed_error *err)
{
  char         password[SHED_SLIP_PASSWORD];
  const char  *name = NULL;
  const char  *login;
  shed_account a  = {.roles = 0};
  shed_status  st = shed_json_read_str(c->body, "name", false, SHED_PERSON_NAME - 1, &name, err);
  if (st == SHED_OK && (st = shed_login_read(c->body, "login", &login, err)) == SHED_OK &&
      (st = read_roles(c->body, &a.roles, err)) == SHED_OK) {
    (void)snprintf(a.login, sizeof(a.login), "%s", login);
    shed_secret_slip(password);
    st = shed_secret_make(password, a.secret, sizeof(a.secret));
  }
  if (st == SHED_OK) {
    st = shed_account_begin(c, name, SHED_ROLE_TEACHER, &a, err);
  }
  if (st == SHED_OK) {
    shed_json *slips = shed_json_array();
    add_slip(slips, &a, password);
    answer_slips(c, slips);
  }
  return st;
}
