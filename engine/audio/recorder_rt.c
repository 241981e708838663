// About this file: what the one who plays or listens calls of the recorder: hands over, and goes on.
#include "engine/audio/recorder_internal.h"

void
shed_recorder_push(shed_recorder *rec, const float *x, size_t n)
{
  (void)shed_ring_write(rec->ring, x, n); // what does not fit is told to the writing thread as missing
}

void
shed_recorder_skip(shed_recorder *rec, uint64_t n)
{
  shed_ring_skip(rec->ring, n);
}

float
shed_recorder_sample(float x)
{
  return shed_stored_sample(shed_stored_quantise(x));
}
