// About this file: the route of the machine's own sound card. Desk threads.
#include "app/serve/routes.h"

static shed_json *
device_to_json(const shed_device *d)
{
  shed_json *o = shed_json_object();
  shed_json_set_str(o, "name", d->name);
  shed_json_set_str(o, "api", d->api);
  shed_json_set_int(o, "inputs", d->inputs);
  shed_json_set_int(o, "outputs", d->outputs);
  shed_json_set_real(o, "rate_hz", d->rate_hz, 0);
  shed_json_set_bool(o, "default_input", d->default_input);
  shed_json_set_bool(o, "default_output", d->default_output);
  return o;
}

// Nobody listens into the room from elsewhere: the card is for a browser on this machine.
shed_status
route_devices(shed_call *c, shed_error *err)
{
  shed_card   *card    = c->room->card;
  shed_devices devices = {0};
  shed_error   why     = {0};
  const char  *text    = "";
  shed_json   *list    = shed_json_array();
  shed_json   *o       = shed_json_object();
  (void)err;
  if (!card) {
    text = "this server was started without its sound card";
  } else if (!c->req->local) {
    text = "the sound card of the room's machine is for who sits at that machine";
  } else if (shed_card_list(card, &devices, &why) != SHED_OK) {
    text = why.what;
  }
  for (size_t i = 0; i < devices.n; i++) {
    shed_json_add(list, device_to_json(&devices.devices[i]));
  }
  shed_json_set_bool(o, "offered", text[0] == '\0');
  shed_json_set_str(o, "text", text);
  shed_json_set_bool(o, "busy", card && c->req->local && shed_card_held(card));
  shed_json_set(o, "devices", list);
  shed_devices_free(&devices);
  shed_answer_json(c->out, o);
  return SHED_OK;
}
