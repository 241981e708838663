// About this file: what is heard between notes, and what rooms, phones and neighbours do to a sound.
#include "engine/dsp/pi.h"
#include "tests/accuracy/ear_draw.h"
#include "tests/accuracy/ear_material.h"

#include <stdlib.h>
#include <string.h>

const char *const EAR_HARM_NAME[EAR_HARMS] = {"clean",  "white",     "pink", "babble",    "room",
                                              "laptop", "phone",     "hum",  "clip",      "click",
                                              "agc",    "neighbour", "hall", "far phone", "knock"};

// A frame whose noise is so much louder than it is no fair question.
static const double BURIED_DB = -8;
// The loud part of strokes over their mean.
static const double STROKE_SHARE = 6;

static double
power_at(const float *x, int first, int n)
{
  double sum = 0;
  for (int i = first; i < first + n; i++) {
    sum += (double)x[i] * (double)x[i];
  }
  return sum;
}

// Mean power where there is a pitch; of strokes, that of their loud part.
static double
power_of(const ear_sound *s)
{
  double sum = 0, all = 0;
  long   n = 0;
  for (int i = 0; i < s->n; i++) {
    int    f = i / EAR_HOP < s->frames ? i / EAR_HOP : s->frames - 1;
    double p = (double)s->x[i] * (double)s->x[i];
    all += p;
    sum += s->f0_hz[f] > 0 ? p : 0;
    n += s->f0_hz[f] > 0;
  }
  return n > 0 ? sum / (double)n : STROKE_SHARE * all / s->n;
}

static void
mix(ear_sound *s, const float *noise, double snr_db)
{
  double own  = power_at(noise, 0, s->n);
  double gain = sqrt(power_of(s) / (own / s->n + 1e-20)) * ear_gain(-snr_db);
  for (int f = 0; f < s->frames; f++) {
    int first = f * EAR_HOP > EAR_HOP ? (f - 1) * EAR_HOP : 0, n = 2 * EAR_HOP;
    n = first + n <= s->n ? n : s->n - first;
    if (s->f0_hz[f] > 0 && n > 0 &&
        power_at(s->x, first, n) < gain * gain * own / s->n * n * pow(10, BURIED_DB / 10)) {
      s->f0_hz[f] = -1;
    }
  }
  for (int i = 0; i < s->n; i++) {
    s->x[i] += (float)(gain * (double)noise[i]);
  }
}

static void
pinken(float *x, int n)
{
  double low[6] = {0}, pole[6], gain[6];
  for (int j = 0; j < 6; j++) { // poles an octave and a half apart
    pole[j] = exp(-2 * SHED_PI * 20 * pow(2.9, j) / EAR_RATE_HZ);
    gain[j] = pow(2.9, -j / 2.0);
  }
  for (int i = 0; i < n; i++) {
    double white = (double)x[i], sum = 0;
    for (int j = 0; j < 6; j++) {
      low[j] = pole[j] * low[j] + (1 - pole[j]) * white;
      sum += low[j] * gain[j];
    }
    x[i] = (float)sum;
  }
}

// How long a note that has ended is still heard may be argued about.
static void
argue_tails(ear_sound *s, int frames)
{
  int last = -1000;
  for (int f = 0; f < s->frames; f++) {
    if (s->f0_hz[f] != 0) {
      last = f;
    } else if (f - last < frames) {
      s->f0_hz[f] = -1;
    }
  }
}

static void
add_room(ear_sound *s, shed_rng *r, double wet_lo_db, double wet_hi_db)
{
  enum { TAPS = 500 };
  double rt60 = ear_uniform(r, 0.25, 1.0), wet = ear_gain(ear_uniform(r, wet_lo_db, wet_hi_db)), norm = 0;
  int    at[TAPS];
  double gain[TAPS];
  for (int i = 0; i < TAPS; i++) {
    double t = ear_uniform(r, 0.004, rt60 * 0.7);
    at[i]    = (int)(t * EAR_RATE_HZ);
    gain[i]  = exp(-6.9 * t / rt60) * (ear_chance(r, 0.5) ? -1 : 1);
    norm += gain[i] * gain[i];
  }
  float *y = calloc((size_t)s->n, sizeof(float));
  for (int i = 0; i < TAPS; i++) {
    float g = (float)(gain[i] * wet / sqrt(norm));
    for (int j = at[i]; j < s->n; j++) {
      y[j] += g * s->x[j - at[i]];
    }
  }
  double low = 0;
  for (int i = 0; i < s->n; i++) { // walls are dull
    low += 0.45 * ((double)y[i] - low);
    s->x[i] += (float)low;
  }
  free(y);
  argue_tails(s, (int)(100 * rt60 * 0.8));
}

