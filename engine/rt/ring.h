/// A ring of sound between two threads: one writes, one reads, and neither ever waits for the other. What does not fit is
/// lost, counted, and told to the reader at the very sample where it is missing, so that nothing is judged that nobody heard.
///
/// One producer and one consumer need no lock: Lamport 1983, ACM TOPLAS 5(2), with C17's acquire and release.
///
///     callback:  shed_ring_write(ring, in, n);
///     analysis:  while ((n = shed_ring_read(ring, x, 441, &lost)) > 0) { if (lost) ...; shed_hear_push(hear, x, n); }
#ifndef SHED_RT_RING_H
#define SHED_RT_RING_H

#include "engine/base/alloc.h"

#include <stdint.h>

typedef struct shed_ring shed_ring;

/// @param capacity samples, 1 to 2^30; rounded up to a power of two. Half a second is plenty for a callback of 20 ms.
/// @return SHED_OK; SHED_E_RANGE for another capacity; SHED_E_NOMEM. The caller frees *out when both threads are done.
SHED_NODISCARD shed_status shed_ring_new(shed_ring **out, const shed_alloc *alloc, size_t capacity);
void                       shed_ring_free(shed_ring *ring); ///< NULL is legal

/// @param x n samples. @return how many were kept; the others are lost, the last ones first.
/// Thread: the writer, and only it. Real-time: yes.
SHED_RT size_t shed_ring_write(shed_ring *ring, const float *x, size_t n);

/// Say that @p n samples are missing here which nobody handed over: they are lost like those that do not fit.
/// Thread: the writer. Real-time: yes.
SHED_RT void shed_ring_skip(shed_ring *ring, uint64_t n);

/// The next samples, up to the next place where some are missing.
/// @param[out] x     n samples at most.
/// @param[out] lost  how many are missing right before x[0]; 0 nearly always, and whenever nothing is returned.
/// @return how many were read; 0: nothing new, ask again later.
/// Thread: the reader, and only it. Real-time: yes.
SHED_RT size_t shed_ring_read(shed_ring *ring, float *x, size_t n, uint64_t *lost);

/// All that was lost so far, told by shed_ring_read() or not yet. Thread: any.
SHED_RT uint64_t shed_ring_lost(const shed_ring *ring);

#endif
