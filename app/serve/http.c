// About this file: one HTTP connection on the event loop: read, hand to a desk, send the answer; or send a file of the pages.
// Thread: the loop's alone. It computes nothing and waits for nobody; desks hand answers back through the loop's list.
#include "app/serve/loop.h"
#include "app/serve/pages.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

enum { CHUNK = 16 * 1024, HEADERS = 4096, BODY_S = 20, SEND_S = 30, SAVE_EVERY_S = 60 };

// What a connection holds for one request. libwebsockets zeroes it at first.
typedef struct {
  shed_job   *job;               ///< of the request under way; NULL: none, or it is with a desk no more
  shed_answer answer;            ///< being sent
  shed_page   page;              ///< file being sent
  size_t      expected;          ///< bytes of the body that were announced
  size_t      sent, first, last; ///< of the answer's body or the file
  int         status;
  bool        ready;   ///< there is something to send
  bool        headers; ///< were sent
  bool        hang_up; ///< close behind the answer
  bool        with_a_desk;
} connection;

size_t
shed_http_session_size(void)
{
  return sizeof(connection);
}

static void
free_job(shed_job *job)
{
  if (job) {
    shed_answer_free(&job->answer);
    shed_str_free(&job->body);
    shed_free(job->loop->room->alloc, job);
  }
}

void
shed_loop_done(shed_loop *loop, shed_job *job)
{
  (void)pthread_mutex_lock(&loop->mutex);
  job->done_next = loop->done;
  loop->done     = job;
  (void)pthread_mutex_unlock(&loop->mutex);
  lws_cancel_service(loop->context);
}

static void
run_job(shed_task *task, void *own)
{
  shed_job *job  = (shed_job *)(void *)((char *)task - offsetof(shed_job, task));
  shed_call call = {.room  = job->loop->room,
                    .store = own,
                    .route = job->route,
                    .req   = &job->req,
                    .who   = job->who,
                    .out   = &job->answer};
  memcpy(call.arg, job->arg, sizeof(call.arg));
  shed_room_answer(&call, shed_str_text(&job->body), job->body.len);
  shed_loop_done(job->loop, job);
}

// -- who is there ------------------------------------------------------------------------------------------------------

static int64_t
now_ns(const shed_loop *loop)
{
  return loop->room->clock->mono_ns(loop->room->clock->ctx);
}

void
shed_loop_does(shed_loop *loop, struct lws *wsi, shed_crowd_state state)
{
  shed_crowd_does(loop->crowd, wsi, state, now_ns(loop));
}

// The other side's address in numbers; of IPv6 its network, since one machine has as many of the rest as it likes.
static void
address_of(int fd, char *out, size_t size)
{
  struct sockaddr_storage a;
  socklen_t               n = sizeof(a);
  out[0]                    = '\0';
  if (getpeername(fd, (struct sockaddr *)&a, &n) != 0) {
    return;
  }
  if (a.ss_family == AF_INET6) {
    struct in6_addr *in6 = &((struct sockaddr_in6 *)(void *)&a)->sin6_addr;
    if (!IN6_IS_ADDR_V4MAPPED(in6)) {
      memset(in6->s6_addr + 8, 0, 8);
    }
  }
  (void)getnameinfo((struct sockaddr *)&a, n, out, (socklen_t)size, NULL, 0, NI_NUMERICHOST);
}

// Somebody connects. Where all places are taken, who holds one for nothing makes room. @return whether they may come in.
static bool
let_in(shed_loop *loop, int fd)
{
  void *leaves = NULL;
  if (!shed_crowd_room(loop->crowd, now_ns(loop), &leaves)) {
    return false;
  }
  if (leaves) {
    lws_set_timeout(leaves, PENDING_TIMEOUT_USER_REASON_BASE,
                    LWS_TO_KILL_SYNC); // it is removed by its callback
  }
  address_of(fd, loop->arriving, sizeof(loop->arriving));
  return true;
}

static int
arrived(shed_loop *loop, struct lws *wsi)
{
  atomic_fetch_add(&loop->room->connections, 1);
  if (loop->arriving[0] && !shed_crowd_add(loop->crowd, wsi, loop->arriving, now_ns(loop))) {
    return -1;
  }
  loop->arriving[0] = '\0';
  return 0;
}

// -- sending -----------------------------------------------------------------------------------------------------------

static void
begin_sending(struct lws *wsi, connection *c)
{
  c->ready = true;
  shed_loop_does(lws_context_user(lws_get_context(wsi)), wsi, SHED_CROWD_READS);
  lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, SEND_S);
  lws_callback_on_writable(wsi);
}

