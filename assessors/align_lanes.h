/// Inside this folder only: the sums that are done for every way at every grid point. Written for vectors by hand, because compilers
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

/// The first index from @p i on where value + more - less is above what is there; n without any.
static inline int
shed_lanes_above_plain(const float *value, const float *less, float more, float there, int i, int n)
{
  while (i < n && !(value[i] + more - less[i] > there)) {
    i++;
  }
  return i;
}

/// The same, four at a time where the machine can.
static inline int
shed_lanes_above(const float *value, const float *less, float more, float there, int i, int n)
{
#if defined(__SSE2__)
  enum { FOUR = 4 };
  const __m128 m = _mm_set1_ps(more), t = _mm_set1_ps(there);
  while (i + FOUR <= n &&
         !_mm_movemask_ps(
             _mm_cmpgt_ps(_mm_sub_ps(_mm_add_ps(_mm_loadu_ps(value + i), m), _mm_loadu_ps(less + i)), t))) {
    i += FOUR;
  }
#endif
  return shed_lanes_above_plain(value, less, more, there, i, n);
}

#endif
