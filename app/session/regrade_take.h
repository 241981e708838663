/// One take judged again. Used by regrade.c alone.
#ifndef SHED_SESSION_REGRADE_TAKE_H
#define SHED_SESSION_REGRADE_TAKE_H

#include "app/session/regrade.h"

/// A take of the list, copied out of the store.
typedef struct {
  shed_uuid   event;
  char        unit[SHED_ID], drill[SHED_ID];
  int64_t     performed_at_ms;
  int         utc_offset_min;
  shed_sha256 sha256;
  char        ear[64];
  bool        corrected, withdrawn;
} shed_regrade_item;

/// What came of it; owned.
typedef struct {
  shed_take_change change;
  double           score;
  shed_json       *verdict, *policy, *rubrics; ///< rubrics NULL none
  char             ear[64];
  char             policy_before[SHED_ID];
} shed_regrade_made;

void shed_regrade_made_free(shed_regrade_made *m); ///< a zeroed one is legal

/// @param given  the policy that holds for the student in this unit by a teacher's decision; NULL none.
/// @param[out] t  filled; its texts are borrowed from @p item and @p made. t->outcome NOT with err where it cannot be done.
/// @param[out] made whole unless the outcome is NOT.
/// @return SHED_OK, or what should stop everything (no memory, a damaged store).
SHED_NODISCARD shed_status shed_regrade_take(shed_store *store, const shed_regrade_opts *opts,
                                             const shed_uuid *student, const shed_regrade_item *item,
                                             const shed_policy *given, const shed_alloc *alloc,
                                             shed_regraded *t, shed_regrade_made *made, shed_error *err);

#endif
