/// The click that sounds in a take, as it is told on the command line or by what was asked.
#ifndef SHED_SESSION_CLICK_H
#define SHED_SESSION_CLICK_H

#include "engine/hear/hear.h"
#include "engine/task/prompt.h"

/// "96@0.5": BPM@START_S. @return SHED_OK or SHED_E_FORMAT, err says how it is written.
SHED_NODISCARD shed_status shed_click_parse(const char *text, shed_hear_click *out, shed_error *err);

/// The click of a prompt: none where it gives none, or where nobody knows when it began.
shed_hear_click shed_click_of_prompt(const shed_prompt *prompt);

#endif
