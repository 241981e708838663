// About this file: the live WebSocket on the event loop: who may open it, whole messages in, texts out, and the word at the end.
#include "app/serve/live.h"
#include "app/serve/loop.h"

#include <stdio.h>
#include <string.h>

enum { CHUNK_ROOM = LWS_PRE, TEXTS_A_TURN = 8 };

// What a socket holds. libwebsockets zeroes it at first.
typedef struct {
  shed_seat    *live;
  shed_who      who;
  bool          here;    ///< it comes from this machine
  shed_str      message; ///< of which parts have come
  bool          text;
  shed_seat_bye bye;
  bool          too_large, taken_over, full, said;
} socket_state;

size_t
shed_seat_session_size(void)
{
  return sizeof(socket_state);
}

// The door of the route, for a socket that is to be opened. @return whether it may.
static bool
may_open(struct lws *wsi, shed_loop *loop, shed_who *who, bool *here, int *status)
{
  shed_request      req;
  shed_answer       refusal = {0};
  char              arg[SHED_HTTP_PARAM];
  char              path[SHED_HTTP_PATH] = "";
  const shed_route *r                    = NULL;
  *status                                = 400;
  if (lws_hdr_copy(wsi, path, sizeof(path), WSI_TOKEN_GET_URI) > 0 &&
      shed_http_read(wsi, loop, path, &req, status)) {
    r     = shed_door(loop->room, &req, who, arg, &refusal);
    *here = req.local;
    if (!r) {
      *status = refusal.status;
    } else if (strcmp(r->answer, "websocket") != 0) {
      r       = NULL;
      *status = 400;
    }
  }
  shed_answer_free(&refusal);
  return r != NULL;
}

int
shed_seat_confirm(struct lws *wsi, shed_loop *loop)
{
  shed_who who;
  bool     here;
  int      status;
  if (may_open(wsi, loop, &who, &here, &status)) {
    return 0;
  }
  return lws_return_http_status(wsi, (unsigned)status, NULL) ? -1 : 1;
}

// -- ending ------------------------------------------------------------------------------------------------------------

static void
let_go(struct lws *wsi, socket_state *s, shed_seat_bye why)
{
  s->bye = why;
  lws_callback_on_writable(wsi);
}

static void
bye_of_tick(void *socket, shed_seat_bye why)
{
  let_go(socket, lws_wsi_user(socket), why);
}

static void
ready_of_tick(void *socket)
{
  lws_callback_on_writable(socket);
}

void
shed_seat_tick(shed_loop *loop)
{
  shed_seats_tick(loop->room->lives, bye_of_tick, ready_of_tick);
}

void
shed_seat_wake(shed_loop *loop)
{
  shed_seats_ready(loop->room->lives, ready_of_tick);
}

static int
write_text(struct lws *wsi, const char *text, size_t n)
{
  unsigned char *buffer = shed_malloc(NULL, CHUNK_ROOM + n);
  if (!buffer) {
    return -1;
  }
  memcpy(buffer + CHUNK_ROOM, text, n);
  int written = lws_write(wsi, buffer + CHUNK_ROOM, n, LWS_WRITE_TEXT);
  shed_free(NULL, buffer);
  return written < (int)n ? -1 : 0;
}

// "bye", and behind it the close frame.
static int
say_bye(struct lws *wsi, socket_state *s)
{
  static const struct {
    const char *code, *text;
  } others[]       = {{"too_large", "a message was longer than 64 KB"},
                      {"taken_over", "the take goes on in another window"},
                      {"full", "too many play at once; close another window, or try again later"}};
  const char *code = s->too_large    ? others[0].code
                     : s->taken_over ? others[1].code
                     : s->full       ? others[2].code
                                     : shed_seat_bye_code(s->bye);
  const char *text = s->too_large    ? others[0].text
                     : s->taken_over ? others[1].text
                     : s->full       ? others[2].text
                                     : NULL;
  if (s->said) {
    lws_close_reason(wsi,
                     s->too_large ? LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE : LWS_CLOSE_STATUS_POLICY_VIOLATION,
                     (unsigned char *)(uintptr_t)code, strlen(code));
    return -1;
  }
  shed_json *o   = shed_json_object();
  shed_str   out = {0}, why = {0};
  if (!text) {
    shed_seat_bye_text(s->bye, &why);
    text = shed_str_text(&why);
  }
  shed_json_set_str(o, "event", "bye");
  shed_json_set_str(o, "reason", code);
  shed_json_set_str(o, "text", text);
  shed_json_write(o, SHED_JSON_LINE, &out);
  shed_json_free(o);
  shed_str_free(&why);
  int rc = write_text(wsi, shed_str_text(&out), out.len);
  shed_str_free(&out);
  s->said = true;
  lws_callback_on_writable(wsi);
  return rc;
}

