// About this file: the cheap questions before the fine search. Where a long take holds the music is told by the share of
// pitches that belong to it; tempo and transposition by coarse searches on a grid of 40 ms.
#include "assessors/align.h"
#include "assessors/align_cost.h"
#include "engine/music/pitch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  COARSE_STEP    = 4,
  COARSE_BEAM    = 96,
  COARSE_FRAMES  = 30000, ///< five minutes are enough to know tempo and key
  FRAMES_A_BIN   = 100,
  SHIFTS_TRIED   = 4,
  SHIFT_MOST     = 24,
  TRIED_MOST     = 32, ///< 5 places at 2 tempos, one at 8, a hint
  BIN_CENTS      = 10,
  BINS           = 1280,
  SPREAD_BINS    = 5,
  OFFSET_BINS    = 5,
  MUSIC_MOST_S   = 1800, ///< of one take; what is longer is judged where it fits best
  AROUND_MUSIC_S = 15
};

static const double LONGER_THAN_MUSIC = 2.5; ///< a take this many times the music's length, and
static const double LONG_TAKE_S       = 180; ///< over this, is searched for the music first
static const float  HINT_MARGIN       = 20.F;
static const float  HINT_FACTOR       = 1.1F; // a tune a tone higher still has half of its notes in place
static const float  HINT_LIKENESS     = .15F;
static const float  OFFSET_PENALTY = .005F; ///< a bin: of two that fit alike the smaller offset is likelier
static const double NEAR_CENTS     = 65;
static const double PERIOD_LEAST   = .3;
static const double PERIOD_MOST    = 3.5;
static const float  OFFSET_COST    = .15F; ///< a cent, of the path's value
static const double AROUND_DOUBT_S = 1;    ///< of a place where the coarse path is not plain
static const double IN_TIME_S      = .12;  ///< of an interval that is
static const float  WHOLE_SHARE =
    .95F; ///< of the music found in time with the whole sound: the tempo is known
static const float PLAIN_SHARE = .8F;
static const float STAY_BONUS  = 3.F;
static const float WHATEVER    = -1e30F; ///< a value that anything is worth

// -- where the music is --------------------------------------------------------------------------------------------

/// Pitches in bins of BIN_CENTS, MIDI 0 to 127.
typedef struct {
  float  of_score[BINS], of_take[BINS];
  double n_score, n_take;  ///< their sums
  int    has[BINS], n_has; ///< bins of the score that are not empty, rising
} histograms;

static int
bin_of(double midi)
{
  long b = lround(midi * 100 / BIN_CENTS);
  return b >= 0 && b < BINS ? (int)b : -1;
}

static int
nearest_midi(float hz)
{
  long m = hz > 0 ? lround(shed_hz_to_midi((double)hz, 440)) : -1;
  return m < 0 || m > 127 ? -1 : (int)m;
}

/// Put weight on a bin and, falling to nothing, on the bins of half a semitone around it.
static void
spread(float *h, double midi, float weight)
{
  int at = bin_of(midi);
  for (int d = -SPREAD_BINS + 1; at >= 0 && d < SPREAD_BINS; d++) {
    if (at + d >= 0 && at + d < BINS) {
      h[at + d] += weight * (1.F - (float)abs(d) / SPREAD_BINS);
    }
  }
}

static void
fill_histograms(const shed_take *take, const shed_align_target *t, const shed_levels *lv, const shed_guess *g,
                histograms *h)
{
  for (int i = 0; i < t->n_events; i++) {
    spread(h->of_score, t->events[i].pitch, (float)fmax(t->events[i].length_s, .05));
  }
  for (size_t i = g->first; i < g->end; i++) {
    const shed_frame *f = &take->frames[i];
    int               b = f->voiced && f->f0_hz > 0 ? bin_of(shed_hz_to_midi((double)f->f0_hz, 440)) : -1;
    if (b >= 0) {
      h->of_take[b] += shed_frame_weight(f, lv) * f->confidence;
    }
  }
  for (int b = 0; b < BINS; b++) {
    h->n_score += (double)h->of_score[b];
    h->n_take += (double)h->of_take[b];
    if (h->of_score[b] > 0) {
      h->has[h->n_has++] = b;
    }
  }
}

static bool
any_shift(const shed_prompt *p)
{
  return p->key == SHED_KEY_ANY;
}

