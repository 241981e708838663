// About this file: the routes of signing in and of what a person chose. Desk threads.
#include "app/serve/room.h"
#include "app/serve/route.h"
#include "app/serve/routes.h"
#include "app/serve/secret.h"

#include <stdio.h>
#include <string.h>

enum { LOGIN_MOST = 160, PASSWORD_MOST = 200, PASSWORD_LEAST = 8, PAGE_MOST = 8192 };

static const unsigned char schema[] = {
#include "app/serve/api_schema.inc"
};

// -- what the server is ------------------------------------------------------------------------------------------------

static bool
any_account(void *ctx, const shed_account *a)
{
  (void)a;
  *(bool *)ctx = true;
  return false;
}

static shed_status
has_account(shed_call *c, bool *has, shed_error *err)
{
  *has = false;
  return shed_store_each_account(c->store, SHED_ACCOUNT_ROLES, any_account, has, err);
}

shed_status
route_hello(shed_call *c, shed_error *err)
{
  bool        has = false;
  shed_status st  = has_account(c, &has, err);
  if (st != SHED_OK) {
    return st;
  }
  shed_json *o = shed_json_object();
  shed_json_set_str(o, "name", "woodshed");
  shed_json_set_str(o, "version", SHED_VERSION);
  shed_json_set_bool(o, "first_run", !has);
  shed_json_set_bool(o, "needs_code", !has && !c->req->local);
  shed_json_set_bool(o, "secure", c->req->tls || c->req->local);
  shed_json_set_str(o, "room", c->room->title);
  shed_answer_json(c->out, o);
  return SHED_OK;
}

shed_status
route_routes(shed_call *c, shed_error *err)
{
  shed_json *list = shed_json_array();
  (void)err;
  for (size_t i = 0; i < shed_route_count(); i++) {
    const shed_route *r     = shed_route_at(i);
    shed_json        *o     = shed_json_object();
    shed_json        *roles = r->roles & SHED_ROUTE_NOBODY ? shed_json_array() : shed_roles_to_json(r->roles);
    if (r->roles & SHED_ROUTE_NOBODY) {
      shed_json_add(roles, shed_json_string("anyone"));
    }
    shed_json_set_str(o, "name", r->name);
    shed_json_set_str(o, "method", shed_http_method_name(r->method));
    shed_json_set_str(o, "path", r->path);
    shed_json_set(o, "roles", roles);
    shed_json_set_str(o, "body", r->body[0] ? r->body : NULL);
    shed_json_set_str(o, "answer", r->answer);
    shed_json_set_str(o, "what", r->what);
    shed_json_add(list, o);
  }
  shed_answer_json(c->out, list);
  return SHED_OK;
}

shed_status
route_schema(shed_call *c, shed_error *err)
{
  (void)err;
  c->out->type = "application/schema+json";
  shed_str_addn(&c->out->body, (const char *)schema, sizeof(schema));
  return SHED_OK;
}

// -- who is signed in --------------------------------------------------------------------------------------------------

static shed_status
answer_me(shed_call *c, const shed_who *who, shed_error *err)
{
  shed_json  *settings = NULL;
  shed_status st       = shed_settings_read(c->store, &who->person, &settings, err);
  if (st != SHED_OK) {
    return st;
  }
  shed_json *o = shed_json_object();
  shed_json_set_str(o, "id", who->person.text);
  shed_json_set_str(o, "name", who->name);
  shed_json_set_str(o, "login", who->login);
  shed_json_set(o, "roles", shed_roles_to_json(who->roles));
  shed_json_set_str(o, "csrf", who->csrf);
  shed_json_set(o, "settings", settings);
  shed_answer_json(c->out, o);
  return SHED_OK;
}

static void
set_cookie(shed_call *c, const char *value, bool ends)
{
  (void)snprintf(c->out->cookie, sizeof(c->out->cookie), "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s",
                 SHED_SIGNIN_COOKIE_NAME, value, c->req->tls ? "; Secure" : "",
                 ends ? "; Max-Age=0" : "; Max-Age=2592000");
}

static shed_status
sign_in(shed_call *c, const shed_account *a, shed_error *err)
{
  char        cookie[SHED_SIGNIN_COOKIE];
  shed_who    who;
  shed_status st = shed_signins_add(c->room->signins, c->store, a, cookie, &who, err);
  if (st == SHED_OK) {
    int64_t now = c->room->clock->wall_ms(c->room->clock->ctx);
    st          = shed_store_account_seen(c->store, &a->person, now, err);
  }
  if (st == SHED_OK && (st = answer_me(c, &who, err)) == SHED_OK) {
    set_cookie(c, cookie, false);
  }
  return st;
}

