// About this file: starting and ending: store, library, port, certificate, pools, the loop's thread. Nothing of a request is here.
#include "app/serve/serve.h"

#include "app/serve/addresses.h"
#include "app/serve/live.h"
#include "app/serve/loop.h"
#include "app/serve/pages.h"
#include "app/serve/secret.h"
#include "app/serve/tls.h"
#include "app/session/practice.h"
#include "engine/base/file.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
  PORT          = 7465,
  PORTS_TRIED   = 20,
  DESKS         = 2,
  DESK_QUEUE    = 256,
  DESK_PATIENCE = 3, // judging and pages give way to hearing
  CONNECTIONS   = 600,
  HEADER_BYTES  = 8192,
  SPARE         = 32, // places of the library's own, beside the connections
  IDLE_S        = 20,
  KEEP_ALIVE_S  = 30,
  MANY          = 16,     // players, from whom on the loop takes what comes in turns ...
  MANY_REST_NS  = 2000000 // ... so far apart
};

struct shed_serve {
  shed_room       room;
  shed_loop       loop;
  shed_serve_opts opts;
  shed_clock      clock;
  shed_tls_files  tls;
  char            address[2 * SHED_ROOM_ADDRESS];
  int             port;
  pthread_t       thread;
  bool            thread_runs;
  shed_store     *store; ///< of the loop's helper: saving sign-ins now and then, on a desk
};

// -- the desks' own things ---------------------------------------------------------------------------------------------

static shed_status
open_desk(void *ctx, void **own, shed_error *err)
{
  shed_serve     *s     = ctx;
  shed_store     *store = NULL;
  shed_store_opts opts  = {.alloc = s->opts.alloc, .clock = s->room.clock, .log = s->opts.log};
  shed_status     st    = shed_store_open(&store, s->opts.store, &opts, err);
  *own                  = store;
  return st;
}

static void
close_desk(void *own)
{
  shed_store_close(own);
}

// -- the loop ----------------------------------------------------------------------------------------------------------

// What every answer has with it: scripts and sounds from here alone, the microphone for these pages alone.
static const struct lws_protocol_vhost_options security[] = {
    {&security[1], NULL, "content-security-policy:",
     "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; worker-src 'self'; "
     "connect-src 'self' ws: wss:; media-src 'self' blob:; img-src 'self' data:; frame-ancestors 'none'; "
     "base-uri 'none'; form-action 'self'"},
    {&security[2], NULL, "x-content-type-options:", "nosniff"},
    {&security[3], NULL, "referrer-policy:", "no-referrer"},
    {&security[4], NULL, "cross-origin-opener-policy:", "same-origin"},
    {&security[5], NULL, "cross-origin-resource-policy:", "same-origin"},
    {NULL, NULL, "permissions-policy:", "microphone=(self), camera=(), geolocation=()"},
};

static void *
run_loop(void *ctx)
{
  static const struct timespec rest = {.tv_nsec = MANY_REST_NS};
  shed_serve                  *s    = ctx;
  while (!atomic_load(&s->loop.ending) && lws_service(s->loop.context, 0) >= 0) {
    if (atomic_load_explicit(&s->room.live, memory_order_relaxed) >= MANY) {
      (void)nanosleep(&rest, NULL); // what comes meanwhile is taken in one turn, which looks at every socket
    }
  }
  return NULL;
}

static void
log_line(int level, const char *line)
{
  (void)level; // what libwebsockets says of each connection is noise; what matters we tell ourselves
  (void)line;
}

// What the context and the port share.
static struct lws_context_creation_info
describe(shed_serve *s, const struct lws_protocols *protocols)
{
  struct lws_context_creation_info info = {0};
  info.iface                            = s->opts.listen ? s->opts.listen : "127.0.0.1";
  info.protocols                        = protocols;
  info.user                             = &s->loop;
  info.gid                              = -1;
  info.uid                              = -1;
  info.headers                          = security;
  info.server_string                    = "woodshed";
  info.max_http_header_data2            = HEADER_BYTES;
  // one for each connection, made when its header comes: else who begins a header and never ends it keeps others waiting
  info.max_http_header_pool2 = (unsigned)(s->loop.most_connections + SPARE);
  info.timeout_secs          = IDLE_S;
  info.keepalive_timeout     = KEEP_ALIVE_S;
  info.pt_serv_buf_size      = 64 * 1024;
  info.fd_limit_per_thread   = (unsigned)s->loop.most_connections + SPARE;
  info.vhost_name            = "woodshed";
  info.options               = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DISABLE_IPV6 |
                 LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND;
  if (info.iface && strchr(info.iface, ':')) {
    info.options &= ~(uint64_t)LWS_SERVER_OPTION_DISABLE_IPV6;
  }
  if (strcmp(info.iface, "0.0.0.0") == 0) {
    info.iface = NULL;
  }
  if (s->room.tls) {
    info.options |= LWS_SERVER_OPTION_REDIRECT_HTTP_TO_HTTPS;
    info.options |= LWS_SERVER_OPTION_ALLOW_NON_SSL_ON_SSL_PORT; // who forgets the s is sent on
    info.ssl_cert_filepath        = s->room.own_ca ? s->tls.cert : s->opts.cert;
    info.ssl_private_key_filepath = s->room.own_ca ? s->tls.key : s->opts.key;
    info.alpn                     = "http/1.1"; // a WebSocket over HTTP/2 gains a room nothing
  }
  return info;
}

