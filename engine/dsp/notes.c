#include "engine/dsp/notes.h"

#include "engine/dsp/notes_internal.h"

static const notes_costs COSTS = {
#define SHED_NOTES_COST(name, value) .name = value,
#include "engine/dsp/notes_costs.def"
};

static const notes_times TIMES = {{
#define SHED_NOTES_TIME(kind, ...) [NOTES_##kind] = {__VA_ARGS__},
#include "engine/dsp/notes_times.def"
}};

shed_status
shed_notes_new(shed_notes **out, const shed_alloc *alloc)
{
  shed_notes *n = shed_calloc(alloc, 1, sizeof(*n));
  if (!n) {
    return SHED_E_NOMEM;
  }
  n->alloc          = alloc;
  n->costs          = COSTS;
  n->times          = TIMES;
  n->waver          = NOTES_WAVER_LEAST;
  n->loud_db        = NOTES_SILENT_DB;
  n->onward         = NOTES_ONWARD_START;
  n->last_told_s    = -1.0f;
  n->last_on        = -1000;
  n->last_unpitched = -1000;
  n->last_end       = -1000;
  n->last_sung      = -1000;
  n->last_voice     = -1000;
  *out              = n;
  return SHED_OK;
}

void
shed_notes_free(shed_notes *n)
{
  if (n) {
    shed_free(n->alloc, n);
  }
}
