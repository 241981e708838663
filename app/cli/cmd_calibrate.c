// About this file: woodshed calibrate: how late this machine hears what it plays, and whether its microphone is fit.
#include "app/cli/common.h"
#include "engine/audio/calibrate.h"
#include "engine/audio/latency.h"
#include "engine/base/clock.h"

#include <math.h>
#include <string.h>

static const double LEVEL_S = 6.0;

static bool
read_pair(shed_cli *cli, shed_live_opts *o)
{
  long long rate = 0, block = 0, channel = 1;
  double    buffer_ms = 0;
  o->input            = shed_cli_option(cli, "input");
  o->output           = shed_cli_option(cli, "output");
  o->api              = shed_cli_option(cli, "api");
  if (!shed_cli_whole(cli, "rate", 16000, 192000, &rate) || !shed_cli_whole(cli, "block", 1, 65536, &block) ||
      !shed_cli_whole(cli, "channel", 1, 32, &channel) ||
      !shed_cli_number(cli, "buffer", 1, 1000, &buffer_ms)) {
    return false;
  }
  o->rate_hz      = (int)rate;
  o->block_frames = (int)block;
  o->channel      = (int)channel - 1;
  o->buffer_s     = buffer_ms / 1000;
  return true;
}

static shed_json *
messages_json(const shed_message *m, int n)
{
  shed_json *all = shed_json_array();
  for (int i = 0; i < n; i++) {
    shed_json_add(all, shed_message_to_json(&m[i]));
  }
  return all;
}

static void
device_json(shed_json *o, const shed_live_device *d)
{
  shed_json_set_str(o, "input", d->input);
  shed_json_set_str(o, "output", d->output);
  shed_json_set_str(o, "api", d->api);
  shed_json_set_int(o, "rate_hz", d->rate_hz);
}

static void
input_json(shed_json *o, const shed_input_report *r)
{
  shed_json_set_real(o, "noise_db", r->noise_db, 1);
  shed_json_set_real(o, "loud_db", r->loud_db, 1);
  shed_json_set_real(o, "peak_db", r->peak_db, 1);
  shed_json_set_int(o, "clipped", r->clipped);
  shed_json_set_bool(o, "dead", r->dead);
  shed_json_set_bool(o, "heard", r->heard);
  shed_json_set_real(o, "rise_db", r->rise_db, 1);
  shed_json_set_bool(o, "gated", r->gated);
}

// -- the level alone ---------------------------------------------------------------------------------------------------

static shed_exit
run_level(shed_cli *cli, const shed_live_opts *pair)
{
  shed_input_report r      = {0};
  shed_live_device  device = {0};
  shed_error        err    = {0};
  shed_message      m[SHED_INPUT_MESSAGES];
  (void)fprintf(cli->err, "Be quiet for two seconds, then play as loudly as you will play.\n");
  shed_status st = shed_calibrate_level(pair, LEVEL_S, NULL, shed_cli_progress, cli, &r, &device, &err);
  if (st != SHED_OK) {
    return shed_cli_error(cli, st, &err);
  }
  int       n    = shed_input_advice(&r, device.input, true, m);
  shed_exit code = n == 0 ? SHED_EXIT_DONE : SHED_EXIT_NO;
  if (shed_cli_has(cli, "json")) {
    shed_json *o = shed_json_object();
    shed_json_set_str(o, "schema", "woodshed/level/1");
    device_json(o, &device);
    input_json(o, &r);
    shed_json_set(o, "advice", messages_json(m, n));
    return shed_cli_json(cli, o, code);
  }
  (void)fprintf(cli->out, "%s: room %.0f dB, playing %.0f dB, peak %.0f dB\n", device.input, r.noise_db,
                r.loud_db, r.peak_db);
  for (int i = 0; i < n; i++) {
    shed_cli_message(cli, 2, &m[i]);
  }
  if (n == 0) {
    (void)fprintf(cli->out, "  The level is good.\n");
  }
  return code;
}

// -- the list ----------------------------------------------------------------------------------------------------------

