/// Keys: a place on the circle of fifths and a mode.
#ifndef SHED_MUSIC_KEY_H
#define SHED_MUSIC_KEY_H

#include "engine/music/pitch.h"

typedef enum {
  SHED_MODE_MAJOR,
  SHED_MODE_MINOR,
  SHED_MODE_DORIAN,
  SHED_MODE_PHRYGIAN,
  SHED_MODE_LYDIAN,
  SHED_MODE_MIXOLYDIAN,
  SHED_MODE_LOCRIAN
} shed_mode;

/// A plain value. Zero is C major.
typedef struct {
  int       fifths; ///< sharps of the signature, flats negative; -7..7 can be written
  shed_mode mode;
} shed_key;

/// The tonic of a key in the octave of middle C (C4 to B4): B flat major gives B♭4.
shed_pitch shed_key_tonic(shed_key key);
/// The key of a mode on a tonic, octave ignored. Its fifths may lie outside -7..7 (G sharp major has 8 sharps).
shed_key shed_key_on(shed_pitch tonic, shed_mode mode);
/// Semitones that the signature adds to a letter (0..6): -1, 0 or 1.
int shed_key_alter(int fifths, int step);
/// Move by an interval of letters and semitones, as shed_pitch_transpose(). A signature outside -7..7 is replaced by its
/// enharmonic neighbour: D flat moved up a major third is F, C sharp moved up a fourth is G flat.
shed_key shed_key_transpose(shed_key key, int letters, int semitones);

/// "B♭ major", "F♯ minor", "D dorian". @param size at least 24.
void shed_key_name(shed_key key, char *buf, size_t size);
/// "Bb", "F# minor", "d dorian" (letters of either case; major when no mode is named).
/// @return SHED_OK or SHED_E_FORMAT.
SHED_NODISCARD shed_status shed_key_parse(const char *text, shed_key *out);

#endif
