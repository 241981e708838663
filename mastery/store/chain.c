#include "mastery/store/chain.h"

#include <stdio.h>
#include <string.h>

shed_status
shed_chain_next(shed_chain *chain, const shed_store_event *e, shed_error *err)
{
  char        where[128];
  bool        same_origin = shed_uuid_equal(&chain->origin, &e->origin);
  int64_t     seq         = same_origin ? chain->seq + 1 : 1;
  shed_sha256 prev        = same_origin ? chain->hash : shed_store_event_first_prev();

  *chain = (shed_chain){.origin = e->origin, .seq = e->seq, .hash = e->hash};
  (void)snprintf(where, sizeof(where), "origin %s, event %lld (%s)", e->origin.text, (long long)e->seq,
                 e->id.text);
  if (e->seq != seq) {
    return shed_fail(err, SHED_E_CORRUPT, where, "event %lld of this origin is missing before it",
                     (long long)seq);
  }
  if (strcmp(e->prev_hash.text, prev.text) != 0) {
    return shed_fail(err, SHED_E_CORRUPT, where, "the event before it was changed: the hashes do not join");
  }
  return shed_store_event_check(e, err);
}
