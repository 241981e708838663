/// Inside this folder only: the one sum that is done for every way at every grid point. Written for vectors by hand, because compilers
/// do not put the most of four numbers into one instruction where numbers may be NaN; both ways give the same bits.
#ifndef SHED_ASSESSORS_ALIGN_LANES_H
#define SHED_ASSESSORS_ALIGN_LANES_H

#include "assessors/align.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// The most of lanes[k] - from[k], one lane after the other. Both have SHED_LANES finite numbers.
static inline float
shed_lanes_most_plain(const float *lanes, const float *from)
{
  float most = lanes[0] - from[0];
  for (int k = 1; k < SHED_LANES; k++) {
    const float v = lanes[k] - from[k];
    most          = v > most ? v : most;
  }
  return most;
}

/// The same, four at a time where the machine can.
static inline float
shed_lanes_most(const float *lanes, const float *from)
{
#if defined(__SSE2__)
  enum { FOUR = 4 };
  __m128 most = _mm_sub_ps(_mm_loadu_ps(lanes), _mm_loadu_ps(from));
  for (int k = FOUR; k < SHED_LANES; k += FOUR) {
    most = _mm_max_ps(most, _mm_sub_ps(_mm_loadu_ps(lanes + k), _mm_loadu_ps(from + k)));
  }
  most = _mm_max_ps(most, _mm_movehl_ps(most, most));
  most = _mm_max_ss(most, _mm_shuffle_ps(most, most, 1));
  return _mm_cvtss_f32(most);
#else
  return shed_lanes_most_plain(lanes, from);
#endif
}

#endif
