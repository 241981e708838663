// About this file: what a search keeps. Of the open hypotheses the best, a few an event; of the tree of begun segments only
// the branches that an open hypothesis comes from.
#include "assessors/align_search.h"

#include <string.h>

typedef shed_search            search;
typedef shed_search_node       node;
typedef shed_search_hypothesis hypothesis;

enum { BUCKETS = 256 };

/// Keep in falling order of value while there is room, of one class MOST_OF_CLASS; the first of each class before any other, so
/// that the many ways to play one note do not crowd out the one way to play another.
static void
keep_of_classes(search *s, int n)
{
  const int beam = s->o->beam;
  int       kept = 0;
  for (int i = 0; i < n; i++) {
    const int  h    = s->order[i];
    const int  nth  = s->classes[s->ranks[h].class_now].seen++;
    const bool take = nth < FIRST_OF_CLASS && kept < beam;
    s->nth[i]       = nth;
    s->keep[h]      = take;
    kept += take ? 1 : 0;
  }
  for (int i = 0; i < n && kept < beam; i++) {
    const int h = s->order[i];
    if (s->nth[i] < MOST_OF_CLASS && !s->keep[h]) {
      s->keep[h] = true;
      kept++;
    }
  }
}

static void
close_one(search *s, hypothesis *hy)
{
  hy->is_open            = false;
  s->spare[s->n_spare++] = hy;
}

/// Of many: the best, and of one class only a few. In falling order of value, by buckets, those of one bucket in the order in
/// which they stand.
static int
prune_by_rank(search *s, int n, float top)
{
  int count[BUCKETS + 1] = {0};
  for (int h = 0; h < n; h++) {
    int b             = (int)((top - s->ranks[h].value) * (BUCKETS / BEAM_WIDTH));
    s->ranks[h].place = b < BUCKETS ? b : BUCKETS - 1;
    count[s->ranks[h].place + 1]++;
  }
  for (int b = 0; b < BUCKETS; b++) {
    count[b + 1] += count[b];
  }
  for (int h = 0; h < n; h++) {
    s->order[count[s->ranks[h].place]++] = h;
  }
  keep_of_classes(s, n);
  int kept = 0;
  for (int h = 0; h < n; h++) {
    if (s->keep[h]) {
      s->open[kept++] = s->open[h];
    } else {
      close_one(s, s->open[h]);
    }
  }
  return kept;
}

void
shed_search_prune(search *s, int at, float top)
{
  const int n_open = s->n_open;
  int       n      = 0;
  for (int h = 0; h < n_open; h++) {
    hypothesis *hy    = s->open[h];
    const float value = hy->value;
    if (at <= hy->until && value > top - hy->width && value >= s->classes[hy->class_now].best - CLASS_WIDTH) {
      s->ranks[n].class_now = hy->class_now;
      s->ranks[n].value     = value;
      s->open[n++]          = hy;
    } else {
      close_one(s, hy);
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
    s->remap[s->open[h]->node] = 1;
  }
  if (s->end_node != NO_NODE) {
    s->remap[s->end_node] = 1;
  }
  for (size_t i = s->n_nodes; i-- > 0;) {
    if (s->remap[i] && s->nodes[i].parent != NO_NODE) {
      s->remap[s->nodes[i].parent] = 1;
    }
  }
  shed_status st = shed_search_hold(s, s->remap);
  if (st != SHED_OK) {
    return st;
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
    s->open[h]->node = s->remap[s->open[h]->node];
  }
  if (s->end_node != NO_NODE) {
    s->end_node = s->remap[s->end_node];
  }
  s->n_nodes  = kept;
  s->sweep_at = kept * 2 > SWEEP_FROM ? kept * 2 : SWEEP_FROM;
  return SHED_OK;
}
