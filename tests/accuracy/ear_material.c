// About this file: phrases. A timbre is drawn once a phrase, a melody in one of several styles, and each note is added up
// from its partials.
#include "tests/accuracy/ear_material.h"

#include "engine/dsp/pi.h"
#include "tests/accuracy/ear_draw.h"

#include <stdlib.h>
#include <string.h>

const char *const EAR_KIND_NAME[EAR_KINDS] = {
    "voice", "bright",     "odd",      "flute",         "overblown",   "struck", "bass",
    "bowed", "weak first", "no first", "strong second", "subharmonic", "sine"};

enum { PARTIALS = 40, NOTES_MAX = 200, CONTROL = 32 }; // samples between two looks at slow things
static const double UNHEARD = 1e-4;                    // a partial so far under its note
static const double DECAYED = 0.006;                   // a string that has faded so far may be argued about

typedef enum { USUAL, FAST, TRILL, STACCATO, REPEATED, SWELL, SLIDE, STYLES } style;

typedef struct {
  double start_s, end_s, f0_hz, attack_s, release_s, glide_s, gain, swell_db;
  double amp[PARTIALS + 1], phase_re[PARTIALS + 1], phase_im[PARTIALS + 1];
  int    partials; // that can be heard
} note;

// What a phrase keeps from note to note.
typedef struct {
  ear_kind kind;
  double   slope_db, vibrato_hz, vibrato_cents, breath, stiff, between, decay_s, uneven[PARTIALS + 1];
  double   formant_hz[4], formant_gain[4], beat_hz[PARTIALS + 1], beat, half_am;
  bool     decays;
} timbre;

static const struct {
  double lo_hz, hi_hz, slope_lo, slope_hi;
} RANGE[EAR_KINDS] = {
    [EAR_VOICE] = {70, 1100, -16, -6},         [EAR_BRIGHT] = {32, 1500, -14, -2},
    [EAR_ODD] = {60, 1900, -16, -6},           [EAR_FLUTE] = {230, 4300, -30, -8},
    [EAR_OVERBLOWN] = {400, 4400, -26, -6},    [EAR_STRUCK] = {27.5, 4300, -20, -4},
    [EAR_BASS] = {29, 260, -14, -3},           [EAR_BOWED] = {38, 3400, -14, -3},
    [EAR_WEAK_FIRST] = {30, 700, -10, -1},     [EAR_NO_FIRST] = {45, 900, -9, -2},
    [EAR_STRONG_SECOND] = {80, 1000, -16, -5}, [EAR_SUBHARMONIC] = {100, 1400, -14, -4},
    [EAR_SINE] = {55, 4400, -60, -30},
};

static timbre
make_timbre(shed_rng *r, ear_kind kind)
{
  timbre t        = {.kind = kind, .decays = kind == EAR_STRUCK || kind == EAR_BASS};
  t.slope_db      = ear_uniform(r, RANGE[kind].slope_lo, RANGE[kind].slope_hi);
  bool swings     = !t.decays && kind != EAR_SINE && ear_chance(r, 0.6);
  t.vibrato_hz    = ear_uniform(r, 4.5, 7.0);
  t.vibrato_cents = swings ? ear_uniform(r, 8, kind == EAR_VOICE ? 110 : 50) : 0;
  bool breathes   = kind == EAR_VOICE || kind == EAR_FLUTE || kind == EAR_OVERBLOWN;
  t.breath        = ear_gain(breathes ? ear_uniform(r, -55, -20) : ear_uniform(r, -80, -42));
  t.stiff         = t.decays ? ear_log_uniform(r, 1e-5, kind == EAR_BASS ? 6e-4 : 1.5e-3) : 0;
  t.decay_s       = ear_log_uniform(r, 0.2, 3.5);
  bool half       = kind == EAR_OVERBLOWN || (kind == EAR_FLUTE && ear_chance(r, 0.2));
  t.between       = half ? ear_gain(ear_uniform(r, -50, -24)) : 0;
  t.half_am       = kind == EAR_SUBHARMONIC ? ear_uniform(r, 0.09, 0.15) : 0;
  t.beat          = ear_chance(r, 0.5) ? ear_uniform(r, 0.05, 0.6) : 0;
  double spread = kind == EAR_VOICE ? 2 : kind == EAR_BOWED ? 7 : kind == EAR_SINE ? 1 : ear_uniform(r, 1, 6);
  for (int k = 1; k <= PARTIALS; k++) {
    t.uneven[k]  = spread * shed_rng_normal(r);
    t.beat_hz[k] = ear_uniform(r, 0.3, 6);
  }
  const double centre[4] = {ear_uniform(r, 280, 850), ear_uniform(r, 850, 2300), ear_uniform(r, 2300, 3000),
                            ear_uniform(r, 3000, 4200)};
  for (int i = 0; i < 4; i++) {
    t.formant_hz[i]   = centre[i];
    t.formant_gain[i] = ear_uniform(r, 8, 22);
  }
  return t;
}

