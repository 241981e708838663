#include "app/serve/live_sound.h"

#include <math.h>
#include <string.h>

enum { VERSION = 1, INT16 = 1, FLOAT32 = 2, RATE_LEAST = 8000, RATE_MOST = 192000 };
#define FRAME_MOST (UINT64_C(1) << 48) // forty days of 192 kHz, and far from where sums overflow

static uint64_t
little(const unsigned char *p, int bytes)
{
  uint64_t v = 0;
  for (int i = bytes - 1; i >= 0; i--) {
    v = v << 8 | p[i];
  }
  return v;
}

shed_status
shed_seat_sound_read(const unsigned char *data, size_t n, shed_seat_sound *out, shed_error *err)
{
  if (n < SHED_SEAT_HEADER || n > SHED_SEAT_MESSAGE) {
    return shed_fail(err, n < SHED_SEAT_HEADER ? SHED_E_FORMAT : SHED_E_LIMIT, "sound",
                     "a message has %d to %d bytes, this one %zu", SHED_SEAT_HEADER, SHED_SEAT_MESSAGE, n);
  }
  uint64_t rate  = little(data + 4, 4);
  uint64_t frame = little(data + 8, 8);
  size_t   bytes = data[1] == FLOAT32 ? sizeof(float) : sizeof(int16_t);
  if (data[0] != VERSION || (data[1] != INT16 && data[1] != FLOAT32) || data[2] || data[3]) {
    return shed_fail(err, SHED_E_FORMAT, "sound",
                     "begins with %d %d %d %d; 1, then 1 or 2, then 0 0 is meant", data[0], data[1], data[2],
                     data[3]);
  }
  if (rate < RATE_LEAST || rate > RATE_MOST || frame > FRAME_MOST) {
    return shed_fail(err, SHED_E_FORMAT, "sound", "has rate %llu and place %llu", (unsigned long long)rate,
                     (unsigned long long)frame);
  }
  if ((n - SHED_SEAT_HEADER) % bytes != 0) {
    return shed_fail(err, SHED_E_FORMAT, "sound", "ends within a sample");
  }
  *out = (shed_seat_sound){.rate_hz  = (int)rate,
                           .at_frame = frame,
                           .samples  = data + SHED_SEAT_HEADER,
                           .n        = (n - SHED_SEAT_HEADER) / bytes,
                           .floats   = data[1] == FLOAT32};
  return SHED_OK;
}

void
shed_seat_sound_copy(const shed_seat_sound *s, size_t from, size_t n, float *out)
{
  for (size_t i = 0; i < n; i++) {
    if (s->floats) {
      uint32_t bits = (uint32_t)little(s->samples + 4 * (from + i), 4);
      memcpy(&out[i], &bits, sizeof(bits));
      out[i] = isfinite(out[i]) ? out[i] : 0;
    } else {
      uint32_t bits = (uint32_t)little(s->samples + 2 * (from + i), 2);
      out[i]        = (float)((int)bits - (bits & 0x8000U ? 0x10000 : 0)) / 32768.0f;
    }
  }
}

// -- open and check ----------------------------------------------------------------------------------------------------

static shed_status
read_settings(const shed_json *v, shed_seat_open *o, shed_error *err)
{
  static const char *const names[] = {"once", "each", "never"};
  const shed_json         *s       = shed_json_get(v, "settings");
  const char              *asking  = "once";
  shed_status              st      = SHED_OK;
  if (!s || shed_json_is_null(s)) {
    return SHED_OK;
  }
  if (!shed_json_is_object(s)) {
    return shed_fail(err, SHED_E_FORMAT, "settings", "is no object");
  }
  if ((st = shed_json_read_bool(s, "rate_first", true, &o->rate_first, err)) != SHED_OK ||
      (st = shed_json_read_bool(s, "no_colour", true, &o->no_colour, err)) != SHED_OK ||
      (st = shed_json_read_bool(s, "study_aloud", true, &o->study_aloud, err)) != SHED_OK ||
      (st = shed_json_read_bool(s, "no_count_in", true, &o->no_count_in, err)) != SHED_OK ||
      (st = shed_json_read_bool(s, "click", true, &o->click, err)) != SHED_OK ||
      (st = shed_json_read_bool(s, "silent_click", true, &o->silent_click, err)) != SHED_OK ||
      (st = shed_json_read_real(s, "study_s", true, 0, 600, &o->study_s, err)) != SHED_OK ||
      (st = shed_json_read_str(s, "asking", true, 8, &asking, err)) != SHED_OK) {
    return st;
  }
  for (size_t i = 0; i < SHED_COUNTOF(names); i++) {
    if (strcmp(asking, names[i]) == 0) {
      o->asking = (shed_seat_asking)i;
      return SHED_OK;
    }
  }
  return shed_fail(err, SHED_E_FORMAT, "asking", "\"%s\" is none of once, each, never", asking);
}

