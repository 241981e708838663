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
  COARSE_BEAM    = 64,
  COARSE_FRAMES  = 30000, ///< five minutes are enough to know tempo and key
  FRAMES_A_BIN   = 100,
  SHIFTS_TRIED   = 4,
  SHIFT_MOST     = 24,
  MUSIC_MOST_S   = 1800, ///< of one take; what is longer is judged where it fits best
  AROUND_MUSIC_S = 15
};

static const double LONGER_THAN_MUSIC = 2.5; ///< a take this many times the music's length, and
static const double LONG_TAKE_S       = 180; ///< over this, is searched for the music first
static const float  HINT_MARGIN       = 30.F;
static const float  HINT_FACTOR       = 1.15F;
static const float  STAY_BONUS        = 3.F;

// -- where the music is --------------------------------------------------------------------------------------------

typedef struct {
  float of_score[128], of_take[128];
} histograms;

static int
nearest_midi(float hz)
{
  long m = hz > 0 ? lround(shed_hz_to_midi((double)hz, 440)) : -1;
  return m < 0 || m > 127 ? -1 : (int)m;
}

static void
histogram_of_score(const shed_align_target *t, float *h)
{
  for (int i = 0; i < t->n_events; i++) {
    int m = t->events[i].main_midi;
    if (m >= 0 && m < 128) {
      h[m] += (float)fmax(t->events[i].length_s, .05);
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
  float  has[128] = {0};
  float *fit      = shed_calloc(alloc, n_bins + 1, sizeof(*fit));
  if (!fit) {
    return NULL;
  }
  histogram_of_score(t, has);
  for (size_t i = 0; i < n_bins * FRAMES_A_BIN; i++) {
    const shed_frame *f = &take->frames[i];
    int               m = f->voiced ? nearest_midi(f->f0_hz) : -1;
    if (m < 0) {
      continue;
    }
    bool fits = any_shift(p) || has[m] > 0;
    for (int o = -24; o <= 24 && !fits && p->octave == SHED_OCTAVE_ANY; o += 12) {
      fits = m + o >= 0 && m + o < 128 && has[m + o] > 0;
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
likeness(const histograms *h, int shift)
{
  float sum = 0, n_score = 0, n_take = 0;
  for (int m = 0; m < 128; m++) {
    n_score += h->of_score[m];
    n_take += h->of_take[m];
    if (m - shift >= 0 && m - shift < 128) {
      sum += sqrtf(h->of_take[m] * h->of_score[m - shift]);
    }
  }
  return n_score > 0 && n_take > 0 ? sum / sqrtf(n_score * n_take) : 0;
}

static bool
is_allowed(const shed_prompt *p, int shift)
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

/// The shifts that make the pitches most alike, best first. @return how many; `allowed` false: only the forbidden ones.
static int
best_shifts(const shed_prompt *p, const histograms *h, bool allowed, int *shifts, int most)
{
  float value[2 * SHIFT_MOST + 1];
  int   n = 0;
  for (int s = -SHIFT_MOST; s <= SHIFT_MOST; s++) {
    value[s + SHIFT_MOST] = is_allowed(p, s) == allowed ? likeness(h, s) : -1;
  }
  while (n < most) {
    int best = 0;
    for (int i = 1; i < 2 * SHIFT_MOST + 1; i++) {
      best = value[i] > value[best] ? i : best;
    }
    if (value[best] <= 0) {
      break;
    }
    shifts[n++] = best - SHIFT_MOST;
    value[best] = -1;
  }
  return n;
}

typedef struct {
  const shed_prompt *prompt;
  shed_align_target *target;
  shed_evidence      evidence;
  const shed_alloc  *alloc;
} coarse;

static shed_status
coarse_value(coarse *c, int shift, double period, float *value, float *fitted)
{
  shed_path_opts o = {
      .period = (float)period, .tempo_given = c->prompt->tempo_bpm > 0, .beam = COARSE_BEAM, .extras = true};
  shed_path p = {0};
  shed_align_target_shift(c->target, shift);
  shed_status st = shed_path_find(c->target, &c->evidence, &o, c->alloc, &p);
  if (st != SHED_OK) {
    return st;
  }
  double take_s = 0, score_s = 0;
  for (size_t i = 1; i < p.n; i++) {
    if (p.segments[i].kind == SHED_STEP_NEXT && p.segments[i - 1].kind != SHED_STEP_EXTRA) {
      double ds =
          c->target->events[p.segments[i].event].at_s - c->target->events[p.segments[i - 1].event].at_s;
      double dt = (p.segments[i].start - p.segments[i - 1].start) * c->evidence.hop_s;
      if (dt < 3 * ds * period) { // a hesitation says nothing of the tempo
        take_s += dt;
        score_s += ds;
      }
    }
  }
  *value  = p.value;
  *fitted = score_s > 1 && c->prompt->tempo_bpm <= 0 ? (float)(take_s / score_s) : (float)period;
  shed_path_free(&p);
  return SHED_OK;
}

static shed_status
choose_tempo(coarse *c, double span_period, shed_guess *g, float *best)
{
  static const double grid[] = {1, .5, .63, .8, 1.25, 1.6, 2};
  const bool          given  = c->prompt->tempo_bpm > 0;
  *best                      = -1e30F;
  g->period                  = 1;
  for (size_t i = 0; i <= SHED_COUNTOF(grid); i++) {
    double period = i == 0 ? span_period : grid[i - 1];
    float  value = 0, fitted = 1;
    if ((given && i != 1) || (i == 0 && !(span_period > .3 && span_period < 3.5))) {
      continue;
    }
    shed_status st = coarse_value(c, g->shift, period, &value, &fitted);
    if (st != SHED_OK) {
      return st;
    }
    if (value > *best) {
      *best     = value;
      g->period = fitted;
    }
  }
  g->period = (float)fmin(fmax((double)g->period, .3), 3.5);
  return SHED_OK;
}

static shed_status
choose_shift(coarse *c, const histograms *h, double span_period, shed_guess *g)
{
  int        shifts[SHIFTS_TRIED + 1];
  const bool given = c->prompt->tempo_bpm > 0;
  int        n     = best_shifts(c->prompt, h, true, shifts, SHIFTS_TRIED);
  float      best  = -1e30F;
  const bool span  = !given && span_period > .3 && span_period < 3.5;
  shifts[n++]      = 0;
  g->shift         = 0;
  for (int i = 0; n > 1 && i < n; i++) {
    for (int k = 0; k < (span ? 2 : 1); k++) {
      float       value = 0, fitted = 0;
      shed_status st = coarse_value(c, shifts[i], k == 1 ? span_period : 1, &value, &fitted);
      if (st != SHED_OK) {
        return st;
      }
      value += shifts[i] == 0 ? STAY_BONUS : 0;
      if (value > best) {
        best     = value;
        g->shift = shifts[i];
      }
    }
  }
  return SHED_OK;
}

/// The wrong instrument or transposition chosen: the music is there, but elsewhere.
static shed_status
look_for_hint(coarse *c, const histograms *h, float value_here, shed_guess *g)
{
  int         shift = 0;
  float       value = 0, fitted = 0;
  shed_status st = SHED_OK;
  if (best_shifts(c->prompt, h, false, &shift, 1) == 0 || likeness(h, shift) < likeness(h, g->shift) + .15F) {
    return SHED_OK;
  }
  st = coarse_value(c, shift, (double)g->period, &value, &fitted);
  if (st == SHED_OK && value > HINT_FACTOR * value_here + HINT_MARGIN) {
    g->hint_shift = shift;
  }
  return st;
}

shed_status
shed_guess_make(const shed_prompt *prompt, const shed_take *take, shed_align_target *target,
                const shed_alloc *alloc, shed_guess *out)
{
  shed_guess  g  = {.period = 1};
  coarse      c  = {.prompt = prompt, .target = target, .alloc = alloc};
  histograms  h  = {0};
  shed_status st = find_music(prompt, take, target, alloc, &g);
  if (st != SHED_OK) {
    return st;
  }
  shed_levels lv  = shed_levels_of(take, g.first, g.end);
  size_t      end = g.end - g.first > COARSE_FRAMES ? g.first + COARSE_FRAMES : g.end;
  histogram_of_score(target, h.of_score);
  for (size_t i = g.first; i < g.end; i++) {
    int m = take->frames[i].voiced ? nearest_midi(take->frames[i].f0_hz) : -1;
    if (m >= 0) {
      h.of_take[m] += shed_frame_weight(&take->frames[i], &lv);
    }
  }
  double span_period = target->length_s > 0 ? span_of_sound(take, &lv, g.first, g.end) / target->length_s : 1;
  st                 = shed_evidence_new(take, g.first, end, COARSE_STEP, NULL, &lv, alloc, &c.evidence);
  if (st != SHED_OK) {
    return st;
  }
  float value = 0;
  if ((st = choose_shift(&c, &h, span_period, &g)) == SHED_OK &&
      (st = choose_tempo(&c, span_period, &g, &value)) == SHED_OK &&
      (st = look_for_hint(&c, &h, value, &g)) == SHED_OK) {
    shed_align_target_shift(target, g.shift);
    *out = g;
  }
  shed_evidence_free(&c.evidence);
  return st;
}
