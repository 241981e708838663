// About this file: what of a terminal POSIX gives: no library, no cursor beyond what every terminal since the VT100 has.
#include "app/cli/terminal.h"

#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { ESCAPE = 27, SEQUENCE_MOST = 8, COLUMNS_LEAST = 20 };

bool
shed_terminal_raw(shed_terminal *t)
{
  if (tcgetattr(STDIN_FILENO, &t->before) != 0) {
    return false;
  }
  struct termios raw = t->before;
  raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO); // Ctrl-C still ends the program
  raw.c_cc[VMIN]  = 0;
  raw.c_cc[VTIME] = 0;
  t->raw          = tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
  return t->raw;
}

void
shed_terminal_back(shed_terminal *t)
{
  if (t->raw) {
    (void)tcsetattr(STDIN_FILENO, TCSADRAIN, &t->before);
    t->raw = false;
  }
}

static bool
is_ready(void)
{
  struct pollfd fd = {.fd = STDIN_FILENO, .events = POLLIN};
  return poll(&fd, 1, 0) > 0;
}

int
shed_terminal_key(void)
{
  unsigned char c = 0;
  if (!is_ready()) {
    return 0;
  }
  if (read(STDIN_FILENO, &c, 1) != 1) {
    return -1;
  }
  if (c != ESCAPE) {
    return c;
  }
  for (int i = 0; i < SEQUENCE_MOST && is_ready(); i++) { // an arrow, or whatever it is
    if (read(STDIN_FILENO, &c, 1) != 1 || (c >= '@' && c <= '~' && c != '[' && c != 'O')) {
      break;
    }
  }
  return 0;
}

int
shed_terminal_line(char *buf, size_t size, size_t *used)
{
  while (is_ready()) {
    char          c = 0;
    const ssize_t n = read(STDIN_FILENO, &c, 1);
    if (n <= 0) {
      return -1;
    }
    if (c == '\n') {
      buf[*used] = '\0';
      *used      = 0;
      return 1;
    }
    if (c != '\r' && *used + 1 < size) {
      buf[(*used)++] = c;
    }
  }
  return 0;
}

int
shed_terminal_columns(int otherwise)
{
  struct winsize w = {0};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col >= COLUMNS_LEAST ? w.ws_col : otherwise;
}
