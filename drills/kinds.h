/// What the kinds of drill share among themselves; nobody outside drills/ includes it.
#ifndef SHED_DRILLS_KINDS_H
#define SHED_DRILLS_KINDS_H

#include "drills/drill.h"

#include "engine/music/metre.h"

#define SHED_DRILL(name) extern const shed_drill_kind shed_drill_##name;
#include "drills/drills.def"
#undef SHED_DRILL

/// Places in the `values` of a kind: SHED_PARAM_scale_tempo_low and so on.
enum {
#define SHED_PARAM(kind, name, type, min, max, standard, choices, what) SHED_PARAM_##kind##_##name,
#include "drills/params.def"
#undef SHED_PARAM
  SHED_PARAM_COUNT
};

/// Where the deal of each kind begins, so that they do not walk in step.
enum { SHED_STREAM_LONG_TONE = 11, SHED_STREAM_SCALE = 12, SHED_STREAM_CLAP = 13, SHED_STREAM_PIECE = 14 };

bool shed_possible_always(const shed_profile *profile);
bool shed_possible_pitched(const shed_profile *profile);
bool shed_possible_sustained(const shed_profile *profile);

/// "Play", or "Sing" for a voice.
const char *shed_word_play(const shed_profile *profile);
/// "C4", or for a transposing instrument "C4 (it sounds B♭3)". @param size at least 48.
void shed_word_note(const shed_profile *profile, shed_pitch written, char *buf, size_t size);
/// The written major or minor key of a sounding signature, "G major". @param size at least 24.
void shed_word_key(const shed_profile *profile, shed_key sounding, char *buf, size_t size);
/// Put a sentence behind the prompt's instruction; what finds no room is a broken promise.
void shed_instruct(shed_prompt *prompt, const char *fmt, ...) SHED_PRINTF(2, 3);

/// Tempos that metronomes have, between two bounds; at least one (the lower bound) when none lies between.
/// @param[out] out SHED_TEMPOS places. @return how many.
enum { SHED_TEMPOS = 40 };
size_t shed_tempos_between(double low, double high, int *out);

#endif