static shed_exit
run_list(shed_cli *cli)
{
  shed_latencies all = {0};
  shed_error     err = {0};
  char           path[512];
  shed_status    st = shed_latencies_path(path, sizeof(path), &err);
  if (st != SHED_OK || (st = shed_latencies_load(path, NULL, &all, &err)) != SHED_OK) {
    return shed_cli_error(cli, st, &err);
  }
  for (size_t i = 0; i < all.n; i++) {
    const shed_latency *l = &all.all[i];
    shed_message        why;
    char                when[32];
    shed_time_format(when, sizeof(when), l->measured_ms, 0);
    bool rhythm = shed_latency_rhythm(l, l->input, &why);
    (void)fprintf(cli->out, "%s, %s (%s, %d Hz): %.1f ms, spread %.1f ms, %.10s%s\n", l->input, l->output,
                  l->api, l->rate_hz, 1000 * l->latency_s, 1000 * l->spread_s, when,
                  rhythm ? "" : ": rhythm is not judged");
  }
  if (all.n == 0) {
    (void)fprintf(cli->out, "Nothing was measured yet.\n");
  }
  shed_latencies_free(&all);
  return SHED_EXIT_DONE;
}

// -- measuring ---------------------------------------------------------------------------------------------------------

static shed_status
keep(const shed_latency *one, char *path, size_t size, shed_error *err)
{
  shed_latencies all = {0};
  shed_status    st  = shed_latencies_path(path, size, err);
  if (st == SHED_OK && (st = shed_latencies_load(path, NULL, &all, err)) == SHED_OK &&
      (st = shed_latencies_put(&all, one)) == SHED_OK) {
    st = shed_latencies_save(&all, path, err);
  }
  shed_latencies_free(&all);
  return st;
}

static shed_json *
calibration_json(const shed_calibration *c, bool rhythm, const shed_message *m, int n)
{
  shed_json               *o    = shed_json_object();
  shed_json               *each = shed_json_array();
  const shed_probe_result *p    = &c->probe;
  shed_json_set_str(o, "schema", "woodshed/calibration/1");
  device_json(o, &c->device);
  shed_json_set_int(o, "probes", p->probes);
  shed_json_set_int(o, "heard", p->heard);
  shed_json_set_real(o, "latency_s", p->latency_s, 6);
  shed_json_set_real(o, "latency_frames", p->latency_s * c->device.rate_hz, 2);
  shed_json_set_real(o, "spread_s", p->spread_s, 6);
  for (int i = 0; i < p->probes; i++) {
    shed_json_add(each, shed_json_real(p->each_s[i], 6));
  }
  shed_json_set(o, "each_s", each);
  shed_json_set_real(o, "gain_db", p->gain_db, 1);
  shed_json_set_real(o, "snr_db", p->snr_db, 1);
  shed_json_set_real(o, "noise_db", p->noise_db, 1);
  shed_json_set_real(o, "squeeze_db", p->squeeze_db, 1);
  shed_json_set_real(o, "fade_db", p->fade_db, 1);
  shed_json_set_real(o, "drift_db", p->drift_db, 1);
  shed_json_set_int(o, "torn", (int64_t)c->stats.torn);
  shed_json_set_bool(o, "rhythm", rhythm);
  shed_json_set(o, "advice", messages_json(m, n));
  return o;
}

static void
print_calibration(shed_cli *cli, const shed_calibration *c, bool rhythm, const shed_message *m, int n)
{
  const shed_probe_result *p = &c->probe;
  (void)fprintf(cli->out, "%s, %s (%s, %d Hz)\n", c->device.input, c->device.output, c->device.api,
                c->device.rate_hz);
  if (!isnan(p->latency_s)) {
    (void)fprintf(cli->out, "  round trip %.1f ms, spread %.1f ms, %d of %d chirps heard\n",
                  1000 * p->latency_s, 1000 * p->spread_s, p->heard, p->probes);
    (void)fprintf(cli->out, "  the loudspeaker comes back at %.0f dB, %.0f dB over the room's noise\n",
                  p->gain_db, p->snr_db);
  }
  for (int i = 0; i < n; i++) {
    shed_cli_message(cli, 2, &m[i]);
  }
  if (rhythm) {
    (void)fprintf(cli->out, "  Rhythm can be judged.\n");
  }
}

