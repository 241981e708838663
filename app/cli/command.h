/// The frame of the command line: one table entry a sub-command, from which its help, its option reader, the shell
/// completions and the manual's test all come.
#ifndef SHED_CLI_COMMAND_H
#define SHED_CLI_COMMAND_H

#include "engine/base/json.h"
#include "engine/base/log.h"
#include "engine/base/status.h"

#include <stdbool.h>
#include <stdio.h>

/// What a run answers to the shell.
typedef enum {
  SHED_EXIT_DONE       = 0,
  SHED_EXIT_NO         = 1, ///< done, and the answer is no: not passed, content with faults, signature bad
  SHED_EXIT_USAGE      = 2,
  SHED_EXIT_INPUT      = 3,
  SHED_EXIT_SYSTEM     = 4, ///< device, disk, store in use
  SHED_EXIT_UNASSESSED = 5  ///< targets were set and too little could be assessed
} shed_exit;

/// An option. Its value is always the next word, or after '=': --tempo 96, --tempo=96.
typedef struct {
  const char *name; ///< without dashes
  const char *
      value; ///< name of its value for the help, "BPM"; NULL for a switch; "ID...": may be given several times
  const char *help; ///< one line
  const char *
      complete; ///< what shells offer: "file", "folder", "drill", "course", "instrument", "policy", "a|b|c"; NULL none
} shed_option;

typedef struct shed_cli shed_cli;

/// One action of a command: "drill list". A command without actions has one whose name is "".
typedef struct {
  const char *name;
  const char *args; ///< as in the help: "TAKE", "STUDENT [COURSE]"
  const char *help; ///< one line
  int         min_args, max_args;
  shed_exit (*run)(shed_cli *cli);
} shed_action;

typedef struct {
  const char        *name;
  const char        *summary; ///< one line for the list of commands
  const char        *details; ///< paragraphs under the options; may be ""
  const shed_action *actions;
  size_t             n_actions;
  const shed_option *options; ///< beside --help, which all have
  size_t             n_options;
} shed_command;

const shed_command *const *shed_command_list(size_t *n);
const shed_command        *shed_command_find(const char *name);

enum { SHED_CLI_OPTIONS = 40, SHED_CLI_ARGS = 16, SHED_CLI_AGAIN = 128 };

/// One run: what was typed, and where answers go. Plain; lives on main's stack.
struct shed_cli {
  const shed_command *command;
  const shed_action  *action;
  const char         *args[SHED_CLI_ARGS];
  int                 n_args;
  const char
      *values[SHED_CLI_OPTIONS];     ///< by place in command->options; "" for a switch that is set, else NULL
  const char *again[SHED_CLI_AGAIN]; ///< further values of options that may be repeated, in the order typed
  size_t      again_of[SHED_CLI_AGAIN]; ///< place of their option in command->options
  int         n_again;
  FILE       *out;
  FILE       *err;
  shed_log    log;
};

/// Value of an option as typed, NULL when absent. Asking for one that the command does not have is a broken promise.
const char *shed_cli_option(const shed_cli *cli, const char *name);
/// The value that was typed @p nth (from 0) of an option that may be repeated; NULL behind the last.
const char *shed_cli_option_nth(const shed_cli *cli, const char *name, size_t nth);
bool        shed_cli_knows(const shed_cli *cli, const char *name); ///< whether the command has such an option
bool        shed_cli_has(const shed_cli *cli, const char *name);

/// Read an option as a number in a range into *out; absent leaves it alone. A bad one is told and gives false: return
/// SHED_EXIT_USAGE then.
bool shed_cli_number(shed_cli *cli, const char *name, double min, double max, double *out);
bool shed_cli_whole(shed_cli *cli, const char *name, long long min, long long max, long long *out);
/// An option that is one of the words "a|b|c"; its place into *out.
bool shed_cli_choice(shed_cli *cli, const char *name, const char *words, int *out);

/// "woodshed score: ..." to standard error, with the way to the help.
shed_exit shed_cli_usage(shed_cli *cli, const char *fmt, ...) SHED_PRINTF(2, 3);
/// An error of the library to standard error, "woodshed: PLACE: what"; and its exit code.
shed_exit shed_cli_error(shed_cli *cli, shed_status st, const shed_error *err);
shed_exit shed_exit_of_status(shed_status st);
/// Print a JSON document and a newline on cli->out, and free it.
shed_exit shed_cli_json(shed_cli *cli, shed_json *document, shed_exit code);
/// A progress bar on standard error, when that is a terminal and no bar would spoil anything. ctx is the shed_cli.
void shed_cli_progress(void *ctx, double share);

/// True when cli->out is a terminal that takes colour (NO_COLOR and TERM=dumb respected).
bool shed_cli_colour(const shed_cli *cli);
/// True when the locale's character set is UTF-8.
bool shed_cli_utf8(void);
/// Columns of the terminal; 80 when unknown.
int shed_cli_columns(const shed_cli *cli);

/// Help of one command, as --help prints it; and the overview.
void shed_help_command(const shed_command *command, FILE *out);
void shed_help_overview(FILE *out);

#endif
