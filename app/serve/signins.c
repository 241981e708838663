// About this file: the table of who is signed in. One mutex over a short list; held for a look or a copy, never over the store.
#include "app/serve/signins.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define HOUR_MS INT64_C(3600000)

static const int64_t unused_ms = 12 * HOUR_MS;
static const int64_t oldest_ms = 30 * 24 * HOUR_MS;

typedef struct {
  shed_signin in;
  unsigned    roles;
  char        name[SHED_PERSON_NAME];
  char        login[SHED_ACCOUNT_LOGIN];
} row;

struct shed_signins {
  // immutable after shed_signins_open()
  const shed_alloc *alloc;
  const shed_clock *clock;

  // under the mutex
  pthread_mutex_t mutex;
  row            *rows;
  size_t          n, cap;
  uint64_t        generation;
};

typedef struct {
  shed_signins *s;
  shed_status   st;
} loading;

static bool
load_row(void *ctx, const shed_signin *in)
{
  loading      *l = ctx;
  shed_signins *s = l->s;
  l->st           = shed_grow(s->alloc, (void **)&s->rows, &s->cap, s->n, sizeof(*s->rows));
  if (l->st == SHED_OK) {
    s->rows[s->n++] = (row){.in = *in};
  }
  return l->st == SHED_OK;
}

// Names and roles of the accounts; rows without one are dropped.
static shed_status
fill_rows(shed_signins *s, shed_store *store, shed_error *err)
{
  size_t kept = 0;
  for (size_t i = 0; i < s->n; i++) {
    shed_account a  = {.roles = 0};
    shed_status  st = shed_store_account_of(store, &s->rows[i].in.person, &a, err);
    if (st != SHED_OK && st != SHED_E_NOTFOUND) {
      return st;
    }
    if (st == SHED_OK) {
      row *r   = &s->rows[kept++];
      *r       = s->rows[i];
      r->roles = a.roles;
      (void)snprintf(r->name, sizeof(r->name), "%s", a.name);
      (void)snprintf(r->login, sizeof(r->login), "%s", a.login);
    }
  }
  s->n = kept;
  return SHED_OK;
}

shed_status
shed_signins_open(shed_signins **out, shed_store *store, const shed_clock *clock, const shed_alloc *alloc,
                  shed_error *err)
{
  shed_signins *s = shed_calloc(alloc, 1, sizeof(*s));
  if (!s) {
    return shed_fail(err, SHED_E_NOMEM, NULL, "%s", shed_status_text(SHED_E_NOMEM));
  }
  s->alloc = alloc;
  s->clock = clock;
  (void)pthread_mutex_init(&s->mutex, NULL);
  loading     l  = {.s = s, .st = SHED_OK};
  shed_status st = shed_store_each_signin(store, load_row, &l, err);
  st             = st == SHED_OK ? l.st : st;
  if (st == SHED_OK) {
    st = fill_rows(s, store, err);
  }
  if (st != SHED_OK) {
    shed_signins_free(s);
    return st;
  }
  *out = s;
  return SHED_OK;
}

void
shed_signins_free(shed_signins *s)
{
  if (s) {
    (void)pthread_mutex_destroy(&s->mutex);
    shed_free(s->alloc, s->rows);
    shed_free(s->alloc, s);
  }
}

static int64_t
now_ms(const shed_signins *s)
{
  return s->clock->wall_ms(s->clock->ctx);
}

static shed_who
who_of(const row *r, const char *cookie)
{
  static const char salt[] = "csrf:";
  char              text[sizeof(salt) + SHED_SIGNIN_COOKIE];
  shed_who          who = {.person = r->in.person, .roles = r->roles, .token = r->in.token};
  (void)snprintf(text, sizeof(text), "%s%s", salt, cookie);
  memcpy(who.name, r->name, sizeof(who.name));
  memcpy(who.login, r->login, sizeof(who.login));
  memcpy(who.csrf, shed_sha256_of(text, strlen(text)).text, sizeof(who.csrf));
  return who;
}

shed_status
shed_signins_add(shed_signins *s, shed_store *store, const shed_account *a, char cookie[SHED_SIGNIN_COOKIE],
                 shed_who *out, shed_error *err)
{
  unsigned char random[(SHED_SIGNIN_COOKIE - 1) / 2];
  shed_random_bytes(random, sizeof(random));
  for (size_t i = 0; i < sizeof(random); i++) {
    (void)snprintf(cookie + 2 * i, 3, "%02x", random[i]);
  }
  int64_t now = now_ms(s);
  row     r   = {.in    = {.token       = shed_sha256_of(cookie, strlen(cookie)),
                           .person      = a->person,
                           .begun_at_ms = now,
                           .used_at_ms  = now},
                 .roles = a->roles};
  memcpy(r.name, a->name, sizeof(r.name));
  memcpy(r.login, a->login, sizeof(r.login));
  shed_status st = shed_store_signin_put(store, &r.in, err);
  if (st != SHED_OK) {
    return st;
  }
  (void)pthread_mutex_lock(&s->mutex);
  st = shed_grow(s->alloc, (void **)&s->rows, &s->cap, s->n, sizeof(*s->rows));
  if (st == SHED_OK) {
    s->rows[s->n++] = r;
    *out            = who_of(&r, cookie);
  }
  (void)pthread_mutex_unlock(&s->mutex);
  return st;
}

