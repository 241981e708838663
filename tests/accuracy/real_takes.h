/// Real sight-singing with the notes that trained annotators gave: ../shared/data/ssvd-dev or WOODSHED_DATA.
#ifndef SHED_TEST_REAL_TAKES_H
#define SHED_TEST_REAL_TAKES_H

#include "engine/audio/file.h"
#include "tests/accuracy/matching.h"

enum { REAL_TAKES_MAX = 64, REAL_NOTES_MAX = 512 };

typedef struct {
  char       name[32];
  char       path[600]; ///< of the sound
  match_note notes[REAL_NOTES_MAX];
  int        n;
} real_take;

/// The takes in the order of their names, with their labels. @return how many; 0 when the data is not there.
int real_takes_list(real_take *out, int max);

/// By how many semitones what was heard is sharp of the labels, as a whole: the median over frames inside the labelled notes
/// that are within 1.6 semitones. Labels name the note that was meant, in a tuning of their own.
/// @param f0_hz  one each 10 ms, 0 without pitch.
double real_take_tuning(const real_take *t, const double *f0_hz, int frames);

#endif
