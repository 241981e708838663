#include "engine/rt/ring.h"

#include "engine/rt/ring_internal.h"

static const size_t CAPACITY_MOST = (size_t)1 << 30;

shed_status
shed_ring_new(shed_ring **out, const shed_alloc *alloc, size_t capacity)
{
  if (capacity == 0 || capacity > CAPACITY_MOST) {
    return SHED_E_RANGE;
  }
  shed_ring *ring = shed_calloc(alloc, 1, sizeof(*ring));
  if (!ring) {
    return SHED_E_NOMEM;
  }
  ring->alloc    = alloc;
  ring->capacity = 1;
  while (ring->capacity < capacity) {
    ring->capacity *= 2;
  }
  ring->x = shed_calloc(alloc, (size_t)ring->capacity, sizeof(*ring->x));
  if (!ring->x) {
    shed_free(alloc, ring);
    return SHED_E_NOMEM;
  }
  *out = ring;
  return SHED_OK;
}

void
shed_ring_free(shed_ring *ring)
{
  if (ring) {
    shed_free(ring->alloc, ring->x);
    shed_free(ring->alloc, ring);
  }
}
