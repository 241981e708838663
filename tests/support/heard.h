/// What an ear said, kept; whether two ears said the same, bit by bit; and whether what was said keeps the contract of
/// engine/hear/hear.h and engine/task/take.h.
#ifndef SHED_TEST_HEARD_H
#define SHED_TEST_HEARD_H

#include "engine/hear/hear.h"

typedef struct {
  shed_event     *events;
  size_t          n, cap;
  shed_hear_stats stats;
  int             rate_hz;
} heard;

/// Push @p n samples in blocks of @p cuts[0], cuts[1], ... (in turn), draining after each, and finish.
heard heard_in_cuts(const float *x, size_t n, const shed_hear_opts *opts, const size_t *cuts, size_t n_cuts);
/// In blocks of 441, with nothing but the rate.
heard heard_of(const float *x, size_t n, int rate_hz);
/// Move what @p h has to say to the end of @p to.
void heard_drain(heard *to, shed_hear *h);
void heard_free(heard *h);

/// Fails, naming event and field, unless both said the same: kinds, times, at_frame, every field of every value.
void heard_check_same(const heard *a, const heard *b);
/// Fails unless every field is a number in its range, events come in order, one of a kind for each 10 ms, none before
/// the sound that it describes, none lost.
void heard_check_contract(const heard *h);

#endif
