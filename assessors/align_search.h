/// Inside this folder only: the state of the search of a path, shared by align_propose.c (what may begin), align_path.c (what it is worth),
/// align_beam.c (what is kept) and align_room.c (what it works in).
#ifndef SHED_ASSESSORS_ALIGN_SEARCH_H
#define SHED_ASSESSORS_ALIGN_SEARCH_H

#include "assessors/align.h"
#include "assessors/align_ahead.h"
#include "assessors/align_cost.h"

enum {
  MOST_NEW         = 160,
  MOST_OF_CLASS    = 12,
  FIRST_OF_CLASS   = 2, ///< of these so many are kept before any further one
  CLASSES_OF_PLACE = 3,
  YOUNG_MS         = 120,
  SOON_MS          = 120,
  HOLD_MS          = 800, ///< followed for so long a segment is held
  NO_NODE          = -1,
  SWEEP_FROM       = 1 << 16
};

static const float BEAM_WIDTH  = 35.F; ///< hypotheses worse than the best by this are dropped
static const float CLASS_WIDTH = 8.F;  ///< and worse than the best of its class by this
static const float LIVE_WITHIN = 2.F;  ///< of its value: a note that still speaks
static const float STRAY_WIDTH =
    12.F; ///< what began outside of the corridor is dropped when worse than the best by this
static const float STRAY_ATTACK    = .5F; ///< and begins with an attack at least so clear
static const float NEVER           = -1e30F;
static const float GIVEN_UP_WITHIN = 1.F; ///< of what is asked: sums are rounded

typedef struct {
  int            event;
  shed_step_kind kind;
  int            start;       ///< of this segment
  int            event_start; ///< of the event that keeps time
  int            parent;
  int            last;  ///< where the newest segment begins that comes from it, itself included
  int            until; ///< where the last segment begins that follows it and was held; -1 none
  float          period;
} shed_search_node;

/// A segment that was held.
typedef struct {
  int                 start;
  shed_corridor_place place;
} shed_search_held;

/// Of an event, or of an extra note after it.
typedef struct {
  int stamp; ///< the grid point at which it may begin, and 1
  int until; ///< and the last at which something may follow it
} shed_search_allowed;

/// What of a hypothesis stays as it is while it is open, and is asked for one by one.
typedef struct {
  int   place; ///< 2 * event, and 1 more for an extra note after it
  int   slot;
  int   start, event_start; ///< as in the node; here they are at hand
  float period;
} shed_search_fixed;

/// The open hypotheses, side by side, the oldest first: those that have just begun stand last.
typedef struct {
  int                n;
  int                n_whole; ///< the first so many are long enough for a note
  shed_search_fixed *fixed;
  int               *until;     ///< the last grid point at which something may follow it
  float             *width;     ///< it is dropped when worse than the best by this
  float             *omitted;   ///< what it costs that all events after its own are left out
  float             *base;      ///< best value before this segment began
  float             *ended;     ///< the most of a lane's sum less the gap's, over all ends of the note
  float             *value;     ///< best value now
  float             *running;   ///< the same if the note sounds on
  int               *classes;   ///< the first of its place
  int               *class_now; ///< at this grid point, until some are pruned
} shed_search_open;

/// The way from which an event began best.
typedef struct {
  int to;
  int slot, start; ///< of that hypothesis
} shed_search_won;

