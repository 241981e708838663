// About this file: what a search works in. One block of memory, and what is asked again and again of the events, side by side.
#include "assessors/align_ahead.h"
#include "assessors/align_cost.h"
#include "assessors/align_search.h"

#include <stdint.h>
#include <string.h>

typedef shed_search search;

/// Extra notes: the pitches around the event that they follow, never its own.
static int
extra_lane(const shed_align_event *ev, int k)
{
  static const int around[SHED_LANES] = {1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 7, -7, 12, -12};
  return shed_lane_of(ev->pitch + around[k]);
}

/// A part of the search's room.
typedef struct {
  void  *pointer; ///< to the pointer that is set
  size_t bytes;
} part;

/// One block for all of them, each on lines of the cache of its own; NULL where a part is empty.
static bool
make_block(search *s, const part *parts, size_t n)
{
  enum { LINE = 64 };
  size_t bytes = LINE;
  for (size_t i = 0; i < n; i++) {
    bytes += (parts[i].bytes + LINE - 1) / LINE * LINE;
  }
  s->room = shed_calloc(s->alloc, bytes, 1);
  if (!s->room) {
    return false;
  }
  char *at = (char *)s->room + (LINE - (uintptr_t)s->room % LINE);
  for (size_t i = 0; i < n; i++) {
    const void *begin = parts[i].bytes > 0 ? at : NULL;
    memcpy(parts[i].pointer, &begin, sizeof(begin));
    at += (parts[i].bytes + LINE - 1) / LINE * LINE;
  }
  return true;
}

static bool
make_parts(search *s, size_t n, size_t places)
{
  const size_t looks   = s->o->within && s->o->within->n > 0 ? 1 : 0;
  const part   parts[] = {
        {&s->open.fixed, places * sizeof(*s->open.fixed)},
        {&s->open.until, places * sizeof(int)},
        {&s->open.width, places * sizeof(float)},
        {&s->open.omitted, places * sizeof(float)},
        {&s->open.classes, places * sizeof(int)},
        {&s->open.base, places * sizeof(float)},
        {&s->open.ended, places * sizeof(float)},
        {&s->open.value, places * sizeof(float)},
        {&s->open.running, places * sizeof(float)},
        {&s->open.class_now, places * sizeof(int)},
        {&s->from, places * SHED_LANES * sizeof(float)},
        {&s->node_of, places * sizeof(int)},
        {&s->index_of, places * sizeof(int)},
        {&s->spare, places * sizeof(int)},
        {&s->kept, (places + 1) * sizeof(int)},
        {&s->gone, (places + 1) * sizeof(int)},
        {&s->bucket, places * sizeof(int)},
        {&s->order, places * sizeof(int)},
        {&s->nth, places * sizeof(int)},
        {&s->keep, places * sizeof(int)},
        {&s->lanes, 2 * SHED_LANES * n * sizeof(float)},
        {&s->lanes_of, 2 * n * sizeof(int)},
        {&s->class_best, 2 * CLASSES_OF_PLACE * n * sizeof(float)},
        {&s->class_seen, 2 * CLASSES_OF_PLACE * n * sizeof(int)},
        {&s->young_best, 2 * n * sizeof(float)},
        {&s->young_of, 2 * n * sizeof(int)},
        {&s->rows, 2 * SHED_LANES * n * sizeof(int)},
        {&s->row_costs, 2 * SHED_LANES * n * sizeof(float)},
        {&s->extra_rows, SHED_LANES * n * sizeof(int)},
        {&s->slot, n * sizeof(int)},
        {&s->slot_extra, n * sizeof(int)},
        {&s->omitted, n * sizeof(float)},
        {&s->asked, SHED_LANE_COUNT * sizeof(int)},
        {&s->extra_asked, n * sizeof(int)},
        {&s->event_asked, n * sizeof(int)},
        {&s->at_s, n * sizeof(double)},
        {&s->midi, n * sizeof(int)},
        {&s->ahead_s, SHED_AHEAD_ROOM * n * sizeof(float)},
        {&s->same, SHED_AHEAD_ROOM * n * sizeof(int)},
        {&s->need, SHED_AHEAD_ROOM * n * sizeof(float)},
        {&s->need_least, n * sizeof(float)},
        {&s->need_far, n * sizeof(float)},
        {&s->beat, (n + 1 + SHED_AHEAD_ROOM) * sizeof(float)},
        {&s->beat_of, n * sizeof(int)},
        {&s->ahead_of, n * sizeof(int)},
        {&s->won, MOST_NEW * sizeof(*s->won)},
        {&s->bound, n * sizeof(float)},
        {&s->bound_of, n * sizeof(int)},
        {&s->allowed, looks * 2 * n * sizeof(*s->allowed)},
  };
  return make_block(s, parts, SHED_COUNTOF(parts));
}

/// What is asked again and again of the events, side by side.
static void
lay_out(search *s, int places)
{
  const shed_align_target *t = s->t;
  for (int e = 0; e < t->n_events; e++) {
    s->omitted[e] = shed_cost_omit(t->n_events - 1 - e);
    s->at_s[e]    = t->events[e].at_s;
    s->midi[e]    = t->events[e].main_midi;
    for (int k = 0; k < SHED_LANES; k++) {
      s->extra_rows[e * SHED_LANES + k] = extra_lane(&t->events[e], k);
      for (int extra = 0; extra < 2; extra++) {
        const int i     = (2 * e + extra) * SHED_LANES + k;
        const int r     = extra ? s->extra_rows[e * SHED_LANES + k] : t->events[e].lane[k];
        s->rows[i]      = r < 0 ? 0 : r;
        s->row_costs[i] = r < 0 ? -NEVER : extra ? 0 : t->events[e].lane_cost[k];
      }
    }
    for (int k = 0; k < SHED_PATH_AHEAD && e + 1 + k < t->n_events; k++) {
      const shed_align_event *to          = &t->events[e + 1 + k];
      s->ahead_s[e * SHED_AHEAD_ROOM + k] = (float)(to->at_s - t->events[e].at_s);
      s->same[e * SHED_AHEAD_ROOM + k]    = to->main_midi == t->events[e].main_midi ? -1 : 0;
    }
  }
  for (int k = 0; k < SHED_AHEAD_ROOM; k++) {
    s->left_out[k]               = k < SHED_PATH_AHEAD ? shed_cost_omit(k) : -NEVER;
    s->beat[t->n_events + 1 + k] = -NEVER;
  }
  s->beat[t->n_events] = -NEVER;
  while (s->n_spare < places) {
    s->index_of[s->n_spare] = -1;
    s->spare[s->n_spare]    = s->n_spare;
    s->n_spare++;
  }
}

shed_status
shed_search_make_room(search *s)
{
  const int places = s->o->beam + MOST_NEW;
  if (!make_parts(s, (size_t)s->t->n_events, (size_t)places)) {
    return SHED_E_NOMEM;
  }
  lay_out(s, places);
  return SHED_OK;
}
