// About this file: making the estimators that candidates come from.
#include "engine/dsp/cands.h"

#include "engine/dsp/cands_internal.h"

shed_status
shed_cands_new(shed_cands **out, const shed_alloc *alloc)
{
  shed_cands *c = shed_calloc(alloc, 1, sizeof(*c));
  if (!c) {
    return SHED_E_NOMEM;
  }
  c->alloc       = alloc;
  shed_status st = SHED_OK;
  for (int r = 0; r < CANDS_REGISTERS && st == SHED_OK; r++) {
    st = shed_nsdf_new(&c->nsdf[r], alloc, CANDS_REGISTER[r].window, CANDS_REGISTER[r].max_lag);
  }
  if (st == SHED_OK) {
    st = shed_comb_new(&c->comb, alloc, CANDS_RATE_HZ, CANDS_COMB_WINDOW);
  }
  if (st != SHED_OK) {
    shed_cands_free(c);
    return st;
  }
  *out = c;
  return SHED_OK;
}

void
shed_cands_free(shed_cands *c)
{
  if (!c) {
    return;
  }
  for (int r = 0; r < CANDS_REGISTERS; r++) {
    shed_nsdf_free(c->nsdf[r]);
  }
  shed_comb_free(c->comb);
  shed_free(c->alloc, c);
}
