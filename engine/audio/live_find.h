/// A device of PortAudio by its name. Inside engine/audio only.
#ifndef SHED_AUDIO_LIVE_FIND_H
#define SHED_AUDIO_LIVE_FIND_H

#include "engine/base/status.h"

#include <portaudio.h>
#include <stdbool.h>

/// Between shed_pa_start() and shed_pa_stop().
/// @param api   NULL: any. @param name  whole, else a part in any case; NULL: the default (of @p api).
/// @param input  whether it must record; else play.
/// @return SHED_OK; SHED_E_NODEV: err names those that are there.
SHED_NODISCARD shed_status shed_live_find(const char *api, const char *name, bool input, PaDeviceIndex *out,
                                          shed_error *err);

#endif
