/// Inside this folder only: the list of extra notes while it is made. Every call on the thread that judges.
#ifndef SHED_ASSESSORS_JUDGE_EXTRAS_H
#define SHED_ASSESSORS_JUDGE_EXTRAS_H

#include "assessors/judge.h"

typedef struct {
  shed_judged *j;         ///< not owned
  double       others_db; ///< level of what others sound; -inf: there are none; NaN: nothing tells
  size_t       cap;       ///< of j->v.extras
} shed_extras;

/// Where an event's first note stands in the line.
static inline int
shed_line_index(const shed_judged *j, int event)
{
  return j->target.notes[j->target.events[event].first];
}

/// Learns how loud other people are where the player rests.
shed_extras shed_extras_begin(shed_judged *j);
/// One that is surely there. @return SHED_OK, SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_extras_add(shed_extras *l, const shed_extra_note *x);
/// Segment @p i of the path, of kind SHED_STEP_EXTRA: an extra note, a wrong one where a note is missing, or nothing of the
/// player's. @return SHED_OK, SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_extras_of_segment(shed_extras *l, size_t i);
/// Notes of the ear that no segment covers, between the first and the last note found. @return SHED_OK, SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_extras_loose(shed_extras *l);
/// What belongs to a note of the music is dropped; the rest in the order of time.
void shed_extras_end(shed_extras *l);

#endif
