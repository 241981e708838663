// About this file: what a crash between storing a file and committing its event leaves behind.
#include "mastery/store/orphans.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

// Whether a name in the folder is not one that a take has.
static shed_status
is_orphan(shed_store *s, const char *name, bool *orphan)
{
  shed_sha256   sha256 = {{0}};
  bool          used   = false;
  sqlite3_stmt *with;
  *orphan = name[0] != '.';
  if (!*orphan || strspn(name, "0123456789abcdef") != 64 || !shed_files_ending(name + 64)) {
    return SHED_OK;
  }
  memcpy(sha256.text, name, 64);
  with = shed_db_get(&s->db, SHED_SQL_TAKE_WITH_FILE);
  shed_db_bind_hash(with, 1, &sha256);
  shed_status st = shed_db_next(&s->db, with, &used);
  if (with) {
    (void)sqlite3_reset(with);
  }
  *orphan = !used;
  return st;
}

static void
tell(const shed_store *s, const char *name, bool removed, shed_store_say say, void *ctx)
{
  char text[SHED_STORE_PATH + 400];
  if (say) {
    (void)snprintf(text, sizeof(text), "%s/%s: no take names it%s", s->folder, name,
                   removed ? "; removed" : " (woodshed store clean removes it)");
    say(ctx, text);
  }
}

shed_status
shed_orphans_visit(shed_store *s, bool remove, shed_store_say say, void *ctx, shed_store_report *report,
                   shed_error *err)
{
  shed_status st     = SHED_OK;
  DIR        *folder = s->memory ? NULL : opendir(s->folder);
  for (struct dirent *d = folder ? readdir(folder) : NULL; d && st == SHED_OK; d = readdir(folder)) {
    bool orphan = false;
    st          = is_orphan(s, d->d_name, &orphan);
    if (st != SHED_OK || !orphan) {
      continue;
    }
    if (remove && unlinkat(dirfd(folder), d->d_name, 0) != 0) {
      st = shed_fail(err, SHED_E_IO, d->d_name, "cannot be removed: %s", strerror(errno));
      continue;
    }
    report->orphans++;
    report->files += remove;
    tell(s, d->d_name, remove, say, ctx);
  }
  if (folder) {
    (void)closedir(folder);
  }
  return shed_db_tell(&s->db, st, err);
}

shed_status
shed_store_clean(shed_store *s, shed_store_say say, void *ctx, shed_store_report *report, shed_error *err)
{
  *report = (shed_store_report){.events = 0};
  if (s->memory) {
    return SHED_OK;
  }
  shed_db_forgive(&s->db);
  if (flock(s->lock_fd, LOCK_EX | LOCK_NB) != 0) {
    (void)flock(s->lock_fd, LOCK_SH);
    return shed_fail(err, SHED_E_BUSY, s->folder,
                     "another program has the store open and may be storing a take; close it first");
  }
  shed_status st = shed_orphans_visit(s, true, say, ctx, report, err);
  (void)flock(s->lock_fd, LOCK_SH);
  return st;
}
