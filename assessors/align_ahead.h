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

static const float SHED_AHEAD_ROUNDED  = .02F;  ///< of values that have grown over half an hour
static const float SHED_AHEAD_CLOSE    = 1e-6F; ///< of a moment's rounding, relative
static const float SHED_AHEAD_CLOSE_BY = 1.0001F;
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
  unsigned may = 0;
  for (int k = 0; k < SHED_AHEAD_ROOM; k++) {
    const float expected = ahead_s[k] * w->period;
    const float stray    = w->interval_s - expected;
    const float away     = stray < 0 ? 0 - stray : stray;
    const float unit =
        (float)SHED_TIMING_UNIT_S + expected * (float)(SHED_TIMING_UNIT_S / SHED_TIMING_LONG_S);
    const float room  = w->value - need[k] + SHED_AHEAD_ROUNDED;
    float       units = (room + 1) * .5F;
    units             = units > 1 ? units : 1;
    units           = units < (SHED_TIMING_EARLY_MOST + 1) * .5F ? units : (SHED_TIMING_EARLY_MOST + 1) * .5F;
    const float far = unit * units * SHED_AHEAD_CLOSE_BY + (w->interval_s + expected) * SHED_AHEAD_CLOSE;
    const bool  no  = away > far && (stray < 0 || room < w->late_most);
    may |= room > 0 && !no ? 1U << k : 0;
  }
  return may;
}

#if defined(__SSE2__)
/// Four of them.
static inline unsigned
shed_ahead_four(const float *ahead_s, const float *need, const shed_ahead_way *w)
{
  const __m128 zero = _mm_setzero_ps(), one = _mm_set1_ps(1), interval = _mm_set1_ps(w->interval_s);
  const __m128 room =
      _mm_add_ps(_mm_sub_ps(_mm_set1_ps(w->value), _mm_loadu_ps(need)), _mm_set1_ps(SHED_AHEAD_ROUNDED));
  const __m128 any      = _mm_cmpgt_ps(room, zero);
  const __m128 expected = _mm_mul_ps(_mm_loadu_ps(ahead_s), _mm_set1_ps(w->period));
  const __m128 stray    = _mm_sub_ps(interval, expected);
  const __m128 away     = _mm_max_ps(stray, _mm_sub_ps(zero, stray));
  const __m128 unit =
      _mm_add_ps(_mm_set1_ps((float)SHED_TIMING_UNIT_S),
                 _mm_mul_ps(expected, _mm_set1_ps((float)(SHED_TIMING_UNIT_S / SHED_TIMING_LONG_S))));
  const __m128 wide  = _mm_max_ps(_mm_mul_ps(_mm_add_ps(room, one), _mm_set1_ps(.5F)), one);
  const __m128 units = _mm_min_ps(wide, _mm_set1_ps((SHED_TIMING_EARLY_MOST + 1) * .5F));
  const __m128 far   = _mm_add_ps(_mm_mul_ps(_mm_mul_ps(unit, units), _mm_set1_ps(SHED_AHEAD_CLOSE_BY)),
                                  _mm_mul_ps(_mm_add_ps(interval, expected), _mm_set1_ps(SHED_AHEAD_CLOSE)));
  const __m128 late  = _mm_cmplt_ps(room, _mm_set1_ps(w->late_most));
  const __m128 no    = _mm_and_ps(_mm_cmpgt_ps(away, far), _mm_or_ps(_mm_cmplt_ps(stray, zero), late));
  return (unsigned)_mm_movemask_ps(_mm_andnot_ps(no, any));
}
#endif

/// The same, four at a time where the machine can; the second four are mostly too far ahead, whatever a way is worth.
static inline unsigned
shed_ahead_may(const float *ahead_s, const float *need, const shed_ahead_way *w)
{
#if defined(__SSE2__)
  enum { FOUR = 4 };
  unsigned may = shed_ahead_four(ahead_s, need, w);
  if (w->interval_s >= ahead_s[FOUR] * w->period * SHED_AHEAD_EARLY_SHARE - SHED_AHEAD_EARLY_S) {
    may |= shed_ahead_four(ahead_s + FOUR, need + FOUR, w) << FOUR;
  }
  return may;
#else
  return shed_ahead_may_plain(ahead_s, need, w);
#endif
}

#endif
