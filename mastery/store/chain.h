/// Walking every chain of a database. Used inside mastery/store alone.
#ifndef SHED_STORE_CHAIN_H
#define SHED_STORE_CHAIN_H

#include "mastery/store/db.h"

/// Where a walk stands. Start with zeros.
typedef struct {
  shed_uuid   origin;
  int64_t     seq;
  shed_sha256 hash;
} shed_chain;

/// Whether @p e is the next event of its chain: its own hashes fit, its number follows, its prev_hash is the hash before.
/// Events come in order of (origin, seq). The walk goes on behind @p e whatever was found.
/// @return SHED_OK or SHED_E_CORRUPT with the place in @p err.
SHED_NODISCARD shed_status shed_chain_next(shed_chain *chain, const shed_store_event *e, shed_error *err);

#endif
