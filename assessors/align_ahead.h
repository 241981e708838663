/// Inside this folder only: which of the events ahead a way may still go to, told of all of them at once and on the safe side. Written
/// for vectors by hand, as align_lanes.h is; both ways give the same bits.
#ifndef SHED_ASSESSORS_ALIGN_AHEAD_H
#define SHED_ASSESSORS_ALIGN_AHEAD_H

#include "assessors/align_cost.h"

#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum { SHED_AHEAD_ROOM = 8 }; ///< places of a row; SHED_PATH_AHEAD of them are used

static const float SHED_AHEAD_ROUNDED = .02F; ///< of values that have grown over half an hour
static const float SHED_AHEAD_CLOSE   = .01F; ///< units: of a moment's rounding
// Before this share of the expected interval less so much a note is too early by more units than that: 6.5 units of 50 ms and a 30th of
// the interval, and some for rounding.
static const float SHED_AHEAD_EARLY_SHARE = .783F;
static const float SHED_AHEAD_EARLY_S     = .326F;

/// A way, as it stands at a grid point.
typedef struct {
  float value;
  float interval_s; ///< since its event began
  float period;
  float late_most; ///< what a late note costs at most
} shed_ahead_way;

/// What an interval of that length costs is at least 2 a - 1 from a = 1 on, where a is the stray in units; so what there is room for
/// says how far it may stray. @param ahead_s score time to each event, rising. @param need what a way has to be worth to be of use at each:
/// what it costs to begin there, and more than what is there already; a huge number where it may not go. @return a bit for each event that
/// cannot be told to be useless.
static inline unsigned
shed_ahead_may_plain(const float *ahead_s, const float *need, const shed_ahead_way *w)
{
  const float most = (SHED_TIMING_EARLY_MOST + 1) * .5F + SHED_AHEAD_CLOSE;
  unsigned    may  = 0;
  for (int k = 0; k < SHED_AHEAD_ROOM; k++) {
    const float room     = w->value + SHED_AHEAD_ROUNDED - need[k];
    const float expected = ahead_s[k] * w->period;
    const float stray    = w->interval_s - expected;
    const float away     = stray < 0 ? 0 - stray : stray;
    const float unit =
        (float)SHED_TIMING_UNIT_S + expected * (float)(SHED_TIMING_UNIT_S / SHED_TIMING_LONG_S);
    const float wide  = room * .5F + (.5F + SHED_AHEAD_CLOSE);
    const float least = wide > 1 + SHED_AHEAD_CLOSE ? wide : 1 + SHED_AHEAD_CLOSE;
    const float far   = unit * (least < most ? least : most);
    const bool  no    = room < 0 || (away > far && (stray < 0 || room < w->late_most));
    may |= no ? 0 : 1U << k;
  }
  return may;
}

#if defined(__SSE2__)
/// Four of them. Of a sum the sign is what is asked.
static inline unsigned
shed_ahead_four(const float *ahead_s, const float *need, const shed_ahead_way *w)
{
  const __m128 room     = _mm_sub_ps(_mm_set1_ps(w->value + SHED_AHEAD_ROUNDED), _mm_loadu_ps(need));
  const __m128 expected = _mm_mul_ps(_mm_loadu_ps(ahead_s), _mm_set1_ps(w->period));
  const __m128 stray    = _mm_sub_ps(_mm_set1_ps(w->interval_s), expected);
  const __m128 away     = _mm_andnot_ps(_mm_set1_ps(-0.F), stray);
  const __m128 unit =
      _mm_add_ps(_mm_set1_ps((float)SHED_TIMING_UNIT_S),
                 _mm_mul_ps(expected, _mm_set1_ps((float)(SHED_TIMING_UNIT_S / SHED_TIMING_LONG_S))));
  const __m128 wide  = _mm_add_ps(_mm_mul_ps(room, _mm_set1_ps(.5F)), _mm_set1_ps(.5F + SHED_AHEAD_CLOSE));
  const __m128 least = _mm_max_ps(wide, _mm_set1_ps(1 + SHED_AHEAD_CLOSE));
  const __m128 units = _mm_min_ps(least, _mm_set1_ps((SHED_TIMING_EARLY_MOST + 1) * .5F + SHED_AHEAD_CLOSE));
  const __m128 late  = _mm_cmplt_ps(room, _mm_set1_ps(w->late_most));
  const __m128 far   = _mm_cmpgt_ps(away, _mm_mul_ps(unit, units));
  const __m128 no    = _mm_or_ps(room, _mm_and_ps(far, _mm_or_ps(stray, late)));
  return (unsigned)_mm_movemask_ps(no) ^ 15U;
}
#endif