// The context is made once and apart from the port: lws_create_context() with a port that is taken leaves memory behind.
static shed_status
open_port(shed_serve *s, const struct lws_protocols *protocols, shed_error *err)
{
  struct lws_context_creation_info info  = describe(s, protocols);
  struct lws_vhost                *host  = NULL;
  int                              first = s->opts.port ? s->opts.port : PORT;
  int                              tries = s->opts.port || s->opts.any_port ? 1 : PORTS_TRIED;
  lws_set_log_level(0, log_line);
  s->loop.context = lws_create_context(&info);
  if (!s->loop.context) {
    return shed_fail(err, SHED_E_NOMEM, NULL, "%s", shed_status_text(SHED_E_NOMEM));
  }
  for (int i = 0; i < tries && !host; i++) {
    info.port = s->opts.any_port ? 0 : first + i;
    host      = lws_create_vhost(s->loop.context, &info);
  }
  if (!host) {
    return shed_fail(err, SHED_E_BUSY, s->opts.listen ? s->opts.listen : "127.0.0.1",
                     "port %d cannot be opened: another program has it, or the address is not this machine's",
                     first);
  }
  s->port = lws_get_vhost_listen_port(host);
  return SHED_OK;
}

// -- places ------------------------------------------------------------------------------------------------------------

static void
find_pages(shed_serve *s)
{
  const char *const places[] = {s->opts.web, getenv("WOODSHED_WEB"), SHED_WEB_INSTALLED, SHED_WEB_BUILD};
  for (size_t i = 0; i < SHED_COUNTOF(places); i++) {
    char index[SHED_ROOM_PATH + 16];
    if (places[i] && places[i][0]) {
      (void)snprintf(s->room.web, sizeof(s->room.web), "%s", places[i]);
      (void)snprintf(index, sizeof(index), "%s/index.html", s->room.web);
      if (i < 2 || shed_file_exists(index)) {
        return;
      }
    }
  }
}

static shed_status
prepare_tls(shed_serve *s, shed_error *err)
{
  char folder[PATH_MAX];
  if (s->opts.cert || s->opts.key) {
    s->room.tls = true;
    if (!s->opts.cert || !s->opts.key) {
      return shed_fail(err, SHED_E_FORMAT, NULL, "a certificate and its key are given together");
    }
    return shed_tls_check(s->opts.cert, s->opts.key, err);
  }
  if (!s->opts.tls) {
    return SHED_OK;
  }
  const char *names[SHED_TLS_NAMES];
  size_t      n     = shed_addresses_names(&s->room, names, SHED_TLS_NAMES);
  const char *path  = shed_store_path(s->store);
  const char *slash = strrchr(path, '/');
  (void)snprintf(folder, sizeof(folder), "%.*stls", slash ? (int)(slash - path) + 1 : 0, path);
  shed_status st = shed_tls_prepare(folder, names, n, s->room.clock, &s->tls, err);
  if (st == SHED_OK) {
    s->room.tls       = true;
    s->room.own_ca    = true;
    s->room.ca_sha256 = s->tls.ca_sha256;
    (void)snprintf(s->room.ca_path, sizeof(s->room.ca_path), "%s", s->tls.ca);
  }
  return st;
}

static bool
first_account(void *ctx, const shed_account *a)
{
  (void)a;
  *(bool *)ctx = true;
  return false;
}

