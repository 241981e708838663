/// The keyboard of a terminal, key by key, and its size.
#ifndef SHED_CLI_TERMINAL_H
#define SHED_CLI_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

/// Zeroed: nothing was changed.
typedef struct {
  bool           raw;
  struct termios before;
} shed_terminal;

/// Keys come at once and are not shown. @return false: standard input is no terminal.
bool shed_terminal_raw(shed_terminal *t);
void shed_terminal_back(shed_terminal *t); ///< as it was
/// The next key, 0 when there is none now, -1 at the end of the input. Escape sequences are passed over.
int shed_terminal_key(void);
/// The next whole line without its end, when there is one now. @param[in,out] used bytes of buf that wait for more. @return 1, 0, or -1 at
/// the end of the input.
int shed_terminal_line(char *buf, size_t size, size_t *used);
/// Columns by the terminal itself, @p otherwise when it does not say.
int shed_terminal_columns(int otherwise);

#endif
