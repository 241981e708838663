/// What one writes to align two lists of notes: the peers of the judge where the notes are given.
#ifndef SHED_TEST_PAIRS_PEERS_H
#define SHED_TEST_PAIRS_PEERS_H

#include "tests/accuracy/pairs_takes.h"

/// One global alignment of pitches (Needleman and Wunsch 1970), with the distance between onsets as a second voice where
/// @p timed. match[row]: note of the tune, -1 none.
void pairs_align(const corpus_tune *tune, const pairs_row *rows, int n, bool timed, int *match);
/// Off-line Viterbi over the notes of the score: stay (an extra), next, skip, jump to anywhere.
void pairs_viterbi(const corpus_tune *tune, const pairs_row *rows, int n, int *match);

#endif
