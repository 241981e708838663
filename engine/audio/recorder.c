// About this file: the thread that encodes and writes a take, and how a take ends. libFLAC holds back one block of 4096
// frames; every other frame is with the kernel soon after it was pushed, so kill -9 costs a fraction of a second. Once a second the
// file is brought to the disk itself.
#include "engine/audio/recorder.h"

#include "engine/audio/file.h"
#include "engine/audio/limits.h"
#include "engine/audio/recorder_internal.h"
#include "engine/base/clock.h"
#include "engine/base/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// A hundred takes at once are a hundred of these threads: they wake as seldom as a crash allows.
enum { RING_S = 2, NAP_MS = 100, SYNC_EVERY = 1000 / NAP_MS };
static const char PART[] = ".part";

static shed_status
no_memory(const char *path, shed_error *err)
{
  return shed_fail(err, SHED_E_NOMEM, path, "%s", shed_status_text(SHED_E_NOMEM));
}

static void
say(shed_recorder *rec)
{
  shed_status st = rec->failure.status != SHED_OK ? rec->failure.status
                   : rec->box.n > 0               ? SHED_E_NOSPACE
                                                  : SHED_OK;
  atomic_store_explicit(&rec->disk, (int)st, memory_order_relaxed);
  atomic_store_explicit(&rec->bytes_waiting, rec->box.n - rec->box.done, memory_order_relaxed);
}

static void
encode(shed_recorder *rec, const int32_t *q, size_t n)
{
  if (rec->failure.status == SHED_OK &&
      shed_stored_write(&rec->stored, q, n, rec->part, &rec->failure) != SHED_OK) {
    int error = rec->box.error ? rec->box.error : EIO;
    (void)shed_fail(&rec->failure, shed_status_of_errno(error), rec->path,
                    "can be written no further: %s. What was recorded before that is kept", strerror(error));
  }
  atomic_fetch_add_explicit(&rec->frames, n, memory_order_relaxed);
}

static void
write_gap(shed_recorder *rec, uint64_t frames)
{
  static const int32_t silence[RECORDER_BLOCK];
  uint64_t             at = atomic_load_explicit(&rec->frames, memory_order_relaxed);
  if (rec->n_gaps < SHED_RECORDER_GAPS) {
    rec->gap[rec->n_gaps++] = (shed_recorder_gap){at, frames};
  }
  atomic_fetch_add_explicit(&rec->missing, frames, memory_order_relaxed);
  while (frames > 0) {
    size_t some = frames < RECORDER_BLOCK ? (size_t)frames : RECORDER_BLOCK;
    encode(rec, silence, some);
    frames -= some;
  }
}

// Everything that is in the ring now.
static void
write_ring(shed_recorder *rec)
{
  uint64_t lost = 0;
  size_t   n    = 0;
  while ((n = shed_ring_read(rec->ring, rec->x, RECORDER_BLOCK, &lost)) > 0) {
    if (lost > 0) {
      write_gap(rec, lost);
    }
    for (size_t i = 0; i < n; i++) {
      rec->q[i] = shed_stored_quantise(rec->x[i]);
    }
    encode(rec, rec->q, n);
  }
}

// Until NAP_MS have gone by, or the take is over.
static void
nap(shed_recorder *rec)
{
  const shed_clock     *c     = shed_clock_system();
  const int64_t         until = c->mono_ns(c->ctx) + NAP_MS * INT64_C(1000000);
  const struct timespec t     = {.tv_sec = until / 1000000000, .tv_nsec = until % 1000000000};
  int                   late  = 0;
  (void)pthread_mutex_lock(&rec->mutex);
  while (!late && !atomic_load_explicit(&rec->stop, memory_order_relaxed)) {
    late = pthread_cond_timedwait(&rec->wake, &rec->mutex, &t);
  }
  (void)pthread_mutex_unlock(&rec->mutex);
}

static void
bring_to_disk(shed_recorder *rec)
{
  const int along = atomic_exchange_explicit(&rec->along, -1, memory_order_relaxed);
  if (along >= 0) {
    (void)fdatasync(along);
  }
  (void)fdatasync(rec->box.fd); // what it says is asked again at the end
}

