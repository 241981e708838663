// About this file: the search. A hypothesis is an open segment: an event (or an extra note after one) that began at some
// grid point; it carries for each of its pitches the best sum so far over all ends of the note, so that time costs one
// addition a pitch. At each grid point every event may begin anew from the best hypothesis before it; the beam keeps the
// best. Begun segments are nodes of a tree; dead branches are swept when the tree has grown.
#include "assessors/align.h"
#include "assessors/align_ahead.h"
#include "assessors/align_cost.h"
#include "assessors/align_lanes.h"
#include "assessors/align_search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef shed_search            search;
typedef shed_search_node       node;
typedef shed_search_hypothesis hypothesis;

// -- extras: the pitches around the event that they follow, never its own ----------------------------------------

static int
extra_lane(const shed_align_event *ev, int k)
{
  static const int around[SHED_LANES] = {1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 7, -7, 12, -12};
  return shed_lane_of(ev->pitch + around[k]);
}

// -- one grid point ------------------------------------------------------------------------------------------------

/// The sums of an event's lanes at this grid point, side by side; lanes that it has not are those of the first row, which a
/// hypothesis never counts.
static const float *
lanes_at(search *s, int place, const float *row, int at)
{
  float *lanes = &s->lanes[(size_t)place * SHED_LANES];
  if (s->lanes_of[place] != at + 1) {
    const int *rows    = &s->rows[(size_t)place * SHED_LANES];
    s->lanes_of[place] = at + 1;
    for (int k = 0; k < SHED_LANES; k++) {
      lanes[k] = row[rows[k]];
    }
  }
  return lanes;
}

/// The best over all ends of a note, its latest end included; and with that end alone.
static inline void
advance_one(hypothesis *hy, const float *lanes, float gap, bool long_enough)
{
  const float most = shed_lanes_most(lanes, hy->from);
  hy->running      = hy->base + most;
  hy->value        = hy->running;
  if (long_enough) {
    hy->ended = most - gap > hy->ended ? most - gap : hy->ended;
    hy->value = hy->base + (hy->ended + gap);
  }
}

/// @return the best value of all. The best end of all is noted.
static float
advance(search *s, int at)
{
  const float *row  = shed_search_row(s, at);
  const float  gap  = s->e->gap[at];
  const float  rest = SHED_OUTSIDE * (s->e->gap[s->e->n] - s->e->gap[at]);
  float        best = NEVER;
  for (int h = 0; h < s->n_open; h++) {
    hypothesis *hy          = s->open[h];
    const bool  long_enough = at >= hy->whole_from;
    advance_one(hy, lanes_at(s, hy->place, row, at), gap, long_enough);
    shed_search_class_up(s, hy, at);
    float v = hy->value + rest - s->omitted[hy->event];
    best    = hy->value > best ? hy->value : best;
    if (long_enough && v > s->end_value) {
      s->end_value             = v;
      s->end_node              = hy->node;
      s->nodes[hy->node].last  = s->e->n;
      s->nodes[hy->node].until = at;
    }
  }
  return best;
}

static shed_status
begin(search *s, int fresh, int at)
{
  const hypothesis *from = s->fresh[fresh].from < 0 ? NULL : s->open[s->fresh[fresh].from];
  node              n    = {.event  = s->fresh[fresh].event,
                            .kind   = s->fresh[fresh].kind,
                            .start  = at,
                            .last   = at,
                            .until  = -1,
                            .parent = from ? from->node : NO_NODE,
                            .period = shed_search_period(s, fresh, at)};
  if (s->n_nodes == s->cap_nodes) {
    shed_status st = shed_grow(s->alloc, (void **)&s->nodes, &s->cap_nodes, s->n_nodes, sizeof(node));
    if (st != SHED_OK) {
      return st;
    }
  }
  const bool extra   = n.kind == SHED_STEP_EXTRA;
  n.event_start      = extra && from ? from->event_start : at; // an extra note always follows another
  const int   place  = 2 * n.event + (extra ? 1 : 0);
  hypothesis *hy     = s->spare[--s->n_spare];
  const bool  stray  = !shed_search_within(s, n.event, extra, at);
  hy->node           = (int)s->n_nodes;
  hy->event          = n.event;
  hy->start          = at;
  hy->event_start    = n.event_start;
  hy->place          = place;
  hy->young_until    = at + s->young;
  hy->whole_from     = at + s->min_grid;
  hy->width          = stray ? STRAY_WIDTH : BEAM_WIDTH;
  hy->until          = s->anywhere || stray ? s->e->n : s->allowed[place].until;
  hy->period         = n.period;
  hy->base           = s->fresh[fresh].value;
  hy->value          = hy->base;
  hy->running        = hy->base;
  hy->ended          = NEVER;
  hy->is_open        = true;
  const float *lanes = lanes_at(s, place, shed_search_row(s, at), at);
  const float *costs = &s->row_costs[(size_t)place * SHED_LANES];
  for (int k = 0; k < SHED_LANES; k++) {
    hy->from[k] = lanes[k] + costs[k];
  }
  s->nodes[s->n_nodes++] = n;
  s->open[s->n_open++]   = hy;
  return SHED_OK;
}

