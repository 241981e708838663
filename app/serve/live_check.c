// About this file: the device check of a page (three seconds of sound, and what is to be mended), and how late the page's machine
// hears itself: the page plays the probes of GET /api/probe, says at which frame, and what came back is measured. Ears.
#include "app/serve/live_inside.h"
#include "app/serve/routes.h"
#include "engine/audio/input_check.h"
#include "engine/audio/latency.h"
#include "engine/audio/probe.h"

#include <math.h>
#include <string.h>

enum { CHECK_S = 3 };

static shed_probe_opts
probes_at(int rate_hz)
{
  return (shed_probe_opts){.rate_hz = rate_hz, .probes = SHED_PROBES, .level_db = SHED_PROBE_LEVEL_DB};
}

shed_status
live_check_begin(shed_seat *l, bool probe, shed_error *err)
{
  const shed_alloc *alloc = l->lives->room->alloc;
  l->probing              = probe;
  l->probe_frame          = UINT64_MAX;
  l->check_whole          = (size_t)l->rate_hz * CHECK_S;
  if (probe) {
    shed_probe_opts o  = probes_at(l->rate_hz);
    shed_sound      x  = {0};
    shed_status     st = shed_probe_sound(&o, alloc, &x);
    if (st != SHED_OK) {
      return shed_fail(err, st, "rate_hz", "%d Hz has no probes: 16000 to 192000", l->rate_hz);
    }
    l->check_whole = x.n;
    shed_sound_free(&x);
  }
  l->check = shed_calloc(alloc, l->check_whole, sizeof(*l->check));
  return l->check ? SHED_OK : SHED_E_NOMEM;
}

shed_status
live_probe_from(shed_seat *l, const shed_json *v, shed_error *err)
{
  int64_t     frame = 0;
  shed_status st    = shed_json_read_int(v, "frame", false, 0, INT64_MAX, &frame, err);
  if (st == SHED_OK && (!l->checking || !l->probing)) {
    return shed_fail(err, SHED_E_STATE, "do", "no probes are waited for: say check with probe first");
  }
  if (st == SHED_OK) {
    l->probe_frame = (uint64_t)frame;
    l->n_check     = 0;
    memset(l->check, 0, l->check_whole * sizeof(*l->check));
  }
  return st;
}

static shed_json *
begin(const char *name, const shed_message *m, int n)
{
  shed_json *o    = shed_json_object();
  shed_json *list = shed_json_array();
  for (int i = 0; i < n; i++) {
    shed_json_add(list, shed_message_told(&m[i]));
  }
  shed_json_set_str(o, "event", name);
  shed_json_set(o, "messages", list);
  shed_json_set_bool(o, "ok", n == 0);
  return o;
}

static void
tell_checked(shed_seat *l)
{
  shed_input_report r;
  shed_message      m[SHED_INPUT_MESSAGES];
  int               n = 0;
  if (shed_input_check(l->check, l->n_check, l->rate_hz, l->lives->room->alloc, &r) == SHED_OK) {
    n = shed_input_advice(&r, l->device, false, m);
  }
  live_tell(l, begin("checked", m, n), false);
}

static void
tell_calibrated(shed_seat *l)
{
  shed_probe_opts   o = probes_at(l->rate_hz);
  shed_probe_result r;
  shed_error        err = {0};
  shed_message      m[SHED_INPUT_MESSAGES + 1];
  shed_status       st = shed_probe_measure(&o, l->check, l->check_whole, l->lives->room->alloc, &r);
  if (st != SHED_OK) {
    live_tell_error(l, shed_fail(&err, st, NULL, "the delay could not be measured: %s", shed_status_text(st)),
                    &err);
    return;
  }
  int          n      = shed_probe_advice(&r, m);
  shed_latency pair   = {.rate_hz = l->rate_hz, .latency_s = r.latency_s, .spread_s = r.spread_s};
  bool         rhythm = !isnan(r.latency_s) && shed_latency_rhythm(&pair, l->device, &m[n]);
  n += !isnan(r.latency_s) && !rhythm;
  shed_json *e = begin("calibrated", m, n);
  shed_json_set_bool(e, "rhythm", rhythm);
  shed_json_set_int(e, "probes", r.probes);
  shed_json_set_int(e, "heard", r.heard);
  shed_json_set_real(e, "latency_s", r.latency_s, 6);
  shed_json_set_real(e, "spread_s", r.spread_s, 6);
  shed_json_set_real(e, "gain_db", r.gain_db, 1);
  shed_json_set_real(e, "noise_db", r.noise_db, 1);
  live_tell(l, e, false);
}

// Where it stands in time: what is missing stays silence.
static void
take_probes(shed_seat *l, uint64_t at_frame, const float *x, size_t n)
{
  for (size_t i = 0; i < n && l->probe_frame != UINT64_MAX; i++) {
    if (at_frame + i < l->probe_frame) {
      continue;
    }
    const uint64_t place = at_frame + i - l->probe_frame;
    if (place < l->check_whole) {
      l->check[place] = x[i];
    }
    if (place + 1 >= l->check_whole) {
      tell_calibrated(l);
      l->probe_frame = UINT64_MAX;
    }
  }
}

void
live_check_sound(shed_seat *l, uint64_t at_frame, const float *x, size_t n)
{
  if (l->probing) {
    take_probes(l, at_frame, x, n);
    return;
  }
  for (size_t i = 0; i < n && l->check; i++) {
    l->check[l->n_check++] = x[i];
    if (l->n_check == l->check_whole) {
      tell_checked(l);
      l->n_check = 0;
    }
  }
}
