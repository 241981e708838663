// About this file: a fixed table of who guessed wrong. When it is full the one that was quiet for longest gives way.
#include "app/serve/throttle.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { ROWS = 512, KEY = 80, FREE_OF_LOGIN = 5, FREE_OF_ADDRESS = 20, LONGEST_S = 60, FORGET_S = 900 };
#define SECOND_NS INT64_C(1000000000)

typedef struct {
  char    key[KEY]; ///< "" free
  int     wrong;
  int64_t last_ns, until_ns;
} row;

struct shed_throttle {
  const shed_alloc *alloc;
  const shed_clock *clock;
  pthread_mutex_t   mutex;
  row               rows[ROWS]; ///< under the mutex
};

shed_status
shed_throttle_new(shed_throttle **out, const shed_clock *clock, const shed_alloc *alloc)
{
  shed_throttle *t = shed_calloc(alloc, 1, sizeof(*t));
  if (!t) {
    return SHED_E_NOMEM;
  }
  t->alloc = alloc;
  t->clock = clock;
  (void)pthread_mutex_init(&t->mutex, NULL);
  *out = t;
  return SHED_OK;
}

void
shed_throttle_free(shed_throttle *t)
{
  if (t) {
    (void)pthread_mutex_destroy(&t->mutex);
    shed_free(t->alloc, t);
  }
}

static void
make_key(char *key, char kind, const char *text)
{
  (void)snprintf(key, KEY, "%c%.70s", kind, text);
  for (char *p = key + 1; *p; p++) {
    *p = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;
  }
}

static row *
row_of(shed_throttle *t, const char *key, int64_t now)
{
  row *oldest = &t->rows[0];
  for (size_t i = 0; i < ROWS; i++) {
    row *r = &t->rows[i];
    if (strcmp(r->key, key) == 0) {
      if (now - r->last_ns > FORGET_S * SECOND_NS) {
        r->wrong    = 0;
        r->until_ns = now;
      }
      return r;
    }
    oldest = r->last_ns < oldest->last_ns ? r : oldest;
  }
  *oldest = (row){.last_ns = now, .until_ns = now};
  memcpy(oldest->key, key, KEY);
  return oldest;
}

static int64_t
wait_ns(const row *r, int64_t now)
{
  return r->until_ns > now ? r->until_ns - now : 0;
}

// One more try: after the free ones each makes the next wait twice as long.
static void
count_try(row *r, int free_tries, int64_t now)
{
  int     over = ++r->wrong - free_tries;
  int64_t s    = over < 0 ? 0 : over >= 6 ? LONGEST_S : INT64_C(1) << over;
  r->last_ns   = now;
  r->until_ns  = now + (s > LONGEST_S ? LONGEST_S : s) * SECOND_NS;
}

int
shed_throttle_wait_s(shed_throttle *t, const char *login, const char *address)
{
  char    by_login[KEY];
  char    by_address[KEY];
  int64_t now = t->clock->mono_ns(t->clock->ctx);
  make_key(by_login, 'l', login);
  make_key(by_address, 'a', address);
  (void)pthread_mutex_lock(&t->mutex);
  row    *a    = row_of(t, by_address, now);
  int64_t wait = wait_ns(a, now);
  a->last_ns   = now; // not to be pushed out by its own login
  row *l       = row_of(t, by_login, now);
  if (wait_ns(l, now) > wait) {
    wait = wait_ns(l, now);
  }
  if (wait == 0) {
    count_try(l, FREE_OF_LOGIN, now);
    count_try(a, FREE_OF_ADDRESS, now);
  }
  (void)pthread_mutex_unlock(&t->mutex);
  return (int)((wait + SECOND_NS - 1) / SECOND_NS);
}

void
shed_throttle_right(shed_throttle *t, const char *login, const char *address)
{
  char    key[KEY];
  int64_t now = t->clock->mono_ns(t->clock->ctx);
  (void)pthread_mutex_lock(&t->mutex);
  make_key(key, 'l', login);
  row *l      = row_of(t, key, now);
  l->wrong    = 0;
  l->until_ns = now;
  make_key(key, 'a', address);
  row *a = row_of(t, key, now);
  if (a->wrong > 0) {
    a->wrong--; // a class signs in from one address
  }
  a->until_ns = now;
  (void)pthread_mutex_unlock(&t->mutex);
}
