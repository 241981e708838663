// About this file: woodshed devices: the microphones and loudspeakers that this machine offers.
#include "app/cli/common.h"
#include "engine/audio/devices.h"

static shed_json *
device_json(const shed_device *d)
{
  shed_json *o = shed_json_object();
  shed_json_set_str(o, "name", d->name);
  shed_json_set_str(o, "api", d->api);
  shed_json_set_int(o, "inputs", d->inputs);
  shed_json_set_int(o, "outputs", d->outputs);
  shed_json_set_real(o, "rate_hz", d->rate_hz, 1);
  shed_json_set_real(o, "input_latency_s", d->input_latency_s, 5);
  shed_json_set_real(o, "output_latency_s", d->output_latency_s, 5);
  shed_json_set_bool(o, "default_input", d->default_input);
  shed_json_set_bool(o, "default_output", d->default_output);
  return o;
}

static shed_exit
run(shed_cli *cli)
{
  shed_devices devices = {0};
  shed_error   err     = {0};
  shed_status  st      = shed_devices_list(NULL, &devices, &err);
  if (st != SHED_OK) {
    return shed_cli_error(cli, st, &err);
  }
  shed_json *all = shed_cli_has(cli, "json") ? shed_json_array() : NULL;
  for (size_t i = 0; i < devices.n; i++) {
    const shed_device *d = &devices.devices[i];
    if (all) {
      shed_json_add(all, device_json(d));
      continue;
    }
    (void)fprintf(cli->out, "%s%s %-40s %s, %d in, %d out, %.0f Hz\n", d->default_input ? "mic" : "   ",
                  d->default_output ? "+out" : "    ", d->name, d->api, d->inputs, d->outputs, d->rate_hz);
  }
  shed_devices_free(&devices);
  return all ? shed_cli_json(cli, all, SHED_EXIT_DONE) : SHED_EXIT_DONE;
}

static const shed_option options[] = {SHED_OPTION_JSON};
static const shed_action actions[] = {{"", "", "", 0, 0, run}};

const shed_command shed_command_devices = {
    "devices",
    "List the microphones and loudspeakers of this machine",
    "mic and out mark what the system uses when nothing is chosen.",
    actions,
    SHED_COUNTOF(actions),
    options,
    SHED_COUNTOF(options),
};
