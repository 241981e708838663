/// MIDI keyboards while they are played, through PortMidi: chords come as they are struck, each key with its own moment.
/// engine/take/keys.h makes a take of the messages.
#ifndef SHED_AUDIO_MIDI_IN_H
#define SHED_AUDIO_MIDI_IN_H

#include "engine/base/alloc.h"
#include "engine/base/clock.h"

#include <stdbool.h>
#include <stdint.h>

enum { SHED_MIDI_NAME = 160 };

/// A plain value.
typedef struct {
  char name[SHED_MIDI_NAME]; ///< UTF-8, as the system names it; cut when longer
  char api[48];              ///< "ALSA"
} shed_midi_device;

/// Zero-initialised is empty.
typedef struct {
  const shed_alloc *alloc;
  shed_midi_device *devices; ///< those that can be played on, in PortMidi's order
  size_t            n;
} shed_midi_devices;

/// @return SHED_OK, also with none; SHED_E_NOMEM. The caller frees *out. Thread: that of the devices.
SHED_NODISCARD shed_status shed_midi_devices_list(const shed_alloc *alloc, shed_midi_devices *out);
void                       shed_midi_devices_free(shed_midi_devices *devices);

/// A message of one key, pedal or controller. System messages are left out.
typedef struct {
  int64_t mono_ns; ///< when, by the clock given; to a millisecond
  uint8_t status, data1, data2;
} shed_midi_message;

typedef struct shed_midi_in shed_midi_in;

/// @param name   whole, else a part in any case; NULL: the first that is there.
/// @param clock  NULL: the system's; borrows until shed_midi_in_free().
/// @return SHED_OK; SHED_E_NODEV (err says which are there), SHED_E_BUSY, SHED_E_NOMEM. One thread for all keyboards of the
///         process, which may be the devices' keeper.
SHED_NODISCARD shed_status shed_midi_in_open(shed_midi_in **out, const char *name, const shed_clock *clock,
                                             const shed_alloc *alloc, shed_error *err);
void                       shed_midi_in_free(shed_midi_in *in); ///< NULL is legal
const char                *shed_midi_in_name(const shed_midi_in *in);

/// What was played since the last call, in order; call some hundred times a second, it never waits.
/// @param[out] lost  some messages were lost (1024 fit): which keys are down is not known any more. May be set with messages.
/// @return how many, at most @p n.
size_t shed_midi_in_read(shed_midi_in *in, shed_midi_message *out, size_t n, bool *lost);

#endif
