/// The allocator seam. Every constructor takes one (NULL: malloc), so that tests can make each allocation fail in turn.
#ifndef SHED_BASE_ALLOC_H
#define SHED_BASE_ALLOC_H

#include "engine/base/status.h"

#include <stddef.h>

typedef struct shed_alloc {
  /// As realloc(3): p NULL allocates, n 0 frees and returns NULL. Called by any thread that uses the object.
  void *(*resize)(void *ctx, void *p, size_t n);
  void *ctx;
} shed_alloc;

/// All of these accept alloc == NULL for the C library's. NULL on failure; n == 0 gives a block of one byte.
SHED_NODISCARD void *shed_malloc(const shed_alloc *alloc, size_t n);
/// Zeroed; NULL when count * size overflows.
SHED_NODISCARD void *shed_calloc(const shed_alloc *alloc, size_t count, size_t size);
SHED_NODISCARD void *shed_realloc(const shed_alloc *alloc, void *p, size_t n);
void                 shed_free(const shed_alloc *alloc, void *p);
SHED_NODISCARD char *shed_strdup(const shed_alloc *alloc, const char *s);
SHED_NODISCARD char *shed_strndup(const shed_alloc *alloc, const char *s, size_t n);

/// Make room for one more element in a growing array: *items has *cap places of @p size bytes, @p count are used.
/// Doubles. @return SHED_OK; SHED_E_NOMEM with nothing changed.
///
///     if ((st = shed_grow(alloc, (void **)&v->items, &v->cap, v->n, sizeof(*v->items))) != SHED_OK) return st;
SHED_NODISCARD shed_status shed_grow(const shed_alloc *alloc, void **items, size_t *cap, size_t count,
                                     size_t size);

#endif
