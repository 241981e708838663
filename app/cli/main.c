// About this file: reads the command line by the command table and runs one command. Exit codes are those of command.h.
#include "app/cli/command.h"

#include "engine/base/str.h"

#include <locale.h>
#include <signal.h>
#include <string.h>

// The option that word names (without dashes, up to n), or NULL.
static const shed_option *
option_named(const shed_command *c, const char *word, size_t n)
{
  for (size_t i = 0; i < c->n_options; i++) {
    if (strlen(c->options[i].name) == n && memcmp(c->options[i].name, word, n) == 0) {
      return &c->options[i];
    }
  }
  return NULL;
}

// Reads argv[*at] as an option. 0 went well, else an exit code.
static shed_exit
read_option(shed_cli *cli, int argc, char **argv, int *at)
{
  const char        *word = argv[*at] + 2;
  size_t             n    = strcspn(word, "=");
  const shed_option *o    = option_named(cli->command, word, n);
  if (!o) {
    return shed_cli_usage(cli, "there is no option --%.*s", (int)n, word);
  }
  const char **slot = &cli->values[o - cli->command->options];
  if (*slot && o->value && shed_ends_with(o->value, "...")) {
    if (cli->n_again == SHED_CLI_AGAIN) {
      return shed_cli_usage(cli, "--%s is given too often", o->name);
    }
    cli->again_of[cli->n_again] = (size_t)(o - cli->command->options);
    slot                        = &cli->again[cli->n_again++];
  }
  if (*slot) {
    return shed_cli_usage(cli, "--%s is given twice", o->name);
  }
  if (!o->value) {
    if (word[n] == '=') {
      return shed_cli_usage(cli, "--%s takes no value", o->name);
    }
    *slot = "";
    return SHED_EXIT_DONE;
  }
  if (word[n] == '=') {
    *slot = word + n + 1;
  } else if (++*at < argc) {
    *slot = argv[*at];
  } else {
    return shed_cli_usage(cli, "--%s needs a value: %s", o->name, o->value);
  }
  return SHED_EXIT_DONE;
}

// Takes the action's name off the front of the arguments, where the command has several.
static shed_exit
choose_action(shed_cli *cli)
{
  const shed_command *c = cli->command;
  if (c->n_actions == 1 && !c->actions[0].name[0]) {
    cli->action = &c->actions[0];
    return SHED_EXIT_DONE;
  }
  shed_str names = {0};
  for (size_t i = 0; i < c->n_actions; i++) {
    if (cli->n_args > 0 && strcmp(cli->args[0], c->actions[i].name) == 0) {
      cli->action = &c->actions[i];
      cli->n_args--;
      memmove(cli->args, cli->args + 1, (size_t)cli->n_args * sizeof(cli->args[0]));
      shed_str_free(&names);
      return SHED_EXIT_DONE;
    }
    shed_str_addf(&names, "%s%s", i ? ", " : "", c->actions[i].name);
  }
  shed_exit code = cli->n_args
                       ? shed_cli_usage(cli, "\"%s\" is none of %s", cli->args[0], shed_str_text(&names))
                       : shed_cli_usage(cli, "one of %s is needed", shed_str_text(&names));
  shed_str_free(&names);
  return code;
}

static bool
wants_help(int argc, char **argv)
{
  for (int i = 2; i < argc && strcmp(argv[i], "--") != 0; i++) {
    if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
      return true;
    }
  }
  return false;
}

static shed_exit
run_command(shed_cli *cli, int argc, char **argv)
{
  shed_exit code  = SHED_EXIT_DONE;
  bool      plain = false;
  for (int i = 2; i < argc; i++) {
    if (!plain && strcmp(argv[i], "--") == 0) {
      plain = true;
    } else if (!plain && argv[i][0] == '-' && argv[i][1]) {
      if (argv[i][1] != '-') {
        return shed_cli_usage(cli, "there is no option %s", argv[i]);
      }
      if ((code = read_option(cli, argc, argv, &i)) != SHED_EXIT_DONE) {
        return code;
      }
    } else if (cli->n_args == SHED_CLI_ARGS) {
      return shed_cli_usage(cli, "too many arguments");
    } else {
      cli->args[cli->n_args++] = argv[i];
    }
  }
  if ((code = choose_action(cli)) != SHED_EXIT_DONE) {
    return code;
  }
  if (cli->n_args < cli->action->min_args || cli->n_args > cli->action->max_args) {
    return shed_cli_usage(cli, "%s%s%s is needed, %d given", cli->action->name,
                          cli->action->name[0] ? " " : "",
                          cli->action->args[0] ? cli->action->args : "no argument", cli->n_args);
  }
  return cli->action->run(cli);
}

int
main(int argc, char **argv)
{
  shed_cli cli = {.out = stdout, .err = stderr, .log = shed_log_stderr(SHED_LOG_WARNING)};
  (void)setlocale(LC_CTYPE, ""); // characters follow the user's locale; numbers stay those of the C locale
  (void)signal(SIGPIPE, SIG_DFL);

  if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
    shed_help_overview(argc < 2 ? stderr : stdout);
    return argc < 2 ? SHED_EXIT_USAGE : SHED_EXIT_DONE;
  }
  if (strcmp(argv[1], "--version") == 0) {
    (void)printf("woodshed " SHED_VERSION "\n");
    return SHED_EXIT_DONE;
  }
  cli.command = shed_command_find(argv[1]);
  if (!cli.command) {
    (void)fprintf(stderr, "woodshed: there is no command \"%s\" (woodshed help lists them)\n", argv[1]);
    return SHED_EXIT_USAGE;
  }
  if (wants_help(argc, argv)) {
    shed_help_command(cli.command, stdout);
    return SHED_EXIT_DONE;
  }
  shed_exit code = run_command(&cli, argc, argv);
  // what was printed must have arrived: a full disk or a closed pipe is trouble, not success
  if (fflush(stdout) != 0 || ferror(stdout)) {
    (void)fprintf(stderr, "woodshed: the answer could not be written\n");
    return SHED_EXIT_SYSTEM;
  }
  return (int)code;
}
