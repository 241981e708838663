/// Taking a tone apart: how high its partials, and the noise between them, are over time. Inside tests/corpus only.
#ifndef CORPUS_EAR_PARTIALS_H
#define CORPUS_EAR_PARTIALS_H

#include "tests/corpus/ear_tone.h"

/// Heights of partials 1..CORPUS_EAR_PARTIALS and of the noise half-way above each (RMS), one row a CORPUS_EAR_RENEWAL samples.
typedef struct {
  int n;
  struct {
    float high[CORPUS_EAR_PARTIALS + 1], noise[CORPUS_EAR_PARTIALS + 1];
  } * rows; ///< owned
} corpus_ear_track;

/// @param hz  one value a CORPUS_EAR_STEP samples, over 0.
/// @return false when memory is short.
bool corpus_ear_take_apart(const float *x, int n, const float *hz, int partials, corpus_ear_track *out);
void corpus_ear_track_free(corpus_ear_track *t);
/// Between rows; 0 outside. @param at in rows.
void corpus_ear_track_at(const corpus_ear_track *t, double at, double weight, double *high, double *noise);

/// The pitch of a sung note, given that it lies within a few semitones of @p hz: at each CORPUS_EAR_STEP of x[from .. to).
/// Normalised correlation, and the best way through it by dynamic programming; slow, whole notes at once; nothing of the ear's.
/// @return mean correlation, 0..1; under 0 when memory is short.
double corpus_ear_follow(const float *x, int n, int from, int to, double hz, float *out);

#endif
