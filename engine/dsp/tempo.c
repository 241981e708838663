#include "engine/dsp/tempo.h"

#include "engine/dsp/tempo_internal.h"

#include <math.h>

static const double LOW_HZ       = 0.42; // of the first bin
static const double MEMORY_MIN_S = 2.0;
static const double MEMORY_MAX_S = 8.0;

shed_status
shed_tempo_new(shed_tempo **out, const shed_alloc *alloc)
{
  shed_tempo *t = shed_calloc(alloc, 1, sizeof(*t));
  if (!t) {
    return SHED_E_NOMEM;
  }
  t->alloc = alloc;
  t->costs = (tempo_costs){
#define SHED_TEMPO_COST(name, value) .name = (value),
#include "engine/dsp/tempo_costs.def"
  };
  tempo_prepare(t);
  t->told  = INT64_MIN / 2;
  t->frame = 0;
  *out     = t;
  return SHED_OK;
}

void
tempo_prepare(shed_tempo *t)
{
  for (int k = 0; k < TEMPO_BINS; k++) {
    t->hz[k]       = LOW_HZ * exp2((double)k / TEMPO_PER_OCTAVE);
    t->memory_s[k] = (float)fmin(fmax((double)t->costs.cycles / t->hz[k], MEMORY_MIN_S), MEMORY_MAX_S);
    double off     = log2(60.0 * t->hz[k] / (double)t->costs.usual_bpm) / (double)t->costs.usual_octaves;
    t->prior[k]    = (float)exp(-0.5 * off * off);
  }
}

void
shed_tempo_free(shed_tempo *t)
{
  if (t) {
    shed_free(t->alloc, t);
  }
}
