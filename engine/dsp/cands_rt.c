// About this file: one frame's candidates and their features.
#include "engine/dsp/cands_internal.h"

#include <math.h>
#include <string.h>

enum {
  PEAKS_EACH = 7,
  COMB_TOP   = 4,
  WHITE_TOP  = 3,
  POOL_MAX   = CANDS_REGISTERS * PEAKS_EACH + COMB_TOP + WHITE_TOP
};
static const float LOWEST_HZ    = 26.0f;
static const float HIGHEST_HZ   = 4800.0f;
static const float SAME_OCTAVES = 35.0f / 1200.0f; // nearer candidates are one
static const float BELS_MIN     = -3.0f;           // a ratio of amplitudes under -60 dB counts as that

static float
register_nsdf(const shed_cands *c, int r, float f_hz)
{
  return shed_nsdf_value_at(c->nsdf[r], (float)(CANDS_RATE_HZ >> CANDS_REGISTER[r].octave) / f_hz);
}

// In the shortest window that suits the pitch.
static float
suited_nsdf(const shed_cands *c, float f_hz)
{
  int r = 0;
  while (r + 1 < CANDS_REGISTERS && f_hz >= CANDS_REGISTER[r + 1].best_hz) {
    r++;
  }
  return register_nsdf(c, r, f_hz);
}

typedef struct {
  float f_hz[POOL_MAX];
  float rank[POOL_MAX]; // how well it may be placed: where two are one, the better stays
  int   n;
} pool;

static void
pool_add(pool *p, float f_hz, float rank)
{
  if (!(f_hz >= LOWEST_HZ && f_hz <= HIGHEST_HZ)) {
    return;
  }
  for (int i = 0; i < p->n; i++) {
    if (fabsf(log2f(f_hz / p->f_hz[i])) < SAME_OCTAVES) {
      if (rank > p->rank[i]) {
        p->f_hz[i] = f_hz;
        p->rank[i] = rank;
      }
      return;
    }
  }
  p->f_hz[p->n] = f_hz;
  p->rank[p->n] = rank;
  p->n++;
}

static void
gather(const shed_cands *c, pool *p)
{
  for (int r = 0; r < CANDS_REGISTERS; r++) {
    float          rate = (float)(CANDS_RATE_HZ >> CANDS_REGISTER[r].octave);
    shed_nsdf_peak peaks[PEAKS_EACH];
    int            n = shed_nsdf_peaks(c->nsdf[r], rate / CANDS_REGISTER[r].top_hz, peaks, PEAKS_EACH);
    for (int i = 0; i < n; i++) {
      float f = rate / peaks[i].lag;
      bool  suited =
          f >= CANDS_REGISTER[r].best_hz && (r + 1 == CANDS_REGISTERS || f < CANDS_REGISTER[r + 1].best_hz);
      pool_add(p, f, suited ? 2.0f : 1.0f);
    }
  }
  float f_hz[COMB_TOP + WHITE_TOP];
  int   n = shed_comb_peaks(c->comb, 0, f_hz, COMB_TOP);
  n += shed_comb_peaks(c->comb, 1, f_hz + n, WHITE_TOP);
  for (int i = 0; i < n; i++) {
    pool_add(p, f_hz[i], 0.0f);
  }
}

// Keeps the SHED_CANDS_MAX that periodicity and comb together like best, in the order they were found.
static void
keep_best(const shed_cands *c, const pool *p, shed_cand_set *out)
{
  float score[POOL_MAX];
  float scale = 1.0f / (shed_comb_best(c->comb, 0) + 1e-9f);
  for (int i = 0; i < p->n; i++) {
    score[i] = suited_nsdf(c, p->f_hz[i]) + scale * shed_comb_salience(c->comb, 0, p->f_hz[i]);
  }
  out->n = 0;
  for (int i = 0; i < p->n; i++) {
    int better = 0;
    for (int j = 0; j < p->n; j++) {
      better += score[j] > score[i] || (score[j] == score[i] && j < i);
    }
    if (better < SHED_CANDS_MAX) {
      out->f_hz[out->n++] = p->f_hz[i];
    }
  }
}

static float
bels(float a, float b)
{
  float v = log10f((a + 1e-9f) / (b + 1e-9f));
  return fminf(fmaxf(v, BELS_MIN), -BELS_MIN);
}

