/// How likely each candidate is the pitch, and how likely there is none: a soft maximum over linear forms of the features.
/// The weights of a candidate are interpolated in log f between four zones, since what decides in the bass (periodicity)
/// is not what decides above the staff (lines).
#ifndef SHED_DSP_EMISSION_H
#define SHED_DSP_EMISSION_H

#include "engine/dsp/cands.h"

enum { SHED_EMISSION_ZONES = 4 };             ///< 55, 220, 880, 3520 Hz
static const float SHED_EMISSION_CLIP = 6.0f; ///< features are cut at so many standard deviations

typedef struct {
  float pitch[SHED_CANDS_MAX]; ///< each candidate's share among the candidates; they sum to 1
  float voiced;                ///< 1 - P(no pitch)
} shed_emission;

/// The zones' shares at @p f_hz, which sum to 1.
SHED_RT void shed_emission_zones(float f_hz, float share[SHED_EMISSION_ZONES]);
SHED_RT void shed_emission_run(const shed_cand_set *s, shed_emission *out);

#endif
