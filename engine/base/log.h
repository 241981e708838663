/// A levelled log to a sink. Never called from a real-time function.
#ifndef SHED_BASE_LOG_H
#define SHED_BASE_LOG_H

#include "engine/base/attrs.h"

typedef enum { SHED_LOG_ERROR, SHED_LOG_WARNING, SHED_LOG_INFO, SHED_LOG_DEBUG } shed_log_level;

/// Where messages go. Whoever makes an object that logs hands it one; NULL is silence.
typedef struct shed_log {
  void (*write)(void *ctx, shed_log_level level,
                const char *text); ///< text without newline; called by any thread
  void          *ctx;
  shed_log_level level; ///< messages above it are dropped
} shed_log;

void shed_logf(const shed_log *log, shed_log_level level, const char *fmt, ...) SHED_PRINTF(3, 4);
/// A sink to standard error: "woodshed: warning: ...".
shed_log shed_log_stderr(shed_log_level level);

#endif
