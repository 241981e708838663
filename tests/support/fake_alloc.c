#include "tests/support/fake_alloc.h"

#include <stdlib.h>

static void *
resize(void *ctx, void *p, size_t n)
{
  fake_alloc *a = ctx;
  if (n == 0) {
    a->live -= p != NULL;
    free(p);
    return NULL;
  }
  if (a->calls++ == a->fail_at) {
    return NULL;
  }
  void *grown = realloc(p, n);
  if (grown && !p) {
    a->live++;
  }
  a->bytes += n;
  return grown;
}

void
fake_alloc_init(fake_alloc *a, long fail_at)
{
  a->live         = 0;
  a->bytes        = 0;
  a->calls        = 0;
  a->fail_at      = fail_at;
  a->alloc.resize = resize;
  a->alloc.ctx    = a;
}
