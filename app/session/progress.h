/// Where a student stands in a course: the gate of each unit, and what comes next.
#ifndef SHED_SESSION_PROGRESS_H
#define SHED_SESSION_PROGRESS_H

#include "drills/content.h"
#include "mastery/model/path.h"
#include "mastery/store/people.h"

typedef struct {
  const shed_alloc  *alloc;
  const shed_course *course; ///< borrowed
  shed_profile       profile;
  size_t             n; ///< units, in course order
  shed_gate_rule    *rules;
  shed_gate         *gates;
  shed_path_step    *steps;
} shed_progress;

/// @param profile the student's instrument or voice: its targets hold.
/// @return as shed_store_gate() and shed_path_answer(); SHED_E_NOMEM. The caller frees it with shed_progress_free().
SHED_NODISCARD shed_status shed_progress_of(shed_store *store, const shed_uuid *student,
                                            const shed_course *course, const shed_profile *profile,
                                            const shed_alloc *alloc, shed_progress *out, shed_error *err);
void                       shed_progress_free(shed_progress *p); ///< a zeroed one is legal

/// What a unit asks of a player of @p profile.
shed_gate_rule shed_progress_rule(const shed_course *course, const shed_unit *unit,
                                  const shed_profile *profile);

/// The instrument of the student's latest take. @return SHED_OK; SHED_E_NOTFOUND when no take tells one.
SHED_NODISCARD shed_status shed_progress_instrument(shed_store *store, const shed_uuid *student,
                                                    shed_profile *out, shed_error *err);

/// The drill of a unit to play next, and its seed: the drill with the fewest takes, the seed that was not played yet.
/// @return SHED_OK; SHED_E_NOTFOUND when the profile can play none of the unit's drills.
SHED_NODISCARD shed_status shed_progress_next_drill(shed_store *store, const shed_uuid *student,
                                                    const shed_course *course, const shed_unit *unit,
                                                    const shed_profile *profile, const shed_drill **drill,
                                                    uint64_t *seed, shed_error *err);

#endif
