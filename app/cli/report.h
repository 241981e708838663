/// The report of a take on a terminal: what a teacher would say with the score in hand. Signs and words first, colour
/// second; what was not heard is said, never guessed; nothing shames and nothing cheers.
#ifndef SHED_CLI_REPORT_H
#define SHED_CLI_REPORT_H

#include "app/cli/command.h"
#include "engine/base/str.h"
#include "engine/task/verdict.h"

typedef struct {
  int  columns; ///< width to fill, 40 at least; 0 is 80
  bool utf8;    ///< false: signs, note names and bars in ASCII
  bool colour;  ///< ANSI colours
  bool concert; ///< notes as they sound; else as the player reads them
} shed_report_opts;

/// Append the report to @p out, one sentence or row a line, in the width asked for.
///
/// @param v    of this prompt; notes whose index the prompt does not have are passed over.
/// @param take what was heard; NULL where only the verdict is at hand.
void shed_report_write(const shed_verdict *v, const shed_prompt *prompt, const shed_take *take,
                       const shed_report_opts *opts, shed_str *out);

/// The same to cli->out, in its width, alphabet and colours.
void shed_cli_report(shed_cli *cli, const shed_prompt *prompt, const shed_take *take, const shed_verdict *v,
                     bool concert);

#endif
