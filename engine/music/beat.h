/// Exact musical time: a number of quarter notes as a fraction. Tuplets of tuplets stay exact, so that notes which the
/// score puts at one moment are at one moment.
#ifndef SHED_MUSIC_BEAT_H
#define SHED_MUSIC_BEAT_H

#include <stdint.h>

/// A plain value; den > 0, lowest terms. Zero-initialised is not a beat: use shed_beat_of(0, 1).
typedef struct {
  int64_t num;
  int64_t den;
} shed_beat;

/// In lowest terms; den != 0. When a result of these functions needs more than 62 bits it is rounded to the nearest
/// 1/2^20 of a quarter: no error, no overflow.
shed_beat shed_beat_of(int64_t num, int64_t den);
shed_beat shed_beat_add(shed_beat a, shed_beat b);
shed_beat shed_beat_sub(shed_beat a, shed_beat b);
shed_beat shed_beat_mul(shed_beat a, shed_beat b);
shed_beat shed_beat_div(shed_beat a, shed_beat b); ///< b is not zero
/// Negative, zero or positive as a is before, at or after b.
int    shed_beat_cmp(shed_beat a, shed_beat b);
double shed_beat_quarters(shed_beat a);

#endif
