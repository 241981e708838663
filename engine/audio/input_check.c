// About this file: what can be told of a microphone from its samples. Thresholds are far from what any room and any player
// do, so that nobody is sent to the sound settings for nothing.
#include "engine/audio/input_check.h"

#include "engine/audio/limits.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
  FLAT_RUN = 4
}; // equal samples at the top of a wave: no sound has that by itself at less than full scale
static const double FRAME_S     = 0.02;
static const double LEAST_DB    = -120;
static const double HEARD_DB    = 10;   // above the noise
static const double DIGITAL_DB  = -115; // quieter than the noise of any converter
static const double GATED_SHARE = 0.1;
static const double PAUSE_S     = 1.0; // a pause at least so long tells how the noise comes up
static const double SETTLE_S    = 0.1; // a note rings on
static const double EARLY_S     = 0.2;
static const double LOUD_DB     = -40; // what is this loud makes an automatic gain turn down
static const double CLIP_DB     = -20; // waves lower than this are not cut, they are flat
// What to say something about.
static const double QUIET_DB      = -45;
static const double NOISY_DB      = -45;
static const double RISE_DB       = 5;
static const double SQUEEZE_DB    = 3;
static const double FADE_DB       = 6;
static const double DRIFT_DB      = 6;
static const double BLEED_SAID_DB = -50;

static double
level_db(const float *x, size_t n)
{
  double sum = 0;
  for (size_t i = 0; i < n; i++) {
    sum += isfinite(x[i]) ? (double)x[i] * (double)x[i] : 0;
  }
  return fmax(LEAST_DB, 10.0 * log10(sum / (double)n + 1e-30));
}

