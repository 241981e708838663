/// Time as it is given to us. No function of the project reads the system clock itself: it asks the clock it was given.
#ifndef SHED_BASE_CLOCK_H
#define SHED_BASE_CLOCK_H

#include "engine/base/status.h"

#include <stddef.h>
#include <stdint.h>

typedef struct shed_clock {
  int64_t (*mono_ns)(void *ctx);                     ///< monotonic nanoseconds, any start
  int64_t (*wall_ms)(void *ctx);                     ///< milliseconds since 1970-01-01 UTC
  int (*utc_offset_min)(void *ctx, int64_t wall_ms); ///< local time minus UTC then, minutes
  void *ctx;
} shed_clock;

/// The machine's clock. Static.
const shed_clock *shed_clock_system(void);

/// A clock driven by hand, for tests and for --performed-at. Borrows until the clock is no longer used.
typedef struct {
  int64_t mono_ns;
  int64_t wall_ms;
  int     utc_offset_min;
} shed_hand_clock;
shed_clock shed_clock_by_hand(shed_hand_clock *hand);

/// RFC 3339 with offset: "2026-11-21T19:48:47.123+01:00", "...Z" accepted on reading; milliseconds optional on reading.
/// @param size at least 32. Years 1970 to 9999.
void shed_time_format(char *buf, size_t size, int64_t wall_ms, int utc_offset_min);
/// @return SHED_OK, or SHED_E_FORMAT. A time without an offset is refused: a day is the performer's own day.
SHED_NODISCARD shed_status shed_time_parse(const char *text, int64_t *wall_ms, int *utc_offset_min);
/// Days since 1970-01-01 in the performer's own time.
int64_t shed_time_local_day(int64_t wall_ms, int utc_offset_min);

#endif