static double
partial_db(const timbre *t, int k, double f_hz)
{
  double db = t->slope_db * log2(k) + t->uneven[k];
  if (t->kind == EAR_VOICE || t->kind == EAR_SUBHARMONIC) {
    for (int i = 0; i < 4; i++) {
      double octaves = log2(k * f_hz / t->formant_hz[i]) / (0.16 + 0.05 * (3 - i));
      db += t->formant_gain[i] * exp(-0.5 * octaves * octaves);
    }
  }
  if (t->kind == EAR_ODD && k % 2 == 0) {
    db -= fmax(0, 34 - 3.0 * k);
  }
  return db;
}

static void
shape_note(const timbre *t, shed_rng *r, note *n)
{
  double weak = ear_uniform(r, -36, -10), second = ear_uniform(r, -25, -15), sum = 0;
  for (int k = 1; k <= PARTIALS; k++) {
    double hz = k * n->f0_hz * sqrt(1 + t->stiff * k * k);
    double db = partial_db(t, k, n->f0_hz);
    if (t->kind == EAR_WEAK_FIRST && k == 1) {
      db += weak;
    } else if (t->kind == EAR_BASS && k == 1) {
      db += 0.6 * weak;
    } else if (t->kind == EAR_STRONG_SECOND && k % 2 == 1) {
      db += k == 1 ? second : ear_uniform(r, -36, -24);
    }
    n->amp[k] = hz < 19000 && !(t->kind == EAR_NO_FIRST && k == 1) ? ear_gain(db) : 0;
    sum += n->amp[k] * n->amp[k];
  }
  n->partials = 0;
  for (int k = 1; k <= PARTIALS; k++) {
    n->amp[k] *= n->gain / sqrt(sum + 1e-9);
    double phase   = ear_uniform(r, 0, 2 * SHED_PI);
    n->phase_re[k] = cos(phase);
    n->phase_im[k] = sin(phase);
    n->partials    = n->amp[k] > UNHEARD * n->gain ? k : n->partials;
  }
}

typedef struct {
  style  how;
  double lo_hz, hi_hz, home_hz, pace_s, legato, loud, trill;
} manner;

static manner
make_manner(const timbre *t, shed_rng *r)
{
  manner m = {.lo_hz = RANGE[t->kind].lo_hz, .hi_hz = RANGE[t->kind].hi_hz};
  m.how =
      ear_chance(r, t->kind == EAR_BASS ? 0.35 : 0.5) ? USUAL : (style)shed_rng_between(r, FAST, STYLES - 1);
  if (t->decays && (m.how == SWELL || m.how == SLIDE)) {
    m.how = FAST;
  }
  m.home_hz = ear_log_uniform(r, m.lo_hz, m.hi_hz);
  m.pace_s  = m.how == FAST ? ear_uniform(r, 0.085, 0.14) : ear_log_uniform(r, 0.09, 0.9);
  m.pace_s  = m.how == TRILL   ? ear_uniform(r, 0.06, 0.11)
              : m.how >= SWELL ? ear_log_uniform(r, 0.8, 4)
                               : m.pace_s;
  m.legato  = m.how == STACCATO || m.how == REPEATED ? 0 : m.how == TRILL ? 1 : shed_rng_unit(r);
  m.loud    = ear_gain(ear_uniform(r, -36, -8));
  m.trill   = pow(2, shed_rng_between(r, 1, 4) / 12.0);
  return m;
}

