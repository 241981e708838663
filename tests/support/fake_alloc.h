/// An allocator that counts, and fails when told to: the allocation-failure sweep of every constructor.
///
///     SWEEP_ALLOCATIONS(a, {
///       thing *t = NULL;
///       shed_status st = thing_new(&t, &a.alloc);
///       thing_free(t);
///       sweep_status = st;
///     });
#ifndef SHED_TEST_FAKE_ALLOC_H
#define SHED_TEST_FAKE_ALLOC_H

#include "engine/base/alloc.h"

typedef struct {
  shed_alloc alloc;
  long       live;  ///< blocks not freed
  size_t     bytes; ///< asked for, added up: with constructors, which never give back, what an instance takes
  long       calls; ///< allocations asked for
  long       fail_at; ///< this call (from 0) fails; -1 none
} fake_alloc;

void fake_alloc_init(fake_alloc *a, long fail_at);

/// Runs @p body with every allocation of it failing in turn until it succeeds; body sets sweep_status. A failure must be
/// SHED_E_NOMEM, and nothing may be left.
#define SWEEP_ALLOCATIONS(a, ...)                                                                            \
  for (long sweep_at = 0, sweep_done = 0; !sweep_done; sweep_at++) {                                         \
    fake_alloc  a;                                                                                           \
    shed_status sweep_status = SHED_OK;                                                                      \
    fake_alloc_init(&a, sweep_at);                                                                           \
    __VA_ARGS__                                                                                              \
    if (a.live != 0) {                                                                                       \
      fail_msg("%ld blocks left when allocation %ld failed", a.live, sweep_at);                              \
    }                                                                                                        \
    sweep_done = a.calls <= sweep_at;                                                                        \
    if (sweep_status != (sweep_done ? SHED_OK : SHED_E_NOMEM)) {                                             \
      fail_msg("allocation %ld failed: %s", sweep_at, shed_status_text(sweep_status));                       \
    }                                                                                                        \
  }

#endif
