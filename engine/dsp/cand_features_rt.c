// About this file: what speaks for each candidate of a frame (features.def).
#include "engine/dsp/cands_internal.h"

#include <math.h>

static const float BELS_MIN = -3.0f; // a ratio of amplitudes under -60 dB counts as that
// A crash may have been any amount louder: it must not make the ear deaf.
static const float UNDER_MOST_DB = 30.0f;

static float
register_nsdf(const shed_cands *c, int r, float f_hz)
{
  return shed_nsdf_value_at(c->nsdf[r], (float)(CANDS_RATE_HZ >> CANDS_REGISTER[r].octave) / f_hz);
}

static int
suited_register(float f_hz)
{
  int r = 0;
  while (r + 1 < CANDS_REGISTERS && f_hz >= CANDS_REGISTER[r + 1].best_hz) {
    r++;
  }
  return r;
}

float
cands_suited_nsdf(const shed_cands *c, float f_hz)
{
  return register_nsdf(c, suited_register(f_hz), f_hz);
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
line_features(const shed_cands *c, float place, float *out)
{
  shed_comb_profile p;
  shed_comb_profile_at(c->comb, place, &p);
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
  float best = best_odd > best_even ? best_odd : best_even;
  for (int k = 0; k < 7; k++) {
    out[SHED_CAND_h1 + k] = bels(p.partial[k], best);
  }
  for (int k = 0; k < 3; k++) {
    out[SHED_CAND_half_1 + k] = bels(p.half[k], best);
  }
  out[SHED_CAND_third_1]       = bels(p.third[0], best);
  out[SHED_CAND_third_2]       = bels(p.third[1], best);
  out[SHED_CAND_odd]           = odd / sum;
  out[SHED_CAND_odd_best]      = bels(best_odd, best_even);
  out[SHED_CAND_not_third]     = not_third / sum;
  out[SHED_CAND_between_half]  = fminf(half / sum, 2.0f);
  out[SHED_CAND_between_third] = fminf(third / sum, 2.0f);
  out[SHED_CAND_best_half]     = bels(highest(p.half, SHED_COMB_BETWEEN), best);
  out[SHED_CAND_best_third]    = bels(highest(p.third, SHED_COMB_BETWEEN), best);
  out[SHED_CAND_harmonic]      = fminf(power / (shed_comb_lines(c->comb) + 1e-12f), 1.5f);
  out[SHED_CAND_over_hush]     = bels(shed_comb_sum_at(c->comb, shed_comb_axis(c->comb), place),
                                      shed_hush_partials(&c->hush, c->comb, place));
}

static void
salience_features(const shed_cands *c, float place, float *out)
{
  // where 2 f, f / 2, 3 f and f / 3 stand from f
  static const float step[4]                = {96.0f, -96.0f, 152.1564f, -152.1564f};
  float              scale[SHED_COMB_KINDS] = {1.0f / (shed_comb_best(c->comb, 0) + 1e-9f),
                                               1.0f / (shed_comb_best(c->comb, 1) + 1e-9f)};
  float              own[SHED_COMB_KINDS], at[SHED_COMB_KINDS][4];
  for (int kind = 0; kind < SHED_COMB_KINDS; kind++) {
    own[kind] = shed_comb_salience_at(c->comb, kind, place);
    for (int i = 0; i < 4; i++) {
      at[kind][i] = fmaxf(shed_comb_salience_at(c->comb, kind, place + step[i]) * scale[kind], -1.0f);
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
  float at[CANDS_REGISTERS];
  for (int r = 0; r < CANDS_REGISTERS; r++) {
    at[r] = register_nsdf(c, r, f);
  }
  out[SHED_CAND_height]      = log2f(f / 220.0f);
  out[SHED_CAND_nsdf_low]    = at[0];
  out[SHED_CAND_nsdf_mid]    = at[1];
  out[SHED_CAND_nsdf_high]   = at[2];
  out[SHED_CAND_nsdf]        = at[suited_register(f)];
  out[SHED_CAND_nsdf_double] = cands_suited_nsdf(c, 2.0f * f);
  out[SHED_CAND_nsdf_triple] = cands_suited_nsdf(c, 3.0f * f);
  out[SHED_CAND_nsdf_half]   = cands_suited_nsdf(c, f / 2.0f);
  out[SHED_CAND_nsdf_third]  = cands_suited_nsdf(c, f / 3.0f);
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

static void
frame_features(const shed_cands *c, const shed_level_frame *level, const float best_nsdf[CANDS_REGISTERS],
               float *out)
{
  const float *v             = shed_nsdf_values(c->nsdf[2]);
  out[SHED_FRAME_over_floor] = fminf(level->over_floor_db, 60.0f) / 10.0f;
  out[SHED_FRAME_under_peak] = fminf(level->under_peak_db, UNDER_MOST_DB) / 10.0f;
  out[SHED_FRAME_rise]       = level->rise_db / 10.0f;
  out[SHED_FRAME_loud]       = fminf(fmaxf(level->level_db, -90.0f), -60.0f) / 10.0f;
  out[SHED_FRAME_best_low]   = best_nsdf[0];
  out[SHED_FRAME_best_mid]   = best_nsdf[1];
  out[SHED_FRAME_best_high]  = best_nsdf[2];
  out[SHED_FRAME_best_comb]  = shed_comb_best(c->comb, 0);
  out[SHED_FRAME_best_white] = shed_comb_best(c->comb, 1);
  out[SHED_FRAME_flatness]   = shed_comb_flatness(c->comb);
  out[SHED_FRAME_short_1]    = v[4];
  out[SHED_FRAME_short_2]    = v[8];
  out[SHED_FRAME_short_3]    = v[16];
  out[SHED_FRAME_fresh]      = shed_hush_fresh(&c->hush, shed_comb_axis(c->comb));
}

static void
bands(const shed_cands *c, float out[SHED_CANDS_BANDS])
{
  const float *axis = shed_comb_axis(c->comb);
  float        mean = 0.0f;
  for (int b = 0; b < SHED_CANDS_BANDS; b++) {
    int first = b * SHED_COMB_PLACES / SHED_CANDS_BANDS, last = (b + 1) * SHED_COMB_PLACES / SHED_CANDS_BANDS;
    float sum = 1e-4f;
    for (int p = first; p < last; p++) {
      sum += axis[p];
    }
    out[b] = log10f(sum);
    mean += out[b] / SHED_CANDS_BANDS;
  }
  for (int b = 0; b < SHED_CANDS_BANDS; b++) {
    out[b] -= mean;
  }
}

void
cands_features(const shed_cands *c, const shed_level_frame *level, const float best_nsdf[CANDS_REGISTERS],
               shed_cand_set *s)
{
  for (int i = 0; i < s->n; i++) {
    float place = shed_comb_place(s->f_hz[i]);
    periodicity_features(c, s->f_hz[i], s->cand[i]);
    salience_features(c, place, s->cand[i]);
    line_features(c, place, s->cand[i]);
  }
  rival_features(s);
  frame_features(c, level, best_nsdf, s->frame);
  s->level_db = level->level_db;
  bands(c, s->band);
}
