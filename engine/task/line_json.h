/// A line as JSON, for prompts that are stored whole.
#ifndef SHED_TASK_LINE_JSON_H
#define SHED_TASK_LINE_JSON_H

#include "engine/base/json.h"
#include "engine/score/score.h"

enum { SHED_LINE_NOTES = 1000000 }; ///< most notes and most measures that are read back

/// Everything but alloc. Members that are zero are left out.
shed_json *shed_line_to_json(const shed_line *line);

/// @return SHED_OK; SHED_E_FORMAT, SHED_E_LIMIT, SHED_E_NOMEM with @p out untouched. The caller frees it with
/// shed_line_free().
SHED_NODISCARD shed_status shed_line_from_json(const shed_json *v, const shed_alloc *alloc, shed_line *out,
                                               shed_error *err);

#endif
