/// One event of the log: its fields, its hash, and its line in an export.
///
/// hash = SHA-256 over "woodshed-event/1" and the fields id, v, kind, performed_at, utc_offset_min, recorded_at, origin, seq,
/// actor, subject, body_hash, prev_hash, one a line; body_hash = SHA-256 over salt and body. So a body can be erased with its
/// salt, and neither can the chain be changed nor the body be guessed from what is left.
#ifndef SHED_STORE_EVENT_H
#define SHED_STORE_EVENT_H

#include "engine/base/hash.h"
#include "engine/base/ids.h"
#include "engine/base/json.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  SHED_STORE_EVENT_V        = 1,        ///< version of the events written by this build
  SHED_STORE_EVENT_KIND     = 48,       ///< bytes of a kind's name with its NUL
  SHED_STORE_EVENT_SALT     = 16,       ///< bytes
  SHED_STORE_EVENT_BODY_MAX = 16 << 20, ///< bytes
};

/// A plain value; body is borrowed.
typedef struct {
  shed_uuid     id;
  int64_t       v;
  char          kind[SHED_STORE_EVENT_KIND]; ///< "take.scored"
  int64_t       performed_at_ms;
  int           utc_offset_min;
  int64_t       recorded_at_ms;
  shed_uuid     origin;         ///< the store that wrote it
  int64_t       seq;            ///< from 1, without a gap, within the origin
  shed_uuid     actor, subject; ///< "" none
  const char   *body;           ///< canonical JSON, n_body bytes; NULL: erased
  size_t        n_body;
  unsigned char salt[SHED_STORE_EVENT_SALT]; ///< zeros when erased
  shed_sha256   body_hash, prev_hash, hash;
} shed_store_event;

/// prev_hash of an origin's first event: 64 zeros.
shed_sha256 shed_store_event_first_prev(void);
/// Over salt and body, which must be there.
shed_sha256 shed_store_event_body_hash(const shed_store_event *e);
/// Over everything but the body itself.
shed_sha256 shed_store_event_hash(const shed_store_event *e);
/// @return SHED_OK, or SHED_E_CORRUPT with err->what saying which hash does not fit, err->where origin and number.
SHED_NODISCARD shed_status shed_store_event_check(const shed_store_event *e, shed_error *err);

/// Whether every field is in its range: times from 1970 to 9999, a kind of a-z, 0-9, '.' and '_', ids and hashes there. Said
/// of an event that comes from outside before anything else is done with it.
bool shed_store_event_fits(const shed_store_event *e);

/// One line of events.jsonl. The body is a string in it, so that its bytes stay what was hashed.
shed_json *shed_store_event_to_json(const shed_store_event *e);
/// @p out borrows its body from @p v. Every field is range-checked, hashes are not compared: shed_store_event_check() does.
/// @return SHED_OK or SHED_E_FORMAT.
SHED_NODISCARD shed_status shed_store_event_from_json(const shed_json *v, shed_store_event *out,
                                                      shed_error *err);

#endif
