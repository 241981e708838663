// About this file: what may begin at a grid point. Every event may begin anew from the best hypothesis before it: the next one,
// one ahead over left-out notes, a jump, an extra note, the music's first note.
#include "assessors/align_cost.h"
#include "assessors/align_search.h"

#include <math.h>

typedef shed_search            search;
typedef shed_search_hypothesis hypothesis;

enum { JUMPS_FROM = 3 };

static const double ROUNDING      = 1e-6; ///< of a product
static const float  ROUNDED_VALUE = .02F; ///< of values that have grown over half an hour

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
  float other = s->slot[event] ? s->fresh[s->slot[event] - 1].value : NEVER;
  return other > floor ? other : floor;
}

typedef enum { HOPELESS_NOT, HOPELESS_THIS, HOPELESS_ALL } hopeless;

/// Is it plain without a division that an interval's timing costs more than there is room for? Told with a margin for rounding, so
/// that where it is not plain the cost itself decides. The cost is 2 a - 1 from a = 1 on, where a is the stray in units.
static hopeless
is_hopeless(double interval, double expected, bool sounds, float room)
{
  const double stray = interval - expected, a = stray < 0 ? -stray : stray;
  const double unit = SHED_TIMING_UNIT_S + expected * (SHED_TIMING_UNIT_S / SHED_TIMING_LONG_S);
  const float  most = stray < 0 ? SHED_TIMING_EARLY_MOST
                      : sounds  ? SHED_TIMING_HELD_MOST
                                : SHED_TIMING_LATE_MOST;
  const double last = unit * ((double)SHED_TIMING_EARLY_MOST + 1) / 2;
  if (stray < 0 && a > last * (1 + ROUNDING)) {
    return HOPELESS_ALL; // as early as can be; those after it are earlier still
  }
  const double most_a = room > 1 ? ((double)room + 1) / 2 : 1;
  const bool   over   = room < most && a > unit * most_a * (1 + ROUNDING);
  return over && (stray >= 0 || a < last * (1 - ROUNDING)) ? HOPELESS_THIS : HOPELESS_NOT;
}

