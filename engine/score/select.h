/// Which part, staff, voice and measures a selection means.
#ifndef SHED_SCORE_SELECT_H
#define SHED_SCORE_SELECT_H

#include "engine/score/model.h"

typedef struct {
  size_t part;
  int    first, last; ///< columns
  bool   straight;    ///< measures were named: repeats are not played out
} shed_selected;

/// @return SHED_OK; SHED_E_NOTFOUND (err says what was asked for and lists what there is).
SHED_NODISCARD shed_status shed_score_select(const shed_score *score, const shed_selection *sel,
                                             shed_selected *out, shed_error *err);

#endif
