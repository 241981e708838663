/// Vibrato in a known pitch curve, and how well it was told.
#ifndef SHED_TEST_VIBRATO_TRUTH_H
#define SHED_TEST_VIBRATO_TRUTH_H

#include "tests/accuracy/matching.h"

typedef struct {
  long        swinging, told; ///< notes with a vibrato of 10 cents and more; of them told
  long        straight, false_told;
  number_list rate_error_hz, extent_error_cents; ///< signed, where told
} vibrato_count;

/// The strongest swing between 3.5 and 8.5 Hz about a straight line, in @p n values of a pitch curve 10 ms apart (all over 0).
/// @param[out] cents  amplitude; at the full vibrato where it grows slowly this is a little less.
void vibrato_in(const float *f0_hz, int n, double *rate_hz, double *cents);

/// Count the matched notes that are long enough (400 ms).
/// @param of  from match_notes().
void vibrato_counts(const float *f0_hz, int frames, const match_note *truth, int n, const match_note *found,
                    const int *of, vibrato_count *to);

#endif
