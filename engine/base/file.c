#include "engine/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

shed_status
shed_status_of_errno(int error)
{
  switch (error) {
  case ENOSPC:
  case EDQUOT:
    return SHED_E_NOSPACE;
  case ENOENT:
    return SHED_E_NOTFOUND;
  case ENOMEM:
    return SHED_E_NOMEM;
  default:
    return SHED_E_IO;
  }
}

bool
shed_file_exists(const char *path)
{
  struct stat s;
  return stat(path, &s) == 0;
}

// Everything until the end of f, at most limit bytes.
static shed_status
read_all(FILE *f, size_t limit, const shed_alloc *alloc, char **data, size_t *n)
{
  size_t cap = 65536;
  size_t len = 0;
  char  *buf = shed_malloc(alloc, cap + 1);

  while (buf) {
    len += fread(buf + len, 1, cap - len, f);
    if (len < cap) {
      break;
    }
    if (len > limit) {
      shed_free(alloc, buf);
      return SHED_E_LIMIT;
    }
    cap *= 2;
    char *grown = shed_realloc(alloc, buf, cap + 1);
    if (!grown) {
      shed_free(alloc, buf);
    }
    buf = grown;
  }
  if (!buf) {
    return SHED_E_NOMEM;
  }
  if (ferror(f) || len > limit) {
    shed_free(alloc, buf);
    return len > limit ? SHED_E_LIMIT : SHED_E_IO;
  }
  buf[len] = '\0';
  *data    = buf;
  *n       = len;
  return SHED_OK;
}

shed_status
shed_file_read(const char *path, size_t limit, const shed_alloc *alloc, char **data, size_t *n,
               shed_error *err)
{
  struct stat s;
  FILE       *f = fopen(path, "rb");
  if (!f) {
    return shed_fail(err, errno == ENOENT ? SHED_E_NOTFOUND : SHED_E_IO, path, "cannot be opened: %s",
                     strerror(errno));
  }
  if (fstat(fileno(f), &s) == 0 && S_ISDIR(s.st_mode)) {
    (void)fclose(f);
    return shed_fail(err, SHED_E_FORMAT, path, "is a folder, a file is needed");
  }
  shed_status st = read_all(f, limit, alloc, data, n);
  (void)fclose(f);
  if (st == SHED_E_LIMIT) {
    return shed_fail(err, st, path, "is longer than %zu bytes, the most that is read", limit);
  }
  if (st != SHED_OK) {
    return shed_fail(err, st, path, "%s", shed_status_text(st));
  }
  return SHED_OK;
}

shed_status
shed_folder_sync(const char *path, shed_error *err)
{
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) {
    return shed_fail(err, SHED_E_IO, path, "cannot be opened: %s", strerror(errno));
  }
  int failed = fsync(fd);
  int error  = errno;
  (void)close(fd);
  // some file systems cannot sync a folder; their renames are as safe as they get
  if (failed && error != EINVAL && error != EROFS) {
    return shed_fail(err, shed_status_of_errno(error), path, "cannot be synced: %s", strerror(error));
  }
  return SHED_OK;
}

static int
write_all(int fd, const char *data, size_t n)
{
  while (n) {
    ssize_t w = write(fd, data, n);
    if (w < 0 && errno == EINTR) {
      continue;
    }
    if (w <= 0) {
      return -1;
    }
    data += w;
    n -= (size_t)w;
  }
  return 0;
}

static shed_status
write_beside(const char *path, const void *data, size_t n, bool wait, shed_error *err)
{
  char temp[PATH_MAX];
  int  len = snprintf(temp, sizeof(temp), "%s.%ld.tmp", path, (long)getpid());
  if (len < 0 || (size_t)len >= sizeof(temp)) {
    return shed_fail(err, SHED_E_RANGE, NULL, "the file name is too long");
  }
  int fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) {
    return shed_fail(err, shed_status_of_errno(errno), path, "cannot be written: %s", strerror(errno));
  }
  int failed = write_all(fd, data, n) || (wait && fsync(fd));
  int error  = errno;
  failed     = close(fd) || failed;
  if (failed || rename(temp, path)) {
    error = failed ? error : errno;
    (void)unlink(temp);
    return shed_fail(err, shed_status_of_errno(error), path, "cannot be written: %s", strerror(error));
  }
  return SHED_OK;
}

shed_status
shed_file_write_atomic(const char *path, const void *data, size_t n, shed_error *err)
{
  char        folder[PATH_MAX];
  shed_status st = write_beside(path, data, n, true, err);
  if (st != SHED_OK) {
    return st;
  }
  (void)snprintf(folder, sizeof(folder), "%s", path);
  char *slash = strrchr(folder, '/');
  if (slash) {
    slash[slash == folder] = '\0';
  } else {
    (void)snprintf(folder, sizeof(folder), ".");
  }
  return shed_folder_sync(folder, err);
}

shed_status
shed_file_write_soon(const char *path, const void *data, size_t n, shed_error *err)
{
  return write_beside(path, data, n, false, err);
}

shed_status
shed_folder_make(const char *path, shed_error *err)
{
  char part[PATH_MAX];
  int  len = snprintf(part, sizeof(part), "%s", path);
  if (len <= 0 || (size_t)len >= sizeof(part)) {
    return shed_fail(err, SHED_E_RANGE, NULL, "the folder name is empty or too long");
  }
  for (char *p = part + 1;; p++) {
    if (*p != '/' && *p) {
      continue;
    }
    char saved = *p;
    *p         = '\0';
    if (mkdir(part, 0700) && errno != EEXIST) {
      return shed_fail(err, shed_status_of_errno(errno), part, "cannot be made: %s", strerror(errno));
    }
    *p = saved;
    if (!saved) {
      return SHED_OK;
    }
  }
}
