#include "app/serve/load.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static const double SMOOTH_S = 4;

bool
shed_load_read(const char *text, double ticks, double *busy_s)
{
  // user, nice, system, idle, iowait, irq, softirq, steal
  enum { FIELDS = 8 };
  static const bool counts[FIELDS] = {true, false, true, false, false, true, true, true};
  double            sum            = 0;
  if (strncmp(text, "cpu ", 4) != 0 || ticks <= 0) {
    return false;
  }
  const char *at = text + 4;
  for (int i = 0; i < FIELDS; i++) {
    char              *end = NULL;
    unsigned long long v   = strtoull(at, &end, 10);
    if (end == at) {
      return false;
    }
    sum += counts[i] ? (double)v : 0;
    at = end;
  }
  *busy_s = sum / ticks;
  return true;
}

double
shed_load_look(shed_load *l, double busy_s, double ours_s, int64_t now_ns)
{
  const double past_s = (double)(now_ns - l->at_ns) / 1e9;
  if (l->any && past_s > 0) {
    const double x    = (busy_s - l->busy_s - (ours_s - l->ours_s)) / past_s;
    const double by   = past_s < SMOOTH_S ? past_s / SMOOTH_S : 1;
    const double next = l->others + by * ((x > 0 ? x : 0) - l->others);
    l->others         = next > 0 ? next : 0;
  }
  l->any    = true;
  l->busy_s = busy_s;
  l->ours_s = ours_s;
  l->at_ns  = now_ns;
  return l->others;
}

static double
seconds(struct timeval t)
{
  return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

double
shed_load_now(shed_load *l, int64_t now_ns)
{
  char          text[512];
  double        busy_s = 0;
  struct rusage own    = {0};
  const int     fd     = open("/proc/stat", O_RDONLY | O_CLOEXEC);
  const ssize_t n      = fd >= 0 ? read(fd, text, sizeof(text) - 1) : -1;
  if (fd >= 0) {
    (void)close(fd);
  }
  text[n > 0 ? n : 0] = '\0';
  if (n <= 0 || !shed_load_read(text, (double)sysconf(_SC_CLK_TCK), &busy_s) ||
      getrusage(RUSAGE_SELF, &own) != 0) {
    return 0;
  }
  return shed_load_look(l, busy_s, seconds(own.ru_utime) + seconds(own.ru_stime), now_ns);
}