static double
next_pitch(const manner *m, shed_rng *r, int n, double step)
{
  if (m->how == TRILL && n % 16 != 0) {
    return n % 2 == 1 ? step * m->trill : step / m->trill;
  }
  if (m->how == REPEATED && n % 6 != 0) {
    return step;
  }
  int wide = ear_chance(r, 0.15) ? 19 : 7;
  step *= pow(2, shed_rng_between(r, -wide, wide) / 12.0);
  if (step > m->home_hz * 3 || step < m->home_hz / 3 || step > m->hi_hz || step < m->lo_hz) {
    step = fmin(fmax(m->home_hz * pow(2, shed_rng_between(r, -5, 5) / 12.0), m->lo_hz), m->hi_hz);
  }
  return step;
}

static int
write_melody(const timbre *t, shed_rng *r, double seconds, note *notes)
{
  manner how  = make_manner(t, r);
  double step = how.home_hz, at = ear_uniform(r, 0.0, 0.5);
  bool   even = how.how == FAST || how.how == TRILL;
  int    n    = 0;
  while (at < seconds - 0.1 && n < NOTES_MAX) {
    note  *m = &notes[n];
    double length =
        even ? how.pace_s
             : fmax(0.07, how.pace_s * pow(2, shed_rng_between(r, -1, 1)) * ear_uniform(r, 0.8, 1.2));
    length       = how.how == STACCATO ? ear_uniform(r, 0.05, 0.14) : length;
    step         = next_pitch(&how, r, n, step);
    bool tied    = n > 0 && ear_chance(r, how.legato);
    m->f0_hz     = even ? step : step * pow(2, ear_uniform(r, -40, 40) / 1200);
    m->start_s   = at;
    m->end_s     = fmin(at + length, seconds - 0.05);
    m->attack_s  = tied        ? 0.015
                   : t->decays ? ear_uniform(r, 0.001, 0.006)
                               : ear_log_uniform(r, 0.008, even || how.how == STACCATO ? 0.03 : 0.12);
    m->release_s = ear_log_uniform(r, 0.015, even ? 0.05 : 0.2);
    m->glide_s   = tied && !t->decays ? ear_log_uniform(r, 0.004, how.how == SLIDE ? 2 : 0.12) : 0;
    m->glide_s   = fmin(m->glide_s, length);
    m->swell_db  = how.how == SWELL ? ear_uniform(r, -48, 48) : ear_uniform(r, -8, 8);
    m->gain      = how.loud * ear_gain(ear_uniform(r, -9, 0));
    shape_note(t, r, m);
    bool joined = tied || even || ear_chance(r, how.how == STACCATO ? 0.1 : 0.4);
    at          = m->end_s + (joined ? 0 : ear_log_uniform(r, 0.03, 0.6));
    n++;
  }
  return n;
}

static double
envelope(const note *m, double t_s)
{
  double up = (t_s - m->start_s) / m->attack_s, down = (m->end_s + m->release_s - t_s) / m->release_s;
  double e     = fmin(fmin(up, down), 1);
  double share = fmin(fmax((t_s - m->start_s) / (m->end_s - m->start_s), 0), 1);
  double swell = m->swell_db > 0 ? -m->swell_db * (1 - share) : m->swell_db * share;
  return e > 0 ? e * e * (3 - 2 * e) * ear_gain(swell) : 0;
}

