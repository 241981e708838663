/// Instrument and voice profiles: what a player of this instrument can be asked, and how it is written for them.
///
/// profiles.def lists them; a profile is a plain value made from its row, so that a caller may narrow it (a voice whose
/// range was measured) without touching anyone else's.
#ifndef SHED_MUSIC_PROFILE_H
#define SHED_MUSIC_PROFILE_H

#include "engine/music/key.h"

#include <stdbool.h>

typedef enum {
  SHED_FAMILY_WOODWIND,
  SHED_FAMILY_BRASS,
  SHED_FAMILY_STRINGS,
  SHED_FAMILY_PLUCKED,
  SHED_FAMILY_KEYBOARD,
  SHED_FAMILY_PERCUSSION,
  SHED_FAMILY_VOICE
} shed_family;

typedef enum {
  SHED_CLEF_NONE,
  SHED_CLEF_TREBLE,
  SHED_CLEF_TREBLE_8VB, ///< tenor voice: pitches are given where they sound
  SHED_CLEF_ALTO,
  SHED_CLEF_TENOR,
  SHED_CLEF_BASS,
  SHED_CLEF_PERCUSSION
} shed_clef;

enum { SHED_LEVELS = 4, SHED_FIRST_NOTES = 8, SHED_PROFILE_KEYS = 12 };

typedef struct {
  shed_pitch low, high; ///< written, both included
} shed_range;

/// A plain value; its texts are static. Pitches are as written for the player. Levels run from 1: first notes, an octave,
/// two or three years of playing, advanced; index is level - 1.
typedef struct {
  const char *id;      ///< "clarinet"
  const char *name;    ///< "clarinet in B♭"
  const char *aliases; ///< other names, comma-separated; "" when none
  shed_family family;
  shed_clef   clef;
  shed_clef   clef2;       ///< a second clef that its players read; SHED_CLEF_NONE without
  int         letters;     ///< sounding = written moved by this many letters ...
  int         semitones;   ///< ... and semitones: clarinet in B flat -1, -2
  bool        fixed_pitch; ///< the player cannot tune a note while playing: no intonation
  bool        sustains;    ///< a tone can be held at will (blown, bowed, sung)
  bool        sung;
  bool        unpitched;
  int         gm_program;    ///< General MIDI program 0..127 of the model sound; -1 for unpitched
  int         gm_percussion; ///< General MIDI percussion key; -1 for pitched
  shed_pitch
      first[SHED_FIRST_NOTES];   ///< first notes, rising; five of them at least, the first is their tonic
  int n_first;                   ///< 0 for unpitched
  shed_range range[SHED_LEVELS]; ///< comfortable, by level
  shed_range full;               ///< what a professional plays
  bool       has_break;
  shed_pitch over_break;                    ///< lowest note above the register break, when has_break
  int keys[SHED_LEVELS][SHED_PROFILE_KEYS]; ///< usual major keys by level, easiest first, as SOUNDING fifths
  int n_keys[SHED_LEVELS];
  double breath_s[SHED_LEVELS]; ///< one comfortable breath, bow or phrase, by level
} shed_profile;

/// By id, name or alias; case, blanks, '-' and '_' make no difference ("Alto Sax", "alto_sax").
/// @return SHED_OK, or SHED_E_NOTFOUND with err listing the ids.
SHED_NODISCARD shed_status shed_profile_find(const char *name, shed_profile *out, shed_error *err);
size_t                     shed_profile_count(void);
/// @param index below shed_profile_count(); in the order of profiles.def.
shed_profile shed_profile_at(size_t index);

/// Written to sounding and back. Both are exact inverses unless an alteration would pass a triple sharp or flat.
shed_pitch shed_profile_sounding(const shed_profile *p, shed_pitch written);
shed_pitch shed_profile_written(const shed_profile *p, shed_pitch sounding);
/// The signature the player reads for a sounding one; -7..7.
int shed_profile_written_fifths(const shed_profile *p, int sounding_fifths);
/// Whether a written pitch lies in the comfortable range of a level (1..4; others are brought to the nearest).
bool        shed_profile_in_range(const shed_profile *p, int level, shed_pitch written);
const char *shed_clef_name(shed_clef clef);       ///< "treble", "treble-8vb" ...; "" for none
const char *shed_family_name(shed_family family); ///< "woodwind" ...

#endif
