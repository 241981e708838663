/// A credit policy: labels are facts, credit is policy. Versioned data, not code.
#ifndef SHED_ASSESSORS_POLICY_H
#define SHED_ASSESSORS_POLICY_H

#include "engine/base/hash.h"
#include "engine/base/json.h"
#include "engine/task/policy_fields.def"
#include "engine/task/prompt.h"

#define SHED_POLICY_MEMBER_REAL(name)                            double name;
#define SHED_POLICY_MEMBER_BOOL(name)                            bool name;
#define SHED_POLICY_MEMBER(name, type, of, need, min, max, what) SHED_POLICY_MEMBER_##type(name)

/// A plain value; policy_fields.def says what each number is. Times are for instruments; sung takes get sung_extra_ms on
/// top. No window is narrower than what the ear itself can tell.
typedef struct {
  char        id[SHED_ID]; ///< "year-2"; of a course's own policy the course's id, '/', a name
  int         version;
  shed_sha256 sha256; ///< of its canonical JSON
  SHED_POLICY_NUMBERS(SHED_POLICY_MEMBER)
} shed_policy;

/// A preset by name ("year-1", "year-2", "high-school", "college"; "" or "default" is "year-2"), or SHED_E_NOTFOUND with
/// err listing the names.
SHED_NODISCARD shed_status shed_policy_preset(const char *name, shed_policy *out, shed_error *err);
/// The presets in order; false behind the last.
bool shed_policy_preset_at(size_t index, shed_policy *out);
/// From a JSON document; unknown members are refused by name.
SHED_NODISCARD shed_status shed_policy_from_json(const shed_json *v, shed_policy *out, shed_error *err);
shed_json                 *shed_policy_to_json(const shed_policy *p);

#endif
