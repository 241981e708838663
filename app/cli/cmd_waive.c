// About this file: woodshed waive: a teacher takes one condition off a unit.
#include "app/cli/decide.h"

static shed_status
decide(shed_cli *cli, shed_store *store, const shed_decider *who, const char *unit, shed_uuid *event,
       shed_error *err)
{
  return shed_store_waive(store, who, unit, cli->args[2], event, err);
}

static shed_exit
run(shed_cli *cli)
{
  return shed_cli_decide(cli, decide);
}

static const shed_option options[] = {
    SHED_OPTION_BY, SHED_OPTION_REASON, SHED_OPTION_JSON, SHED_OPTION_STORE, SHED_OPTION_CONTENT,
};
static const shed_action actions[] = {{"", "STUDENT UNIT CONDITION", "", 3, 3, run}};

const shed_command shed_command_waive = {
    "waive",
    "Take one condition off a unit for a student",
    "CONDITION is the name of a dimension (pitch, rhythm, intonation ...), days (two different days), unseen "
    "(an\n"
    "item never played before), teacher (your own confirmation) or prerequisites.",
    actions,
    SHED_COUNTOF(actions),
    options,
    SHED_COUNTOF(options),
};
