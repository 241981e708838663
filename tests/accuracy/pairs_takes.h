/// Takes whose notes are given, not heard, and whose every note is known to belong to a note of the score or to none:
/// what an alignment is measured by. Nothing of an ear is in these figures.
///
/// Two sources. Real sight-singers: the labels of ../shared/data/ssvd-dev, against a score that is made from them: the
/// pitches of a song that several people sang are the median of what they sang, rounded, its lengths the median of their
/// intervals, on a grid of half a usual note; a song that one person sang is that take rounded. Pianists' lines: made
/// parts played in one hand with a swaying tempo. On both, mistakes are planted by families.
#ifndef SHED_TEST_PAIRS_TAKES_H
#define SHED_TEST_PAIRS_TAKES_H

#include "tests/accuracy/real_takes.h"
#include "tests/corpus/tune.h"

enum { PAIRS_ROWS_MAX = 1400 };

typedef enum {
  PAIRS_REAL,    ///< as it was sung or played
  PAIRS_WRONG,   ///< one note in ten is another pitch
  PAIRS_MISSING, ///< one in ten is left out
  PAIRS_EXTRA,   ///< after one in ten another note sounds
  PAIRS_TIMING,  ///< one in ten comes 100 to 250 ms too early or late
  PAIRS_MIXED,   ///< wrong, missing and extra, one in twenty each
  PAIRS_RESTART, ///< once or twice the player stops and goes back by 2 to 8 notes
  PAIRS_SKIP,    ///< 4 to 8 notes in a row are left out
  PAIRS_DRIFT,   ///< a voice's key slides, or steps once or twice, by 2 to 5 semitones; and mixed
  PAIRS_MESSY,   ///< mixed, with a restart, two waits and a tempo that moves by a fifth
  PAIRS_FAMILIES
} pairs_family;

extern const char *const PAIRS_FAMILY_NAMES[PAIRS_FAMILIES];

/// One note of a take. @c truth: the note of the score that it is an attempt at; -1 an extra.
typedef struct {
  double onset_s, offset_s, midi; ///< midi with cents as its fraction
  int    truth;
  bool   last; ///< no later row is another attempt at the same note
} pairs_row;

/// What is asked, and how it was done without planted mistakes. A plain, large value.
typedef struct {
  char        name[48];
  bool        sung;
  bool        several; ///< the score comes from several singers
  corpus_tune tune;
  pairs_row   rows[PAIRS_ROWS_MAX]; ///< row i is note i of the tune
} pairs_base;

/// Real singers, in the order of names. @return how many; 0 when the data is not there.
int pairs_singers(pairs_base *out, int max);
/// A pianist's line; the same seed gives the same one.
void pairs_pianist(uint64_t seed, pairs_base *out);
/// Plant the mistakes of a family. @return rows in @p out, in order of onset.
int pairs_plant(const pairs_base *b, pairs_family family, uint64_t seed, pairs_row out[PAIRS_ROWS_MAX]);

#endif
