#include "drills/deal.h"

#include "engine/base/attrs.h"
#include "engine/base/rng.h"

static const uint64_t MIX = 0x9e3779b97f4a7c15U; // 2^64 over the golden ratio

static uint32_t
common_divisor(uint32_t a, uint32_t b)
{
  while (b) {
    uint32_t r = a % b;
    a          = b;
    b          = r;
  }
  return a;
}

// A step near the golden section that has no divisor in common with n: it meets all of them, far apart.
static uint32_t
step_of(uint32_t n)
{
  uint32_t step = (uint32_t)((uint64_t)n * 618 / 1000);
  while (step == 0 || common_divisor(step, n) != 1) {
    step++;
  }
  return step;
}

shed_deal
shed_deal_start(uint64_t seed, uint64_t stream)
{
  return (shed_deal){seed, 0, stream};
}

uint32_t
shed_deal_next(shed_deal *deal, uint32_t n)
{
  SHED_ASSERT(n > 0);
  shed_rng rng;
  uint64_t digit = deal->rest % n;
  deal->rest /= n;
  shed_rng_seed(&rng, deal->mixed, deal->stream);
  uint32_t card = (uint32_t)((digit * step_of(n) + shed_rng_below(&rng, n)) % n);
  deal->mixed   = (deal->mixed + card + 1) * MIX;
  return card;
}