static void
send_error(struct lws *wsi, connection *c, int status, const char *code, const char *text)
{
  shed_answer_error(&c->answer, status, code, NULL, text, 0);
  c->hang_up = true;
  begin_sending(wsi, c);
}

// How much of the body goes out, and with which status.
static size_t
choose_part(connection *c, const shed_request *req, size_t whole)
{
  c->first  = 0;
  c->last   = whole ? whole - 1 : 0;
  c->status = c->answer.status ? c->answer.status : 200;
  if (c->status == 200 && req && req->range[0] && c->answer.type &&
      shed_request_range(req->range, whole, &c->first, &c->last)) {
    c->status = 206;
  }
  return whole ? c->last - c->first + 1 : 0;
}

static bool
add_header(struct lws *wsi, const char *name, const char *value, unsigned char **p, unsigned char *end)
{
  return lws_add_http_header_by_name(wsi, (const unsigned char *)name, (const unsigned char *)value,
                                     (int)strlen(value), p, end) == 0;
}

static bool
add_headers(struct lws *wsi, connection *c, size_t whole, unsigned char **p, unsigned char *end)
{
  char        text[96];
  const char *kept = c->page.file || c->page.unchanged
                         ? c->page.immutable ? "private, max-age=31536000, immutable" : "no-cache"
                     : c->answer.keep ? "private, max-age=3600"
                                      : "no-store";
  if (!add_header(wsi, "cache-control:", kept, p, end)) {
    return false;
  }
  if (c->answer.cookie[0] && !add_header(wsi, "set-cookie:", c->answer.cookie, p, end)) {
    return false;
  }
  if (c->page.etag[0] && (!add_header(wsi, "etag:", c->page.etag, p, end) ||
                          !add_header(wsi, "vary:", "accept-encoding", p, end))) {
    return false;
  }
  if (c->page.encoding && !add_header(wsi, "content-encoding:", c->page.encoding, p, end)) {
    return false;
  }
  if (c->answer.type && !c->page.file && !add_header(wsi, "accept-ranges:", "bytes", p, end)) {
    return false;
  }
  if (c->status == 206) {
    (void)snprintf(text, sizeof(text), "bytes %zu-%zu/%zu", c->first, c->last, whole);
    return add_header(wsi, "content-range:", text, p, end);
  }
  return true;
}

static int
send_headers(struct lws *wsi, connection *c)
{
  unsigned char  buffer[LWS_PRE + HEADERS];
  unsigned char *start = buffer + LWS_PRE;
  unsigned char *p     = start;
  unsigned char *end   = buffer + sizeof(buffer) - 1;
  size_t         whole = c->page.file ? c->page.size : c->answer.body.len;
  size_t         n     = choose_part(c, c->job ? &c->job->req : NULL, whole);
  const char    *type  = c->page.type ? c->page.type : c->answer.type ? c->answer.type : "application/json";
  if (c->page.unchanged) {
    c->status = 304;
  }
  if (lws_add_http_common_headers(wsi, (unsigned)c->status, type, (lws_filepos_t)n, &p, end) ||
      !add_headers(wsi, c, whole, &p, end) || lws_finalize_write_http_header(wsi, start, &p, end)) {
    return -1;
  }
  c->headers = true;
  c->sent    = c->first;
  return 0;
}

// Everything of a request is over; the connection may bring another.
static int
end_request(struct lws *wsi, connection *c)
{
  bool hang_up = c->hang_up;
  shed_loop_does(lws_context_user(lws_get_context(wsi)), wsi, SHED_CROWD_WAITS);
  free_job(c->job);
  shed_answer_free(&c->answer);
  shed_page_close(&c->page);
  memset(c, 0, sizeof(*c));
  return hang_up || lws_http_transaction_completed(wsi) ? -1 : 0;
}

static int
send_more(struct lws *wsi, connection *c)
{
  unsigned char buffer[LWS_PRE + CHUNK];
  size_t        whole = c->page.file ? c->page.size : c->answer.body.len;
  size_t        end   = whole ? c->last + 1 : 0;
  size_t        n     = end - c->sent < CHUNK ? end - c->sent : CHUNK;
  if (c->page.file) {
    if (fread(buffer + LWS_PRE, 1, n, c->page.file) != n) {
      return -1; // the file became shorter: the promised length cannot be kept
    }
  } else {
    memcpy(buffer + LWS_PRE, c->answer.body.text + c->sent, n);
  }
  c->sent += n;
  bool last = c->sent >= end;
  if (lws_write(wsi, buffer + LWS_PRE, n, last ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) != (int)n) {
    return -1;
  }
  if (last) {
    return end_request(wsi, c);
  }
  lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, SEND_S);
  lws_callback_on_writable(wsi);
  return 0;
}