static shed_status
make_scratch(shed_room *r, shed_error *err)
{
  const char *tmp = getenv("TMPDIR");
  (void)snprintf(r->scratch, sizeof(r->scratch), "%.900s/woodshed-serve-XXXXXX",
                 tmp && tmp[0] ? tmp : "/tmp");
  if (!mkdtemp(r->scratch)) {
    shed_status st = shed_status_of_errno(errno);
    shed_fail(err, st, r->scratch, "no folder can be made there: %s", strerror(errno));
    r->scratch[0] = '\0';
    return st;
  }
  return SHED_OK;
}

static shed_status
open_room(shed_serve *s, shed_error *err)
{
  shed_room  *r       = &s->room;
  bool        account = false;
  shed_status st      = open_desk(s, (void **)&s->store, err);
  r->alloc            = s->opts.alloc;
  r->log              = s->opts.log;
  r->store_url        = s->opts.store;
  r->begun_ns         = r->clock->mono_ns(r->clock->ctx);
  (void)snprintf(r->title, sizeof(r->title), "%s", s->opts.title ? s->opts.title : "Practice room");
  find_pages(s);
  if (st == SHED_OK) {
    st = make_scratch(r, err);
  }
  if (st == SHED_OK) {
    st = shed_library_open(s->opts.content, r->alloc, &r->library, err);
  }
  if (st == SHED_OK) {
    st = shed_signins_open(&r->signins, s->store, r->clock, r->alloc, err);
  }
  if (st == SHED_OK) {
    st = shed_throttle_new(&r->throttle, r->clock, r->alloc);
  }
  if (st == SHED_OK) {
    st = shed_store_each_account(s->store, SHED_ACCOUNT_ROLES, first_account, &account, err);
  }
  if (st == SHED_OK && !account) {
    shed_secret_code(r->first_code, sizeof(r->first_code));
  }
  return st;
}

static void
wake(void *ctx)
{
  shed_serve *s = ctx;
  if (!atomic_load(&s->loop.ending)) {
    lws_cancel_service(s->loop.context);
  }
}

static void
tell_left(void *ctx, const shed_practice_left *left)
{
  shed_serve *s    = ctx;
  shed_str    text = {0};
  shed_message_text(&left->message, &text);
  shed_logf(s->opts.log, SHED_LOG_WARNING, "%s: %s", left->title, shed_str_text(&text));
  shed_str_free(&text);
}

// Takes are recorded beside the store, on its disk. What a crash left there is kept first.
static shed_status
open_lives(shed_serve *s, shed_error *err)
{
  char folder[SHED_ROOM_PATH];
  if (snprintf(folder, sizeof(folder), "%s.live", shed_store_path(s->store)) >= (int)sizeof(folder)) {
    return shed_fail(err, SHED_E_RANGE, shed_store_path(s->store), "the path is too long");
  }
  shed_status st = shed_folder_make(folder, err);
  if (st == SHED_OK) {
    st = shed_practice_recover(folder, s->store, s->opts.alloc, tell_left, s, err);
  }
  return st == SHED_OK ? shed_seats_new(&s->room.lives, &s->room, folder, wake, s, err) : st;
}

static int
processors(void)
{
  const long n = sysconf(_SC_NPROCESSORS_ONLN);
  return n > 0 ? (int)n : 1;
}

static int
ears_of(const shed_serve *s)
{
  return s->opts.listeners ? s->opts.listeners : processors();
}

static shed_status
open_pools(shed_serve *s, shed_error *err)
{
  const int   ears = ears_of(s);
  shed_status st   = shed_pool_new(&s->room.desks, DESKS, DESK_QUEUE, DESK_PATIENCE, open_desk, close_desk, s,
                                   s->opts.alloc, err);
  if (st == SHED_OK) {
    shed_hearing_try(&s->room.hearing);
    st = shed_pool_new(&s->room.ears, ears, 1, 0, NULL, NULL, NULL, s->opts.alloc, err);
  }
  return st == SHED_OK ? open_lives(s, err) : st;
}

