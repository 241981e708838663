// About this file: the stream. What is due is subtracted, each click is learned from when its span is over, and it is
// judged whether anything else begins with it.
#include "engine/dsp/tick_internal.h"

#include <math.h>
#include <string.h>

enum {
  BLOCK_MAX    = 441,
  AFTER        = 882, // 20 ms from the rise on
  BEFORE_FROM  = 750, // and 15 ms before it
  BEFORE_TO    = 88,
  EARLY        = 882,  // what begins so long before the rise
  LATE         = 1103, // or after it may be the click's: windows are that long
  WAIT         = 4,    // spans after which a click that was not found does not bleed
  REACH_PLAYED = 4,    // and where somebody plays: a tone is like itself a period later
  REACH        = 24,   // samples that a known click may be off
  BARS         = 8,    // clicks a bar has at most
  SEEN         = 24,   // clicks that bars are looked for in
  NEW_KINDS    = 16,   // clicks after the first in which accents are still new
  MEMORY       = 12,   // clicks
  HEARD_MIN    = 4,
  PLACE_OFF    = 88
};
static const float EXPLAINED = 0.5f;  // a click is learned from when it makes up so much (correlation)
static const float SAME      = 0.95f; // where nothing sounded before, all of it must be
static const float ALONE     = 0.9f;  // and sounds alone from here on
// Under a player it is known by having the loudness and the place that are due.
static const float  EXPLAINED_HIDDEN = 0.12f;
static const float  GAIN_HIDDEN      = 0.7f;
static const double LAG_HIDDEN       = 6.0;
static const float  GAIN_LEAST       = 0.4f;
static const float  GAIN_MOST        = 2.5f;
static const float  HEARD_LEAST      = 0.35f;
static const double DRIFT_ROUND      = 1.1;  // so much comes of clicks that are cut to whole samples
static const double DRIFT_MOST       = 40.0; // samples a click
// A click and nothing else: what begins is under so much of it, or hardly over what sounded before.
static const float LEFT_TIMES = 4.0f;
static const float LEFT_LEAST = 0.02f;
static const float LEFT_MOST  = 0.5f;
static const float STEADY     = 1.6f;
// An accent that is not known yet: quiet before, not far louder than the others.
static const float SUDDEN   = 30.0f;
static const float LOUDER   = 6.0f;
static const float LEFT_NEW = 0.3f;
static const float PAUSE    = 0.05f; // of a click's power: less before it is silence

static float
at(const float *ring, int64_t sample)
{
  return sample < 0 ? 0.0f : ring[sample % TICK_RING];
}

static tick_past *
past_of(shed_tick *t, int64_t click)
{
  tick_past *p = &t->past[((click % TICK_PAST) + TICK_PAST) % TICK_PAST];
  if (!p->known || p->click != click) {
    *p = (tick_past){.known = true, .click = click, .kind = -1, .left = 1.0f};
  }
  return p;
}

static tick_span *
span_of(shed_tick *t, int64_t click)
{
  return &t->span[((click % TICK_SPANS) + TICK_SPANS) % TICK_SPANS];
}

static int
kind_of(const shed_tick *t, int64_t click)
{
  const tick_past *p    = &t->past[((click % TICK_PAST) + TICK_PAST) % TICK_PAST];
  bool             told = p->known && p->click == click && p->kind >= 0 && t->kind[p->kind].again;
  return told ? p->kind : -1;
}

// The kind that is due: as in the bar that fits the clicks so far best. *sure: each click so long back was that kind.
static int
kind_due(const shed_tick *t, int64_t click, bool *sure)
{
  float best = 0.0f;
  int   kind = 0;
  *sure      = false;
  for (int bar = 1; bar <= BARS; bar++) {
    int same = 0, n = 0, due = -1;
    for (int64_t c = click - 1; c > click - SEEN; c--) {
      int a = kind_of(t, c), b = kind_of(t, c - bar);
      n += a >= 0 && b >= 0;
      same += a >= 0 && a == b;
      due = due < 0 && (click - c) % bar == 0 ? a : due;
    }
    float score = ((float)same + 0.5f) / ((float)n + 1.0f);
    if (due >= 0 && score > best + 1e-6f) {
      best  = score;
      kind  = due;
      *sure = n >= bar && same == n;
    }
  }
  return kind;
}

