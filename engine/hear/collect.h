/// A take as it grows: what the ear settles is gathered while somebody plays, so that at the end of the sound the take is whole.
/// shed_hear_source() is made of it too: the same events give the same take, live or from a file.
///
///     shed_hear_push(hear, x, n);
///     while (shed_hear_poll(hear, &event)) {
///       st = shed_collect_add(c, hear, &event);
///       ...
///     }
///     shed_hear_finish(hear), and once more as above
///     shed_collect_take(c, hear, rate_hz, &take);
#ifndef SHED_HEAR_COLLECT_H
#define SHED_HEAR_COLLECT_H

#include "engine/hear/hear.h"

typedef struct shed_collect shed_collect;

/// @return SHED_OK, SHED_E_NOMEM. The caller frees *out with shed_collect_free().
SHED_NODISCARD shed_status shed_collect_new(shed_collect **out, const shed_alloc *alloc);
void                       shed_collect_free(shed_collect *c); ///< NULL is legal

/// An event that was just polled; those that are told at once and taken back are passed over.
/// @return SHED_OK, SHED_E_NOMEM. Thread: that of the ear. Allocates now and then.
SHED_NODISCARD shed_status shed_collect_add(shed_collect *c, const shed_hear *hear, const shed_event *event);

/// What was gathered, as a take without its hash; with the warnings of what would make a judgement unfair (silent, quiet, noisy,
/// clipped, no pitch). @p c is empty afterwards. The caller frees *out with shed_take_free().
void shed_collect_take(shed_collect *c, const shed_hear *hear, int rate_hz, shed_take *out);

#endif
