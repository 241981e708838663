/// Wrong passwords slow the next tries down: by the name that was tried, and by the address that tries.
#ifndef SHED_SERVE_THROTTLE_H
#define SHED_SERVE_THROTTLE_H

#include "engine/base/alloc.h"
#include "engine/base/clock.h"

typedef struct shed_throttle shed_throttle;

/// Any thread may call the functions here; none waits.
SHED_NODISCARD shed_status shed_throttle_new(shed_throttle **out, const shed_clock *clock,
                                             const shed_alloc *alloc);
void                       shed_throttle_free(shed_throttle *t); ///< NULL is legal
/// Seconds until another try is allowed; 0: now. A try that is allowed counts as wrong until shed_throttle_right() says otherwise, so
/// that many at once do not slip through.
int  shed_throttle_wait_s(shed_throttle *t, const char *login, const char *address);
void shed_throttle_right(shed_throttle *t, const char *login, const char *address);

#endif
