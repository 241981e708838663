/// Single steady tones from 27.5 Hz to 4.4 kHz: how many cents the ear is off where nothing is in its way.
#ifndef SHED_TEST_PITCH_TONES_H
#define SHED_TEST_PITCH_TONES_H

#include <stdbool.h>

/// Print a line for harmonic tones, stiff strings and white noise at 10 dB.
/// @param few a third of the tones. @return how many lines miss their limit.
int pitch_print_tones(bool few);

#endif
