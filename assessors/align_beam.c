// About this file: what a search keeps. Of the open hypotheses the best, a few an event; of the tree of begun segments only
// the branches that an open hypothesis comes from.
#include "assessors/align_search.h"

#include <string.h>

typedef shed_search search;

enum { BUCKETS = 256 };

/// Keep in falling order of value while there is room, of one class MOST_OF_CLASS; the first of each class before any other, so
/// that the many ways to play one note do not crowd out the one way to play another. None of them has been seen yet.
static void
keep_of_classes(search *s, int n)
{
  const int  beam  = s->o->beam;
  const int *order = s->order, *class_now = s->open.class_now;
  int       *nth = s->nth, *keep = s->keep, *seen = s->class_seen;
  int        kept = 0;
  for (int i = 0; i < n; i++) {
    const int h    = order[i];
    const int here = seen[class_now[h]]++;
    const int take = (here < FIRST_OF_CLASS) & (kept < beam);
    nth[i]         = here;
    keep[h]        = take;
    kept += take;
  }
  for (int i = 0; i < n && kept < beam; i++) {
    const int h    = order[i];
    const int take = (nth[i] < MOST_OF_CLASS) & (keep[h] ^ 1);
    keep[h] |= take;
    kept += take;
  }
}

/// Of many: the best, and of one class only a few. In falling order of value, by buckets, those of one bucket in the order in
/// which they stand. @param[in,out] n_gone of s->gone. @return how many of s->kept are left.
static int
prune_by_rank(search *s, int n, float top, int *n_gone)
{
  int          place[BUCKETS] = {0};
  int         *bucket = s->bucket, *kept = s->kept, *order = s->order, *seen = s->class_seen;
  const int   *class_now = s->open.class_now;
  const float *value     = s->open.value;
  int          last = 0, before = 0;
  for (int i = 0; i < n; i++) {
    const int h = kept[i], far = (int)((top - value[h]) * (BUCKETS / BEAM_WIDTH));
    const int b        = far < BUCKETS ? far : BUCKETS - 1;
    bucket[i]          = b;
    last               = b > last ? b : last;
    seen[class_now[h]] = 0;
    place[b]++;
  }
  for (int b = 0; b <= last; b++) {
    const int of = place[b];
    place[b]     = before;
    before += of;
  }
  for (int i = 0; i < n; i++) {
    order[place[bucket[i]]++] = kept[i];
  }
  keep_of_classes(s, n);
  const int *keep = s->keep;
  int       *away = s->gone;
  int        left = 0, gone = *n_gone;
  for (int i = 0; i < n; i++) {
    const int h = kept[i];
    kept[left]  = h;
    away[gone]  = h;
    left += keep[h];
    gone += keep[h] ^ 1;
  }
  *n_gone = gone;
  return left;
}

/// The open ones are those that are kept.
static void
close_up(search *s, int n, int n_gone)
{
  shed_search_open *o = &s->open;
  for (int i = 0; i < n_gone; i++) {
    const int slot         = o->fixed[s->gone[i]].slot;
    s->index_of[slot]      = -1;
    s->spare[s->n_spare++] = slot;
  }
  int first = 0;
  while (first < n && s->kept[first] == first) {
    first++;
  }
  for (int i = first; i < n; i++) {
    const int h                   = s->kept[i];
    o->fixed[i]                   = o->fixed[h];
    o->until[i]                   = o->until[h];
    o->width[i]                   = o->width[h];
    o->omitted[i]                 = o->omitted[h];
    o->classes[i]                 = o->classes[h];
    o->base[i]                    = o->base[h];
    o->ended[i]                   = o->ended[h];
    o->value[i]                   = o->value[h];
    o->running[i]                 = o->running[h];
    s->index_of[o->fixed[i].slot] = i;
  }
  o->n = n;
}

/// Those that may be followed still and are near enough to the best of all.
static void
keep_near(int *restrict keep, const int *restrict until, const float *restrict value,
          const float *restrict width, int n, int at, float top)
{
  for (int h = 0; h < n; h++) {
    keep[h] = (at <= until[h] ? 1 : 0) & (value[h] > top - width[h] ? 1 : 0);
  }
}

void
shed_search_prune(search *s, int at, float top)
{
  const shed_search_open *o          = &s->open;
  const float            *value      = o->value;
  const float            *class_best = s->class_best;
  const int              *keep = s->keep, *class_now = o->class_now;
  int                    *kept = s->kept, *gone = s->gone;
  const int               n_open = o->n;
  int                     n = 0, n_gone = 0;
  keep_near(s->keep, o->until, value, o->width, n_open, at, top);
  for (int h = 0; h < n_open; h++) {
    const int stays = keep[h] & (value[h] >= class_best[class_now[h]] - CLASS_WIDTH ? 1 : 0);
    kept[n]         = h;
    gone[n_gone]    = h;
    n += stays;
    n_gone += stays ^ 1;
  }
  if (n > s->o->beam) {
    n = prune_by_rank(s, n, top, &n_gone);
  }
  close_up(s, n, n_gone);
  shed_search_count_whole(s, at);
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
  for (int h = 0; h < s->open.n; h++) {
    s->remap[s->node_of[s->open.fixed[h].slot]] = 1;
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
  for (int h = 0; h < s->open.n; h++) {
    int *node = &s->node_of[s->open.fixed[h].slot];
    *node     = s->remap[*node];
  }
  if (s->end_node != NO_NODE) {
    s->end_node = s->remap[s->end_node];
  }
  s->n_nodes  = kept;
  s->sweep_at = kept * 2 > SWEEP_FROM ? kept * 2 : SWEEP_FROM;
  return SHED_OK;
}
