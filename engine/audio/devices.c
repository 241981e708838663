// About this file: lists sound devices.
#include "engine/audio/devices.h"

#include "engine/audio/pa.h"

#include <portaudio.h>
#include <string.h>

void
shed_devices_free(shed_devices *devices)
{
  if (devices) {
    shed_free(devices->alloc, devices->devices);
    memset(devices, 0, sizeof(*devices));
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
  shed_pa_name(d->name, sizeof(d->name), info->name);
  shed_pa_name(d->api, sizeof(d->api), api ? api->name : "");
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
  shed_devices d  = {.alloc = alloc};
  shed_status  st = shed_pa_start(err);
  if (st != SHED_OK) {
    return st;
  }
  st = collect(&d);
  shed_pa_stop();
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
