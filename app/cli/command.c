#include "app/cli/command.h"

#include "engine/base/str.h"

#include <langinfo.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SHED_COMMAND(name) extern const shed_command shed_command_##name;
#include "app/cli/commands.def"
#undef SHED_COMMAND

static const shed_command *const commands[] = {
#define SHED_COMMAND(name) &shed_command_##name,
#include "app/cli/commands.def"
#undef SHED_COMMAND
};

const shed_command *const *
shed_command_list(size_t *n)
{
  *n = SHED_COUNTOF(commands);
  return commands;
}

const shed_command *
shed_command_find(const char *name)
{
  for (size_t i = 0; i < SHED_COUNTOF(commands); i++) {
    if (strcmp(commands[i]->name, name) == 0) {
      return commands[i];
    }
  }
  return NULL;
}

const char *
shed_cli_option(const shed_cli *cli, const char *name)
{
  for (size_t i = 0; i < cli->command->n_options; i++) {
    if (strcmp(cli->command->options[i].name, name) == 0) {
      return cli->values[i];
    }
  }
  shed_assert_failed("the command declares the option", __FILE__, __LINE__);
}

bool
shed_cli_knows(const shed_cli *cli, const char *name)
{
  for (size_t i = 0; i < cli->command->n_options; i++) {
    if (strcmp(cli->command->options[i].name, name) == 0) {
      return true;
    }
  }
  return false;
}

const char *
shed_cli_option_nth(const shed_cli *cli, const char *name, size_t nth)
{
  const char *first = shed_cli_option(cli, name);
  if (nth == 0 || !first) {
    return first;
  }
  for (int i = 0; i < cli->n_again; i++) {
    if (strcmp(cli->command->options[cli->again_of[i]].name, name) == 0 && --nth == 0) {
      return cli->again[i];
    }
  }
  return NULL;
}

bool
shed_cli_has(const shed_cli *cli, const char *name)
{
  return shed_cli_option(cli, name) != NULL;
}

bool
shed_cli_number(shed_cli *cli, const char *name, double min, double max, double *out)
{
  const char *text = shed_cli_option(cli, name);
  if (text && !shed_parse_double(text, min, max, out)) {
    (void)shed_cli_usage(cli, "--%s %s: a number from %g to %g is needed", name, text, min, max);
    return false;
  }
  return true;
}

bool
shed_cli_whole(shed_cli *cli, const char *name, long long min, long long max, long long *out)
{
  const char *text = shed_cli_option(cli, name);
  if (text && !shed_parse_int(text, min, max, out)) {
    (void)shed_cli_usage(cli, "--%s %s: a whole number from %lld to %lld is needed", name, text, min, max);
    return false;
  }
  return true;
}

bool
shed_cli_choice(shed_cli *cli, const char *name, const char *words, int *out)
{
  const char *text  = shed_cli_option(cli, name);
  int         place = 0;
  if (!text) {
    return true;
  }
  for (const char *word = words; *word; place++) {
    size_t n = strcspn(word, "|");
    if (strlen(text) == n && memcmp(text, word, n) == 0) {
      *out = place;
      return true;
    }
    word += n + (word[n] == '|');
  }
  (void)shed_cli_usage(cli, "--%s %s: one of %s is needed", name, text, words);
  return false;
}

shed_exit
shed_cli_usage(shed_cli *cli, const char *fmt, ...)
{
  va_list ap;
  va_start(ap, fmt);
  (void)fprintf(cli->err, "woodshed %s: ", cli->command->name);
  (void)vfprintf(cli->err, fmt, ap);
  va_end(ap);
  (void)fprintf(cli->err, "\n(woodshed %s --help tells more)\n", cli->command->name);
  return SHED_EXIT_USAGE;
}

shed_exit
shed_exit_of_status(shed_status st)
{
  switch (st) {
  case SHED_OK:
    return SHED_EXIT_DONE;
  case SHED_E_NOMEM:
  case SHED_E_IO:
  case SHED_E_NOSPACE:
  case SHED_E_BUSY:
  case SHED_E_NODEV:
  case SHED_E_DENIED:
    return SHED_EXIT_SYSTEM;
  case SHED_E_RANGE:
  case SHED_E_FORMAT:
  case SHED_E_UNSUPPORTED:
  case SHED_E_NOTFOUND:
  case SHED_E_EXISTS:
  case SHED_E_STATE:
  case SHED_E_LIMIT:
  case SHED_E_VERSION:
  case SHED_E_CORRUPT:
    return SHED_EXIT_INPUT;
  }
  return SHED_EXIT_SYSTEM;
}

shed_exit
shed_cli_error(shed_cli *cli, shed_status st, const shed_error *err)
{
  const char *what = err && err->what[0] ? err->what : shed_status_text(st);
  if (err && err->where[0]) {
    (void)fprintf(cli->err, "woodshed: %s: %s\n", err->where, what);
  } else {
    (void)fprintf(cli->err, "woodshed: %s\n", what);
  }
  return shed_exit_of_status(st);
}

shed_exit
shed_cli_json(shed_cli *cli, shed_json *document, shed_exit code)
{
  shed_str text = {0};
  shed_json_write(document, SHED_JSON_PRETTY, &text);
  shed_json_free(document);
  (void)fprintf(cli->out, "%s\n", shed_str_text(&text));
  shed_str_free(&text);
  return code;
}

void
shed_cli_progress(void *ctx, double share)
{
  enum { CELLS = 30 };
  shed_cli *cli = ctx;
  char      bar[CELLS + 1];
  if (!isatty(fileno(cli->err))) {
    return;
  }
  int full = (int)(share * CELLS);
  for (int i = 0; i < CELLS; i++) {
    bar[i] = i < full ? '#' : '.';
  }
  bar[CELLS] = '\0';
  (void)fprintf(cli->err, share >= 1 ? "\r%*s\r" : "\r[%.*s] %3.0f %%", share >= 1 ? CELLS + 10 : CELLS,
                share >= 1 ? "" : bar, share * 100);
  (void)fflush(cli->err);
}

bool
shed_cli_colour(const shed_cli *cli)
{
  const char *term     = getenv("TERM");
  const char *no_color = getenv("NO_COLOR");
  return isatty(fileno(cli->out)) && (!no_color || !*no_color) && term && strcmp(term, "dumb") != 0;
}

bool
shed_cli_utf8(void)
{
  return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

int
shed_cli_columns(const shed_cli *cli)
{
  const char *text    = getenv("COLUMNS");
  long long   columns = 80;
  if (isatty(fileno(cli->out)) && text) {
    (void)shed_parse_int(text, 40, 400, &columns);
  }
  return (int)columns;
}
