#include "app/serve/crowd.h"

#include <stdio.h>
#include <string.h>

static const int64_t SLOW_READER_NS = INT64_C(5000000000);

typedef struct {
  void            *who;
  size_t           address; // place in addresses
  shed_crowd_state state;
  int64_t          since_ns;
} guest;

typedef struct {
  char   text[SHED_CROWD_ADDRESS];
  size_t n; // connections from there; 0: the place is free
} address;

struct shed_crowd {
  const shed_alloc *alloc;
  guest            *guests;    // the first n
  address          *addresses; // most of them, as each guest may have its own
  size_t            n, most;
};

shed_status
shed_crowd_new(shed_crowd **out, size_t most, const shed_alloc *alloc)
{
  shed_crowd *c = shed_calloc(alloc, 1, sizeof(*c));
  if (!c) {
    return SHED_E_NOMEM;
  }
  c->alloc     = alloc;
  c->most      = most;
  c->guests    = shed_calloc(alloc, most, sizeof(*c->guests));
  c->addresses = shed_calloc(alloc, most, sizeof(*c->addresses));
  if (!c->guests || !c->addresses) {
    shed_crowd_free(c);
    return SHED_E_NOMEM;
  }
  *out = c;
  return SHED_OK;
}

void
shed_crowd_free(shed_crowd *c)
{
  if (c) {
    shed_free(c->alloc, c->guests);
    shed_free(c->alloc, c->addresses);
    shed_free(c->alloc, c);
  }
}

static bool
may_leave(const guest *g, int64_t now_ns)
{
  return g->state == SHED_CROWD_WAITS ||
         (g->state == SHED_CROWD_READS && now_ns - g->since_ns > SLOW_READER_NS);
}

// Whether @p a makes room before @p b.
static bool
goes_first(const shed_crowd *c, const guest *a, const guest *b)
{
  if (a->state != b->state) {
    return a->state < b->state;
  }
  size_t of_a = c->addresses[a->address].n;
  size_t of_b = c->addresses[b->address].n;
  return of_a != of_b ? of_a > of_b : a->since_ns < b->since_ns;
}

bool
shed_crowd_room(const shed_crowd *c, int64_t now_ns, void **leaves)
{
  const guest *first = NULL;
  *leaves            = NULL;
  if (c->n < c->most) {
    return true;
  }
  for (size_t i = 0; i < c->n; i++) {
    const guest *g = &c->guests[i];
    if (may_leave(g, now_ns) && (!first || goes_first(c, g, first))) {
      first = g;
    }
  }
  *leaves = first ? first->who : NULL;
  return first != NULL;
}

bool
shed_crowd_add(shed_crowd *c, void *who, const char *from, int64_t now_ns)
{
  size_t at   = c->most;
  size_t free = c->most;
  if (c->n == c->most) {
    return false;
  }
  for (size_t i = 0; i < c->most && at == c->most; i++) {
    if (c->addresses[i].n > 0 && strcmp(c->addresses[i].text, from) == 0) {
      at = i;
    } else if (c->addresses[i].n == 0 && free == c->most) {
      free = i;
    }
  }
  at = at < c->most ? at : free;
  (void)snprintf(c->addresses[at].text, sizeof(c->addresses[at].text), "%s", from);
  c->addresses[at].n++;
  c->guests[c->n++] = (guest){who, at, SHED_CROWD_WAITS, now_ns};
  return true;
}

static guest *
find(const shed_crowd *c, const void *who)
{
  for (size_t i = 0; i < c->n; i++) {
    if (c->guests[i].who == who) {
      return &c->guests[i];
    }
  }
  return NULL;
}

void
shed_crowd_does(shed_crowd *c, const void *who, shed_crowd_state state, int64_t now_ns)
{
  guest *g = find(c, who);
  if (g && g->state != state) {
    g->state    = state;
    g->since_ns = now_ns;
  }
}

void
shed_crowd_remove(shed_crowd *c, const void *who)
{
  guest *g = find(c, who);
  if (g) {
    c->addresses[g->address].n--;
    *g = c->guests[--c->n];
  }
}

size_t
shed_crowd_count(const shed_crowd *c)
{
  return c->n;
}
