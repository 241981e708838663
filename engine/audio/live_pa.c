// About this file: a live stream's driver through PortAudio: opens, starts and closes it, quietly.
#include "engine/audio/live.h"

#include "engine/audio/live_find.h"
#include "engine/audio/live_internal.h"
#include "engine/audio/pa.h"

#include <math.h>

enum { DEVICE_CHANNELS = 2 };

// Thread: keeper; while it closes the closer, and nobody else then.
typedef struct {
  const shed_alloc *alloc;
  PaStream         *stream;
  bool              pa; // PortAudio is started
} pa_driver;

// The stream's parameters of one direction.
static PaStreamParameters
parameters(const shed_live *l, PaDeviceIndex device, bool input)
{
  const PaDeviceInfo *d    = Pa_GetDeviceInfo(device);
  int                 most = input ? d->maxInputChannels : d->maxOutputChannels;
  int    want = input && l->opts.channel >= DEVICE_CHANNELS ? l->opts.channel + 1 : DEVICE_CHANNELS;
  double low  = input ? d->defaultLowInputLatency : d->defaultLowOutputLatency;
  return (PaStreamParameters){.device           = device,
                              .channelCount     = want < most ? want : most,
                              .sampleFormat     = paFloat32,
                              .suggestedLatency = l->opts.buffer_s > 0 ? l->opts.buffer_s : low};
}

static shed_status
cannot_open(const char *name, double rate_hz, double own_hz, PaError code, shed_error *err)
{
  if (code == paInvalidSampleRate) {
    return shed_fail(err, SHED_E_UNSUPPORTED, name, "has not %.0f samples a second; its own rate is %.0f",
                     rate_hz, own_hz);
  }
  if (code == paDeviceUnavailable) {
    return shed_fail(err, SHED_E_BUSY, name, "is used by another program. Close that one and try again");
  }
  return shed_fail(err, code == paInsufficientMemory ? SHED_E_NOMEM : SHED_E_NODEV, name,
                   "cannot be opened (%s). Is it plugged in and switched on?", Pa_GetErrorText(code));
}

static void
remember(shed_live_device *device, PaDeviceIndex in, PaDeviceIndex out, const PaStreamParameters *pi,
         const PaStreamParameters *po)
{
  PaDeviceIndex        either = in != paNoDevice ? in : out;
  const PaHostApiInfo *api    = Pa_GetHostApiInfo(Pa_GetDeviceInfo(either)->hostApi);
  shed_pa_name(device->api, sizeof(device->api), api ? api->name : "");
  if (in != paNoDevice) {
    shed_pa_name(device->input, sizeof(device->input), Pa_GetDeviceInfo(in)->name);
    device->input_channels = pi->channelCount;
  }
  if (out != paNoDevice) {
    shed_pa_name(device->output, sizeof(device->output), Pa_GetDeviceInfo(out)->name);
    device->output_channels = po->channelCount;
  }
}

