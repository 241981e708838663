// About this file: reads keyboards through PortMidi. ALSA stamps each message with its own millisecond; PortMidi brings that to
// our clock.
#include "engine/audio/midi_in.h"

#include "engine/audio/pa.h"

#include <portmidi.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { QUEUE = 1024, READ_AT_ONCE = 64 };
static const int64_t NS_A_MS = 1000000;

struct shed_midi_in {
  const shed_alloc *alloc;
  const shed_clock *clock;
  int64_t           start_ns; // PortMidi counts milliseconds in 32 bits from here
  PortMidiStream   *stream;
  bool              started;
  char              name[SHED_MIDI_NAME];
};

static bool
start(void)
{
  int     saved = shed_hush(); // ALSA says that there is no sequencer
  PmError code  = Pm_Initialize();
  shed_unhush(saved);
  return code == pmNoError;
}

static void
stop(void)
{
  int saved = shed_hush();
  (void)Pm_Terminate();
  shed_unhush(saved);
}

// A keyboard; the kernel's own through port is none.
static const PmDeviceInfo *
keyboard(PmDeviceID id)
{
  const PmDeviceInfo *d = Pm_GetDeviceInfo(id);
  return d && d->input && d->name && strncmp(d->name, "Midi Through", 12) != 0 ? d : NULL;
}

static shed_status
collect(shed_midi_devices *out)
{
  int n        = Pm_CountDevices();
  out->devices = shed_calloc(out->alloc, (size_t)(n > 0 ? n : 1), sizeof(*out->devices));
  if (!out->devices) {
    return SHED_E_NOMEM;
  }
  for (PmDeviceID i = 0; i < n; i++) {
    const PmDeviceInfo *d = keyboard(i);
    if (d) {
      shed_midi_device *one = &out->devices[out->n++];
      shed_pa_name(one->name, sizeof(one->name), d->name);
      shed_pa_name(one->api, sizeof(one->api), d->interf);
    }
  }
  return SHED_OK;
}

shed_status
shed_midi_devices_list(const shed_alloc *alloc, shed_midi_devices *out)
{
  shed_midi_devices d = {.alloc = alloc};
  if (start()) {
    shed_status st = collect(&d);
    stop();
    if (st != SHED_OK) {
      return st;
    }
  }
  *out = d;
  return SHED_OK;
}

void
shed_midi_devices_free(shed_midi_devices *d)
{
  if (d) {
    shed_free(d->alloc, d->devices);
    *d = (shed_midi_devices){0};
  }
}

static PmTimestamp
milliseconds(void *info)
{
  const shed_midi_in *in = info;
  return (PmTimestamp)((in->clock->mono_ns(in->clock->ctx) - in->start_ns) / NS_A_MS);
}

static bool
holds(const char *text, const char *part)
{
  size_t n = strlen(part);
  for (; *text; text++) {
    if (strncasecmp(text, part, n) == 0) {
      return true;
    }
  }
  return n == 0;
}

static PmDeviceID
find(const char *name)
{
  PmDeviceID part = pmNoDevice;
  for (PmDeviceID i = 0; i < Pm_CountDevices(); i++) {
    const PmDeviceInfo *d = keyboard(i);
    if (!d) {
      continue;
    }
    if (!name || strcmp(d->name, name) == 0) {
      return i;
    }
    part = part == pmNoDevice && holds(d->name, name) ? i : part;
  }
  return part;
}

static shed_status
not_found(const char *name, shed_error *err)
{
  char   list[300] = "";
  size_t n         = 0;
  for (PmDeviceID i = 0; i < Pm_CountDevices() && n < sizeof(list); i++) {
    const PmDeviceInfo *d = keyboard(i);
    if (d) {
      int more = snprintf(list + n, sizeof(list) - n, "%s%s", n ? ", " : "", d->name);
      n += more > 0 ? (size_t)more : 0;
    }
  }
  if (n == 0) {
    return shed_fail(err, SHED_E_NODEV, name ? name : "keyboard",
                     "no MIDI keyboard is there. Plug one in, switch it on, and try again");
  }
  return shed_fail(err, SHED_E_NODEV, name, "is not there as a MIDI keyboard. There are: %s", list);
}

static shed_status
open_stream(shed_midi_in *in, const char *name, shed_error *err)
{
  in->started = start();
  if (!in->started) {
    return shed_fail(err, SHED_E_NODEV, "MIDI", "could not be started on this machine");
  }
  PmDeviceID id = find(name);
  if (id == pmNoDevice) {
    return not_found(name, err);
  }
  shed_pa_name(in->name, sizeof(in->name), Pm_GetDeviceInfo(id)->name);
  PmError code = Pm_OpenInput(&in->stream, id, NULL, QUEUE, milliseconds, in);
  if (code != pmNoError) {
    in->stream = NULL;
    return shed_fail(err, code == pmInsufficientMemory ? SHED_E_NOMEM : SHED_E_BUSY, in->name,
                     "cannot be opened (%s). Close other programs that use it, and try again",
                     Pm_GetErrorText(code));
  }
  (void)Pm_SetFilter(in->stream, PM_FILT_REALTIME | PM_FILT_SYSTEMCOMMON);
  return SHED_OK;
}

shed_status
shed_midi_in_open(shed_midi_in **out, const char *name, const shed_clock *clock, const shed_alloc *alloc,
                  shed_error *err)
{
  shed_midi_in *in = shed_calloc(alloc, 1, sizeof(*in));
  if (!in) {
    return shed_fail(err, SHED_E_NOMEM, "MIDI", "%s", shed_status_text(SHED_E_NOMEM));
  }
  in->alloc      = alloc;
  in->clock      = clock ? clock : shed_clock_system();
  in->start_ns   = in->clock->mono_ns(in->clock->ctx);
  shed_status st = open_stream(in, name, err);
  if (st != SHED_OK) {
    shed_midi_in_free(in);
    return st;
  }
  *out = in;
  return SHED_OK;
}

void
shed_midi_in_free(shed_midi_in *in)
{
  if (!in) {
    return;
  }
  if (in->stream) {
    (void)Pm_Close(in->stream);
  }
  if (in->started) {
    stop();
  }
  shed_free(in->alloc, in);
}

const char *
shed_midi_in_name(const shed_midi_in *in)
{
  return in->name;
}

size_t
shed_midi_in_read(shed_midi_in *in, shed_midi_message *out, size_t n, bool *lost)
{
  PmEvent events[READ_AT_ONCE];
  size_t  kept = 0;
  *lost        = false;
  while (kept < n) {
    int got = Pm_Read(in->stream, events, (int32_t)(n - kept < READ_AT_ONCE ? n - kept : READ_AT_ONCE));
    if (got <= 0) {
      *lost = *lost || got == pmBufferOverflow;
      break;
    }
    for (int i = 0; i < got; i++) {
      uint8_t status = (uint8_t)Pm_MessageStatus(events[i].message);
      if (status >= 0x80 && status < 0xF0) {
        out[kept++] = (shed_midi_message){.mono_ns = in->start_ns + NS_A_MS * (int64_t)events[i].timestamp,
                                          .status  = status,
                                          .data1   = (uint8_t)Pm_MessageData1(events[i].message),
                                          .data2   = (uint8_t)Pm_MessageData2(events[i].message)};
      }
    }
  }
  return kept;
}
