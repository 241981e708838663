// About this file: keeps bytes in memory that a full disk does not take. The order is kept, also of what is written a second
// time (a header at the end), so the file is the same as if there had been room.
#include "engine/audio/outbox.h"

#include "engine/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

// Before each piece.
typedef struct {
  int64_t at;
  size_t  n;
} piece;

shed_status
shed_outbox_open(shed_outbox *box, const char *path, size_t most, const shed_alloc *alloc, shed_error *err)
{
  *box    = (shed_outbox){.alloc = alloc, .most = most};
  box->fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (box->fd < 0 && errno == EEXIST) {
    return shed_fail(err, SHED_E_EXISTS, path,
                     "is left from a take that was broken off. Recover or remove it first");
  }
  if (box->fd < 0) {
    int error = errno;
    return shed_fail(err, shed_status_of_errno(error), path, "cannot be written: %s", strerror(error));
  }
  return SHED_OK;
}

// A limit on the size of files is a full disk, too: it may be lifted.
static bool
may_pass(int error)
{
  return error == ENOSPC || error == EDQUOT || error == EFBIG;
}

// As much of it as the disk takes.
static size_t
put(shed_outbox *box, int64_t at, const unsigned char *data, size_t n)
{
  size_t done = 0;
  while (done < n && !box->error) {
    ssize_t w = pwrite(box->fd, data + done, n - done, at + (int64_t)done);
    if (w < 0 && errno == EINTR) {
      continue;
    }
    if (w <= 0) {
      int error = w < 0 ? errno : EIO;
      if (!may_pass(error)) {
        box->error = error;
      }
      break;
    }
    done += (size_t)w;
  }
  return done;
}

static void
wait_for_room(shed_outbox *box, int64_t at, const unsigned char *data, size_t n)
{
  size_t need = box->n + sizeof(piece) + n;
  if (need > box->most) {
    box->error = ENOSPC;
    return;
  }
  if (!box->waiting || need > box->cap) {
    size_t         cap   = need < box->most / 2 ? 2 * need : box->most;
    unsigned char *grown = shed_realloc(box->alloc, box->waiting, cap);
    if (!grown) {
      box->error = ENOMEM;
      return;
    }
    box->waiting = grown;
    box->cap     = cap;
  }
  piece p = {at, n};
  memcpy(box->waiting + box->n, &p, sizeof(p));
  memcpy(box->waiting + box->n + sizeof(p), data, n);
  box->n = need;
}

bool
shed_outbox_drain(shed_outbox *box)
{
  while (box->done < box->n && !box->error) {
    piece p;
    memcpy(&p, box->waiting + box->done, sizeof(p));
    size_t took = put(box, p.at, box->waiting + box->done + sizeof(p), p.n);
    if (took < p.n) {
      // what is left of it becomes a piece of its own, right before the rest: there is room where it was
      box->done += took;
      p = (piece){p.at + (int64_t)took, p.n - took};
      memcpy(box->waiting + box->done, &p, sizeof(p));
      return false;
    }
    box->done += sizeof(p) + p.n;
  }
  if (box->done == box->n) {
    shed_free(box->alloc, box->waiting);
    box->waiting = NULL;
    box->n = box->cap = box->done = 0;
  }
  return box->n == 0;
}

static sf_count_t
io_write(const void *data, sf_count_t n, void *user)
{
  shed_outbox *box  = user;
  size_t       done = 0;
  if (n <= 0 || box->error) {
    return 0;
  }
  if (shed_outbox_drain(box)) {
    done = put(box, box->at, data, (size_t)n);
  }
  if (done < (size_t)n && !box->error) {
    wait_for_room(box, box->at + (int64_t)done, (const unsigned char *)data + done, (size_t)n - done);
  }
  if (box->error) {
    return 0;
  }
  box->at += n;
  box->size = box->at > box->size ? box->at : box->size;
  return n;
}

static sf_count_t
io_length(void *user)
{
  return ((const shed_outbox *)user)->size;
}

static sf_count_t
io_seek(sf_count_t offset, int whence, void *user)
{
  shed_outbox *box  = user;
  int64_t      base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? box->at : box->size;
  int64_t      at   = 0;
  if (__builtin_add_overflow(base, offset, &at) || at < 0) {
    return -1;
  }
  box->at = at;
  return at;
}

static sf_count_t
io_read(void *data, sf_count_t n, void *user)
{
  (void)data, (void)n, (void)user;
  return 0;
}

static sf_count_t
io_tell(void *user)
{
  return ((const shed_outbox *)user)->at;
}

SF_VIRTUAL_IO
shed_outbox_io(void)
{
  return (SF_VIRTUAL_IO){io_length, io_seek, io_read, io_write, io_tell};
}

void
shed_outbox_close(shed_outbox *box)
{
  if (box->fd >= 0) {
    (void)close(box->fd);
    box->fd = -1;
  }
  shed_free(box->alloc, box->waiting);
  box->waiting = NULL;
  box->n = box->cap = box->done = 0;
}
