/// The store: an append-only log of events in one SQLite file, the people's names in a table that can be erased, the takes
/// as FLAC files in a folder beside it, and tables derived from the log that can be dropped and made again.
///
/// A store at /some/where/store.db keeps its takes in /some/where/store.db.takes/. WAL, synchronous FULL: what was
/// acknowledged survives a power cut. Two processes may use one store at once: a writer waits up to busy_ms for the
/// other, then gives SHED_E_BUSY with nothing changed.
///
/// Statuses of every function here that takes an err: SHED_E_BUSY (another program is writing), SHED_E_NOSPACE (disk full,
/// nothing half stored), SHED_E_CORRUPT (damaged; err says the way out), SHED_E_IO, SHED_E_NOMEM; others are named.
/// Thread: one at a time per shed_store. Real-time: no.
#ifndef SHED_STORE_STORE_H
#define SHED_STORE_STORE_H

#include "engine/base/alloc.h"
#include "engine/base/clock.h"
#include "engine/base/ids.h"
#include "engine/base/log.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct shed_store shed_store;

typedef struct {
  const shed_alloc *alloc;    ///< borrowed for the store's life; NULL: malloc
  const shed_clock *clock;    ///< borrowed for the store's life; NULL: the machine's
  const shed_log   *log;      ///< borrowed for the store's life; NULL: silence
  int               busy_ms;  ///< how long to wait for another writer; 0: 5000
  bool              existing; ///< true: a store that is not there is SHED_E_NOTFOUND instead of being made
} shed_store_opts;

/// Open a store, make it when there is none, bring an older schema to the newest.
///
/// @param url  a path, "sqlite:PATH", "sqlite::memory:" (for tests: no takes can be kept), or NULL or "" for the default:
///        $XDG_DATA_HOME/woodshed/store.db, else ~/.local/share/woodshed/store.db. Folders are made (mode 0700).
/// @param opts NULL: all defaults.
/// @return SHED_OK; SHED_E_NOTFOUND; SHED_E_VERSION (made by a newer program); SHED_E_FORMAT (a file that is no store of
///         ours); SHED_E_UNSUPPORTED (another kind of URL); SHED_E_DENIED (read-only).
SHED_NODISCARD shed_status shed_store_open(shed_store **out, const char *url, const shed_store_opts *opts,
                                           shed_error *err);
void                       shed_store_close(shed_store *s); ///< NULL is legal

/// The database's path. Borrowed until the store is closed.
const char *shed_store_path(const shed_store *s);
/// The folder of the takes. Borrowed until the store is closed.
const char *shed_store_takes_folder(const shed_store *s);
/// What @p url stands for, without opening it: the path, in @p out of @p size bytes.
/// @return SHED_OK, SHED_E_UNSUPPORTED, SHED_E_RANGE (too long), SHED_E_NOTFOUND (no home folder is known).
SHED_NODISCARD shed_status shed_store_url_path(const char *url, char *out, size_t size, shed_error *err);

#endif
