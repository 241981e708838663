// About this file: what a search keeps. Of the open hypotheses the best, a few an event; of the tree of begun segments only
// the branches that an open hypothesis comes from.
#include "assessors/align_search.h"

#include <string.h>

typedef shed_search            search;
typedef shed_search_node       node;
typedef shed_search_hypothesis hypothesis;

enum { BUCKETS = 256 };

/// Hypotheses of one event compete in classes, by what may still become of them: one just begun has had no time to gain; a
/// note that still speaks will gain by what comes; one that has ended keeps its value and differs from others of its event by
/// its timing alone. Without the distinction a note begun too early in a tail would crowd out the same note begun where it
/// really is.
static int
class_of(const search *s, const hypothesis *hy, int at)
{
  int kind = at - hy->start <= s->young ? 2 : hy->running >= hy->value - LIVE_WITHIN ? 1 : 0;
  return CLASSES_OF_EVENT * hy->event + (hy->extra ? CLASSES_OF_EVENT / 2 : 0) + kind;
}

/// The best of each class, and @return the best of all.
static float
find_bests(search *s, int at)
{
  float top = NEVER;
  for (int h = 0; h < s->n_open; h++) {
    hypothesis *hy         = shed_search_open(s, h);
    hy->class_now          = class_of(s, hy, at);
    s->best[hy->class_now] = NEVER;
    top                    = hy->value > top ? hy->value : top;
  }
  for (int h = 0; h < s->n_open; h++) {
    const hypothesis *hy   = shed_search_open(s, h);
    float            *best = &s->best[hy->class_now];
    *best                  = hy->value > *best ? hy->value : *best;
  }
  return top;
}

/// Keep in falling order of value while there is room, of one class @p most. @return how many are kept.
static int
keep_of_classes(search *s, int n, int most, int kept)
{
  for (int h = 0; h < n; h++) {
    s->seen[shed_search_open(s, h)->class_now] = 0;
  }
  for (int i = 0; i < n; i++) {
    const int h     = s->ranks[i].at;
    int      *seen  = &s->seen[shed_search_open(s, h)->class_now];
    bool      taken = kept < s->o->beam && *seen < most;
    kept += taken && !s->keep[h] ? 1 : 0;
    s->keep[h] = s->keep[h] || taken;
    (*seen)++;
  }
  return kept;
}

/// Of many: the best, and of one class only a few; the first of each class before any other, so that the many ways to play
/// one note do not crowd out the one way to play another. In falling order of value, by buckets, those of one bucket in the
/// order in which they stand.
static int
prune_by_rank(search *s, int n, float top)
{
  int count[BUCKETS + 1] = {0};
  for (int h = 0; h < n; h++) {
    int b             = (int)((top - shed_search_open(s, h)->value) * (BUCKETS / BEAM_WIDTH));
    s->ranks[h].place = b < BUCKETS ? b : BUCKETS - 1;
    count[s->ranks[h].place + 1]++;
  }
  for (int b = 0; b < BUCKETS; b++) {
    count[b + 1] += count[b];
  }
  for (int h = 0; h < n; h++) {
    s->ranks[count[s->ranks[h].place]++].at = h;
    s->keep[h]                              = false;
  }
  int kept = keep_of_classes(s, n, FIRST_OF_CLASS, 0);
  (void)keep_of_classes(s, n, MOST_OF_CLASS, kept);
  kept = 0;
  for (int h = 0; h < n; h++) {
    if (s->keep[h]) {
      s->open[kept++] = s->open[h];
    } else {
      s->spare[s->n_spare++] = s->open[h];
    }
  }
  return kept;
}

void
shed_search_prune(search *s, int at)
{
  const float top = find_bests(s, at);
  int         n   = 0;
  for (int h = 0; h < s->n_open; h++) {
    const hypothesis *hy = shed_search_open(s, h);
    if (at <= hy->until && hy->value > top - (hy->stray ? STRAY_WIDTH : BEAM_WIDTH) &&
        hy->value >= s->best[hy->class_now] - CLASS_WIDTH) {
      s->open[n++] = s->open[h];
    } else {
      s->spare[s->n_spare++] = s->open[h];
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
    s->remap[shed_search_open(s, h)->node] = 1;
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
    shed_search_open(s, h)->node = s->remap[shed_search_open(s, h)->node];
  }
  if (s->end_node != NO_NODE) {
    s->end_node = s->remap[s->end_node];
  }
  s->n_nodes  = kept;
  s->sweep_at = kept * 2 > SWEEP_FROM ? kept * 2 : SWEEP_FROM;
  return SHED_OK;
}