static void
start_play(shed_tick *t, int n)
{
  while (t->confirmed) {
    double  rise  = tick_arrival(t, t->next_play);
    int64_t begin = (int64_t)floor(rise) - TICK_PRE;
    bool    sure;
    if (begin >= t->count + n) {
      return;
    }
    if (begin >= t->count) {
      tick_waveform(t, &t->kind[kind_due(t, t->next_play, &sure)], rise - floor(rise), t->play);
      t->play_at = begin;
    }
    t->next_play++;
  }
}

static void
forget(shed_tick *t)
{
  t->locked    = false;
  t->confirmed = false;
  t->kinds     = 0;
  t->left      = 1.0f;
  for (int i = 0; i < TICK_PAST; i++) {
    t->past[i].known = false;
  }
}

static double
place_in(const shed_tick *t, const tick_span *s)
{
  return tick_arrival(t, s->click) - (double)s->start;
}

static bool
holds(const shed_tick *t, double place)
{
  return place >= TICK_PRE && place <= t->span_length - TICK_SEG;
}

// The gains of the clicks, each weighed by how plainly it could be heard.
static void
hear_gain(shed_tick *t, const tick_match *m)
{
  float share     = m->gain > 0.0f ? fminf(1.0f, m->explained * m->explained / (m->gain * m->gain)) : 0.1f;
  t->heard        = 0.9f * t->heard + share * fmaxf(-0.5f, fminf(1.5f, m->gain));
  t->heard_weight = 0.9f * t->heard_weight + share;
  t->heard_n++;
}

// Delay and drift by a growing memory that stops growing (Brookner 1998, section 1.2.10).
static void
follow(shed_tick *t, int64_t click, double lag)
{
  double steps = (double)(click - t->delay_of);
  if (steps <= 0.0) {
    return;
  }
  t->followed = t->followed < MEMORY ? t->followed + 1 : MEMORY;
  double n    = t->followed;
  double due  = t->delay + t->drift * steps;
  t->drift    = fmax(-DRIFT_MOST, fmin(DRIFT_MOST, t->drift + 6.0 / (n * (n + 1.0)) * lag / steps));
  t->delay    = due + 2.0 * (2.0 * n - 1.0) / (n * (n + 1.0)) * lag;
  t->delay_of = click;
}

// Of a click that was over before any was known.
static void
decide_late(tick_past *p, bool alone)
{
  if (!p->judged) {
    p->judged  = true;
    p->verdict = alone ? SHED_TICK_CLICK : SHED_TICK_NOT;
  }
}

// What sounded before the click, whitened, as energy that its waveform would have of it.
static float
noise_of(const shed_tick *t, const tick_span *s, double place)
{
  int   from = (int)place - BEFORE_FROM < 1 ? 1 : (int)place - BEFORE_FROM, n = 0;
  float sum = 0.0f;
  for (int i = from; i < (int)place - BEFORE_TO; i++, n++) {
    float w = s->x[i] - 0.9f * s->x[i - 1];
    sum += w * w;
  }
  return n > 0 ? sum / (float)n * t->taper_power : 0.0f;
}

// Does the sound rise where the click is due? @param quiet from silence
static bool
rises(const shed_tick *t, const tick_span *s, bool quiet)
{
  double place = place_in(t, s);
  bool   any   = false;
  for (int i = 0; i < s->n_peaks; i++) {
    any |= (s->peak[i].quiet || !quiet) && fabs(s->peak[i].at - place) <= PLACE_OFF;
  }
  return any;
}

// A click like none known that begins in silence may be an accent; it is one when it comes again.
static void
try_new_kind(shed_tick *t, const tick_span *s)
{
  int k = t->kinds < TICK_KINDS ? t->kinds : 0;
  while (t->kinds == TICK_KINDS && k < TICK_KINDS && t->kind[k].again) {
    k++;
  }
  if (k == TICK_KINDS) {
    return;
  }
  tick_spectrum(t, t->taper, s->x, place_in(t, s), t->seg[0]);
  tick_kind_start(t, &t->trial, t->seg[0], t->seg[0]);
  if (!t->trial.dies) {
    return;
  }
  t->kind[k] = t->trial;
  t->kinds   = k < t->kinds ? t->kinds : k + 1;
  for (int i = 0; i < TICK_PAST; i++) {
    t->past[i].kind = t->past[i].kind == k ? -1 : t->past[i].kind;
  }
  tick_past *p = past_of(t, s->click);
  p->kind      = k;
  decide_late(p, true);
}

