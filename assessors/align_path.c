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

typedef shed_search       search;
typedef shed_search_node  node;
typedef shed_search_fixed fixed;
typedef shed_search_open  open_ones;

// -- one grid point ------------------------------------------------------------------------------------------------

/// The sums of an event's lanes at this grid point, side by side; lanes that it has not are those of the first row, which a
/// hypothesis never counts. Its classes have no best yet.
static void
look_at_place(search *s, int place, const float *row, int at)
{
  float     *lanes   = &s->lanes[(size_t)place * SHED_LANES];
  const int *rows    = &s->rows[(size_t)place * SHED_LANES];
  s->lanes_of[place] = at + 1;
  for (int k = 0; k < SHED_LANES; k++) {
    lanes[k] = row[rows[k]];
  }
  for (int c = 0; c < CLASSES_OF_PLACE; c++) {
    s->class_best[place * CLASSES_OF_PLACE + c] = NEVER;
  }
}

/// Of each the most that its lanes have gained since it began, put where what it is worth will stand.
static void
gain(search *s, int at)
{
  const open_ones *o   = &s->open;
  const float     *row = shed_search_row(s, at);
  for (int h = 0; h < o->n; h++) {
    const int place = o->fixed[h].place;
    if (s->lanes_of[place] != at + 1) {
      look_at_place(s, place, row, at);
    }
    o->running[h] = shed_lanes_most(&s->lanes[(size_t)place * SHED_LANES],
                                    &s->from[(size_t)o->fixed[h].slot * SHED_LANES]);
  }
}

/// The best over all ends of each note, its latest end included; and with that end alone.
static void
settle_values(open_ones *o, float gap)
{
  const float *restrict base = o->base;
  float *restrict running = o->running, *restrict ended = o->ended, *restrict value = o->value;
  for (int h = 0; h < o->n_whole; h++) {
    const float most = running[h], now = most - gap, best = now > ended[h] ? now : ended[h];
    running[h] = base[h] + most;
    ended[h]   = best;
    value[h]   = base[h] + (best + gap);
  }
  for (int h = o->n_whole; h < o->n; h++) {
    running[h] = base[h] + running[h];
    value[h]   = running[h];
  }
}

static void
name_classes(int *restrict now, const int *restrict classes, const float *restrict value,
             const float *restrict running, int n)
{
  for (int h = 0; h < n; h++) {
    now[h] = classes[h] + (running[h] >= value[h] - LIVE_WITHIN ? 1 : 0);
  }
}

/// Hypotheses of one event compete in classes, by what may still become of them: one just begun has had no time to gain; a
/// note that still speaks will gain by what comes; one that has ended keeps its value and differs from others of its event by
/// its timing alone. Without the distinction a note begun too early in a tail would crowd out the same note begun where it
/// really is. Tell the class of each, and the best of each class. @return the best of all.
static float
sort_in_classes(search *s, int at)
{
  open_ones *o    = &s->open;
  float      best = NEVER;
  int        old  = o->n;
  while (old > 0 && at <= o->fixed[old - 1].start + s->young) {
    old--;
  }
  name_classes(o->class_now, o->classes, o->value, o->running, old);
  for (int h = old; h < o->n; h++) {
    o->class_now[h] = o->classes[h] + 2;
  }
  const float *value = o->value;
  for (int h = 0; h < o->n; h++) {
    float *of_class = &s->class_best[o->class_now[h]];
    *of_class       = value[h] > *of_class ? value[h] : *of_class;
    best            = value[h] > best ? value[h] : best;
  }
  return best;
}

/// The best end of all, if all that is left is left out. It is seldom at this grid point.
static void
note_end(search *s, int at)
{
  const open_ones *o    = &s->open;
  const float      rest = SHED_OUTSIDE * (s->e->gap[s->e->n] - s->e->gap[at]);
  for (int h = 0; h < o->n_whole; h++) {
    h = shed_lanes_above(o->value, o->omitted, rest, s->end_value, h, o->n_whole);
    if (h < o->n_whole) {
      s->end_value                = o->value[h] + rest - o->omitted[h];
      s->end_node                 = s->node_of[o->fixed[h].slot];
      s->nodes[s->end_node].last  = s->e->n;
      s->nodes[s->end_node].until = at;
    }
  }
}

/// @return the best value of all. The best end of all is noted.
static float
advance(search *s, int at)
{
  shed_search_count_whole(s, at);
  gain(s, at);
  settle_values(&s->open, s->e->gap[at]);
  note_end(s, at);
  return sort_in_classes(s, at);
}

static void
start_lanes(float *restrict from, const float *restrict lanes, const float *restrict costs)
{
  for (int k = 0; k < SHED_LANES; k++) {
    from[k] = lanes[k] + costs[k];
  }
}

/// Put a hypothesis behind the last.
static void
open_one(search *s, const node *n, float value, int at)
{
  open_ones   *o     = &s->open;
  const bool   extra = n->kind == SHED_STEP_EXTRA;
  const int    place = 2 * n->event + (extra ? 1 : 0), slot = s->spare[--s->n_spare], h = o->n++;
  const bool   stray = !shed_search_within(s, n->event, extra, at);
  const float *row   = shed_search_row(s, at);
  s->node_of[slot]   = (int)s->n_nodes;
  s->index_of[slot]  = h;
  o->fixed[h] =
      (fixed){.place = place, .slot = slot, .start = at, .event_start = n->event_start, .period = n->period};
  o->until[h]   = s->anywhere || stray ? s->e->n : s->allowed[place].until;
  o->width[h]   = stray ? STRAY_WIDTH : BEAM_WIDTH;
  o->omitted[h] = s->omitted[n->event];
  o->classes[h] = CLASSES_OF_PLACE * place;
  o->base[h]    = value;
  o->value[h]   = value;
  o->running[h] = value;
  o->ended[h]   = NEVER;
  if (s->lanes_of[place] != at + 1) {
    look_at_place(s, place, row, at);
  }
  start_lanes(&s->from[(size_t)slot * SHED_LANES], &s->lanes[(size_t)place * SHED_LANES],
              &s->row_costs[(size_t)place * SHED_LANES]);
}

static shed_status
begin(search *s, int fresh, int at)
{
  const int from = s->fresh[fresh].from;
  node      n    = {.event  = s->fresh[fresh].event,
                    .kind   = s->fresh[fresh].kind,
                    .start  = at,
                    .last   = at,
                    .until  = -1,
                    .parent = from < 0 ? NO_NODE : s->node_of[s->open.fixed[from].slot],
                    .period = shed_search_period(s, fresh, at)};
  if (s->n_nodes == s->cap_nodes) {
    shed_status st = shed_grow(s->alloc, (void **)&s->nodes, &s->cap_nodes, s->n_nodes, sizeof(node));
    if (st != SHED_OK) {
      return st;
    }
  }
  // an extra note always follows another
  n.event_start = n.kind == SHED_STEP_EXTRA && from >= 0 ? s->open.fixed[from].event_start : at;
  open_one(s, &n, s->fresh[fresh].value, at);
  s->nodes[s->n_nodes++] = n;
  return SHED_OK;
}

static shed_status
begin_all(search *s, int at, float best)
{
  const int   n_open = s->open.n;
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
  s->top     = s->open.n > 0 ? best : NEVER;
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
  shed_free(s->alloc, s->room);
  shed_free(s->alloc, s->held);
  shed_free(s->alloc, s->could);
}

void
shed_path_free(shed_path *p)
{
  shed_free(p->alloc, p->segments);
  memset(p, 0, sizeof(*p));
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
  st                  = shed_search_make_room(&s);
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
