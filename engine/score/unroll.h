/// The order in which written measures sound: repeats, endings, da capo, dal segno, coda and fine played out.
#ifndef SHED_SCORE_UNROLL_H
#define SHED_SCORE_UNROLL_H

#include "engine/score/model.h"

/// One measure of the performance.
typedef struct {
  int  column;
  int  pass;   ///< 1 the first time this column sounds, 2 the second
  bool direct; ///< the column before it on paper sounded just before it
} shed_step;

/// Play a score out. The rules, where notation leaves a choice:
/// - a passage without a forward sign repeats from the end of the passage before it, or from the start;
/// - after da capo or dal segno repeats are not taken and the last ending is played; behind the coda they are again;
/// - a da capo inside a repeated passage is taken the last time through;
/// - endings outside any repeat count the jumps: the first is for before the da capo, the second for after it;
/// - to coda, fine, da capo and dal segno act at the end of their measure, segno and coda at its start.
/// @param[out] steps the caller frees with shed_free(alloc, ..); NULL when there are none.
/// @return SHED_OK; SHED_E_LIMIT (over SHED_SCORE_MAX_SOUNDING measures); SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_score_unroll(const shed_score *score, const shed_alloc *alloc,
                                             shed_step **steps, size_t *n_steps);

/// The columns first..last as written, each once.
SHED_NODISCARD shed_status shed_score_straight(int first, int last, const shed_alloc *alloc,
                                               shed_step **steps, size_t *n_steps);

/// Where a dal segno at @p from goes, and where a to coda does: by label, else the nearest segno before it and the
/// nearest coda behind it, else any. -1: there is none.
int shed_score_find_segno(const shed_score *score, int from);
int shed_score_find_coda(const shed_score *score, int from);

#endif
