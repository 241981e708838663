#include "mastery/store/accounts.h"

#include "mastery/store/inside.h"

#include <stdio.h>
#include <string.h>

// Columns person, login, roles, secret, seen_at, name.
static shed_account
account_of(sqlite3_stmt *row)
{
  shed_account a = {.person     = shed_db_id(row, 0),
                    .roles      = (unsigned)sqlite3_column_int(row, 2) & SHED_ACCOUNT_ROLES,
                    .seen_at_ms = sqlite3_column_int64(row, 4)};
  (void)snprintf(a.login, sizeof(a.login), "%s", shed_db_text(row, 1));
  (void)snprintf(a.secret, sizeof(a.secret), "%s", shed_db_text(row, 3));
  (void)snprintf(a.name, sizeof(a.name), "%s", shed_db_text(row, 5));
  return a;
}

// The one row that a bound statement gives.
static shed_status
one_account(shed_store *s, sqlite3_stmt *get, shed_account *out, bool *found)
{
  shed_status st = shed_db_next(&s->db, get, found);
  if (st == SHED_OK && *found) {
    *out = account_of(get);
    (void)sqlite3_reset(get);
  }
  return st;
}

static shed_status
told(shed_store *s, shed_status st, bool found, const char *who, shed_error *err)
{
  if (st == SHED_OK && !found) {
    return shed_fail(err, SHED_E_NOTFOUND, s->path, "there is no account for \"%.100s\"", who);
  }
  return shed_db_tell(&s->db, st, err);
}

shed_status
shed_store_account_named(shed_store *s, const char *login, shed_account *out, shed_error *err)
{
  bool          found = false;
  sqlite3_stmt *get;
  shed_db_forgive(&s->db);
  get = shed_db_get(&s->db, SHED_SQL_ACCOUNT_NAMED);
  shed_db_bind_text(get, 1, login);
  shed_status st = one_account(s, get, out, &found);
  return told(s, st, found, login, err);
}

shed_status
shed_store_account_of(shed_store *s, const shed_uuid *person, shed_account *out, shed_error *err)
{
  bool          found = false;
  sqlite3_stmt *get;
  shed_db_forgive(&s->db);
  get = shed_db_get(&s->db, SHED_SQL_ACCOUNT_OF);
  shed_db_bind_id(get, 1, person);
  shed_status st = one_account(s, get, out, &found);
  return told(s, st, found, person->text, err);
}

static shed_status
add(shed_store *s, const shed_account *a)
{
  bool          found = false;
  shed_account  other;
  sqlite3_stmt *get = shed_db_get(&s->db, SHED_SQL_ACCOUNT_NAMED);
  shed_db_bind_text(get, 1, a->login);
  shed_status st = one_account(s, get, &other, &found);
  if (st == SHED_OK && found) {
    return shed_db_fail(&s->db, SHED_E_EXISTS, "somebody signs in as \"%s\" already", a->login);
  }
  if (st == SHED_OK) {
    get = shed_db_get(&s->db, SHED_SQL_ACCOUNT_OF);
    shed_db_bind_id(get, 1, &a->person);
    st = one_account(s, get, &other, &found);
  }
  if (st == SHED_OK && found) {
    return shed_db_fail(&s->db, SHED_E_EXISTS, "%s has an account already: \"%s\"", other.name, other.login);
  }
  if (st == SHED_OK && (st = shed_store_has(s, SHED_SQL_PERSON_GET, &a->person, &found)) == SHED_OK &&
      !found) {
    return shed_db_fail(&s->db, SHED_E_NOTFOUND, "there is nobody with the id \"%s\"", a->person.text);
  }
  if (st != SHED_OK) {
    return st;
  }
  sqlite3_stmt *put = shed_db_get(&s->db, SHED_SQL_ACCOUNT_PUT);
  shed_db_bind_id(put, 1, &a->person);
  shed_db_bind_text(put, 2, a->login);
  shed_db_bind_int(put, 3, (int64_t)a->roles);
  shed_db_bind_text(put, 4, a->secret);
  return shed_db_run(&s->db, put);
}

shed_status
shed_store_account_add(shed_store *s, const shed_account *a, shed_error *err)
{
  if (!a->login[0] || !(a->roles & SHED_ACCOUNT_ROLES)) {
    return shed_fail(err, SHED_E_RANGE, a->login[0] ? "roles" : "login", "is missing");
  }
  shed_status st = shed_act_begin(s);
  if (st == SHED_OK) {
    st = add(s, a);
  }
  return shed_act_end(s, st, err);
}

// Run one bound statement as an act of its own.
static shed_status
act(shed_store *s, shed_sql sql, void (*bind)(sqlite3_stmt *stmt, const void *what), const void *what,
    shed_error *err)
{
  shed_status st = shed_act_begin(s);
  if (st == SHED_OK) {
    sqlite3_stmt *stmt = shed_db_get(&s->db, sql);
    bind(stmt, what);
    st = shed_db_run(&s->db, stmt);
  }
  return shed_act_end(s, st, err);
}

// An id, a text and a number: what the short statements take, in this order.
typedef struct {
  const shed_uuid *person;
  const char      *text;
  int64_t          number;
} about;

static void
bind_person_text(sqlite3_stmt *stmt, const void *what)
{
  const about *a = what;
  shed_db_bind_id(stmt, 1, a->person);
  shed_db_bind_text(stmt, 2, a->text);
}

static void
bind_person_number(sqlite3_stmt *stmt, const void *what)
{
  const about *a = what;
  shed_db_bind_id(stmt, 1, a->person);
  shed_db_bind_int(stmt, 2, a->number);
}