static int
writeable(struct lws *wsi, connection *c)
{
  if (!c->ready) {
    return 0;
  }
  if (!c->headers) {
    if (send_headers(wsi, c)) {
      return -1;
    }
    if (c->status == 304 || c->last + 1 == c->first || (!c->page.file && c->answer.body.len == 0) ||
        (c->page.file && c->page.size == 0)) {
      return end_request(wsi, c);
    }
    lws_callback_on_writable(wsi);
    return 0;
  }
  return send_more(wsi, c);
}

void
shed_loop_collect(shed_loop *loop)
{
  (void)pthread_mutex_lock(&loop->mutex);
  shed_job *done = loop->done;
  loop->done     = NULL;
  (void)pthread_mutex_unlock(&loop->mutex);
  while (done) {
    shed_job *job = done;
    done          = job->done_next;
    if (!job->wsi) {
      free_job(job);
      continue;
    }
    connection *c  = lws_wsi_user(job->wsi);
    c->with_a_desk = false;
    c->answer      = job->answer;
    job->answer    = (shed_answer){0};
    begin_sending(job->wsi, c);
  }
}

void
shed_loop_drop(shed_loop *loop)
{
  for (shed_job *job = loop->done; job;) {
    shed_job *next = job->done_next;
    free_job(job);
    job = next;
  }
  loop->done = NULL;
}

// When sign-ins were last used is written down now and then, so that they outlive the program.
static void
save_signins(shed_task *task, void *own)
{
  shed_loop *loop = (shed_loop *)(void *)((char *)task - offsetof(shed_loop, saving));
  shed_error err  = {0};
  if (shed_signins_save(loop->room->signins, own, &err) != SHED_OK) {
    shed_logf(loop->room->log, SHED_LOG_WARNING, "who is signed in could not be written down: %s", err.what);
  }
  atomic_store(&loop->saves, false);
}

static void
each_minute(lws_sorted_usec_list_t *timer)
{
  shed_loop *loop = (shed_loop *)(void *)((char *)timer - offsetof(shed_loop, minute));
  bool       idle = false;
  lws_sul_schedule(loop->context, 0, &loop->minute, each_minute, SAVE_EVERY_S * LWS_US_PER_SEC);
  if (atomic_compare_exchange_strong(&loop->saves, &idle, true)) {
    loop->saving.run = save_signins;
    if (!shed_pool_put(loop->room->desks, &loop->saving)) {
      atomic_store(&loop->saves, false); // busy: the next minute will do
    }
  }
}

static void
each_tenth(lws_sorted_usec_list_t *timer)
{
  shed_loop *loop = (shed_loop *)(void *)((char *)timer - offsetof(shed_loop, tenth));
  lws_sul_schedule(loop->context, 0, &loop->tenth, each_tenth, LWS_US_PER_SEC / 10);
  shed_seat_tick(loop);
}

void
shed_loop_begin(shed_loop *loop)
{
  lws_sul_schedule(loop->context, 0, &loop->tenth, each_tenth, LWS_US_PER_SEC / 10);
  lws_sul_schedule(loop->context, 0, &loop->minute, each_minute, SAVE_EVERY_S * LWS_US_PER_SEC);
}

// -- receiving ---------------------------------------------------------------------------------------------------------

static int
to_a_desk(struct lws *wsi, connection *c)
{
  shed_job *job  = c->job;
  job->task.run  = run_job;
  c->with_a_desk = true;
  shed_loop_does(job->loop, wsi, SHED_CROWD_WORKS);
  lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0);
  if (!shed_pool_put(job->loop->room->desks, &job->task)) {
    c->with_a_desk = false;
    send_error(wsi, c, 503, "busy", "too many ask at once; try again in a moment");
  }
  return 0;
}

static size_t
announced(struct lws *wsi)
{
  char      text[24];
  long long n = 0;
  if (lws_hdr_copy(wsi, text, sizeof(text), WSI_TOKEN_HTTP_CONTENT_LENGTH) <= 0) {
    return lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH) > 0 ? SIZE_MAX : 0;
  }
  return shed_parse_int(text, 0, INT64_MAX, &n) ? (size_t)n : SIZE_MAX;
}

