// About this file: the ways that a player may have gone, one frame at a time. A way is an open segment, an event (or an extra
// note after one) that began at some frame, with the evidence so far of each pitch it may have been played with. The
// whole-take search (align_path.c) does the same on sums; here evidence is added up as it comes, values are kept relative to
// the best way, and a way remembers its last few segments itself, so that nothing grows with the length of a take.
#include "assessors/align_cost.h"
#include "assessors/follow_internal.h"
#include "assessors/follow_lanes.h"
#include "engine/music/pitch.h"

#include <math.h>
#include <string.h>

enum {
  MOST_OF_CLASS  = 12,
  YOUNG_FRAMES   = 12,
  MIN_FRAMES     = SHED_MIN_NOTE_MS / 10,
  JUMPS_FROM     = 3,
  SHIFTED_STARTS = 3
};

static const float BEAM_WIDTH  = 30.F;
static const float CLASS_WIDTH = 8.F;
static const float LIVE_WITHIN = 2.F;
// With no tempo given the first interval tells it: an octave away from the written one costs this much, twice that four times.
static const float  FREE_TEMPO_COST = 1.5F;
static const double RATIO_LEAST     = .3;
static const double RATIO_MOST      = 3.5;
static const double TEMPO_KNOWN_S   = 2;  ///< score seconds after which the tempo only follows
static const double EARLY_DOUBT     = .5; ///< how much wider the first intervals may stray
static const double DOUBT_MOST      = 1.5;
static const float  SHIFT_COST      = 3.F;
static const float  LOST_COST       = 6.F;

static bool
is_given(const shed_follow *f)
{
  return f->prompt->tempo_bpm > 0;
}

static int
lane_row(const shed_follow *f, const follow_segment *s, int shift, int k)
{
  static const int        around[SHED_LANES] = {1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 7, -7, 12, -12};
  const shed_align_event *ev                 = &f->target.events[s->event];
  const int               by                 = f->shifts[shift];
  if (s->kind == SHED_STEP_EXTRA) {
    return shed_lane_of(ev->pitch + by + around[k]);
  }
  int row = ev->lane[k] < 0 ? -1 : ev->lane[k] + by * SHED_LANE_STEPS;
  return row >= 0 && row < SHED_LANE_COUNT ? row : -1;
}

// -- what may begin ------------------------------------------------------------------------------------------------

static follow_fresh *
slot_of(shed_follow *f, int event, bool extra, int shift)
{
  int *head = &f->slot[2 * event + (extra ? 1 : 0)];
  for (int i = *head - 1; i >= 0; i = f->fresh[i].next) {
    if (f->fresh[i].shift == shift) {
      return &f->fresh[i];
    }
  }
  if (f->n_fresh == FOLLOW_NEW) {
    return NULL;
  }
  follow_fresh *n = &f->fresh[f->n_fresh];
  *n              = (follow_fresh){.event = event, .shift = shift, .value = FOLLOW_NEVER, .next = *head - 1};
  *head           = ++f->n_fresh;
  return n;
}

static void
propose(shed_follow *f, const follow_fresh *p)
{
  if (p->value <= -BEAM_WIDTH && f->n_ways > 0) {
    return;
  }
  follow_fresh *slot = slot_of(f, p->event, p->kind == SHED_STEP_EXTRA, p->shift);
  if (slot && p->value > slot->value) {
    const int next = slot->next;
    *slot          = *p;
    slot->next     = next;
  }
}

static float
beginning_cost(const shed_beginning *b, const shed_levels *lv, bool same_pitch)
{
  float faint = lv->faint_cost * (lv->player_db - b->loud_db);
  faint       = faint < 0 ? 0 : faint > 8.F ? 8.F : faint;
  return shed_cost_begin(same_pitch, b->attack, faint, b->stroke);
}

