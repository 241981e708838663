// About this file: whole sounds in memory: loading, writing, another rate. Loading is the reader of reader.c run to its end.
#include "engine/audio/file.h"
#include "engine/audio/limits.h"
#include "engine/audio/stored.h"
#include "engine/base/str.h"

#include <math.h>
#include <samplerate.h>
#include <string.h>

enum { FIRST_SAMPLES = 1 << 16, SAVE_BLOCK = 4096 };

void
shed_sound_free(shed_sound *s)
{
  if (s) {
    shed_free(s->alloc, s->x);
    memset(s, 0, sizeof(*s));
  }
}

static shed_status
read_whole(shed_sound_reader *r, const char *path, shed_sound *s, shed_error *err)
{
  size_t cap = 0;
  for (;;) {
    if (s->n == cap) {
      size_t more  = cap ? cap + cap / 2 : FIRST_SAMPLES;
      float *grown = shed_realloc(s->alloc, s->x, more * sizeof(float));
      if (!grown) {
        return shed_fail(err, SHED_E_NOMEM, path, "%s", shed_status_text(SHED_E_NOMEM));
      }
      s->x = grown;
      cap  = more;
    }
    size_t      n  = 0;
    shed_status st = shed_sound_read(r, s->x + s->n, cap - s->n, &n, err);
    if (st != SHED_OK || n == 0) {
      return st;
    }
    s->n += n;
  }
}

shed_status
shed_sound_load(const char *path, const char *flac_path, const shed_alloc *alloc, shed_sound *out,
                shed_sha256 *sha256, shed_error *err)
{
  shed_sound_reader *r  = NULL;
  shed_sound         s  = {.alloc = alloc};
  shed_status        st = shed_sound_open(&r, path, flac_path, alloc, err);
  if (st != SHED_OK) {
    return st;
  }
  s.rate_hz = shed_sound_rate_hz(r);
  if ((st = read_whole(r, path, &s, err)) == SHED_OK) {
    st = shed_sound_finish(r, sha256, err);
  }
  s.n_warnings = shed_sound_warnings(r, s.warnings);
  shed_sound_close(r);
  if (st != SHED_OK) {
    shed_sound_free(&s);
    return st;
  }
  *out = s;
  return SHED_OK;
}

static shed_status
write_all(shed_stored *s, const char *path, const float *x, size_t n, shed_error *err)
{
  int32_t     q[SAVE_BLOCK];
  shed_status st = SHED_OK;
  while (n && st == SHED_OK) {
    size_t some = n < SAVE_BLOCK ? n : SAVE_BLOCK;
    for (size_t i = 0; i < some; i++) {
      q[i] = shed_stored_quantise(x[i]);
    }
    st = shed_stored_write(s, q, some, path, err);
    x += some;
    n -= some;
  }
  return st;
}

shed_status
shed_sound_save(const char *path, const float *x, size_t n, int rate_hz, shed_error *err)
{
  shed_stored s    = {0};
  bool        flac = shed_ends_with(path, ".flac");
  if (!flac && !shed_ends_with(path, ".wav")) {
    return shed_fail(err, SHED_E_UNSUPPORTED, path, "a name that ends in .wav or .flac is needed");
  }
  if (rate_hz < SHED_AUDIO_RATE_MIN_HZ || rate_hz > SHED_AUDIO_RATE_MAX_HZ) {
    return shed_fail(err, SHED_E_RANGE, path, "cannot be written with %d samples a second", rate_hz);
  }
  shed_status st = shed_stored_open(&s, path, flac ? SF_FORMAT_FLAC : SF_FORMAT_WAV, rate_hz, NULL, err);
  if (st != SHED_OK) {
    return st;
  }
  if ((st = write_all(&s, path, x, n, err)) == SHED_OK) {
    st = shed_stored_finish(&s, path, NULL, err);
  }
  shed_stored_free(&s);
  return st;
}

shed_status
shed_sound_resample(const shed_sound *in, int rate_hz, const shed_alloc *alloc, shed_sound *out)
{
  double ratio = (double)rate_hz / in->rate_hz;
  if (rate_hz < 1 || !src_is_valid_ratio(ratio)) {
    return SHED_E_RANGE;
  }
  size_t     cap = (size_t)ceil((double)in->n * ratio) + 1;
  shed_sound s   = *in;
  s.alloc        = alloc;
  s.rate_hz      = rate_hz;
  s.x            = shed_malloc(alloc, cap * sizeof(float));
  if (!s.x) {
    return SHED_E_NOMEM;
  }
  SRC_DATA d = {.data_in       = in->x,
                .data_out      = s.x,
                .input_frames  = (long)in->n,
                .output_frames = (long)cap,
                .src_ratio     = ratio};
  // with one channel and a valid ratio it fails only for want of memory
  if (src_simple(&d, SRC_SINC_BEST_QUALITY, 1)) {
    shed_free(alloc, s.x);
    return SHED_E_NOMEM;
  }
  s.n  = (size_t)d.output_frames_gen;
  *out = s;
  return SHED_OK;
}
