// About this file: the search. A hypothesis is an open segment: an event (or an extra note after one) that began at some
// grid point; it carries for each of its pitches the best sum so far over all ends of the note, so that time costs one
// addition a pitch. At each grid point every event may begin anew from the best hypothesis before it; the beam keeps the
// best. Begun segments are nodes of a tree; dead branches are swept when the tree has grown.
#include "assessors/align.h"
#include "assessors/align_cost.h"
#include "assessors/align_search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef shed_search            search;
typedef shed_search_node       node;
typedef shed_search_hypothesis hypothesis;

static const float *
sums_at(const search *s, int at)
{
  return s->e->sum + (size_t)at * SHED_LANE_COUNT;
}

enum { JUMPS_FROM = 3, FOUR = 4 };

static float
cost_start_at(const search *s, bool same_pitch, int at)
{
  return shed_cost_begin(same_pitch, s->e->attack[at], s->e->faint[at], s->e->stroke[at]);
}

// -- extras: the pitches around the event that they follow, never its own ----------------------------------------

static int
extra_lane(const shed_align_event *ev, int k)
{
  static const int around[SHED_LANES] = {1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 7, -7, 12, -12};
  return shed_lane_of(ev->pitch + around[k]);
}

static int
lane_row(const search *s, const node *n, int k)
{
  const shed_align_event *ev = &s->t->events[n->event];
  return n->kind == SHED_STEP_EXTRA ? extra_lane(ev, k) : ev->lane[k];
}

/// Does a sound that begins at this grid point speak for a pitch, on the whole, in its first moments?
static bool
speaks_soon(const search *s, int row, int at)
{
  int until = at + s->soon < s->e->n ? at + s->soon : s->e->n;
  return row >= 0 && sums_at(s, until)[row] > sums_at(s, at)[row];
}

/// Does it for an event's own pitch (one of them, of a chord)? Who begins anew begins with what is written: without this the
/// beam would fill with beginnings of everything at every attack, and lose the way that the music goes on.
static bool
event_speaks(const search *s, const shed_align_event *ev, int at)
{
  bool any = false;
  for (int k = 0; k < SHED_LANES && !any; k++) {
    any = ev->lane[k] >= 0 && ev->lane_cost[k] <= 0 && speaks_soon(s, ev->lane[k], at);
  }
  return any;
}

static bool
extra_speaks(const search *s, const shed_align_event *ev, int at)
{
  bool any = false;
  for (int k = 0; k < SHED_LANES && !any; k++) {
    any = speaks_soon(s, extra_lane(ev, k), at);
  }
  return any;
}

// -- proposing -----------------------------------------------------------------------------------------------------

static void
propose(search *s, int event, shed_step_kind kind, float value, float period, int from)
{
  int *slot = kind == SHED_STEP_EXTRA ? &s->slot_extra[event] : &s->slot[event];
  if (*slot == 0) {
    if (s->n_fresh == MOST_NEW) {
      return;
    }
    s->fresh[s->n_fresh].value = NEVER;
    *slot                      = ++s->n_fresh;
  }
  if (value > s->fresh[*slot - 1].value) {
    s->fresh[*slot - 1].value  = value;
    s->fresh[*slot - 1].period = period;
    s->fresh[*slot - 1].from   = from;
    s->fresh[*slot - 1].event  = event;
    s->fresh[*slot - 1].kind   = kind;
  }
}

/// What a proposal must beat to be worth working out.
static float
value_to_beat(const search *s, int event)
{
  float floor = s->top - BEAM_WIDTH;
  return s->slot[event] ? fmaxf(floor, s->fresh[s->slot[event] - 1].value) : floor;
}

