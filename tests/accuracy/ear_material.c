#include "tests/accuracy/ear_material.h"

#include "engine/base/rng.h"
#include "engine/dsp/pi.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const EAR_KIND_NAME[EAR_KINDS] = {"voice",         "bright",      "odd",        "flute",
                                              "struck",        "bowed",       "weak first", "no first",
                                              "strong second", "subharmonic", "sine"};
const char *const EAR_HARM_NAME[EAR_HARMS] = {"clean",  "white", "pink", "babble", "room",
                                              "laptop", "phone", "hum",  "clip"};

enum { PARTIALS = 40, NOTES_MAX = 200 };

typedef struct {
  double start_s, end_s, f0_hz, attack_s, release_s, glide_s, gain;
  double amp[PARTIALS + 1];
} note;

// What a phrase keeps from note to note.
typedef struct {
  ear_kind kind;
  double   slope_db, vibrato_hz, vibrato_cents, breath, stiff, between, decay_s, uneven[PARTIALS + 1];
  double   formant_hz[4], formant_gain[4];
} timbre;

static double
uniform(shed_rng *r, double lo, double hi)
{
  return lo + (hi - lo) * shed_rng_unit(r);
}

static double
log_uniform(shed_rng *r, double lo, double hi)
{
  return lo * pow(hi / lo, shed_rng_unit(r));
}

static double
gain_of(double db)
{
  return pow(10.0, db / 20.0);
}

static const struct {
  double lo_hz, hi_hz, slope_lo, slope_hi;
} RANGE[EAR_KINDS] = {
    [EAR_VOICE] = {75, 1050, -14, -7},        [EAR_BRIGHT] = {45, 1400, -12, -2},
    [EAR_ODD] = {65, 1800, -14, -6},          [EAR_FLUTE] = {240, 4000, -26, -9},
    [EAR_STRUCK] = {28, 4100, -18, -5},       [EAR_BOWED] = {40, 3200, -12, -4},
    [EAR_WEAK_FIRST] = {32, 500, -9, -2},     [EAR_NO_FIRST] = {50, 800, -9, -2},
    [EAR_STRONG_SECOND] = {90, 900, -14, -6}, [EAR_SUBHARMONIC] = {120, 1300, -12, -5},
    [EAR_SINE] = {60, 4300, -60, -30},
};

static timbre
make_timbre(shed_rng *r, ear_kind kind)
{
  timbre t        = {.kind = kind};
  t.slope_db      = uniform(r, RANGE[kind].slope_lo, RANGE[kind].slope_hi);
  bool swings     = kind != EAR_STRUCK && kind != EAR_SINE && shed_rng_unit(r) < 0.6;
  t.vibrato_hz    = uniform(r, 4.5, 7.0);
  t.vibrato_cents = swings ? uniform(r, 8, kind == EAR_VOICE ? 90 : 40) : 0;
  t.breath  = gain_of(kind == EAR_VOICE || kind == EAR_FLUTE ? uniform(r, -55, -22) : uniform(r, -80, -45));
  t.stiff   = kind == EAR_STRUCK ? log_uniform(r, 1e-5, 1.2e-3) : 0;
  t.decay_s = kind == EAR_STRUCK ? log_uniform(r, 0.25, 3.0) : 0;
  t.between = kind == EAR_FLUTE && shed_rng_unit(r) < 0.4 ? gain_of(uniform(r, -48, -32)) : 0;
  double spread = kind == EAR_VOICE ? 2 : kind == EAR_BOWED ? 7 : kind == EAR_SINE ? 1 : 4;
  for (int k = 1; k <= PARTIALS; k++) {
    t.uneven[k] = spread * shed_rng_normal(r);
  }
  const double centre[4] = {uniform(r, 280, 850), uniform(r, 850, 2300), uniform(r, 2300, 3000),
                            uniform(r, 3000, 4200)};
  for (int i = 0; i < 4; i++) {
    t.formant_hz[i]   = centre[i];
    t.formant_gain[i] = uniform(r, 8, 22);
  }
  return t;
}