// Find the devices and open the stream, at device.rate_hz where that is set. PortAudio is started.
static shed_status
open_stream(shed_live *l, const char *api, const char *input, const char *output, shed_error *err)
{
  pa_driver         *d  = l->driver_ctx;
  PaDeviceIndex      in = paNoDevice, out = paNoDevice;
  PaStreamParameters pi = {0}, po = {0};
  shed_status        st = SHED_OK;
  if (l->opts.capture && (st = shed_live_find(api, input, true, &in, err)) != SHED_OK) {
    return st;
  }
  // both of one kind: a stream belongs to one sound system
  const char *same = in != paNoDevice ? Pa_GetHostApiInfo(Pa_GetDeviceInfo(in)->hostApi)->name : api;
  if (l->opts.play && (st = shed_live_find(same, output, false, &out, err)) != SHED_OK) {
    return st;
  }
  const PaDeviceInfo *first = Pa_GetDeviceInfo(in != paNoDevice ? in : out);
  double              rate  = l->device.rate_hz > 0 ? l->device.rate_hz
                              : l->opts.rate_hz > 0 ? l->opts.rate_hz
                                                    : first->defaultSampleRate;
  if (in != paNoDevice) {
    pi = parameters(l, in, true);
    if (l->opts.channel >= pi.channelCount) {
      return shed_fail(err, SHED_E_NODEV, first->name, "has no channel %d: it has %d", l->opts.channel + 1,
                       Pa_GetDeviceInfo(in)->maxInputChannels);
    }
  }
  if (out != paNoDevice) {
    po = parameters(l, out, false);
  }
  int     saved = shed_hush();
  PaError code =
      Pa_OpenStream(&d->stream, in != paNoDevice ? &pi : NULL, out != paNoDevice ? &po : NULL, rate,
                    (unsigned long)l->opts.block_frames, paClipOff | paDitherOff, shed_live_callback, l);
  shed_unhush(saved);
  if (code != paNoError) {
    d->stream = NULL;
    return cannot_open(first->name, rate, first->defaultSampleRate, code, err);
  }
  remember(&l->device, in, out, &pi, &po);
  const PaStreamInfo *info   = Pa_GetStreamInfo(d->stream);
  l->device.input_latency_s  = info && info->inputLatency > 0 ? info->inputLatency : 0;
  l->device.output_latency_s = info && info->outputLatency > 0 ? info->outputLatency : 0;
  return l->ring || l->device.rate_hz ? SHED_OK : shed_live_make_ring(l, (int)lround(rate));
}

static shed_status
pa_open(shed_live *l, const char *api, const char *input, const char *output, shed_error *err)
{
  pa_driver  *d  = l->driver_ctx;
  shed_status st = shed_pa_start(err);
  d->pa          = st == SHED_OK;
  return st == SHED_OK ? open_stream(l, api, input, output, err) : st;
}

static shed_status
pa_begin(shed_live *l, shed_error *err)
{
  pa_driver *d     = l->driver_ctx;
  int        saved = shed_hush();
  PaError    code  = Pa_StartStream(d->stream);
  shed_unhush(saved);
  if (code != paNoError) {
    const char *name = l->device.input[0] ? l->device.input : l->device.output;
    return shed_fail(err, SHED_E_NODEV, name, "does not start (%s). Is it plugged in and switched on?",
                     Pa_GetErrorText(code));
  }
  return SHED_OK;
}

static bool
pa_active(shed_live *l)
{
  const pa_driver *d = l->driver_ctx;
  return d->stream && Pa_IsStreamActive(d->stream) == 1;
}

// JACK's part of PortAudio waits up to ten minutes for a server that died.
static void
pa_close(shed_live *l)
{
  pa_driver *d = l->driver_ctx;
  if (d->stream) {
    (void)Pa_AbortStream(d->stream);
    (void)Pa_CloseStream(d->stream);
    d->stream = NULL;
  }
  if (d->pa) {
    shed_pa_stop();
    d->pa = false;
  }
}

static void
pa_free(shed_live *l)
{
  pa_driver *d = l->driver_ctx;
  shed_free(d->alloc, d);
}

static const live_driver driver = {pa_open, pa_begin, pa_active, pa_close, pa_free};

shed_status
shed_live_open(shed_live **out, const shed_live_opts *opts, const shed_alloc *alloc, shed_error *err)
{
  shed_live *l = NULL;
  pa_driver *d = shed_calloc(alloc, 1, sizeof(*d));
  if (!d) {
    return shed_fail(err, SHED_E_NOMEM, "stream", "%s", shed_status_text(SHED_E_NOMEM));
  }
  d->alloc       = alloc;
  shed_status st = shed_live_make(&l, opts, &driver, d, alloc, err);
  if (st != SHED_OK) {
    shed_free(alloc, d);
    return st;
  }
  if ((st = pa_open(l, opts->api, opts->input, opts->output, err)) != SHED_OK) {
    shed_live_free(l);
    return st == SHED_E_NOMEM ? shed_fail(err, st, "stream", "%s", shed_status_text(st)) : st;
  }
  *out = l;
  return SHED_OK;
}
