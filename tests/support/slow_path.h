/// The best path through candidates in the plainest way: all paths from the first frame on, in double, kept whole. The twin of
/// engine/dsp/path, for the path alone and for the tracker.
#ifndef SHED_TEST_SLOW_PATH_H
#define SHED_TEST_SLOW_PATH_H

#include "engine/dsp/path.h"

enum { SLOW_PATH_FRAMES = 3000 };

typedef struct {
  int    n, seen; // the last may be no candidate of the frame
  double f_hz[SHED_CANDS_MAX], pitch[SHED_CANDS_MAX], odds;
} slow_path_frame;

/// The best cost of a path from the first frame to each end, and where it came from.
typedef struct {
  double cost[SHED_CANDS_MAX], voice[2];
  int    from[SHED_CANDS_MAX], voice_from[2];
} slow_path_best;

typedef struct {
  shed_path_costs costs; ///< to be set first
  slow_path_frame frames[SLOW_PATH_FRAMES];
  slow_path_best  best[SLOW_PATH_FRAMES];
} slow_path;

/// Frame @p t, after t - 1: its candidates, what the choice says of each, and the log odds of a pitch.
void slow_path_push(slow_path *w, int t, const shed_cand_set *set, const shed_emission *e, float odds);
/// The candidate where the best path to frame @p t ends; -1 without candidates.
int slow_path_cheapest(const slow_path *w, int t);
/// The candidate of frame t - back on the best path that ends at @p t in candidate @p at; -1: it has none.
int slow_path_trace(const slow_path *w, int t, int at, int back);
/// What is to be told at @p t of the frame @p back ago: as traced from the cheapest end, of frame t itself by its own
/// candidates.
int slow_path_told(const slow_path *w, int t, int back);
/// Does that frame sound on the best path of voicing that ends at @p t?
bool slow_path_voiced(const slow_path *w, int t, int back);

#endif
