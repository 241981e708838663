/// The peers on real singing: aubio's onset methods, and Praat with aubio for notes. Each is tuned on one half of the takes
/// and reported on the other, both ways round.
#ifndef SHED_TEST_SINGING_PEERS_H
#define SHED_TEST_SINGING_PEERS_H

#include "tests/accuracy/interval.h"
#include "tests/accuracy/real_takes.h"

/// A take with its sound. Takes with even numbers are one half, those with odd numbers the other.
typedef struct {
  const real_take *take;
  float           *x; ///< n samples
  int              n, rate_hz;
} singing_sound;

/// An F-measure at 50 ms, or of notes, of a half or of all; the interval is over takes.
interval singing_onset_f(const onset_score *s, int n, int half, match_tolerance tolerance);
interval singing_note_f(const note_score *s, int n, int half, bool ends);

enum { SINGING_EVEN, SINGING_ODD, SINGING_ALL };

/// Prints both tables. Takes a minute or two.
void singing_peers_print(const singing_sound *sounds, int n);

#endif
