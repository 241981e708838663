// About this file: the file of measured delays, and when they are good enough for rhythm.
#include "engine/audio/latency.h"

#include "engine/audio/input_check.h"
#include "engine/base/file.h"
#include "engine/base/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MOST = 1 << 20, LIST_MOST = 1000, NAME_MOST = 159, API_MOST = 47 };
static const char SCHEMA[] = "woodshed/latency/1";

shed_latency
shed_latency_of(const shed_live_device *d, int block_frames, const shed_probe_result *r, int64_t measured_ms)
{
  shed_latency l = {.rate_hz      = d->rate_hz,
                    .block_frames = block_frames,
                    .latency_s    = r->latency_s,
                    .spread_s     = r->spread_s,
                    .gain_db      = r->gain_db,
                    .probes       = r->probes,
                    .heard        = r->heard,
                    .measured_ms  = measured_ms};
  (void)snprintf(l.input, sizeof(l.input), "%s", d->input);
  (void)snprintf(l.output, sizeof(l.output), "%s", d->output);
  (void)snprintf(l.api, sizeof(l.api), "%s", d->api);
  return l;
}

shed_status
shed_latencies_path(char *path, size_t size, shed_error *err)
{
  const char *config = getenv("XDG_CONFIG_HOME");
  const char *home   = getenv("HOME");
  bool        own    = config && config[0];
  if (!own && !(home && home[0])) {
    return shed_fail(err, SHED_E_NOTFOUND, "latency.json", "neither XDG_CONFIG_HOME nor HOME is set");
  }
  int n = snprintf(path, size, "%s%s/woodshed/latency.json", own ? config : home, own ? "" : "/.config");
  return n > 0 && (size_t)n < size
             ? SHED_OK
             : shed_fail(err, SHED_E_LIMIT, "latency.json", "its folder's name is too long");
}

static shed_status
read_one(const shed_json *v, shed_latency *out, shed_error *err)
{
  shed_latency l     = {0};
  const char  *input = "", *output = "", *api = "";
  int64_t      rate = 0, block = 0, probes = 0, heard = 0;
  shed_status  st = SHED_OK;
  if ((st = shed_json_read_str(v, "input", false, NAME_MOST, &input, err)) != SHED_OK ||
      (st = shed_json_read_str(v, "output", false, NAME_MOST, &output, err)) != SHED_OK ||
      (st = shed_json_read_str(v, "api", false, API_MOST, &api, err)) != SHED_OK ||
      (st = shed_json_read_int(v, "rate_hz", false, 8000, 192000, &rate, err)) != SHED_OK ||
      (st = shed_json_read_int(v, "block_frames", false, 0, 65536, &block, err)) != SHED_OK ||
      (st = shed_json_read_real(v, "latency_s", false, 0, SHED_PROBE_LATEST_S, &l.latency_s, err)) !=
          SHED_OK ||
      (st = shed_json_read_real(v, "spread_s", false, 0, SHED_PROBE_LATEST_S, &l.spread_s, err)) != SHED_OK ||
      (st = shed_json_read_real(v, "gain_db", false, -300, 300, &l.gain_db, err)) != SHED_OK ||
      (st = shed_json_read_int(v, "probes", false, 1, SHED_PROBES_MAX, &probes, err)) != SHED_OK ||
      (st = shed_json_read_int(v, "heard", false, 1, SHED_PROBES_MAX, &heard, err)) != SHED_OK ||
      (st = shed_json_read_int(v, "measured_ms", false, 0, INT64_MAX, &l.measured_ms, err)) != SHED_OK) {
    return st;
  }
  (void)snprintf(l.input, sizeof(l.input), "%s", input);
  (void)snprintf(l.output, sizeof(l.output), "%s", output);
  (void)snprintf(l.api, sizeof(l.api), "%s", api);
  l.rate_hz      = (int)rate;
  l.block_frames = (int)block;
  l.probes       = (int)probes;
  l.heard        = (int)heard;
  *out           = l;
  return SHED_OK;
}

static shed_status
read_all(const shed_json *root, const char *path, shed_latencies *out, shed_error *err)
{
  const shed_json *pairs  = shed_json_get(root, "pairs");
  const char      *schema = "";
  shed_status      st     = shed_json_read_str(root, "schema", false, sizeof(SCHEMA), &schema, err);
  if (st != SHED_OK || strcmp(schema, SCHEMA) != 0 || !shed_json_is_array(pairs) ||
      shed_json_size(pairs) > LIST_MOST) {
    return shed_fail(err, SHED_E_FORMAT, path,
                     "is no list of measured delays. Remove it and calibrate again");
  }
  for (size_t i = 0; i < shed_json_size(pairs); i++) {
    shed_latency one;
    if ((st = read_one(shed_json_at(pairs, i), &one, err)) != SHED_OK) {
      shed_error_within(err, path);
      return st;
    }
    if ((st = shed_latencies_put(out, &one)) != SHED_OK) {
      return shed_fail(err, st, path, "%s", shed_status_text(st));
    }
  }
  return SHED_OK;
}

shed_status
shed_latencies_load(const char *path, const shed_alloc *alloc, shed_latencies *out, shed_error *err)
{
  shed_latencies l    = {.alloc = alloc};
  char          *text = NULL;
  size_t         n    = 0;
  shed_json     *root = NULL;
  if (!shed_file_exists(path)) {
    *out = l;
    return SHED_OK;
  }
  shed_status st = shed_file_read(path, FILE_MOST, alloc, &text, &n, err);
  if (st == SHED_OK && (st = shed_json_parse(text, n, path, &root, err)) == SHED_OK) {
    st = read_all(root, path, &l, err);
  }
  shed_json_free(root);
  shed_free(alloc, text);
  if (st != SHED_OK) {
    shed_latencies_free(&l);
    return st;
  }
  *out = l;
  return SHED_OK;
}