static void
propose_next(search *s, int h, int at)
{
  const hypothesis       *hy       = &s->open[h];
  const node             *n        = &s->nodes[hy->node];
  const shed_align_event *ev       = &s->t->events[n->event];
  const double            interval = (at - n->event_start) * s->e->hop_s;
  const bool              sounds   = hy->running >= hy->value - SHED_SOUNDS_WITHIN;
  for (int ahead = 1; ahead <= SHED_PATH_AHEAD && n->event + ahead < s->t->n_events; ahead++) {
    const shed_align_event *to = &s->t->events[n->event + ahead];
    float                   value =
        hy->value - shed_cost_omit(ahead - 1) - cost_start_at(s, to->main_midi == ev->main_midi, at);
    if (value <= value_to_beat(s, n->event + ahead)) {
      continue; // whatever its timing
    }
    const double expected = (to->at_s - ev->at_s) * (double)n->period;
    float        timing   = shed_cost_timing(interval, expected, sounds);
    if (interval < expected && timing >= SHED_TIMING_EARLY_MOST) {
      break;
    }
    if (value - timing > value_to_beat(s, n->event + ahead)) {
      double period = shed_period_next((double)n->period, (double)s->o->period, s->o->tempo_given, interval,
                                       to->at_s - ev->at_s);
      propose(s, n->event + ahead, SHED_STEP_NEXT, value - timing, (float)period, h);
    }
  }
}

/// How long after the note that would have come next, s.
static double
waited_at(const search *s, const node *n, int at)
{
  const shed_align_event *ev     = &s->t->events[n->event];
  const double            length = n->event + 1 < s->t->n_events ? (ev + 1)->at_s - ev->at_s : ev->length_s;
  return (at - n->event_start) * s->e->hop_s - length * (double)n->period;
}

static void
propose_jumps(search *s, int h, int at)
{
  const hypothesis       *hy   = &s->open[h];
  const node             *n    = &s->nodes[hy->node];
  const int               k    = n->event;
  const shed_align_event *ev   = s->t->events;
  const float             base = hy->value - SHED_COST_JUMP;
  const float             back = hy->value - shed_cost_jump_back(waited_at(s, n, at));
  for (int j = k; j >= 0 && j > k - SHED_PATH_FAR; j--) {
    if ((j > k - SHED_PATH_BACK || ev[j].bar_start) && event_speaks(s, &ev[j], at)) {
      bool same = ev[j].main_midi == ev[k].main_midi;
      propose(s, j, SHED_STEP_JUMP, back - cost_start_at(s, same, at), n->period, h);
    }
  }
  if (k >= SHED_PATH_FAR && event_speaks(s, &ev[0], at)) {
    propose(s, 0, SHED_STEP_JUMP, back - cost_start_at(s, false, at), n->period, h);
  }
  for (int j = k + 2; j < s->t->n_events && j <= k + SHED_PATH_LEAP; j++) {
    if ((j <= k + SHED_PATH_AHEAD || ev[j].bar_start) && event_speaks(s, &ev[j], at)) {
      bool same = ev[j].main_midi == ev[k].main_midi;
      propose(s, j, SHED_STEP_JUMP, base - shed_cost_leap(j - k - 1) - cost_start_at(s, same, at), n->period,
              h);
    }
  }
}

static void
propose_starts(search *s, int at)
{
  const float before = SHED_OUTSIDE * s->e->gap[at];
  for (int j = 0; j < s->t->n_events && j < SHED_PATH_FAR; j++) {
    if (j < SHED_PATH_BACK || s->t->events[j].bar_start) {
      float value =
          before - shed_cost_start(j) - shed_cost_faint_start(s->e->faint[at]) - cost_start_at(s, false, at);
      propose(s, j, SHED_STEP_START, value, s->o->period, -1);
    }
  }
}

// -- one grid point ------------------------------------------------------------------------------------------------

/// The sums of an event's lanes at this grid point, side by side; lanes that it has not are those of the first row, which a
/// hypothesis never counts.
static const float *
lanes_at(search *s, const node *n, const float *row, int at)
{
  const int place = 2 * n->event + (n->kind == SHED_STEP_EXTRA ? 1 : 0);
  float    *lanes = &s->lanes[(size_t)place * SHED_LANES];
  if (s->lanes_of[place] != at + 1) {
    s->lanes_of[place] = at + 1;
    for (int k = 0; k < SHED_LANES; k++) {
      int r    = lane_row(s, n, k);
      lanes[k] = row[r < 0 ? 0 : r];
    }
  }
  return lanes;
}

static float
highest(const float four[FOUR])
{
  float a = four[0] > four[1] ? four[0] : four[1], b = four[2] > four[3] ? four[2] : four[3];
  return a > b ? a : b;
}

