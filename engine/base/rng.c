#include "engine/base/rng.h"

#include "engine/base/attrs.h"

uint32_t
shed_rng_u32(shed_rng *rng)
{
  uint64_t old = rng->state;
  rng->state   = old * 6364136223846793005ULL + rng->inc;
  uint32_t xsh = (uint32_t)(((old >> 18) ^ old) >> 27);
  uint32_t rot = (uint32_t)(old >> 59);
  return (xsh >> rot) | (xsh << ((32 - rot) & 31));
}

void
shed_rng_seed(shed_rng *rng, uint64_t seed, uint64_t stream)
{
  rng->state = 0;
  rng->inc   = (stream << 1) | 1;
  (void)shed_rng_u32(rng);
  rng->state += seed;
  (void)shed_rng_u32(rng);
}

uint32_t
shed_rng_below(shed_rng *rng, uint32_t bound)
{
  SHED_ASSERT(bound > 0);
  uint32_t threshold = (0U - bound) % bound;
  uint32_t r         = shed_rng_u32(rng);
  while (r < threshold) {
    r = shed_rng_u32(rng);
  }
  return r % bound;
}

int
shed_rng_between(shed_rng *rng, int lo, int hi)
{
  SHED_ASSERT(lo <= hi);
  return (int)((int64_t)lo + shed_rng_below(rng, (uint32_t)((int64_t)hi - lo) + 1));
}

double
shed_rng_unit(shed_rng *rng)
{
  return shed_rng_u32(rng) / 4294967296.0;
}

double
shed_rng_normal(shed_rng *rng)
{
  double sum = -6;
  for (int i = 0; i < 12; i++) {
    sum += shed_rng_unit(rng);
  }
  return sum;
}
