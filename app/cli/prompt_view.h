/// A prompt in words: what to play, measure by measure, as the player reads it.
#ifndef SHED_CLI_PROMPT_VIEW_H
#define SHED_CLI_PROMPT_VIEW_H

#include "app/cli/command.h"
#include "engine/task/prompt.h"

void shed_prompt_view(shed_cli *cli, const shed_prompt *p);

/// "quarter", "dotted half"; "0.333 beats" for a length that has no single name. Words, since the signs of long notes are
/// missing from most terminal fonts.
void shed_note_length(char *buf, size_t size, shed_beat quarters);

#endif
