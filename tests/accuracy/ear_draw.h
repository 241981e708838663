// Random draws of the ear's material.
#ifndef SHED_TEST_EAR_DRAW_H
#define SHED_TEST_EAR_DRAW_H

#include "engine/base/rng.h"

#include <math.h>
#include <stdbool.h>

static inline double
ear_uniform(shed_rng *r, double lo, double hi)
{
  return lo + (hi - lo) * shed_rng_unit(r);
}

static inline double
ear_log_uniform(shed_rng *r, double lo, double hi)
{
  return lo * pow(hi / lo, shed_rng_unit(r));
}

static inline bool
ear_chance(shed_rng *r, double p)
{
  return shed_rng_unit(r) < p;
}

static inline double
ear_gain(double db)
{
  return pow(10.0, db / 20.0);
}

#endif
