/// Metres: what is counted, and how the counts are grouped.
#ifndef SHED_MUSIC_METRE_H
#define SHED_MUSIC_METRE_H

#include "engine/music/beat.h"

#include <stdbool.h>
#include <stddef.h>

enum { SHED_METRE_PULSES = 16 };

/// A plain value, as printed: 6/8 is {6, 8}.
typedef struct {
  int beats;     ///< 1..32
  int beat_type; ///< 1, 2, 4, 8, 16, 32
} shed_metre;

bool      shed_metre_valid(shed_metre m);
shed_beat shed_metre_length(shed_metre m); ///< quarters in a measure
/// 6, 9 or 12 eighths or sixteenths: felt in groups of three. 3/8 is counted as simple.
bool shed_metre_compound(shed_metre m);
/// The pulses that a foot taps, each in quarters: 4/4 1 1 1 1; 6/8 3/2 3/2; 7/8 1 1 3/2; 5/8 3/2 1; 2/2 2 2.
///
/// @param[out] pulses at least SHED_METRE_PULSES places. They sum to the measure's length.
/// @return how many; at most SHED_METRE_PULSES (a longer metre is felt in halves of its beats).
size_t shed_metre_pulses(shed_metre m, shed_beat *pulses);
/// The distance between two clicks of a metronome whose clicks are all alike, in quarters: the pulse where all pulses are as long,
/// else the beat that is written. 4/4 1; 6/8 3/2; 7/8 1/2.
shed_beat shed_metre_even_pulse(shed_metre m);

#endif