/// The same, four at a time where the machine can; the second four are mostly too dear, or too far ahead, whatever a way is worth.
/// @param need_far the least that is needed at the second four.
static inline unsigned
shed_ahead_may(const float *ahead_s, const float *need, float need_far, const shed_ahead_way *w)
{
#if defined(__SSE2__)
  enum { FOUR = 4 };
  unsigned may = shed_ahead_four(ahead_s, need, w);
  if (w->value + SHED_AHEAD_ROUNDED >= need_far &&
      w->interval_s >= ahead_s[FOUR] * w->period * SHED_AHEAD_EARLY_SHARE - SHED_AHEAD_EARLY_S) {
    may |= shed_ahead_four(ahead_s + FOUR, need + FOUR, w) << FOUR;
  }
  return may;
#else
  (void)need_far;
  return shed_ahead_may_plain(ahead_s, need, w);
#endif
}

/// The least that is needed at any of the first four events ahead, and of the second four.
typedef struct {
  float near, far;
} shed_ahead_least;

static inline shed_ahead_least
shed_ahead_least_plain(const float *need)
{
  shed_ahead_least l = {need[0], need[SHED_AHEAD_ROOM / 2]};
  for (int k = 1; k < SHED_AHEAD_ROOM / 2; k++) {
    const float far = need[k + SHED_AHEAD_ROOM / 2];
    l.near          = need[k] < l.near ? need[k] : l.near;
    l.far           = far < l.far ? far : l.far;
  }
  return l;
}

static inline shed_ahead_least
shed_ahead_least_of(const float *need)
{
#if defined(__SSE2__)
  const __m128 a = _mm_loadu_ps(need), b = _mm_loadu_ps(need + SHED_AHEAD_ROOM / 2);
  const __m128 two = _mm_min_ps(_mm_unpacklo_ps(a, b), _mm_unpackhi_ps(a, b));
  const __m128 one = _mm_min_ps(two, _mm_movehl_ps(two, two));
  return (shed_ahead_least){_mm_cvtss_f32(one), _mm_cvtss_f32(_mm_shuffle_ps(one, one, 1))};
#else
  return shed_ahead_least_plain(need);
#endif
}

/// What is needed at each: what it costs to begin there, another pitch or the @p same (all bits set where it is), and the beat.
static inline void
shed_ahead_need(float *need, const int *same, const float *cost, const float *cost_same, const float *beat)
{
#if defined(__SSE2__)
  for (int k = 0; k < SHED_AHEAD_ROOM; k += SHED_AHEAD_ROOM / 2) {
    const __m128 is = _mm_castsi128_ps(_mm_loadu_si128((const __m128i *)(const void *)(same + k)));
    const __m128 begins =
        _mm_or_ps(_mm_and_ps(is, _mm_loadu_ps(cost_same + k)), _mm_andnot_ps(is, _mm_loadu_ps(cost + k)));
    _mm_storeu_ps(need + k, _mm_add_ps(begins, _mm_loadu_ps(beat + k)));
  }
#else
  for (int k = 0; k < SHED_AHEAD_ROOM; k++) {
    need[k] = (same[k] ? cost_same[k] : cost[k]) + beat[k];
  }
#endif
}

#endif
