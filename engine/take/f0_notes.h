/// Notes from a pitch track alone. Inside engine/take only.
#ifndef SHED_TAKE_F0_NOTES_H
#define SHED_TAKE_F0_NOTES_H

#include "engine/task/take.h"

/// Fill the notes and onsets of a take from its frames, and mark the frames where they begin.
///
/// A hidden Markov path over semitones on the track's own tuning, after Mauch et al. 2015 (Tony): a note lasts while its
/// pitch is near, a frame between two notes belongs to neither, changing costs. Loudness is not known, so a note of the
/// same pitch begins anew only behind a hole in the track.
/// @return SHED_OK, SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_f0_notes(shed_take *take);

#endif
