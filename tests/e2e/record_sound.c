// Records as a live take does, in real time, until somebody ends it; and makes a take of what was left behind.
//   record_sound record PATH      says how many frames were handed over, again and again
//   record_sound recover PATH N   at least N frames must be there, each as it was handed over
#include "engine/audio/file.h"
#include "engine/audio/recorder.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RATE = 48000, BLOCK = 480 };

static float
sample_at(uint64_t i)
{
  return (float)((double)(i * 2654435761U % 65521U) / 65521.0 - 0.5);
}

static int
record(const char *path)
{
  shed_recorder  *rec = NULL;
  shed_error      err = {0};
  struct timespec due;
  float           x[BLOCK];
  if (shed_recorder_open(&rec, path, RATE, NULL, &err) != SHED_OK) {
    (void)fprintf(stderr, "%s: %s\n", err.where, err.what);
    return 1;
  }
  (void)clock_gettime(CLOCK_MONOTONIC, &due);
  for (uint64_t at = 0; at < 60 * RATE; at += BLOCK) { // a minute at most: somebody forgot to end it
    for (uint64_t i = 0; i < BLOCK; i++) {
      x[i] = sample_at(at + i);
    }
    shed_recorder_push(rec, x, BLOCK);
    (void)printf("%" PRIu64 "\n", at + BLOCK);
    (void)fflush(stdout);
    due.tv_nsec += 10000000;
    due.tv_sec += due.tv_nsec / 1000000000;
    due.tv_nsec %= 1000000000;
    (void)clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
  }
  shed_recorder_free(rec);
  return 0;
}

static int
recover(const char *path, uint64_t least)
{
  shed_sound sound  = {0};
  shed_error err    = {0};
  uint64_t   frames = 0;
  if (shed_recorder_recover(path, NULL, &frames, &err) != SHED_OK ||
      shed_sound_load(path, NULL, NULL, &sound, NULL, &err) != SHED_OK) {
    (void)fprintf(stderr, "%s: %s\n", err.where, err.what);
    return 1;
  }
  uint64_t wrong = 0;
  for (uint64_t i = 0; i < sound.n; i++) {
    wrong += sound.x[i] != shed_recorder_sample(sample_at(i));
  }
  (void)printf("%zu frames, %" PRIu64 " wrong, %" PRIu64 " asked for\n", sound.n, wrong, least);
  bool good = sound.n == frames && sound.n >= least && wrong == 0;
  shed_sound_free(&sound);
  return good ? 0 : 1;
}

int
main(int argc, char **argv)
{
  if (argc == 3 && strcmp(argv[1], "record") == 0) {
    return record(argv[2]);
  }
  if (argc == 4 && strcmp(argv[1], "recover") == 0) {
    return recover(argv[2], strtoull(argv[3], NULL, 10));
  }
  (void)fprintf(stderr, "usage: record_sound record PATH | recover PATH FRAMES\n");
  return 2;
}
