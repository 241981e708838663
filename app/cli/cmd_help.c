// About this file: the help texts, all made from the command table.
#include "app/cli/command.h"
#include "app/cli/manual.h"

#include <string.h>

static void
print_synopsis(const shed_command *c, FILE *out)
{
  for (size_t i = 0; i < c->n_actions; i++) {
    const shed_action *a = &c->actions[i];
    (void)fprintf(out, "%s woodshed %s%s%s%s%s%s\n", i ? "      " : "usage:", c->name, a->name[0] ? " " : "",
                  a->name, a->args[0] ? " " : "", a->args, c->n_options ? " [options]" : "");
  }
}

void
shed_help_command(const shed_command *c, FILE *out)
{
  print_synopsis(c, out);
  (void)fprintf(out, "\n%s.\n", c->summary);
  if (c->n_actions > 1) {
    (void)fprintf(out, "\n");
    for (size_t i = 0; i < c->n_actions; i++) {
      (void)fprintf(out, "  %-10s %s\n", c->actions[i].name, c->actions[i].help);
    }
  }
  (void)fprintf(out, "\noptions:\n");
  for (size_t i = 0; i < c->n_options; i++) {
    const shed_option *o = &c->options[i];
    char               left[48];
    (void)snprintf(left, sizeof(left), "--%s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");
    (void)fprintf(out, "  %-24s %s\n", left, o->help);
  }
  (void)fprintf(out, "  %-24s %s\n", "--help", "show this");
  if (c->details[0]) {
    (void)fprintf(out, "\n%s\n", c->details);
  }
}

void
shed_help_overview(FILE *out)
{
  size_t                     n;
  const shed_command *const *list = shed_command_list(&n);
  (void)fprintf(
      out,
      "usage: woodshed COMMAND ...\n\nHears a take, says note by note what was right, keeps it, and tells "
      "what opens next.\n\n");
  for (size_t i = 0; i < n; i++) {
    (void)fprintf(out, "  %-11s %s\n", list[i]->name, list[i]->summary);
  }
  (void)fprintf(
      out, "\nwoodshed COMMAND --help tells about one. A first try:\n\n"
           "  woodshed score my-take.wav --score tune.musicxml --instrument flute\n\n"
           "Exit status: 0 done; 1 the answer is no; 2 wrong use; 3 bad input; 4 device or system trouble;\n"
           "5 too little could be assessed.\n");
}

static void
print_names(FILE *out)
{
  size_t                     n;
  const shed_command *const *list = shed_command_list(&n);
  for (size_t i = 0; i < n; i++) {
    (void)fprintf(out, "%s\n", list[i]->name);
  }
}

static shed_exit
run(shed_cli *cli)
{
  if (shed_cli_has(cli, "names")) {
    print_names(cli->out);
    return SHED_EXIT_DONE;
  }
  if (shed_cli_has(cli, "man")) {
    shed_manual_print(cli->out);
    return SHED_EXIT_DONE;
  }
  if (cli->n_args == 0) {
    shed_help_overview(cli->out);
    return SHED_EXIT_DONE;
  }
  const shed_command *c = shed_command_find(cli->args[0]);
  if (!c) {
    return shed_cli_usage(cli, "there is no command \"%s\"", cli->args[0]);
  }
  shed_help_command(c, cli->out);
  return SHED_EXIT_DONE;
}

static const shed_option options[] = {
    {"names", NULL, "only the names of the commands, one a line", NULL},
    {"man", NULL, "the manual page, as mdoc", NULL},
};
static const shed_action actions[] = {{"", "[COMMAND]", "", 0, 1, run}};

const shed_command shed_command_help = {
    "help", "Tell what the commands do", "", actions, SHED_COUNTOF(actions), options, SHED_COUNTOF(options),
};
