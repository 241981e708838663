/// Credit policies as people name and read them.
#ifndef SHED_CLI_POLICY_VIEW_H
#define SHED_CLI_POLICY_VIEW_H

#include "app/cli/common.h"
#include "assessors/policy.h"

/// A policy as typed: a file, a preset, or one of the course's (NULL: no course). Faults of a file are all told.
shed_exit shed_cli_policy(shed_cli *cli, const shed_course *course, const char *name, shed_policy *out);

/// The policy that holds for a take: what was typed (NULL: nothing), else what a teacher gave this student (store may be NULL),
/// else the prompt's. @param[out] why how it came to be chosen, in a few words; may be NULL.
shed_exit shed_cli_policy_for(shed_cli *cli, const char *typed, shed_store *store, const shed_uuid *student,
                              const shed_course *course, const char *unit, const char *prompt_policy,
                              shed_policy *out, const char **why);

/// What it gives credit for, in words. @param sung of voices.
void shed_policy_view(shed_cli *cli, const shed_policy *p, bool sung, int indent);

/// Every fault of a file to standard error.
void shed_cli_faults(shed_cli *cli, const shed_faults *faults);

#endif
