/// What the files of a live take share: live.c (queues, the loop's side), live_work.c (what workers do), live_open.c (what is played), live_card.c
/// (the machine's own sound card).
#ifndef SHED_SERVE_LIVE_INSIDE_H
#define SHED_SERVE_LIVE_INSIDE_H

#include "app/serve/live.h"
#include "app/serve/load.h"
#include "app/session/practice.h"

typedef enum { LIVE_TEXT, LIVE_SOUND, LIVE_CARD } live_kind; ///< LIVE_CARD: from the machine's own card

/// A message in a queue; the bytes follow it.
typedef struct live_message {
  struct live_message *next;
  live_kind            kind;
  int64_t              at_ns; ///< when it came
  size_t               n;
  unsigned char        data[];
} live_message;

typedef struct {
  live_message *first, *last;
  size_t        n, bytes;
} live_queue;

/// A piece of a message.
typedef struct {
  const void *data;
  size_t      n;
} live_part;

struct shed_seat {
  // any thread
  _Atomic bool waits; ///< something is in the outbox: set under the mutex, looked at without it

  // immutable
  shed_seats *lives;
  shed_who    who;
  char        token[SHED_SEAT_TOKEN];
  shed_task   task; ///< in at most one pool at a time: while `scheduled`

  // loop only
  void   *socket; ///< NULL: nobody is connected
  int64_t left_ns, heard_ns, given_ns;

  pthread_mutex_t mutex;
  // under the mutex
  live_queue in, out;
  bool       scheduled;
  bool       connected;
  bool       ticked;  ///< the clock went on
  bool       resumed; ///< say where we are
  bool       gone;    ///< nobody comes back: end the take
  bool       taking;  ///< a take is being played, or judged
  bool       over;    ///< nothing will come of it any more
  bool       here;    ///< its player sits at this machine
  bool       card;    ///< has the machine's sound card
  bool       away;    ///< from the ears, with a desk: its sound does not wait for an ear
  int64_t    back_ns; ///< when its last turn was over
  bool       let_in;  ///< is one of the players that are heard; counted while connected

  // the worker that runs it
  shed_practice *practice;
  shed_json     *opening; ///< a document that asks for an item, for a desk; NULL none
  shed_json     *asked;   ///< what is asked, for who resumes
  int            rate_hz;
  char           device[160];
  double         latency_s, spread_s;
  bool           checking, probing;
  float         *check; ///< sound for the device check, or of the probes
  size_t         n_check, check_whole;
  uint64_t       probe_frame; ///< where the page began to play them; UINT64_MAX: not yet
  bool           any;
  uint64_t       next_frame, missing;
  bool want_do, want_tick; ///< for a desk, which may wait for the disk: doing; that time to study is over
  shed_practice_command doing;
  bool                  judged, kept, want_keep, want_reflect, practice_only, cut, stuck;
  bool                  said_late; ///< in this take, that its signs come late
  int                   heard_ticks;
  uint64_t              stream; ///< of the card; 0: the sound comes over the socket
  shed_practice_cue     cue;    ///< want_cue: a model that is to sound on the card, for a desk
  bool                  want_cue;
};

struct shed_seat_rooms {
  // immutable
  shed_room *room;
  char       folder[SHED_ROOM_PATH];
  void (*wake)(void *ctx);
  void *wake_ctx;

  // loop only (and whoever ends it, after the loop)
  shed_seat *items[SHED_SEAT_MOST];
  size_t     n;
  uint64_t   generation; ///< of sign-ins, when last looked at
  shed_load  load;
  int64_t    looked_ns; ///< at the machine's load
  int        processors;

  // any thread
  _Atomic bool woken; ///< the loop was woken and has not looked yet: once is enough
  _Atomic bool ending;
};

/// Something is in the outbox of a listener: have the loop look. It takes no listener: who has handed one on or let it rest must not
/// look at it any more, since the loop may have freed it. Workers, the card's keeper.
void live_wake(shed_seats *lives);
/// Put @p l to a pool, unless it is in one; the mutex is held.
void live_schedule(shed_seat *l);
/// A worker's run of a listener. ears: own NULL; desks: a store.
void live_run_ear(shed_task *task, void *own);
void live_run_desk(shed_task *task, void *own);
/// Put a document into the outbox and free it. @p light: left out when nobody reads.
void live_tell(shed_seat *l, shed_json *o, bool light);
void live_tell_error(shed_seat *l, shed_status st, const shed_error *err);
/// Take what the practice has told to the outbox. @return whether a result was among it.
void          live_drain(shed_seat *l);
live_message *live_pop(live_queue *q);
/// Sound of a device check or of the probes: told by "checked" or "calibrated" when there is enough.
void live_check_sound(shed_seat *l, uint64_t at_frame, const float *x, size_t n);
/// Room for that sound. @return SHED_OK, SHED_E_RANGE (a rate that has no probes), SHED_E_NOMEM.
SHED_NODISCARD shed_status live_check_begin(shed_seat *l, bool probe, shed_error *err);
/// {"do": "probe", "frame": F}. @return SHED_OK; SHED_E_STATE: no probes are waited for; SHED_E_FORMAT.
SHED_NODISCARD shed_status live_probe_from(shed_seat *l, const shed_json *v, shed_error *err);
/// The mutex is held. @return false: it does not fit, or there is no memory.
bool live_push(shed_seat *l, live_queue *q, live_kind kind, const live_part *parts, size_t n_parts);
/// Ask what l->opening says. Desks.
void live_open(shed_seat *l, struct shed_store *store);

/// Take the card for @p l as @p o says. Desks. @return as shed_card_open(); SHED_E_DENIED: not at this machine; SHED_E_UNSUPPORTED: no card.
SHED_NODISCARD shed_status live_card_open(shed_seat *l, const shed_seat_open *o, shed_card_opened *out,
                                          shed_error *err);
/// The sound comes from elsewhere now. Whoever runs @p l.
void       live_card_leave(shed_seat *l);
shed_json *live_card_to_json(const shed_card_opened *c);
/// A LIVE_CARD message into the session. @return as shed_practice_push().
SHED_NODISCARD shed_status live_card_hear(shed_seat *l, const live_message *m, shed_error *err);
/// What an event of the session means for the loudspeaker.
void live_card_event(shed_seat *l, const shed_practice_event *e);
/// Make the model that is to sound. Desks.
void live_card_model(shed_seat *l);

#endif
