// About this file: additive synthesis. The phase of a tone is the sum of its frequency over the samples, so the frequency
// that is told is the one that sounds, whatever the pitch does.
#include "tests/corpus/synth.h"

#include "engine/base/rng.h"

#include <math.h>

enum { BLOCK = 64, FORMANTS = 3, HARMONICS_MAX = 64 };
static const double PI              = 3.14159265358979323846;
static const double TOP             = 0.45;  // of the rate: no partial above
static const double FORMANT_BAND_HZ = 120;   // half width at half power
static const double FORMANT_FLOOR   = 0.04;  // between formants
static const double BURST_S         = 0.020; // clap and click
static const double BURST_DECAY_S   = 0.005;
static const double CLAP_HZ         = 1800;
static const double CLAP_Q          = 1.0;

typedef struct {
  double tilt_db, even_db;
  int    first, most;
  double inharmonicity, attack_s, decay_s, release_s, breath_db;
  double formant_hz[FORMANTS];
} shape;

static const shape SHAPES[] = {
#define CORPUS_TIMBRE(id, tilt, even, first, most, b, attack, decay, release, breath, f1, f2, f3)            \
  {tilt, even, first, most, b, attack, decay, release, breath, {f1, f2, f3}},
#include "tests/corpus/timbres.def"
#undef CORPUS_TIMBRE
};

static double
from_db(double db)
{
  return pow(10, db / 20);
}

double
corpus_tone_hz(const corpus_tone *k, double t_s)
{
  double midi = k->midi;
  if (k->portamento_s > 0) {
    midi += (k->from_midi - k->midi) * exp(-3 * t_s / k->portamento_s);
  }
  if (k->glide_semitones != 0 && k->duration_s > 0) {
    midi += k->glide_semitones * fmin(1, t_s / k->duration_s);
  }
  if (k->vibrato_cents != 0 && t_s > k->vibrato_delay_s) {
    midi += k->vibrato_cents / 100 * sin(2 * PI * k->vibrato_hz * (t_s - k->vibrato_delay_s));
  }
  return 440 * exp2((midi - 69) / 12);
}

// Height of harmonic h at f0, before the level is set.
static double
harmonic(const shape *s, int h, double f0_hz, double rate_hz)
{
  double f = h * f0_hz;
  if (h < s->first || f > TOP * rate_hz) {
    return 0;
  }
  double a = from_db(s->tilt_db * log2((double)h) + (h % 2 == 0 ? s->even_db : 0));
  if (s->formant_hz[0] > 0) {
    double gain = FORMANT_FLOOR;
    for (int i = 0; i < FORMANTS && s->formant_hz[i] > 0; i++) {
      double band = FORMANT_BAND_HZ * (1 + i * 0.5);
      double d    = (f - s->formant_hz[i]) / band;
      gain += 1 / (1 + d * d);
    }
    a *= gain;
  }
  return a;
}

// All harmonics at f0, scaled so that their sum has the RMS asked for.
static int
heights(const shape *s, double f0_hz, double rate_hz, double rms, double *a)
{
  double power = 0;
  int    most  = 0;
  for (int h = 1; h <= s->most && h < HARMONICS_MAX; h++) {
    a[h] = harmonic(s, h, f0_hz, rate_hz);
    power += a[h] * a[h] / 2;
    most = a[h] > 0 ? h : most;
  }
  for (int h = 1; h <= most; h++) {
    a[h] *= rms / sqrt(power);
  }
  return most;
}

static double
envelope(const corpus_tone *k, const shape *s, double t)
{
  double attack = k->attack_s > 0 ? k->attack_s : s->attack_s;
  double e      = t < attack ? 0.5 - 0.5 * cos(PI * t / attack) : 1;
  if (t > k->duration_s) {
    double r = (t - k->duration_s) / s->release_s;
    e *= r < 1 ? 0.5 + 0.5 * cos(PI * r) : 0;
  }
  return e;
}

// The partials of a tone at one moment.
typedef struct {
  int    most;
  double height[HARMONICS_MAX];
  double ratio[HARMONICS_MAX]; // of the fundamental's phase
  double decay[HARMONICS_MAX]; // what is left of the height
  double fall[HARMONICS_MAX];  // of the decay, a sample
} partials;

static void
start_partials(partials *p, const shape *s, double b, double rate)
{
  for (int h = 1; h < HARMONICS_MAX; h++) {
    p->ratio[h] = h * sqrt(1 + b * h * h);
    p->decay[h] = 1;
    p->fall[h]  = s->decay_s > 0 ? exp(-(1 + 0.25 * (h - 1)) / (s->decay_s * rate)) : 1;
  }
}

static double
sum_stretched(partials *p, int first, double phase)
{
  double x = 0;
  for (int h = first; h <= p->most; h++) {
    x += p->height[h] * p->decay[h] * sin(p->ratio[h] * phase);
    p->decay[h] *= p->fall[h];
  }
  return x;
}

// sin(h phase) = 2 cos(phase) sin((h - 1) phase) - sin((h - 2) phase): good to 1e-13 for the harmonics there are.
static double
sum_harmonic(const partials *p, double phase)
{
  double twice  = 2 * cos(phase);
  double before = 0;
  double now    = sin(phase);
  double x      = 0;
  for (int h = 1; h <= p->most; h++) {
    x += p->height[h] * now;
    double next = twice * now - before;
    before      = now;
    now         = next;
  }
  return x;
}

