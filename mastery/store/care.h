/// Care of a store: check, rebuild, merge, export, erase, clean.
#ifndef SHED_STORE_CARE_H
#define SHED_STORE_CARE_H

#include "engine/base/hash.h"
#include "mastery/store/store.h"

/// What was done or found. Each function sets the counts that it knows, the others are 0.
typedef struct {
  size_t events;  ///< looked at, added or written
  size_t known;   ///< merge: there already
  size_t people;  ///< people
  size_t files;   ///< take files looked at, copied or removed
  size_t erased;  ///< events whose body is erased (check), or was erased now (merge, erase)
  size_t unknown; ///< events of a kind that this build does not know: kept and passed on
  size_t
      not_valid; ///< events of a known kind whose body does not fit it: kept, but nothing is derived from them
  size_t orphans; ///< files that no event names
  size_t faults;  ///< check: what is wrong
} shed_store_report;

/// Told of each fault and each orphan as it is found: a sentence with its place. May be NULL.
typedef void (*shed_store_say)(void *ctx, const char *sentence);

/// Look at everything: the chain of every origin, the hash of every body, the take files and their SHA-256, what was heard,
/// SQLite's own check, and whether the derived tables equal a fresh rebuild. Changes nothing.
/// @return SHED_OK, with report->faults 0 when all is well; SHED_E_CORRUPT only when it cannot be read at all.
SHED_NODISCARD shed_status shed_store_check(shed_store *s, shed_store_say say, void *ctx,
                                            shed_store_report *report, shed_error *err);

/// Drop the derived tables and make them again from the log, in one transaction.
SHED_NODISCARD shed_status shed_store_rebuild(shed_store *s, shed_store_report *report, shed_error *err);

/// Add everything of another store that is not here yet, take files included; the other is only read. Erasures of either
/// side hold for both: what was erased here does not come back.
///
/// Nothing is added when the other store is damaged: SHED_E_CORRUPT, err names origin and event; nor when the two wrote
/// different events under one number (a store that was copied back over a newer one): SHED_E_STATE.
/// @return also SHED_E_NOTFOUND, SHED_E_VERSION, SHED_E_FORMAT as shed_store_open().
SHED_NODISCARD shed_status shed_store_merge(shed_store *s, const char *other_url, shed_store_report *report,
                                            shed_error *err);

/// Write events.jsonl, people.jsonl, takes/SHA256.flac (or .mid, .csv as given) and heard/SHA256.EAR.bin into a new or empty folder.
/// @param student NULL: everybody; else only the events about, and the takes and name of, that student.
/// @return also SHED_E_EXISTS when the folder has something in it.
SHED_NODISCARD shed_status shed_store_export(shed_store *s, const shed_uuid *student, const char *folder,
                                             shed_store_report *report, shed_error *err);

/// Erase a person: the name, the bodies and salts of all events about them, their take files and what was heard. The events'
/// hashes stay, so the chain holds; an event says that it was done, and every later merge obeys it. Cannot be undone.
/// The database is written anew so that no trace stays in it: this takes time and room in a large store. Where that part fails
/// (SHED_E_BUSY: somebody reads; SHED_E_NOSPACE) the person is erased all the same, and erasing once more tries it again.
/// @param actor who asks; NULL nobody named.
/// @return also SHED_E_NOTFOUND when nothing is known of @p person.
SHED_NODISCARD shed_status shed_store_erase(shed_store *s, const shed_uuid *actor, const shed_uuid *person,
                                            shed_store_report *report, shed_error *err);

/// Remove files that no event names: left by a crash. @return also SHED_E_BUSY when another program has the store open,
/// since it may be about to name one.
SHED_NODISCARD shed_status shed_store_clean(shed_store *s, shed_store_say say, void *ctx,
                                            shed_store_report *report, shed_error *err);

/// SHA-256 over people and derived tables: equal for two stores that hold the same set of events, whatever the order in which
/// they arrived.
SHED_NODISCARD shed_status shed_store_digest(shed_store *s, shed_sha256 *out, shed_error *err);

#endif