static double
partial_db(const timbre *t, shed_rng *r, int k, double f_hz)
{
  double db = t->slope_db * log2(k) + t->uneven[k];
  if (t->kind == EAR_VOICE || t->kind == EAR_SUBHARMONIC) {
    for (int i = 0; i < 4; i++) {
      double octaves = log2(k * f_hz / t->formant_hz[i]) / (0.16 + 0.05 * (3 - i));
      db += t->formant_gain[i] * exp(-0.5 * octaves * octaves);
    }
  }
  (void)r;
  if (t->kind == EAR_ODD && k % 2 == 0) {
    db -= fmax(0, 34 - 3.0 * k);
  }
  return db;
}

static void
shape_note(const timbre *t, shed_rng *r, note *n)
{
  double weak = uniform(r, -36, -14), second = uniform(r, -24, -16), odd = uniform(r, -34, -20), sum = 0;
  for (int k = 1; k <= PARTIALS; k++) {
    double hz = k * n->f0_hz * sqrt(1 + t->stiff * k * k);
    double db = partial_db(t, r, k, n->f0_hz);
    if (t->kind == EAR_WEAK_FIRST && k == 1) {
      db += weak;
    } else if (t->kind == EAR_STRONG_SECOND && k % 2 == 1) {
      db += k == 1 ? second : odd;
    }
    n->amp[k] = hz < 19000 && !(t->kind == EAR_NO_FIRST && k == 1) ? gain_of(db) : 0;
    sum += n->amp[k] * n->amp[k];
  }
  for (int k = 1; k <= PARTIALS; k++) {
    n->amp[k] *= n->gain / sqrt(sum + 1e-9);
  }
}

static int
write_melody(const timbre *t, shed_rng *r, double seconds, note *notes)
{
  double lo = RANGE[t->kind].lo_hz, hi = RANGE[t->kind].hi_hz;
  double home = log_uniform(r, lo, hi), step = home, at = uniform(r, 0.0, 0.5);
  double pace = log_uniform(r, 0.09, 0.9), legato = shed_rng_unit(r), loud = gain_of(uniform(r, -34, -8));
  int    n = 0;
  while (at < seconds - 0.1 && n < NOTES_MAX) {
    note  *m      = &notes[n];
    double length = fmax(0.07, pace * pow(2, shed_rng_between(r, -1, 1)) * uniform(r, 0.8, 1.2));
    step *= pow(2, shed_rng_between(r, -7, 7) / 12.0);
    if (step > home * 2 || step < home / 2 || step > hi || step < lo) {
      step = fmin(fmax(home * pow(2, shed_rng_between(r, -5, 5) / 12.0), lo), hi);
    }
    bool tied    = n > 0 && shed_rng_unit(r) < legato;
    m->f0_hz     = step * pow(2, uniform(r, -40, 40) / 1200);
    m->start_s   = at;
    m->end_s     = fmin(at + length, seconds - 0.05);
    m->attack_s  = tied                    ? 0.015
                   : t->kind == EAR_STRUCK ? uniform(r, 0.001, 0.006)
                                           : log_uniform(r, 0.008, 0.12);
    m->release_s = log_uniform(r, 0.015, 0.2);
    m->glide_s   = tied && t->kind != EAR_STRUCK ? log_uniform(r, 0.004, 0.12) : 0;
    m->gain      = loud * gain_of(uniform(r, -8, 0));
    shape_note(t, r, m);
    at = m->end_s + (tied || shed_rng_unit(r) < 0.4 ? 0 : log_uniform(r, 0.03, 0.6));
    n++;
  }
  return n;
}

static double
envelope(const note *m, double t_s)
{
  double up = (t_s - m->start_s) / m->attack_s, down = (m->end_s + m->release_s - t_s) / m->release_s;
  double e = fmin(fmin(up, down), 1);
  return e > 0 ? e * e * (3 - 2 * e) : 0;
}

