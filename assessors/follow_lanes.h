/// Inside this folder only: what the follower does most often, for every way at every frame. Written for vectors by hand, as align_lanes.h is and
/// for its reason; both ways give the same bits.
#ifndef SHED_ASSESSORS_FOLLOW_LANES_H
#define SHED_ASSESSORS_FOLLOW_LANES_H

#include "assessors/align.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// The evidence of a way's lanes, one frame further.
typedef struct {
  float *sounding; ///< since its start, less the lane's cost
  float *ended;    ///< the best of it with a gap behind it
  float  gap;      ///< what a gap adds
  bool   may_end;  ///< what sounds may be its end
} follow_lanes;

/// The most of each, and the first lane that sounds most; -1: none is above @p never.
typedef struct {
  float sounding, ended;
  int   lane;
} follow_most;

/// @param said by the frame, of each lane.
static inline follow_most
follow_lanes_on_plain(const follow_lanes *l, const float *said, float never)
{
  follow_most most = {never, never, -1};
  for (int k = 0; k < SHED_LANES; k++) {
    const float sounding = l->sounding[k] + said[k];
    const float before   = l->ended[k] + l->gap;
    const float now      = l->may_end && sounding > before ? sounding : before;
    l->sounding[k]       = sounding;
    l->ended[k]          = now;
    most.lane            = sounding > most.sounding ? k : most.lane;
    most.sounding        = sounding > most.sounding ? sounding : most.sounding;
    most.ended           = now > most.ended ? now : most.ended;
  }
  return most;
}

#if defined(__SSE2__)

static inline float
follow_lanes_highest(__m128 v)
{
  v = _mm_max_ps(v, _mm_movehl_ps(v, v));
  v = _mm_max_ss(v, _mm_shuffle_ps(v, v, 1));
  return _mm_cvtss_f32(v);
}

static inline follow_most
follow_lanes_on(const follow_lanes *l, const float *said, float never)
{
  enum { FOUR = 4 };
  const __m128 gap      = _mm_set1_ps(l->gap);
  const __m128 may_end  = _mm_castsi128_ps(_mm_set1_epi32(l->may_end ? -1 : 0));
  __m128       sounding = _mm_set1_ps(never), ended = sounding;
  for (int k = 0; k < SHED_LANES; k += FOUR) {
    const __m128 s      = _mm_add_ps(_mm_loadu_ps(l->sounding + k), _mm_loadu_ps(said + k));
    const __m128 before = _mm_add_ps(_mm_loadu_ps(l->ended + k), gap);
    const __m128 both   = _mm_max_ps(s, before);
    const __m128 now    = _mm_or_ps(_mm_and_ps(may_end, both), _mm_andnot_ps(may_end, before));
    _mm_storeu_ps(l->sounding + k, s);
    _mm_storeu_ps(l->ended + k, now);
    sounding = _mm_max_ps(s, sounding);
    ended    = _mm_max_ps(now, ended);
  }
  follow_most  most  = {follow_lanes_highest(sounding), follow_lanes_highest(ended), -1};
  const __m128 which = _mm_set1_ps(most.sounding);
  unsigned     is    = 0;
  for (int k = 0; k < SHED_LANES && most.sounding > never; k += FOUR) {
    is |= (unsigned)_mm_movemask_ps(_mm_cmpeq_ps(_mm_loadu_ps(l->sounding + k), which)) << k;
  }
  most.lane = is ? __builtin_ctz(is) : -1;
  return most;
}

#else

static inline follow_most
follow_lanes_on(const follow_lanes *l, const float *said, float never)
{
  return follow_lanes_on_plain(l, said, never);
}

#endif

#endif
