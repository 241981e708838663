/// What sounds beside whoever practises: their own part, the others, a recording, the click; and how loud each is.
#ifndef SHED_CLI_PRACTICE_BAND_H
#define SHED_CLI_PRACTICE_BAND_H

#include "app/cli/common.h"
#include "app/session/practice.h"
#include "engine/audio/mixer.h"

typedef struct shed_cli_band shed_cli_band;

/// Who can be made louder and softer.
typedef enum { SHED_BAND_MINE, SHED_BAND_OTHERS, SHED_BAND_CLICK, SHED_BAND_GROUPS } shed_band_group;

/// Of --with, --backing, --mine, --others. What is wrong with them is told.
shed_exit shed_cli_band_open(shed_cli *cli, shed_cli_band **out);
void      shed_cli_band_free(shed_cli_band *b); ///< NULL is legal; no mixer of it plays any more

/// Make ready what sounds with this prompt: takes some tenths of a second a minute of music.
/// @param rate_hz of the loudspeaker. @param program of the player's own instrument.
shed_status shed_cli_band_ready(shed_cli_band *b, const shed_prompt *prompt, int rate_hz, int program,
                                shed_error *err);
/// Whether anything but the player's own part and the click sounds during a take.
bool shed_cli_band_accompanies(const shed_cli_band *b);
/// "with Cello, Piano at -12 dB": for the player; "" where nothing accompanies.
void shed_cli_band_tell(const shed_cli_band *b, shed_str *out);

/// A mixer for a cue; its frame 0 is the cue's first. The caller owns it, and gives it to whoever plays it.
shed_status shed_cli_band_mix(shed_cli_band *b, const shed_practice_cue *cue, shed_mixer **out,
                              shed_error *err);
/// The mixer made last is gone.
void shed_cli_band_forget(shed_cli_band *b);
/// Louder or softer, at once and from now on; -120 and less is off.
void  shed_cli_band_level(shed_cli_band *b, shed_band_group g, float db);
float shed_cli_band_level_of(const shed_cli_band *b, shed_band_group g);

#endif