static int
writeable(struct lws *wsi, socket_state *s)
{
  bool     more = true;
  shed_str out  = {0};
  int      rc   = 0;
  if (s->bye != SHED_SEAT_STAYS || s->too_large || s->taken_over || s->full) {
    return say_bye(wsi, s);
  }
  for (int i = 0; i < TEXTS_A_TURN && more && rc == 0 && !(i > 0 && lws_send_pipe_choked(wsi)); i++) {
    shed_str_clear(&out);
    if (!s->live || !shed_seat_give(s->live, &out, &more)) {
      more = false;
    } else {
      rc = out.failed ? -1 : write_text(wsi, shed_str_text(&out), out.len);
    }
  }
  shed_str_free(&out);
  if (more) {
    lws_callback_on_writable(wsi);
  }
  return rc;
}

// -- messages ----------------------------------------------------------------------------------------------------------

// {"do":"resume"}: another listener takes this socket. @return whether it was that.
static bool
is_resume(struct lws *wsi, shed_loop *loop, socket_state *s)
{
  enum { LONGEST = 200 };
  shed_json  *v     = NULL;
  const char *what  = NULL;
  const char *take  = NULL;
  void       *other = NULL;
  if (!s->text || s->message.len > LONGEST || !strstr(shed_str_text(&s->message), "resume") ||
      shed_json_parse(shed_str_text(&s->message), s->message.len, "message", &v, NULL) != SHED_OK) {
    return false;
  }
  bool is = shed_json_read_str(v, "do", false, LONGEST, &what, NULL) == SHED_OK &&
            strcmp(what, "resume") == 0 &&
            shed_json_read_str(v, "take", false, LONGEST, &take, NULL) == SHED_OK;
  shed_seat *found = is ? shed_seat_resume(loop->room->lives, &s->who, take, wsi, &other) : NULL;
  if (found) {
    shed_seat_sits_here(found, s->here);
  }
  if (found && other != wsi) {
    if (s->live) {
      shed_seat_leave(loop->room->lives, s->live);
    }
    s->live = found;
    if (other) {
      socket_state *o = lws_wsi_user(other);
      o->live         = NULL;
      o->taken_over   = true;
      lws_callback_on_writable(other);
    }
  } else if (found) {
    s->live = found;
  }
  shed_json_free(v);
  return found != NULL;
}

static int
whole_message(struct lws *wsi, shed_loop *loop, socket_state *s)
{
  if (!is_resume(wsi, loop, s) && s->live) {
    shed_seat_bye bye =
        shed_seat_take(loop->room->lives, s->live, s->text, shed_str_text(&s->message), s->message.len);
    if (bye != SHED_SEAT_STAYS) {
      atomic_fetch_add(&loop->room->dropped, 1);
      let_go(wsi, s, bye);
    }
  }
  shed_str_clear(&s->message);
  return 0;
}

static int
receive(struct lws *wsi, shed_loop *loop, socket_state *s, const char *in, size_t len)
{
  if (lws_is_first_fragment(wsi)) {
    shed_str_clear(&s->message);
    s->text = !lws_frame_is_binary(wsi);
  }
  if (s->bye != SHED_SEAT_STAYS || s->too_large) {
    return 0; // what comes behind the end is not looked at
  }
  if (s->message.len + len > SHED_SEAT_MESSAGE || lws_remaining_packet_payload(wsi) > SHED_SEAT_MESSAGE) {
    s->too_large = true;
    lws_callback_on_writable(wsi);
    return 0;
  }
  shed_str_addn(&s->message, in, len);
  if (s->message.failed) {
    return -1;
  }
  return lws_is_final_fragment(wsi) && lws_remaining_packet_payload(wsi) == 0 ? whole_message(wsi, loop, s)
                                                                              : 0;
}

static int
established(struct lws *wsi, shed_loop *loop, socket_state *s)
{
  int status;
  if (!may_open(wsi, loop, &s->who, &s->here, &status)) {
    return -1;
  }
  shed_loop_does(loop, wsi, SHED_CROWD_PLAYS);
  s->live = shed_seat_begin(loop->room->lives, &s->who, wsi);
  if (!s->live) {
    s->full = true;
    lws_callback_on_writable(wsi);
    return 0;
  }
  shed_seat_sits_here(s->live, s->here);
  return 0;
}

int
shed_seat_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
  shed_loop    *loop = lws_context_user(lws_get_context(wsi));
  socket_state *s    = user;
  switch ((int)reason) { // libwebsockets has a hundred reasons, these are ours
  case LWS_CALLBACK_ESTABLISHED:
    return established(wsi, loop, s);
  case LWS_CALLBACK_RECEIVE:
    return receive(wsi, loop, s, in, len);
  case LWS_CALLBACK_SERVER_WRITEABLE:
    return writeable(wsi, s);
  case LWS_CALLBACK_CLOSED:
    if (s->live) {
      shed_seat_leave(loop->room->lives, s->live);
      s->live = NULL;
    }
    shed_str_free(&s->message);
    return 0;
  default:
    return 0;
  }
}
