// About this file: what may begin at a grid point. Every event may begin anew from the best hypothesis before it: the next one,
// one ahead over left-out notes, a jump, an extra note, the music's first note.
#include "assessors/align_ahead.h"
#include "assessors/align_cost.h"
#include "assessors/align_search.h"

#include <math.h>

typedef shed_search            search;
typedef shed_search_hypothesis hypothesis;

enum { JUMPS_FROM = 3 };

static float
cost_start_at(const search *s, bool same_pitch, int at)
{
  return shed_cost_begin(same_pitch, s->e->attack[at], s->e->faint[at], s->e->stroke[at]);
}

/// Does a sound that begins at this grid point speak for a pitch, on the whole, in its first moments? Asked of a few rows again
/// and again, and worked out once.
static bool
speaks_soon(search *s, int row, int at)
{
  if (row < 0) {
    return false;
  }
  if (s->asked[row] / 2 != at + 1) {
    int  until    = at + s->soon < s->e->n ? at + s->soon : s->e->n;
    bool speaks   = shed_search_row(s, until)[row] > shed_search_row(s, at)[row];
    s->asked[row] = 2 * (at + 1) + (speaks ? 1 : 0);
  }
  return s->asked[row] % 2 == 1;
}

/// Does it for an event's own pitch (one of them, of a chord)? Who begins anew begins with what is written: without this the
/// beam would fill with beginnings of everything at every attack, and lose the way that the music goes on.
static bool
event_speaks(search *s, int event, int at)
{
  const shed_align_event *ev = &s->t->events[event];
  if (s->event_asked[event] / 2 != at + 1) {
    bool any = false;
    for (int k = 0; k < SHED_LANES && !any; k++) {
      any = ev->lane[k] >= 0 && ev->lane_cost[k] <= 0 && speaks_soon(s, ev->lane[k], at);
    }
    s->event_asked[event] = 2 * (at + 1) + (any ? 1 : 0);
  }
  return s->event_asked[event] % 2 == 1;
}

/// Asked of every way that stands in the event, and worked out once.
static bool
extra_speaks(search *s, int event, int at)
{
  const int *rows = shed_search_rows(s, event, true);
  if (s->extra_asked[event] / 2 != at + 1) {
    bool any = false;
    for (int k = 0; k < SHED_LANES && !any; k++) {
      any = speaks_soon(s, rows[k], at);
    }
    s->extra_asked[event] = 2 * (at + 1) + (any ? 1 : 0);
  }
  return s->extra_asked[event] % 2 == 1;
}

// -- proposing -----------------------------------------------------------------------------------------------------

/// @return whether it stands, for now.
static bool
propose(search *s, int event, shed_step_kind kind, float value, int from)
{
  int *slot = kind == SHED_STEP_EXTRA ? &s->slot_extra[event] : &s->slot[event];
  if (*slot == 0) {
    if (s->n_fresh == MOST_NEW) {
      return false;
    }
    s->fresh[s->n_fresh].value = NEVER;
    s->fresh[s->n_fresh].event = event;
    *slot                      = ++s->n_fresh;
  }
  if (value > s->fresh[*slot - 1].value) {
    s->fresh[*slot - 1].value = value;
    s->fresh[*slot - 1].from  = from;
    s->fresh[*slot - 1].kind  = kind;
    return true;
  }
  return false;
}

float
shed_search_period(const search *s, int fresh, int at)
{
  if (s->fresh[fresh].from < 0) {
    return s->o->period;
  }
  const hypothesis *hy = s->open[s->fresh[fresh].from];
  if (s->fresh[fresh].kind != SHED_STEP_NEXT) {
    return hy->period;
  }
  const double score_s    = s->at_s[s->fresh[fresh].event] - s->at_s[hy->event];
  const double interval_s = (at - hy->event_start) * s->e->hop_s;
  return (float)shed_period_next((double)hy->period, (double)s->o->period, s->o->tempo_given, interval_s,
                                 score_s);
}

/// What must be beaten to begin an event: the beam, until somebody has its slot; then who has it, and what is known to come.
static void
raise_beat(search *s, int event, int at)
{
  const float value = s->fresh[s->slot[event] - 1].value;
  float      *beat  = &s->beat[event];
  *beat             = value > *beat ? value : *beat;
  *beat             = s->bound_of[event] == at + 1 && s->bound[event] > *beat ? s->bound[event] : *beat;
}

/// The same of the events ahead of one, before anybody has a slot; made when first asked for.
static void
look_ahead(search *s, int event, int at)
{
  s->ahead_of[event] = at + 1;
  for (int to = event + 1; to <= event + SHED_PATH_AHEAD && to < s->t->n_events; to++) {
    if (s->beat_of[to] != at + 1) {
      const bool may = to <= s->may_last && shed_search_may_begin(s, to, false, at);
      s->beat_of[to] = at + 1;
      s->beat[to]    = may ? s->top - BEAM_WIDTH : -NEVER;
    }
  }
}