static int
rising(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

// Peak, silence, deadness, tops that are cut off.
static void
look_at_samples(const float *x, size_t n, shed_input_report *r)
{
  float  lo = 0, hi = 0, peak = 0;
  size_t zeros = 0, run = 1;
  bool   any = false;
  for (size_t i = 0; i < n; i++) {
    float v = isfinite(x[i]) ? x[i] : 0.0F;
    lo      = any ? fminf(lo, v) : v;
    hi      = any ? fmaxf(hi, v) : v;
    any     = true;
    peak    = fmaxf(peak, fabsf(v));
    zeros += v == 0.0F;
  }
  float top = peak * 0.98F;
  for (size_t i = 1; i < n; i++) {
    run = x[i] == x[i - 1] && fabsf(x[i]) >= top ? run + 1 : 1;
    r->clipped += run == FLAT_RUN;
  }
  r->peak_db = fmax(LEAST_DB, 20.0 * log10((double)peak + 1e-30));
  if (r->peak_db < CLIP_DB) {
    r->clipped = 0;
  }
  r->silent = (double)zeros / (double)n;
  r->dead   = !(hi > lo);
}

// The level of each frame follows how loud it was: where the noise of a pause comes up, somebody turns it up. The median over
// the pauses.
static double
rise_in_pauses(const double *db, size_t n, double noise_db, double loud_db)
{
  size_t least = (size_t)(PAUSE_S / FRAME_S), early = (size_t)(EARLY_S / FRAME_S);
  size_t settle = (size_t)(SETTLE_S / FRAME_S);
  double rises[64];
  int    found = 0;
  double line  = 0.5 * (noise_db + loud_db); // between the two, in decibels
  if (loud_db < LOUD_DB || loud_db - noise_db < HEARD_DB) {
    return NAN;
  }
  for (size_t i = 1; i < n && found < 64; i++) {
    size_t end = i;
    if (db[i] >= line || db[i - 1] < line) {
      continue;
    }
    while (end < n && db[end] < line) {
      end++;
    }
    if (end - i >= least) {
      double before = 0, after = 0;
      for (size_t k = 0; k < early; k++) {
        before += db[i + settle + k] / (double)early;
        after += db[end - early - 2 + k] / (double)early;
      }
      rises[found++] = after - before;
    }
    i = end;
  }
  qsort(rises, (size_t)found, sizeof(*rises), rising);
  return found ? rises[found / 2] : (double)NAN;
}

// Frames of digital silence in a sound that is none elsewhere.
static bool
cut_to_silence(const double *db, size_t n, double loud_db)
{
  size_t silent = 0;
  for (size_t i = 0; i < n; i++) {
    silent += db[i] <= DIGITAL_DB;
  }
  double share = (double)silent / (double)n;
  return loud_db > LOUD_DB - 20 && share >= GATED_SHARE && share < 1;
}

shed_status
shed_input_check_levels(const float *levels, size_t n, const shed_alloc *alloc, shed_input_report *out)
{
  if (n < SHED_INPUT_LEVELS_HZ) {
    return SHED_E_RANGE;
  }
  shed_input_report r  = {0};
  double           *db = shed_calloc(alloc, 2 * n, sizeof(*db));
  if (!db) {
    return SHED_E_NOMEM;
  }
  double *sorted = db + n;
  for (size_t i = 0; i < n; i++) {
    db[i] = sorted[i] = fmax(LEAST_DB, (double)levels[i]);
  }
  qsort(sorted, n, sizeof(*sorted), rising);
  r.noise_db = sorted[n / 10];
  r.loud_db  = sorted[n - 1 - n / 20];
  r.heard    = r.loud_db - r.noise_db >= HEARD_DB && r.loud_db > LEAST_DB + HEARD_DB;
  r.rise_db  = rise_in_pauses(db, n, r.noise_db, r.loud_db);
  r.gated    = cut_to_silence(db, n, r.loud_db);
  shed_free(alloc, db);
  *out = r;
  return SHED_OK;
}

shed_status
shed_input_check(const float *x, size_t n, int rate_hz, const shed_alloc *alloc, shed_input_report *out)
{
  if (rate_hz < SHED_AUDIO_RATE_MIN_HZ || rate_hz > SHED_AUDIO_RATE_MAX_HZ || n < (size_t)rate_hz) {
    return SHED_E_RANGE;
  }
  const size_t frame = (size_t)(FRAME_S * rate_hz), frames = n / frame;
  float       *db = shed_calloc(alloc, frames, sizeof(*db));
  if (!db) {
    return SHED_E_NOMEM;
  }
  for (size_t i = 0; i < frames; i++) {
    db[i] = (float)level_db(x + i * frame, frame);
  }
  shed_status st = shed_input_check_levels(db, frames, alloc, out);
  shed_free(alloc, db);
  if (st == SHED_OK) {
    look_at_samples(x, n, out);
  }
  return st;
}

static shed_message *
say(shed_message *out, int *n, shed_message_code code)
{
  static shed_message none;
  if (*n == SHED_INPUT_MESSAGES) {
    return &none;
  }
  out[*n] = shed_message_of(code);
  return &out[(*n)++];
}

int
shed_input_advice(const shed_input_report *r, const char *microphone, bool asked, shed_message *out)
{
  int n = 0;
  if (r->dead) {
    shed_message_str(say(out, &n, SHED_MSG_sound_dead), "microphone", microphone);
    return n; // nothing else can be told of it
  }
  if (r->clipped > 0) {
    shed_message_num(say(out, &n, SHED_MSG_sound_clipped), "n", r->clipped, 0);
  }
  if (asked && !r->heard) {
    shed_message_str(say(out, &n, SHED_MSG_sound_not_heard), "microphone", microphone);
  } else if (asked && r->loud_db < QUIET_DB) {
    shed_message_num(say(out, &n, SHED_MSG_sound_quiet), "db", r->loud_db, 0);
  }
  if (r->noise_db > NOISY_DB) {
    shed_message_num(say(out, &n, SHED_MSG_sound_noisy), "db", r->noise_db, 0);
  }
  if (r->rise_db > RISE_DB) {
    shed_message_num(say(out, &n, SHED_MSG_sound_gain), "db", r->rise_db, 0);
  }
  if (r->gated) {
    (void)say(out, &n, SHED_MSG_sound_suppression);
  }
  return n;
}

int
shed_probe_advice(const shed_probe_result *r, shed_message *out)
{
  int n = 0;
  if (2 * r->heard < r->probes) {
    shed_message *m = say(out, &n, SHED_MSG_sound_no_probe);
    shed_message_num(m, "n", r->heard, 0);
    shed_message_num(m, "of", r->probes, 0);
    return n;
  }
  if (r->squeeze_db > SQUEEZE_DB) {
    shed_message_num(say(out, &n, SHED_MSG_sound_gain), "db", r->squeeze_db, 0);
  }
  if (r->fade_db > FADE_DB) {
    (void)say(out, &n, SHED_MSG_sound_suppression);
  }
  if (r->drift_db > DRIFT_DB) {
    shed_message_num(say(out, &n, SHED_MSG_sound_cancelled), "db", r->drift_db, 0);
  }
  if (r->gain_db > BLEED_SAID_DB) {
    shed_message_num(say(out, &n, SHED_MSG_sound_bleed), "db", r->gain_db, 0);
  }
  return n;
}

bool
shed_input_is_bluetooth(const char *name)
{
  static const char *const parts[] = {"bluetooth", "bluez",        "airpod",  "buds", "hands-free",
                                      "handsfree", "hfp",          "hsp/",    "a2dp", "wh-1000",
                                      "wf-1000",   "quietcomfort", "freebuds"};
  for (; *name; name++) {
    for (size_t i = 0; i < SHED_COUNTOF(parts); i++) {
      if (strncasecmp(name, parts[i], strlen(parts[i])) == 0) {
        return true;
      }
    }
  }
  return false;
}
