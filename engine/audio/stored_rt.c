// About this file: how a sample is rounded to 24 bits, the same for files and for takes that are recorded live.
#include "engine/audio/stored.h"

#include <math.h>

static const double SCALE = 8388608.0; // 2^23

int32_t
shed_stored_quantise(float x)
{
  double v = (double)x * SCALE;
  if (!isfinite(x)) {
    return 0;
  }
  return v >= SCALE - 1 ? (int32_t)SCALE - 1 : v <= -SCALE ? -(int32_t)SCALE : (int32_t)lrint(v);
}

float
shed_stored_sample(int32_t q)
{
  return (float)q / (float)SCALE;
}