/// How far an interval strays from the running tempo; the first tells what the tempo is.
static float
timing_cost(const shed_follow *f, const follow_way *w, double interval, double ds, bool sounds)
{
  if (!is_given(f) && w->known_s <= 0) {
    double octaves = log2(fmax(interval, 1e-3) / fmax(ds, 1e-3));
    float  cost    = FREE_TEMPO_COST * (float)(octaves * octaves);
    float  most    = octaves > 0 ? SHED_TIMING_LATE_MOST : SHED_TIMING_EARLY_MOST;
    return cost < most ? cost : most;
  }
  double expected = ds * (double)w->period;
  double wide     = is_given(f) ? 1 : 1 + fmin(DOUBT_MOST, EARLY_DOUBT * ds / (double)w->known_s);
  return shed_cost_timing(interval / wide, expected / wide, sounds);
}

static void
next_tempo(const shed_follow *f, const follow_way *w, double interval, double ds, follow_fresh *p)
{
  p->period  = w->period;
  p->known_s = w->known_s;
  if (ds < .02 || interval <= 0) {
    return;
  }
  if (is_given(f)) {
    p->period = (float)shed_period_next((double)w->period, 1, true, interval, ds);
    return;
  }
  double known = (double)w->known_s, period = (double)w->period;
  double ratio = fmin(fmax(interval / ds, RATIO_LEAST), RATIO_MOST);
  if (known <= 0) {
    period = ratio;
  } else if (known < TEMPO_KNOWN_S) {
    double bound = fmin(fmax(ratio / period, .6), 1.6) * period;
    period       = (period * known + bound * ds) / (known + ds);
  } else {
    period = shed_period_next(period, period, false, interval, ds);
  }
  p->period  = (float)fmin(fmax(period, RATIO_LEAST), RATIO_MOST);
  p->known_s = (float)(known + ds);
}

static void
propose_next(shed_follow *f, int h, int at, const float cost[2])
{
  const follow_way       *w        = &f->ways[h];
  const shed_align_event *ev       = &f->target.events[w->now.event];
  const double            interval = (at - w->event_start) * SHED_FRAME_HOP_S;
  const bool              sounds   = w->running >= w->value - SHED_SOUNDS_WITHIN;
  for (int ahead = 1; ahead <= SHED_PATH_AHEAD && w->now.event + ahead < f->target.n_events; ahead++) {
    const shed_align_event *to   = &f->target.events[w->now.event + ahead];
    const double            ds   = to->at_s - ev->at_s;
    const int               same = to->main_midi == ev->main_midi;
    float                   v    = w->value - shed_cost_omit(ahead - 1) - cost[same];
    if (v <= -BEAM_WIDTH) {
      continue;
    }
    v -= timing_cost(f, w, interval, ds, sounds);
    follow_fresh p = {
        .event = w->now.event + ahead, .kind = SHED_STEP_NEXT, .shift = w->shift, .from = h, .value = v};
    next_tempo(f, w, interval, ds, &p);
    propose(f, &p);
  }
}

static void
propose_jump(shed_follow *f, int h, int to, float value)
{
  const follow_way *w = &f->ways[h];
  propose(f, &(follow_fresh){.event   = to,
                             .kind    = SHED_STEP_JUMP,
                             .shift   = w->shift,
                             .from    = h,
                             .value   = value,
                             .period  = w->period,
                             .known_s = w->known_s});
}

static void
propose_jumps(shed_follow *f, int h, const float cost[2])
{
  const follow_way       *w    = &f->ways[h];
  const int               k    = w->now.event;
  const shed_align_event *ev   = f->target.events;
  const float             base = w->value - SHED_COST_JUMP;
  for (int j = k; j >= 0 && j > k - SHED_PATH_FAR; j--) {
    if (j > k - SHED_PATH_BACK || ev[j].bar_start) {
      propose_jump(f, h, j, base - cost[ev[j].main_midi == ev[k].main_midi]);
    }
  }
  if (k >= SHED_PATH_FAR) {
    propose_jump(f, h, 0, base - cost[0]);
  }
  for (int j = k + 2; j < f->target.n_events && j <= k + SHED_PATH_LEAP; j++) {
    if (j <= k + SHED_PATH_AHEAD || ev[j].bar_start) {
      propose_jump(f, h, j, base - shed_cost_leap(j - k - 1) - cost[ev[j].main_midi == ev[k].main_midi]);
    }
  }
}

