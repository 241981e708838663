// About this file: opens what sound comes from. What is no sound, of a kind that cannot be read or outside the limits is
// refused here with words; behind this file only libsndfile's samples matter.
#include "engine/audio/source.h"

#include "engine/audio/kind.h"
#include "engine/audio/limits.h"
#include "engine/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
  PIPE_BLOCK       = 65536,
  FLAC_ANY_RATE_HZ = 65535 // above it FLAC's streamable subset has multiples of ten only
};
static const int64_t PIPE_MAX_BYTES = (int64_t)16 << 30;

static shed_status
check_kind(const unsigned char *head, size_t n, const char *path, bool pipe, shed_error *err)
{
  const shed_sound_kind *kind = shed_sound_kind_of(head, n);
  if (n == 0) {
    return shed_fail(err, SHED_E_FORMAT, path, "is empty");
  }
  if (kind && kind->remedy) {
    return shed_sound_kind_refuse(kind, path, err);
  }
  if (!kind && pipe) { // what may never end is not read before it is known
    return shed_fail(err, SHED_E_FORMAT, path, "is not a sound file: a WAV is expected here");
  }
  return SHED_OK;
}

static shed_status
spool(shed_blob *out, int fd, const char *path, const shed_alloc *alloc, shed_error *err)
{
  unsigned char block[PIPE_BLOCK];
  size_t        n  = 0;
  shed_status   st = SHED_OK;
  shed_blob_in_memory(out, alloc);
  while (st == SHED_OK) {
    ssize_t r = read(fd, block + n, sizeof(block) - n);
    if (r < 0 && errno == EINTR) {
      continue;
    }
    if (r < 0) {
      return shed_fail(err, SHED_E_IO, path, "cannot be read: %s", strerror(errno));
    }
    n += (size_t)r;
    if (r > 0 && n < sizeof(block)) {
      continue;
    }
    if (out->size == 0) {
      st = check_kind(block, n, path, true, err);
    }
    if (st == SHED_OK && shed_blob_write(out, block, (int64_t)n) != (int64_t)n) {
      st = shed_status_of_errno(out->error);
      return shed_fail(err, st, path, "cannot be kept while it is read: %s", strerror(out->error));
    }
    if (st == SHED_OK && out->size > PIPE_MAX_BYTES) {
      return shed_fail(err, SHED_E_LIMIT, path, "is longer than 16 GiB, the most that is read");
    }
    if (r == 0) {
      break;
    }
    n = 0;
  }
  return st;
}

static shed_status
open_stdin(shed_blob *out, const shed_alloc *alloc, shed_error *err)
{
  if (isatty(STDIN_FILENO)) {
    return shed_fail(err, SHED_E_FORMAT, "standard input",
                     "is the keyboard; give it a WAV file (with < take.wav) or name a file");
  }
  return spool(out, STDIN_FILENO, "standard input", alloc, err);
}

static shed_status
open_path(shed_blob *out, const char *path, const shed_alloc *alloc, shed_error *err)
{
  unsigned char head[SHED_SOUND_KIND_HEAD];
  struct stat   s;
  int           fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0 || fstat(fd, &s)) {
    int error = errno;
    if (fd >= 0) {
      (void)close(fd);
    }
    return shed_fail(err, error == ENOENT ? SHED_E_NOTFOUND : SHED_E_IO, path, "cannot be opened: %s",
                     strerror(error));
  }
  if (S_ISFIFO(s.st_mode)) {
    shed_status st = spool(out, fd, path, alloc, err);
    (void)close(fd);
    return st;
  }
  shed_blob_of_file(out, fd, s.st_size);
  if (!S_ISREG(s.st_mode)) {
    return shed_fail(err, SHED_E_FORMAT, path,
                     S_ISDIR(s.st_mode) ? "is a folder, a sound file is needed"
                                        : "is a device, a sound file is needed");
  }
  int64_t n = shed_blob_read(out, head, sizeof(head));
  if (out->error) {
    return shed_fail(err, SHED_E_IO, path, "cannot be read: %s", strerror(out->error));
  }
  return check_kind(head, (size_t)n, path, false, err);
}

