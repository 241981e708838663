/// An assessor judges: prompt + take -> verdict. Pure: no clock, no file, no database; same input, same output.
#ifndef SHED_ASSESSORS_ASSESSOR_H
#define SHED_ASSESSORS_ASSESSOR_H

#include "assessors/policy.h"
#include "engine/task/verdict.h"

/// One judge; assessors.def lists them.
typedef struct {
  const char *name;    ///< as in shed_prompt.assessor
  const char *what;    ///< one line for people
  bool        follows; ///< shed_follow says while somebody plays what this judge will say of notes
  /// @param[out] out written only on SHED_OK; the caller frees it with shed_verdict_free().
  /// @return SHED_OK (also for silence: then nothing is assessed), SHED_E_RANGE (a prompt without notes), SHED_E_NOMEM.
  shed_status (*judge)(const shed_prompt *prompt, const shed_take *take, const shed_policy *policy,
                       const shed_alloc *alloc, shed_verdict *out, shed_error *err);
} shed_assessor;

/// NULL when there is none of that name.
const shed_assessor *shed_assessor_find(const char *name);
/// All of them, in the order of assessors.def.
const shed_assessor *const *shed_assessor_list(size_t *n);

#endif
