// About this file: one frame's candidates, from the registers and the combs.
#include "engine/dsp/cands_internal.h"

#include <math.h>
#include <string.h>

enum {
  PEAKS_EACH = 7,
  COMB_TOP   = 4,
  WHITE_TOP  = 3,
  POOL_MAX   = CANDS_REGISTERS * PEAKS_EACH + COMB_TOP + WHITE_TOP
};
static const float LOWEST_HZ  = 26.0f;
static const float HIGHEST_HZ = 4800.0f;
static const float SAME_RATIO = 1.02042f; // 35 cents: nearer candidates are one

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
    if (f_hz < p->f_hz[i] * SAME_RATIO && p->f_hz[i] < f_hz * SAME_RATIO) {
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
gather(const shed_cands *c, pool *p, float best_nsdf[CANDS_REGISTERS])
{
  for (int r = 0; r < CANDS_REGISTERS; r++) {
    float          rate = (float)(CANDS_RATE_HZ >> CANDS_REGISTER[r].octave);
    shed_nsdf_peak peaks[PEAKS_EACH];
    int            n = shed_nsdf_peaks(c->nsdf[r], rate / CANDS_REGISTER[r].top_hz, peaks, PEAKS_EACH);
    best_nsdf[r]     = 0.0f;
    for (int i = 0; i < n; i++) {
      float f      = rate / peaks[i].lag;
      best_nsdf[r] = peaks[i].value > best_nsdf[r] ? peaks[i].value : best_nsdf[r];
      bool suited =
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
    score[i] = cands_suited_nsdf(c, p->f_hz[i]) + scale * shed_comb_salience(c->comb, 0, p->f_hz[i]);
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
  shed_hush_run(&c->hush, shed_comb_axis(c->comb));
  pool  p = {.n = 0};
  float best_nsdf[CANDS_REGISTERS];
  gather(c, &p, best_nsdf);
  keep_best(c, &p, out);
  cands_features(c, level, best_nsdf, out);
}