static shed_status
read_new_password(const shed_json *body, const char *key, const char **out, shed_error *err)
{
  shed_status st = shed_json_read_str(body, key, false, PASSWORD_MOST, out, err);
  if (st == SHED_OK && strlen(*out) < PASSWORD_LEAST) {
    return shed_fail(err, SHED_E_RANGE, key, "a password has %d letters or more", PASSWORD_LEAST);
  }
  return st;
}

static shed_status
check_first_code(shed_call *c, shed_error *err)
{
  const char *code = "";
  if (c->req->local) {
    return SHED_OK;
  }
  shed_status st = shed_json_read_str(c->body, "code", true, 20, &code, err);
  if (st != SHED_OK) {
    return st;
  }
  if (shed_throttle_wait_s(c->room->throttle, "first run", c->req->peer) > 0 || !c->room->first_code[0] ||
      !shed_secret_equal(code, c->room->first_code)) {
    return shed_fail(err, SHED_E_DENIED, "code", "type the code that the server printed when it started");
  }
  return SHED_OK;
}

static shed_status
first_run(shed_call *c, shed_error *err)
{
  const char  *name = NULL;
  const char  *login;
  const char  *password;
  bool         has = false;
  shed_account a   = {.roles = SHED_ACCOUNT_TEACHER | SHED_ACCOUNT_ADMIN};
  shed_status  st  = has_account(c, &has, err);
  if (st == SHED_OK && has) {
    return shed_fail(err, SHED_E_STATE, NULL, "the first teacher is there already; sign in");
  }
  if (st == SHED_OK &&
      (st = shed_json_read_str(c->body, "name", false, SHED_PERSON_NAME - 1, &name, err)) == SHED_OK &&
      (st = shed_login_read(c->body, "login", &login, err)) == SHED_OK &&
      (st = read_new_password(c->body, "password", &password, err)) == SHED_OK &&
      (st = check_first_code(c, err)) == SHED_OK) {
    (void)snprintf(a.login, sizeof(a.login), "%s", login);
    st = shed_secret_make(password, a.secret, sizeof(a.secret));
  }
  return st == SHED_OK && (st = shed_account_begin(c, name, SHED_ROLE_TEACHER, &a, err)) == SHED_OK
             ? sign_in(c, &a, err)
             : st;
}

shed_status
route_first_run(shed_call *c, shed_error *err)
{
  (void)pthread_mutex_lock(&c->room->first_run);
  shed_status st = first_run(c, err);
  (void)pthread_mutex_unlock(&c->room->first_run);
  return st;
}

shed_status
route_login(shed_call *c, shed_error *err)
{
  const char  *login = NULL;
  const char  *password;
  shed_account a  = {.roles = 0};
  shed_status  st = shed_json_read_str(c->body, "login", false, LOGIN_MOST, &login, err);
  if (st == SHED_OK) {
    st = shed_json_read_str(c->body, "password", false, PASSWORD_MOST, &password, err);
  }
  if (st != SHED_OK) {
    return st;
  }
  int wait_s = shed_throttle_wait_s(c->room->throttle, login, c->req->peer);
  if (wait_s > 0) {
    shed_answer_error(c->out, 429, "slow_down", NULL,
                      "that was wrong too often; wait a moment, then try again", wait_s);
    return SHED_OK;
  }
  st = shed_store_account_named(c->store, login, &a, err);
  if (st != SHED_OK && st != SHED_E_NOTFOUND) {
    return st;
  }
  if (!shed_secret_fits(st == SHED_OK ? a.secret : "", password)) {
    shed_room_refuse(c->room, &c->who, "a wrong password for \"%.40s\" from %s", login, c->req->peer);
    shed_answer_error(c->out, 401, "wrong_password", NULL, "name and password do not belong together", 0);
    return SHED_OK;
  }
  shed_throttle_right(c->room->throttle, login, c->req->peer);
  return sign_in(c, &a, err);
}

static void
answer_done(shed_call *c)
{
  shed_json *o = shed_json_object();
  shed_json_set_bool(o, "done", true);
  shed_answer_json(c->out, o);
}

