/// A JACK server of the test's own: a dummy sound card whose device "loopback" hands back what is played, one period later,
/// sample by sample. Nothing else of the machine is used.
#ifndef SHED_TEST_JACK_SERVER_H
#define SHED_TEST_JACK_SERVER_H

#include "engine/audio/devices.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { JACK_RATE_HZ = 48000, JACK_PERIOD = 256 };

static inline void
jack_nap(long ms)
{
  struct timespec nap = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
  (void)nanosleep(&nap, NULL);
}

/// @param name      of the server; also what this process's clients will look for from now on.
/// @param realtime  its threads go before all others, where this user may have that; as a sound card's do.
static inline pid_t
jack_fork_as(const char *name, bool realtime)
{
  (void)setenv("JACK_DEFAULT_SERVER", name, 1);
  (void)setenv("JACK_NO_START_SERVER", "1", 1);
  pid_t child = fork();
  if (child == 0) {
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM); // a test that dies takes its server along
    for (int fd = STDERR_FILENO + 1; fd < 64; fd++) {
      (void)close(fd); // a lock that a caller holds is not the server's
    }
    if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr)) {
      _exit(1);
    }
    (void)execlp("jackd", "jackd", "-n", name, "-p", "128", realtime ? "-R" : "--no-realtime", "-S", "-L1",
                 "-C", "/dev/null", "-d", "dummy", "-r", "48000", "-p", "256", (char *)NULL);
    _exit(127);
  }
  return child;
}

static inline pid_t
jack_fork(const char *name)
{
  return jack_fork_as(name, false);
}

/// Wait until the loopback is there. @return false: jackd does not run here, and has been waited for.
static inline bool
jack_ready(pid_t server)
{
  for (int i = 0; i < 200; i++) {
    shed_devices d   = {0};
    bool         see = false;
    int          ended;
    if (waitpid(server, &ended, WNOHANG) == server) {
      return false;
    }
    if (shed_devices_list(NULL, &d, NULL) == SHED_OK) {
      for (size_t k = 0; k < d.n; k++) {
        see = see || strcmp(d.devices[k].name, "loopback") == 0;
      }
      shed_devices_free(&d);
    }
    if (see) {
      return true;
    }
    jack_nap(50);
  }
  return false;
}

/// A server named after this process. @return its process, or -1: say "skipped: jackd does not run here".
static inline pid_t
jack_start_as(bool realtime)
{
  char name[32];
  (void)snprintf(name, sizeof(name), "woodshed%ld", (long)getpid());
  pid_t server = jack_fork_as(name, realtime);
  return jack_ready(server) ? server : -1;
}

static inline pid_t
jack_start(void)
{
  return jack_start_as(false);
}

static inline void
jack_stop(pid_t server)
{
  if (server > 0) {
    (void)kill(server, SIGTERM);
    (void)waitpid(server, NULL, 0);
  }
}

#endif