/// The place of a transposition, a new one where there is room. @return -1 without.
static int
place_of_shift(shed_follow *f, int semitones)
{
  for (int i = 0; i < FOLLOW_SHIFTS; i++) {
    if (f->shift_used[i] && f->shifts[i] == semitones) {
      return i;
    }
  }
  for (int i = 1; i < FOLLOW_SHIFTS; i++) {
    if (!f->shift_used[i]) {
      f->shift_used[i] = true;
      f->shifts[i]     = semitones;
      return i;
    }
  }
  return -1;
}

/// The newest sound as the first note of one who plays elsewhere, where the prompt allows it.
static int
heard_shift(shed_follow *f, int event)
{
  const shed_frame *fr = &f->frames[f->n - 1];
  if (!fr->voiced || fr->f0_hz <= 0) {
    return 0;
  }
  double midi = shed_hz_to_midi((double)fr->f0_hz, 440) - f->tuning_cents / 100;
  int    s    = (int)lround(midi - f->target.events[event].pitch);
  return s != 0 && shed_shift_is_allowed(f->prompt, s) ? place_of_shift(f, s) : 0;
}

static void
propose_starts(shed_follow *f, float cost)
{
  int bars = 0;
  for (int j = 0; j < f->target.n_events && j < SHED_PATH_FAR; j++) {
    const bool bar = f->target.events[j].bar_start;
    if (j >= SHED_PATH_BACK && !bar) {
      continue;
    }
    follow_fresh p = {.event = j, .kind = SHED_STEP_START, .from = -1, .period = 1};
    p.value        = f->outside - shed_cost_start(j) - cost;
    propose(f, &p);
    if (j == 0 || (bar && bars++ < SHIFTED_STARTS)) {
      p.shift = heard_shift(f, j);
      p.value -= SHIFT_COST;
      if (p.shift > 0) {
        propose(f, &p);
      }
    }
  }
}

/// Who is lost may be at the start of any measure, at any tempo. The best way comes first after pruning only by chance, so it is
/// looked for.
static void
propose_anywhere(shed_follow *f, float cost)
{
  int best = 0;
  for (int h = 1; h < f->n_ways; h++) {
    best = f->ways[h].value > f->ways[best].value ? h : best;
  }
  const int k = f->ways[best].now.event;
  for (int j = 0; j < f->target.n_events; j++) {
    if (f->target.events[j].bar_start || (j > k - SHED_PATH_BACK && j < k + SHED_PATH_BACK)) {
      propose(f, &(follow_fresh){.event  = j,
                                 .kind   = SHED_STEP_JUMP,
                                 .shift  = f->ways[best].shift,
                                 .from   = best,
                                 .value  = f->ways[best].value - LOST_COST - cost,
                                 .period = f->ways[best].period});
    }
  }
}

/// The best ways that stand in different events. @return how many.
static int
best_of_events(const shed_follow *f, int at, int from[JUMPS_FROM])
{
  int n = 0;
  for (int round = 0; round < JUMPS_FROM; round++) {
    int best = -1;
    for (int h = 0; h < f->n_ways; h++) {
      bool taken = at - f->ways[h].now.start < MIN_FRAMES;
      for (int i = 0; i < n; i++) {
        taken = taken || f->ways[from[i]].now.event == f->ways[h].now.event;
      }
      best = !taken && (best < 0 || f->ways[h].value > f->ways[best].value) ? h : best;
    }
    if (best < 0) {
      break;
    }
    from[n++] = best;
  }
  return n;
}

static void
propose_all(shed_follow *f, int at, const shed_beginning *b)
{
  const float cost[2] = {beginning_cost(b, &f->levels, false), beginning_cost(b, &f->levels, true)};
  for (int h = 0; h < f->n_ways; h++) {
    const follow_way *w = &f->ways[h];
    if (at - w->now.start < MIN_FRAMES) {
      continue;
    }
    propose_next(f, h, at, cost);
    if (b->attack >= SHED_EXTRA_ATTACK) {
      propose(f, &(follow_fresh){.event   = w->now.event,
                                 .kind    = SHED_STEP_EXTRA,
                                 .shift   = w->shift,
                                 .from    = h,
                                 .value   = w->value - SHED_COST_EXTRA - cost[0],
                                 .period  = w->period,
                                 .known_s = w->known_s});
    }
  }
  if (f->lost && b->attack >= SHED_EXTRA_ATTACK && f->top >= 0) {
    propose_anywhere(f, cost[0]);
  }
  if (b->attack >= SHED_JUMP_ATTACK) {
    int from[JUMPS_FROM];
    int n = best_of_events(f, at, from);
    for (int i = 0; i < n; i++) {
      propose_jumps(f, from[i], cost);
    }
  }
  propose_starts(f, cost[0]);
}