static shed_status
start(shed_serve *s, shed_error *err)
{
  static const struct lws_protocols protocols[] = {
      {.name = "http", .callback = shed_http_callback},
      {.name = "woodshed-live-1", .callback = shed_seat_callback},
      {0},
  };
  shed_status st = open_room(s, err);
  if (st == SHED_OK) {
    shed_addresses_find(&s->room, s->opts.listen, s->opts.name);
    st = prepare_tls(s, err);
  }
  if (st == SHED_OK && !s->opts.no_card) {
    st = shed_card_new(&s->room.card, s->opts.alloc, err);
  }
  if (st == SHED_OK) {
    st = open_pools(s, err);
  }
  if (st == SHED_OK) {
    st = shed_crowd_new(&s->loop.crowd, (size_t)s->loop.most_connections, s->opts.alloc);
  }
  if (st == SHED_OK) {
    struct lws_protocols *p = shed_calloc(s->opts.alloc, SHED_COUNTOF(protocols), sizeof(*p));
    if (!p) {
      return SHED_E_NOMEM;
    }
    memcpy(p, protocols, sizeof(protocols));
    p[0].per_session_data_size = shed_http_session_size();
    p[1].per_session_data_size = shed_seat_session_size();
    p[1].rx_buffer_size        = SHED_SEAT_MESSAGE;
    s->loop.protocols          = p;
    st                         = open_port(s, p, err);
  }
  if (st == SHED_OK) {
    shed_addresses_finish(&s->room, s->port);
    (void)snprintf(s->address, sizeof(s->address), "%s", s->room.addresses[0]);
    shed_loop_begin(&s->loop);
    if (pthread_create(&s->thread, NULL, run_loop, s) != 0) {
      return shed_fail(err, SHED_E_LIMIT, NULL, "the system gives no further thread");
    }
    s->thread_runs = true;
  }
  return st;
}

shed_status
shed_serve_new(shed_serve **out, const shed_serve_opts *opts, shed_error *err)
{
  shed_serve *s = shed_calloc(opts->alloc, 1, sizeof(*s));
  if (!s) {
    return shed_fail(err, SHED_E_NOMEM, NULL, "%s", shed_status_text(SHED_E_NOMEM));
  }
  s->opts                  = *opts;
  s->room.clock            = opts->clock ? opts->clock : shed_clock_system();
  s->loop.room             = &s->room;
  s->loop.most_connections = opts->connections ? opts->connections : CONNECTIONS;
  shed_hearing_begin(&s->room.hearing, ears_of(s) < processors() ? ears_of(s) : processors());
  (void)pthread_mutex_init(&s->room.mutex, NULL);
  (void)pthread_mutex_init(&s->room.first_run, NULL);
  (void)pthread_mutex_init(&s->loop.mutex, NULL);
  shed_status st = start(s, err);
  if (st != SHED_OK) {
    shed_serve_free(s);
    return st;
  }
  *out = s;
  return SHED_OK;
}

void
shed_serve_free(shed_serve *s)
{
  if (!s) {
    return;
  }
  const shed_alloc *alloc = s->opts.alloc;
  atomic_store(&s->loop.ending, true);
  if (s->thread_runs) {
    lws_cancel_service(s->loop.context);
    (void)pthread_join(s->thread, NULL);
  }
  shed_card_end(s->room.card);
  shed_seats_end(s->room.lives); // takes that are being played are judged and kept
  shed_pool_free(s->room.ears);
  shed_pool_free(s->room.desks);
  if (s->loop.context) {
    lws_context_destroy(s->loop.context); // closes every connection
  }
  shed_crowd_free(s->loop.crowd);
  shed_loop_drop(&s->loop);
  shed_seats_free(s->room.lives);
  shed_card_free(s->room.card);
  if (s->room.signins && s->store) {
    shed_error err = {0};
    if (shed_signins_save(s->room.signins, s->store, &err) != SHED_OK) {
      shed_logf(s->opts.log, SHED_LOG_WARNING, "who is signed in could not be written down: %s", err.what);
    }
  }
  shed_signins_free(s->room.signins);
  shed_throttle_free(s->room.throttle);
  shed_library_free(s->room.library);
  shed_store_close(s->store);
  shed_free(alloc, s->loop.protocols);
  if (s->room.scratch[0]) {
    (void)rmdir(s->room.scratch); // what was written in it is gone by now
  }
  (void)pthread_mutex_destroy(&s->loop.mutex);
  (void)pthread_mutex_destroy(&s->room.first_run);
  (void)pthread_mutex_destroy(&s->room.mutex);
  shed_hearing_end(&s->room.hearing);
  shed_free(alloc, s);
}

const char *
shed_serve_address(const shed_serve *s)
{
  return s->address;
}

int
shed_serve_port(const shed_serve *s)
{
  return s->port;
}

const char *
shed_serve_first_code(const shed_serve *s)
{
  return s->room.first_code;
}

const char *
shed_serve_ca_sha256(const shed_serve *s)
{
  return s->tls.ca_sha256.text;
}

bool
shed_serve_has_pages(const shed_serve *s)
{
  shed_page page = {0};
  bool      has  = shed_page_open(&page, s->room.web, "/", false, "");
  shed_page_close(&page);
  return has;
}