// One note into x, and its frames into f0 where it is the newest sound.
static void
render(const timbre *t, shed_rng *r, const note *m, double from_hz, ear_sound *s)
{
  int    first = (int)(m->start_s * EAR_RATE_HZ), last = (int)((m->end_s + m->release_s) * EAR_RATE_HZ);
  double phase = uniform(r, 0, 2 * SHED_PI), wobble = 0, swing = uniform(r, 0, 2 * SHED_PI);
  double stiff_phase[PARTIALS + 1];
  for (int k = 1; k <= PARTIALS; k++) {
    stiff_phase[k] = uniform(r, 0, 2 * SHED_PI);
  }
  double live = t->kind == EAR_VOICE ? 0.9 : 0.15;
  double f    = m->f0_hz;
  for (int i = first; i < last && i < s->n; i++) {
    double at = (double)i / EAR_RATE_HZ, in = at - m->start_s;
    if (i % 32 == 0 || i == first) {
      wobble       = 0.999 * wobble + live * 0.3 * shed_rng_normal(r);
      double grow  = fmin(in / 0.25, 1);
      double cents = wobble + t->vibrato_cents * grow * sin(2 * SHED_PI * t->vibrato_hz * in + swing);
      if (m->glide_s > 0 && in < m->glide_s) {
        double share = in / m->glide_s;
        share        = share * share * (3 - 2 * share);
        cents += (1 - share) * 1200 * log2(from_hz / m->f0_hz);
      }
      f = m->f0_hz * pow(2, cents / 1200);
    }
    double e = envelope(m, at), y = 0;
    phase += 2 * SHED_PI * f / EAR_RATE_HZ;
    if (t->kind == EAR_STRUCK) {
      for (int k = 1; k <= PARTIALS && m->amp[k] > 0; k++) {
        if (m->amp[k] > 1e-3 * m->gain) {
          stiff_phase[k] += 2 * SHED_PI * k * f * sqrt(1 + t->stiff * k * k) / EAR_RATE_HZ;
          y += m->amp[k] * exp(-in * (1 + 0.25 * k) / t->decay_s) * sin(stiff_phase[k]);
        }
      }
    } else {
      double c2 = 2 * cos(phase), before = 0, now = sin(phase);
      for (int k = 1; k <= PARTIALS; k++) {
        y += m->amp[k] * now;
        double next = c2 * now - before;
        before      = now;
        now         = next;
      }
      if (t->kind == EAR_SUBHARMONIC) {
        y *= 1 + 0.12 * sin(phase / 2);
      }
      y += t->between * m->gain * (sin(phase / 2) + sin(1.5 * phase) + 0.7 * sin(2.5 * phase));
    }
    y += t->breath * m->gain * shed_rng_normal(r);
    s->x[i] += (float)(e * y);
    if (i % EAR_HOP == 0 && i / EAR_HOP < s->frames) {
      double decayed = t->kind == EAR_STRUCK ? exp(-in / t->decay_s) : 1;
      bool   sure    = at > m->start_s + 0.3 * m->attack_s + 0.012 && at < m->end_s - 0.005 && decayed > 0.03;
      double first_hz       = f * sqrt(1 + t->stiff);
      s->f0_hz[i / EAR_HOP] = sure ? (float)first_hz : -1;
    }
  }
}

static double
power_of(const ear_sound *s, bool voiced_only)
{
  double sum = 0;
  long   n   = 0;
  for (int i = 0; i < s->n; i++) {
    int f = i / EAR_HOP < s->frames ? i / EAR_HOP : s->frames - 1;
    if (!voiced_only || s->f0_hz[f] > 0) {
      sum += (double)s->x[i] * (double)s->x[i];
      n++;
    }
  }
  return n > 0 ? sum / (double)n : 0;
}

