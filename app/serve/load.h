/// What other programs take of the machine's processors, by Linux's own count (/proc/stat). Programs that were told to give way (nice)
/// do not count: they do.
#ifndef SHED_SERVE_LOAD_H
#define SHED_SERVE_LOAD_H

#include <stdbool.h>
#include <stdint.h>

/// One caller's; zero-initialised is new.
typedef struct {
  bool    any;
  double  busy_s, ours_s;
  int64_t at_ns;
  double  others; ///< processors, smoothed over some seconds
} shed_load;

/// @param text   what /proc/stat says.
/// @param ticks  of its clock in a second.
/// @param[out] busy_s  seconds of processors that were busy since the start, waiting programs of a host's other guests too.
/// @return false: that is no such text.
bool shed_load_read(const char *text, double ticks, double *busy_s);
/// Another look: @p busy_s of the whole machine and @p ours_s of this process since their start. @return l->others.
double shed_load_look(shed_load *l, double busy_s, double ours_s, int64_t now_ns);
/// The same by this machine's own figures; where there are none, 0.
double shed_load_now(shed_load *l, int64_t now_ns);

#endif