static void
add_laptop(ear_sound *s, shed_rng *r)
{
  enum { ORDER_MAX = 4 };
  int    order         = shed_rng_between(r, 2, ORDER_MAX);
  double hp[ORDER_MAX] = {0}, lp[ORDER_MAX] = {0}, last[ORDER_MAX] = {0};
  double a = exp(-2 * SHED_PI * ear_uniform(r, 120, 240) / EAR_RATE_HZ);
  double b = 1 - exp(-2 * SHED_PI * ear_uniform(r, 6000, 9000) / EAR_RATE_HZ);
  for (int i = 0; i < s->n; i++) {
    double y = (double)s->x[i];
    for (int j = 0; j < order; j++) {
      hp[j]   = a * (hp[j] + y - last[j]);
      last[j] = y;
      y       = hp[j];
      lp[j] += b * (y - lp[j]);
      y = lp[j];
    }
    s->x[i] = (float)y;
  }
}

static void
add_clip(ear_sound *s, double over_db)
{
  float peak = 0;
  for (int i = 0; i < s->n; i++) {
    peak = fmaxf(peak, fabsf(s->x[i]));
  }
  float gain = (float)ear_gain(over_db) / (peak + 1e-9f);
  for (int i = 0; i < s->n; i++) {
    s->x[i] = fminf(fmaxf(s->x[i] * gain, -1), 1);
  }
}

void
ear_add_noise(ear_sound *s, uint64_t seed, ear_harm harm, double snr_db)
{
  float *noise = calloc((size_t)s->n, sizeof(float));
  if (harm == EAR_BABBLE) {
    ear_babble(seed, noise, s->n);
  } else {
    shed_rng r;
    shed_rng_seed(&r, seed, 77);
    for (int i = 0; i < s->n; i++) {
      noise[i] = (float)shed_rng_normal(&r);
    }
    if (harm == EAR_PINK) {
      pinken(noise, s->n);
    }
  }
  mix(s, noise, snr_db);
  free(noise);
}

static void
add_hum(ear_sound *s, shed_rng *r)
{
  double base = ear_chance(r, 0.5) ? 50 : 60, level = ear_gain(ear_uniform(r, -75, -42));
  double second = ear_uniform(r, 0.1, 1.2), third = ear_uniform(r, 0.1, 0.8), buzz = ear_uniform(r, 0, 0.4);
  for (int i = 0; i < s->n; i++) {
    double p = 2 * SHED_PI * base * i / EAR_RATE_HZ;
    double y = sin(p) + second * sin(2 * p) + third * sin(3 * p) + 0.2 * sin(5 * p);
    s->x[i] += (float)(level * (y + buzz * (sin(4 * p) + sin(6 * p) + 0.7 * sin(7 * p))));
  }
}

static void
add_clicks(ear_sound *s, shed_rng *r)
{
  double period = ear_uniform(r, 0.3, 1.0), hz = ear_log_uniform(r, 700, 3000),
         fade  = ear_log_uniform(r, 0.004, 0.02);
  double level = sqrt(2 * power_of(s)) * ear_gain(-ear_uniform(r, 0, 24));
  bool   tone  = ear_chance(r, 0.6);
  for (double at = ear_uniform(r, 0, period); at < (double)s->n / EAR_RATE_HZ; at += period) {
    int first = (int)(at * EAR_RATE_HZ);
    for (int i = 0; i < (int)(8 * fade * EAR_RATE_HZ) && first + i < s->n; i++) {
      double t = (double)i / EAR_RATE_HZ;
      double y = tone ? sin(2 * SHED_PI * hz * t) : shed_rng_normal(r);
      s->x[first + i] += (float)(level * exp(-t / fade) * y);
    }
  }
}

// Gain that falls at once and comes back slowly, towards one loudness.
static void
add_agc(ear_sound *s, shed_rng *r)
{
  double want = ear_gain(ear_uniform(r, -24, -14)), most = ear_gain(ear_uniform(r, 10, 26)), power = 0,
         gain = 1;
  double back = 1 - exp(-1 / (ear_uniform(r, 0.3, 1.5) * EAR_RATE_HZ)),
         down = 1 - exp(-1 / (0.01 * EAR_RATE_HZ));
  for (int i = 0; i < s->n; i++) {
    double x = (double)s->x[i];
    power += (x * x - power) * 0.001;
    double aim = fmin(want / (sqrt(power) + 1e-9), most);
    gain += (aim - gain) * (aim < gain ? down : back);
    s->x[i] = (float)fmin(fmax(gain * x, -1), 1);
  }
}

static void
add_neighbour(ear_sound *s, shed_rng *r)
{
  ear_kind  kind = (ear_kind)shed_rng_between(r, 0, EAR_SINE - 1);
  ear_sound o    = ear_phrase(shed_rng_u32(r), kind, (double)s->n / EAR_RATE_HZ);
  float    *x    = calloc((size_t)s->n, sizeof(float));
  memcpy(x, o.x, (size_t)(o.n < s->n ? o.n : s->n) * sizeof(float));
  mix(s, x, ear_uniform(r, 15, 28));
  free(x);
  ear_sound_free(&o);
}

