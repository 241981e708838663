#include "tests/support/midi_bytes.h"

#include <assert.h>
#include <string.h>

void
midi_raw(midi_bytes *m, const void *bytes, size_t n)
{
  assert(m->n + n <= sizeof(m->data));
  memcpy(m->data + m->n, bytes, n);
  m->n += n;
}

static void
put(midi_bytes *m, uint32_t value, int bytes)
{
  while (bytes-- > 0) {
    unsigned char c = (unsigned char)(value >> (8 * bytes));
    midi_raw(m, &c, 1);
  }
}

void
midi_begin(midi_bytes *m, int format, int tracks, int division)
{
  m->n = 0;
  midi_raw(m, "MThd", 4);
  put(m, 6, 4);
  put(m, (uint32_t)format, 2);
  put(m, (uint32_t)tracks, 2);
  put(m, (uint32_t)division & 0xFFFF, 2);
}

void
midi_track(midi_bytes *m)
{
  m->track = m->n;
  midi_raw(m, "MTrk\0\0\0\0", 8);
}

void
midi_end_track(midi_bytes *m)
{
  size_t end = m->n;
  m->n       = m->track + 4;
  put(m, (uint32_t)(end - m->track - 8), 4);
  m->n = end;
}

void
midi_delta(midi_bytes *m, uint32_t ticks)
{
  for (int shift = 21; shift >= 0; shift -= 7) {
    if (shift == 0 || ticks >> shift) {
      put(m, (ticks >> shift & 0x7F) | (shift ? 0x80 : 0), 1);
    }
  }
}

void
midi_event(midi_bytes *m, uint32_t delta, int status, int a, int b)
{
  midi_delta(m, delta);
  if (status) {
    put(m, (uint32_t)status, 1);
  }
  put(m, (uint32_t)a, 1);
  put(m, (uint32_t)b, 1);
}

void
midi_meta(midi_bytes *m, uint32_t delta, int type, const void *bytes, size_t n)
{
  midi_delta(m, delta);
  put(m, 0xFF, 1);
  put(m, (uint32_t)type, 1);
  midi_delta(m, (uint32_t)n);
  midi_raw(m, bytes, n);
}

void
midi_note(midi_bytes *m, uint32_t delta, int key, uint32_t length)
{
  midi_event(m, delta, 0x90, key, 100);
  midi_event(m, length, 0x80, key, 0);
}

void
midi_close(midi_bytes *m, uint32_t delta)
{
  midi_meta(m, delta, 0x2F, "", 0);
  midi_end_track(m);
}