static void
learn(shed_tick *t, const tick_span *s)
{
  double     place = place_in(t, s);
  tick_match best  = {.explained = -1.0f};
  int        kind  = 0;
  if (!holds(t, place)) {
    return;
  }
  bool  alone = rises(t, s, true);
  int   reach = alone ? REACH : REACH_PLAYED;
  float noise = alone ? noise_of(t, s, place) : 0.0f;
  tick_spectrum(t, t->taper_short, s->x, place, t->seg[0]);
  for (int i = 0; i < t->kinds; i++) {
    tick_match m = tick_compare(t, &t->kind[i], t->seg[0], reach, noise);
    if (m.explained > best.explained) {
      best = m;
      kind = i;
    }
  }
  if (best.explained >= EXPLAINED || !rises(t, s, false)) {
    hear_gain(t, &best); // an accent that is not known yet tells nothing
  }
  tick_past *p = past_of(t, s->click);
  bool       plain =
      best.explained >= (alone ? SAME : EXPLAINED) && best.gain >= GAIN_LEAST && best.gain <= GAIN_MOST;
  bool hidden = best.explained >= EXPLAINED_HIDDEN && best.gain >= GAIN_HIDDEN &&
                best.gain * GAIN_HIDDEN <= 1.0f && fabs(best.lag) <= LAG_HIDDEN && !alone;
  if (!plain && !hidden) {
    if (alone) {
      try_new_kind(t, s);
    }
    decide_late(p, false);
    return;
  }
  p->kind = kind;
  decide_late(p, best.explained >= ALONE);
  follow(t, s->click, plain ? best.lag : best.lag * (double)best.explained);
  tick_spectrum(t, t->taper, s->x, place + best.lag, t->seg[0]);
  tick_kind_add(t, &t->kind[kind], t->seg[0], best.explained >= ALONE);
  t->confirmed = true;
  if (best.explained >= ALONE && p->judged && p->left >= 0.0f) {
    t->left = t->left >= 1.0f ? p->left : t->left + 0.3f * (p->left - t->left);
  }
}

// Two clicks that sounded alone must be the same all the way, or one of them is an accent.
static bool
lock(shed_tick *t, const tick_span *a, const tick_span *b, int where, double lag, bool quiet)
{
  tick_spectrum(t, t->taper_short, a->x, where, t->seg[0]);
  tick_spectrum(t, t->taper, b->x, where + lag, t->seg[1]);
  tick_kind_start(t, &t->kind[0], t->seg[1], t->seg[1]);
  tick_match m = tick_compare(t, &t->kind[0], t->seg[0], REACH, noise_of(t, a, where));
  if (quiet && m.explained < SAME) {
    return false;
  }
  tick_spectrum(t, t->taper, a->x, where, t->seg[0]);
  tick_kind_start(t, &t->kind[0], t->seg[0], t->seg[1]);
  if (!t->kind[0].dies) {
    return false;
  }
  t->kinds      = 1;
  double own_a  = t->opts.first + (double)a->click * t->opts.period;
  double own_b  = t->opts.first + (double)b->click * t->opts.period;
  double late_a = (double)a->start + where - own_a, late_b = (double)b->start + where + lag - own_b;
  t->locked    = true;
  t->confirmed = quiet;
  t->delay     = late_a;
  t->delay_of  = a->click;
  t->followed  = 2;
  t->drift     = (late_a - late_b) / (double)(a->click - b->click);
  if (fabs(t->drift) < DRIFT_ROUND || fabs(t->drift) > DRIFT_MOST) {
    t->drift = 0.0;
  }
  t->heard = t->heard_weight = 0.0f;
  t->heard_n                 = 0;
  t->locked_at               = a->click;
  past_of(t, a->click)->kind = 0;
  past_of(t, b->click)->kind = 0;
  decide_late(past_of(t, a->click), quiet);
  decide_late(past_of(t, b->click), quiet);
  if (t->next_play <= a->click) {
    t->next_play = a->click + 1;
  }
  t->next_judge = t->next_play;
  for (int64_t c = a->click - TICK_SPANS + 1; c < a->click; c++) {
    const tick_span *s = span_of(t, c);
    if (c != b->click && s->full && s->click == c) {
      learn(t, s);
    }
  }
  return true;
}

static void
look_for_lock(shed_tick *t, const tick_span *s)
{
  for (int back = 1; back < TICK_SPANS; back++) {
    const tick_span *o = span_of(t, s->click - back);
    int              where;
    double           lag;
    bool             quiet;
    if (o->full && o->click == s->click - back && tick_find_pair(t, s, o, &where, &lag, &quiet) &&
        where + lag >= TICK_PRE && where + lag <= t->span_length - TICK_SEG &&
        lock(t, s, o, where, lag, quiet)) {
      return;
    }
  }
}