static void *
write_on(void *arg)
{
  shed_recorder *rec  = arg;
  bool           stop = false;
  for (int turn = 1; !stop; turn++) {
    stop = atomic_load_explicit(&rec->stop, memory_order_acquire); // before the ring is looked at a last time
    write_ring(rec);
    (void)shed_outbox_drain(&rec->box);
    say(rec);
    if (!stop && turn % SYNC_EVERY == 0) {
      bring_to_disk(rec);
    }
    if (!stop) {
      nap(rec);
    }
  }
  return NULL;
}

static shed_status
start(shed_recorder *rec, shed_error *err)
{
  if (shed_file_exists(rec->path)) {
    return shed_fail(err, SHED_E_EXISTS, rec->path, "is there already");
  }
  shed_status st = shed_outbox_open(&rec->box, rec->part, SHED_RECORDER_WAITING_MOST, rec->alloc, err);
  if (st != SHED_OK) {
    return st;
  }
  if (shed_ring_new(&rec->ring, rec->alloc, (size_t)RING_S * (size_t)rec->rate_hz) != SHED_OK) {
    return no_memory(rec->path, err);
  }
  if ((st = shed_stored_open_on(&rec->stored, shed_outbox_io(), &rec->box, SF_FORMAT_FLAC, rec->rate_hz,
                                err)) != SHED_OK) {
    return st;
  }
  if (pthread_create(&rec->thread, NULL, write_on, rec) != 0) {
    return no_memory(rec->path, err);
  }
  rec->running = true;
  return SHED_OK;
}

