// About this file: what a search keeps. Of the open hypotheses the best, a few an event; of the tree of begun segments only
// the branches that an open hypothesis comes from.
#include "assessors/align_search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef shed_search      search;
typedef shed_search_node node;
typedef shed_search_rank rank;

static int
compare_ranks(const void *a, const void *b)
{
  const rank *x = a, *y = b;
  if (x->value != y->value) {
    return x->value > y->value ? -1 : 1;
  }
  return x->at - y->at;
}

/// Of many: the best of each event, so that one event's many starts do not crowd out another way through the music.
static int
prune_by_rank(shed_search *s, int n)
{
  int kept = 0;
  for (int h = 0; h < n; h++) {
    s->ranks[h] = (rank){s->open[h].value, h};
  }
  qsort(s->ranks, (size_t)n, sizeof(*s->ranks), compare_ranks);
  for (int i = 0; i < n; i++) {
    const node *nd   = &s->nodes[s->open[s->ranks[i].at].node];
    int        *seen = nd->kind == SHED_STEP_EXTRA ? &s->slot_extra[nd->event] : &s->slot[nd->event];
    bool        keep = kept < s->o->beam && *seen < MOST_OF_EVENT;
    (*seen)++;
    kept += keep ? 1 : 0;
    s->ranks[i].value = keep ? 1 : 0;
  }
  for (int i = 0; i < n; i++) {
    const node *nd     = &s->nodes[s->open[s->ranks[i].at].node];
    s->slot[nd->event] = s->slot_extra[nd->event] = 0;
  }
  for (int i = 0; i < n; i++) {
    s->keep[s->ranks[i].at] = s->ranks[i].value > 0;
  }
  kept = 0;
  for (int h = 0; h < n; h++) {
    if (s->keep[h]) {
      s->open[kept++] = s->open[h];
    }
  }
  return kept;
}

void
shed_search_prune(shed_search *s)
{
  float best = NEVER;
  int   n    = 0;
  for (int h = 0; h < s->n_open; h++) {
    best = fmaxf(best, s->open[h].value);
  }
  for (int h = 0; h < s->n_open; h++) {
    if (s->open[h].value > best - BEAM_WIDTH) {
      s->open[n++] = s->open[h];
    }
  }
  s->n_open = n > s->o->beam ? prune_by_rank(s, n) : n;
}

/// Drop nodes that no open hypothesis comes from. Parents stand before their children, so one pass each way is enough.
shed_status
shed_search_sweep(shed_search *s)
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