static shed_status
begin_all(search *s, int at, float best)
{
  const int   n_open = s->n_open;
  shed_status st     = SHED_OK;
  for (int i = 0; i < s->n_fresh && st == SHED_OK; i++) {
    if (s->fresh[i].value > best - BEAM_WIDTH || n_open == 0) {
      st = begin(s, i, at);
    }
    if (s->fresh[i].kind == SHED_STEP_EXTRA) {
      s->slot_extra[s->fresh[i].event] = 0;
    } else {
      s->slot[s->fresh[i].event] = 0;
    }
  }
  return st;
}

/// What any way gains from each grid point on is at most what the frames say for their best pitch, or for a gap, and the clear attacks
/// that notes explain: all else costs.
static bool
bound_gains(search *s)
{
  const shed_evidence *e = s->e;
  s->could               = shed_calloc(s->alloc, (size_t)e->n + 1, sizeof(*s->could));
  for (int at = e->n - 1; s->could && at >= 0; at--) {
    const float *row = shed_search_row(s, at), *next = shed_search_row(s, at + 1);
    const float  gap  = e->gap[at + 1] - e->gap[at];
    float        most = gap > SHED_OUTSIDE * gap ? gap : SHED_OUTSIDE * gap;
    for (int m = 0; m < SHED_LANE_COUNT; m++) {
      most = next[m] - row[m] > most ? next[m] - row[m] : most;
    }
    s->could[at] = s->could[at + 1] + most + SHED_ATTACK_TOLD * e->stroke[at];
  }
  return s->could != NULL;
}

/// The most that any path can be worth, by the best of those that are followed, of those that have ended, and of who begins yet.
static float
most_at(const search *s, float best, int at)
{
  const float begins = SHED_OUTSIDE * s->e->gap[at];
  const float most   = (best > begins ? best : begins) + s->could[at];
  return (most > s->end_value ? most : s->end_value) + GIVEN_UP_WITHIN;
}

static shed_status
step_at(search *s, int at)
{
  const float best = advance(s, at);
  s->best          = best;
  if (at == s->e->n) {
    return SHED_OK;
  }
  shed_search_prune(s, at, best);
  s->n_fresh = 0;
  s->top     = s->n_open > 0 ? best : NEVER;
  if (s->e->audible[at]) {
    shed_search_allow(s, at);
    shed_search_propose(s, at);
  }
  shed_status st = begin_all(s, at, best);
  return st == SHED_OK ? shed_search_sweep(s) : st;
}

// -- reading the path back -----------------------------------------------------------------------------------------

/// The pitch and the end of a segment that began at n->start and was followed at @p next.
static void
settle(const search *s, const node *n, int next, shed_segment *out)
{
  float best      = NEVER;
  out->end        = next;
  out->lane       = 0;
  const int *rows = shed_search_rows(s, n->event, n->kind == SHED_STEP_EXTRA);
  for (int k = 0; k < SHED_LANES; k++) {
    const int r = rows[k];
    if (r < 0) {
      continue;
    }
    float cost = n->kind == SHED_STEP_EXTRA ? 0 : s->t->events[n->event].lane_cost[k];
    for (int u = n->start + s->min_grid; u <= next; u++) {
      float v =
          shed_search_row(s, u)[r] - shed_search_row(s, n->start)[r] - cost + s->e->gap[next] - s->e->gap[u];
      if (v > best) {
        best      = v;
        out->end  = u;
        out->lane = n->kind == SHED_STEP_EXTRA ? (int)lround(shed_lane_midi(r)) : k;
      }
    }
  }
}

