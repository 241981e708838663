/// Cents: the frequency of a pitch's first partial, from the phases of up to eight.
///
/// The instantaneous frequency of partial k is its reassigned frequency (Auger and Flandrin 1995, IEEE TSP 43(5)): the
/// transforms at k f0 with a window and with that window's slope. A least-squares line of f_k / k over k^2 allows for
/// the stiffness of strings, f_k = k f (1 + B k^2)^1/2, so that what is told is the first partial, not a mean. The more the
/// partials contradict that line, the nearer the value stays to the guess: in noise and among other voices they say less.
#ifndef SHED_DSP_REFINE_H
#define SHED_DSP_REFINE_H

#include "engine/dsp/front.h"

/// @param f_hz a guess good to 80 cents. @param centre in whole-rate samples; SHED_REFINE_AHEAD after it must be known.
/// @return the refined frequency; @p f_hz itself where nothing better is to be had (silence, no partial stands out).
/// Thread: analysis. Real-time: yes.
enum { SHED_REFINE_AHEAD = 2540 }; // 56 ms and the decimators' reach
SHED_RT float shed_refine(const shed_front *front, int rate_hz, int64_t centre, float f_hz);

#endif
