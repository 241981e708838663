/// Memory that is freed as a whole: what a loaded course lives in.
#ifndef SHED_DRILLS_ARENA_H
#define SHED_DRILLS_ARENA_H

#include "engine/base/alloc.h"

typedef struct shed_arena shed_arena;

/// NULL when memory runs out.
SHED_NODISCARD shed_arena *shed_arena_new(const shed_alloc *alloc);
void                       shed_arena_free(shed_arena *arena); ///< NULL is legal
/// Zeroed, aligned for anything; lives as long as the arena. NULL when memory runs out or count * size overflows.
SHED_NODISCARD void *shed_arena_get(shed_arena *arena, size_t count, size_t size);
/// A copy of @p n bytes with a NUL behind them.
SHED_NODISCARD char *shed_arena_text(shed_arena *arena, const char *text, size_t n);

#endif
