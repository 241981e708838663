#include "engine/dsp/quick.h"

#include "engine/dsp/quick_internal.h"

shed_status
shed_quick_new(shed_quick **out, const shed_alloc *alloc)
{
  shed_quick *q = shed_calloc(alloc, 1, sizeof(*q));
  if (!q) {
    return SHED_E_NOMEM;
  }
  q->alloc  = alloc;
  q->steady = 1.0f;
  *out      = q;
  return SHED_OK;
}

void
shed_quick_free(shed_quick *q)
{
  if (q) {
    shed_free(q->alloc, q);
  }
}