/// The share of a second's frames that are voiced on a pitch of the music (with a free key: on any pitch).
static float *
fit_a_second(const shed_prompt *p, const shed_take *take, const shed_align_target *t, const shed_alloc *alloc,
             size_t n_bins)
{
  bool   has[128] = {false};
  float *fit      = shed_calloc(alloc, n_bins + 1, sizeof(*fit));
  if (!fit) {
    return NULL;
  }
  for (int i = 0; i < t->n_events; i++) {
    int m = t->events[i].main_midi;
    if (m >= 0 && m < 128) {
      has[m] = true;
    }
  }
  for (size_t i = 0; i < n_bins * FRAMES_A_BIN; i++) {
    const shed_frame *f = &take->frames[i];
    int               m = f->voiced ? nearest_midi(f->f0_hz) : -1;
    if (m < 0) {
      continue;
    }
    bool fits = any_shift(p) || has[m];
    for (int o = -24; o <= 24 && !fits && p->octave == SHED_OCTAVE_ANY; o += 12) {
      fits = m + o >= 0 && m + o < 128 && has[m + o];
    }
    fit[i / FRAMES_A_BIN] += fits ? .01F : -.003F;
  }
  return fit;
}

static shed_status
find_music(const shed_prompt *p, const shed_take *take, const shed_align_target *t, const shed_alloc *alloc,
           shed_guess *out)
{
  double wanted_s = t->length_s * LONGER_THAN_MUSIC;
  wanted_s        = fmin(fmax(wanted_s, LONG_TAKE_S), MUSIC_MOST_S);
  out->first      = 0;
  out->end        = take->n_frames;
  if ((double)take->n_frames * SHED_FRAME_HOP_S <= wanted_s) {
    return SHED_OK;
  }
  size_t n_bins = take->n_frames / FRAMES_A_BIN;
  size_t window = (size_t)fmin(fmax(t->length_s * 1.3, 20), wanted_s);
  float *fit    = fit_a_second(p, take, t, alloc, n_bins);
  if (!fit) {
    return SHED_E_NOMEM;
  }
  float  sum = 0, best = -1;
  size_t best_end = window;
  for (size_t i = 0; i < n_bins; i++) {
    sum += fit[i];
    if (i >= window) {
      sum -= fit[i - window];
    }
    if (sum > best + .01F) {
      best     = sum;
      best_end = i + 1;
    }
  }
  shed_free(alloc, fit);
  size_t pad   = AROUND_MUSIC_S + (size_t)(t->length_s * .2);
  size_t first = best_end > window + pad ? best_end - window - pad : 0;
  size_t end   = best_end + pad < n_bins ? best_end + pad : n_bins;
  end          = end - first > MUSIC_MOST_S ? first + MUSIC_MOST_S : end;
  out->first   = first * FRAMES_A_BIN;
  out->end     = end * FRAMES_A_BIN;
  return SHED_OK;
}

// -- how fast, how far transposed ----------------------------------------------------------------------------------

static double
span_of_sound(const shed_take *take, const shed_levels *lv, size_t first, size_t end)
{
  size_t a = end, b = first;
  for (size_t i = first; i < end; i++) {
    if (take->frames[i].voiced && take->frames[i].level_db > lv->silent_db) {
      a = i < a ? i : a;
      b = i;
    }
  }
  return b > a ? (double)(b - a) * SHED_FRAME_HOP_S : 0;
}

static float
likeness_at(const histograms *h, int bins)
{
  double sum = 0;
  for (int i = 0; i < h->n_has; i++) {
    const int b = h->has[i] + bins;
    if (b >= 0 && b < BINS && h->of_take[b] > 0) {
      sum += sqrt((double)(h->of_take[b] * h->of_score[h->has[i]]));
    }
  }
  return h->n_score > 0 && h->n_take > 0 ? (float)(sum / sqrt(h->n_score * h->n_take)) : 0;
}

/// A transposition and the tuning offset that goes with it best.
typedef struct {
  int   shift;
  float offset_cents;
  float likeness;
} placed;

static placed
place(const histograms *h, int shift)
{
  placed p = {.shift = shift, .likeness = -1};
  for (int o = -OFFSET_BINS; o <= OFFSET_BINS; o++) {
    float v = likeness_at(h, shift * (100 / BIN_CENTS) + o) * (1.F - OFFSET_PENALTY * (float)abs(o));
    if (v > p.likeness) {
      p.likeness     = v;
      p.offset_cents = (float)(o * BIN_CENTS);
    }
  }
  return p;
}