static void
add_tone(const corpus_tone *k, shed_rng *rng, shed_sound *out)
{
  const shape *s        = &SHAPES[k->timbre];
  double       rate     = out->rate_hz;
  double       rms      = from_db(k->level_db);
  double       b        = k->inharmonicity > 0 ? k->inharmonicity : s->inharmonicity;
  double       breath   = k->breath_db < 0 ? k->breath_db : s->breath_db;
  double       noise    = breath < 0 ? rms * from_db(breath) : 0;
  bool         harmonic = b == 0 && s->decay_s == 0;
  int64_t      first    = (int64_t)ceil(k->onset_s * rate);
  int64_t      n        = (int64_t)((k->duration_s + s->release_s) * rate);
  double       phase    = 2 * PI * corpus_tone_hz(k, 0) * ((double)first / rate - k->onset_s);
  partials     p;
  start_partials(&p, s, b, rate);
  for (int64_t i = 0; i < n; i++) {
    double t = (double)(first + i) / rate - k->onset_s;
    if (i % BLOCK == 0) {
      p.most = heights(s, corpus_tone_hz(k, t), rate, rms, p.height);
    }
    double x = noise > 0 ? noise * shed_rng_normal(rng) : 0;
    x += harmonic ? sum_harmonic(&p, phase) : sum_stretched(&p, s->first, phase);
    if (first + i >= 0 && (size_t)(first + i) < out->n) {
      out->x[first + i] += (float)(x * envelope(k, s, t));
    }
    phase += 2 * PI * corpus_tone_hz(k, t + 0.5 / rate) / rate;
  }
}

// A clap is noise through a resonance, a click a sine; both begin at their first sample and die away.
static void
add_burst(const corpus_tone *k, shed_rng *rng, shed_sound *out)
{
  double  rate  = out->rate_hz;
  double  rms   = from_db(k->level_db);
  int64_t first = (int64_t)ceil(k->onset_s * rate);
  double  w     = 2 * PI * fmin(CLAP_HZ, 0.3 * rate) / rate;
  double  alpha = sin(w) / (2 * CLAP_Q);
  double  x1 = 0, x2 = 0, y1 = 0, y2 = 0;
  for (int64_t i = 0; i < (int64_t)(BURST_S * rate); i++) {
    double t = (double)i / rate;
    double y = sqrt(2) * cos(2 * PI * corpus_tone_hz(k, 0) * t);
    if (k->timbre == CORPUS_CLAP) {
      double x = 3 * shed_rng_normal(rng);
      y        = (alpha * (x - x2) + 2 * cos(w) * y1 - (1 - alpha) * y2) / (1 + alpha);
      x2       = x1;
      x1       = x;
      y2       = y1;
      y1       = y;
    }
    if (first + i >= 0 && (size_t)(first + i) < out->n) {
      out->x[first + i] += (float)(rms * y * exp(-t / BURST_DECAY_S));
    }
  }
}

static bool
valid(const corpus_tone *k)
{
  return (int)k->timbre >= 0 && k->timbre < CORPUS_TIMBRES && isfinite(k->onset_s) && k->duration_s >= 0 &&
         k->duration_s < 1e5 && isfinite(k->level_db) && k->midi > -20 && k->midi < 150 &&
         isfinite(k->glide_semitones) && isfinite(k->vibrato_cents);
}

shed_status
corpus_synth_add(const corpus_tone *tones, size_t n, uint64_t seed, shed_sound *s)
{
  for (size_t i = 0; i < n; i++) {
    shed_rng rng;
    if (!valid(&tones[i])) {
      return SHED_E_RANGE;
    }
    shed_rng_seed(&rng, seed, 0x70e5u + i); // each tone its own noise, whatever stands before it
    if (tones[i].timbre == CORPUS_CLAP || tones[i].timbre == CORPUS_CLICK) {
      add_burst(&tones[i], &rng, s);
    } else {
      add_tone(&tones[i], &rng, s);
    }
  }
  return SHED_OK;
}

shed_status
corpus_synth(const corpus_tone *tones, size_t n, int rate_hz, double length_s, uint64_t seed,
             const shed_alloc *alloc, shed_sound *out)
{
  shed_sound s   = {.alloc = alloc, .rate_hz = rate_hz};
  double     end = 0;
  for (size_t i = 0; i < n; i++) {
    end = fmax(end, tones[i].onset_s + tones[i].duration_s);
  }
  length_s = length_s > 0 ? length_s : end + 0.3;
  if (rate_hz < 8000 || rate_hz > 192000 || !(length_s < 1e5)) {
    return SHED_E_RANGE;
  }
  s.n = (size_t)(length_s * rate_hz);
  s.x = shed_calloc(alloc, s.n + 1, sizeof(float));
  if (!s.x) {
    return SHED_E_NOMEM;
  }
  shed_status st = corpus_synth_add(tones, n, seed, &s);
  if (st != SHED_OK) {
    shed_sound_free(&s);
    return st;
  }
  *out = s;
  return SHED_OK;
}
