// About this file: begins and ends PortAudio. ALSA and JACK write to standard error whatever they do not find: that is
// held off.
#include "engine/audio/pa.h"

#include "engine/base/str.h"

#include <fcntl.h>
#include <portaudio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// -1 when it cannot be had: then it is noisy.
int
shed_hush(void)
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

void
shed_unhush(int saved)
{
  (void)fflush(stderr);
  if (saved >= 0) {
    (void)dup2(saved, STDERR_FILENO);
    (void)close(saved);
  }
}

shed_status
shed_pa_start(shed_error *err)
{
  (void)setenv("JACK_NO_START_SERVER", "1", 0);
  int     saved = shed_hush();
  PaError code  = Pa_Initialize();
  shed_unhush(saved);
  if (code != paNoError) {
    return shed_fail(err, SHED_E_NODEV, "sound system",
                     "could not be started (%s). Recordings can still be judged from files",
                     Pa_GetErrorText(code));
  }
  return SHED_OK;
}

void
shed_pa_stop(void)
{
  int saved = shed_hush();
  (void)Pa_Terminate();
  shed_unhush(saved);
}

void
shed_pa_name(char *buf, unsigned size, const char *name)
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