static bool
too_old(const shed_signin *in, int64_t now)
{
  return now - in->used_at_ms > unused_ms || now - in->begun_at_ms > oldest_ms;
}

shed_who
shed_signins_find(shed_signins *s, const char *cookie)
{
  shed_who    who   = {.roles = 0};
  shed_sha256 token = shed_sha256_of(cookie, strlen(cookie));
  int64_t     now   = now_ms(s);
  (void)pthread_mutex_lock(&s->mutex);
  for (size_t i = 0; i < s->n; i++) {
    row *r = &s->rows[i];
    if (strcmp(r->in.token.text, token.text) == 0 && !too_old(&r->in, now)) {
      r->in.used_at_ms = now;
      who              = who_of(r, cookie);
      break;
    }
  }
  (void)pthread_mutex_unlock(&s->mutex);
  return who;
}

bool
shed_signins_has(shed_signins *s, const shed_sha256 *token)
{
  bool has = false;
  (void)pthread_mutex_lock(&s->mutex);
  for (size_t i = 0; i < s->n && !has; i++) {
    has = strcmp(s->rows[i].in.token.text, token->text) == 0;
  }
  (void)pthread_mutex_unlock(&s->mutex);
  return has;
}

// Forget the rows that @p which says.
static void
forget(shed_signins *s, bool (*which)(const shed_signin *in, const void *what), const void *what)
{
  size_t kept = 0;
  (void)pthread_mutex_lock(&s->mutex);
  for (size_t i = 0; i < s->n; i++) {
    if (!which(&s->rows[i].in, what)) {
      s->rows[kept++] = s->rows[i];
    }
  }
  if (kept != s->n) {
    s->generation++;
  }
  s->n = kept;
  (void)pthread_mutex_unlock(&s->mutex);
}

static bool
has_token(const shed_signin *in, const void *what)
{
  return strcmp(in->token.text, ((const shed_sha256 *)what)->text) == 0;
}

shed_status
shed_signins_drop(shed_signins *s, shed_store *store, const shed_sha256 *token, shed_error *err)
{
  forget(s, has_token, token);
  return shed_store_signin_drop(store, token, err);
}

static bool
is_of(const shed_signin *in, const void *what)
{
  const shed_signin *w = what;
  return shed_uuid_equal(&in->person, &w->person) && strcmp(in->token.text, w->token.text) != 0;
}

shed_status
shed_signins_drop_of(shed_signins *s, shed_store *store, const shed_uuid *person, const shed_sha256 *but,
                     shed_error *err)
{
  const shed_signin what = {.person = *person, .token = *but};
  forget(s, is_of, &what);
  return shed_store_signin_drop_of(store, person, but, err);
}

static bool
is_old(const shed_signin *in, const void *what)
{
  return too_old(in, *(const int64_t *)what);
}

shed_status
shed_signins_save(shed_signins *s, shed_store *store, shed_error *err)
{
  int64_t now = now_ms(s);
  forget(s, is_old, &now);
  shed_status st = SHED_OK;
  for (size_t i = 0; st == SHED_OK; i++) {
    shed_signin in;
    (void)pthread_mutex_lock(&s->mutex);
    bool more = i < s->n;
    if (more) {
      in = s->rows[i].in;
    }
    (void)pthread_mutex_unlock(&s->mutex);
    if (!more) {
      break;
    }
    shed_account a;
    st = shed_store_account_of(store, &in.person, &a, NULL);
    if (st == SHED_E_NOTFOUND) { // erased meanwhile, by another program
      forget(s, has_token, &in.token);
      st = SHED_OK;
      i--;
    } else {
      st = shed_store_signin_used(store, &in, err);
    }
  }
  return st == SHED_OK ? shed_store_signin_expire(store, now - unused_ms, now - oldest_ms, err) : st;
}

uint64_t
shed_signins_generation(shed_signins *s)
{
  (void)pthread_mutex_lock(&s->mutex);
  uint64_t g = s->generation;
  (void)pthread_mutex_unlock(&s->mutex);
  return g;
}