/// What a way is worth that goes to one of the events ahead; NEVER where it is no better than what is to be beaten.
static float
value_ahead(const search *s, const hypothesis *hy, int to, double interval, float beat)
{
  const int   e     = hy->event;
  const int   same  = s->midi[to] == s->midi[e] ? 1 : 0;
  const float value = hy->value - s->left_out[to - e - 1] - s->begin_cost[same];
  if (value <= beat) {
    return NEVER; // whatever its timing
  }
  const bool   sounds   = hy->running >= hy->value - SHED_SOUNDS_WITHIN;
  const double expected = (s->at_s[to] - s->at_s[e]) * (double)hy->period;
  const float  timing   = shed_cost_timing(interval, expected, sounds);
  if (interval < expected && timing >= SHED_TIMING_EARLY_MOST) {
    return NEVER;
  }
  return value - timing > beat ? value - timing : NEVER;
}

static void
propose_next(search *s, int h, int at)
{
  const hypothesis *hy = s->open[h];
  const int         e  = hy->event;
  if (s->ahead_of[e] != at + 1) {
    look_ahead(s, e, at);
  }
  const double          interval = (at - hy->event_start) * s->e->hop_s;
  const bool            sounds   = hy->running >= hy->value - SHED_SOUNDS_WITHIN;
  const shed_ahead_need need     = {.cost = {s->go_cost[0], s->go_cost[1]},
                                    .same = &s->same[(size_t)e * SHED_AHEAD_ROOM],
                                    .beat = &s->beat[e + 1]};
  const shed_ahead_way  way      = {.value      = hy->value,
                                    .interval_s = (float)interval,
                                    .period     = hy->period,
                                    .late_most  = sounds ? SHED_TIMING_HELD_MOST : SHED_TIMING_LATE_MOST};
  unsigned              may      = shed_ahead_may(&s->ahead_s[(size_t)e * SHED_AHEAD_ROOM], &need, &way);
  for (int to = e + 1; may; to++, may >>= 1) {
    const float value = may & 1 ? value_ahead(s, hy, to, interval, s->beat[to]) : NEVER;
    if (value > NEVER && propose(s, to, SHED_STEP_NEXT, value, h)) {
      raise_beat(s, to, at);
    }
  }
}

/// From where an event began best it mostly begins best at the next grid point too: so much is worked out first, and what is worse
/// need not be.
static void
set_bounds(search *s, int at)
{
  for (int i = 0; i < s->n_won; i++) {
    const shed_search_won *w  = &s->won[i];
    const hypothesis      *hy = w->from;
    if (hy->is_open && hy->start == w->start && w->to <= s->may_last &&
        shed_search_may_begin(s, w->to, false, at)) {
      const double interval = (at - hy->event_start) * s->e->hop_s;
      const float  value    = value_ahead(s, hy, w->to, interval, s->top - BEAM_WIDTH);
      if (value > NEVER) {
        s->bound[w->to]    = value - SHED_AHEAD_ROUNDED;
        s->bound_of[w->to] = at + 1;
      }
    }
  }
}

static void
note_won(search *s)
{
  s->n_won = 0;
  for (int i = 0; i < s->n_fresh; i++) {
    if (s->fresh[i].kind == SHED_STEP_NEXT && s->fresh[i].value > NEVER) {
      const hypothesis *from = s->open[s->fresh[i].from];
      s->won[s->n_won++]     = (shed_search_won){s->fresh[i].event, from->start, from};
    }
  }
}

/// How long after the note that would have come next, s.
static double
waited_at(const search *s, const hypothesis *hy, int at)
{
  const shed_align_event *ev     = &s->t->events[hy->event];
  const double            length = hy->event + 1 < s->t->n_events ? (ev + 1)->at_s - ev->at_s : ev->length_s;
  return (at - hy->event_start) * s->e->hop_s - length * (double)hy->period;
}

static void
propose_jumps(search *s, int h, int at)
{
  const hypothesis       *hy   = s->open[h];
  const int               k    = hy->event;
  const shed_align_event *ev   = s->t->events;
  const float             base = hy->value - SHED_COST_JUMP;
  const float             back = hy->value - shed_cost_jump_back(waited_at(s, hy, at));
  for (int j = k; j >= 0 && j > k - SHED_PATH_FAR; j--) {
    if ((j > k - SHED_PATH_BACK || ev[j].bar_start) && shed_search_may_begin(s, j, false, at) &&
        event_speaks(s, j, at)) {
      bool same = ev[j].main_midi == ev[k].main_midi;
      (void)propose(s, j, SHED_STEP_JUMP, back - s->begin_cost[same ? 1 : 0], h);
    }
  }
  if (k >= SHED_PATH_FAR && shed_search_may_begin(s, 0, false, at) && event_speaks(s, 0, at)) {
    (void)propose(s, 0, SHED_STEP_JUMP, back - s->begin_cost[0], h);
  }
  for (int j = k + 2; j < s->t->n_events && j <= k + SHED_PATH_LEAP; j++) {
    if ((j <= k + SHED_PATH_AHEAD || ev[j].bar_start) && shed_search_may_begin(s, j, false, at) &&
        event_speaks(s, j, at)) {
      bool same = ev[j].main_midi == ev[k].main_midi;
      (void)propose(s, j, SHED_STEP_JUMP, base - shed_cost_leap(j - k - 1) - s->begin_cost[same ? 1 : 0], h);
    }
  }
}

