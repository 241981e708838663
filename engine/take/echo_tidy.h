/// Inside this folder only: the notes of a reference as its player meant them, before they are asked of anybody.
#ifndef SHED_TAKE_ECHO_TIDY_H
#define SHED_TAKE_ECHO_TIDY_H

#include "engine/task/take.h"

/// Notes by onset, in seconds and in MIDI with its fraction.
typedef struct {
  double onset_s, offset_s;
  double midi;
} shed_echo_note;

/// The pitched notes of a take. A note told without a pitch, whose frames nevertheless stand around one, has that one. A
/// pitch track knows no loudness, so there three things are mended too: a short stretch on the way from one note to the next is
/// no note of its own; where an old note's tail rings into the next, the next begins where the old one stops being steady;
/// a last note's tail that comes and goes is not asked again.
///
/// @param[out] out  the caller frees it with shed_free(alloc, ..); NULL when there are none.
/// @return SHED_OK, SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_echo_notes(const shed_take *take, const shed_alloc *alloc,
                                           shed_echo_note **out, size_t *n);

#endif
