#include "engine/dsp/pitch.h"

#include "engine/dsp/pitch_internal.h"

shed_status
shed_pitch_new(shed_pitch **out, const shed_alloc *alloc)
{
  shed_pitch *p = shed_calloc(alloc, 1, sizeof(*p));
  if (!p) {
    return SHED_E_NOMEM;
  }
  p->alloc       = alloc;
  shed_status st = shed_cands_new(&p->cands, alloc);
  if (st != SHED_OK) {
    shed_pitch_free(p);
    return st;
  }
  *out = p;
  return SHED_OK;
}

void
shed_pitch_free(shed_pitch *p)
{
  if (!p) {
    return;
  }
  shed_cands_free(p->cands);
  shed_free(p->alloc, p);
}
