// About this file: finds a device by what a person calls it. A whole name goes before a part of one, so that "USB" does
// not take "USB 2" where both are there.
#include "engine/audio/live_find.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool
able(const PaDeviceInfo *d, const char *api, bool input)
{
  const PaHostApiInfo *a = d ? Pa_GetHostApiInfo(d->hostApi) : NULL;
  return d && (input ? d->maxInputChannels : d->maxOutputChannels) > 0 &&
         (!api || (a && strcmp(a->name, api) == 0));
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

static PaDeviceIndex
default_of(const char *api, bool input)
{
  if (!api) {
    return input ? Pa_GetDefaultInputDevice() : Pa_GetDefaultOutputDevice();
  }
  for (PaHostApiIndex i = 0; i < Pa_GetHostApiCount(); i++) {
    const PaHostApiInfo *a = Pa_GetHostApiInfo(i);
    if (a && strcmp(a->name, api) == 0) {
      return input ? a->defaultInputDevice : a->defaultOutputDevice;
    }
  }
  return paNoDevice;
}

static PaDeviceIndex
by_name(const char *api, const char *name, bool input)
{
  PaDeviceIndex part = paNoDevice;
  for (PaDeviceIndex i = 0; i < Pa_GetDeviceCount(); i++) {
    const PaDeviceInfo *d = Pa_GetDeviceInfo(i);
    if (!able(d, api, input)) {
      continue;
    }
    if (strcmp(d->name, name) == 0) {
      return i;
    }
    part = part == paNoDevice && holds(d->name, name) ? i : part;
  }
  return part;
}

static shed_status
not_found(const char *api, const char *name, bool input, shed_error *err)
{
  char        list[300] = "";
  size_t      n         = 0;
  const char *what      = input ? "microphone" : "loudspeaker";
  for (PaDeviceIndex i = 0; i < Pa_GetDeviceCount() && n < sizeof(list); i++) {
    const PaDeviceInfo *d = Pa_GetDeviceInfo(i);
    if (able(d, api, input)) {
      int more = snprintf(list + n, sizeof(list) - n, "%s%s", n ? ", " : "", d->name);
      n += more > 0 ? (size_t)more : 0;
    }
  }
  if (n == 0) {
    return shed_fail(err, SHED_E_NODEV, name ? name : what, "no %s is there. Plug one in and try again",
                     what);
  }
  return shed_fail(err, SHED_E_NODEV, name ? name : what, "is not there as a %s. There are: %s", what, list);
}

shed_status
shed_live_find(const char *api, const char *name, bool input, PaDeviceIndex *out, shed_error *err)
{
  PaDeviceIndex i = name ? by_name(api, name, input) : default_of(api, input);
  if (i == paNoDevice || !able(Pa_GetDeviceInfo(i), api, input)) {
    return not_found(api, name, input, err);
  }
  *out = i;
  return SHED_OK;
}
