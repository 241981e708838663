#include "engine/dsp/emission.h"

#include <math.h>

static const float LEAST = 1e-6f; // share: no candidate is out of the question

static const shed_net_input INPUT[SHED_EMISSION_INPUTS] = {
#define SHED_CHOICE_FRAME(name, mean, scale, straight, ...)                                                  \
  [SHED_FRAME_##name] = {mean, scale, straight, {__VA_ARGS__}},
#define SHED_CHOICE_CAND(name, mean, scale, straight, ...)                                                   \
  [SHED_FRAME_FEATURES + SHED_CAND_##name] = {mean, scale, straight, {__VA_ARGS__}},
#include "engine/dsp/weights.def"
};

shed_net
shed_emission_net(void)
{
  return (shed_net){
      .input = INPUT,
#define SHED_CHOICE_UNITS(base_, bias_, out_) .base = (base_), .bias = bias_, .out = out_,
#define SHED_UNITS(...)                                                                                      \
  {                                                                                                          \
    __VA_ARGS__                                                                                              \
  }
#include "engine/dsp/weights.def"
  };
}

void
shed_emission_run(const shed_net *net, const shed_cand_set *s, shed_emission *out)
{
  float        y[SHED_CANDS_MAX];
  shed_net_sum frame;
  shed_net_begin(net, &frame);
  shed_net_add(net, 0, s->frame, SHED_FRAME_FEATURES, &frame);
  out->best = -1;
  for (int i = 0; i < s->n; i++) {
    shed_net_sum sum = frame;
    shed_net_add(net, SHED_FRAME_FEATURES, s->cand[i], SHED_CAND_FEATURES, &sum);
    y[i]      = shed_net_end(net, &sum);
    out->best = out->best < 0 || y[i] > y[out->best] ? i : out->best;
  }
  float sum = 0.0f;
  for (int i = 0; i < s->n; i++) {
    out->pitch[i] = expf(y[i] - y[out->best]) + LEAST;
    sum += out->pitch[i];
  }
  for (int i = 0; i < s->n; i++) {
    out->pitch[i] /= sum;
  }
}