// What goes on while one note sounds.
typedef struct {
  double phase, wobble, swing, f_hz, envelope;
  double amp[PARTIALS + 1];
  double re[PARTIALS + 1], im[PARTIALS + 1], turn_re[PARTIALS + 1],
      turn_im[PARTIALS + 1]; // of a string's partials
} voice_state;

// Every CONTROL samples.
static void
control(const timbre *t, shed_rng *r, const note *m, double from_hz, double at_s, voice_state *v)
{
  double in    = at_s - m->start_s;
  double live  = t->kind == EAR_VOICE ? 0.9 : 0.15;
  v->wobble    = 0.999 * v->wobble + live * 0.3 * shed_rng_normal(r);
  double grow  = fmin(in / 0.25, 1);
  double cents = v->wobble + t->vibrato_cents * grow * sin(2 * SHED_PI * t->vibrato_hz * in + v->swing);
  if (m->glide_s > 0 && in < m->glide_s) {
    double share = in / m->glide_s;
    share        = share * share * (3 - 2 * share);
    cents += (1 - share) * 1200 * log2(from_hz / m->f0_hz);
  }
  v->f_hz     = m->f0_hz * pow(2, cents / 1200);
  v->envelope = envelope(m, at_s);
  for (int k = 1; k <= m->partials; k++) {
    v->amp[k] = m->amp[k] * (1 + t->beat * sin(2 * SHED_PI * t->beat_hz[k] * at_s + k));
    if (t->decays) {
      v->amp[k] *= exp(-in * (1 + 0.25 * k) / t->decay_s);
      double w      = 2 * SHED_PI * k * v->f_hz * sqrt(1 + t->stiff * k * k) / EAR_RATE_HZ;
      v->turn_re[k] = cos(w);
      v->turn_im[k] = sin(w);
    }
  }
}

static double
sample_of(const timbre *t, const note *m, voice_state *v)
{
  double y = 0;
  v->phase += 2 * SHED_PI * v->f_hz / EAR_RATE_HZ;
  if (t->decays) {
    for (int k = 1; k <= m->partials; k++) {
      double re = v->re[k] * v->turn_re[k] - v->im[k] * v->turn_im[k];
      v->im[k]  = v->re[k] * v->turn_im[k] + v->im[k] * v->turn_re[k];
      v->re[k]  = re;
      y += v->amp[k] * v->im[k];
    }
    return y;
  }
  double re = cos(v->phase), im = sin(v->phase), at_re = re, at_im = im;
  for (int k = 1; k <= m->partials; k++) {
    y += v->amp[k] * (at_im * m->phase_re[k] + at_re * m->phase_im[k]);
    double next = at_re * re - at_im * im;
    at_im       = at_re * im + at_im * re;
    at_re       = next;
  }
  if (t->half_am > 0) {
    y *= 1 + t->half_am * sin(v->phase / 2);
  }
  return y + t->between * m->gain * (sin(v->phase / 2) + sin(1.5 * v->phase) + 0.7 * sin(2.5 * v->phase));
}

// One note into x, and its frames into f0 where it is the newest sound.
static void
render(const timbre *t, shed_rng *r, const note *m, double from_hz, ear_sound *s)
{
  int         first = (int)(m->start_s * EAR_RATE_HZ), last = (int)((m->end_s + m->release_s) * EAR_RATE_HZ);
  voice_state v = {.phase = ear_uniform(r, 0, 2 * SHED_PI), .swing = ear_uniform(r, 0, 2 * SHED_PI)};
  for (int k = 1; k <= PARTIALS; k++) {
    double start = ear_uniform(r, 0, 2 * SHED_PI);
    v.re[k]      = cos(start);
    v.im[k]      = sin(start);
  }
  for (int i = first; i < last && i < s->n; i++) {
    double at = (double)i / EAR_RATE_HZ;
    if (i % CONTROL == 0 || i == first) {
      control(t, r, m, from_hz, at, &v);
    }
    double y = sample_of(t, m, &v) + t->breath * m->gain * shed_rng_normal(r);
    s->x[i] += (float)(v.envelope * y);
    if (i % EAR_HOP == 0 && i / EAR_HOP < s->frames) {
      double decayed = t->decays ? exp(-(at - m->start_s) / t->decay_s) : 1;
      bool   sure = at > m->start_s + 0.3 * m->attack_s + 0.012 && at < m->end_s - 0.005 && decayed > DECAYED;
      s->f0_hz[i / EAR_HOP] = sure ? (float)(v.f_hz * sqrt(1 + t->stiff)) : -1;
    }
  }
}

