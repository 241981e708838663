#include "engine/dsp/voicing.h"

#include <math.h>

static const float LOUDER        = 0.05f; // share of a clear frame in the source's level when above it,
static const float SOFTER        = 0.01f; // and when below: about a second
static const float SHAPE         = 0.02f; // in the source's spectrum
static const float SHAPE_NEAR_DB = 12.0f; // frames further below the source do not count for its spectrum
static const float MEAN = 0.2f, LONG = 0.05f;
// A crash may have been any amount louder: it must not make the ear deaf.
static const float UNDER_MOST_DB = 30.0f;
static const float SEMITONE      = 1.0595f;
static const int   RUN_MAX       = 40;

static const shed_net_input INPUT[SHED_VOICING_INPUTS] = {
#define SHED_VOICING_FRAME(name, mean, scale, straight, ...)                                                 \
  [SHED_FRAME_##name] = {mean, scale, straight, {__VA_ARGS__}},
#define SHED_VOICING_VOICE(name, mean, scale, straight, ...)                                                 \
  [SHED_FRAME_FEATURES + SHED_VOICE_##name] = {mean, scale, straight, {__VA_ARGS__}},
#include "engine/dsp/weights.def"
};

shed_net
shed_voicing_net(void)
{
  return (shed_net){
      .input = INPUT,
#define SHED_VOICING_UNITS(base_, bias_, out_) .base = (base_), .bias = bias_, .out = out_,
#define SHED_UNITS(...)                                                                                      \
  {                                                                                                          \
    __VA_ARGS__                                                                                              \
  }
#include "engine/dsp/weights.def"
  };
}

static float
tens(float db)
{
  return fminf(fmaxf(db / 10.0f, -6.0f), 6.0f);
}

static float
level_back(const shed_voicing *v, int back)
{
  int b = back < v->frames ? back : v->frames - 1;
  return v->level_db[(v->frames - 1 - b) % (SHED_VOICING_BACK + 1)];
}

static void
remember(shed_voicing *v, const shed_cand_set *s, float clarity)
{
  float weight = clarity * clarity;
  weight *= weight;
  float share = s->level_db > v->source_db ? LOUDER : SOFTER;
  v->source_db += weight * share * (s->level_db - v->source_db);
  if (s->level_db > v->source_db - SHAPE_NEAR_DB) {
    for (int b = 0; b < SHED_CANDS_BANDS; b++) {
      v->source_band[b] += weight * SHAPE * (s->band[b] - v->source_band[b]);
    }
  }
}

static void
level_features(shed_voicing *v, const shed_cand_set *s, float *out)
{
  if (v->frames == 0) {
    v->source_db = s->level_db;
    for (int b = 0; b < SHED_CANDS_BANDS; b++) {
      v->source_band[b] = s->band[b];
    }
  }
  v->level_db[v->frames++ % (SHED_VOICING_BACK + 1)] = s->level_db;
  if (v->frames > 100 * (SHED_VOICING_BACK + 1)) { // the count stays small, the ring's phase the same
    v->frames -= SHED_VOICING_BACK + 1;
  }
  float away = 0.0f;
  for (int b = 0; b < SHED_CANDS_BANDS; b++) {
    away += fabsf(s->band[b] - v->source_band[b]);
  }
  out[SHED_VOICE_under_source] = tens(fminf(v->source_db - s->level_db, UNDER_MOST_DB));
  out[SHED_VOICE_since_30]     = tens(s->level_db - level_back(v, 3));
  out[SHED_VOICE_since_100]    = tens(s->level_db - level_back(v, 10));
  out[SHED_VOICE_since_300]    = tens(s->level_db - level_back(v, SHED_VOICING_BACK));
  out[SHED_VOICE_timbre]       = away / SHED_CANDS_BANDS;
}

static void
pitch_features(const shed_cand_set *s, const shed_emission *e, float *out)
{
  static const float nothing[SHED_CAND_FEATURES] = {0};
  const float       *top                         = e->best >= 0 ? s->cand[e->best] : nothing;
  float              share                       = e->best >= 0 ? fminf(e->pitch[e->best], 0.9999f) : 1e-4f;
  out[SHED_VOICE_share]                          = 0.1f * logf(share / (1.0f - share));
  out[SHED_VOICE_height]                         = top[SHED_CAND_height];
  out[SHED_VOICE_nsdf]                           = top[SHED_CAND_nsdf];
  out[SHED_VOICE_comb]                           = top[SHED_CAND_comb];
  out[SHED_VOICE_white]                          = top[SHED_CAND_white];
  out[SHED_VOICE_white_share]                    = top[SHED_CAND_white_share];
  out[SHED_VOICE_odd_best]                       = top[SHED_CAND_odd_best];
  out[SHED_VOICE_between_half]                   = top[SHED_CAND_between_half];
  out[SHED_VOICE_harmonic]                       = top[SHED_CAND_harmonic];
  out[SHED_VOICE_over_hush]                      = top[SHED_CAND_over_hush];
}

// The candidate that goes on the pitch of the frame before, if one does.
static void
run_features(shed_voicing *v, const shed_cand_set *s, const shed_emission *e, float *out)
{
  float same = 0.0f;
  for (int i = 0; i < s->n; i++) {
    bool near = s->f_hz[i] < v->last_hz * SEMITONE && v->last_hz < s->f_hz[i] * SEMITONE;
    same      = near ? fmaxf(same, s->cand[i][SHED_CAND_nsdf]) : same;
  }
  float now                = e->best >= 0 ? s->f_hz[e->best] : 0.0f;
  bool  on                 = now > 0.0f && now < v->last_hz * SEMITONE && v->last_hz < now * SEMITONE;
  v->run                   = !on ? 0 : v->run < RUN_MAX ? v->run + 1 : RUN_MAX;
  v->last_hz               = now;
  out[SHED_VOICE_run]      = 0.1f * (float)v->run;
  out[SHED_VOICE_run_nsdf] = same;
}

void
shed_voicing_look(shed_voicing *v, const shed_cand_set *s, const shed_emission *e,
                  float out[SHED_VOICE_FEATURES])
{
  level_features(v, s, out);
  pitch_features(s, e, out);
  run_features(v, s, e, out);
  float clarity = fminf(fmaxf(out[SHED_VOICE_nsdf], 0.0f), 1.0f);
  v->mean_nsdf += MEAN * (clarity - v->mean_nsdf);
  v->mean_white += MEAN * (out[SHED_VOICE_white] - v->mean_white);
  v->mean_comb += MEAN * (out[SHED_VOICE_comb] - v->mean_comb);
  v->long_nsdf += LONG * (clarity - v->long_nsdf);
  v->long_white += LONG * (out[SHED_VOICE_white] - v->long_white);
  out[SHED_VOICE_mean_nsdf]  = v->mean_nsdf;
  out[SHED_VOICE_mean_white] = v->mean_white;
  out[SHED_VOICE_mean_comb]  = v->mean_comb;
  out[SHED_VOICE_long_nsdf]  = v->long_nsdf;
  out[SHED_VOICE_long_white] = v->long_white;
  remember(v, s, clarity);
}

float
shed_voicing_run(const shed_net *net, shed_voicing *v, const shed_cand_set *s, const shed_emission *e)
{
  float        x[SHED_VOICE_FEATURES] = {0};
  shed_net_sum sum;
  shed_voicing_look(v, s, e, x);
  shed_net_begin(net, &sum);
  shed_net_add(net, 0, s->frame, SHED_FRAME_FEATURES, &sum);
  shed_net_add(net, SHED_FRAME_FEATURES, x, SHED_VOICE_FEATURES, &sum);
  return shed_net_end(net, &sum);
}
