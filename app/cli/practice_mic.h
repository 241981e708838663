/// The microphone and the loudspeaker of woodshed practice: a sound card, or a file that stands for the microphone.
#ifndef SHED_CLI_PRACTICE_MIC_H
#define SHED_CLI_PRACTICE_MIC_H

#include "app/cli/common.h"
#include "app/session/practice.h"

typedef struct shed_cli_mic shed_cli_mic;

/// Of --input (a file, or a device's name), --output, --api, --channel, --fast, --silent. What went wrong is told.
shed_exit shed_cli_mic_open(shed_cli *cli, shed_cli_mic **out);
void      shed_cli_mic_close(shed_cli_mic *m); ///< NULL is legal

/// Fill in what a session has to know of it. Texts are borrowed from @p m.
void shed_cli_mic_describe(const shed_cli_mic *m, shed_practice_opts *opts);
bool shed_cli_mic_is_file(const shed_cli_mic *m);

/// A cue: sound it. A file begins anew: with the music where there is a count-in, else with the take.
shed_status shed_cli_mic_cue(shed_cli_mic *m, const shed_practice_cue *cue, const shed_prompt *prompt,
                             int program, shed_error *err);
/// Silence, and a file stops.
void shed_cli_mic_hush(shed_cli_mic *m);
/// Hand on to the session what came since the last call. @param[out] over the file of this take is at its end.
shed_status shed_cli_mic_push(shed_cli_mic *m, shed_practice *p, bool *over, shed_error *err);
/// Look after the device, some ten times a second. @return false when it is lost: err says what to do; told once.
bool shed_cli_mic_tend(shed_cli_mic *m, shed_error *err);

#endif
