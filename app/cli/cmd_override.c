// About this file: woodshed override: a teacher sets the answer of a gate.
#include "app/cli/decide.h"

static shed_status
decide(shed_cli *cli, shed_store *store, const shed_decider *who, const shed_unit *unit, shed_uuid *event,
       shed_error *err)
{
  return shed_store_override(store, who, unit->id, cli->args[2], event, err);
}

static shed_exit
run(shed_cli *cli)
{
  return shed_cli_decide(cli, decide);
}

static const shed_option options[] = {
    SHED_OPTION_BY, SHED_OPTION_REASON, SHED_OPTION_JSON, SHED_OPTION_STORE, SHED_OPTION_CONTENT,
};
static const shed_action actions[] = {{"", "STUDENT UNIT OUTCOME", "", 3, 3, run}};

const shed_command shed_command_override = {
    "override",
    "Set a gate's answer by hand",
    "OUTCOME is advance (open what comes next), certify, hold (closed until lifted) or lift (back to the "
    "rule).\n"
    "It is an event with its reason; nothing that was written before is changed.",
    actions,
    SHED_COUNTOF(actions),
    options,
    SHED_COUNTOF(options),
};
