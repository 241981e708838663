/// A unit's gate and a course's path, in words on a terminal and as JSON.
#ifndef SHED_CLI_GATE_VIEW_H
#define SHED_CLI_GATE_VIEW_H

#include "app/cli/command.h"
#include "app/session/progress.h"

/// One unit: its state, each dimension's last takes against the target, and the reasons.
void shed_gate_view_unit(shed_cli *cli, const shed_progress *p, size_t unit);
/// A whole course, the next unit marked.
void       shed_gate_view_course(shed_cli *cli, const shed_progress *p);
shed_json *shed_gate_view_json(const shed_progress *p);

#endif