static shed_status
read_back(const search *s, shed_path *out)
{
  size_t n = 0;
  for (int i = s->end_node; i != NO_NODE; i = s->nodes[i].parent) {
    n++;
  }
  if (n == 0) {
    return SHED_OK;
  }
  out->segments = shed_calloc(s->alloc, n, sizeof(*out->segments));
  if (!out->segments) {
    return SHED_E_NOMEM;
  }
  out->n   = n;
  int next = s->e->n;
  for (int i = s->end_node; i != NO_NODE; i = s->nodes[i].parent) {
    shed_segment *seg = &out->segments[--n];
    seg->row          = -1;
    seg->event        = s->nodes[i].event;
    seg->kind         = s->nodes[i].kind;
    seg->start        = s->nodes[i].start;
    seg->period       = s->nodes[i].period;
    settle(s, &s->nodes[i], next, seg);
    next = seg->start;
  }
  return SHED_OK;
}

static void
search_free(search *s)
{
  shed_free(s->alloc, s->nodes);
  shed_free(s->alloc, s->remap);
  shed_free(s->alloc, s->pool);
  shed_free(s->alloc, s->open);
  shed_free(s->alloc, s->spare);
  shed_free(s->alloc, s->omitted);
  shed_free(s->alloc, s->extra_rows);
  shed_free(s->alloc, s->asked);
  shed_free(s->alloc, s->extra_asked);
  shed_free(s->alloc, s->event_asked);
  shed_free(s->alloc, s->at_s);
  shed_free(s->alloc, s->ahead_s);
  shed_free(s->alloc, s->same);
  shed_free(s->alloc, s->beat);
  shed_free(s->alloc, s->beat_of);
  shed_free(s->alloc, s->ahead_of);
  shed_free(s->alloc, s->won);
  shed_free(s->alloc, s->bound);
  shed_free(s->alloc, s->bound_of);
  shed_free(s->alloc, s->midi);
  shed_free(s->alloc, s->ranks);
  shed_free(s->alloc, s->order);
  shed_free(s->alloc, s->nth);
  shed_free(s->alloc, s->classes);
  shed_free(s->alloc, s->rows);
  shed_free(s->alloc, s->row_costs);
  shed_free(s->alloc, s->keep);
  shed_free(s->alloc, s->slot);
  shed_free(s->alloc, s->slot_extra);
  shed_free(s->alloc, s->lanes);
  shed_free(s->alloc, s->lanes_of);
  shed_free(s->alloc, s->allowed);
  shed_free(s->alloc, s->held);
  shed_free(s->alloc, s->could);
}

void
shed_path_free(shed_path *p)
{
  shed_free(p->alloc, p->segments);
  memset(p, 0, sizeof(*p));
}

