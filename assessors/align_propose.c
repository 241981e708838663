// About this file: what may begin at a grid point. Every event may begin anew from the best hypothesis before it: the next one,
// one ahead over left-out notes, a jump, an extra note, the music's first note.
#include "assessors/align_ahead.h"
#include "assessors/align_cost.h"
#include "assessors/align_search.h"

#include <math.h>

typedef shed_search       search;
typedef shed_search_fixed fixed;

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
    for (int k = 0; k < SHED_LANES && ev->lane_cost[k] <= 0 && !any; k++) { // its own stand first
      any = speaks_soon(s, ev->lane[k], at);
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
  const fixed *hy = &s->open.fixed[s->fresh[fresh].from];
  if (s->fresh[fresh].kind != SHED_STEP_NEXT) {
    return hy->period;
  }
  const double score_s    = s->at_s[s->fresh[fresh].event] - s->at_s[hy->place / 2];
  const double interval_s = (at - hy->event_start) * s->e->hop_s;
  return (float)shed_period_next((double)hy->period, (double)s->o->period, s->o->tempo_given, interval_s,
                                 score_s);
}

/// How much a note that has just begun may gain on another in one frame of the take: from nothing to all of what a frame
/// can say for it, while the other loses all that a frame can take, and a clear attack goes against it.
static float
gain_most(const search *s)
{
  return 3 * SHED_EVIDENCE_UNIT * (float)s->e->step + SHED_GAP_ATTACK;
}

/// What begins an event has to be worth more than this to be followed at all: outside of the corridor it is soon dropped.
static float
floor_at(const search *s, int event, int at)
{
  const float stray = STRAY_WIDTH + gain_most(s);
  return s->top - (stray < BEAM_WIDTH && !shed_search_within(s, event, false, at) ? stray : BEAM_WIDTH);
}

/// What is needed to be of use at one of the events ahead, as its beat is now; beats only rise, so an older need is less, which costs time
/// alone.
static void
need_ahead(search *s, int event, int k)
{
  const size_t at = (size_t)event * SHED_AHEAD_ROOM + (size_t)k;
  s->need[at]     = s->go_cost[s->same[at] ? 1 : 0][k] + s->beat[event + 1 + k];
}

