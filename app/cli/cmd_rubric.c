// About this file: woodshed rubric: list, show, check, and points without a take.
#include "app/cli/policy_view.h"
#include "app/cli/rubric_view.h"
#include "app/session/rubrics.h"

#include <limits.h>
#include <string.h>

typedef struct {
  shed_cli  *cli;
  shed_json *all; ///< NULL: words
} listing;

static bool
list_one(void *ctx, const char *file, const shed_rubric *r)
{
  listing *l = ctx;
  (void)file;
  if (l->all) {
    shed_json *o = shed_json_object();
    shed_json_set_str(o, "id", r->id);
    shed_json_set_str(o, "title", r->title);
    shed_json_set_int(o, "version", r->version ? r->version : 1);
    shed_json_set_str(o, "source", r->source);
    shed_json_set_str(o, "sha256", r->place.sha256.text);
    shed_json_add(l->all, o);
  } else {
    (void)fprintf(l->cli->out, "%-38s %s%s\n", r->id, r->title,
                  r->unconfirmed.n ? " (with unconfirmed figures)" : "");
  }
  return true;
}

static shed_exit
content_folder(shed_cli *cli, char *buf, size_t size)
{
  shed_error  err  = {0};
  const char *name = shed_cli_option(cli, "content");
  if (name) {
    (void)snprintf(buf, size, "%s", name);
    return SHED_EXIT_DONE;
  }
  shed_status st = shed_library_content(buf, size, &err);
  return st == SHED_OK ? SHED_EXIT_DONE : shed_cli_error(cli, st, &err);
}

static shed_exit
list(shed_cli *cli)
{
  char        content[PATH_MAX];
  shed_error  err   = {0};
  listing     l     = {.cli = cli};
  shed_arena *arena = shed_arena_new(NULL);
  shed_exit   code =
      arena ? content_folder(cli, content, sizeof(content)) : shed_cli_error(cli, SHED_E_NOMEM, NULL);
  if (code == SHED_EXIT_DONE) {
    l.all          = shed_cli_has(cli, "json") ? shed_json_array() : NULL;
    shed_status st = shed_rubrics_each(content, arena, list_one, &l, &err);
    code           = st == SHED_OK ? SHED_EXIT_DONE : shed_cli_error(cli, st, &err);
  }
  shed_arena_free(arena);
  return l.all ? shed_cli_json(cli, l.all, code) : code;
}

static shed_exit
check(shed_cli *cli)
{
  shed_error   err    = {0};
  shed_faults  faults = {0};
  shed_rubric *r      = NULL;
  shed_arena  *arena  = shed_arena_new(NULL);
  shed_status  st     = arena ? shed_rubric_load(cli->args[0], arena, &r, &faults, &err) : SHED_E_NOMEM;
  shed_cli_faults(cli, &faults);
  if (st != SHED_OK && faults.n == 0) {
    (void)shed_cli_error(cli, st, &err);
  } else if (st == SHED_OK) {
    (void)fprintf(cli->out, "%s: no fault\n", cli->args[0]);
  }
  shed_faults_free(&faults);
  shed_arena_free(arena);
  return st == SHED_E_FORMAT ? SHED_EXIT_NO : shed_exit_of_status(st);
}

// The rubric that the argument names, as if it had been named by --rubric, with the marks that were given and no take.
static shed_exit
show(shed_cli *cli)
{
  char             content[PATH_MAX];
  shed_cli_rubrics r      = {.arena = shed_arena_new(NULL)};
  shed_faults      faults = {0};
  shed_error       err    = {0};
  shed_exit        code   = r.arena ? SHED_EXIT_DONE : shed_cli_error(cli, SHED_E_NOMEM, NULL);
  if (code == SHED_EXIT_DONE && (code = content_folder(cli, content, sizeof(content))) == SHED_EXIT_DONE) {
    shed_status st = shed_rubrics_find(content, cli->args[0], r.arena, &r.rubrics[0], &faults, &err);
    shed_cli_faults(cli, &faults);
    code = st == SHED_OK ? SHED_EXIT_DONE : faults.n ? SHED_EXIT_INPUT : shed_cli_error(cli, st, &err);
    r.n  = st == SHED_OK;
  }
  if (code == SHED_EXIT_DONE && (code = shed_cli_rubrics_marks(cli, &r)) == SHED_EXIT_DONE) {
    code = shed_cli_rubrics_judge(cli, &r, NULL, NULL);
  }
  if (code == SHED_EXIT_DONE && shed_cli_has(cli, "json")) {
    code = shed_cli_json(cli, shed_rubric_result_to_json(&r.results[0]), code);
  } else if (code == SHED_EXIT_DONE) {
    const shed_rubric *rubric = r.rubrics[0];
    (void)fprintf(cli->out, "%s, version %d\n", rubric->id, rubric->version ? rubric->version : 1);
    if (*rubric->source) {
      shed_cli_wrap(cli, 2, rubric->source);
    }
    shed_cli_rubrics_print(cli, &r);
  }
  shed_faults_free(&faults);
  shed_cli_rubrics_close(&r);
  return code;
}

static const shed_option options[] = {SHED_OPTION_MARK, SHED_OPTION_JSON, SHED_OPTION_CONTENT};
static const shed_action actions[] = {
    {"list", "", "the rubrics at hand", 0, 0, list},
    {"show", "ID|FILE", "its criteria, and with --mark what marks alone come to", 1, 1, show},
    {"check", "FILE", "name every fault of a rubric's file with its line", 1, 1, check},
};

const shed_command shed_command_rubric = {
    "rubric",
    "Rules that turn a verdict and a person's marks into points",
    "woodshed score --rubric ID holds a take against one. Criteria that a person judges stay open until "
    "--mark gives\n"
    "them; what is proposed is never part of a total.",
    actions,
    SHED_COUNTOF(actions),
    options,
    SHED_COUNTOF(options),
};
