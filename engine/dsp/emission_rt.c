#include "engine/dsp/emission.h"

#include <math.h>

typedef struct {
  float mean;
  float sd;
  float weight[SHED_EMISSION_ZONES];
} cand_weight;

typedef struct {
  float mean;
  float sd;
  float weight;
} frame_weight;

static const cand_weight CAND_WEIGHT[SHED_CAND_FEATURES] = {
#define SHED_CAND_WEIGHT(name, mean, sd, a, b, c, d) [SHED_CAND_##name] = {mean, sd, {a, b, c, d}},
#include "engine/dsp/weights.def"
};
static const frame_weight FRAME_WEIGHT[SHED_FRAME_FEATURES] = {
#define SHED_FRAME_WEIGHT(name, mean, sd, a) [SHED_FRAME_##name] = {mean, sd, a},
#include "engine/dsp/weights.def"
};

static float
standard(float x, float mean, float sd)
{
  float v = (x - mean) / sd;
  return fminf(fmaxf(v, -SHED_EMISSION_CLIP), SHED_EMISSION_CLIP);
}

void
shed_emission_zones(float f_hz, float share[SHED_EMISSION_ZONES])
{
  float at   = fminf(fmaxf(0.5f * log2f(f_hz / 55.0f), 0.0f), (float)SHED_EMISSION_ZONES - 1.0f);
  int   zone = (int)at;
  zone       = zone < SHED_EMISSION_ZONES - 1 ? zone : SHED_EMISSION_ZONES - 2;
  for (int z = 0; z < SHED_EMISSION_ZONES; z++) {
    share[z] = 0.0f;
  }
  share[zone]     = 1.0f - (at - (float)zone);
  share[zone + 1] = at - (float)zone;
}

static float
cand_logit(const float *x, float f_hz)
{
  float share[SHED_EMISSION_ZONES];
  float sum[SHED_EMISSION_ZONES] = {0};
  shed_emission_zones(f_hz, share);
  for (int i = 0; i < SHED_CAND_FEATURES; i++) {
    const cand_weight *w = &CAND_WEIGHT[i];
    float              v = standard(x[i], w->mean, w->sd);
    for (int z = 0; z < SHED_EMISSION_ZONES; z++) {
      sum[z] += v * w->weight[z];
    }
  }
  float logit = 0.0f;
  for (int z = 0; z < SHED_EMISSION_ZONES; z++) {
    logit += share[z] * sum[z];
  }
  return logit;
}

void
shed_emission_run(const shed_cand_set *s, shed_emission *out)
{
  float logit[SHED_CANDS_MAX];
  float none = 0.0f;
  for (int i = 0; i < SHED_FRAME_FEATURES; i++) {
    const frame_weight *w = &FRAME_WEIGHT[i];
    none += standard(s->frame[i], w->mean, w->sd) * w->weight;
  }
  float best = none;
  for (int i = 0; i < s->n; i++) {
    logit[i] = cand_logit(s->cand[i], s->f_hz[i]);
    best     = logit[i] > best ? logit[i] : best;
  }
  float e_none = expf(none - best);
  float sum    = 0.0f;
  for (int i = 0; i < s->n; i++) {
    out->pitch[i] = expf(logit[i] - best) + 1e-12f;
    sum += out->pitch[i];
  }
  for (int i = 0; i < s->n; i++) {
    out->pitch[i] /= sum;
  }
  out->voiced = s->n > 0 ? sum / (sum + e_none) : 0.0f;
}
