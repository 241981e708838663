/// PortAudio's start and end for the whole process, and its noise held off. Inside engine/audio only.
#ifndef SHED_AUDIO_PA_H
#define SHED_AUDIO_PA_H

#include "engine/base/status.h"

/// Standard error goes nowhere until shed_unhush() gets what this returned. Process-wide.
int  shed_hush(void);
void shed_unhush(int saved);

/// Pa_Initialize(), quietly. No server is started: JACK_NO_START_SERVER is set for this process where it is unset.
/// @return SHED_OK (then shed_pa_stop() once), or SHED_E_NODEV with what to do. Thread: that of the devices.
SHED_NODISCARD shed_status shed_pa_start(shed_error *err);
void                       shed_pa_stop(void);

/// Names come from drivers: whatever is not text becomes '?'; cut at @p size.
void shed_pa_name(char *buf, unsigned size, const char *name);

#endif
