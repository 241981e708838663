/// The manual page woodshed(1), written from the command table.
#ifndef SHED_CLI_MANUAL_H
#define SHED_CLI_MANUAL_H

#include <stdio.h>

/// mdoc(7). docs/man/woodshed.1 is this; a test holds the two together.
void shed_manual_print(FILE *out);

#endif
