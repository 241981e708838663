#include "app/serve/room.h"

#include "app/serve/route.h"
#include "app/serve/secret.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LINES_A_SECOND = 10 };

void
shed_room_refuse(shed_room *room, const shed_who *who, const char *fmt, ...)
{
  shed_refusal r = {.at_ms = room->clock->wall_ms(room->clock->ctx)};
  va_list      args;
  (void)snprintf(r.who, sizeof(r.who), "%s", who->roles ? who->login : "");
  va_start(args, fmt);
  (void)vsnprintf(r.what, sizeof(r.what), fmt, args);
  va_end(args);
  for (char *p = r.what; *p;
       p++) { // what came from outside must not end a line of the log, or be cut within a letter
    *p = (unsigned char)*p < ' ' || (unsigned char)*p > '~' ? '?' : *p;
  }
  (void)pthread_mutex_lock(&room->mutex);
  room->refusals[room->n_refusals++ % SHED_ROOM_REFUSALS] = r;
  room->refused_in_it  = room->refused_second == r.at_ms / 1000 ? room->refused_in_it + 1 : 1;
  room->refused_second = r.at_ms / 1000;
  bool told            = room->refused_in_it <= LINES_A_SECOND;
  (void)pthread_mutex_unlock(&room->mutex);
  if (told) {
    shed_logf(room->log, SHED_LOG_WARNING, "refused: %s: %s", r.who[0] ? r.who : "nobody signed in", r.what);
  }
}

shed_json *
shed_room_refusals(shed_room *room)
{
  shed_json *list = shed_json_array();
  (void)pthread_mutex_lock(&room->mutex);
  size_t n = room->n_refusals < SHED_ROOM_REFUSALS ? room->n_refusals : SHED_ROOM_REFUSALS;
  for (size_t i = 0; i < n; i++) {
    const shed_refusal *r = &room->refusals[(room->n_refusals - 1 - i) % SHED_ROOM_REFUSALS];
    char                at[40];
    shed_json          *o = shed_json_object();
    shed_time_format(at, sizeof(at), r->at_ms, room->clock->utc_offset_min(room->clock->ctx, r->at_ms));
    shed_json_set_str(o, "at", at);
    shed_json_set_str(o, "who", r->who[0] ? r->who : NULL);
    shed_json_set_str(o, "what", r->what);
    shed_json_add(list, o);
  }
  (void)pthread_mutex_unlock(&room->mutex);
  return list;
}

static bool
known_host(const shed_room *room, const shed_request *req)
{
  const char *names[SHED_ROOM_ADDRS];
  for (int i = 0; i < room->n_host_names; i++) {
    names[i] = room->host_names[i];
  }
  return shed_request_host_known(req->host, names, (size_t)room->n_host_names);
}

// What changes something, and the live socket, must come from our own pages.
static bool
from_our_pages(shed_room *room, const shed_request *req, const shed_route *r, const shed_who *who,
               shed_answer *out)
{
  bool changes = r->method != SHED_HTTP_GET;
  bool socket  = strcmp(r->answer, "websocket") == 0;
  if ((changes || socket) && !shed_request_same_origin(req)) {
    shed_room_refuse(room, who, "%s from the origin \"%.60s\"", r->path, req->origin);
    shed_answer_error(out, 403, "bad_origin", "Origin",
                      "this comes from a page of another server; open the practice room's own address", 0);
    return false;
  }
  if (changes && who->roles && !(r->roles & SHED_ROUTE_NOBODY) && !shed_secret_equal(req->csrf, who->csrf)) {
    shed_room_refuse(room, who, "%s without its token", r->path);
    shed_answer_error(out, 403, "bad_token", "X-Woodshed-Csrf", "reload the page and try again", 0);
    return false;
  }
  return true;
}

const shed_route *
shed_door(shed_room *room, const shed_request *req, shed_who *who, char *arg, shed_answer *out)
{
  char              cookie[SHED_SIGNIN_COOKIE];
  bool              other = false;
  const shed_route *r     = shed_route_find(req->method, req->path, arg, SHED_HTTP_PARAM, &other);
  *who                    = (shed_who){.roles = 0};
  if (!known_host(room, req)) {
    shed_room_refuse(room, who, "the host name \"%.60s\"", req->host);
    shed_answer_error(out, 403, "bad_origin", "Host",
                      "the server does not go by that name; type its address, or start it with --name", 0);
    return NULL;
  }
  if (shed_request_cookie(req->cookies, SHED_SIGNIN_COOKIE_NAME, cookie, sizeof(cookie))) {
    *who = shed_signins_find(room->signins, cookie);
  }
  if (!r) {
    shed_answer_error(out, other ? 405 : 404, other ? "wrong_method" : "not_found", NULL,
                      other ? "this is asked with another method" : "there is no such thing to ask for", 0);
    return NULL;
  }
  if (!shed_route_allows(r, who->roles)) {
    if (who->roles) {
      shed_room_refuse(room, who, "%s %s", shed_http_method_name(req->method), req->path);
      shed_answer_error(out, 403, "forbidden", NULL, "that is not yours to see", 0);
    } else {
      shed_answer_error(out, 401, "signed_out", NULL, "sign in first", 0);
    }
    return NULL;
  }
  return from_our_pages(room, req, r, who, out) ? r : NULL;
}

void
shed_room_answer(shed_call *call, const char *body, size_t n_body)
{
  shed_error  err  = {0};
  shed_json  *json = NULL;
  shed_status st   = SHED_OK;
  if (call->route->body[0]) {
    st = shed_json_parse(body, n_body, "body", &json, &err);
    if (st == SHED_OK && !shed_json_is_object(json)) {
      st = shed_fail(&err, SHED_E_FORMAT, "body", "is no JSON object");
    }
  }
  call->body = json;
  if (st == SHED_OK) {
    st = call->route->run(call, &err);
  }
  if (st == SHED_E_DENIED) {
    shed_room_refuse(call->room, &call->who, "%s: %s", call->req->path, err.what);
  }
  if (st != SHED_OK) {
    if (st == SHED_E_IO || st == SHED_E_CORRUPT || st == SHED_E_NOSPACE || st == SHED_E_NOMEM) {
      shed_logf(call->room->log, SHED_LOG_ERROR, "%s: %s: %s", call->req->path, err.where, err.what);
    }
    shed_answer_status(call->out, st, &err);
  }
  shed_json_free(json);
}
