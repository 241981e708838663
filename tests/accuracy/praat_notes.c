// About this file: Praat is run as a program on a file; its pitch is cut into notes here.
#include "tests/accuracy/praat_notes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STAY_MOST = 16, GAP_FRAMES = 3 };

static const double HOP_S  = 0.010;
static const double SNAP_S = 0.060;

const char *const PRAAT_METHOD_NAME[PRAAT_METHODS] = {"cc", "ac"};

bool
praat_installed(void)
{
  return system("command -v praat >/dev/null 2>&1") == 0; // NOLINT(cert-env33-c): a test, a fixed command
}

bool
praat_pitch(const char *path, praat_method method, double floor_hz, double ceiling_hz, double *f0_hz,
            int frames)
{
  char command[1600], line[128];
  int  n = 0;
  (void)snprintf(command, sizeof(command),
                 "praat --run '" SHED_SOURCE_DIR
                 "/tests/accuracy/praat_f0.praat' \"$(realpath '%s')\" %s %g %g",
                 path, PRAAT_METHOD_NAME[method], floor_hz, ceiling_hz);
  memset(f0_hz, 0, (size_t)frames * sizeof(*f0_hz));
  FILE *f = popen(command, "r"); // NOLINT(cert-env33-c): a test, on names of its own
  while (f && fgets(line, sizeof(line), f)) {
    char  *at = line;
    int    i  = (int)lrint(strtod(at, &at) / HOP_S);
    double hz = strtod(at, NULL);
    if (i >= 0 && i < frames) {
      f0_hz[i] = hz;
      n++;
    }
  }
  return f && pclose(f) == 0 && n > 0;
}

static int
by_value(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

// The median pitch of the voiced frames from @p from up to @p to; below 0 when fewer than half are.
static double
median_pitch(const double *f0_hz, int from, int to)
{
  double *v = malloc(((size_t)(to - from) + 1) * sizeof(*v));
  int     n = 0;
  if (!v) {
    abort();
  }
  for (int i = from; i < to; i++) {
    if (f0_hz[i] > 0) {
      v[n++] = match_midi_of(f0_hz[i]);
    }
  }
  qsort(v, (size_t)n, sizeof(*v), by_value);
  double median = 2 * n >= to - from && n > 0 ? v[n / 2] : -1;
  free(v);
  return median;
}

// The mean, whose difference is sharpest at the step itself, where that of medians is flat. Below 0 when fewer than half are.
static double
mean_pitch(const double *f0_hz, int from, int to)
{
  double sum = 0;
  int    n   = 0;
  for (int i = from; i < to; i++) {
    sum += f0_hz[i] > 0 ? match_midi_of(f0_hz[i]) : 0;
    n += f0_hz[i] > 0;
  }
  return 2 * n >= to - from && n > 0 ? sum / n : -1;
}

void
praat_changes(const double *f0_hz, int frames, int stay, double *change)
{
  for (int i = 0; i < frames; i++) {
    change[i] = 0;
    if (i >= stay && i + stay <= frames && f0_hz[i] > 0) {
      double before = mean_pitch(f0_hz, i - stay, i), after = mean_pitch(f0_hz, i, i + stay);
      change[i] = before > 0 && after > 0 ? fabs(after - before) : 0;
    }
  }
}

// Frames at which a new note begins are marked; 2 where it is an attack.
static void
mark(const praat_rule *rule, const double *f0_hz, const double *change, int frames, const double *attacks,
     int n_attacks, unsigned char *begins)
{
  int silent = GAP_FRAMES;
  for (int i = 0; i < frames; i++) {
    begins[i] = f0_hz[i] > 0 && silent >= GAP_FRAMES;
    silent    = f0_hz[i] > 0 ? 0 : silent + 1;
    // the sharpest moment of a change
    bool top = change[i] >= rule->change;
    for (int k = 1; k <= rule->stay_frames && top; k++) {
      top = (i < k || change[i - k] <= change[i]) && (i + k >= frames || change[i + k] < change[i]);
    }
    begins[i] |= top;
  }
  for (int a = 0; a < n_attacks; a++) {
    int i = (int)lrint(attacks[a] / HOP_S);
    if (i >= 0 && i < frames && f0_hz[i] > 0) {
      begins[i] = 2;
    }
  }
}

static double
snapped(double onset_s, const double *attacks, int n_attacks)
{
  for (int a = n_attacks - 1; a >= 0; a--) {
    if (attacks[a] <= onset_s && attacks[a] >= onset_s - SNAP_S) {
      return attacks[a];
    }
  }
  return onset_s;
}

int
praat_notes(const praat_rule *rule, const double *f0_hz, const double *change, int frames,
            const double *attacks, int n_attacks, match_note *out, int max)
{
  unsigned char *begins = calloc((size_t)frames + 1, 1);
  int            n      = 0;
  if (!begins) {
    abort();
  }
  mark(rule, f0_hz, change, frames, attacks, n_attacks, begins);
  for (int i = 0; i < frames && n < max;) {
    if (!begins[i]) {
      i++;
      continue;
    }
    int end = i + 1, last = i; // a begin within the shortest note belongs to this one
    while (end < frames && end - last <= GAP_FRAMES && !(begins[end] && end - i >= rule->least_frames)) {
      last = f0_hz[end] > 0 ? end : last;
      end++;
    }
    int length = last + 1 - i;
    if (length >= rule->least_frames) {
      double onset = i * HOP_S;
      out[n++]     = (match_note){.onset_s  = rule->snap ? snapped(onset, attacks, n_attacks) : onset,
                                  .offset_s = (last + 1) * HOP_S,
                                  .midi     = median_pitch(f0_hz, i + length / 4, last + 1 - length / 4)};
    }
    i = end;
  }
  free(begins);
  return n;
}
