/// The microphone and the loudspeaker of woodshed practice: a sound card, a keyboard, or a file that stands for
/// either.
#ifndef SHED_CLI_PRACTICE_MIC_H
#define SHED_CLI_PRACTICE_MIC_H

#include "app/cli/practice_band.h"

typedef struct shed_cli_mic shed_cli_mic;

/// Of --input (a file, or a device's name), --midi (a file, or a keyboard's), --output, --api, --channel, --fast, --silent. What went
/// wrong is told. @param band what sounds; borrowed until shed_cli_mic_close().
shed_exit shed_cli_mic_open(shed_cli *cli, shed_cli_band *band, shed_cli_mic **out);
void      shed_cli_mic_close(shed_cli_mic *m); ///< NULL is legal

/// Fill in what a session has to know of it. Texts are borrowed from @p m.
void shed_cli_mic_describe(const shed_cli_mic *m, shed_practice_opts *opts);
bool shed_cli_mic_is_file(const shed_cli_mic *m);
bool shed_cli_mic_is_keys(const shed_cli_mic *m);
bool shed_cli_mic_sounds(const shed_cli_mic *m); ///< there is a loudspeaker
int  shed_cli_mic_rate_hz(const shed_cli_mic *m);
bool shed_cli_mic_key_is_down(const shed_cli_mic *m, int midi);

/// A cue: sound it. A file begins anew: with the music where there is a count-in, else with the take.
shed_status shed_cli_mic_cue(shed_cli_mic *m, const shed_practice_cue *cue, shed_error *err);
/// Silence, and a file stops. When it returns nobody uses a mixer of the band any more.
void shed_cli_mic_hush(shed_cli_mic *m);
/// Hand on to the session what came since the last call. @param[out] over the file of this take is at its end.
shed_status shed_cli_mic_push(shed_cli_mic *m, shed_practice *p, bool *over, shed_error *err);
/// Look after the device, some ten times a second. @return false when it is lost: err says what to do; told once.
bool shed_cli_mic_tend(shed_cli_mic *m, shed_error *err);

#endif
