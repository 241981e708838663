// About this file: writes 24-bit sound. Samples are rounded here and not by the encoder, so that what is handed to the ear
// is what the file holds.
#include "engine/audio/stored.h"

#include "engine/base/file.h"

#include <errno.h>
#include <string.h>

enum { WRITE_BLOCK = 4096 };

// libsndfile's own words are of no use to a player: the error number under it is.
static shed_status
failed(shed_stored *s, const char *path, const char *words, shed_error *err)
{
  const char *where = path ? path : "stored form";
  if (!s->blob.error) {
    return shed_fail(err, SHED_E_IO, where, "cannot be written: %s", words);
  }
  return shed_fail(err, shed_status_of_errno(s->blob.error), where, "cannot be written: %s",
                   strerror(s->blob.error));
}

static shed_status
open_encoder(shed_stored *s, const char *path, SF_VIRTUAL_IO io, void *user, int format, int rate_hz,
             shed_error *err)
{
  SF_INFO     info = {.samplerate = rate_hz, .channels = 1, .format = format | SF_FORMAT_PCM_24};
  shed_status st   = SHED_OK;
  s->snd           = sf_open_virtual(&io, SFM_WRITE, &info, user);
  if (!s->snd) {
    st = failed(s, path, sf_strerror(NULL), err);
    shed_blob_free(&s->blob);
  }
  s->open = st == SHED_OK;
  return st;
}

shed_status
shed_stored_open(shed_stored *s, const char *path, int format, int rate_hz, const shed_alloc *alloc,
                 shed_error *err)
{
  shed_status st = SHED_OK;
  if (path) {
    st = shed_blob_beside(&s->blob, path, alloc, err);
  } else {
    shed_blob_in_memory(&s->blob, alloc);
  }
  if (st != SHED_OK) {
    return st;
  }
  return open_encoder(s, path, shed_blob_io(), &s->blob, format, rate_hz, err);
}

shed_status
shed_stored_open_on(shed_stored *s, SF_VIRTUAL_IO io, void *user, int format, int rate_hz, shed_error *err)
{
  shed_blob_in_memory(&s->blob, NULL); // and stays empty
  return open_encoder(s, NULL, io, user, format, rate_hz, err);
}

shed_status
shed_stored_write(shed_stored *s, const int32_t *q, size_t n, const char *path, shed_error *err)
{
  int block[WRITE_BLOCK];
  while (n) {
    size_t some = n < WRITE_BLOCK ? n : WRITE_BLOCK;
    for (size_t i = 0; i < some; i++) {
      block[i] = q[i] * 256; // libsndfile takes the upper 24 of 32 bits
    }
    if (sf_writef_int(s->snd, block, (sf_count_t)some) != (sf_count_t)some || s->blob.error) {
      return failed(s, path, sf_strerror(s->snd), err);
    }
    q += some;
    n -= some;
  }
  return SHED_OK;
}

shed_status
shed_stored_finish(shed_stored *s, const char *path, shed_sha256 *sha256, shed_error *err)
{
  int code = sf_close(s->snd);
  s->snd   = NULL;
  if (code || s->blob.error) {
    return failed(s, path, sf_error_number(code), err);
  }
  if (sha256 && shed_blob_sha256(&s->blob, sha256) != SHED_OK) {
    return failed(s, path, "it cannot be read back", err);
  }
  return path ? shed_blob_keep(&s->blob, path, err) : SHED_OK;
}

void
shed_stored_free(shed_stored *s)
{
  if (!s->open) {
    return;
  }
  if (s->snd) {
    s->blob.error = s->blob.error ? s->blob.error : ECANCELED; // nothing more is written
    (void)sf_close(s->snd);
    s->snd = NULL;
  }
  shed_blob_free(&s->blob);
  s->open = false;
}