static void
end_span(shed_tick *t, int64_t click, int64_t start)
{
  tick_span *s = span_of(t, click);
  s->full      = true;
  s->click     = click;
  s->start     = start;
  for (int i = 0; i < t->span_length; i++) {
    s->x[i] = at(t->raw, start + i);
  }
  tick_find_peaks(t, s);
  t->spans_done++;
  if (!t->locked) {
    look_for_lock(t, s);
    return;
  }
  learn(t, s);
  if (t->heard_n >= HEARD_MIN && t->heard < HEARD_LEAST * t->heard_weight) {
    forget(t);
  }
}

static float
power(const float *ring, int64_t from, int n)
{
  float sum = 0.0f;
  for (int i = 0; i < n; i++) {
    float v = at(ring, from + i);
    sum += v * v;
  }
  return sum / (float)n;
}

// Does anything else begin with the click?
static shed_tick_verdict
judge(const shed_tick *t, tick_past *p, int64_t rise)
{
  bool  sure;
  int   kind = kind_due(t, p->click, &sure);
  float raw = power(t->raw, rise, AFTER), clean = power(t->clean, rise, AFTER);
  float before = power(t->clean, rise - BEFORE_FROM, BEFORE_FROM - BEFORE_TO);
  float most   = fmaxf(LEFT_LEAST, fminf(LEFT_MOST, LEFT_TIMES * t->left));
  p->left      = before < PAUSE * t->kind[kind].power ? fmaxf(clean - before, 0.0f) / (raw + 1e-12f) : -1.0f;

  if (clean <= STEADY * before || clean - STEADY * before <= most * t->kind[kind].power) {
    return SHED_TICK_CLICK;
  }
  // before the bar is known a click may be another than was taken off
  bool fresh = !sure && p->click < t->locked_at + NEW_KINDS && t->kinds < TICK_KINDS;
  bool other = raw > SUDDEN * before && raw < LOUDER * t->kind[kind].power && clean > LEFT_NEW * raw;
  return fresh && other ? SHED_TICK_CLICK : SHED_TICK_NOT;
}

static void
judge_due(shed_tick *t)
{
  while (t->confirmed) {
    int64_t rise = (int64_t)floor(tick_arrival(t, t->next_judge));
    if (rise + AFTER > t->count) {
      return;
    }
    tick_past *p = past_of(t, t->next_judge);
    p->verdict   = judge(t, p, rise);
    p->judged    = true;
    t->next_judge++;
  }
}

void
shed_tick_run(shed_tick *t, float *x, int n)
{
  SHED_ASSERT(n >= 0 && n <= BLOCK_MAX);
  start_play(t, n);
  for (int i = 0; i < n; i++) {
    int64_t place                      = t->count + i - t->play_at;
    t->raw[(t->count + i) % TICK_RING] = x[i];
    x[i] -= t->confirmed && place >= 0 && place < TICK_SEG ? t->play[place] : 0.0f;
    t->clean[(t->count + i) % TICK_RING] = x[i];
  }
  t->count += n;
  judge_due(t);
  for (;;) {
    int64_t start = (int64_t)floor(t->opts.first + (double)t->next_span * t->opts.period) - TICK_BEFORE;
    if (start + t->span_length > t->count) {
      break;
    }
    end_span(t, t->next_span, start);
    t->next_span++;
  }
}

shed_tick_verdict
shed_tick_ask(const shed_tick *t, int64_t sample)
{
  double since = (double)sample - t->opts.first;
  if (t->confirmed) {
    int64_t click = (int64_t)floor((since - t->delay) / t->opts.period + 0.5);
    double  off   = (double)sample - tick_arrival(t, click);
    if (off < -EARLY || off > LATE || click < t->first_click) {
      return SHED_TICK_NOT;
    }
    const tick_past *p = &t->past[((click % TICK_PAST) + TICK_PAST) % TICK_PAST];
    return p->known && p->click == click && p->judged ? p->verdict : SHED_TICK_CLICK;
  }
  int64_t click = (int64_t)floor((since + EARLY) / t->opts.period);
  double  off   = since - (double)click * t->opts.period;
  return t->spans_done < WAIT && click >= t->first_click && off <= t->opts.late + LATE ? SHED_TICK_UNDECIDED
                                                                                       : SHED_TICK_NOT;
}

shed_tick_state
shed_tick_now(const shed_tick *t)
{
  return (shed_tick_state){.found   = t->confirmed,
                           .delay_s = t->confirmed ? t->delay / 44100.0 : (double)NAN,
                           .left    = t->left,
                           .kinds   = t->kinds};
}