bool
shed_shift_is_allowed(const shed_prompt *p, int shift)
{
  if (shift == 0) {
    return true;
  }
  if (shift % 12 == 0) {
    return p->octave == SHED_OCTAVE_ANY || p->key == SHED_KEY_ANY;
  }
  bool near = shift > -12 && shift < 12;
  return p->key == SHED_KEY_ANY && (near || p->octave == SHED_OCTAVE_ANY);
}

/// The shifts that make the pitches most alike, best first. @return how many. @param allowed false: the forbidden ones.
static int
best_shifts(const shed_prompt *p, const histograms *h, bool allowed, placed *out, int most)
{
  int n = 0;
  for (int s = -SHIFT_MOST; s <= SHIFT_MOST; s++) {
    if (shed_shift_is_allowed(p, s) != allowed) {
      continue;
    }
    placed one = place(h, s);
    if (n == most && out[most - 1].likeness >= one.likeness) {
      continue;
    }
    int at = n < most ? n++ : most - 1;
    for (; at > 0 && out[at - 1].likeness < one.likeness; at--) {
      out[at] = out[at - 1];
    }
    out[at] = one;
  }
  return n;
}

/// A coarse search that was done: the same question is asked for the transposition and again for the tempo.
typedef struct {
  int           shift;
  float         offset_cents;
  double        period;
  float         value, fitted, found;
  bool          given_up; ///< value is no less than what it is worth; the rest is not known
  shed_corridor held;
  shed_path     path;
} tried;

typedef struct {
  const shed_prompt *prompt;
  const shed_take   *take;
  shed_align_target *target;
  tried              done[TRIED_MOST];
  int                n_done, last; ///< and which was asked for last
  shed_levels        levels;
  size_t             first, end;
  shed_evidence      evidence;
  float              offset_cents; ///< of the evidence
  const shed_alloc  *alloc;
} coarse;

/// Evidence for a tuning offset; nothing is done when it is there already.
static shed_status
listen_at(coarse *c, float offset_cents)
{
  if (c->evidence.sum && c->offset_cents == offset_cents) {
    return SHED_OK;
  }
  shed_evidence_free(&c->evidence);
  c->offset_cents = offset_cents;
  return shed_evidence_new(c->take, c->first, c->end, COARSE_STEP, NULL, offset_cents, &c->levels, c->alloc,
                           &c->evidence);
}

/// Tempo and notes found of a path.
static void
read_coarse(const coarse *c, const shed_path *p, tried *t)
{
  double take_s = 0, score_s = 0;
  int    own = p->n > 0 && p->segments[0].lane == 0 ? 1 : 0;
  for (size_t i = 1; i < p->n; i++) {
    const shed_segment *s = &p->segments[i];
    own += s->kind != SHED_STEP_EXTRA && s->lane == 0 ? 1 : 0;
    if (s->kind == SHED_STEP_NEXT && (s - 1)->kind != SHED_STEP_EXTRA) {
      double ds = c->target->events[s->event].at_s - c->target->events[(s - 1)->event].at_s;
      double dt = (s->start - (s - 1)->start) * c->evidence.hop_s;
      if (dt < 3 * ds * t->period) { // a hesitation says nothing of the tempo
        take_s += dt;
        score_s += ds;
      }
    }
  }
  t->value  = p->value;
  t->found  = (float)own / (float)c->target->n_events;
  t->fitted = score_s > 1 && c->prompt->tempo_bpm <= 0 ? (float)(take_s / score_s) : (float)t->period;
}

/// Is a segment plainly the next note, with its own pitch and about in time?
static bool
is_plain(const coarse *c, const shed_segment *s)
{
  if (s->kind != SHED_STEP_NEXT || s->event != (s - 1)->event + 1 || s->lane != 0) {
    return false;
  }
  const double score_s = c->target->events[s->event].at_s - c->target->events[s->event - 1].at_s;
  const double take_s  = (s->start - (s - 1)->start) * c->evidence.hop_s;
  return fabs(take_s - score_s * (double)(s - 1)->period) < IN_TIME_S;
}

