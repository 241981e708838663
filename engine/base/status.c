#include "engine/base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *
shed_status_text(shed_status st)
{
  static const char *const texts[] = {
#define SHED_STATUS(name, sentence) sentence,
#include "engine/base/status.def"
#undef SHED_STATUS
  };
  return (size_t)st < SHED_COUNTOF(texts) ? texts[st] : "Unknown status";
}

shed_status
shed_fail(shed_error *err, shed_status st, const char *where, const char *fmt, ...)
{
  if (err) {
    va_list ap;
    err->status = st;
    (void)snprintf(err->where, sizeof(err->where), "%s", where ? where : "");
    va_start(ap, fmt);
    (void)vsnprintf(err->what, sizeof(err->what), fmt, ap);
    va_end(ap);
  }
  return st;
}

void
shed_error_within(shed_error *err, const char *where)
{
  char inner[sizeof(((shed_error *)0)->where)];

  if (!err) {
    return;
  }
  memcpy(inner, err->where, sizeof(inner));
  // a cut place is still a place
  if (inner[0]) {
    int n = snprintf(err->where, sizeof(err->where), "%s: ", where);
    if (n > 0 && (size_t)n < sizeof(err->where)) {
      (void)snprintf(err->where + n, sizeof(err->where) - (size_t)n, "%s", inner);
    }
  } else {
    (void)snprintf(err->where, sizeof(err->where), "%s", where);
  }
}

void
shed_assert_failed(const char *cond, const char *file, int line)
{
  (void)fprintf(stderr, "%s:%d: broken promise: %s\n", file, line, cond);
  abort();
}
