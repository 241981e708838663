// About this file: begins and ends PortAudio. ALSA and JACK write to standard error whatever they do not find: that is
// held off. And what PortAudio asserts of JACK cannot come true any more: a server that is overloaded drops a client, whose
// last calls then fail, and a failed assertion of the library would end the whole process, with every take in it.
#include "engine/audio/pa.h"

#include "engine/base/str.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <portaudio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// -- what PortAudio asserts of JACK ------------------------------------------------------------------------------------
// The dynamic linker gives PortAudio these functions of the program instead of libjack's: they do the same, and have always
// succeeded. Nothing hangs on it, since after each of them the client or port is not used again, and that the sound is gone is noticed
// by the callbacks that do not come.

int jack_deactivate(void *client);
int jack_client_close(void *client);
int jack_port_unregister(void *client, void *port);

// libjack's own; NULL: it is not in this process. PortAudio holds the library open.
static void (*own_of_jack(const char *name))(void)
{
  void *library      = dlopen("libjack.so.0", RTLD_LAZY | RTLD_LOCAL);
  void *found        = library ? dlsym(library, name) : NULL;
  void (*call)(void) = NULL;
  if (library) {
    (void)dlclose(library);
  }
  memcpy(&call, &found, sizeof(call)); // ISO C knows no cast from one to the other
  return call;
}

static int
call_for(const char *name, void *client)
{
  int (*own)(void *) = (int (*)(void *))own_of_jack(name);
  if (own) {
    (void)own(client);
  }
  return 0;
}

int
jack_deactivate(void *client)
{
  return call_for("jack_deactivate", client);
}

int
jack_client_close(void *client)
{
  return call_for("jack_client_close", client);
}

int
jack_port_unregister(void *client, void *port)
{
  int (*own)(void *, void *) = (int (*)(void *, void *))own_of_jack("jack_port_unregister");
  if (own) {
    (void)own(client, port);
  }
  return 0;
}

// -- noise -------------------------------------------------------------------------------------------------------------

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

// -- start and end -----------------------------------------------------------------------------------------------------

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
