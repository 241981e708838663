// A musician at a sound card of the tests: play_sound FILE DEVICE [GAIN_DB]. Says "ready" when the device runs; then each line of standard input is a
// number of seconds, after which the file sounds once, to a block. Ends with the input.
#include "engine/audio/file.h"
#include "engine/audio/live.h"
#include "engine/audio/stage.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static shed_status
play(shed_stage *stage, const shed_sound *sound, shed_live *live, double in_s, float gain_db)
{
  const shed_clock *c     = shed_clock_system();
  shed_mixer       *mixer = NULL;
  uint64_t          frame = 0;
  int64_t           ns    = 0;
  shed_status       st    = shed_mixer_new(&mixer, sound->rate_hz, NULL);
  if (st != SHED_OK || (st = shed_mixer_add(mixer, sound->x, sound->n, 0, gain_db, NULL)) != SHED_OK) {
    return st;
  }
  (void)shed_live_heard_now(live, &frame, &ns);
  double since_s = (double)(c->mono_ns(c->ctx) - ns) / 1e9;
  shed_stage_play(stage, mixer, frame + (uint64_t)llround((in_s + since_s) * sound->rate_hz));
  return SHED_OK;
}

int
main(int argc, char **argv)
{
  shed_sound     file  = {0};
  shed_sound     sound = {0};
  shed_stage    *stage = NULL;
  shed_live     *live  = NULL;
  shed_error     err   = {0};
  char           line[80];
  shed_live_opts opts = {.output = argc >= 3 ? argv[2] : NULL, .play = shed_stage_run};
  if (argc < 3 || argc > 4) {
    (void)fprintf(stderr, "usage: play_sound FILE DEVICE [GAIN_DB]\n");
    return 2;
  }
  shed_status st = shed_sound_load(argv[1], NULL, NULL, &file, NULL, &err);
  if (st == SHED_OK && (st = shed_stage_new(&stage, NULL)) == SHED_OK) {
    opts.play_ctx = stage;
    st            = shed_live_open(&live, &opts, NULL, &err);
  }
  if (st == SHED_OK) {
    st = shed_sound_resample(&file, shed_live_device_of(live)->rate_hz, NULL, &sound);
  }
  if (st == SHED_OK && (st = shed_live_start(live, &err)) == SHED_OK) {
    (void)printf("ready\n");
    (void)fflush(stdout);
  }
  while (st == SHED_OK && fgets(line, sizeof(line), stdin)) {
    st = play(stage, &sound, live, strtod(line, NULL), argc > 3 ? strtof(argv[3], NULL) : 0.0F);
  }
  if (st != SHED_OK) {
    (void)fprintf(stderr, "%s %s\n", err.where, err.what);
  }
  shed_live_free(live);
  shed_stage_free(stage);
  shed_sound_free(&sound);
  shed_sound_free(&file);
  return st == SHED_OK ? 0 : 1;
}
