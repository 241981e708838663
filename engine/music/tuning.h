/// Tuning: where a note stands, in cents and hertz, when it is in tune.
#ifndef SHED_MUSIC_TUNING_H
#define SHED_MUSIC_TUNING_H

#include "engine/music/pitch.h"

typedef enum {
  SHED_TEMPERAMENT_EQUAL,
  SHED_TEMPERAMENT_JUST ///< five-limit just intonation above a tonic
} shed_temperament;

/// Reference pitches that are accepted as A4, in Hz.
#define SHED_A4_MIN_HZ 380.0
#define SHED_A4_MAX_HZ 480.0
#define SHED_A4_HZ     440.0

/// Cents from @p reference_hz up to @p hz; both positive.
double shed_tuning_cents(double hz, double reference_hz);
/// Cents that a note lies above its equal-tempered place. Equal: 0. Just: by the ratio of its interval above the tonic
/// (1, 16/15, 9/8, 6/5, 5/4, 4/3, 45/32, 3/2, 8/5, 5/3, 9/5, 15/8): a just major third is 13.7 cents low.
double shed_tuning_offset_cents(shed_temperament t, int tonic_midi, int midi);
/// Hz of a note that is in tune. @param a4_hz within SHED_A4_MIN_HZ..SHED_A4_MAX_HZ.
double shed_tuning_hz(shed_temperament t, int tonic_midi, int midi, double a4_hz);

#endif
