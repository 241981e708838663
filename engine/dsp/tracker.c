#include "engine/dsp/tracker.h"

#include "engine/dsp/tracker_internal.h"

shed_status
shed_tracker_new(shed_tracker **out, const shed_alloc *alloc)
{
  shed_tracker *p = shed_calloc(alloc, 1, sizeof(*p));
  if (!p) {
    return SHED_E_NOMEM;
  }
  p->alloc       = alloc;
  p->choice      = shed_emission_net();
  p->voice       = shed_voicing_net();
  p->path.costs  = shed_path_costs_usual();
  shed_status st = shed_cands_new(&p->cands, alloc);
  if (st != SHED_OK) {
    shed_tracker_free(p);
    return st;
  }
  *out = p;
  return SHED_OK;
}

void
shed_tracker_free(shed_tracker *p)
{
  if (!p) {
    return;
  }
  shed_cands_free(p->cands);
  shed_free(p->alloc, p);
}