ear_sound
ear_silence(double seconds)
{
  int n = (int)(seconds * EAR_RATE_HZ);
  return (ear_sound){.x      = calloc((size_t)n, sizeof(float)),
                     .n      = n,
                     .f0_hz  = calloc((size_t)n / EAR_HOP + 1, sizeof(float)),
                     .frames = (n + EAR_HOP - 1) / EAR_HOP};
}

ear_sound
ear_phrase(uint64_t seed, ear_kind kind, double seconds)
{
  shed_rng r;
  shed_rng_seed(&r, seed, (uint64_t)kind + 1);
  ear_sound s     = ear_silence(seconds);
  timbre    t     = make_timbre(&r, kind);
  note     *notes = calloc(NOTES_MAX, sizeof(note));
  int       n     = write_melody(&t, &r, seconds, notes);
  for (int i = 0; i < n; i++) {
    render(&t, &r, &notes[i], i > 0 ? notes[i - 1].f0_hz : notes[i].f0_hz, &s);
  }
  free(notes);
  return s;
}

ear_sound
ear_make(uint64_t seed, ear_kind kind, ear_harm harm, double snr_db, double seconds)
{
  ear_sound s = ear_phrase(seed, kind, seconds);
  ear_harm_sound(&s, seed * EAR_KINDS + (uint64_t)kind, harm, snr_db);
  return s;
}

// Short syllables, wide glides, hisses between.
static void
speak(shed_rng *r, ear_sound *into)
{
  timbre t    = make_timbre(r, EAR_VOICE);
  double home = ear_log_uniform(r, 85, 260), loud = ear_gain(ear_uniform(r, -9, 0)), at = 0;
  t.vibrato_cents = 0;
  while (at < (double)into->n / EAR_RATE_HZ) {
    note m    = {.start_s = at, .attack_s = 0.02, .release_s = 0.05, .gain = loud};
    m.f0_hz   = home * pow(2, ear_uniform(r, -0.4, 0.5));
    m.end_s   = at + ear_uniform(r, 0.08, 0.3);
    m.glide_s = ear_uniform(r, 0.05, 0.3);
    for (int i = 0; i < 2; i++) {
      t.formant_hz[i] = i == 0 ? ear_uniform(r, 280, 850) : ear_uniform(r, 850, 2300);
    }
    shape_note(&t, r, &m);
    render(&t, r, &m, m.f0_hz * pow(2, ear_uniform(r, -0.4, 0.4)), into);
    at = m.end_s + (ear_chance(r, 0.2) ? ear_uniform(r, 0.1, 0.5) : 0.02);
  }
}

void
ear_babble(uint64_t seed, float *x, int n)
{
  shed_rng r;
  shed_rng_seed(&r, seed, 78);
  ear_sound into   = {.x = x, .n = n};
  int       people = shed_rng_between(&r, 2, 8);
  memset(x, 0, (size_t)n * sizeof(float));
  for (int p = 0; p < people; p++) {
    speak(&r, &into);
  }
}

ear_sound
ear_tone(double f0_hz, double b, double slope_db, double seconds)
{
  ear_sound s    = ear_silence(seconds);
  double    peak = 0;
  for (int k = 1; k <= PARTIALS; k++) {
    double hz = k * f0_hz * sqrt(1 + b * k * k);
    double a  = ear_gain(slope_db * log2(k));
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