/// The best over all ends of a note, its latest end included; and with that end alone. Four lanes at a time, so that the
/// compiler may take them together.
static void
advance_one(hypothesis *hy, const float *lanes, float gap, bool long_enough)
{
  float running[FOUR] = {NEVER, NEVER, NEVER, NEVER}, ended[FOUR] = {NEVER, NEVER, NEVER, NEVER};
  for (int k = 0; k < SHED_LANES; k += FOUR) {
    for (int i = 0; i < FOUR; i++) {
      float v    = lanes[k + i] - hy->from[k + i];
      running[i] = v > running[i] ? v : running[i];
    }
  }
  hy->running = hy->base + highest(running);
  hy->value   = hy->running;
  if (!long_enough) {
    return;
  }
  for (int k = 0; k < SHED_LANES; k += FOUR) {
    for (int i = 0; i < FOUR; i++) {
      float now       = lanes[k + i] - gap;
      hy->most[k + i] = now > hy->most[k + i] ? now : hy->most[k + i];
      float v         = hy->most[k + i] - hy->from[k + i];
      ended[i]        = v > ended[i] ? v : ended[i];
    }
  }
  hy->value = hy->base + (highest(ended) + gap);
}

static void
advance(search *s, int at)
{
  const float *row = sums_at(s, at);
  const float  gap = s->e->gap[at];
  for (int h = 0; h < s->n_open; h++) {
    hypothesis *hy = &s->open[h];
    const node *n  = &s->nodes[hy->node];
    advance_one(hy, lanes_at(s, n, row, at), gap, at - n->start >= s->min_grid);
  }
}

static shed_status
begin(search *s, int fresh, int at)
{
  const int   from = s->fresh[fresh].from;
  node        n    = {.event  = s->fresh[fresh].event,
                      .kind   = s->fresh[fresh].kind,
                      .start  = at,
                      .parent = from < 0 ? NO_NODE : s->open[from].node,
                      .period = s->fresh[fresh].period};
  shed_status st   = shed_grow(s->alloc, (void **)&s->nodes, &s->cap_nodes, s->n_nodes, sizeof(node));
  if (st != SHED_OK) {
    return st;
  }
  n.event_start    = n.kind == SHED_STEP_EXTRA ? s->nodes[n.parent].event_start : at;
  hypothesis  *hy  = &s->open[s->n_open];
  const float *row = sums_at(s, at);
  hy->node         = (int)s->n_nodes;
  hy->base         = s->fresh[fresh].value;
  hy->value        = hy->base;
  hy->running      = hy->base;
  for (int k = 0; k < SHED_LANES; k++) {
    int r       = lane_row(s, &n, k);
    hy->most[k] = NEVER;
    hy->from[k] = r < 0 ? -NEVER : row[r];
    if (r >= 0 && n.kind != SHED_STEP_EXTRA) {
      hy->from[k] += s->t->events[n.event].lane_cost[k];
    }
  }
  s->nodes[s->n_nodes++] = n;
  s->n_open++;
  return SHED_OK;
}

/// The best hypotheses that stand in different events. @return how many.
static int
best_of_events(const search *s, int at, int from[JUMPS_FROM])
{
  int n = 0;
  for (int round = 0; round < JUMPS_FROM; round++) {
    int best = -1;
    for (int h = 0; h < s->n_open; h++) {
      const node *nd    = &s->nodes[s->open[h].node];
      bool        taken = at - nd->start < s->min_grid;
      for (int i = 0; i < n; i++) {
        taken = taken || s->nodes[s->open[from[i]].node].event == nd->event;
      }
      best = !taken && (best < 0 || s->open[h].value > s->open[best].value) ? h : best;
    }
    if (best < 0) {
      break;
    }
    from[n++] = best;
  }
  return n;
}

static void
propose_all(search *s, int at)
{
  for (int h = 0; h < s->n_open; h++) {
    const node *n = &s->nodes[s->open[h].node];
    if (at - n->start < s->min_grid) {
      continue;
    }
    propose_next(s, h, at);
    if (s->o->extras && s->e->attack[at] >= SHED_EXTRA_ATTACK &&
        extra_speaks(s, &s->t->events[n->event], at)) {
      float value =
          s->open[h].value - SHED_COST_EXTRA - shed_cost_begin(false, s->e->attack[at], s->e->faint[at], 0);
      propose(s, n->event, SHED_STEP_EXTRA, value, n->period, h);
    }
  }
  if (s->o->extras && s->e->attack[at] >= SHED_JUMP_ATTACK) {
    // a jump forgets when its note began: the best hypotheses of a few events are enough
    int from[JUMPS_FROM];
    int n = best_of_events(s, at, from);
    for (int i = 0; i < n; i++) {
      propose_jumps(s, from[i], at);
    }
  }
  propose_starts(s, at);
}

