/// The way through a course: which units are open to a student, which wait for what, and what comes next.
#ifndef SHED_MODEL_PATH_H
#define SHED_MODEL_PATH_H

#include "mastery/model/gate.h"

/// A unit as the path sees it. Borrows until the call returns.
typedef struct {
  const char        *id;
  const char        *title;
  const char *const *needs; ///< ids of the units that must be advanced first, all of them
  size_t             n_needs;
} shed_path_unit;

typedef enum {
  SHED_PATH_LOCKED, ///< waits for a prerequisite
  SHED_PATH_OPEN,   ///< may be worked on
  SHED_PATH_DONE    ///< advanced or certified; stays open
} shed_path_state;

const char *shed_path_state_name(shed_path_state s); ///< "locked", "open", "done"

enum { SHED_PATH_REASONS = 4 };

typedef struct {
  shed_path_state state;
  bool            next; ///< the one thing to do next; at most one unit of a course has it
  shed_message    reasons[SHED_PATH_REASONS];
  int             n_reasons;
} shed_path_step;

/// Answer for every unit of a course, in the course's order. A unit is open when all it needs are advanced, when its
/// prerequisites were waived, or when it was advanced already: what is open stays open. Next is the first open unit in
/// course order; when all are done, the first with a review due; when there is none, nothing.
///
/// @param gates as many as units, from shed_gate_answer_of().
/// @param[out] steps room for @p n.
/// @return SHED_OK; SHED_E_FORMAT when a unit needs one that is not in the course or, through others, itself: err names both.
SHED_NODISCARD shed_status shed_path_answer(const shed_path_unit *units, const shed_gate *gates, size_t n,
                                            shed_path_step *steps, shed_error *err);

#endif
