// About this file: bytes that libsndfile reads and writes, in memory or in a file. The first error number is kept, and
// nothing is written after it: the caller asks once, when the encoder has finished.
#include "engine/audio/blob.h"

#include "engine/base/file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HASH_BLOCK = 65536 };

void
shed_blob_in_memory(shed_blob *b, const shed_alloc *alloc)
{
  memset(b, 0, sizeof(*b));
  b->alloc = alloc;
  b->fd    = -1;
}

shed_status
shed_blob_beside(shed_blob *b, const char *path, const shed_alloc *alloc, shed_error *err)
{
  size_t n = strlen(path) + sizeof(".tmpXXXXXX");
  shed_blob_in_memory(b, alloc);
  b->temp = shed_malloc(alloc, n);
  if (!b->temp) {
    return shed_fail(err, SHED_E_NOMEM, path, "%s", shed_status_text(SHED_E_NOMEM));
  }
  (void)snprintf(b->temp, n, "%s.tmpXXXXXX", path);
  b->fd = mkstemp(b->temp);
  if (b->fd < 0) {
    int error = errno;
    shed_free(alloc, b->temp);
    b->temp = NULL;
    return shed_fail(err, shed_status_of_errno(error), path, "cannot be written: %s", strerror(error));
  }
  return SHED_OK;
}

void
shed_blob_of_file(shed_blob *b, int fd, int64_t size)
{
  shed_blob_in_memory(b, NULL);
  b->fd   = fd;
  b->size = size;
}

static int64_t
failed(shed_blob *b, int error)
{
  if (!b->error) {
    b->error = error;
  }
  return 0;
}

static int64_t
write_fd(shed_blob *b, const unsigned char *p, int64_t n)
{
  int64_t done = 0;
  while (done < n) {
    ssize_t w = pwrite(b->fd, p + done, (size_t)(n - done), b->at + done);
    if (w < 0 && errno == EINTR) {
      continue;
    }
    if (w <= 0) {
      (void)failed(b, w < 0 ? errno : EIO);
      break;
    }
    done += w;
  }
  return done;
}

// From memory to a file without a name. The place is kept.
static bool
spill(shed_blob *b)
{
  const char *folder = getenv("TMPDIR");
  char        name[PATH_MAX];
  int64_t     at  = b->at;
  int         len = snprintf(name, sizeof(name), "%s/woodshed.XXXXXX", folder && folder[0] ? folder : "/tmp");
  b->fd           = len > 0 && (size_t)len < sizeof(name) ? mkstemp(name) : -1;
  if (b->fd < 0) {
    (void)failed(b, errno ? errno : ENAMETOOLONG);
    return false;
  }
  (void)unlink(name);
  b->at     = 0;
  bool good = write_fd(b, b->mem, b->size) == b->size;
  b->at     = at;
  shed_free(b->alloc, b->mem);
  b->mem     = NULL;
  b->mem_cap = 0;
  return good;
}

// Room for bytes up to end, in memory or by going to a file.
static bool
reserve(shed_blob *b, int64_t end)
{
  if (b->fd >= 0 || end <= (int64_t)b->mem_cap) {
    return true;
  }
  if (end > SHED_BLOB_MEMORY_BYTES) {
    return spill(b);
  }
  size_t cap = b->mem_cap ? b->mem_cap : 65536;
  while ((int64_t)cap < end) {
    cap *= 2;
  }
  unsigned char *grown = shed_realloc(b->alloc, b->mem, cap);
  if (!grown) {
    (void)failed(b, ENOMEM);
    return false;
  }
  memset(grown + b->mem_cap, 0, cap - b->mem_cap); // a place beyond the end may be written first
  b->mem     = grown;
  b->mem_cap = cap;
  return true;
}

int64_t
shed_blob_write(shed_blob *b, const void *data, int64_t n)
{
  if (b->error || n <= 0 || !reserve(b, b->at + n)) {
    return 0;
  }
  int64_t done = n;
  if (b->fd >= 0) {
    done = write_fd(b, data, n);
  } else {
    SHED_ASSERT(b->mem != NULL);
    memcpy(b->mem + b->at, data, (size_t)n);
  }
  b->at += done;
  b->size = b->at > b->size ? b->at : b->size;
  return done;
}

int64_t
shed_blob_read(shed_blob *b, void *data, int64_t n)
{
  int64_t left = b->size - b->at;
  n            = n < left ? n : left;
  if (n <= 0) {
    return 0;
  }
  if (b->fd < 0) {
    memcpy(data, b->mem + b->at, (size_t)n);
    b->at += n;
    return n;
  }
  int64_t done = 0;
  while (done < n) {
    ssize_t r = pread(b->fd, (unsigned char *)data + done, (size_t)(n - done), b->at + done);
    if (r < 0 && errno == EINTR) {
      continue;
    }
    if (r < 0) {
      (void)failed(b, errno);
    }
    if (r <= 0) {
      break;
    }
    done += r;
  }
  b->at += done;
  return done;
}

static sf_count_t
io_length(void *user)
{
  return ((const shed_blob *)user)->size;
}

static sf_count_t
io_seek(sf_count_t offset, int whence, void *user)
{
  shed_blob *b    = user;
  int64_t    base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? b->at : b->size;
  int64_t    at   = 0;
  if (__builtin_add_overflow(base, offset, &at) || at < 0) {
    return -1;
  }
  b->at = at;
  return at;
}

static sf_count_t
io_read(void *p, sf_count_t n, void *user)
{
  return shed_blob_read(user, p, n);
}

static sf_count_t
io_write(const void *p, sf_count_t n, void *user)
{
  return shed_blob_write(user, p, n);
}

static sf_count_t
io_tell(void *user)
{
  return ((const shed_blob *)user)->at;
}

SF_VIRTUAL_IO
shed_blob_io(void)
{
  return (SF_VIRTUAL_IO){io_length, io_seek, io_read, io_write, io_tell};
}

shed_status
shed_blob_sha256(shed_blob *b, shed_sha256 *out)
{
  unsigned char      block[HASH_BLOCK];
  shed_sha256_stream s;
  int64_t            n = 0;
  shed_sha256_start(&s);
  b->at = 0;
  while ((n = shed_blob_read(b, block, sizeof(block))) > 0) {
    shed_sha256_add(&s, block, (size_t)n);
  }
  *out = shed_sha256_end(&s);
  return b->error || b->at != b->size ? SHED_E_IO : SHED_OK;
}

shed_status
shed_blob_keep(shed_blob *b, const char *path, shed_error *err)
{
  char folder[PATH_MAX];
  if (fsync(b->fd) || rename(b->temp, path)) {
    int error = errno;
    return shed_fail(err, shed_status_of_errno(error), path, "cannot be written: %s", strerror(error));
  }
  shed_free(b->alloc, b->temp);
  b->temp     = NULL;
  int   len   = snprintf(folder, sizeof(folder), "%s", path);
  char *slash = len < (int)sizeof(folder) ? strrchr(folder, '/') : NULL;
  if (slash) {
    slash[slash == folder] = '\0';
  } else {
    (void)snprintf(folder, sizeof(folder), ".");
  }
  return shed_folder_sync(folder, err);
}

void
shed_blob_free(shed_blob *b)
{
  if (b->temp) {
    (void)unlink(b->temp);
    shed_free(b->alloc, b->temp);
  }
  if (b->fd >= 0) {
    (void)close(b->fd);
  }
  shed_free(b->alloc, b->mem);
  shed_blob_in_memory(b, NULL);
}
