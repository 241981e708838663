/// A take pushed through the ear as it would come in live.
#ifndef SHED_CLI_LIVE_H
#define SHED_CLI_LIVE_H

#include "app/cli/common.h"
#include "app/session/listen.h"
#include "engine/hear/hear.h"
#include "engine/task/prompt.h"

/// Called with each event of the ear; with NULL once, at the end.
typedef void shed_cli_on_event(void *ctx, const shed_event *event);

/// Push the command's first argument through the ear in small blocks. @param start is told the sound's rate before any
/// event; it may be NULL, and what it returns but SHED_OK ends it.
/// @return the exit code; what went wrong has been told.
shed_exit shed_cli_live(shed_cli *cli, const shed_listen_beside *beside,
                        shed_status (*start)(void *ctx, int rate_hz, shed_error *err),
                        shed_cli_on_event *on_event, void *ctx);

/// Follow the player through the prompt, and print what is told as it would be live, a JSON document a line.
shed_exit shed_cli_follow(shed_cli *cli, const shed_prompt *prompt);

#endif