static float
highest(const float *v, int n)
{
  float best = v[0];
  for (int i = 1; i < n; i++) {
    best = v[i] > best ? v[i] : best;
  }
  return best;
}

// What the lines at its partials and between them say.
static void
line_features(const shed_cands *c, float f_hz, float *out)
{
  shed_comb_profile p;
  shed_comb_profile_at(c->comb, f_hz, &p);
  float sum = 1e-9f, odd = 0.0f, not_third = 0.0f, power = 0.0f, best_odd = 0.0f, best_even = 0.0f;
  for (int k = 0; k < SHED_COMB_PARTIALS; k++) {
    float a = p.partial[k];
    sum += a;
    odd += k % 2 == 0 ? a : -a;
    not_third += k % 3 != 2 ? a : 0.0f;
    power += a * a;
    if (k % 2 == 0) {
      best_odd = a > best_odd ? a : best_odd;
    } else {
      best_even = a > best_even ? a : best_even;
    }
  }
  float half = 0.0f, third = 0.0f;
  for (int k = 0; k < SHED_COMB_BETWEEN; k++) {
    half += p.half[k];
    third += p.third[k];
  }
  float best                   = best_odd > best_even ? best_odd : best_even;
  out[SHED_CAND_h1]            = bels(p.partial[0], best);
  out[SHED_CAND_h2]            = bels(p.partial[1], best);
  out[SHED_CAND_h3]            = bels(p.partial[2], best);
  out[SHED_CAND_odd]           = odd / sum;
  out[SHED_CAND_odd_best]      = bels(best_odd, best_even);
  out[SHED_CAND_not_third]     = not_third / sum;
  out[SHED_CAND_between_half]  = fminf(half / sum, 2.0f);
  out[SHED_CAND_between_third] = fminf(third / sum, 2.0f);
  out[SHED_CAND_best_half]     = bels(highest(p.half, SHED_COMB_BETWEEN), best);
  out[SHED_CAND_best_third]    = bels(highest(p.third, SHED_COMB_BETWEEN), best);
  out[SHED_CAND_harmonic]      = fminf(power / (shed_comb_lines(c->comb) + 1e-12f), 1.5f);
}

static void
salience_features(const shed_cands *c, float f, float *out)
{
  float scale[SHED_COMB_KINDS] = {1.0f / (shed_comb_best(c->comb, 0) + 1e-9f),
                                  1.0f / (shed_comb_best(c->comb, 1) + 1e-9f)};
  float own[SHED_COMB_KINDS], at[SHED_COMB_KINDS][4];
  for (int kind = 0; kind < SHED_COMB_KINDS; kind++) {
    const float factor[4] = {2.0f, 0.5f, 3.0f, 1.0f / 3.0f};
    own[kind]             = shed_comb_salience(c->comb, kind, f);
    for (int i = 0; i < 4; i++) {
      at[kind][i] = fmaxf(shed_comb_salience(c->comb, kind, f * factor[i]) * scale[kind], -1.0f);
    }
  }
  out[SHED_CAND_comb]         = own[0];
  out[SHED_CAND_comb_share]   = fmaxf(own[0] * scale[0], -1.0f);
  out[SHED_CAND_white]        = own[1];
  out[SHED_CAND_white_share]  = fmaxf(own[1] * scale[1], -1.0f);
  out[SHED_CAND_comb_double]  = at[0][0];
  out[SHED_CAND_comb_half]    = at[0][1];
  out[SHED_CAND_comb_triple]  = at[0][2];
  out[SHED_CAND_comb_third]   = at[0][3];
  out[SHED_CAND_white_double] = at[1][0];
  out[SHED_CAND_white_half]   = at[1][1];
  out[SHED_CAND_white_triple] = at[1][2];
  out[SHED_CAND_white_third]  = at[1][3];
}

static void
periodicity_features(const shed_cands *c, float f, float *out)
{
  out[SHED_CAND_one]         = 1.0f;
  out[SHED_CAND_height]      = log2f(f / 220.0f);
  out[SHED_CAND_nsdf_low]    = register_nsdf(c, 0, f);
  out[SHED_CAND_nsdf_mid]    = register_nsdf(c, 1, f);
  out[SHED_CAND_nsdf_high]   = register_nsdf(c, 2, f);
  out[SHED_CAND_nsdf]        = suited_nsdf(c, f);
  out[SHED_CAND_nsdf_double] = suited_nsdf(c, 2.0f * f);
  out[SHED_CAND_nsdf_triple] = suited_nsdf(c, 3.0f * f);
  out[SHED_CAND_nsdf_half]   = suited_nsdf(c, f / 2.0f);
  out[SHED_CAND_nsdf_third]  = suited_nsdf(c, f / 3.0f);
}

