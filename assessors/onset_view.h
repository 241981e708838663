/// Inside this folder only, and for the program that fits its weights: what spectrum and frames show about where one note
/// began, place by place around the time that the path gives it. A place is a frame of the take.
///
/// Of the new pitch's harmonics those count that none of the pitch before comes near, and all of them; of the pitch before
/// those that none of the new comes near. Levels are decibels under the greatest in view.
#ifndef SHED_ASSESSORS_ONSET_VIEW_H
#define SHED_ASSESSORS_ONSET_VIEW_H

#include "assessors/judge.h"

enum {
  SHED_ONSET_SHARED = 9,  ///< inputs that all places of a note have in common
  SHED_ONSET_OWN    = 80, ///< and those of each place
  SHED_ONSET_INPUTS = SHED_ONSET_SHARED + SHED_ONSET_OWN
};

typedef struct {
  int   first, n; ///< frames of the take
  bool  again;    ///< the pitch of the note before, which has hardly ended
  float shared[SHED_ONSET_SHARED];
  float own[SHED_ONSET_PLACES][SHED_ONSET_OWN];
} shed_onset_view;

/// @return whether there is anything to look at.
bool shed_onset_view_of(const shed_judged *j, const shed_found *f, shed_onset_view *out);

#endif
