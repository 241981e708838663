/// What all threads of the server share: what never changes after the start, and a few things with locks of their own.
#ifndef SHED_SERVE_ROOM_H
#define SHED_SERVE_ROOM_H

#include "app/serve/call.h"
#include "app/serve/card.h"
#include "app/serve/hearing.h"
#include "app/serve/pool.h"
#include "app/serve/throttle.h"
#include "app/session/library.h"
#include "engine/base/log.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
  SHED_ROOM_PATH     = 1024,
  SHED_ROOM_ADDRESS  = 128,
  SHED_ROOM_ADDRS    = 8,
  SHED_ROOM_REFUSALS = 50,
  SHED_ROOM_CODE     = 8
};

/// Something that was refused.
typedef struct {
  int64_t at_ms;
  char    who[SHED_ACCOUNT_LOGIN]; ///< "" not signed in
  char    what[160];
} shed_refusal;

struct shed_seat_rooms; // app/serve/live.h

struct shed_room {
  // immutable once the server runs
  const shed_alloc *alloc;
  const shed_clock *clock;
  const shed_log   *log;
  shed_library     *library;
  const char       *store_url;               ///< NULL: the default
  char              scratch[SHED_ROOM_PATH]; ///< folder of this run's own, for sound on its way
  char              web[SHED_ROOM_PATH];
  char              title[SHED_PERSON_NAME];
  char              addresses[SHED_ROOM_ADDRS][SHED_ROOM_ADDRESS]; ///< as to be typed; the first is the best
  int               n_addresses;
  char              host_names[SHED_ROOM_ADDRS][SHED_ROOM_ADDRESS];
  int               n_host_names;
  bool              tls, own_ca;
  char              ca_path[SHED_ROOM_PATH]; ///< own_ca
  shed_sha256       ca_sha256;
  char              first_code[SHED_ROOM_CODE]; ///< "": there was an account at the start
  int64_t           begun_ns;

  // with locks inside
  shed_signins           *signins;
  shed_throttle          *throttle;
  shed_pool              *desks;   ///< requests; each thread owns a handle of the store
  shed_pool              *ears;    ///< listeners
  shed_hearing            hearing; ///< how many players the machine can hear
  struct shed_seat_rooms *lives;
  shed_card              *card; ///< NULL: the server was started without

  pthread_mutex_t first_run; ///< held while the first account is made, so that there is one
  pthread_mutex_t mutex;
  // under the mutex
  shed_refusal refusals[SHED_ROOM_REFUSALS]; ///< a ring
  size_t       n_refusals;
  int64_t
      refused_second; ///< the last second in which something was refused, and how often: the log is not to be filled
  int refused_in_it;

  // any thread
  _Atomic int  connections;
  _Atomic int  live;
  _Atomic long dropped;
};

/// Write down and log that something was refused. Any thread.
void shed_room_refuse(shed_room *room, const shed_who *who, const char *fmt, ...) SHED_PRINTF(3, 4);
/// The refusals, newest first: as /api/server has them.
shed_json *shed_room_refusals(shed_room *room);

/// All that is asked of a request before its route sees it: host, route, role, origin, token.
/// @param[out] who is signed in, told also where the request is refused.
/// @param[out] arg SHED_HTTP_PARAM bytes.
/// @return the route, or NULL with the error in @p out.
const shed_route *shed_door(shed_room *room, const shed_request *req, shed_who *who, char *arg,
                            shed_answer *out);
/// Read the body, run the route, fill the answer. Desk threads.
void shed_room_answer(shed_call *call, const char *body, size_t n_body);

#endif