// Needs every candidate's own NSDF first.
static void
rival_features(shed_cand_set *s)
{
  for (int i = 0; i < s->n; i++) {
    float best = s->cand[i][SHED_CAND_nsdf], above = 0.0f, below = 0.0f;
    for (int j = 0; j < s->n; j++) {
      float v = s->cand[j][SHED_CAND_nsdf];
      best    = v > best ? v : best;
      if (s->f_hz[j] > s->f_hz[i]) {
        above = v > above ? v : above;
      } else if (s->f_hz[j] < s->f_hz[i]) {
        below = v > below ? v : below;
      }
    }
    s->cand[i][SHED_CAND_nsdf_short]  = best - s->cand[i][SHED_CAND_nsdf];
    s->cand[i][SHED_CAND_rival_above] = above;
    s->cand[i][SHED_CAND_rival_below] = below;
    s->periodicity[i]                 = fminf(fmaxf(s->cand[i][SHED_CAND_nsdf], 0.0f), 1.0f);
  }
}

static float
best_nsdf(const shed_cands *c, int r)
{
  shed_nsdf_peak peaks[PEAKS_EACH];
  float          rate = (float)(CANDS_RATE_HZ >> CANDS_REGISTER[r].octave);
  int            n    = shed_nsdf_peaks(c->nsdf[r], rate / CANDS_REGISTER[r].top_hz, peaks, PEAKS_EACH);
  float          best = 0.0f;
  for (int i = 0; i < n; i++) {
    best = peaks[i].value > best ? peaks[i].value : best;
  }
  return best;
}

static void
frame_features(const shed_cands *c, const shed_level_frame *level, float *out)
{
  const float *v             = shed_nsdf_values(c->nsdf[2]);
  out[SHED_FRAME_one]        = 1.0f;
  out[SHED_FRAME_over_floor] = fminf(level->over_floor_db, 60.0f) / 10.0f;
  out[SHED_FRAME_under_peak] = fminf(level->under_peak_db, 60.0f) / 10.0f;
  out[SHED_FRAME_rise]       = level->rise_db / 10.0f;
  out[SHED_FRAME_loud]       = fminf(fmaxf(level->level_db, -90.0f), -60.0f) / 10.0f;
  out[SHED_FRAME_best_low]   = best_nsdf(c, 0);
  out[SHED_FRAME_best_mid]   = best_nsdf(c, 1);
  out[SHED_FRAME_best_high]  = best_nsdf(c, 2);
  out[SHED_FRAME_best_comb]  = shed_comb_best(c->comb, 0);
  out[SHED_FRAME_best_white] = shed_comb_best(c->comb, 1);
  out[SHED_FRAME_flatness]   = shed_comb_flatness(c->comb);
  out[SHED_FRAME_short_1]    = v[4];
  out[SHED_FRAME_short_2]    = v[8];
  out[SHED_FRAME_short_3]    = v[16];
}

void
shed_cands_run(shed_cands *c, const shed_front *front, int64_t centre, const shed_level_frame *level,
               shed_cand_set *out)
{
  for (int r = 0; r < CANDS_REGISTERS; r++) {
    const cands_register *g   = &CANDS_REGISTER[r];
    int64_t               mid = (centre + ((1 << g->octave) >> 1)) >> g->octave;
    shed_nsdf_run(c->nsdf[r], shed_front_at(front, g->octave, mid - g->window / 2, g->window));
  }
  shed_comb_run(c->comb, shed_front_at(front, 0, centre - CANDS_COMB_WINDOW / 2, CANDS_COMB_WINDOW));
  pool p = {.n = 0};
  gather(c, &p);
  keep_best(c, &p, out);
  for (int i = 0; i < out->n; i++) {
    periodicity_features(c, out->f_hz[i], out->cand[i]);
    salience_features(c, out->f_hz[i], out->cand[i]);
    line_features(c, out->f_hz[i], out->cand[i]);
  }
  rival_features(out);
  frame_features(c, level, out->frame);
}
