/// The judge among periods: a spectrum on a logarithmic axis, and how well a comb of harmonics lies on it.
///
/// The axis has SHED_COMB_PER_OCTAVE places an octave, so that harmonic k of every pitch stands at one constant distance.
/// With Q the spectrum there,
///
///     S(f) = sum over k of k^-1/2 (Q(k f) - Q((k - 1/2) f) / 2 - Q((k + 1/2) f) / 2) / sqrt(sum of k^-1/2)
///
/// after Camacho and Harris 2008 (SWIPE), JASA 124(3): weights k^-1/2 and valleys that count against. Two of them: S1 with
/// square-root magnitudes, S2 with magnitudes whitened by their surroundings.
#ifndef SHED_DSP_COMB_H
#define SHED_DSP_COMB_H

#include "engine/base/alloc.h"

enum {
  SHED_COMB_PER_OCTAVE = 96,
  SHED_COMB_PARTIALS   = 16,
  SHED_COMB_KINDS      = 2,
  SHED_COMB_PLACES     = 826 ///< 26 Hz to 10.1 kHz
};

typedef struct shed_comb shed_comb;

/// @param rate_hz of the sound; @param window samples of it, at most 4096. @return SHED_OK, SHED_E_RANGE, SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_comb_new(shed_comb **out, const shed_alloc *alloc, int rate_hz, int window);
void                       shed_comb_free(shed_comb *c);

/// @param x window samples. Thread: one at a time. Real-time: yes.
SHED_RT void shed_comb_run(shed_comb *c, const float *x);

/// Where @p f_hz stands on the axis, in places; an octave is SHED_COMB_PER_OCTAVE of them.
SHED_RT float shed_comb_place(float f_hz);
/// Magnitudes of the last run, borrowed until the next.
SHED_RT const float *shed_comb_axis(const shed_comb *c);
/// Sum of @p axis, SHED_COMB_PLACES values, at the partials of the pitch at @p place.
SHED_RT float shed_comb_sum_at(const shed_comb *c, const float *axis, float place);
/// Salience of @p f_hz, kind 0 (S1) or 1 (S2); 0 outside 26 Hz..4.8 kHz. The highest near the place asked for.
SHED_RT float shed_comb_salience(const shed_comb *c, int kind, float f_hz);
SHED_RT float shed_comb_salience_at(const shed_comb *c, int kind, float place);
SHED_RT float shed_comb_best(const shed_comb *c, int kind);
/// The @p max highest maxima, in falling order. @return how many were found.
SHED_RT int shed_comb_peaks(const shed_comb *c, int kind, float *f_hz, int max);
/// Magnitude near @p f_hz on the axis: the highest within 1/96 octave; 0 outside it.
SHED_RT float shed_comb_magnitude(const shed_comb *c, float f_hz);
/// What stands at the places of a pitch's harmonics and between them.
enum { SHED_COMB_BETWEEN = 8 };
typedef struct {
  float partial[SHED_COMB_PARTIALS]; ///< at k f, k = 1..16
  float half[SHED_COMB_BETWEEN];     ///< at (k - 1/2) f, k = 1..8
  float third[SHED_COMB_BETWEEN];    ///< at 1/3, 2/3, 4/3, 5/3 .. 11/3 f
} shed_comb_profile;
SHED_RT void shed_comb_profile_at(const shed_comb *c, float place, shed_comb_profile *out);
/// Sum of the squares of the axis' maxima: what all lines together hold.
SHED_RT float shed_comb_lines(const shed_comb *c);
/// Geometric over arithmetic mean of the axis, 0..1: near 0 for a few lines.
SHED_RT float shed_comb_flatness(const shed_comb *c);

#endif
