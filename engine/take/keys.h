/// A keyboard's messages, as they are played, made into a take: they are kept as a Standard MIDI File (format 0), which is the
/// stored form of such a take, so that it is judged later from the very same bytes.
///
///     shed_keys_push(keys, seconds_since_the_start, m.status, m.data1, m.data2);
///     ...
///     shed_keys_finish(keys, seconds, &bytes, &n);
///     shed_given_parse(bytes, n, "keys.mid", alloc, &take, err);
#ifndef SHED_TAKE_KEYS_H
#define SHED_TAKE_KEYS_H

#include "engine/base/alloc.h"

#include <stdint.h>

/// How exact times are kept: 1/48 of a millisecond.
enum { SHED_KEYS_TICKS_A_S = 48000, SHED_KEYS_MAX_S = 4 * 3600 };

typedef struct shed_keys shed_keys;

/// @return SHED_OK, SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_keys_new(shed_keys **out, const shed_alloc *alloc);
void                       shed_keys_free(shed_keys *keys); ///< NULL is legal

/// One message. A key that is struck while it is down is let go first; one that is let go while it is up is left out, as is
/// every message that is no key and no sustaining pedal. All-notes-off lets go of the channel's keys.
/// @param time_s  since the take began; one before the last is taken as at the last. Keys struck before the start are left out.
/// @return SHED_OK, SHED_E_RANGE (no time, or data over 127), SHED_E_LIMIT (over four hours), SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_keys_push(shed_keys *keys, double time_s, uint8_t status, uint8_t data1,
                                          uint8_t data2);
/// Messages were lost: whatever is down is let go, or it would sound for ever. Statuses as push.
SHED_NODISCARD shed_status shed_keys_lost(shed_keys *keys, double time_s);
/// How many keys are down.
int    shed_keys_down(const shed_keys *keys);
size_t shed_keys_struck(const shed_keys *keys); ///< so far

/// The file. Keys that are down are let go at @p time_s. Once.
/// @param[out] data  the caller frees it with shed_free(alloc, ..). @return as push; SHED_E_STATE the second time.
SHED_NODISCARD shed_status shed_keys_finish(shed_keys *keys, double time_s, unsigned char **data, size_t *n);

/// The file as far as it is: what was there stays as it is, more comes behind it. Written to the disk while somebody plays, it is
/// what shed_keys_recover() makes a take of. Borrowed until the next call that is not this one.
const unsigned char *shed_keys_so_far(const shed_keys *keys, size_t *n);

/// Make a whole file of the beginning of one, however it was cut: keys that are down are let go with the last message.
/// @param[out] data     the caller frees it with shed_free(alloc, ..). @param[out] seconds  until the last message.
/// @return SHED_OK; SHED_E_FORMAT: it is not the beginning of such a file, or no key was struck in it; SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_keys_recover(const unsigned char *part, size_t part_n,
                                             const shed_alloc *alloc, unsigned char **data, size_t *n,
                                             double *seconds);

#endif
