/// Credit policies given to students: an event with its reason and who decided; the last one holds.
#ifndef SHED_STORE_POLICY_H
#define SHED_STORE_POLICY_H

#include "mastery/store/decide.h"

/// Give a student a policy. @param unit NULL: for everything. @param policy the whole document, borrowed; what is in it is the
/// caller's business. To take it back: shed_store_withdraw(). @return as the others of decide.h.
SHED_NODISCARD shed_status shed_store_give_policy(shed_store *s, const shed_decider *who, const char *unit,
                                                  const shed_json *policy, shed_uuid *event, shed_error *err);

typedef struct {
  shed_uuid  event;
  shed_json *policy; ///< owned: shed_json_free()
  bool       whole;  ///< given for everything, not for the unit alone
  char       reason[SHED_REASON_MAX + 1];
} shed_given_policy;

/// The policy that holds for a student in a unit (NULL: outside any). @return SHED_OK; SHED_E_NOTFOUND when none was given.
SHED_NODISCARD shed_status shed_store_policy_of(shed_store *s, const shed_uuid *student, const char *unit,
                                                shed_given_policy *out, shed_error *err);

#endif