shed_status
shed_source_open(shed_blob *out, const char *path, const shed_alloc *alloc, shed_error *err)
{
  shed_blob_in_memory(out, alloc);
  shed_status st = strcmp(path, "-") == 0 ? open_stdin(out, alloc, err) : open_path(out, path, alloc, err);
  if (st != SHED_OK) {
    shed_blob_free(out);
  }
  return st;
}

// libsndfile did not open it: say what it is instead.
static shed_status
explain(shed_blob *source, const char *path, shed_error *err)
{
  unsigned char head[SHED_SOUND_KIND_HEAD];
  source->at                  = 0;
  int64_t                n    = shed_blob_read(source, head, sizeof(head));
  const shed_sound_kind *kind = shed_sound_kind_of(head, (size_t)n);
  int                    code = sf_error(NULL);
  if (source->error) {
    return shed_fail(err, SHED_E_IO, path, "cannot be read: %s", strerror(source->error));
  }
  if (!kind) {
    return shed_fail(err, SHED_E_FORMAT, path, "is not a sound file of a kind that is known");
  }
  if (code == SF_ERR_UNSUPPORTED_ENCODING) {
    shed_sound_kind inside = {kind->name, ""};
    return shed_sound_kind_refuse(&inside, path, err);
  }
  return shed_fail(err, SHED_E_FORMAT, path, "begins as %s but is damaged or ends too early: %s", kind->name,
                   sf_error_number(code));
}

static shed_status
check_info(SF_INFO *info, const char *path, shed_error *err)
{
  if (info->samplerate < SHED_AUDIO_RATE_MIN_HZ || info->samplerate > SHED_AUDIO_RATE_MAX_HZ) {
    return shed_fail(err, SHED_E_RANGE, path, "has %d samples a second; from %d to %d can be read",
                     info->samplerate, SHED_AUDIO_RATE_MIN_HZ, SHED_AUDIO_RATE_MAX_HZ);
  }
  if (info->samplerate > FLAC_ANY_RATE_HZ && info->samplerate % 10 != 0) {
    return shed_fail(err, SHED_E_RANGE, path,
                     "has %d samples a second, which FLAC cannot hold; give it a usual rate first: sox %s -r "
                     "96000 take.wav",
                     info->samplerate, strpbrk(path, " '\"$`\\") ? "FILE" : path);
  }
  if (info->channels < 1 || info->channels > SHED_AUDIO_CHANNELS_MAX) {
    return shed_fail(err, SHED_E_RANGE, path, "has %d channels; at most %d can be read", info->channels,
                     SHED_AUDIO_CHANNELS_MAX);
  }
  if (info->frames < 0 || info->frames == SF_COUNT_MAX) {
    info->frames = 0;
  }
  if (info->frames > (sf_count_t)info->samplerate * SHED_AUDIO_LENGTH_MAX_S) {
    double hours = (double)info->frames / info->samplerate / 3600;
    return shed_fail(err, SHED_E_LIMIT, path, "lasts %.1f hours; at most %d can be read", hours,
                     SHED_AUDIO_LENGTH_MAX_S / 3600);
  }
  return SHED_OK;
}

shed_status
shed_source_decode(shed_blob *source, const char *path, SF_INFO *info, SNDFILE **out, shed_error *err)
{
  SF_VIRTUAL_IO io = shed_blob_io();
  memset(info, 0, sizeof(*info));
  source->at   = 0;
  SNDFILE *snd = sf_open_virtual(&io, SFM_READ, info, source);
  if (!snd) {
    return explain(source, path, err);
  }
  shed_status st = check_info(info, path, err);
  if (st != SHED_OK) {
    (void)sf_close(snd);
    return st;
  }
  *out = snd;
  return SHED_OK;
}