static void
propose_starts(search *s, int at)
{
  const float before = SHED_OUTSIDE * s->e->gap[at];
  for (int j = 0; j < s->t->n_events && j < SHED_PATH_FAR; j++) {
    if ((j < SHED_PATH_BACK || s->t->events[j].bar_start) && shed_search_may_begin(s, j, false, at)) {
      float value = before - shed_cost_start(j) - shed_cost_faint_start(s->e->faint[at]) - s->begin_cost[0];
      (void)propose(s, j, SHED_STEP_START, value, -1);
    }
  }
}

/// The best hypotheses that stand in different events. @return how many.
static int
best_of_events(const search *s, int at, int from[JUMPS_FROM])
{
  float value[JUMPS_FROM];
  int   event[JUMPS_FROM], n = 0;
  for (int h = 0; h < s->n_open; h++) {
    const hypothesis *hy = s->open[h];
    if (at < hy->whole_from || (n == JUMPS_FROM && hy->value <= value[n - 1])) {
      continue;
    }
    int i = 0;
    while (i < n && event[i] != hy->event) {
      i++;
    }
    if (i < n && hy->value <= value[i]) {
      continue;
    }
    // in the place of its event's, or of the last; then up, past what is less
    i = i < n ? i : n < JUMPS_FROM ? n++ : n - 1;
    for (; i > 0 && value[i - 1] < hy->value; i--) {
      value[i] = value[i - 1];
      event[i] = event[i - 1];
      from[i]  = from[i - 1];
    }
    value[i] = hy->value;
    event[i] = hy->event;
    from[i]  = h;
  }
  return n;
}

static shed_search_class *
young_of(const search *s, int place)
{
  return &s->classes[CLASSES_OF_EVENT / 2 * (place + 1) - 1];
}

/// Note the best of those that will still be young at the next grid point.
static void
note_young(search *s, const hypothesis *hy, int at)
{
  shed_search_class *c = young_of(s, hy->place);
  c->young             = c->young_stamp == at + 1 && c->young >= hy->value ? c->young : hy->value;
  c->young_stamp       = at + 1;
}

static void
propose_all(search *s, int at)
{
  s->begin_cost[0] = cost_start_at(s, false, at);
  s->begin_cost[1] = cost_start_at(s, true, at);
  if (s->may_last < 0) {
    return; // nothing may begin here
  }
  for (int k = 0; k < SHED_AHEAD_ROOM; k++) {
    s->go_cost[0][k] = s->left_out[k] + s->begin_cost[0];
    s->go_cost[1][k] = s->left_out[k] + s->begin_cost[1];
  }
  set_bounds(s, at);
  const bool  extras     = s->o->extras && s->e->attack[at] >= SHED_EXTRA_ATTACK;
  const float extra_cost = SHED_COST_EXTRA + shed_cost_begin(false, s->e->attack[at], s->e->faint[at], 0);
  for (int h = 0; h < s->n_open; h++) {
    const hypothesis *hy = s->open[h];
    if (at < hy->young_until) {
      note_young(s, hy, at);
    }
    if (at < hy->whole_from) {
      continue;
    }
    propose_next(s, h, at);
    if (extras && shed_search_may_begin(s, hy->event, true, at) && extra_speaks(s, hy->event, at)) {
      (void)propose(s, hy->event, SHED_STEP_EXTRA, hy->value - extra_cost, h);
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

/// How much a note that has just begun may gain on another in one frame of the take: from nothing to all of what a frame
/// can say for it, while the other loses all that a frame can take, and a clear attack goes against it.
static float
gain_most(const search *s)
{
  return 3 * SHED_EVIDENCE_UNIT * (float)s->e->step + SHED_GAP_ATTACK;
}

/// Of what may begin, drop what is sure to be pruned at the next grid point: far below another that has just begun. Most of it
/// is.
static void
drop_hopeless(search *s, int at)
{
  const float margin = CLASS_WIDTH + gain_most(s);
  for (int i = 0; i < s->n_fresh; i++) {
    const shed_search_class *c =
        young_of(s, 2 * s->fresh[i].event + (s->fresh[i].kind == SHED_STEP_EXTRA ? 1 : 0));
    if (c->young_stamp == at + 1 && s->fresh[i].value < c->young - margin) {
      s->fresh[i].value = NEVER;
    }
  }
}

void
shed_search_propose(search *s, int at)
{
  propose_all(s, at);
  note_won(s);
  drop_hopeless(s, at);
}
