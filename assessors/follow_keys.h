/// Following a player of a keyboard on line: where in the music they are, and what each key of each chord was. Which keys went
/// down is known, so all that is searched is where they belong.
///
/// The search is a beam over (event of the music, how far transposed) that takes one key at a time: it belongs to the chord that
/// is being struck, begins the next or one of those behind it, stands for another key, is one too many, or begins somewhere
/// else in the music. Matching of compound events: Bloch and Dannenberg 1985, "Real-time computer accompaniment of keyboard
/// performances", ICMC. A right key is told at once; one that is missing or stands for another when its chord is over.
///
/// A state machine like follow.h, and with its events: no clock, no file, nothing allocated after shed_follow_keys_new(). What
/// it says is provisional; the judge of whole takes has the last word.
#ifndef SHED_ASSESSORS_FOLLOW_KEYS_H
#define SHED_ASSESSORS_FOLLOW_KEYS_H

#include "assessors/follow.h"

typedef struct shed_follow_keys shed_follow_keys;

/// @param prompt         borrowed until shed_follow_keys_free().
/// @param click_start_s  where in the take the first beat of the music stands; NaN: not known, or no click.
/// @return SHED_OK; SHED_E_RANGE without a pitched note that may be judged; SHED_E_LIMIT; SHED_E_NOMEM. The caller frees *out.
SHED_NODISCARD shed_status shed_follow_keys_new(shed_follow_keys **out, const shed_prompt *prompt,
                                                double click_start_s, const shed_alloc *alloc,
                                                shed_error *err);
void                       shed_follow_keys_free(shed_follow_keys *f); ///< NULL is legal

/// A key went down. @param onset_s since the take began; one before the last is taken as at the last. @param midi 0..127.
/// Thread: one at a time. Waits for nothing; some 20 microseconds.
void shed_follow_keys_push(shed_follow_keys *f, double onset_s, int midi);
/// So much of the take has gone by: chords that are over are told. Some ten times a second.
void shed_follow_keys_tick(shed_follow_keys *f, double at_s);
void shed_follow_keys_finish(shed_follow_keys *f);
/// The next event. @return 1 and *out, or 0. Of a chord each note is told by itself; a position names its highest. When nobody drains, the oldest are
/// dropped.
int shed_follow_keys_poll(shed_follow_keys *f, shed_follow_event *out);

#endif