/// Where the path is not plain, the fine search has to look everywhere.
static void
open_doubts(const coarse *c, const shed_path *p, shed_corridor *held)
{
  const int around = (int)lround(AROUND_DOUBT_S / c->evidence.hop_s);
  for (size_t i = 0; i < p->n; i++) {
    const shed_segment *s = &p->segments[i];
    if (i == 0 || !is_plain(c, s)) {
      const int from = i > 0 ? (s - 1)->start : s->start;
      const int to   = i + 1 < p->n ? (s + 1)->start : s->end;
      shed_corridor_open(held, from - around, to + around);
    }
  }
  if (p->n == 0 || p->segments[p->n - 1].event + 1 < c->target->n_events) {
    shed_corridor_open(held, p->n > 0 ? p->segments[p->n - 1].start - around : 0, held->n);
  }
}

static int
done_before(const coarse *c, const tried *t)
{
  int i = 0;
  while (i < c->n_done && (c->done[i].shift != t->shift || c->done[i].offset_cents != t->offset_cents ||
                           c->done[i].period != t->period)) {
    i++;
  }
  return i;
}

/// @param least what is worth less is of no use, and need not be searched to its end. @param[out] out found: share of the events that
/// the path has with their own pitch; what it holds is borrowed.
static shed_status
coarse_value(coarse *c, const placed *at, double period, float least, tried *out)
{
  tried     t    = {.shift = at->shift, .offset_cents = at->offset_cents, .period = period};
  const int slot = done_before(c, &t);
  c->last        = slot;
  if (slot < c->n_done && !(c->done[slot].given_up && c->done[slot].value >= least)) {
    *out = c->done[slot];
    return SHED_OK;
  }
  shed_path_opts o  = {.period      = (float)period,
                       .tempo_given = c->prompt->tempo_bpm > 0,
                       .beam        = COARSE_BEAM,
                       .extras      = true,
                       .least       = least > WHATEVER ? &least : NULL,
                       .held        = &t.held};
  shed_path      p  = {0};
  shed_status    st = listen_at(c, at->offset_cents);
  if (st != SHED_OK) {
    return st;
  }
  shed_align_target_shift(c->target, at->shift);
  if ((st = shed_path_find(c->target, &c->evidence, &o, c->alloc, &p)) != SHED_OK) {
    return st;
  }
  t.value    = p.value;
  t.given_up = p.given_up;
  if (!p.given_up) {
    read_coarse(c, &p, &t);
    open_doubts(c, &p, &t.held);
    t.path = p;
  }
  SHED_ASSERT(slot < TRIED_MOST);
  c->n_done     = slot == c->n_done ? slot + 1 : c->n_done;
  c->done[slot] = t;
  *out          = t;
  return SHED_OK;
}

static bool
is_usable(double span_period)
{
  return span_period > PERIOD_LEAST && span_period < PERIOD_MOST;
}

/// Try tempos at one place. @param full false: only the written tempo and the one that the whole sound would have. @param
/// least what is worth less is of no use. @param[out] search which of those done it was.
static shed_status
choose_tempo(coarse *c, const placed *at, double span_period, bool full, float least, float *best,
             float *period, int *search)
{
  static const double grid[] = {1, .5, .63, .8, 1.25, 1.6, 2};
  const bool          given  = c->prompt->tempo_bpm > 0;
  bool                plain  = false; // nearly all of the music was found: no other tempo is needed
  bool                whole  = false; // by the first one all of it: nor is the written one
  *best                      = WHATEVER;
  for (size_t i = 0; i <= (full ? SHED_COUNTOF(grid) : 1) && !(i > 1 && plain); i++) {
    tried t;
    if ((given && i != 1) || (i == 0 && !is_usable(span_period)) || (i == 1 && whole)) {
      continue;
    }
    const float beat =
        i == 1 && (plain || !full) && *best > least ? *best : least; // nothing else is asked of it
    shed_status st = coarse_value(c, at, i == 0 ? span_period : grid[i - 1], beat, &t);
    if (st != SHED_OK) {
      return st;
    }
    if (t.given_up) {
      continue;
    }
    plain = plain || t.found >= PLAIN_SHARE;
    whole = whole || t.found >= WHOLE_SHARE;
    if (t.value > *best) {
      *best   = t.value;
      *search = c->last;
      *period = (float)fmin(fmax((double)t.fitted, PERIOD_LEAST), PERIOD_MOST);
    }
  }
  return SHED_OK;
}

