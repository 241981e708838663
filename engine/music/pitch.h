/// Spelled pitch: a letter, an accidental and an octave; B sharp 3 is not C 4.
#ifndef SHED_MUSIC_PITCH_H
#define SHED_MUSIC_PITCH_H

#include "engine/base/status.h"

#include <stddef.h>

/// A plain value. Octaves as in MusicXML and scientific pitch notation: middle C is C4, MIDI 60.
typedef struct {
  signed char step;   ///< 0..6 for C D E F G A B
  signed char alter;  ///< semitones, -3..3; 1 is a sharp
  signed char octave; ///< -2..10
} shed_pitch;

/// MIDI number: 60 for C4. May lie outside 0..127 for extreme spellings.
int shed_pitch_midi(shed_pitch p);
/// Position on the staff: 7 * octave + step, for intervals that count letters.
int shed_pitch_staff(shed_pitch p);

/// The usual spelling of a MIDI number in a key: sharps for fifths >= 0, flats below, leading and raised degrees of the
/// key as its scale has them. @param fifths -7..7.
shed_pitch shed_pitch_spell(int midi, int fifths);

/// Move by letters and semitones: a major third up is (2, 4), a minor seventh down (-6, -10). The alteration is whatever
/// makes the semitones right; when it would leave -3..3 the respelled neighbour letter is taken.
shed_pitch shed_pitch_transpose(shed_pitch p, int letters, int semitones);

/// "B-flat 4" style names for people: "B♭4", "F♯5", "C4", "E𝄫3" is written "E♭♭3". @param size at least 16.
void shed_pitch_name(shed_pitch p, char *buf, size_t size);
/// "Bb4", "F#5", "C4", "Ebb3", "Fx4" or "F##4", '♭' and '♯' too; letters of either case; octave needed.
SHED_NODISCARD shed_status shed_pitch_parse(const char *text, shed_pitch *out);

/// Hz of a (fractional) MIDI number, a4_hz usually 440.
double shed_midi_to_hz(double midi, double a4_hz);
/// Fractional MIDI number of a positive frequency.
double shed_hz_to_midi(double hz, double a4_hz);

#endif
