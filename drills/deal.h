/// Dealing items by seed: seeds that follow each other meet every item once before any comes back.
#ifndef SHED_DRILLS_DEAL_H
#define SHED_DRILLS_DEAL_H

#include <stdint.h>

/// A plain value. An item is a sequence of choices; each shed_deal() makes one of them.
typedef struct {
  uint64_t rest;  ///< of the seed, not yet used
  uint64_t mixed; ///< the choices made so far
  uint64_t stream;
} shed_deal;

/// @param stream one for each kind of drill, so that they do not walk in step.
shed_deal shed_deal_start(uint64_t seed, uint64_t stream);
/// A choice among @p n things, 0 <= result < n; n > 0.
///
/// The seed is read as a number in mixed radix, one digit a choice; a digit is moved by a bijection that depends on the
/// digits before it alone (PCG32 seeded with them). So as many consecutive seeds as the product of all the n give
/// different sequences, and neighbours look unlike.
uint32_t shed_deal_next(shed_deal *deal, uint32_t n);

#endif
