/// What the ear told of a made take while it came in, kept in the build folder beside what was heard of the whole.
#ifndef SHED_TEST_TAKES_EVENTS_H
#define SHED_TEST_TAKES_EVENTS_H

#include "engine/base/hash.h"
#include "engine/hear/hear.h"
#include "tests/corpus/take.h"

/// Settled frames and onsets, in the order in which they were told. The caller frees *out with free().
SHED_NODISCARD shed_status takes_events(const char *dir, const shed_sha256 *ear, const corpus_take *t,
                                        const corpus_performance *p, shed_event **out, size_t *n,
                                        shed_error *err);

#endif
