// About this file: what a search keeps. Of the open hypotheses the best, a few an event; of the tree of begun segments only
// the branches that an open hypothesis comes from.
#include "assessors/align_search.h"

#include <math.h>
#include <string.h>

typedef shed_search            search;
typedef shed_search_node       node;
typedef shed_search_hypothesis hypothesis;

enum { BUCKETS = 256 };

/// Of one event, begun at several moments: what comes after differs by timing alone, so that one far behind another of the
/// same event cannot overtake it.
static bool
is_near_its_best(const search *s, const hypothesis *hy)
{
  const node *n = &s->nodes[hy->node];
  return hy->value >= (n->kind == SHED_STEP_EXTRA ? s->best_extra : s->best)[n->event] - EVENT_WIDTH;
}

static void
find_bests(search *s, bool clear)
{
  for (int h = 0; h < s->n_open; h++) {
    const node *n    = &s->nodes[s->open[h].node];
    float      *best = &(n->kind == SHED_STEP_EXTRA ? s->best_extra : s->best)[n->event];
    *best            = clear ? NEVER : fmaxf(*best, s->open[h].value);
  }
}

/// Of many: the best, and of one event only a few. In falling order of value, by buckets, those of one bucket in the order in
/// which they stand.
static int
prune_by_rank(search *s, int n, float top)
{
  int count[BUCKETS + 1] = {0}, kept = 0;
  for (int h = 0; h < n; h++) {
    int b             = (int)((top - s->open[h].value) * (BUCKETS / BEAM_WIDTH));
    s->ranks[h].place = b < BUCKETS ? b : BUCKETS - 1;
    count[s->ranks[h].place + 1]++;
  }
  for (int b = 0; b < BUCKETS; b++) {
    count[b + 1] += count[b];
  }
  for (int h = 0; h < n; h++) {
    s->ranks[count[s->ranks[h].place]++].at = h;
  }
  for (int i = 0; i < n; i++) {
    const node *nd          = &s->nodes[s->open[s->ranks[i].at].node];
    int        *seen        = nd->kind == SHED_STEP_EXTRA ? &s->slot_extra[nd->event] : &s->slot[nd->event];
    s->keep[s->ranks[i].at] = kept < s->o->beam && *seen < MOST_OF_EVENT;
    kept += s->keep[s->ranks[i].at] ? 1 : 0;
    (*seen)++;
  }
  kept = 0;
  for (int h = 0; h < n; h++) {
    const node *nd     = &s->nodes[s->open[h].node];
    s->slot[nd->event] = s->slot_extra[nd->event] = 0;
    if (s->keep[h]) {
      s->open[kept++] = s->open[h];
    }
  }
  return kept;
}

void
shed_search_prune(search *s)
{
  float top = NEVER;
  int   n   = 0;
  for (int h = 0; h < s->n_open; h++) {
    top = fmaxf(top, s->open[h].value);
  }
  find_bests(s, true);
  find_bests(s, false);
  for (int h = 0; h < s->n_open; h++) {
    if (s->open[h].value > top - BEAM_WIDTH && is_near_its_best(s, &s->open[h])) {
      if (n < h) {
        s->open[n] = s->open[h];
      }
      n++;
    }
  }
  s->n_open = n > s->o->beam ? prune_by_rank(s, n, top) : n;
}

/// Drop nodes that no open hypothesis comes from. Parents stand before their children, so one pass each way is enough.
shed_status
shed_search_sweep(search *s)
{
  if (s->n_nodes < s->sweep_at) {
    return SHED_OK;
  }
  if (s->cap_remap < s->n_nodes) {
    int *p = shed_realloc(s->alloc, s->remap, s->n_nodes * sizeof(*p));
    if (!p) {
      return SHED_E_NOMEM;
    }
    s->remap     = p;
    s->cap_remap = s->n_nodes;
  }
  memset(s->remap, 0, s->n_nodes * sizeof(*s->remap));
  for (int h = 0; h < s->n_open; h++) {
    s->remap[s->open[h].node] = 1;
  }
  if (s->end_node != NO_NODE) {
    s->remap[s->end_node] = 1;
  }
  for (size_t i = s->n_nodes; i-- > 0;) {
    if (s->remap[i] && s->nodes[i].parent != NO_NODE) {
      s->remap[s->nodes[i].parent] = 1;
    }
  }
  size_t kept = 0;
  for (size_t i = 0; i < s->n_nodes; i++) {
    if (s->remap[i]) {
      s->nodes[kept] = s->nodes[i];
      if (s->nodes[kept].parent != NO_NODE) {
        s->nodes[kept].parent = s->remap[s->nodes[kept].parent];
      }
      s->remap[i] = (int)kept++;
    }
  }
  for (int h = 0; h < s->n_open; h++) {
    s->open[h].node = s->remap[s->open[h].node];
  }
  if (s->end_node != NO_NODE) {
    s->end_node = s->remap[s->end_node];
  }
  s->n_nodes  = kept;
  s->sweep_at = kept * 2 > SWEEP_FROM ? kept * 2 : SWEEP_FROM;
  return SHED_OK;
}
