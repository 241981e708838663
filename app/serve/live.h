/// Live takes: one listener a player, fed by the event loop, run by workers. One listener is never run by two threads at once; the loop
/// never computes. Both sides speak through two bounded queues under the listener's mutex.
///
///     loop --shed_seat_take()--> inbox --> worker: practice (ears), opening, judging, keeping (desks) --> outbox --shed_seat_give()--> loop
///
/// Sound can come from the machine's own card too (card.h): then its keeper fills the inbox beside the loop.
///
/// A listener outlives its socket: a take that is being played waits for its player to come back, and what was judged is kept for who comes
/// late.
#ifndef SHED_SERVE_LIVE_H
#define SHED_SERVE_LIVE_H

#include "app/serve/live_sound.h"
#include "app/serve/room.h"

typedef struct shed_seat       shed_seat;
typedef struct shed_seat_rooms shed_seats;

enum { SHED_SEAT_TOKEN = 33, SHED_SEAT_MOST = 200, SHED_SEAT_OF_ONE = 4 };

/// Why a client is let go; "" not.
typedef enum {
  SHED_SEAT_STAYS,
  SHED_SEAT_TOO_FAST, ///< sends faster than it plays
  SHED_SEAT_LATE,     ///< sends as it plays, and is not heard
  SHED_SEAT_STALLED,  ///< does not read its events
  SHED_SEAT_SILENT,   ///< in mid-take nothing comes any more
  SHED_SEAT_SIGNED_OUT
} shed_seat_bye;
/// Its code for the client, static; and a sentence, of any but SHED_SEAT_STAYS.
const char *shed_seat_bye_code(shed_seat_bye why);
void        shed_seat_bye_text(shed_seat_bye why, shed_str *out);

/// @param wake  called by any thread when there is something to send. @param folder where takes are recorded.
SHED_NODISCARD shed_status shed_seats_new(shed_seats **out, shed_room *room, const char *folder,
                                          void (*wake)(void *ctx), void *wake_ctx, shed_error *err);
/// No client is heard any more: every take is judged and kept as far as it got. Before the pools end.
void shed_seats_end(shed_seats *lives);
void shed_seats_free(shed_seats *lives); ///< after the pools; NULL is legal

// -- the loop's side: its thread alone ---------------------------------------------------------------------------------

/// A new listener for somebody. NULL: too many, for this person or at all.
shed_seat *shed_seat_begin(shed_seats *lives, const shed_who *who, void *socket);
/// Whether its player sits at this machine, and may have its sound card. After each of the two.
void shed_seat_sits_here(shed_seat *l, bool here);
/// The listener of a token, for its own player; another socket of it loses it. NULL: there is none (any more).
/// @param[out] other the socket that had it; NULL none.
shed_seat *shed_seat_resume(shed_seats *lives, const shed_who *who, const char *token, void *socket,
                            void **other);
/// The socket is gone.
void shed_seat_leave(shed_seats *lives, shed_seat *l);
/// A message has come. @return why the client is to be let go.
shed_seat_bye shed_seat_take(shed_seats *lives, shed_seat *l, bool text, const void *data, size_t n);
/// The next text to send, into @p out. @param[out] more there is another. @return false: none.
bool shed_seat_give(shed_seat *l, shed_str *out, bool *more);
/// By the clock, ten times a second: ticks, who is gone, who stalls. @p bye is called for each socket that is to be closed, @p ready for
/// each that has something to send.
void shed_seats_tick(shed_seats *lives, void (*bye)(void *socket, shed_seat_bye why),
                     void (*ready)(void *socket));
/// Call @p ready for each socket that has something to send.
void shed_seats_ready(shed_seats *lives, void (*ready)(void *socket));

#endif
