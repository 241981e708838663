// About this file: the folder of takes beside the database. Files come in under a name that starts with "tmp-" and get
// their place by rename, synced, before any event names them; they leave only when no take names them.
//
// Whoever has the store open holds a shared lock on the folder's .lock; what a crash left can be cleared away by one who
// gets it alone. The lock is the kernel's, so it ends with its process however that ends.
#include "mastery/store/inside.h"

#include "engine/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define TEMP_PREFIX "tmp-"

static const char *const endings[] = {
#define SHED_FILE_ENDING(text) text,
#include "mastery/store/file_endings.def"
#undef SHED_FILE_ENDING
};

const char *
shed_files_ending(const char *name)
{
  for (size_t i = 0; i < SHED_COUNTOF(endings); i++) {
    if (strcmp(name, endings[i]) == 0) {
      return endings[i];
    }
  }
  return NULL;
}

bool
shed_files_path(const char *folder, const shed_sha256 *sha256, const char *ending, char *path, size_t size)
{
  int n = snprintf(path, size, "%s/%s%s", folder, sha256->text, ending);
  return n > 0 && (size_t)n < size;
}

bool
shed_files_find(const char *folder, const shed_sha256 *sha256, char *path, size_t size, const char **ending)
{
  for (size_t i = 0; i < SHED_COUNTOF(endings); i++) {
    if (shed_files_path(folder, sha256, endings[i], path, size) && shed_file_exists(path)) {
      *ending = endings[i];
      return true;
    }
  }
  *ending = endings[0];
  if (!shed_files_path(folder, sha256, endings[0], path, size)) {
    path[0] = '\0';
  }
  return false;
}

// -- opening -----------------------------------------------------------------------------------------------------------

static void
remove_temps(const shed_store *s)
{
  DIR *folder = opendir(s->folder);
  for (struct dirent *d = folder ? readdir(folder) : NULL; d; d = readdir(folder)) {
    if (shed_starts_with(d->d_name, TEMP_PREFIX) && unlinkat(dirfd(folder), d->d_name, 0) == 0) {
      shed_logf(s->log, SHED_LOG_INFO, "removed %s/%s, left by a program that was cut off", s->folder,
                d->d_name);
    }
  }
  if (folder) {
    (void)closedir(folder);
  }
}

shed_status
shed_files_open(shed_store *s, shed_error *err)
{
  char        lock[SHED_STORE_PATH + 16];
  shed_status st = shed_folder_make(s->folder, err);
  if (st != SHED_OK) {
    return st;
  }
  (void)snprintf(lock, sizeof(lock), "%s/.lock", s->folder);
  s->lock_fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (s->lock_fd < 0) {
    return shed_fail(err, shed_status_of_errno(errno), lock, "cannot be opened: %s", strerror(errno));
  }
  if (flock(s->lock_fd, LOCK_EX | LOCK_NB) == 0) {
    remove_temps(s);
  }
  if (flock(s->lock_fd, LOCK_SH) != 0) {
    return shed_fail(err, SHED_E_IO, lock, "cannot be locked: %s", strerror(errno));
  }
  return SHED_OK;
}

void
shed_files_close(shed_store *s)
{
  if (s->lock_fd >= 0) {
    (void)close(s->lock_fd);
    s->lock_fd = -1;
  }
}

// -- in ------------------------------------------------------------------------------------------------------------------

static shed_status
sync_file(const char *path, shed_error *err)
{
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0 || fsync(fd) != 0) {
    int error = errno;
    if (fd >= 0) {
      (void)close(fd);
    }
    return shed_fail(err, shed_status_of_errno(error), path, "cannot be synced: %s", strerror(error));
  }
  (void)close(fd);
  return SHED_OK;
}

shed_status
shed_files_adopt(shed_store *s, const char *temp, const shed_sha256 *sha256, const char *ending,
                 shed_error *err)
{
  char        path[SHED_STORE_PATH + 80];
  const char *here;
  shed_status st = sync_file(temp, err);
  if (st != SHED_OK) {
    return st;
  }
  // the same bytes keep the name that they have
  if (!shed_files_find(s->folder, sha256, path, sizeof(path), &here) &&
      !shed_files_path(s->folder, sha256, ending, path, sizeof(path))) {
    return shed_fail(err, SHED_E_RANGE, s->folder, "the path is too long");
  }
  if (rename(temp, path) != 0) {
    return shed_fail(err, shed_status_of_errno(errno), path, "cannot be put in place: %s", strerror(errno));
  }
  return shed_folder_sync(s->folder, err);
}

// -- out -----------------------------------------------------------------------------------------------------------------

shed_status
shed_files_doom(shed_store *s, const shed_sha256 *sha256)
{
  shed_status st = shed_grow(s->alloc, (void **)&s->doomed, &s->cap_doomed, s->n_doomed, sizeof(*s->doomed));
  if (st == SHED_OK) {
    s->doomed[s->n_doomed++] = *sha256;
  }
  return st;
}

static bool
is_used(shed_store *s, const shed_sha256 *sha256)
{
  bool          used = true;
  sqlite3_stmt *with = shed_db_get(&s->db, SHED_SQL_TAKE_WITH_FILE);
  shed_db_bind_hash(with, 1, sha256);
  shed_status st = shed_db_next(&s->db, with, &used);
  if (with) {
    (void)sqlite3_reset(with);
  }
  return st != SHED_OK || used; // in doubt it stays
}

static void
remove_unused(shed_store *s, const shed_sha256 *sha256)
{
  char        path[SHED_STORE_PATH + 80];
  const char *ending;
  if (is_used(s, sha256) || !shed_files_find(s->folder, sha256, path, sizeof(path), &ending)) {
    return;
  }
  if (unlink(path) == 0) {
    s->n_removed++;
  } else if (errno != ENOENT) {
    shed_logf(s->log, SHED_LOG_ERROR, "%s cannot be removed: %s", path, strerror(errno));
  }
}

void
shed_files_remove_doomed(shed_store *s)
{
  size_t n = 0;
  for (size_t i = 0; i < s->n_doomed && !s->memory; i++) {
    if (!is_used(s, &s->doomed[i])) {
      s->doomed[n++] = s->doomed[i];
    }
  }
  s->n_doomed = n;
  if (n == 0) {
    return;
  }
  // under the write lock, so that nobody is about to name one of them
  if (shed_db_run(&s->db, shed_db_get(&s->db, SHED_SQL_BEGIN)) == SHED_OK) {
    for (size_t i = 0; i < n; i++) {
      remove_unused(s, &s->doomed[i]);
    }
    shed_act_abandon(s);
  } else {
    shed_logf(s->log, SHED_LOG_WARNING, "%zu files wait to be removed: run woodshed store clean", n);
  }
  s->n_doomed = 0;
}
