#include "mastery/store/store.h"

#include "engine/base/file.h"
#include "mastery/store/inside.h"
#include "mastery/store/migrate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BUSY_MS_DEFAULT = 5000, BUSY_STEP_MS = 10 };

static const char MEMORY[] = ":memory:";

// -- where ---------------------------------------------------------------------------------------------------------------

static int
default_path(char *out, size_t size)
{
  const char *data = getenv("XDG_DATA_HOME");
  const char *home = getenv("HOME");
  if (data && data[0] == '/') {
    return snprintf(out, size, "%s/woodshed/store.db", data);
  }
  return home && home[0] ? snprintf(out, size, "%s/.local/share/woodshed/store.db", home) : 0;
}

// "postgresql:" and the like, but not a path with a colon in it.
static bool
has_scheme(const char *url)
{
  size_t n = strspn(url, "abcdefghijklmnopqrstuvwxyz+");
  return n > 1 && url[n] == ':' && strncmp(url, "sqlite:", 7) != 0;
}

shed_status
shed_store_url_path(const char *url, char *out, size_t size, shed_error *err)
{
  int n;
  if (!url || !url[0]) {
    n = default_path(out, size);
    if (n == 0) {
      return shed_fail(err, SHED_E_NOTFOUND, NULL,
                       "neither XDG_DATA_HOME nor HOME is set; say where with --store PATH");
    }
  } else if (has_scheme(url)) {
    return shed_fail(err, SHED_E_UNSUPPORTED, url,
                     "this kind of store is not supported; use a path or sqlite:PATH");
  } else {
    n = snprintf(out, size, "%s", shed_starts_with(url, "sqlite:") ? url + strlen("sqlite:") : url);
  }
  if (n <= 0 || (size_t)n + 64 >= size) {
    return shed_fail(err, SHED_E_RANGE, url, "the path of the store is empty or too long");
  }
  return SHED_OK;
}

// -- opening -------------------------------------------------------------------------------------------------------------

static shed_status
make_parents(const char *path, shed_error *err)
{
  char folder[SHED_STORE_PATH];
  (void)snprintf(folder, sizeof(folder), "%s", path);
  char *slash = strrchr(folder, '/');
  if (!slash || slash == folder) {
    return SHED_OK;
  }
  *slash = '\0';
  return shed_folder_make(folder, err);
}

// The file is made by us, so that it is for its owner's eyes only whatever the umask.
static shed_status
make_file(const shed_store *s, bool existing, shed_error *err)
{
  int         fd = -1;
  shed_status st = existing ? SHED_OK : make_parents(s->path, err);
  if (st != SHED_OK) {
    return st;
  }
  fd = open(s->path, O_RDWR | (existing ? 0 : O_CREAT) | O_CLOEXEC, 0600);
  if (fd < 0) {
    int error = errno;
    st        = error == EACCES || error == EROFS ? SHED_E_DENIED : shed_status_of_errno(error);
    return shed_fail(err, st, s->path,
                     st == SHED_E_NOTFOUND ? "there is no store: %s" : "cannot be opened: %s",
                     strerror(error));
  }
  (void)close(fd);
  return SHED_OK;
}

static shed_status
set_up(shed_store *s)
{
  int64_t     unused = 0;
  shed_status st     = shed_migrate_version(&s->db, &unused);
  if (st == SHED_OK && !s->memory) {
    st = shed_db_exec(&s->db, "PRAGMA journal_mode = WAL");
  }
  if (st == SHED_OK) {
    st =
        shed_db_exec(&s->db, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;"
                             "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON");
  }
  return st == SHED_OK ? shed_migrate(&s->db) : st;
}

// Turning a new file to WAL needs it alone for a moment, and SQLite does not always wait for that: so we do.
static shed_status
set_up_patiently(shed_store *s, int busy_ms)
{
  const struct timespec step = {.tv_nsec = BUSY_STEP_MS * 1000000L};
  shed_status           st   = set_up(s);
  for (int waited = 0; st == SHED_E_BUSY && waited < busy_ms; waited += BUSY_STEP_MS) {
    (void)nanosleep(&step, NULL);
    shed_db_forgive(&s->db);
    st = set_up(s);
  }
  return st;
}

static shed_status
open_parts(shed_store *s, const char *url, const shed_store_opts *opts, shed_error *err)
{
  int         busy_ms = opts->busy_ms > 0 ? opts->busy_ms : BUSY_MS_DEFAULT;
  shed_status st      = shed_store_url_path(url, s->path, sizeof(s->path), err);
  if (st != SHED_OK) {
    return st;
  }
  s->memory = strcmp(s->path, MEMORY) == 0;
  (void)snprintf(s->folder, sizeof(s->folder), "%.*s.takes", (int)sizeof(s->folder) - 16, s->path);
  if (!s->memory && (st = make_file(s, opts->existing, err)) != SHED_OK) {
    return st;
  }
  st = shed_db_open(&s->db, s->path, 0, busy_ms);
  if (st == SHED_OK) {
    st = set_up_patiently(s, busy_ms);
  }
  if (st != SHED_OK) {
    return shed_db_tell(&s->db, st, err);
  }
  return s->memory ? SHED_OK : shed_files_open(s, err);
}

shed_status
shed_store_open(shed_store **out, const char *url, const shed_store_opts *opts, shed_error *err)
{
  static const shed_store_opts none = {.alloc = NULL};
  opts                              = opts ? opts : &none;
  shed_store *s                     = shed_calloc(opts->alloc, 1, sizeof(*s));
  if (!s) {
    return shed_fail(err, SHED_E_NOMEM, NULL, "%s", shed_status_text(SHED_E_NOMEM));
  }
  s->alloc       = opts->alloc;
  s->clock       = opts->clock ? opts->clock : shed_clock_system();
  s->log         = opts->log;
  s->lock_fd     = -1;
  shed_status st = open_parts(s, url, opts, err);
  if (st != SHED_OK) {
    shed_store_close(s);
    return st;
  }
  *out = s;
  return SHED_OK;
}

void
shed_store_close(shed_store *s)
{
  if (!s) {
    return;
  }
  shed_db_close(&s->db);
  shed_files_close(s);
  shed_free(s->alloc, s->takes);
  shed_free(s->alloc, s->answers);
  shed_free(s->alloc, s->decisions);
  shed_free(s->alloc, s->doomed);
  shed_free(s->alloc, s);
}

const char *
shed_store_path(const shed_store *s)
{
  return s->path;
}

const char *
shed_store_takes_folder(const shed_store *s)
{
  return s->folder;
}
