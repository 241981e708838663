/// What can record and play here, as PortAudio sees it.
#ifndef SHED_AUDIO_DEVICES_H
#define SHED_AUDIO_DEVICES_H

#include "engine/base/alloc.h"

#include <stdbool.h>

enum { SHED_DEVICE_NAME = 160, SHED_DEVICE_API = 48 };

/// A plain value.
typedef struct {
  char   name[SHED_DEVICE_NAME];            ///< UTF-8, as the system names it; cut when longer
  char   api[SHED_DEVICE_API];              ///< "ALSA", "JACK Audio Connection Kit"
  int    inputs, outputs;                   ///< most channels; 0: cannot record, cannot play
  double rate_hz;                           ///< the device's default
  double input_latency_s, output_latency_s; ///< the lowest that PortAudio advises; 0 when it has none
  bool   default_input, default_output;     ///< at most one of each in the list
} shed_device;

/// Zero-initialised is empty.
typedef struct {
  const shed_alloc *alloc;
  shed_device      *devices; ///< in PortAudio's order
  size_t            n;
} shed_devices;

/// List what is there now. No server is started: JACK_NO_START_SERVER is set for this process where it is unset. What
/// sound libraries write to standard error meanwhile is dropped, and so is whatever another thread writes there.
///
/// @return SHED_OK; SHED_E_NODEV: there is no sound system or no device (err says what to do); SHED_E_NOMEM. The caller
///         frees *out. Thread: the main one; takes up to a second.
SHED_NODISCARD shed_status shed_devices_list(const shed_alloc *alloc, shed_devices *out, shed_error *err);
void                       shed_devices_free(shed_devices *devices);

#endif
