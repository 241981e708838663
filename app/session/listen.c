#include "app/session/listen.h"

#include "app/session/playing.h"
#include "engine/audio/file.h"
#include "engine/base/file.h"
#include "engine/take/given.h"

// A take that is not sound is kept as it is, byte for byte.
static shed_status
read_given(const char *path, const char *keep_path, const shed_alloc *alloc, shed_take *out, shed_error *err)
{
  char       *data = NULL;
  size_t      n    = 0;
  shed_take   take = {0};
  shed_status st   = shed_file_read(path, SHED_GIVEN_MAX_BYTES, alloc, &data, &n, err);
  if (st != SHED_OK) {
    return st;
  }
  if ((st = shed_given_parse(data, n, path, alloc, &take, err)) == SHED_OK && keep_path &&
      (st = shed_file_write_atomic(keep_path, data, n, err)) != SHED_OK) {
    shed_take_free(&take);
  }
  shed_free(alloc, data);
  if (st == SHED_OK) {
    *out = take;
  }
  return st;
}

static shed_status
pull(void *ctx, float *x, size_t cap, size_t *n, shed_error *err)
{
  return shed_sound_read(ctx, x, cap, n, err);
}

shed_status
shed_listen_file(const char *path, const char *flac_path, const shed_listen_beside *beside,
                 const shed_alloc *alloc, void (*progress)(void *ctx, double share), void *ctx,
                 shed_take *out, shed_error *err)
{
  shed_sound_reader *reader  = NULL;
  shed_take          take    = {0};
  shed_playing       playing = {0};
  shed_message       warnings[SHED_AUDIO_WARNINGS];
  shed_status        st;

  if (shed_given_is(path)) {
    return read_given(path, flac_path, alloc, out, err);
  }
  if ((st = shed_sound_open(&reader, path, flac_path, alloc, err)) != SHED_OK) {
    return st;
  }
  shed_hear_opts opts = {.rate_hz = shed_sound_rate_hz(reader)};
  if (beside) {
    opts.click = beside->click;
  }
  if (beside && beside->playing) {
    st           = shed_playing_open(&playing, beside->playing, opts.rate_hz, alloc, err);
    opts.playing = (shed_hear_playing){.sounds = true, .pull = shed_playing_pull, .pull_ctx = &playing};
  }
  if (st == SHED_OK) {
    st = shed_hear_source(pull, reader, &opts, shed_sound_expected(reader), alloc, progress, ctx, &take, err);
  }
  if (st == SHED_OK && (st = shed_sound_finish(reader, &take.sha256, err)) == SHED_OK) {
    int n = shed_sound_warnings(reader, warnings);
    for (int i = 0; i < n; i++) {
      shed_take_warn(&take, warnings[i]);
    }
    *out = take;
  } else {
    shed_take_free(&take);
  }
  shed_playing_free(&playing);
  shed_sound_close(reader);
  return st;
}
