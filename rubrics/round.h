/// Rounding as rubrics say it.
#ifndef SHED_RUBRICS_ROUND_H
#define SHED_RUBRICS_ROUND_H

#include "drills/content.h"

/// @param how  "" and "none": as it is; "down", "up"; "half_down", "half_up": to the nearest, halves as named.
/// @param step of which multiples are made; 0: 1.
/// @param up_at values that go up whatever @p how says.
double shed_round_as(double value, const char *how, double step, const shed_numbers *up_at);

#endif
