// About this file: woodshed devices: the microphones, loudspeakers and keyboards that this machine offers.
#include "app/cli/common.h"
#include "engine/audio/devices.h"
#include "engine/audio/input_check.h"
#include "engine/audio/midi_in.h"

static shed_json *
device_json(const shed_device *d)
{
  shed_json *o = shed_json_object();
  shed_json_set_str(o, "kind", "sound");
  shed_json_set_str(o, "name", d->name);
  shed_json_set_str(o, "api", d->api);
  shed_json_set_int(o, "inputs", d->inputs);
  shed_json_set_int(o, "outputs", d->outputs);
  shed_json_set_real(o, "rate_hz", d->rate_hz, 1);
  shed_json_set_real(o, "input_latency_s", d->input_latency_s, 5);
  shed_json_set_real(o, "output_latency_s", d->output_latency_s, 5);
  shed_json_set_bool(o, "default_input", d->default_input);
  shed_json_set_bool(o, "default_output", d->default_output);
  shed_json_set_bool(o, "bluetooth", shed_input_is_bluetooth(d->name));
  return o;
}

static void
print_sound(shed_cli *cli, const shed_devices *devices)
{
  for (size_t i = 0; i < devices->n; i++) {
    const shed_device *d = &devices->devices[i];
    (void)fprintf(cli->out, "%s%s %-40s %s, %d in, %d out, %.0f Hz%s\n", d->default_input ? "mic" : "   ",
                  d->default_output ? "+out" : "    ", d->name, d->api, d->inputs, d->outputs, d->rate_hz,
                  shed_input_is_bluetooth(d->name) ? ", Bluetooth: rhythm is not judged" : "");
  }
}

static shed_json *
all_json(const shed_devices *devices, const shed_midi_devices *keys)
{
  shed_json *all = shed_json_array();
  for (size_t i = 0; i < devices->n; i++) {
    shed_json_add(all, device_json(&devices->devices[i]));
  }
  for (size_t i = 0; i < keys->n; i++) {
    shed_json *o = shed_json_object();
    shed_json_set_str(o, "kind", "keys");
    shed_json_set_str(o, "name", keys->devices[i].name);
    shed_json_set_str(o, "api", keys->devices[i].api);
    shed_json_add(all, o);
  }
  return all;
}

static shed_exit
run(shed_cli *cli)
{
  shed_devices      devices = {0};
  shed_midi_devices keys    = {0};
  shed_error        err     = {0};
  shed_status       st      = shed_midi_devices_list(NULL, &keys);
  if (st != SHED_OK) {
    return shed_cli_error(cli, st, &err);
  }
  st = shed_devices_list(NULL, &devices, &err);
  if (st != SHED_OK && keys.n == 0) { // a keyboard alone can be judged, too
    shed_midi_devices_free(&keys);
    return shed_cli_error(cli, st, &err);
  }
  shed_exit code = SHED_EXIT_DONE;
  if (shed_cli_has(cli, "json")) {
    code = shed_cli_json(cli, all_json(&devices, &keys), SHED_EXIT_DONE);
  } else {
    print_sound(cli, &devices);
    for (size_t i = 0; i < keys.n; i++) {
      (void)fprintf(cli->out, "keys    %-40s MIDI (%s)\n", keys.devices[i].name, keys.devices[i].api);
    }
  }
  shed_devices_free(&devices);
  shed_midi_devices_free(&keys);
  return code;
}

static const shed_option options[] = {SHED_OPTION_JSON};
static const shed_action actions[] = {{"", "", "", 0, 0, run}};

const shed_command shed_command_devices = {
    "devices",
    "List the microphones, loudspeakers and MIDI keyboards of this machine",
    "mic and out mark what the system uses when nothing is chosen.",
    actions,
    SHED_COUNTOF(actions),
    options,
    SHED_COUNTOF(options),
};