static shed_status
read_card(const shed_json *v, shed_seat_open *o, shed_error *err)
{
  enum { LONGEST = 150 };
  const shed_json *c  = shed_json_get(v, "card");
  shed_status      st = SHED_OK;
  if (!c || shed_json_is_null(c)) {
    return SHED_OK;
  }
  if (!shed_json_is_object(c)) {
    return shed_fail(err, SHED_E_FORMAT, "card", "is no object");
  }
  o->card.wanted = true;
  if ((st = shed_json_read_str(c, "input", true, LONGEST, &o->card.input, err)) != SHED_OK ||
      (st = shed_json_read_str(c, "output", true, LONGEST, &o->card.output, err)) != SHED_OK ||
      (st = shed_json_read_str(c, "api", true, 40, &o->card.api, err)) != SHED_OK) {
    return st;
  }
  return shed_json_read_bool(c, "silent", true, &o->card.silent, err);
}

static shed_status
read_item(const shed_json *v, shed_seat_open *o, shed_error *err)
{
  int64_t     level = 0;
  shed_status st;
  if ((st = shed_json_read_str(v, "drill", true, 200, &o->drill, err)) != SHED_OK ||
      (st = shed_json_read_str(v, "again", true, 40, &o->again, err)) != SHED_OK ||
      (st = shed_json_read_str(v, "instrument", true, 80, &o->instrument, err)) != SHED_OK ||
      (st = shed_json_read_str(v, "measures", true, 40, &o->measures, err)) != SHED_OK ||
      (st = shed_json_read_int(v, "seed", true, 0, INT64_MAX, &o->seed, err)) != SHED_OK ||
      (st = shed_json_read_int(v, "level", true, 1, 4, &level, err)) != SHED_OK ||
      (st = shed_json_read_real(v, "tempo_bpm", true, 20, 400, &o->tempo_bpm, err)) != SHED_OK) {
    return st;
  }
  o->level = (int)level;
  if (!o->drill[0] == !o->again[0]) {
    return shed_fail(err, SHED_E_FORMAT, "drill",
                     "what is to be played is said by drill, or by again, and not by both");
  }
  return SHED_OK;
}

shed_status
shed_seat_open_read(const shed_json *v, shed_seat_open *out, shed_error *err)
{
  shed_seat_open o    = {.drill      = "",
                         .again      = "",
                         .instrument = "",
                         .measures   = "",
                         .device     = "",
                         .seed       = -1,
                         .card       = {.input = "", .output = "", .api = ""},
                         .latency_s  = (double)NAN,
                         .spread_s   = (double)NAN};
  const char    *what = NULL;
  int64_t        rate = 0;
  bool           echo = false, noise = false, gain = false;
  shed_status    st = shed_json_read_str(v, "do", false, 16, &what, err);
  if (st != SHED_OK || (st = read_card(v, &o, err)) != SHED_OK ||
      (st = shed_json_read_int(v, "rate_hz", o.card.wanted, RATE_LEAST, RATE_MOST, &rate, err)) != SHED_OK ||
      (st = shed_json_read_str(v, "device", true, 160, &o.device, err)) != SHED_OK ||
      (st = shed_json_read_real(v, "latency_s", true, 0, 2, &o.latency_s, err)) != SHED_OK ||
      (st = shed_json_read_real(v, "latency_spread_s", true, 0, 2, &o.spread_s, err)) != SHED_OK ||
      (st = shed_json_read_bool(v, "probe", true, &o.probe, err)) != SHED_OK ||
      (st = shed_json_read_bool(v, "echo_cancellation", true, &echo, err)) != SHED_OK ||
      (st = shed_json_read_bool(v, "noise_suppression", true, &noise, err)) != SHED_OK ||
      (st = shed_json_read_bool(v, "auto_gain_control", true, &gain, err)) != SHED_OK) {
    return st;
  }
  o.rate_hz = (int)rate;
  o.check   = strcmp(what, "check") == 0;
  o.treated = echo || noise || gain;
  if (isnan(o.latency_s) && !isnan(o.spread_s)) {
    return shed_fail(err, SHED_E_FORMAT, "latency_spread_s",
                     "is the spread of latency_s, which is not there");
  }
  if (!o.check && ((st = read_item(v, &o, err)) != SHED_OK || (st = read_settings(v, &o, err)) != SHED_OK)) {
    return st;
  }
  *out = o;
  return SHED_OK;
}
