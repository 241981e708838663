/// The music that a take played, as a line to be played after: what an echo asks for.
#ifndef SHED_TAKE_ECHO_H
#define SHED_TAKE_ECHO_H

#include "engine/score/score.h"
#include "engine/task/take.h"

/// Its notes at the times at which they were played, the first at 0; pitches nearest to the take's own tuning; unpitched
/// where the take has no pitches (onsets, claps). Notes that begin within 35 ms are one moment. Quarters go by the take's
/// tempo where it has one, else 60 to a minute. There are no bars: a "measure" is a phrase, ended by a note or pause
/// that is long beside the others, so that a player who begins again begins where one would.
///
/// @return SHED_OK; SHED_E_RANGE when the take holds neither note nor onset; SHED_E_NOMEM. The caller frees it with
///         shed_line_free().
SHED_NODISCARD shed_status shed_echo_line(const shed_take *take, const shed_alloc *alloc, shed_line *out);

/// How far the notes of a take lie from A4 = 440 together, cents, -50..50; 0 without pitched notes.
double shed_echo_tuning_cents(const shed_take *take);

#endif