static void
propose_next(search *s, int h, int at)
{
  const hypothesis *hy       = shed_search_open(s, h);
  const int         e        = hy->event;
  const double      interval = (at - hy->event_start) * s->e->hop_s;
  const bool        sounds   = hy->running >= hy->value - SHED_SOUNDS_WITHIN;
  const float       floor    = s->top - BEAM_WIDTH + s->begin_least;
  const int         last     = e + SHED_PATH_AHEAD < s->may_last ? e + SHED_PATH_AHEAD : s->may_last;
  for (int to = e + 1; to <= last; to++) {
    const float before = hy->value - s->left_out[to - e];
    if (before < floor - ROUNDED_VALUE) {
      break; // nor can what is further ahead be kept
    }
    if (!shed_search_may_begin(s, to, false, at)) {
      continue;
    }
    const float value = before - s->begin_cost[s->midi[to] == s->midi[e] ? 1 : 0];
    const float beat  = value_to_beat(s, to);
    if (value <= beat) {
      continue; // whatever its timing
    }
    const double   ds       = s->at_s[to] - s->at_s[e];
    const double   expected = ds * (double)hy->period;
    const hopeless no       = is_hopeless(interval, expected, sounds, value - beat + ROUNDED_VALUE);
    if (no != HOPELESS_NOT) {
      if (no == HOPELESS_ALL) {
        break;
      }
      continue;
    }
    const float timing = shed_cost_timing(interval, expected, sounds);
    if (interval < expected && timing >= SHED_TIMING_EARLY_MOST) {
      break;
    }
    if (value - timing > beat) {
      double period =
          shed_period_next((double)hy->period, (double)s->o->period, s->o->tempo_given, interval, ds);
      propose(s, to, SHED_STEP_NEXT, value - timing, (float)period, h);
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
  const hypothesis       *hy   = shed_search_open(s, h);
  const int               k    = hy->event;
  const shed_align_event *ev   = s->t->events;
  const float             base = hy->value - SHED_COST_JUMP;
  const float             back = hy->value - shed_cost_jump_back(waited_at(s, hy, at));
  for (int j = k; j >= 0 && j > k - SHED_PATH_FAR; j--) {
    if ((j > k - SHED_PATH_BACK || ev[j].bar_start) && shed_search_may_begin(s, j, false, at) &&
        event_speaks(s, j, at)) {
      bool same = ev[j].main_midi == ev[k].main_midi;
      propose(s, j, SHED_STEP_JUMP, back - s->begin_cost[same ? 1 : 0], hy->period, h);
    }
  }
  if (k >= SHED_PATH_FAR && shed_search_may_begin(s, 0, false, at) && event_speaks(s, 0, at)) {
    propose(s, 0, SHED_STEP_JUMP, back - s->begin_cost[0], hy->period, h);
  }
  for (int j = k + 2; j < s->t->n_events && j <= k + SHED_PATH_LEAP; j++) {
    if ((j <= k + SHED_PATH_AHEAD || ev[j].bar_start) && shed_search_may_begin(s, j, false, at) &&
        event_speaks(s, j, at)) {
      bool same = ev[j].main_midi == ev[k].main_midi;
      propose(s, j, SHED_STEP_JUMP, base - shed_cost_leap(j - k - 1) - s->begin_cost[same ? 1 : 0],
              hy->period, h);
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
      propose(s, j, SHED_STEP_START, value, s->o->period, -1);
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
    const hypothesis *hy = shed_search_open(s, h);
    if (at - hy->start < s->min_grid || (n == JUMPS_FROM && hy->value <= value[n - 1])) {
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

static void
propose_all(search *s, int at)
{
  s->begin_cost[0] = cost_start_at(s, false, at);
  s->begin_cost[1] = cost_start_at(s, true, at);
  s->begin_least   = s->begin_cost[0] < s->begin_cost[1] ? s->begin_cost[0] : s->begin_cost[1];
  if (s->may_last < 0) {
    return; // nothing may begin here
  }
  const bool  extras     = s->o->extras && s->e->attack[at] >= SHED_EXTRA_ATTACK;
  const float extra_cost = SHED_COST_EXTRA + shed_cost_begin(false, s->e->attack[at], s->e->faint[at], 0);
  for (int h = 0; h < s->n_open; h++) {
    const hypothesis *hy = shed_search_open(s, h);
    if (at - hy->start < s->min_grid) {
      continue;
    }
    propose_next(s, h, at);
    if (extras && shed_search_may_begin(s, hy->event, true, at) && extra_speaks(s, hy->event, at)) {
      propose(s, hy->event, SHED_STEP_EXTRA, hy->value - extra_cost, hy->period, h);
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
  const int young = CLASSES_OF_EVENT / 2 - 1;
  for (int i = 0; i < s->n_fresh; i++) {
    const int extra = s->fresh[i].kind == SHED_STEP_EXTRA ? CLASSES_OF_EVENT / 2 : 0;
    s->best[CLASSES_OF_EVENT * s->fresh[i].event + extra + young] = NEVER;
  }
  for (int h = 0; h < s->n_open; h++) {
    const hypothesis *hy = shed_search_open(s, h);
    if (at + 1 - hy->start <= s->young) {
      float *best = &s->best[CLASSES_OF_EVENT * hy->event + (hy->extra ? CLASSES_OF_EVENT / 2 : 0) + young];
      *best       = hy->value > *best ? hy->value : *best;
    }
  }
  const float margin = CLASS_WIDTH + gain_most(s);
  for (int i = 0; i < s->n_fresh; i++) {
    const int extra = s->fresh[i].kind == SHED_STEP_EXTRA ? CLASSES_OF_EVENT / 2 : 0;
    if (s->fresh[i].value < s->best[CLASSES_OF_EVENT * s->fresh[i].event + extra + young] - margin) {
      s->fresh[i].value = NEVER;
    }
  }
}

void
shed_search_propose(search *s, int at)
{
  propose_all(s, at);
  drop_hopeless(s, at);
}
