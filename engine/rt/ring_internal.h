// What ring.c and ring_rt.c share.
#ifndef SHED_RT_RING_INTERNAL_H
#define SHED_RT_RING_INTERNAL_H

#include "engine/rt/ring.h"

#include <stdatomic.h>
#include <stdbool.h>

enum {
  RING_GAPS = 64, // places with something missing that the reader has not come to
  RING_LINE = 64  // bytes that two processors must not both write to
};

typedef struct {
  uint64_t at;   // the sample that was written next
  uint64_t lost; // and how many should have come before it
} ring_gap;

struct shed_ring {
  // immutable after shed_ring_new()
  const shed_alloc *alloc;
  float            *x;
  uint64_t          capacity; // a power of two
  char              apart_0[RING_LINE];

  // the writer's; the reader looks
  _Atomic uint64_t written;
  _Atomic uint64_t gaps_written;
  _Atomic uint64_t lost;
  uint64_t         unsaid; // lost since the last sample that was kept; the writer's alone
  char             apart_1[RING_LINE];

  // the reader's; the writer looks
  _Atomic uint64_t read;
  _Atomic uint64_t gaps_read;
  char             apart_2[RING_LINE];

  ring_gap gap[RING_GAPS];
};

#endif
