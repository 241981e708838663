/// Credit policies by name, from courses and from files: a preset, or what a file changes of one.
#ifndef SHED_SESSION_POLICIES_H
#define SHED_SESSION_POLICIES_H

#include "assessors/policy.h"
#include "drills/content.h"

/// The policy that a file describes: its preset with the numbers that the file has. @return SHED_OK; SHED_E_RANGE when what
/// results is no policy (all weights 0).
SHED_NODISCARD shed_status shed_policy_of_file(const shed_credit_policy *file, shed_policy *out,
                                               shed_error *err);

/// By name: a preset, or one of the course's. @param course may be NULL. @param name "" is the default.
/// @return SHED_OK; SHED_E_NOTFOUND with err listing the presets.
SHED_NODISCARD shed_status shed_policy_named(const shed_course *course, const char *name, shed_policy *out,
                                             shed_error *err);

/// From a file: .yaml or .yml as courses write them, .json as the store keeps them.
/// @param faults as shed_course_load(); may be NULL. @return as shed_credit_policy_load() and shed_policy_from_json().
SHED_NODISCARD shed_status shed_policy_read(const char *path, shed_policy *out, shed_faults *faults,
                                            shed_error *err);
/// Whether a name as typed is meant as a file.
bool shed_policy_is_file(const char *name);

#endif
