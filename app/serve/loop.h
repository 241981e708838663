/// The event loop: libwebsockets behind one thread. Used by the files that speak with it, and by nobody else.
#ifndef SHED_SERVE_LOOP_H
#define SHED_SERVE_LOOP_H

#include "app/serve/crowd.h"
#include "app/serve/room.h"
#include "app/serve/route.h"
#include "app/serve/serve.h"

#include <libwebsockets.h>

typedef struct shed_loop shed_loop;

/// A request on its way to a desk and back. The loop owns it but while a desk runs it.
typedef struct shed_job {
  shed_task         task;
  shed_loop        *loop;
  struct lws       *wsi; ///< NULL: the client is gone; the loop's alone
  shed_request      req;
  shed_str          body;
  shed_who          who;
  const shed_route *route;
  char              arg[SHED_HTTP_PARAM];
  shed_answer       answer;
  struct shed_job  *done_next;
} shed_job;

struct shed_loop {
  lws_sorted_usec_list_t minute, tenth; ///< the loop's timers
  shed_room             *room;
  struct lws_context    *context;
  int                    most_connections;
  shed_crowd            *crowd;      ///< the loop's
  char arriving[SHED_CROWD_ADDRESS]; ///< address of who was let in and is about to be made; the loop's

  pthread_mutex_t       mutex;
  shed_job             *done; ///< under the mutex: answered, to be sent
  _Atomic bool          ending;
  _Atomic bool          saves;  ///< saving is with a desk
  shed_task             saving; ///< writes down when sign-ins were last used
  struct lws_protocols *protocols;
};

/// A job is answered: hand it back to the loop. Desk threads.
void shed_loop_done(shed_loop *loop, shed_job *job);
/// Send what desks have answered since. Loop thread.
void shed_loop_collect(shed_loop *loop);

/// Start what the loop does by the clock. Before its thread begins.
void shed_loop_begin(shed_loop *loop);
/// Free what was answered and nobody collected: at the end.
void shed_loop_drop(shed_loop *loop);

/// What a connection does from now on, for who has to make room.
void shed_loop_does(shed_loop *loop, struct lws *wsi, shed_crowd_state state);

/// Callbacks of the two protocols.
int shed_http_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len);
int shed_seat_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len);
size_t shed_http_session_size(void);
size_t shed_seat_session_size(void);
/// Whether a socket may be opened: 0 it may, else it is refused and told so.
int  shed_seat_confirm(struct lws *wsi, shed_loop *loop);
void shed_seat_tick(shed_loop *loop); ///< ten times a second
void shed_seat_wake(shed_loop *loop); ///< workers have put something to send

/// The request of a connection. @return false when something is longer than is taken: *status says what to answer.
bool shed_http_read(struct lws *wsi, shed_loop *loop, const char *path, shed_request *out, int *status);

#endif
