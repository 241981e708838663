/// What people decide about takes and gates: each is an event with its reason and who decided; none changes what was
/// written before.
#ifndef SHED_STORE_DECIDE_H
#define SHED_STORE_DECIDE_H

#include "mastery/store/takes.h"

enum { SHED_REASON_MIN = 3, SHED_REASON_MAX = 500 };

/// Who decides, about whom, and why. A student decides nothing about a gate: that is SHED_E_DENIED. @p reason has 3 to 500
/// bytes of UTF-8. performed_at 0: now.
typedef struct {
  shed_uuid   actor;
  shed_uuid   student;
  const char *reason;
  int64_t     at_ms; ///< 0: now by the store's clock
  int         utc_offset_min;
} shed_decider;

/// Set the gate's answer by hand. @param outcome "advance", "certify", "hold" or "lift" (see shed_decision).
/// @return SHED_OK; SHED_E_RANGE (outcome, reason: named); SHED_E_DENIED; SHED_E_NOTFOUND (nobody of that id).
SHED_NODISCARD shed_status shed_store_override(shed_store *s, const shed_decider *who, const char *unit,
                                               const char *outcome, shed_uuid *event, shed_error *err);
/// Take one condition off a unit. @param condition a dimension's name, "days", "unseen", "teacher" or "prerequisites".
SHED_NODISCARD shed_status shed_store_waive(shed_store *s, const shed_decider *who, const char *unit,
                                            const char *condition, shed_uuid *event, shed_error *err);
/// Confirm a unit, or with @p take one take of it (then it may test out of the unit).
SHED_NODISCARD shed_status shed_store_confirm(shed_store *s, const shed_decider *who, const char *unit,
                                              const shed_uuid *take, shed_uuid *event, shed_error *err);
/// Put other scores in the place of a take's: a teacher heard it otherwise, or it was judged again. The take's own event
/// stays; the last correction by (performed_at, id) holds. The student may not.
/// @param score overall, NaN: as it was.
SHED_NODISCARD shed_status shed_store_correct_take(shed_store *s, const shed_decider *who,
                                                   const shed_uuid *take, double score, double assessed,
                                                   const shed_gate_mark *marks, int n_marks, shed_uuid *event,
                                                   shed_error *err);
/// Take back a decision, a correction or a whole take: from then on it is as if it had not been, but it stays in the log.
/// A withdrawal cannot itself be withdrawn. @return SHED_OK; SHED_E_NOTFOUND; SHED_E_DENIED; SHED_E_UNSUPPORTED (a kind of
/// event that cannot be taken back).
SHED_NODISCARD shed_status shed_store_withdraw(shed_store *s, const shed_decider *who,
                                               const shed_uuid *event_to_withdraw, shed_uuid *event,
                                               shed_error *err);

#endif