static void
note_least(search *s, int event)
{
  const shed_ahead_least l = shed_ahead_least_of(&s->need[(size_t)event * SHED_AHEAD_ROOM]);
  s->need_far[event]       = l.far;
  s->need_least[event]     = l.near < l.far ? l.near : l.far;
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

/// The same of the events ahead of one, and what is needed to be of use there; made when first asked for.
static void
look_ahead(search *s, int event, int at)
{
  s->ahead_of[event] = at + 1;
  for (int to = event + 1; to <= event + SHED_PATH_AHEAD && to < s->t->n_events; to++) {
    if (s->beat_of[to] != at + 1) {
      const bool may = to <= s->may_last && shed_search_may_begin(s, to, false, at);
      s->beat_of[to] = at + 1;
      s->beat[to]    = may ? floor_at(s, to, at) : -NEVER;
    }
  }
  const size_t row = (size_t)event * SHED_AHEAD_ROOM;
  shed_ahead_need(&s->need[row], &s->same[row], s->go_cost[0], s->go_cost[1], &s->beat[event + 1]);
  note_least(s, event);
}

/// What a way is worth that goes to one of the events ahead; NEVER where it is no better than what is to be beaten.
static float
value_ahead(const search *s, int h, int to, double interval, float beat)
{
  const fixed *hy    = &s->open.fixed[h];
  const int    e     = hy->place / 2;
  const int    same  = s->midi[to] == s->midi[e] ? 1 : 0;
  const float  value = s->open.value[h] - s->left_out[to - e - 1] - s->begin_cost[same];
  if (value <= beat) {
    return NEVER; // whatever its timing
  }
  const bool   sounds   = s->open.running[h] >= s->open.value[h] - SHED_SOUNDS_WITHIN;
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
  const fixed *hy    = &s->open.fixed[h];
  const float  value = s->open.value[h];
  const int    e     = hy->place / 2;
  if (s->ahead_of[e] != at + 1) {
    look_ahead(s, e, at);
  }
  if (value - s->need_least[e] + SHED_AHEAD_ROUNDED <= 0) {
    return;
  }
  const double         interval = (at - hy->event_start) * s->e->hop_s;
  const bool           sounds   = s->open.running[h] >= value - SHED_SOUNDS_WITHIN;
  const shed_ahead_way way      = {.value      = value,
                                   .interval_s = (float)interval,
                                   .period     = hy->period,
                                   .late_most  = sounds ? SHED_TIMING_HELD_MOST : SHED_TIMING_LATE_MOST};
  const size_t         row      = (size_t)e * SHED_AHEAD_ROOM;
  unsigned             may      = shed_ahead_may(&s->ahead_s[row], &s->need[row], s->need_far[e], &way);
  if (!may) {
    return;
  }
  for (int to = e + 1; may; to++, may >>= 1) {
    if (may & 1) {
      const float worth = value_ahead(s, h, to, interval, s->beat[to]);
      if (worth > NEVER && propose(s, to, SHED_STEP_NEXT, worth, h)) {
        raise_beat(s, to, at);
      }
      need_ahead(s, e, to - e - 1);
    }
  }
  note_least(s, e);
}

/// From where an event began best it mostly begins best at the next grid point too: so much is worked out first, and what is worse
/// need not be.
static void
set_bounds(search *s, int at)
{
  for (int i = 0; i < s->n_won; i++) {
    const shed_search_won *w = &s->won[i];
    const int              h = s->index_of[w->slot];
    if (h >= 0 && s->open.fixed[h].start == w->start && w->to <= s->may_last &&
        shed_search_may_begin(s, w->to, false, at)) {
      const double interval = (at - s->open.fixed[h].event_start) * s->e->hop_s;
      const float  value    = value_ahead(s, h, w->to, interval, s->top - BEAM_WIDTH);
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
      const fixed *from  = &s->open.fixed[s->fresh[i].from];
      s->won[s->n_won++] = (shed_search_won){s->fresh[i].event, from->slot, from->start};
    }
  }
}

/// How long after the note that would have come next, s.
static double
waited_at(const search *s, const fixed *hy, int at)
{
  const int               e      = hy->place / 2;
  const shed_align_event *ev     = &s->t->events[e];
  const double            length = e + 1 < s->t->n_events ? (ev + 1)->at_s - ev->at_s : ev->length_s;
  return (at - hy->event_start) * s->e->hop_s - length * (double)hy->period;
}

static void
propose_jumps(search *s, int h, int at)
{
  const fixed            *hy   = &s->open.fixed[h];
  const int               k    = hy->place / 2;
  const shed_align_event *ev   = s->t->events;
  const float             base = s->open.value[h] - SHED_COST_JUMP;
  const float             back = s->open.value[h] - shed_cost_jump_back(waited_at(s, hy, at));
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
best_of_events(const search *s, int from[JUMPS_FROM])
{
  float value[JUMPS_FROM];
  int   event[JUMPS_FROM], n = 0;
  for (int h = 0; h < s->open.n_whole; h++) {
    const float here = s->open.value[h];
    if (n == JUMPS_FROM && here <= value[n - 1]) {
      continue;
    }
    const int e = s->open.fixed[h].place / 2;
    int       i = 0;
    while (i < n && event[i] != e) {
      i++;
    }
    if (i < n && here <= value[i]) {
      continue;
    }
    // in the place of its event's, or of the last; then up, past what is less
    i = i < n ? i : n < JUMPS_FROM ? n++ : n - 1;
    for (; i > 0 && value[i - 1] < here; i--) {
      value[i] = value[i - 1];
      event[i] = event[i - 1];
      from[i]  = from[i - 1];
    }
    value[i] = here;
    event[i] = e;
    from[i]  = h;
  }
  return n;
}

/// Note the best of those that will still be young at the next grid point.
static void
note_young(search *s, int at)
{
  for (int h = s->open.n - 1; h >= 0 && at < s->open.fixed[h].start + s->young; h--) {
    const int   place = s->open.fixed[h].place;
    const float value = s->open.value[h];
    s->young_best[place] =
        s->young_of[place] == at + 1 && s->young_best[place] >= value ? s->young_best[place] : value;
    s->young_of[place] = at + 1;
  }
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
  note_young(s, at);
  const bool  extras     = s->o->extras && s->e->attack[at] >= SHED_EXTRA_ATTACK;
  const float extra_cost = SHED_COST_EXTRA + shed_cost_begin(false, s->e->attack[at], s->e->faint[at], 0);
  for (int h = 0; h < s->open.n_whole; h++) {
    propose_next(s, h, at);
    const int event = s->open.fixed[h].place / 2;
    if (extras && shed_search_may_begin(s, event, true, at) && extra_speaks(s, event, at)) {
      (void)propose(s, event, SHED_STEP_EXTRA, s->open.value[h] - extra_cost, h);
    }
  }
  if (s->o->extras && s->e->attack[at] >= SHED_JUMP_ATTACK) {
    // a jump forgets when its note began: the best hypotheses of a few events are enough
    int from[JUMPS_FROM];
    int n = best_of_events(s, from);
    for (int i = 0; i < n; i++) {
      propose_jumps(s, from[i], at);
    }
  }
  propose_starts(s, at);
}

/// Of what may begin, drop what is sure to be pruned at the next grid point: far below another that has just begun. Most of it
/// is.
static void
drop_hopeless(search *s, int at)
{
  const float margin = CLASS_WIDTH + gain_most(s);
  for (int i = 0; i < s->n_fresh; i++) {
    const int place = 2 * s->fresh[i].event + (s->fresh[i].kind == SHED_STEP_EXTRA ? 1 : 0);
    if (s->young_of[place] == at + 1 && s->fresh[i].value < s->young_best[place] - margin) {
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
