/// Where moments belong in a take, once it is known which stroke is which: one steady tempo, measured anew behind a break.
#ifndef SHED_ASSESSORS_ONSET_FIT_H
#define SHED_ASSESSORS_ONSET_FIT_H

#include "assessors/onset_align.h"

/// A player so many beats off a click and less is off it, and not on another beat of it.
static const double SHED_BEHIND_BEATS = .7;

/// Fill a->scale, expected_s, error_s, break_s, drift, matched from a->stroke_of and a->restart.
///
/// With a given offset nothing is fitted, but for whole beats after a stop. Else the offsets, and with a free tempo also the scale, are least squares with
/// Huber's weights (Huber 1964), so that one stroke out of place does not move the others.
/// @param scale  a first guess, within a few per cent; what is given where it is given.
void shed_onset_fit(const shed_asked *asked, size_t n, const shed_stroke *strokes, shed_align_given given,
                    double scale, shed_onset_alignment *a);

#endif