typedef struct {
  const shed_align_target *t;
  const shed_evidence     *e;
  const shed_path_opts    *o;
  const shed_alloc        *alloc;
  shed_search_node        *nodes;
  size_t                   n_nodes, cap_nodes, sweep_at;
  int                     *remap;
  size_t                   cap_remap;
  void                    *room; ///< all that follows lies in it, but for what is held
  shed_search_open         open;
  // of the slots that hypotheses have while they are open
  float *from;     ///< SHED_LANES a slot: the lane's sum at the start, and its cost
  int   *node_of;  ///< its node
  int   *index_of; ///< where it stands among the open ones; -1 free
  int   *spare;    ///< those that are free
  int    n_spare;
  // of those that are pruned
  int *kept, *gone; ///< of the open ones
  int *bucket;      ///< by value
  int *order;       ///< the kept ones by falling value
  int *nth;         ///< of its class, likewise
  int *keep;        ///< 0 or 1
  int  min_grid;    ///< shortest note, in grid points
  int  young;       ///< what began so many grid points ago has had no time to gain
  int  soon;        ///< so many grid points after it began a note speaks for its pitch
  // the best that begins at this grid point, one an event and one extra an event
  struct {
    float          value;
    int            from; ///< hypothesis; -1 none
    int            event;
    shed_step_kind kind;
  } fresh[MOST_NEW];
  int    n_fresh;
  float  top;        ///< of all open hypotheses
  float  best;       ///< the same before any was pruned
  float *ahead_s;    ///< score time from each event to those after it, SHED_AHEAD_ROOM an event
  int   *same;       ///< whether those have its pitch: all bits set, or none
  float *need;       ///< what a way must be worth to be of use there, as shed_ahead_may() has it
  float *need_least; ///< and the least of those; as the beats are at ahead_of
  float *need_far;   ///< and of the second half of them
  float *beat; ///< what must be beaten to begin an event at this grid point; SHED_AHEAD_ROOM behind the last
  int   *beat_of;       ///< the grid point at which that stands, and 1
  int   *ahead_of;      ///< and at which it and the needs stand for the events ahead of one
  shed_search_won *won; ///< of the last grid point,
  int              n_won;
  float           *bound;    ///< so much at least is worth what begins an event at this grid point,
  int             *bound_of; ///< at which it stands, and 1
  float   begin_cost[2];     ///< of a note that begins at this grid point, of another pitch and of the same
  float   left_out[SHED_AHEAD_ROOM];   ///< what it costs to go to each of the events ahead
  float   go_cost[2][SHED_AHEAD_ROOM]; ///< and to begin there, on another pitch and on the same
  float  *omitted;                     ///< what it costs that all events after one are left out
  int    *extra_rows;  ///< rows of evidence of an extra note after each event; SHED_LANES an event
  int    *rows;        ///< of each event, and of an extra note after it; the first row where a lane has none
  float  *row_costs;   ///< and what a lane costs there; a huge number where it has none
  int    *asked;       ///< whether a row would speak soon: 2 * (grid point + 1) + answer
  int    *extra_asked; ///< whether an extra note after an event would, likewise
  int    *event_asked; ///< and the event itself
  double *at_s;        ///< of the events, side by side,
  int    *midi;        ///< and their main pitch
  float  *lanes;       ///< sums of the lanes of each event, and of an extra note after it, side by side
  int    *lanes_of;    ///< the grid point at which they stand, and 1
  int    *slot;        ///< event -> fresh + 1; 0 none
  int    *slot_extra;
  float  *could; ///< the most that any way can gain from a grid point on; NULL: the search is never given up
  // of the classes in which hypotheses of one event compete; CLASSES_OF_PLACE a place
  float *class_best; ///< value of the best open one at this grid point
  int   *class_seen; ///< of those in falling order of value
  // of each place the best that will have begun no more than YOUNG_MS ago at the next grid point
  float *young_best;
  int   *young_of; ///< at which it stands, and 1
  float  end_value;
  int    end_node;
  // where it looks, and what it holds
  shed_search_allowed *allowed;  ///< by shed_corridor_place's what; NULL: all may
  bool                 anywhere; ///< at this grid point the corridor is open
  bool                 all_may;  ///< and all may begin
  int                  may_last; ///< the last event that may; -1 none
  int                  hold;     ///< grid points that a segment is followed to be held; 0: none is
  shed_search_held    *held;
  size_t               n_held, cap_held;
} shed_search;

/// Is a segment of the event (or an extra note after it) within the corridor?
static inline bool
shed_search_within(const shed_search *s, int event, bool extra, int at)
{
  return s->anywhere || s->allowed[2 * event + (extra ? 1 : 0)].stamp == at + 1;
}

/// May it begin?
static inline bool
shed_search_may_begin(const shed_search *s, int event, bool extra, int at)
{
  return s->all_may || shed_search_within(s, event, extra, at);
}

/// Note how many of the open ones are long enough for a note.
static inline void
shed_search_count_whole(shed_search *s, int at)
{
  s->open.n_whole = s->open.n;
  while (s->open.n_whole > 0 && at < s->open.fixed[s->open.n_whole - 1].start + s->min_grid) {
    s->open.n_whole--;
  }
}

/// The sums up to a grid point, a row each.
static inline const float *
shed_search_row(const shed_search *s, int at)
{
  return s->e->sum + (size_t)at * SHED_LANE_COUNT;
}

/// The rows of evidence of an event, or of an extra note after it; SHED_LANES of them.
static inline const int *
shed_search_rows(const shed_search *s, int event, bool extra)
{
  return extra ? &s->extra_rows[(size_t)event * SHED_LANES] : s->t->events[event].lane;
}

/// Make what the search works in, and fill it with what the events are; s->room is freed by who made the search.
/// @return SHED_OK or SHED_E_NOMEM.
shed_status shed_search_make_room(shed_search *s);
/// Fill s->fresh with what may begin at a grid point at which something is heard; what is sure to be pruned at the next one has
/// a value that never begins.
void shed_search_propose(shed_search *s, int at);
/// The running tempo of one that begins at a grid point.
float shed_search_period(const shed_search *s, int fresh, int at);
/// Keep what may still win at grid point @p at. @param top value of the best of all.
void shed_search_prune(shed_search *s, int at, float top);
/// Note what may begin at a grid point, by the search's corridor.
void shed_search_allow(shed_search *s, int at);
/// Note how long the tree's nodes were followed, and hold those that are not in @p alive (NULL: of all) and were for long enough.
/// @return SHED_OK or SHED_E_NOMEM.
shed_status shed_search_hold(shed_search *s, const int *alive);
/// What was held, in order of time. @return SHED_OK or SHED_E_NOMEM.
shed_status shed_search_corridor(shed_search *s, shed_corridor *out);
/// Drop nodes that no open hypothesis comes from, once the tree has grown. @return SHED_OK or SHED_E_NOMEM.
shed_status shed_search_sweep(shed_search *s);

#endif
