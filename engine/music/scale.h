/// Scales and arpeggios as data: each degree is an interval above the tonic, letters and semitones.
#ifndef SHED_MUSIC_SCALE_H
#define SHED_MUSIC_SCALE_H

#include "engine/music/key.h"

typedef enum {
#define SHED_SCALE(id, name, mode, falls_as, letters, semitones) SHED_SCALE_##id,
#include "engine/music/scales.def"
#undef SHED_SCALE
  SHED_SCALE_COUNT
} shed_scale_id;

enum { SHED_SCALE_DEGREES = 12 };

/// A plain value, static.
typedef struct {
  const char   *id;       ///< "melodic_minor"
  const char   *name;     ///< "melodic minor scale"
  shed_mode     mode;     ///< whose signature it is written in
  shed_scale_id falls_as; ///< the scale that is played coming down; itself but for the melodic minor
  int           n;        ///< degrees in an octave, the upper tonic not counted
  signed char   letters[SHED_SCALE_DEGREES];
  signed char   semitones[SHED_SCALE_DEGREES];
} shed_scale;

/// Static, never NULL. @param id 0 <= id < SHED_SCALE_COUNT.
const shed_scale *shed_scale_get(shed_scale_id id);
/// By id. @return SHED_OK or SHED_E_NOTFOUND.
SHED_NODISCARD shed_status shed_scale_find(const char *id, shed_scale_id *out);
/// A note of the scale. @param degree 0 is the tonic, n its octave, -1 the degree below; any number.
shed_pitch shed_scale_note(const shed_scale *scale, shed_pitch tonic, int degree);

#endif
