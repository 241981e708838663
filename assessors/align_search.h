/// Inside this folder only: the state of the search of a path, shared by align_path.c (what is proposed and worth what) and
/// align_beam.c (what is kept).
#ifndef SHED_ASSESSORS_ALIGN_SEARCH_H
#define SHED_ASSESSORS_ALIGN_SEARCH_H

#include "assessors/align.h"

enum {
  MOST_NEW         = 160,
  MOST_OF_CLASS    = 12,
  FIRST_OF_CLASS   = 2, ///< of these so many are kept before any further one
  CLASSES_OF_EVENT = 6,
  YOUNG_MS         = 120,
  SOON_MS          = 120,
  NO_NODE          = -1,
  SWEEP_FROM       = 1 << 16
};

static const float BEAM_WIDTH  = 35.F; ///< hypotheses worse than the best by this are dropped
static const float CLASS_WIDTH = 8.F;  ///< and worse than the best of its class by this
static const float LIVE_WITHIN = 2.F;  ///< of its value: a note that still speaks
static const float NEVER       = -1e30F;

typedef struct {
  int            event;
  shed_step_kind kind;
  int            start;       ///< of this segment
  int            event_start; ///< of the event that keeps time
  int            parent;
  float          period;
} shed_search_node;

typedef struct {
  int   node;
  float base;             ///< best value before this segment began
  float value;            ///< best value now
  float running;          ///< the same if the note sounds on
  float from[SHED_LANES]; ///< sum at the start and the lane's cost
  float most[SHED_LANES]; ///< best over ends u of sum[u] - gap[u]
} shed_search_hypothesis;

typedef struct {
  int place, at;
} shed_search_rank;

typedef struct {
  const shed_align_target *t;
  const shed_evidence     *e;
  const shed_path_opts    *o;
  const shed_alloc        *alloc;
  shed_search_node        *nodes;
  size_t                   n_nodes, cap_nodes, sweep_at;
  int                     *remap;
  size_t                   cap_remap;
  shed_search_hypothesis  *open;
  int                      n_open;
  shed_search_rank        *ranks;
  bool                    *keep;
  int                      min_grid; ///< shortest note, in grid points
  int                      young;    ///< what began so many grid points ago has had no time to gain
  int                      soon;     ///< so many grid points after it began a note speaks for its pitch
  // the best that begins at this grid point, one an event and one extra an event
  struct {
    float          value;
    float          period;
    int            from; ///< hypothesis
    int            event;
    shed_step_kind kind;
  } fresh[MOST_NEW];
  int    n_fresh;
  float  top;      ///< of all open hypotheses
  float *lanes;    ///< sums of the lanes of each event, and of an extra note after it, side by side
  int   *lanes_of; ///< the grid point at which they stand, and 1
  int   *slot;     ///< event -> fresh + 1; 0 none
  int   *slot_extra;
  float *best; ///< value of the best open hypothesis of a class; CLASSES_OF_EVENT of an event
  int   *seen;
  float  end_value;
  int    end_node;
} shed_search;

/// Keep what may still win at grid point @p at.
void shed_search_prune(shed_search *s, int at);
/// Drop nodes that no open hypothesis comes from, once the tree has grown. @return SHED_OK or SHED_E_NOMEM.
shed_status shed_search_sweep(shed_search *s);

#endif
