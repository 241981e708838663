// About this file: where a search looks. A coarse search holds what was followed for a while; a finer one begins segments there
// and close by, and what stands alone at clear attacks. Where the coarse path is in doubt the corridor is open.
#include "assessors/align_search.h"

#include <math.h>
#include <string.h>

typedef shed_search      search;
typedef shed_search_node node;

static const double REACH_S = .080; ///< around what was held

static int
what_of(const node *n)
{
  return 2 * n->event + (n->kind == SHED_STEP_EXTRA ? 1 : 0);
}

void
shed_corridor_free(shed_corridor *c)
{
  shed_free(c->alloc, c->from);
  shed_free(c->alloc, c->places);
  shed_free(c->alloc, c->open);
  memset(c, 0, sizeof(*c));
}

// -- looking ---------------------------------------------------------------------------------------------------------

static void
allow(search *s, const shed_corridor_place *p, int at, int until)
{
  shed_search_allowed *a = &s->allowed[p->what];
  a->until               = a->stamp == at + 1 && a->until > until ? a->until : until;
  a->stamp               = at + 1;
}

void
shed_search_allow(search *s, int at)
{
  const shed_corridor *c = s->o->within;
  s->anywhere            = true;
  s->all_may             = true;
  s->may_last            = s->t->n_events - 1;
  if (!s->allowed) {
    return;
  }
  const int reach = (int)lround(REACH_S / SHED_FRAME_HOP_S) / c->step;
  const int frame = s->e->first + at * s->e->step - c->first;
  const int cell  = frame / c->step;
  if (frame < 0 || cell >= c->n || c->open[cell]) {
    return;
  }
  s->anywhere  = false;
  s->all_may   = s->e->attack[at] >= STRAY_ATTACK;
  s->may_last  = s->all_may ? s->may_last : -1;
  const int to = cell + reach < c->n ? cell + reach : c->n - 1;
  for (int i = c->from[cell > reach ? cell - reach : 0]; i < c->from[to + 1]; i++) {
    const shed_corridor_place *p     = &c->places[i];
    const int                  until = p->until + reach + 1;
    const bool                 open  = until >= c->n || c->open[until];
    allow(s, p, at, open ? s->e->n : (until * c->step + c->first - s->e->first) / s->e->step);
    s->may_last = p->what / 2 > s->may_last ? p->what / 2 : s->may_last;
  }
}

void
shed_corridor_open(shed_corridor *c, int from, int to)
{
  for (int k = from > 0 ? from : 0; k < to && k < c->n; k++) {
    c->open[k] = true;
  }
}

// -- holding ---------------------------------------------------------------------------------------------------------

/// Those that were followed for long enough, or are the best way to end.
static bool
is_held(const search *s, const node *n)
{
  return n->last - n->start >= s->hold || n->last == s->e->n;
}

shed_status
shed_search_hold(search *s, const int *alive)
{
  if (s->hold == 0) {
    return SHED_OK;
  }
  for (size_t i = s->n_nodes; i-- > 0;) {
    const node *n = &s->nodes[i];
    if (n->parent != NO_NODE) {
      node *p  = &s->nodes[n->parent];
      p->last  = n->last > p->last ? n->last : p->last;
      p->until = is_held(s, n) && n->start > p->until ? n->start : p->until;
    }
  }
  for (size_t i = 0; i < s->n_nodes; i++) {
    const node *n = &s->nodes[i];
    if ((alive && alive[i]) || !is_held(s, n)) {
      continue;
    }
    shed_status st = shed_grow(s->alloc, (void **)&s->held, &s->cap_held, s->n_held, sizeof(*s->held));
    if (st != SHED_OK) {
      return st;
    }
    s->held[s->n_held++] = (shed_search_held){n->start, {what_of(n), n->until}};
  }
  return SHED_OK;
}

shed_status
shed_search_corridor(search *s, shed_corridor *out)
{
  shed_corridor c  = {.alloc = s->alloc, .first = s->e->first, .step = s->e->step, .n = s->e->n};
  shed_status   st = shed_search_hold(s, NULL);
  if (st != SHED_OK) {
    return st;
  }
  c.from   = shed_calloc(s->alloc, (size_t)c.n + 2, sizeof(*c.from));
  c.places = shed_calloc(s->alloc, s->n_held + 1, sizeof(*c.places));
  c.open   = shed_calloc(s->alloc, (size_t)c.n + 1, sizeof(*c.open));
  if (!c.from || !c.places || !c.open) {
    shed_corridor_free(&c);
    return SHED_E_NOMEM;
  }
  for (size_t i = 0; i < s->n_held; i++) {
    c.from[s->held[i].start + 2]++;
  }
  for (int k = 2; k <= c.n + 1; k++) {
    c.from[k] += c.from[k - 1];
  }
  for (size_t i = 0; i < s->n_held; i++) { // leaves from[k] where cell k begins
    c.places[c.from[s->held[i].start + 1]++] = s->held[i].place;
  }
  *out = c;
  return SHED_OK;
}
