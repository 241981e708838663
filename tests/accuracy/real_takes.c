#include "tests/accuracy/real_takes.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double TUNING_WITHIN = 1.6;
enum { EDGE_FRAMES = 5 }; // glides at both ends of a note say nothing about its tuning

static int
by_name(const void *a, const void *b)
{
  return strcmp(((const real_take *)a)->name, ((const real_take *)b)->name);
}

static bool
read_labels(const char *path, real_take *t)
{
  FILE *f = fopen(path, "r");
  char  line[128];
  while (f && t->n < REAL_NOTES_MAX && fgets(line, sizeof(line), f)) {
    char      *at  = line;
    match_note l   = {0};
    l.onset_s      = strtod(at, &at);
    l.offset_s     = strtod(at, &at);
    char *before   = at;
    l.midi         = strtod(at, &at);
    l.repeated     = t->n > 0 && fabs(t->notes[t->n - 1].midi - l.midi) < 0.5;
    t->notes[t->n] = l;
    t->n += at != before;
  }
  if (f) {
    (void)fclose(f);
  }
  return t->n > 0;
}

int
real_takes_list(real_take *out, int max)
{
  static const char SOUND[] = ".flac";
  const char       *data    = getenv("WOODSHED_DATA");
  char              dir[400], path[600];
  int               n = 0;
  (void)snprintf(dir, sizeof(dir), "%s/ssvd-dev", data ? data : "../shared/data");
  DIR *d = opendir(dir);
  for (struct dirent *e; d && n < max && (e = readdir(d));) {
    size_t len = strlen(e->d_name);
    if (len <= sizeof(SOUND) || len >= sizeof(out[n].name) || strcmp(e->d_name + len - 5, SOUND) != 0) {
      continue;
    }
    real_take *t = &out[n];
    memset(t, 0, sizeof(*t));
    memcpy(t->name, e->d_name, len - 5);
    (void)snprintf(t->path, sizeof(t->path), "%s/%s%s", dir, t->name, SOUND);
    (void)snprintf(path, sizeof(path), "%s/%s.notes.txt", dir, t->name);
    n += read_labels(path, t);
  }
  if (d) {
    (void)closedir(d);
  }
  qsort(out, (size_t)n, sizeof(*out), by_name);
  return n;
}

double
real_take_tuning(const real_take *t, const double *f0_hz, int frames)
{
  number_list off = {0};
  for (int i = 0; i < t->n; i++) {
    int from = (int)ceil(t->notes[i].onset_s * 100) + EDGE_FRAMES;
    for (int f = from; f < t->notes[i].offset_s * 100 - EDGE_FRAMES && f < frames; f++) {
      double d = match_midi_of(f0_hz[f]) - t->notes[i].midi;
      if (f0_hz[f] > 0 && fabs(d) < TUNING_WITHIN) {
        numbers_add(&off, d);
      }
    }
  }
  double tuning = off.n > 0 ? numbers_quantile(&off, 0.5) : 0;
  numbers_free(&off);
  return tuning;
}
