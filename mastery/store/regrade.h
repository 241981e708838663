/// Takes judged again: what a gate would say with other marks, and the events that put them in place.
///
/// Judging again never changes what was written: it adds events of the kind "take.regraded", of which the last by (performed_at,
/// id) holds for its take. A teacher's correction goes before any of them.
#ifndef SHED_STORE_REGRADE_H
#define SHED_STORE_REGRADE_H

#include "mastery/store/decide.h"

/// The body of the judging again that holds for a take. The caller frees *body with shed_json_free().
/// @return SHED_OK; SHED_E_NOTFOUND when it was never judged again.
SHED_NODISCARD shed_status shed_store_regraded_body(shed_store *s, const shed_uuid *student,
                                                    const shed_uuid *take, shed_json **body, shed_error *err);

/// Other marks for a take.
typedef struct {
  shed_uuid      take;
  double         assessed;
  shed_gate_mark marks[SHED_DIMENSIONS];
  int            n_marks;
} shed_take_change;

/// As shed_store_gate(), with the marks of some takes put in place of theirs. Changes of takes of other units are passed over.
SHED_NODISCARD shed_status shed_store_gate_if(shed_store *s, const shed_uuid *student,
                                              const shed_gate_rule *rule, const shed_take_change *changes,
                                              size_t n, shed_gate *out, shed_error *err);

/// One take as it was judged again. Everything is borrowed for the call.
typedef struct {
  shed_take_change change;
  double           score;   ///< overall, NaN null
  const shed_json *verdict; ///< the document
  const shed_json *policy;  ///< that it was judged by, whole
  const shed_json *rubrics; ///< NULL none
  const char      *ear;
} shed_regrade_record;

/// Write one event for each, all of them or none. @p who as for every decision: a teacher, with a reason.
/// @return as the functions of decide.h.
SHED_NODISCARD shed_status shed_store_regrade(shed_store *s, const shed_decider *who,
                                              const shed_regrade_record *records, size_t n, shed_error *err);

#endif
