/// Status codes, and the error that a person reads.
#ifndef SHED_BASE_STATUS_H
#define SHED_BASE_STATUS_H

#include "engine/base/attrs.h"

typedef enum {
#define SHED_STATUS(name, sentence) SHED_##name,
#include "engine/base/status.def"
#undef SHED_STATUS
} shed_status;

/// A sentence without full stop, for example "Out of memory". Static; never NULL.
const char *shed_status_text(shed_status st);

/// What went wrong and where, for a person. A plain value; no allocation. Empty when status is SHED_OK.
typedef struct {
  shed_status status;
  char        where[320]; ///< file:line, or file: field, or a device; UTF-8, may be cut short
  char        what[512];  ///< one sentence with the offending value
} shed_error;

/// Fill @p err (may be NULL) and return @p st, so that a failure is one line at its place.
///
/// @param where file, line, field; NULL for none.
/// @param fmt   printf format of the sentence, no full stop needed.
shed_status shed_fail(shed_error *err, shed_status st, const char *where, const char *fmt, ...)
    SHED_PRINTF(4, 5);

/// Put "@p where: " before err->where, when a caller knows more (a file name around a line). NULL err is legal.
void shed_error_within(shed_error *err, const char *where);

#endif
