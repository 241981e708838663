// About this file: woodshed waive: a teacher takes one condition off a unit.
#include "app/cli/decide.h"
#include "engine/base/str.h"

#include <string.h>

// A condition that the unit does not have would be waived without effect: refuse it, and list those that it has.
static shed_status
check_condition(const shed_unit *unit, const char *condition, shed_error *err)
{
  static const char *const others[] = {"days", "unseen", "teacher", "prerequisites"};
  shed_str                 known    = {0};
  bool                     found    = false;
  for (size_t i = 0; i < unit->n_targets; i++) {
    found = found || strcmp(unit->targets[i].dimension, condition) == 0;
    shed_str_addf(&known, "%s, ", unit->targets[i].dimension);
  }
  for (size_t i = 0; i < unit->n_targets_otherwise; i++) {
    found = found || strcmp(unit->targets_otherwise[i].dimension, condition) == 0;
  }
  for (size_t i = 0; i < SHED_COUNTOF(others); i++) {
    found = found || strcmp(others[i], condition) == 0;
    shed_str_addf(&known, "%s%s", i ? ", " : "", others[i]);
  }
  shed_status st = found ? SHED_OK
                         : shed_fail(err, SHED_E_NOTFOUND, condition,
                                     "is no condition of this unit; there are: %s", shed_str_text(&known));
  shed_str_free(&known);
  return st;
}

static shed_status
decide(shed_cli *cli, shed_store *store, const shed_decider *who, const shed_unit *unit, shed_uuid *event,
       shed_error *err)
{
  shed_status st = check_condition(unit, cli->args[2], err);
  return st != SHED_OK ? st : shed_store_waive(store, who, unit->id, cli->args[2], event, err);
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
