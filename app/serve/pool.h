/// Threads that take tasks from one bounded queue. Each has something of its own (a store's handle), made before it begins.
#ifndef SHED_SERVE_POOL_H
#define SHED_SERVE_POOL_H

#include "engine/base/alloc.h"

#include <stdbool.h>

typedef struct shed_pool shed_pool;

/// Something to do; lies in what it is about. Whoever puts it in keeps it alive until it has run.
typedef struct shed_task {
  struct shed_task *next;
  void (*run)(struct shed_task *task, void *own); ///< may free what the task lies in
} shed_task;

/// @param make  called once for each thread, in the caller's, in order; what it gives is handed to each task. NULL: nothing.
/// @param drop  gets it back when the pool ends.
/// @param patience  0..19: its threads give way to others by so much when there are too few processors (setpriority).
/// @return SHED_OK, SHED_E_NOMEM, or what make returned.
SHED_NODISCARD shed_status shed_pool_new(shed_pool **out, int threads, size_t longest, int patience,
                                         shed_status (*make)(void *ctx, void **own, shed_error *err),
                                         void (*drop)(void *own), void *ctx, const shed_alloc *alloc,
                                         shed_error *err);
/// Runs what is queued to its end, then joins. NULL is legal.
void shed_pool_free(shed_pool *p);
/// Any thread. @return false when the queue is full: nothing was taken.
SHED_NODISCARD bool shed_pool_put(shed_pool *p, shed_task *task);
/// The same past the limit, for tasks that are bounded by what they belong to (one a listener).
void shed_pool_put_always(shed_pool *p, shed_task *task);
/// The same, before everything that waits.
void shed_pool_put_first(shed_pool *p, shed_task *task);
int  shed_pool_threads(const shed_pool *p);

#endif
