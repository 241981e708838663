#include "engine/base/log.h"

#include <stdarg.h>
#include <stdio.h>

void
shed_logf(const shed_log *log, shed_log_level level, const char *fmt, ...)
{
  char    text[1024];
  va_list ap;
  if (!log || !log->write || level > log->level) {
    return;
  }
  va_start(ap, fmt);
  (void)vsnprintf(text, sizeof(text), fmt, ap);
  va_end(ap);
  log->write(log->ctx, level, text);
}

static void
write_stderr(void *ctx, shed_log_level level, const char *text)
{
  static const char *const names[] = {"error: ", "warning: ", "", "debug: "};
  (void)ctx;
  (void)fprintf(stderr, "woodshed: %s%s\n", names[level], text);
}

shed_log
shed_log_stderr(shed_log_level level)
{
  return (shed_log){write_stderr, NULL, level};
}
