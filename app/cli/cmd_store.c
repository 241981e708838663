// About this file: woodshed store: the care of what is kept: check, rebuild, merge, export, erase, clean.
#include "app/cli/common.h"
#include "mastery/store/care.h"

typedef shed_status (*care)(shed_cli *cli, shed_store *store, shed_store_report *report, shed_error *err);

static void
say(void *ctx, const char *sentence)
{
  shed_cli *cli = ctx;
  (void)fprintf(cli->err, "woodshed: %s\n", sentence);
}

typedef struct {
  const char *key;
  const char *words; ///< for a count other than 1; {n} is not needed: the count stands before
  size_t      count;
} line;

static void
print_report(shed_cli *cli, const char *done, const shed_store_report *r)
{
  const line lines[] = {
      {"events", "events", r->events},
      {"known", "of them were there already", r->known},
      {"people", "people", r->people},
      {"files", "take files", r->files},
      {"erased", "events whose content is erased", r->erased},
      {"unknown", "events of a kind that this version does not know (kept)", r->unknown},
      {"not_valid", "events whose content does not fit their kind (kept, not used)", r->not_valid},
      {"orphans", "files that no event names (woodshed store clean removes them)", r->orphans},
      {"faults", "faults", r->faults},
  };
  if (shed_cli_has(cli, "json")) {
    shed_json *o = shed_json_object();
    shed_json_set_str(o, "done", done);
    for (size_t i = 0; i < SHED_COUNTOF(lines); i++) {
      shed_json_set_int(o, lines[i].key, (int64_t)lines[i].count);
    }
    (void)shed_cli_json(cli, o, SHED_EXIT_DONE);
    return;
  }
  (void)fprintf(cli->out, "%s:\n", done);
  for (size_t i = 0; i < SHED_COUNTOF(lines); i++) {
    if (lines[i].count > 0 || i == 0) {
      (void)fprintf(cli->out, "  %8zu %s\n", lines[i].count, lines[i].words);
    }
  }
}

static shed_exit
with_store(shed_cli *cli, bool existing, const char *done, care act)
{
  shed_store       *store  = NULL;
  shed_store_report report = {0};
  shed_error        err    = {0};
  shed_exit         code   = shed_cli_store(cli, existing, &store);
  if (code != SHED_EXIT_DONE) {
    return code;
  }
  shed_status st = act(cli, store, &report, &err);
  if (st == SHED_OK) {
    print_report(cli, done, &report);
    code = report.faults ? SHED_EXIT_NO : SHED_EXIT_DONE;
  } else {
    code = shed_cli_error(cli, st, &err);
  }
  shed_store_close(store);
  return code;
}

static shed_status
act_check(shed_cli *cli, shed_store *store, shed_store_report *report, shed_error *err)
{
  return shed_store_check(store, say, cli, report, err);
}

static shed_exit
check(shed_cli *cli)
{
  return with_store(cli, true, "Looked at everything", act_check);
}

static shed_status
act_rebuild(shed_cli *cli, shed_store *store, shed_store_report *report, shed_error *err)
{
  (void)cli;
  return shed_store_rebuild(store, report, err);
}

static shed_exit
rebuild(shed_cli *cli)
{
  return with_store(cli, true, "Made all states anew from the events", act_rebuild);
}

static shed_status
act_merge(shed_cli *cli, shed_store *store, shed_store_report *report, shed_error *err)
{
  return shed_store_merge(store, cli->args[0], report, err);
}

static shed_exit
merge(shed_cli *cli)
{
  return with_store(cli, false, "Merged", act_merge);
}

static shed_status
act_export(shed_cli *cli, shed_store *store, shed_store_report *report, shed_error *err)
{
  const char *name = shed_cli_option(cli, "student");
  shed_person person;
  if (name) {
    shed_status st = shed_store_find_person(store, SHED_ROLE_ANY, name, &person, err);
    if (st != SHED_OK) {
      return st;
    }
  }
  return shed_store_export(store, name ? &person.id : NULL, cli->args[0], report, err);
}

static shed_exit
export_all(shed_cli *cli)
{
  return with_store(cli, true, "Exported", act_export);
}

static shed_status
act_erase(shed_cli *cli, shed_store *store, shed_store_report *report, shed_error *err)
{
  const char *by    = shed_cli_option(cli, "by");
  shed_uuid   actor = {{0}};
  shed_person person;
  shed_status st = shed_store_find_person(store, SHED_ROLE_ANY, cli->args[0], &person, err);
  if (st == SHED_OK && by) {
    shed_person teacher;
    st    = shed_store_find_person(store, SHED_ROLE_ANY, by, &teacher, err);
    actor = teacher.id;
  }
  return st == SHED_OK ? shed_store_erase(store, &actor, &person.id, report, err) : st;
}

static shed_exit
erase(shed_cli *cli)
{
  if (!shed_cli_has(cli, "yes")) {
    return shed_cli_usage(cli, "erasing \"%s\" cannot be undone: add --yes to do it", cli->args[0]);
  }
  return with_store(cli, true, "Erased", act_erase);
}

static shed_status
act_clean(shed_cli *cli, shed_store *store, shed_store_report *report, shed_error *err)
{
  return shed_store_clean(store, say, cli, report, err);
}

static shed_exit
clean(shed_cli *cli)
{
  return with_store(cli, true, "Removed what no event names", act_clean);
}

static const shed_option options[] = {
    {"student", "NAME", "export: only what is about this student", NULL},
    {"yes", NULL, "erase: really do it", NULL},
    {"by", "NAME", "erase: who asks for it", NULL},
    SHED_OPTION_JSON,
    SHED_OPTION_STORE,
};
static const shed_action actions[] = {
    {"check", "", "verify chains, hashes, take files and derived states", 0, 0, check},
    {"rebuild", "", "drop the derived states and make them again from the events", 0, 0, rebuild},
    {"merge", "OTHER", "add everything of another store", 1, 1, merge},
    {"export", "FOLDER", "write events, names, takes and what was heard into an empty folder", 1, 1,
     export_all},
    {"erase", "PERSON", "erase a person everywhere; the log keeps its chain", 1, 1, erase},
    {"clean", "", "remove files that a crash left behind", 0, 0, clean},
};

const shed_command shed_command_store = {
    "store",
    "Look after what is kept",
    "A store is one SQLite file and a folder of takes beside it; yours is at "
    "$XDG_DATA_HOME/woodshed/store.db\n"
    "or ~/.local/share/woodshed/store.db. check ends with 1 when it finds a fault.",
    actions,
    SHED_COUNTOF(actions),
    options,
    SHED_COUNTOF(options),
};
