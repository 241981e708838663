/// One search for the way of the notes through a take, at a given place in pitch and tempo. Inside the echo judge only.
#ifndef SHED_ASSESSORS_ECHO_PATH_H
#define SHED_ASSESSORS_ECHO_PATH_H

#include "assessors/echo.h"

typedef struct {
  double shift; ///< semitones from what is asked to what is played
  double scale; ///< seconds of the take per second asked
  double time;  ///< what a gap that is all wrong costs, in notes
  int    hop;   ///< frames a step: 1 is fine, 4 coarse and sixteen times as fast
} shed_echo_place;

/// @param[out] found  n; onset_s, offset_s and found are written.
/// @param[out] cost   of the way, in notes, divided by n: 0 is a perfect echo.
SHED_NODISCARD shed_status shed_echo_path_run(const shed_echo_asked *asked, size_t n,
                                              const shed_echo_track *track, shed_echo_place at,
                                              const shed_alloc *alloc, shed_echo_found *found, double *cost);

#endif
