#include "drills/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>

enum { CHUNK = 16384 };

typedef struct chunk {
  struct chunk *next;
  size_t        used, size;
  alignas(max_align_t) char bytes[];
} chunk;

struct shed_arena {
  const shed_alloc *alloc;
  chunk            *newest;
};

shed_arena *
shed_arena_new(const shed_alloc *alloc)
{
  shed_arena *a = shed_calloc(alloc, 1, sizeof(*a));
  if (a) {
    a->alloc = alloc;
  }
  return a;
}

void
shed_arena_free(shed_arena *arena)
{
  if (!arena) {
    return;
  }
  for (chunk *c = arena->newest; c;) {
    chunk *next = c->next;
    shed_free(arena->alloc, c);
    c = next;
  }
  shed_free(arena->alloc, arena);
}

void *
shed_arena_get(shed_arena *arena, size_t count, size_t size)
{
  size_t step = alignof(max_align_t);
  if (size != 0 && count > (SIZE_MAX - sizeof(chunk) - CHUNK) / size) {
    return NULL;
  }
  size_t need = (count * size + step - 1) / step * step;
  chunk *c    = arena->newest;
  if (!c || c->size - c->used < need) {
    size_t room = need > CHUNK ? need : CHUNK;
    c           = shed_malloc(arena->alloc, sizeof(*c) + room);
    if (!c) {
      return NULL;
    }
    *c            = (chunk){.next = arena->newest, .size = room};
    arena->newest = c;
  }
  char *p = c->bytes + c->used;
  c->used += need;
  memset(p, 0, need);
  return p;
}

char *
shed_arena_text(shed_arena *arena, const char *text, size_t n)
{
  char *copy = shed_arena_get(arena, n + 1, 1);
  if (copy) {
    memcpy(copy, text, n);
  }
  return copy;
}