static void
begin(shed_follow *f, const follow_fresh *p, int at)
{
  follow_way       *w    = &f->ways[f->n_ways++];
  const follow_way *from = p->from < 0 ? NULL : &f->ways[p->from];
  w->n_before            = 0;
  if (from) {
    w->n_before = from->n_before + 1 < FOLLOW_HISTORY ? from->n_before + 1 : FOLLOW_HISTORY;
    memcpy(&w->before[1], from->before, (size_t)(w->n_before - 1) * sizeof(w->before[0]));
    w->before[0] = from->now;
  }
  w->now         = (follow_segment){.event = p->event, .kind = p->kind, .start = at, .end = at};
  w->event_start = from && p->kind == SHED_STEP_EXTRA ? from->event_start : at;
  w->shift       = p->shift;
  w->period      = p->period;
  w->known_s     = p->known_s;
  w->base        = p->value;
  w->value       = p->value;
  w->running     = p->value;
  for (int k = 0; k < SHED_LANES; k++) {
    const int  row   = lane_row(f, &w->now, p->shift, k);
    const bool is    = row >= 0;
    const bool costs = is && p->kind != SHED_STEP_EXTRA;
    w->row[k]        = (short)(is ? row : SHED_LANE_COUNT);
    w->sounding[k]   = !is ? FOLLOW_NEVER : costs ? -f->target.events[p->event].lane_cost[k] : 0;
    w->ended[k]      = FOLLOW_NEVER;
  }
}

static void
begin_all(shed_follow *f, int at)
{
  const bool none = f->n_ways == 0;
  const int  n    = f->n_fresh;
  for (int i = 0; i < n; i++) {
    if (f->fresh[i].value > -BEAM_WIDTH || none) {
      begin(f, &f->fresh[i], at);
    }
    f->slot[2 * f->fresh[i].event + (f->fresh[i].kind == SHED_STEP_EXTRA ? 1 : 0)] = 0;
  }
}

// -- what is kept --------------------------------------------------------------------------------------------------

static int
class_of(const follow_way *w, int at)
{
  int kind = at - w->now.start <= YOUNG_FRAMES ? 2 : w->running >= w->value - LIVE_WITHIN ? 1 : 0;
  int row  = 6 * w->shift + (w->now.kind == SHED_STEP_EXTRA ? 3 : 0) + kind;
  return FOLLOW_CLASSES * w->now.event + row;
}

/// The weakest of those within the beam: by counting values in steps.
static float
beam_floor(const shed_follow *f)
{
  enum { BUCKETS = 240 };
  int count[BUCKETS] = {0}, n = 0;
  for (int h = 0; h < f->n_ways; h++) {
    int b = (int)(-f->ways[h].value * (BUCKETS / BEAM_WIDTH));
    count[b < 0 ? 0 : b < BUCKETS ? b : BUCKETS - 1]++;
  }
  for (int b = 0; b < BUCKETS; b++) {
    n += count[b];
    if (n > FOLLOW_BEAM) {
      return -(float)(b + 1) * (BEAM_WIDTH / BUCKETS);
    }
  }
  return -BEAM_WIDTH;
}

