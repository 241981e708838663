/// MIDI files for tests, written event by event.
///
///     midi_bytes m;
///     midi_begin(&m, 0, 1, 480);
///     midi_track(&m);
///     midi_event(&m, 0, 3, 0x90, 60, 100);
///     midi_meta(&m, 480, 0x2F, "", 0);
///     midi_end_track(&m);
#ifndef SHED_TEST_MIDI_BYTES_H
#define SHED_TEST_MIDI_BYTES_H

#include <stddef.h>
#include <stdint.h>

enum { MIDI_BYTES_MOST = 65536 };

typedef struct {
  unsigned char data[MIDI_BYTES_MOST];
  size_t        n;
  size_t        track; ///< where the open track's head is
} midi_bytes;

void midi_begin(midi_bytes *m, int format, int tracks, int division);
void midi_track(midi_bytes *m);
void midi_end_track(midi_bytes *m); ///< writes its length
void midi_raw(midi_bytes *m, const void *bytes, size_t n);
void midi_delta(midi_bytes *m, uint32_t ticks);
/// A channel event of two values; status 0: running.
void midi_event(midi_bytes *m, uint32_t delta, int status, int a, int b);
void midi_meta(midi_bytes *m, uint32_t delta, int type, const void *bytes, size_t n);
/// Key down, and up after so many ticks, on channel 1.
void midi_note(midi_bytes *m, uint32_t delta, int key, uint32_t length);
void midi_close(midi_bytes *m, uint32_t delta); ///< end of track, and its length

#endif
