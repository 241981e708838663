#include "assessors/assessor.h"

#include <string.h>

#define SHED_ASSESSOR(name) extern const shed_assessor shed_assessor_##name;
#include "assessors/assessors.def"
#undef SHED_ASSESSOR

static const shed_assessor *const all[] = {
#define SHED_ASSESSOR(name) &shed_assessor_##name,
#include "assessors/assessors.def"
#undef SHED_ASSESSOR
    NULL,
};

const shed_assessor *
shed_assessor_find(const char *name)
{
  for (size_t i = 0; all[i]; i++) {
    if (strcmp(all[i]->name, name) == 0) {
      return all[i];
    }
  }
  return NULL;
}

const shed_assessor *const *
shed_assessor_list(size_t *n)
{
  *n = SHED_COUNTOF(all) - 1;
  return all;
}