shed_status
shed_store_account_secret(shed_store *s, const shed_uuid *person, const char *secret, shed_error *err)
{
  return act(s, SHED_SQL_ACCOUNT_SECRET, bind_person_text, &(about){person, secret, 0}, err);
}

shed_status
shed_store_account_seen(shed_store *s, const shed_uuid *person, int64_t at_ms, shed_error *err)
{
  return act(s, SHED_SQL_ACCOUNT_SEEN, bind_person_number, &(about){person, NULL, at_ms}, err);
}

typedef struct {
  bool (*each)(void *ctx, const shed_account *a);
  void *ctx;
} account_walk;

static bool
take_account_walk(void *walk, sqlite3_stmt *row)
{
  const account_walk *w = walk;
  shed_account        a = account_of(row);
  return w->each(w->ctx, &a);
}

shed_status
shed_store_each_account(shed_store *s, unsigned roles, bool (*each)(void *ctx, const shed_account *a),
                        void *ctx, shed_error *err)
{
  shed_db_forgive(&s->db);
  sqlite3_stmt *list = shed_db_get(&s->db, SHED_SQL_ACCOUNT_LIST);
  shed_db_bind_int(list, 1, (int64_t)roles);
  return shed_db_each(&s->db, list, take_account_walk, &(account_walk){each, ctx}, err);
}

shed_status
shed_store_settings(shed_store *s, const shed_uuid *person, shed_str *out, shed_error *err)
{
  bool          row = false;
  sqlite3_stmt *get;
  shed_db_forgive(&s->db);
  get = shed_db_get(&s->db, SHED_SQL_SETTINGS_GET);
  shed_db_bind_id(get, 1, person);
  shed_status st = shed_db_next(&s->db, get, &row);
  if (st == SHED_OK) {
    shed_str_add(out, row ? shed_db_text(get, 0) : "{}");
    (void)sqlite3_reset(get);
  }
  return shed_db_tell(&s->db, st, err);
}

shed_status
shed_store_settings_put(shed_store *s, const shed_uuid *person, const char *json, shed_error *err)
{
  if (strlen(json) > SHED_ACCOUNT_SETTINGS) {
    return shed_fail(err, SHED_E_LIMIT, "settings", "are %zu bytes, at most %d are kept", strlen(json),
                     SHED_ACCOUNT_SETTINGS);
  }
  return act(s, SHED_SQL_SETTINGS_PUT, bind_person_text, &(about){person, json, 0}, err);
}

// -- who is signed in ----------------------------------------------------------------------------------------------------

static void
bind_signin(sqlite3_stmt *stmt, const void *what)
{
  const shed_signin *in = what;
  shed_db_bind_hash(stmt, 1, &in->token);
  shed_db_bind_id(stmt, 2, &in->person);
  shed_db_bind_int(stmt, 3, in->begun_at_ms);
  shed_db_bind_int(stmt, 4, in->used_at_ms);
}

shed_status
shed_store_signin_put(shed_store *s, const shed_signin *in, shed_error *err)
{
  return act(s, SHED_SQL_SIGNIN_PUT, bind_signin, in, err);
}

shed_status
shed_store_signin_used(shed_store *s, const shed_signin *in, shed_error *err)
{
  return act(s, SHED_SQL_SIGNIN_USED, bind_signin, in, err);
}

static void
bind_token(sqlite3_stmt *stmt, const void *what)
{
  shed_db_bind_hash(stmt, 1, what);
}

shed_status
shed_store_signin_drop(shed_store *s, const shed_sha256 *token, shed_error *err)
{
  return act(s, SHED_SQL_SIGNIN_DROP, bind_token, token, err);
}

static void
bind_times(sqlite3_stmt *stmt, const void *what)
{
  const int64_t *times = what;
  shed_db_bind_int(stmt, 1, times[0]);
  shed_db_bind_int(stmt, 2, times[1]);
}

shed_status
shed_store_signin_expire(shed_store *s, int64_t before_ms, int64_t begun_before_ms, shed_error *err)
{
  const int64_t times[2] = {before_ms, begun_before_ms};
  return act(s, SHED_SQL_SIGNIN_EXPIRE, bind_times, times, err);
}

static void
bind_person_token(sqlite3_stmt *stmt, const void *what)
{
  const shed_signin *in = what;
  shed_db_bind_id(stmt, 1, &in->person);
  shed_db_bind_hash(stmt, 2, &in->token);
}

shed_status
shed_store_signin_drop_of(shed_store *s, const shed_uuid *person, const shed_sha256 *but, shed_error *err)
{
  const shed_signin in = {.person = *person, .token = *but};
  return act(s, SHED_SQL_SIGNIN_DROP_OF, bind_person_token, &in, err);
}

typedef struct {
  bool (*each)(void *ctx, const shed_signin *in);
  void *ctx;
} signin_walk;

static bool
take_signin_walk(void *walk, sqlite3_stmt *row)
{
  const signin_walk *w  = walk;
  shed_signin        in = {.token       = shed_db_hash(row, 0),
                           .person      = shed_db_id(row, 1),
                           .begun_at_ms = sqlite3_column_int64(row, 2),
                           .used_at_ms  = sqlite3_column_int64(row, 3)};
  return w->each(w->ctx, &in);
}

shed_status
shed_store_each_signin(shed_store *s, bool (*each)(void *ctx, const shed_signin *in), void *ctx,
                       shed_error *err)
{
  shed_db_forgive(&s->db);
  sqlite3_stmt *list = shed_db_get(&s->db, SHED_SQL_SIGNIN_LIST);
  return shed_db_each(&s->db, list, take_signin_walk, &(signin_walk){each, ctx}, err);
}
