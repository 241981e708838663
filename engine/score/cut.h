/// Bar lines inside a written measure. Inside engine/score only.
#ifndef SHED_SCORE_CUT_H
#define SHED_SCORE_CUT_H

#include "engine/score/model.h"

/// Part the columns at shed_score.cuts; all places are moved along. A note that lasts beyond a cut keeps its length.
/// @return SHED_OK; SHED_E_LIMIT (more than SHED_SCORE_MAX_MEASURES columns come of it); SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_score_cut(shed_score *score);

#endif
