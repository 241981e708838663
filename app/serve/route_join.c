// About this file: the routes by which a class finds the room, and how the server fares. Desk threads.
#include "app/serve/routes.h"
#include "app/serve/serve.h"
#include "engine/base/file.h"

shed_status
route_join(shed_call *c, shed_error *err)
{
  const shed_room *r    = c->room;
  shed_json       *o    = shed_json_object();
  shed_json       *list = shed_json_array();
  (void)err;
  for (int i = 0; i < r->n_addresses; i++) {
    shed_json_add(list, shed_json_string(r->addresses[i]));
  }
  shed_json_set_str(o, "address", r->addresses[0]);
  shed_json_set(o, "addresses", list);
  shed_json_set_bool(o, "tls", r->tls);
  shed_json_set_bool(o, "own_ca", r->own_ca);
  shed_json_set_str(o, "ca_sha256", r->own_ca ? r->ca_sha256.text : NULL);
  shed_answer_json(c->out, o);
  return SHED_OK;
}

shed_status
route_join_qr(shed_call *c, shed_error *err)
{
  c->out->type   = "image/svg+xml";
  shed_status st = shed_qr_svg(c->room->addresses[0], &c->out->body);
  return st == SHED_OK ? st : shed_fail(err, st, NULL, "the address does not fit a QR code");
}

shed_status
route_join_ca(shed_call *c, shed_error *err)
{
  enum { LONGEST = 1 << 16 };
  char  *data = NULL;
  size_t n    = 0;
  if (!c->room->own_ca) {
    return shed_fail(err, SHED_E_NOTFOUND, NULL, "this server has no authority of its own");
  }
  shed_status st = shed_file_read(c->room->ca_path, LONGEST, c->room->alloc, &data, &n, err);
  if (st == SHED_OK) {
    c->out->type = "application/x-x509-ca-cert";
    shed_str_addn(&c->out->body, data, n);
  }
  shed_free(c->room->alloc, data);
  return st;
}

shed_status
route_server(shed_call *c, shed_error *err)
{
  shed_room *r   = c->room;
  int64_t    now = r->clock->mono_ns(r->clock->ctx);
  shed_json *o   = shed_json_object();
  (void)err;
  shed_json_set_str(o, "version", SHED_VERSION);
  shed_json_set_int(o, "uptime_s", (now - r->begun_ns) / 1000000000);
  shed_json_set_int(o, "connections", atomic_load(&r->connections));
  shed_json_set_int(o, "live", atomic_load(&r->live));
  shed_json_set_int(o, "listeners", shed_pool_threads(r->ears));
  shed_json_set_int(o, "players_most", shed_hearing_most(&r->hearing));
  shed_json_set_real(o, "late_s", (double)shed_hearing_behind_ns(&r->hearing) / 1e9, 2);
  shed_json_set_int(o, "dropped", atomic_load(&r->dropped));
  shed_json_set(o, "refusals", shed_room_refusals(r));
  shed_answer_json(c->out, o);
  return SHED_OK;
}

// Answered before any desk sees it: the socket is the event loop's.
shed_status
route_live(shed_call *c, shed_error *err)
{
  (void)c;
  return shed_fail(err, SHED_E_FORMAT, NULL, "this is asked as a WebSocket");
}