static void
mix(ear_sound *s, const float *noise, double snr_db)
{
  double own = 0;
  for (int i = 0; i < s->n; i++) {
    own += (double)noise[i] * (double)noise[i];
  }
  double gain = sqrt(power_of(s, true) / (own / s->n + 1e-20)) * gain_of(-snr_db);
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

// Several voices that speak: short syllables, wide glides, hisses between.
static void
babble(shed_rng *r, float *x, int n)
{
  int people = shed_rng_between(r, 3, 7);
  memset(x, 0, (size_t)n * sizeof(float));
  for (int p = 0; p < people; p++) {
    timbre    t    = make_timbre(r, EAR_VOICE);
    double    home = log_uniform(r, 85, 260), loud = gain_of(uniform(r, -9, 0)), at = 0;
    ear_sound into  = {.x = x, .n = n};
    t.vibrato_cents = 0;
    while (at < (double)n / EAR_RATE_HZ) {
      note m    = {.start_s = at, .attack_s = 0.02, .release_s = 0.05, .gain = loud};
      m.f0_hz   = home * pow(2, uniform(r, -0.4, 0.5));
      m.end_s   = at + uniform(r, 0.08, 0.3);
      m.glide_s = uniform(r, 0.05, 0.3);
      for (int i = 0; i < 2; i++) {
        t.formant_hz[i] = i == 0 ? uniform(r, 280, 850) : uniform(r, 850, 2300);
      }
      shape_note(&t, r, &m);
      render(&t, r, &m, m.f0_hz * pow(2, uniform(r, -0.4, 0.4)), &into);
      at = m.end_s + (shed_rng_unit(r) < 0.2 ? uniform(r, 0.1, 0.5) : 0.02);
    }
  }
}

static void
add_room(ear_sound *s, shed_rng *r)
{
  enum { TAPS = 500 };
  double rt60 = uniform(r, 0.25, 0.9), wet = gain_of(uniform(r, -14, -2)), norm = 0;
  int    at[TAPS];
  double gain[TAPS];
  for (int i = 0; i < TAPS; i++) {
    double t = uniform(r, 0.004, rt60 * 0.7);
    at[i]    = (int)(t * EAR_RATE_HZ);
    gain[i]  = exp(-6.9 * t / rt60) * (shed_rng_unit(r) < 0.5 ? -1 : 1);
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
  // how long a note that has ended is still heard may be argued about
  int tail = (int)(100 * rt60 * 0.8);
  int last = -1000;
  for (int f = 0; f < s->frames; f++) {
    if (s->f0_hz[f] != 0) {
      last = f;
    } else if (f - last < tail) {
      s->f0_hz[f] = -1;
    }
  }
}

static void
add_laptop(ear_sound *s)
{
  double hp[2] = {0}, lp[2] = {0}, last[2] = {0};
  double a = exp(-2 * SHED_PI * 200 / EAR_RATE_HZ), b = 1 - exp(-2 * SHED_PI * 8000 / EAR_RATE_HZ);
  for (int i = 0; i < s->n; i++) {
    double y = (double)s->x[i];
    for (int j = 0; j < 2; j++) {
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
  float gain = (float)gain_of(over_db) / (peak + 1e-9f);
  for (int i = 0; i < s->n; i++) {
    s->x[i] = fminf(fmaxf(s->x[i] * gain, -1), 1);
  }
}

void
ear_add_noise(ear_sound *s, uint64_t seed, ear_harm harm, double snr_db)
{
  shed_rng r;
  shed_rng_seed(&r, seed, 77);
  float *noise = calloc((size_t)s->n, sizeof(float));
  if (harm == EAR_BABBLE) {
    babble(&r, noise, s->n);
  } else {
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
  double base = shed_rng_unit(r) < 0.5 ? 50 : 60, level = gain_of(uniform(r, -75, -45));
  for (int i = 0; i < s->n; i++) {
    double p = 2 * SHED_PI * base * i / EAR_RATE_HZ;
    s->x[i] += (float)(level * (sin(p) + 0.6 * sin(2 * p) + 0.5 * sin(3 * p) + 0.2 * sin(5 * p)));
  }
}

static void
harm_sound(ear_sound *s, shed_rng *r, ear_harm harm, double snr_db)
{
  if (harm == EAR_WHITE || harm == EAR_PINK || harm == EAR_BABBLE) {
    ear_add_noise(s, shed_rng_u32(r), harm, snr_db);
  }
  if (harm == EAR_ROOM || harm == EAR_PHONE) {
    add_room(s, r);
  }
  if (harm == EAR_LAPTOP || harm == EAR_PHONE) {
    add_laptop(s);
  }
  if (harm == EAR_PHONE) {
    ear_add_noise(s, shed_rng_u32(r), EAR_PINK, snr_db);
  }
  if (harm == EAR_HUM) {
    add_hum(s, r);
  }
  if (harm == EAR_CLIP) {
    add_clip(s, 12);
  }
}

// Breaths, knocks, hisses where nobody sings.
static void
add_between(ear_sound *s, shed_rng *r)
{
  int bursts = shed_rng_between(r, 0, 5);
  for (int b = 0; b < bursts; b++) {
    int    at     = shed_rng_between(r, 0, s->n - 1);
    int    length = (int)(log_uniform(r, 0.005, 0.5) * EAR_RATE_HZ);
    double level = gain_of(uniform(r, -55, -18)), low = 0, dull = log_uniform(r, 0.03, 1);
    for (int i = 0; i < length && at + i < s->n; i++) {
      double e = sin(SHED_PI * (i + 0.5) / length);
      int    f = (at + i) / EAR_HOP;
      low += dull * (shed_rng_normal(r) - low);
      if (f < s->frames && s->f0_hz[f] == 0) {
        s->x[at + i] += (float)(level * e * low / sqrt(dull));
      }
    }
  }
  double room = gain_of(uniform(r, -95, -62));
  for (int i = 0; i < s->n; i++) {
    s->x[i] += (float)(room * shed_rng_normal(r));
  }
}

static ear_sound
empty(double seconds)
{
  int n = (int)(seconds * EAR_RATE_HZ);
  return (ear_sound){.x      = calloc((size_t)n, sizeof(float)),
                     .n      = n,
                     .f0_hz  = calloc((size_t)n / EAR_HOP + 1, sizeof(float)),
                     .frames = (n + EAR_HOP - 1) / EAR_HOP};
}

ear_sound
ear_make(uint64_t seed, ear_kind kind, ear_harm harm, double snr_db, double seconds)
{
  shed_rng r;
  shed_rng_seed(&r, seed, (uint64_t)kind + 1);
  ear_sound s     = empty(seconds);
  timbre    t     = make_timbre(&r, kind);
  note     *notes = calloc(NOTES_MAX, sizeof(note));
  int       n     = write_melody(&t, &r, seconds, notes);
  for (int i = 0; i < n; i++) {
    render(&t, &r, &notes[i], i > 0 ? notes[i - 1].f0_hz : notes[i].f0_hz, &s);
  }
  free(notes);
  if (harm != EAR_CLEAN || shed_rng_unit(&r) < 0.7) {
    add_between(&s, &r);
  }
  harm_sound(&s, &r, harm, snr_db);
  return s;
}

ear_sound
ear_tone(double f0_hz, double b, double slope_db, double seconds)
{
  ear_sound s    = empty(seconds);
  double    peak = 0;
  for (int k = 1; k <= PARTIALS; k++) {
    double hz = k * f0_hz * sqrt(1 + b * k * k);
    double a  = gain_of(slope_db * log2(k));
    if (hz > 19000) {
      break;
    }
    for (int i = 0; i < s.n; i++) {
      s.x[i] += (float)(a * sin(2 * SHED_PI * hz * i / EAR_RATE_HZ + 0.7 * k * k));
    }
    peak += a;
  }
  for (int i = 0; i < s.n; i++) {
    s.x[i] *= (float)(0.5 / peak);
  }
  for (int f = 0; f < s.frames; f++) {
    s.f0_hz[f] = (float)(f0_hz * sqrt(1 + b));
  }
  return s;
}

void
ear_sound_free(ear_sound *s)
{
  free(s->x);
  free(s->f0_hz);
}
