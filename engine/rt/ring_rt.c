#include "engine/rt/ring_internal.h"

#include <string.h>

static uint64_t
smaller(uint64_t a, uint64_t b)
{
  return a < b ? a : b;
}

// The writer says where samples are missing before it writes the one that follows them; without room for that word,
// nothing is written.
static bool
say_gap(shed_ring *ring, uint64_t at)
{
  uint64_t said = atomic_load_explicit(&ring->gaps_written, memory_order_relaxed);
  uint64_t seen = atomic_load_explicit(&ring->gaps_read, memory_order_acquire);
  if (said - seen == RING_GAPS) {
    return false;
  }
  ring->gap[said % RING_GAPS] = (ring_gap){at, ring->unsaid};
  ring->unsaid                = 0;
  atomic_store_explicit(&ring->gaps_written, said + 1, memory_order_release);
  return true;
}

size_t
shed_ring_write(shed_ring *ring, const float *x, size_t n)
{
  uint64_t at   = atomic_load_explicit(&ring->written, memory_order_relaxed);
  uint64_t seen = atomic_load_explicit(&ring->read, memory_order_acquire);
  uint64_t kept = smaller(n, ring->capacity - (at - seen));
  if (kept > 0 && ring->unsaid > 0 && !say_gap(ring, at)) {
    kept = 0;
  }
  uint64_t place = at & (ring->capacity - 1);
  uint64_t first = smaller(kept, ring->capacity - place);
  memcpy(ring->x + place, x, (size_t)first * sizeof(*x));
  memcpy(ring->x, x + first, (size_t)(kept - first) * sizeof(*x));
  atomic_store_explicit(&ring->written, at + kept, memory_order_release);
  shed_ring_skip(ring, n - kept);
  return (size_t)kept;
}

void
shed_ring_skip(shed_ring *ring, uint64_t n)
{
  uint64_t lost = atomic_load_explicit(&ring->lost, memory_order_relaxed);
  ring->unsaid += n;
  atomic_store_explicit(&ring->lost, lost + n, memory_order_relaxed);
}

// How many of @p n samples from @p at on stand before the next gap; a gap at @p at itself is told and left behind.
static uint64_t
up_to_gap(shed_ring *ring, uint64_t at, uint64_t n, uint64_t *lost)
{
  uint64_t seen = atomic_load_explicit(&ring->gaps_read, memory_order_relaxed);
  uint64_t said = atomic_load_explicit(&ring->gaps_written, memory_order_acquire);
  if (seen != said && ring->gap[seen % RING_GAPS].at == at) {
    *lost = ring->gap[seen % RING_GAPS].lost;
    atomic_store_explicit(&ring->gaps_read, ++seen, memory_order_release);
  }
  return seen != said ? smaller(n, ring->gap[seen % RING_GAPS].at - at) : n;
}

size_t
shed_ring_read(shed_ring *ring, float *x, size_t n, uint64_t *lost)
{
  uint64_t at      = atomic_load_explicit(&ring->read, memory_order_relaxed);
  uint64_t written = atomic_load_explicit(&ring->written, memory_order_acquire);
  uint64_t got     = smaller(n, written - at);
  *lost            = 0;
  if (got == 0) {
    return 0;
  }
  got            = up_to_gap(ring, at, got, lost);
  uint64_t place = at & (ring->capacity - 1);
  uint64_t first = smaller(got, ring->capacity - place);
  memcpy(x, ring->x + place, (size_t)first * sizeof(*x));
  memcpy(x + first, ring->x, (size_t)(got - first) * sizeof(*x));
  atomic_store_explicit(&ring->read, at + got, memory_order_release);
  return (size_t)got;
}

uint64_t
shed_ring_lost(const shed_ring *ring)
{
  return atomic_load_explicit(&ring->lost, memory_order_relaxed);
}