static shed_status
choose_shift(coarse *c, const histograms *h, double span_period, placed *out)
{
  placed      at[SHIFTS_TRIED + 1];
  int         n    = best_shifts(c->prompt, h, true, at, SHIFTS_TRIED);
  float       best = WHATEVER;
  shed_status st   = SHED_OK;
  at[n++]          = place(h, 0);
  *out             = at[n - 1];
  if (c->prompt->octave == SHED_OCTAVE_WRITTEN && c->prompt->key == SHED_KEY_WRITTEN) {
    return SHED_OK;
  }
  bool written = false;
  for (int i = 0; i < n && st == SHED_OK; i++) {
    float       value = 0, period = 1;
    int         search = 0;
    const float bonus  = (at[i].shift == 0 ? STAY_BONUS : 0) - OFFSET_COST * fabsf(at[i].offset_cents);
    if (at[i].shift == 0 && written) {
      continue;
    }
    written = written || at[i].shift == 0;
    st      = choose_tempo(c, &at[i], span_period, false, best - bonus, &value, &period, &search);
    if (value + bonus > best) {
      best = value + bonus;
      *out = at[i];
    }
  }
  return st;
}

/// The wrong instrument or transposition chosen: the music is there, but elsewhere.
static shed_status
look_for_hint(coarse *c, const histograms *h, const placed *here, float value_here, shed_guess *g,
              int *search)
{
  placed      other;
  tried       t;
  shed_status st = SHED_OK;
  if (best_shifts(c->prompt, h, false, &other, 1) == 0 || other.likeness < here->likeness + HINT_LIKENESS) {
    return SHED_OK;
  }
  const float least = HINT_FACTOR * value_here + HINT_MARGIN;
  st                = coarse_value(c, &other, (double)g->period, least, &t);
  if (st == SHED_OK && !t.given_up && t.value > least) {
    g->hint_shift = other.shift;
    *search       = c->last;
  }
  return st;
}

void
shed_guess_free(shed_guess *g)
{
  shed_corridor_free(&g->held);
  shed_path_free(&g->path);
  shed_evidence_free(&g->evidence);
}

/// What one of the searches has found goes to the guess.
static void
take_search(coarse *c, int search, shed_guess *g)
{
  tried *t    = &c->done[search];
  g->held     = t->held;
  g->path     = t->path;
  g->evidence = c->evidence;
  t->held     = (shed_corridor){.n = 0};
  t->path     = (shed_path){.n = 0};
  c->evidence = (shed_evidence){.n = 0};
}

shed_status
shed_guess_make(const shed_prompt *prompt, const shed_take *take, shed_align_target *target, bool struck,
                const shed_alloc *alloc, shed_guess *out)
{
  shed_guess  g      = {.period = 1};
  coarse      c      = {.prompt = prompt, .take = take, .target = target, .alloc = alloc};
  histograms *h      = NULL;
  placed      at     = {0};
  float       value  = 0;
  int         search = 0;
  shed_status st     = find_music(prompt, take, target, alloc, &g);
  if (st != SHED_OK) {
    return st;
  }
  if (!(h = shed_calloc(alloc, 1, sizeof(*h)))) {
    return SHED_E_NOMEM;
  }
  c.levels = shed_levels_of(take, g.first, g.end, prompt->sung);
  if (struck) {
    (void)shed_levels_by_strokes(take, g.first, g.end, &c.levels);
  }
  c.first = g.first;
  c.end   = g.end - g.first > COARSE_FRAMES ? g.first + COARSE_FRAMES : g.end;
  fill_histograms(take, target, &c.levels, &g, h);
  double span = target->length_s > 0 ? span_of_sound(take, &c.levels, g.first, g.end) / target->length_s : 1;
  if ((st = choose_shift(&c, h, span, &at)) == SHED_OK &&
      (st = choose_tempo(&c, &at, span, true, WHATEVER, &value, &g.period, &search)) == SHED_OK &&
      (st = look_for_hint(&c, h, &at, value, &g, &search)) == SHED_OK) {
    // a semitone less with a large offset up is the same pitch as no transposition with an offset down
    double whole = at.shift * 100. + (double)at.offset_cents;
    if (fabs(whole) <= NEAR_CENTS) {
      at.shift        = 0;
      at.offset_cents = (float)whole;
    }
    g.shift        = at.shift;
    g.offset_cents = at.offset_cents;
    shed_align_target_shift(target, g.shift);
    take_search(&c, search, &g);
    *out = g;
  }
  for (int i = 0; i < c.n_done; i++) {
    shed_corridor_free(&c.done[i].held);
    shed_path_free(&c.done[i].path);
  }
  shed_evidence_free(&c.evidence);
  shed_free(alloc, h);
  return st;
}
