/// UUID version 7 (RFC 9562, 5.7): time-ordered ids of events, people and takes.
#ifndef SHED_BASE_IDS_H
#define SHED_BASE_IDS_H

#include "engine/base/clock.h"
#include "engine/base/status.h"

#include <stdbool.h>
#include <stdint.h>

enum { SHED_UUID_TEXT = 37 }; ///< 36 characters and NUL

typedef struct {
  char text[SHED_UUID_TEXT]; ///< lower case, canonical; "" when unset
} shed_uuid;

/// Time from @p clock, the rest from the operating system's random source (libsodium).
shed_uuid shed_uuid_new(const shed_clock *clock);
/// Any version; upper case is folded. @return SHED_OK or SHED_E_FORMAT.
SHED_NODISCARD shed_status shed_uuid_parse(const char *text, shed_uuid *out);
bool                       shed_uuid_equal(const shed_uuid *a, const shed_uuid *b);

#endif