static int
begin_api(struct lws *wsi, connection *c)
{
  shed_job *job = c->job;
  job->route    = shed_door(job->loop->room, &job->req, &job->who, job->arg, &c->answer);
  c->expected   = announced(wsi);
  if (!job->route) {
    c->hang_up = c->expected > 0;
    begin_sending(wsi, c);
    return 0;
  }
  if (strcmp(job->route->answer, "websocket") == 0) {
    send_error(wsi, c, 400, "bad_request", "this is asked as a WebSocket");
    return 0;
  }
  if (c->expected > SHED_HTTP_BODY) {
    send_error(wsi, c, 413, "too_large", "the body is longer than 64 KB");
    return 0;
  }
  if (c->expected == 0) {
    return to_a_desk(wsi, c);
  }
  lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, BODY_S);
  return 0;
}

static int
begin_page(struct lws *wsi, connection *c)
{
  const shed_request *req = &c->job->req;
  if (req->method != SHED_HTTP_GET) {
    send_error(wsi, c, 405, "wrong_method", "pages are asked with GET");
  } else if (!shed_page_open(&c->page, c->job->loop->room->web, req->path, req->encodings, req->etag)) {
    shed_answer_error(&c->answer, 404, "not_found", NULL, "there is no such page", 0);
    begin_sending(wsi, c);
  } else {
    begin_sending(wsi, c);
  }
  return 0;
}

static int
begin_request(struct lws *wsi, connection *c, const char *path)
{
  shed_loop *loop   = lws_context_user(lws_get_context(wsi));
  int        status = 0;
  c->job            = shed_calloc(loop->room->alloc, 1, sizeof(*c->job));
  if (!c->job) {
    return -1;
  }
  c->job->loop = loop;
  c->job->wsi  = wsi;
  if (!shed_http_read(wsi, loop, path, &c->job->req, &status)) {
    send_error(wsi, c, status, "too_large", "the address or a header is longer than the server takes");
    return 0;
  }
  if (shed_starts_with(path, "/api/")) {
    return begin_api(wsi, c);
  }
  return begin_page(wsi, c);
}

static int
body(struct lws *wsi, connection *c, const char *in, size_t len)
{
  if (len == 0) {
    return 0; // a body that was announced as empty
  }
  if (!c->job || c->ready || c->with_a_desk) {
    return c->hang_up ? 0 : -1;
  }
  if (c->job->body.len + len > SHED_HTTP_BODY) {
    send_error(wsi, c, 413, "too_large", "the body is longer than 64 KB");
    return 0;
  }
  shed_str_addn(&c->job->body, in, len);
  return 0;
}

static void
closed(connection *c)
{
  if (c->job && c->with_a_desk) {
    c->job->wsi = NULL; // freed when the desk hands it back
    c->job      = NULL;
  }
  free_job(c->job);
  shed_answer_free(&c->answer);
  shed_page_close(&c->page);
  memset(c, 0, sizeof(*c));
}

int
shed_http_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
  shed_loop  *loop = lws_context_user(lws_get_context(wsi));
  connection *c    = user;
  // NOLINTNEXTLINE(clang-diagnostic-switch-enum): libwebsockets has a hundred reasons, these are ours
  switch ((int)reason) {
  case LWS_CALLBACK_FILTER_NETWORK_CONNECTION:
    return let_in(loop, (int)(intptr_t)in) ? 0 : -1;
  case LWS_CALLBACK_WSI_CREATE:
    return arrived(loop, wsi);
  case LWS_CALLBACK_WSI_DESTROY:
    shed_crowd_remove(loop->crowd, wsi);
    atomic_fetch_sub(&loop->room->connections, 1);
    return 0;
  case LWS_CALLBACK_HTTP:
    return begin_request(wsi, c, in);
  case LWS_CALLBACK_HTTP_BODY:
    return body(wsi, c, in, len);
  case LWS_CALLBACK_HTTP_BODY_COMPLETION:
    return c->job && !c->ready && !c->with_a_desk ? to_a_desk(wsi, c) : 0;
  case LWS_CALLBACK_HTTP_WRITEABLE:
    return writeable(wsi, c);
  case LWS_CALLBACK_CLOSED_HTTP:
    if (c) {
      closed(c);
    }
    return 0;
  case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
    return shed_seat_confirm(wsi, loop);
  case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
    shed_loop_collect(loop);
    shed_seat_wake(loop);
    return 0;
  default:
    return lws_callback_http_dummy(wsi, reason, user, in, len);
  }
}