// Breaths, consonants, knocks where nobody plays.
static void
add_between(ear_sound *s, shed_rng *r)
{
  int bursts = shed_rng_between(r, 0, 7);
  for (int b = 0; b < bursts; b++) {
    int    at     = shed_rng_between(r, 0, s->n - 1);
    int    length = (int)(ear_log_uniform(r, 0.005, 0.5) * EAR_RATE_HZ);
    double level = ear_gain(ear_uniform(r, -55, -16)), low = 0, before = 0,
           dull = ear_log_uniform(r, 0.03, 1);
    bool hiss   = ear_chance(r, 0.4);
    for (int i = 0; i < length && at + i < s->n; i++) {
      double e = sin(SHED_PI * (i + 0.5) / length);
      int    f = (at + i) / EAR_HOP;
      low += dull * (shed_rng_normal(r) - low);
      double y = hiss ? low - before : low;
      before   = low;
      if (f < s->frames && s->f0_hz[f] == 0) {
        s->x[at + i] += (float)(level * e * y / sqrt(dull));
      }
    }
  }
  double room = ear_gain(ear_uniform(r, -95, -60));
  for (int i = 0; i < s->n; i++) {
    s->x[i] += (float)(room * shed_rng_normal(r));
  }
}

// One burst of noise, sounding through one or two resonances.
static void
add_stroke(ear_sound *s, shed_rng *r, int at, double loud, double hz, double fade_s)
{
  double w = 2 * SHED_PI * hz / EAR_RATE_HZ, pole = exp(-w * ear_uniform(r, 0.15, 0.6)), y1 = 0, y2 = 0,
         power = 0;
  int    n     = (int)(7 * fade_s * EAR_RATE_HZ);
  float *y     = calloc((size_t)n + 1, sizeof(float));
  for (int i = 0; i < n; i++) {
    double x =
        shed_rng_normal(r) * exp(-i / (fade_s * EAR_RATE_HZ)) + 2 * pole * cos(w) * y1 - pole * pole * y2;
    y2    = y1;
    y1    = x;
    y[i]  = (float)x;
    power = fmax(power, x * x);
  }
  for (int i = 0; i < n && at + i < s->n; i++) {
    s->x[at + i] += (float)(loud * (double)y[i] / sqrt(power + 1e-12));
  }
  free(y);
}

static void
add_knocks(ear_sound *s, shed_rng *r)
{
  double loud = sqrt(power_of(s));
  for (int left = shed_rng_between(r, 1, 5); left > 0; left--) {
    add_stroke(s, r, shed_rng_between(r, 0, s->n - 1), loud * ear_gain(ear_uniform(r, 0, 34)),
               ear_log_uniform(r, 80, 3500), ear_log_uniform(r, 0.004, 0.05));
  }
}

void
ear_harm_sound(ear_sound *s, uint64_t seed, ear_harm harm, double snr_db)
{
  shed_rng r;
  shed_rng_seed(&r, seed, 79);
  if (harm != EAR_CLEAN || ear_chance(&r, 0.7)) {
    add_between(s, &r);
  }
  if (harm == EAR_WHITE || harm == EAR_PINK || harm == EAR_BABBLE) {
    ear_add_noise(s, shed_rng_u32(&r), harm, snr_db);
  }
  if (harm == EAR_ROOM || harm == EAR_PHONE) {
    add_room(s, &r, -14, 1);
  }
  if (harm == EAR_HALL || harm == EAR_FAR_PHONE) {
    add_room(s, &r, -5, 4);
  }
  if (harm == EAR_LAPTOP || harm == EAR_PHONE || harm == EAR_FAR_PHONE) {
    add_laptop(s, &r);
  }
  if (harm == EAR_PHONE || harm == EAR_FAR_PHONE) {
    ear_add_noise(s, shed_rng_u32(&r), EAR_PINK, snr_db);
  }
  if (harm == EAR_HUM) {
    add_hum(s, &r);
  }
  if (harm == EAR_CLIP) {
    add_clip(s, 12);
  }
  if (harm == EAR_CLICK) {
    add_clicks(s, &r);
  }
  if (harm == EAR_AGC) {
    add_agc(s, &r);
  }
  if (harm == EAR_KNOCK) {
    add_knocks(s, &r);
  }
  if (harm == EAR_NEIGHBOUR) {
    add_neighbour(s, &r);
  }
}

ear_sound
ear_strokes(uint64_t seed, ear_harm harm, double snr_db, double seconds)
{
  shed_rng r;
  shed_rng_seed(&r, seed, 81);
  ear_sound s    = ear_silence(seconds);
  double    loud = ear_gain(ear_uniform(&r, -22, -3)), pace = ear_log_uniform(&r, 0.1, 0.9);
  double    hz = ear_log_uniform(&r, 300, 3500), fade = ear_log_uniform(&r, 0.004, 0.06);
  for (double at = ear_uniform(&r, 0.05, 1); at < seconds - 0.1;
       at += pace * pow(2, shed_rng_between(&r, -1, 1))) {
    add_stroke(&s, &r, (int)(at * EAR_RATE_HZ), loud * ear_gain(ear_uniform(&r, -8, 0)),
               hz * ear_uniform(&r, 0.8, 1.25), fade * ear_uniform(&r, 0.7, 1.4));
  }
  ear_harm_sound(&s, seed, harm, snr_db);
  return s;
}
