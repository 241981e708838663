// About this file: woodshed confirm: a teacher confirms a unit or one take of it.
#include "app/cli/decide.h"

static shed_status
decide(shed_cli *cli, shed_store *store, const shed_decider *who, const shed_unit *unit, shed_uuid *event,
       shed_error *err)
{
  shed_uuid take = {{0}};
  if (cli->n_args == 3 && shed_uuid_parse(cli->args[2], &take) != SHED_OK) {
    return shed_fail(err, SHED_E_FORMAT, cli->args[2], "is not the id of a take");
  }
  return shed_store_confirm(store, who, unit->id, cli->n_args == 3 ? &take : NULL, event, err);
}

static shed_exit
run(shed_cli *cli)
{
  return shed_cli_decide(cli, decide);
}

static const shed_option options[] = {
    SHED_OPTION_BY, SHED_OPTION_REASON, SHED_OPTION_JSON, SHED_OPTION_STORE, SHED_OPTION_CONTENT,
};
static const shed_action actions[] = {{"", "STUDENT UNIT [TAKE]", "", 2, 3, run}};

const shed_command shed_command_confirm = {
    "confirm",
    "Confirm a unit, or one take of it, as a teacher",
    "A unit that asks for the teacher is certified only with this. A confirmed take on an item never played\n"
    "before that reaches every target tests out of the unit.",
    actions,
    SHED_COUNTOF(actions),
    options,
    SHED_COUNTOF(options),
};