/// Values stand relative to the best. Kept are those near it, near the best of their class, and of a class the oldest few.
static void
prune(shed_follow *f, int at)
{
  int n = 0;
  for (int h = 0; h < f->n_ways; h++) {
    f->best[class_of(&f->ways[h], at)] = FOLLOW_NEVER;
    f->seen[class_of(&f->ways[h], at)] = 0;
  }
  for (int h = 0; h < f->n_ways; h++) {
    float *best = &f->best[class_of(&f->ways[h], at)];
    *best       = f->ways[h].value > *best ? f->ways[h].value : *best; // fmaxf() would be a call
  }
  const float floor = f->n_ways > FOLLOW_BEAM ? beam_floor(f) : -BEAM_WIDTH;
  for (int h = 0; h < f->n_ways; h++) {
    const follow_way *w    = &f->ways[h];
    const int         c    = class_of(w, at);
    bool              keep = w->value > floor && w->value >= f->best[c] - CLASS_WIDTH && n < FOLLOW_BEAM;
    if (h == f->top || (keep && (w->value >= f->best[c] || f->seen[c] < MOST_OF_CLASS))) {
      f->seen[c]++;
      if (n < h) {
        f->ways[n] = *w;
      }
      n++;
    }
  }
  f->n_ways = n;
  memset(f->shift_used, 0, sizeof(f->shift_used));
  f->shift_used[0] = true;
  for (int h = 0; h < n; h++) {
    f->shift_used[f->ways[h].shift] = true;
  }
}

// -- what a frame says ---------------------------------------------------------------------------------------------

/// Of all that is done while somebody plays, this is done most often. A lane that is none stays at FOLLOW_NEVER, which nothing moves.
static void
advance(const shed_follow *f, follow_way *w, float gap, int at)
{
  const bool long_enough = at - w->now.start >= MIN_FRAMES;
  float      said[SHED_LANES];
  for (int k = 0; k < SHED_LANES; k++) {
    said[k] = f->row[w->row[k]];
  }
  const follow_lanes lanes = {w->sounding, w->ended, gap, long_enough};
  const follow_most  most  = follow_lanes_on(&lanes, said, FOLLOW_NEVER);
  w->now.lane              = most.lane >= 0 ? most.lane : w->now.lane;
  w->running               = w->base + most.sounding;
  w->value                 = long_enough ? w->base + most.ended : w->running;
  if (w->running >= w->value) {
    w->now.end = at;
  }
}

/// A note that has had its time is owed for already, as when the next one comes now: else a way that rests on one of several
/// notes of a pitch would look as good as the one that goes on.
static float
overdue(const shed_follow *f, const follow_way *w, int at)
{
  const int               e    = w->now.event;
  const shed_align_event *ev   = &f->target.events[e];
  const double            past = (at - w->event_start) * SHED_FRAME_HOP_S;
  if (e + 1 == f->target.n_events) {
    return 0;
  }
  const double ds = ev[1].at_s - ev->at_s;
  if (past <= ds * (double)w->period) {
    return 0;
  }
  return timing_cost(f, w, past, ds, w->running >= w->value - SHED_SOUNDS_WITHIN);
}

/// The value of the best of all ways becomes 0.
static void
set_relative(shed_follow *f, int at)
{
  float by = FOLLOW_NEVER;
  f->top   = -1;
  for (int h = 0; h < f->n_ways; h++) {
    by = f->ways[h].value > by ? f->ways[h].value : by;
  }
  for (int h = 0; h < f->n_ways; h++) {
    follow_way *w = &f->ways[h];
    w->base -= by;
    w->value -= by;
    w->running -= by;
    w->now_value = w->value - overdue(f, w, at);
    f->top       = f->top < 0 || w->now_value > f->ways[f->top].now_value ? h : f->top;
  }
  if (f->top >= 0) {
    f->outside = fmaxf(f->outside - by, -1e6F);
  }
}

void
follow_step(shed_follow *f, int frame)
{
  const shed_take      take = follow_take(f);
  const size_t         i    = (size_t)(frame - f->base);
  const shed_beginning b    = shed_evidence_begin(&take, i, &f->levels);
  float                gap  = -SHED_GAP_ATTACK * b.stroke;
  prune(f, frame);
  f->n_fresh = 0;
  if (b.audible) {
    propose_all(f, frame, &b);
  }
  begin_all(f, frame);
  memset(f->row, 0, sizeof(f->row));
  shed_evidence_add(&take.frames[i], (float)f->tuning_cents, &f->levels, f->row, &gap);
  for (int h = 0; h < f->n_ways; h++) {
    advance(f, &f->ways[h], gap, frame + 1);
  }
  // who has not begun loses nothing by a silence, and little by what others sound
  f->outside += gap > 0 ? gap : SHED_OUTSIDE * gap;
  set_relative(f, frame + 1);
}
