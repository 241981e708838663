#include "engine/base/alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void *
resize(const shed_alloc *alloc, void *p, size_t n)
{
  if (alloc) {
    return alloc->resize(alloc->ctx, p, n);
  }
  if (n == 0) {
    free(p);
    return NULL;
  }
  return realloc(p, n);
}

void *
shed_malloc(const shed_alloc *alloc, size_t n)
{
  return resize(alloc, NULL, n ? n : 1);
}

void *
shed_calloc(const shed_alloc *alloc, size_t count, size_t size)
{
  if (size && count > SIZE_MAX / size) {
    return NULL;
  }
  void *p = shed_malloc(alloc, count * size);
  if (p) {
    memset(p, 0, count * size);
  }
  return p;
}

void *
shed_realloc(const shed_alloc *alloc, void *p, size_t n)
{
  return resize(alloc, p, n ? n : 1);
}

void
shed_free(const shed_alloc *alloc, void *p)
{
  if (p) {
    (void)resize(alloc, p, 0);
  }
}

char *
shed_strndup(const shed_alloc *alloc, const char *s, size_t n)
{
  char *copy = shed_malloc(alloc, n + 1);
  if (copy) {
    memcpy(copy, s, n);
    copy[n] = '\0';
  }
  return copy;
}

char *
shed_strdup(const shed_alloc *alloc, const char *s)
{
  return shed_strndup(alloc, s, strlen(s));
}

shed_status
shed_grow(const shed_alloc *alloc, void **items, size_t *cap, size_t count, size_t size)
{
  if (count < *cap) {
    return SHED_OK;
  }
  size_t more = *cap ? *cap * 2 : 16;
  if (more < *cap || more > SIZE_MAX / size) {
    return SHED_E_NOMEM;
  }
  void *grown = shed_realloc(alloc, *items, more * size);
  if (!grown) {
    return SHED_E_NOMEM;
  }
  *items = grown;
  *cap   = more;
  return SHED_OK;
}