static shed_exit
run_measure(shed_cli *cli, const shed_live_opts *pair)
{
  shed_probe_opts  probe  = {.probes = SHED_PROBES, .level_db = SHED_PROBE_LEVEL_DB};
  shed_calibration c      = {0};
  shed_error       err    = {0};
  long long        probes = SHED_PROBES;
  char             path[512];
  shed_message     m[2 * SHED_INPUT_MESSAGES + 1];
  if (!shed_cli_whole(cli, "probes", SHED_PROBES_MIN, SHED_PROBES_MAX, &probes) ||
      !shed_cli_number(cli, "level", -60, 0, &probe.level_db)) {
    return SHED_EXIT_USAGE;
  }
  probe.probes   = (int)probes;
  shed_status st = shed_calibrate(pair, &probe, NULL, shed_cli_progress, cli, &c, &err);
  if (st != SHED_OK) {
    return shed_cli_error(cli, st, &err);
  }
  // the room alone was listened to: one without any noise is dead only where no chirp came back either
  c.input.dead = c.input.dead && c.probe.heard == 0;
  int  n       = shed_input_advice(&c.input, c.device.input, false, m);
  bool rhythm  = false;
  n += shed_probe_advice(&c.probe, m + n);
  if (!isnan(c.probe.latency_s)) {
    const shed_clock *clock = shed_clock_system();
    shed_latency one = shed_latency_of(&c.device, pair->block_frames, &c.probe, clock->wall_ms(clock->ctx));
    rhythm           = shed_latency_rhythm(&one, c.device.input, &m[n]);
    n += !rhythm;
    if ((st = keep(&one, path, sizeof(path), &err)) != SHED_OK) {
      return shed_cli_error(cli, st, &err);
    }
  }
  if (shed_cli_has(cli, "json")) {
    return shed_cli_json(cli, calibration_json(&c, rhythm, m, n), rhythm ? SHED_EXIT_DONE : SHED_EXIT_NO);
  }
  print_calibration(cli, &c, rhythm, m, n);
  return rhythm ? SHED_EXIT_DONE : SHED_EXIT_NO;
}

static shed_exit
run(shed_cli *cli)
{
  shed_live_opts pair = {0};
  if (shed_cli_has(cli, "list") && shed_cli_has(cli, "microphone")) {
    return shed_cli_usage(cli, "only one of --list and --microphone");
  }
  if (!read_pair(cli, &pair)) {
    return SHED_EXIT_USAGE;
  }
  return shed_cli_has(cli, "list")         ? run_list(cli)
         : shed_cli_has(cli, "microphone") ? run_level(cli, &pair)
                                           : run_measure(cli, &pair);
}

static const shed_option options[] = {
    {"input", "NAME",
     "the microphone, by its name in woodshed devices or a part of it (default: the system's)", NULL},
    {"output", "NAME", "the loudspeaker, likewise", NULL},
    {"api", "NAME", "the sound system of both: ALSA, \"JACK Audio Connection Kit\"", NULL},
    {"channel", "N", "of the microphone, from 1", NULL},
    {"rate", "HZ", "samples a second (default: the device's own)", NULL},
    {"block", "FRAMES", "asked of the device at a time; another block is another delay", NULL},
    {"buffer", "MS", "latency asked of the device (default: its lowest)", NULL},
    {"probes", "N", "chirps, 3 to 16 (default 8)", NULL},
    {"level", "DB", "loudness of the chirps, -60 to 0 (default -12)", NULL},
    {"microphone", NULL,
     "listen for six seconds instead, and say whether level and room are good; nothing sounds", NULL},
    {"list", NULL, "what was measured before", NULL},
    SHED_OPTION_JSON,
};
static const shed_action actions[] = {{"", "", "", 0, 0, run}};

const shed_command shed_command_calibrate = {
    "calibrate",
    "Measure how late this machine hears what it plays, and check the microphone",
    "Put the microphone where it hears the loudspeaker; with headphones hold one side right at it. It chirps "
    "for some\n"
    "ten seconds. The delay of each pair of devices is kept in $XDG_CONFIG_HOME/woodshed/latency.json and "
    "taken off\n"
    "live takes. Rhythm is not judged where it was never measured, where it moves by more than 10 ms, and "
    "with\n"
    "Bluetooth. Exit code 1: measured, and rhythm cannot be judged, or the level is not good.",
    actions,
    SHED_COUNTOF(actions),
    options,
    SHED_COUNTOF(options),
};
