/// Lists of words that a person may type as a value: for completions, and for "one of ..." in errors.
#ifndef SHED_CLI_WORDS_H
#define SHED_CLI_WORDS_H

#include <stdbool.h>
#include <stdio.h>

/// Print the words of a kind ("instrument", "policy", "drill", "course", "rubric"), one a line. False when there is no such kind.
bool shed_words_print(const char *kind, FILE *out);

#endif