shed_status
route_logout(shed_call *c, shed_error *err)
{
  shed_status st = shed_signins_drop(c->room->signins, c->store, &c->who.token, err);
  if (st == SHED_OK) {
    answer_done(c);
    set_cookie(c, "", true);
  }
  return st;
}

shed_status
route_me(shed_call *c, shed_error *err)
{
  return answer_me(c, &c->who, err);
}

shed_status
route_password(shed_call *c, shed_error *err)
{
  const char  *old_one = NULL;
  const char  *new_one;
  shed_account a = {.roles = 0};
  char         secret[SHED_ACCOUNT_SECRET];
  shed_status  st = shed_json_read_str(c->body, "old", false, PASSWORD_MOST, &old_one, err);
  if (st == SHED_OK && (st = read_new_password(c->body, "new", &new_one, err)) == SHED_OK) {
    st = shed_store_account_of(c->store, &c->who.person, &a, err);
  }
  if (st != SHED_OK) {
    return st;
  }
  int wait_s = shed_throttle_wait_s(c->room->throttle, c->who.login, c->req->peer);
  if (wait_s > 0) {
    shed_answer_error(c->out, 429, "slow_down", NULL,
                      "that was wrong too often; wait a moment, then try again", wait_s);
    return SHED_OK;
  }
  if (!shed_secret_fits(a.secret, old_one)) {
    shed_answer_error(c->out, 401, "wrong_password", "old", "that is not your password", 0);
    return SHED_OK;
  }
  shed_throttle_right(c->room->throttle, c->who.login, c->req->peer);
  st = shed_secret_make(new_one, secret, sizeof(secret));
  if (st == SHED_OK && (st = shed_store_account_secret(c->store, &c->who.person, secret, err)) == SHED_OK) {
    st = shed_signins_drop_of(c->room->signins, c->store, &c->who.person, &c->who.token, err);
  }
  if (st == SHED_OK) {
    answer_done(c);
  }
  return st;
}

// -- settings ----------------------------------------------------------------------------------------------------------

static size_t
length_of(const shed_json *v)
{
  shed_str text = {0};
  shed_json_write(v, SHED_JSON_LINE, &text);
  size_t n = text.len;
  shed_str_free(&text);
  return n;
}

static shed_status
merge_settings(const shed_json *body, shed_json *settings, shed_error *err)
{
  const char      *instrument = NULL;
  int64_t          level      = 0;
  shed_profile     profile;
  const shed_json *page = shed_json_get(body, "page");
  shed_status      st   = shed_json_read_str(body, "instrument", true, 64, &instrument, err);
  if (st == SHED_OK && instrument) {
    st = shed_profile_find(instrument, &profile, err);
    st = st == SHED_E_NOTFOUND
             ? shed_fail(err, SHED_E_RANGE, "instrument", "\"%.64s\" is none that is known", instrument)
             : st;
  }
  if (st == SHED_OK) {
    st = shed_json_read_int(body, "level", true, 1, SHED_LEVELS, &level, err);
  }
  if (st == SHED_OK && page && (!shed_json_is_object(page) || length_of(page) > PAGE_MOST)) {
    st = shed_fail(err, SHED_E_LIMIT, "page", "is an object of at most %d bytes", PAGE_MOST);
  }
  if (st != SHED_OK) {
    return st;
  }
  if (instrument) {
    shed_json_set_str(settings, "instrument", profile.id);
  } else if (shed_json_get(body, "instrument")) {
    shed_json_set_null(settings, "instrument");
  }
  if (level) {
    shed_json_set_int(settings, "level", level);
  }
  if (page) {
    shed_json_set(settings, "page", shed_json_copy(page));
  }
  return SHED_OK;
}

shed_status
route_settings(shed_call *c, shed_error *err)
{
  shed_json  *settings = NULL;
  shed_str    text     = {0};
  shed_status st       = shed_settings_read(c->store, &c->who.person, &settings, err);
  if (st == SHED_OK && (st = merge_settings(c->body, settings, err)) == SHED_OK) {
    shed_json_write(settings, SHED_JSON_LINE, &text);
    st = shed_store_settings_put(c->store, &c->who.person, shed_str_text(&text), err);
  }
  shed_str_free(&text);
  shed_json_free(settings);
  return st == SHED_OK ? answer_me(c, &c->who, err) : st;
}