shed_status
shed_recorder_open(shed_recorder **out, const char *path, int rate_hz, const shed_alloc *alloc,
                   shed_error *err)
{
  if (rate_hz < SHED_AUDIO_RATE_MIN_HZ || rate_hz > SHED_AUDIO_RATE_MAX_HZ) {
    return shed_fail(err, SHED_E_RANGE, path, "a rate of %d is not from %d to %d", rate_hz,
                     SHED_AUDIO_RATE_MIN_HZ, SHED_AUDIO_RATE_MAX_HZ);
  }
  shed_recorder *rec = shed_calloc(alloc, 1, sizeof(*rec));
  if (!rec) {
    return no_memory(path, err);
  }
  pthread_condattr_t monotonic;
  (void)pthread_condattr_init(&monotonic);
  (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  (void)pthread_mutex_init(&rec->mutex, NULL);
  (void)pthread_cond_init(&rec->wake, &monotonic);
  (void)pthread_condattr_destroy(&monotonic);
  atomic_init(&rec->along, -1);
  rec->alloc   = alloc;
  rec->rate_hz = rate_hz;
  rec->box.fd  = -1;
  rec->path    = shed_strdup(alloc, path);
  size_t n     = strlen(path) + sizeof(PART);
  rec->part    = shed_malloc(alloc, n);
  if (!rec->path || !rec->part) {
    shed_recorder_free(rec);
    return no_memory(path, err);
  }
  (void)snprintf(rec->part, n, "%s%s", path, PART);
  shed_status st = start(rec, err);
  if (st != SHED_OK) {
    bool ours = rec->box.fd >= 0; // else it is another's
    if (ours) {
      (void)unlink(rec->part);
    }
    shed_recorder_free(rec);
    return st;
  }
  *out = rec;
  return SHED_OK;
}

void
shed_recorder_along(shed_recorder *rec, int fd)
{
  atomic_store_explicit(&rec->along, fd, memory_order_relaxed);
}

shed_recorder_state
shed_recorder_now(const shed_recorder *rec)
{
  return (shed_recorder_state){.frames  = atomic_load_explicit(&rec->frames, memory_order_relaxed),
                               .missing = atomic_load_explicit(&rec->missing, memory_order_relaxed),
                               .bytes_waiting =
                                   atomic_load_explicit(&rec->bytes_waiting, memory_order_relaxed),
                               .disk = (shed_status)atomic_load_explicit(&rec->disk, memory_order_relaxed)};
}

static void
join(shed_recorder *rec)
{
  if (rec->running) {
    (void)pthread_mutex_lock(&rec->mutex);
    atomic_store_explicit(&rec->stop, true, memory_order_release);
    (void)pthread_cond_signal(&rec->wake);
    (void)pthread_mutex_unlock(&rec->mutex);
    (void)pthread_join(rec->thread, NULL);
    rec->running = false;
  }
}

static shed_status
give_name(shed_recorder *rec, shed_sha256 *sha256, shed_error *err)
{
  shed_blob blob;
  char     *slash = strrchr(rec->path, '/');
  if (sha256) {
    shed_blob_of_file(&blob, rec->box.fd, rec->box.size); // its end is that of the box: not freed
    if (shed_blob_sha256(&blob, sha256) != SHED_OK) {
      return shed_fail(err, SHED_E_IO, rec->path, "cannot be read back");
    }
  }
  if (fsync(rec->box.fd) || rename(rec->part, rec->path)) {
    int error = errno;
    return shed_fail(err, shed_status_of_errno(error), rec->path, "cannot be written: %s", strerror(error));
  }
  rec->finished = true;
  if (!slash) {
    return shed_folder_sync(".", err);
  }
  if (slash == rec->path) {
    return shed_folder_sync("/", err);
  }
  *slash         = '\0';
  shed_status st = shed_folder_sync(rec->path, err);
  *slash         = '/';
  return st;
}

shed_status
shed_recorder_finish(shed_recorder *rec, shed_sha256 *sha256, shed_error *err)
{
  if (rec->finished) {
    return shed_fail(err, SHED_E_STATE, rec->path, "is finished already");
  }
  join(rec);
  if (rec->failure.status == SHED_OK && rec->stored.snd) {
    rec->failure.status = shed_stored_finish(&rec->stored, NULL, NULL, &rec->failure);
  }
  bool written = shed_outbox_drain(&rec->box);
  if (rec->box.error && rec->failure.status == SHED_OK) {
    (void)shed_fail(&rec->failure, shed_status_of_errno(rec->box.error), rec->path, "cannot be written: %s",
                    strerror(rec->box.error));
  }
  say(rec);
  if (rec->failure.status != SHED_OK) {
    if (err) {
      *err = rec->failure;
    }
    return rec->failure.status;
  }
  if (!written) {
    return shed_fail(err, SHED_E_NOSPACE, rec->path,
                     "the disk is full: %.1f MB wait. Make room and save again",
                     (double)(rec->box.n - rec->box.done) / 1e6);
  }
  return give_name(rec, sha256, err);
}

size_t
shed_recorder_gaps(const shed_recorder *rec, const shed_recorder_gap **out)
{
  *out = rec->gap;
  return rec->n_gaps;
}

void
shed_recorder_free(shed_recorder *rec)
{
  if (!rec) {
    return;
  }
  join(rec);
  shed_stored_free(&rec->stored);
  if (rec->box.fd >= 0) {
    (void)shed_outbox_drain(&rec->box);
  }
  shed_outbox_close(&rec->box);
  shed_ring_free(rec->ring);
  shed_free(rec->alloc, rec->path);
  shed_free(rec->alloc, rec->part);
  (void)pthread_cond_destroy(&rec->wake);
  (void)pthread_mutex_destroy(&rec->mutex);
  shed_free(rec->alloc, rec);
}

static shed_status
read_all(shed_sound_reader *reader, uint64_t *frames, shed_error *err)
{
  float       x[RECORDER_BLOCK];
  size_t      n  = 0;
  shed_status st = SHED_OK;
  *frames        = 0;
  while ((st = shed_sound_read(reader, x, RECORDER_BLOCK, &n, err)) == SHED_OK && n > 0) {
    *frames += n;
  }
  return st;
}

shed_status
shed_recorder_recover(const char *path, const shed_alloc *alloc, uint64_t *frames, shed_error *err)
{
  shed_sound_reader *reader = NULL;
  size_t             size   = strlen(path) + sizeof(PART);
  char              *part   = shed_malloc(alloc, size);
  uint64_t           n      = 0;
  if (!part) {
    return no_memory(path, err);
  }
  (void)snprintf(part, size, "%s%s", path, PART);
  shed_status st = shed_file_exists(path) ? shed_fail(err, SHED_E_EXISTS, path, "is there already")
                                          : shed_sound_open(&reader, part, path, alloc, err);
  if (st == SHED_OK && (st = read_all(reader, &n, err)) == SHED_OK &&
      (st = shed_sound_finish(reader, NULL, err)) == SHED_OK) {
    (void)unlink(part); // the take is whole and in its place: a .part that stays is no harm
    *frames = n;
  }
  shed_sound_close(reader);
  shed_free(alloc, part);
  return st;
}
