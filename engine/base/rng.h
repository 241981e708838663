/// PCG32: the project's one source of pseudo-random numbers. The same seed gives the same items on every machine, for
/// ever: prompts are stored with it.
///
/// O'Neill 2014, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms for Random Number
/// Generation", pcg32 XSH-RR 64/32.
#ifndef SHED_BASE_RNG_H
#define SHED_BASE_RNG_H

#include <stdint.h>

typedef struct {
  uint64_t state;
  uint64_t inc;
} shed_rng;

/// @param stream keeps generators of one seed apart (a drill's rhythm and its pitches).
void     shed_rng_seed(shed_rng *rng, uint64_t seed, uint64_t stream);
uint32_t shed_rng_u32(shed_rng *rng);
/// Unbiased, 0 <= result < bound; bound > 0.
uint32_t shed_rng_below(shed_rng *rng, uint32_t bound);
/// lo <= result <= hi.
int shed_rng_between(shed_rng *rng, int lo, int hi);
/// 0 <= result < 1, 32 random bits.
double shed_rng_unit(shed_rng *rng);
/// Normal with mean 0 and sd 1: the sum of twelve uniforms less six, so that it needs no libm and is equal everywhere.
double shed_rng_normal(shed_rng *rng);

#endif