static shed_status
step_at(search *s, int at)
{
  shed_status st   = SHED_OK;
  float       best = NEVER;
  advance(s, at);
  for (int h = 0; h < s->n_open; h++) {
    const node *n    = &s->nodes[s->open[h].node];
    float       rest = SHED_OUTSIDE * (s->e->gap[s->e->n] - s->e->gap[at]);
    float       v    = s->open[h].value + rest - shed_cost_omit(s->t->n_events - 1 - n->event);
    best             = fmaxf(best, s->open[h].value);
    if (at - n->start >= s->min_grid && v > s->end_value) {
      s->end_value = v;
      s->end_node  = s->open[h].node;
    }
  }
  if (at == s->e->n) {
    return SHED_OK;
  }
  shed_search_prune(s, at);
  s->n_fresh = 0;
  s->top     = s->n_open > 0 ? best : NEVER;
  if (s->e->audible[at]) {
    propose_all(s, at);
  }
  const int n_open = s->n_open;
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
  return st == SHED_OK ? shed_search_sweep(s) : st;
}

// -- reading the path back -----------------------------------------------------------------------------------------

/// The pitch and the end of a segment that began at n->start and was followed at @p next.
static void
settle(const search *s, const node *n, int next, shed_segment *out)
{
  float best = NEVER;
  out->end   = next;
  out->lane  = 0;
  for (int k = 0; k < SHED_LANES; k++) {
    int r = lane_row(s, n, k);
    if (r < 0) {
      continue;
    }
    float cost = n->kind == SHED_STEP_EXTRA ? 0 : s->t->events[n->event].lane_cost[k];
    for (int u = n->start + s->min_grid; u <= next; u++) {
      float v = sums_at(s, u)[r] - sums_at(s, n->start)[r] - cost + s->e->gap[next] - s->e->gap[u];
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
  shed_free(s->alloc, s->open);
  shed_free(s->alloc, s->ranks);
  shed_free(s->alloc, s->keep);
  shed_free(s->alloc, s->slot);
  shed_free(s->alloc, s->slot_extra);
  shed_free(s->alloc, s->best);
  shed_free(s->alloc, s->seen);
  shed_free(s->alloc, s->lanes);
  shed_free(s->alloc, s->lanes_of);
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
  s.end_value     = SHED_OUTSIDE * e->gap[e->n] - SHED_COST_OMIT_MOST;
  const float  nothing = s.end_value;
  const size_t places  = (size_t)opts->beam + MOST_NEW;
  s.open               = shed_calloc(alloc, places, sizeof(*s.open));
  s.ranks              = shed_calloc(alloc, places, sizeof(*s.ranks));
  s.keep               = shed_calloc(alloc, places, sizeof(*s.keep));
  s.slot               = shed_calloc(alloc, (size_t)t->n_events, sizeof(int));
  s.slot_extra         = shed_calloc(alloc, (size_t)t->n_events, sizeof(int));
  s.best               = shed_calloc(alloc, CLASSES_OF_EVENT * (size_t)t->n_events, sizeof(float));
  s.seen               = shed_calloc(alloc, CLASSES_OF_EVENT * (size_t)t->n_events, sizeof(int));
  s.lanes              = shed_calloc(alloc, 2 * SHED_LANES * (size_t)t->n_events, sizeof(float));
  s.lanes_of           = shed_calloc(alloc, 2 * (size_t)t->n_events, sizeof(int));
  if (!s.lanes || !s.lanes_of || !s.open || !s.ranks || !s.keep || !s.slot || !s.slot_extra || !s.best ||
      !s.seen) {
    st = SHED_E_NOMEM;
  }
  for (int at = 0; at <= e->n && st == SHED_OK; at++) {
    st = step_at(&s, at);
  }
  if (st == SHED_OK) {
    p.value = s.end_value - nothing;
    st      = read_back(&s, &p);
  }
  search_free(&s);
  if (st == SHED_OK) {
    *out = p;
  }
  return st;
}
