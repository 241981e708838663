/// What override, waive and confirm share: student, unit, teacher and reason, and the answer of the gate afterwards.
#ifndef SHED_CLI_DECIDE_H
#define SHED_CLI_DECIDE_H

#include "app/cli/common.h"
#include "mastery/store/decide.h"

/// What is written once everybody is known. @return as the store's functions.
typedef shed_status (*shed_cli_decision)(shed_cli *cli, shed_store *store, const shed_decider *who,
                                         const shed_unit *unit, shed_uuid *event, shed_error *err);

/// Reads STUDENT and UNIT from the first two arguments, --by and --reason (both needed), calls @p decide, and tells how the
/// gate of the unit stands now.
shed_exit shed_cli_decide(shed_cli *cli, shed_cli_decision decide);

#endif
