/// What the files of mastery/store share and nobody else sees: the store's own struct, transactions, the journal.
#ifndef SHED_STORE_INSIDE_H
#define SHED_STORE_INSIDE_H

#include "mastery/model/gate.h"
#include "mastery/store/db.h"

enum { SHED_STORE_PATH = 4096 };

struct shed_store {
  const shed_alloc *alloc;
  const shed_clock *clock;
  const shed_log   *log;
  shed_db           db;
  bool              memory;  ///< no file, so no takes
  int               lock_fd; ///< shared lock while open; -1 none
  char              path[SHED_STORE_PATH];
  char              folder[SHED_STORE_PATH];

  // room that shed_store_gate() keeps between calls
  shed_gate_take   *takes;
  size_t            cap_takes;
  shed_gate_answer *answers;
  size_t            cap_answers;
  shed_decision    *decisions;
  size_t            cap_decisions;

  // of the act under way
  shed_sha256 *doomed; ///< files to be removed once it is committed, if then nobody needs them
  size_t       n_doomed, cap_doomed;
  size_t       n_removed;   ///< files removed
  size_t       n_stripped;  ///< bodies erased
  size_t       n_not_valid; ///< events whose body does not fit their kind
  size_t       n_unknown;   ///< events of an unknown kind
};

// -- an act: one write transaction ---------------------------------------------------------------------------------------

/// Start one; waits for other writers.
SHED_NODISCARD shed_status shed_act_begin(shed_store *s);
/// Commit when @p st is SHED_OK, else roll back; then remove the files that the act doomed. What went wrong is told to
/// @p err. @return st, or the status of the commit.
SHED_NODISCARD shed_status shed_act_end(shed_store *s, shed_status st, shed_error *err);

/// Roll back, when there is anything to; a failure of that is logged, the next act will find it.
void shed_act_abandon(shed_store *s);

/// After bodies were erased: leave no trace of them in the file. Outside an act.
SHED_NODISCARD shed_status shed_act_scrub(shed_store *s, shed_error *err);

// -- the journal ---------------------------------------------------------------------------------------------------------

/// An event to be written. Borrowed for the call.
typedef struct {
  const char      *kind;
  int64_t          performed_at_ms;
  int              utc_offset_min;
  const shed_uuid *actor;   ///< NULL or "" none
  const shed_uuid *subject; ///< NULL or "" none
  const shed_json *body;
} shed_draft;

/// Write an event of this store and derive from it; inside an act. SHED_E_STATE when the subject was erased, SHED_E_RANGE
/// when the body does not fit its kind.
SHED_NODISCARD shed_status shed_journal_append(shed_store *s, const shed_draft *draft, shed_uuid *id);
/// Write an event of another store, checked before; inside an act. *added is false when it was here already. The body is
/// left out when the subject was erased. SHED_E_STATE when another event stands in its place, SHED_E_FORMAT when it does
/// not fit (shed_store_event_fits): then nothing was written.
SHED_NODISCARD shed_status shed_journal_import(shed_store *s, const shed_store_event *e, bool *added);
/// Read an event. @p out borrows its body until @p body is freed. *found tells whether there is one.
SHED_NODISCARD shed_status shed_journal_read(shed_store *s, const shed_uuid *id, shed_store_event *out,
                                             shed_str *body, bool *found);

// -- derived tables ------------------------------------------------------------------------------------------------------

/// Bring the derived tables to where they stand with @p e, which was just written.
SHED_NODISCARD shed_status shed_derive_event(shed_store *s, const shed_store_event *e);
/// Empty the derived tables and make them again.
SHED_NODISCARD shed_status shed_derive_all(shed_store *s);
/// SHA-256 of the derived tables' rows.
SHED_NODISCARD shed_status shed_derive_digest(shed_store *s, shed_sha256 *out);
/// Whether anything of kind @p kind about @p target holds. @p latest (may be NULL): the last of them by (performed_at, id).
SHED_NODISCARD shed_status shed_derive_linked(shed_store *s, const shed_uuid *target, const char *kind,
                                              const shed_uuid *subject, bool *linked, shed_uuid *latest);

// -- take files ----------------------------------------------------------------------------------------------------------

SHED_NODISCARD shed_status shed_files_open(shed_store *s, shed_error *err);
void                       shed_files_close(shed_store *s);
/// The entry of file_endings.def that is @p name; NULL when there is none.
const char *shed_files_ending(const char *name);
/// PATH of a hash in a folder of takes. @return false when it does not fit.
bool shed_files_path(const char *folder, const shed_sha256 *sha256, const char *ending, char *path,
                     size_t size);
/// The file of a hash, whatever its name ends in. @param[out] path of the file; where there is none, of the sound that is
/// missed ("" when it does not fit). @param[out] ending of that name. @return whether there is one.
bool shed_files_find(const char *folder, const shed_sha256 *sha256, char *path, size_t size,
                     const char **ending);
/// Give @p temp its place, synced.
SHED_NODISCARD shed_status shed_files_adopt(shed_store *s, const char *temp, const shed_sha256 *sha256,
                                            const char *ending, shed_error *err);
/// Note a file to be removed after the act, if then no take names it.
SHED_NODISCARD shed_status shed_files_doom(shed_store *s, const shed_sha256 *sha256);
/// Remove the doomed files that no take names; outside an act.
void shed_files_remove_doomed(shed_store *s);

/// Whether a statement with one id bound gives a row.
SHED_NODISCARD shed_status shed_store_has(shed_store *s, shed_sql which, const shed_uuid *id, bool *has);

#endif