static bool
make_room(search *s, size_t n, size_t places)
{
  const shed_alloc *alloc = s->alloc;
  s->pool                 = shed_calloc(alloc, places, sizeof(*s->pool));
  s->open                 = shed_calloc(alloc, places, sizeof(void *));
  s->spare                = shed_calloc(alloc, places, sizeof(void *));
  s->ranks                = shed_calloc(alloc, places, sizeof(*s->ranks));
  s->keep                 = shed_calloc(alloc, places, sizeof(*s->keep));
  s->slot                 = shed_calloc(alloc, n, sizeof(int));
  s->slot_extra           = shed_calloc(alloc, n, sizeof(int));
  s->classes              = shed_calloc(alloc, CLASSES_OF_EVENT * n, sizeof(*s->classes));
  s->rows                 = shed_calloc(alloc, 2 * SHED_LANES * n, sizeof(*s->rows));
  s->row_costs            = shed_calloc(alloc, 2 * SHED_LANES * n, sizeof(*s->row_costs));
  s->order                = shed_calloc(alloc, places, sizeof(*s->order));
  s->nth                  = shed_calloc(alloc, places, sizeof(*s->nth));
  s->lanes                = shed_calloc(alloc, 2 * SHED_LANES * n, sizeof(float));
  s->lanes_of             = shed_calloc(alloc, 2 * n, sizeof(int));
  s->omitted              = shed_calloc(alloc, n, sizeof(*s->omitted));
  s->extra_rows           = shed_calloc(alloc, SHED_LANES * n, sizeof(*s->extra_rows));
  s->asked                = shed_calloc(alloc, SHED_LANE_COUNT, sizeof(*s->asked));
  s->extra_asked          = shed_calloc(alloc, n, sizeof(*s->extra_asked));
  s->event_asked          = shed_calloc(alloc, n, sizeof(*s->event_asked));
  s->at_s                 = shed_calloc(alloc, n, sizeof(*s->at_s));
  s->midi                 = shed_calloc(alloc, n, sizeof(*s->midi));
  s->ahead_s              = shed_calloc(alloc, SHED_AHEAD_ROOM * n, sizeof(*s->ahead_s));
  s->same                 = shed_calloc(alloc, SHED_AHEAD_ROOM * n, sizeof(*s->same));
  s->beat                 = shed_calloc(alloc, n + 1 + SHED_AHEAD_ROOM, sizeof(*s->beat));
  s->beat_of              = shed_calloc(alloc, n, sizeof(*s->beat_of));
  s->ahead_of             = shed_calloc(alloc, n, sizeof(*s->ahead_of));
  s->won                  = shed_calloc(alloc, MOST_NEW, sizeof(*s->won));
  s->bound                = shed_calloc(alloc, n, sizeof(*s->bound));
  s->bound_of             = shed_calloc(alloc, n, sizeof(*s->bound_of));
  const bool looks        = s->o->within && s->o->within->n > 0;
  s->allowed              = looks ? shed_calloc(alloc, 2 * n, sizeof(*s->allowed)) : NULL;
  return (!looks || s->allowed) && s->pool && s->open && s->spare && s->ranks && s->keep && s->slot &&
         s->slot_extra && s->classes && s->rows && s->row_costs && s->order && s->nth && s->lanes &&
         s->lanes_of && s->omitted && s->extra_rows && s->asked && s->extra_asked && s->event_asked &&
         s->at_s && s->midi && s->ahead_s && s->same && s->beat && s->beat_of && s->ahead_of && s->won &&
         s->bound && s->bound_of;
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
      s->same[e * SHED_AHEAD_ROOM + k]    = to->main_midi == t->events[e].main_midi ? ~0U : 0;
    }
  }
  for (int k = 0; k < SHED_AHEAD_ROOM; k++) {
    s->left_out[k]               = k < SHED_PATH_AHEAD ? shed_cost_omit(k) : -NEVER;
    s->beat[t->n_events + 1 + k] = -NEVER;
  }
  s->beat[t->n_events] = -NEVER;
  while (s->n_spare < places) {
    s->spare[s->n_spare] = &s->pool[s->n_spare];
    s->n_spare++;
  }
}

shed_status
shed_path_find(const shed_align_target *t, const shed_evidence *e, const shed_path_opts *opts,
               const shed_alloc *alloc, shed_path *out)
{
  search      s   = {.t = t, .e = e, .o = opts, .alloc = alloc, .end_node = NO_NODE, .sweep_at = SWEEP_FROM};
  shed_path   p   = {.alloc = alloc};
  shed_status st  = SHED_OK;
  int         min = (int)lround(SHED_MIN_NOTE_MS / 1000. / e->hop_s);
  s.min_grid      = min > 1 ? min : 1;
  s.young         = (int)lround(YOUNG_MS / 1000. / e->hop_s);
  s.soon          = (int)lround(SOON_MS / 1000. / e->hop_s);
  s.hold          = opts->held ? (int)lround(HOLD_MS / 1000. / e->hop_s) : 0;
  s.end_value     = SHED_OUTSIDE * e->gap[e->n] - SHED_COST_OMIT_MOST;

  const float nothing = s.end_value;
  const int   places  = opts->beam + MOST_NEW;
  if (make_room(&s, (size_t)t->n_events, (size_t)places)) {
    lay_out(&s, places);
  } else {
    st = SHED_E_NOMEM;
  }
  if (st == SHED_OK && opts->least && !bound_gains(&s)) {
    st = SHED_E_NOMEM;
  }
  for (int at = 0; at <= e->n && st == SHED_OK && !p.given_up; at++) {
    st         = step_at(&s, at);
    p.value    = opts->least && s.could ? most_at(&s, s.best, at) - nothing : 0;
    p.given_up = opts->least && s.could && p.value < *opts->least;
  }
  if (st == SHED_OK && !p.given_up) {
    p.value = s.end_value - nothing;
    st      = read_back(&s, &p);
  }
  if (st == SHED_OK && opts->held && !p.given_up) {
    st = shed_search_corridor(&s, opts->held);
  }
  search_free(&s);
  if (st == SHED_OK) {
    *out = p;
  } else {
    shed_path_free(&p);
  }
  return st;
}
