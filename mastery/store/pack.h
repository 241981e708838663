/// A take's marks and answers: as JSON in a body, and packed in the derived table so that the gate reads a thousand takes
/// within a millisecond. Used inside mastery/store alone.
#ifndef SHED_STORE_PACK_H
#define SHED_STORE_PACK_H

#include "engine/base/str.h"
#include "mastery/model/gate.h"

enum { SHED_ANSWERS_MAX = 200 };

/// Body members "dimensions" and "answers".
shed_json *shed_marks_to_json(const shed_gate_mark *marks, int n);
shed_json *shed_answers_to_json(const shed_gate_answer *answers, int n);

/// @param out room for SHED_DIMENSIONS. An absent member is none. @return SHED_OK or SHED_E_FORMAT.
SHED_NODISCARD shed_status shed_marks_from_json(const shed_json *body, shed_gate_mark *out, int *n,
                                                shed_error *err);
/// Read answer @p at of body's "answers". @return SHED_OK or SHED_E_FORMAT.
SHED_NODISCARD shed_status shed_answer_from_json(const shed_json *body, size_t at, shed_gate_answer *out,
                                                 shed_error *err);

/// Append the packed form to @p out.
void shed_marks_pack(const shed_gate_mark *marks, int n, shed_str *out);
void shed_answer_pack(const shed_gate_answer *answer, shed_str *out);
/// @return false when the bytes are no packed marks.
bool shed_marks_unpack(const unsigned char *data, size_t n_data, shed_gate_mark *out, int *n);
/// Take one answer from the front of what is left. @return false when the bytes are no packed answer.
bool shed_answer_unpack(const unsigned char **data, size_t *left, shed_gate_answer *out);

#endif
