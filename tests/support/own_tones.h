/// How a player's notes sound, by hand: for tests of whose sound it was.
#ifndef SHED_TEST_OWN_TONES_H
#define SHED_TEST_OWN_TONES_H

#include "assessors/judge_own.h"

static const double OWN_TONES_TOP_DB =
    -20; ///< of his first harmonic; each other is 3 dB softer than the one below

/// His notes as they were learnt, from a pitch on upwards by semitones. @param first_event that they belong to, one each.
void own_tones_learn(shed_own_note *notes, int n, int first_event, int lowest_midi);
/// Puts a tone into a take's spectrum, where nothing louder stands. @param from @param to frames. @param over_db over his notes.
/// @param odd_db besides, on every second harmonic.
void own_tones_sound(uint8_t *bands, double midi, int from, int to, double over_db, double odd_db);

#endif
