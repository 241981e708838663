// About this file: lists sound devices. ALSA and JACK write to standard error whatever they do not find: that is held off.
#include "engine/audio/devices.h"

#include "engine/base/str.h"

#include <fcntl.h>
#include <portaudio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
shed_devices_free(shed_devices *devices)
{
  if (devices) {
    shed_free(devices->alloc, devices->devices);
    memset(devices, 0, sizeof(*devices));
  }
}

// Standard error goes nowhere until it is given back. -1 when that cannot be had: then it is noisy.
static int
hush(void)
{
  int saved   = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  (void)fflush(stderr);
  if (saved >= 0 && nowhere >= 0) {
    (void)dup2(nowhere, STDERR_FILENO);
  }
  if (nowhere >= 0) {
    (void)close(nowhere);
  }
  return saved;
}

static void
unhush(int saved)
{
  (void)fflush(stderr);
  if (saved >= 0) {
    (void)dup2(saved, STDERR_FILENO);
    (void)close(saved);
  }
}

// Names come from drivers: whatever is not text is shown as '?'.
static void
copy_name(char *buf, size_t size, const char *name)
{
  (void)snprintf(buf, size, "%s", name ? name : "");
  bool text = shed_utf8_valid(buf, strlen(buf));
  for (char *p = buf; *p; p++) {
    unsigned char c = (unsigned char)*p;
    if (c < 0x20 || c == 0x7f || (!text && c >= 0x80)) {
      *p = '?';
    }
  }
}

static void
fill(shed_device *d, PaDeviceIndex index)
{
  const PaDeviceInfo      *info = Pa_GetDeviceInfo(index);
  const PaHostApiInfo     *api  = info ? Pa_GetHostApiInfo(info->hostApi) : NULL;
  static const shed_device none;
  *d = none;
  if (!info) {
    return;
  }
  copy_name(d->name, sizeof(d->name), info->name);
  copy_name(d->api, sizeof(d->api), api ? api->name : "");
  d->inputs          = info->maxInputChannels;
  d->outputs         = info->maxOutputChannels;
  d->rate_hz         = info->defaultSampleRate;
  d->input_latency_s = d->inputs > 0 && info->defaultLowInputLatency > 0 ? info->defaultLowInputLatency : 0;
  d->output_latency_s =
      d->outputs > 0 && info->defaultLowOutputLatency > 0 ? info->defaultLowOutputLatency : 0;
  d->default_input  = index == Pa_GetDefaultInputDevice();
  d->default_output = index == Pa_GetDefaultOutputDevice();
}

// Between Pa_Initialize() and Pa_Terminate().
static shed_status
collect(shed_devices *out)
{
  PaDeviceIndex n = Pa_GetDeviceCount();
  if (n <= 0) {
    return SHED_E_NODEV;
  }
  out->devices = shed_calloc(out->alloc, (size_t)n, sizeof(*out->devices));
  if (!out->devices) {
    return SHED_E_NOMEM;
  }
  out->n = (size_t)n;
  for (PaDeviceIndex i = 0; i < n; i++) {
    fill(&out->devices[i], i);
  }
  return SHED_OK;
}

shed_status
shed_devices_list(const shed_alloc *alloc, shed_devices *out, shed_error *err)
{
  shed_devices d = {.alloc = alloc};
  (void)setenv("JACK_NO_START_SERVER", "1", 0);
  int         saved = hush();
  PaError     code  = Pa_Initialize();
  shed_status st    = SHED_E_NODEV;
  if (code == paNoError) {
    st = collect(&d);
    (void)Pa_Terminate();
  }
  unhush(saved);
  if (code != paNoError) {
    return shed_fail(err, SHED_E_NODEV, "sound system",
                     "could not be started (%s). Recordings can still be judged from files",
                     Pa_GetErrorText(code));
  }
  if (st == SHED_E_NODEV) {
    return shed_fail(err, st, "sound system",
                     "no microphone or loudspeaker was found. Plug one in, or judge recordings from files");
  }
  if (st != SHED_OK) {
    return shed_fail(err, st, "sound system", "%s", shed_status_text(st));
  }
  *out = d;
  return SHED_OK;
}