static shed_json *
one_json(const shed_latency *l)
{
  shed_json *o = shed_json_object();
  shed_json_set_str(o, "input", l->input);
  shed_json_set_str(o, "output", l->output);
  shed_json_set_str(o, "api", l->api);
  shed_json_set_int(o, "rate_hz", l->rate_hz);
  shed_json_set_int(o, "block_frames", l->block_frames);
  shed_json_set_real(o, "latency_s", l->latency_s, 6);
  shed_json_set_real(o, "spread_s", l->spread_s, 6);
  shed_json_set_real(o, "gain_db", l->gain_db, 1);
  shed_json_set_int(o, "probes", l->probes);
  shed_json_set_int(o, "heard", l->heard);
  shed_json_set_int(o, "measured_ms", l->measured_ms);
  return o;
}

static shed_status
make_folder(const char *path, shed_error *err)
{
  char  folder[4096];
  int   n     = snprintf(folder, sizeof(folder), "%s", path);
  char *slash = n > 0 && (size_t)n < sizeof(folder) ? strrchr(folder, '/') : NULL;
  if (!slash || slash == folder) {
    return SHED_OK;
  }
  *slash = '\0';
  return shed_folder_make(folder, err);
}

shed_status
shed_latencies_save(const shed_latencies *l, const char *path, shed_error *err)
{
  shed_str    text = {0};
  shed_json  *root = shed_json_object();
  shed_json  *list = shed_json_array();
  shed_status st   = make_folder(path, err);
  for (size_t i = 0; i < l->n; i++) {
    shed_json_add(list, one_json(&l->all[i]));
  }
  shed_json_set_str(root, "schema", SCHEMA);
  shed_json_set(root, "pairs", list);
  shed_json_write(root, SHED_JSON_PRETTY, &text);
  shed_json_free(root);
  if (st == SHED_OK) {
    st = shed_file_write_atomic(path, shed_str_text(&text), strlen(shed_str_text(&text)), err);
  }
  shed_str_free(&text);
  return st;
}

static bool
same(const shed_latency *a, const char *input, const char *output, const char *api, int rate_hz, int block)
{
  return strcmp(a->input, input) == 0 && strcmp(a->output, output) == 0 && strcmp(a->api, api) == 0 &&
         a->rate_hz == rate_hz && a->block_frames == block;
}

shed_status
shed_latencies_put(shed_latencies *l, const shed_latency *one)
{
  for (size_t i = 0; i < l->n; i++) {
    if (same(&l->all[i], one->input, one->output, one->api, one->rate_hz, one->block_frames)) {
      l->all[i] = *one;
      return SHED_OK;
    }
  }
  shed_status st = shed_grow(l->alloc, (void **)&l->all, &l->cap, l->n, sizeof(*l->all));
  if (st == SHED_OK) {
    l->all[l->n++] = *one;
  }
  return st;
}

const shed_latency *
shed_latencies_find(const shed_latencies *l, const shed_live_device *d, int block_frames)
{
  for (size_t i = 0; i < l->n; i++) {
    if (same(&l->all[i], d->input, d->output, d->api, d->rate_hz, block_frames)) {
      return &l->all[i];
    }
  }
  return NULL;
}

void
shed_latencies_free(shed_latencies *l)
{
  shed_free(l->alloc, l->all);
  *l = (shed_latencies){0};
}

static bool
find_measured(const shed_live *live, int block_frames, const shed_alloc *alloc, shed_latency *out)
{
  shed_latencies      all = {0};
  char                path[512];
  const shed_latency *one = NULL;
  if (shed_latencies_path(path, sizeof(path), NULL) == SHED_OK &&
      shed_latencies_load(path, alloc, &all, NULL) == SHED_OK) {
    one = shed_latencies_find(&all, shed_live_device_of(live), block_frames);
  }
  if (one) {
    *out = *one;
  }
  shed_latencies_free(&all);
  return one != NULL;
}

shed_status
shed_live_open_measured(shed_live **out, shed_live_opts *opts, shed_latency *measured, bool *has,
                        const shed_alloc *alloc, shed_error *err)
{
  shed_live  *live = NULL;
  shed_status st   = shed_live_open(&live, opts, alloc, err);
  *has             = st == SHED_OK && find_measured(live, opts->block_frames, alloc, measured);
  if (*has) { // its names are known only now
    opts->latency_s = measured->latency_s;
    shed_live_free(live);
    st = shed_live_open(&live, opts, alloc, err);
  }
  if (st == SHED_OK) {
    *out = live;
  }
  return st;
}

bool
shed_latency_rhythm(const shed_latency *one, const char *microphone, shed_message *why)
{
  bool named = shed_input_is_bluetooth(microphone);
  bool moves = one && one->spread_s > SHED_LATENCY_SPREAD_MOST_S;
  if (named || (one && !moves && one->latency_s > SHED_LATENCY_WIRED_MOST_S)) {
    *why = shed_message_of(named ? SHED_MSG_sound_bluetooth : SHED_MSG_sound_late);
    shed_message_str(why, "microphone", microphone);
    shed_message_num(why, "ms", one ? 1000.0 * one->latency_s : (double)NAN, 0);
    return false;
  }
  if (!one) {
    *why = shed_message_of(SHED_MSG_sound_not_calibrated);
    return false;
  }
  if (moves) {
    *why = shed_message_of(SHED_MSG_sound_spread);
    shed_message_num(why, "ms", 1000.0 * one->spread_s, 0);
    return false;
  }
  return true;
}
