// About this file: additive synthesis of one player's tones. A pitch curve is drawn first; the phase of each partial is the
// sum of that curve, so that the truth is what sounds; the partials' heights follow formants as the pitch moves under them.
#include "tests/corpus/ear_tone.h"

#include <math.h>
#include <string.h>

enum { RATE = CORPUS_EAR_RATE_HZ, STEP = CORPUS_EAR_STEP, HEIGHTS = CORPUS_EAR_RENEWAL / STEP };

static const double PI            = 3.14159265358979323846;
static const double TOP           = 0.46; // of the rate: no partial above
static const double EVEN_GONE     = 16;   // even partials are as high as the others from here on
static const double DECAY_REF_HZ  = 220;
static const double DECAY_SLOPE   = 0.6; // higher tones die faster
static const double DECAY_PARTIAL = 0.12;
static const double BREATH_POLE   = 0.6;

static const corpus_ear_recipe RECIPES[CORPUS_EAR_RECIPES] = {
#define CORPUS_EAR_RECIPE(id, ...) {__VA_ARGS__},
#include "tests/corpus/ear_recipes.def"
#undef CORPUS_EAR_RECIPE
};

// F1 to F5 of a man's vowels, Hz.
static const double VOWELS[][CORPUS_EAR_FORMANTS] = {{720, 1120, 2500, 3400, 4500},
                                                     {520, 1820, 2480, 3500, 4500},
                                                     {290, 2250, 3000, 3600, 4600},
                                                     {560, 860, 2420, 3300, 4400},
                                                     {310, 880, 2260, 3300, 4400}};
static const double BANDS_HZ[CORPUS_EAR_FORMANTS] = {80, 95, 130, 180, 240};

static void
draw(shed_rng *rng, double range[2])
{
  range[0] = corpus_ear_between(rng, range[0], range[1]);
  range[1] = range[0];
}

static void
draw_log(shed_rng *rng, double range[2])
{
  if (range[0] > 0) {
    range[0] *= pow(range[1] / range[0], shed_rng_unit(rng));
  }
  range[1] = range[0];
}

void
corpus_ear_vowel(corpus_ear_player *p)
{
  const double *vowel = VOWELS[shed_rng_below(p->rng, SHED_COUNTOF(VOWELS))];
  for (int i = 0; i < CORPUS_EAR_FORMANTS; i++) {
    p->formant_hz[i] = vowel[i] * p->r.tract * corpus_ear_between(p->rng, 0.94, 1.06);
    p->band_hz[i]    = BANDS_HZ[i] * corpus_ear_between(p->rng, 0.8, 1.5);
  }
}

corpus_ear_player
corpus_ear_player_draw(corpus_ear_kind kind, shed_rng *rng)
{
  corpus_ear_player p = {.r = RECIPES[kind], .rng = rng, .floor_db = -30};
  draw(rng, p.r.slope_db);
  draw(rng, p.r.first_db);
  draw(rng, p.r.second_db);
  draw(rng, p.r.even_db);
  draw_log(rng, p.r.stiff);
  draw(rng, p.r.release_s);
  draw(rng, p.r.decay_s);
  draw(rng, p.r.vibrato_cents);
  draw(rng, p.r.jitter_cents);
  draw(rng, p.r.breath_db);
  p.vibrato_hz = corpus_ear_between(rng, 4.4, 6.8);
  for (int k = 1; k <= CORPUS_EAR_PARTIALS; k++) {
    p.uneven[k] = p.r.uneven_db * shed_rng_normal(rng) +
                  (k > 1 && k % 2 == 1 ? corpus_ear_between(rng, p.r.odd_db[0], p.r.odd_db[1]) : 0);
  }
  corpus_ear_vowel(&p);
  return p;
}

// -- the spectrum -----------------------------------------------------------------------------------------------------

// What the tube does to a frequency: resonances in a row, each 1 at 0 Hz (Fant 1960, "Acoustic Theory of Speech Production").
static double
tract_gain(const corpus_ear_player *p, double hz)
{
  double gain = 1;
  for (int i = 0; i < CORPUS_EAR_FORMANTS; i++) {
    double f2 = p->formant_hz[i] * p->formant_hz[i];
    double re = f2 - hz * hz;
    double im = hz * p->band_hz[i];
    gain *= f2 / sqrt(re * re + im * im);
  }
  return gain;
}

static double
height(const corpus_ear_player *p, int k, double hz)
{
  double db = p->r.slope_db[0] * log2(k) + p->uneven[k];
  if (k <= 2) {
    db += k == 1 ? p->r.first_db[0] : p->r.second_db[0];
  }
  if (k % 2 == 0) {
    db += p->r.even_db[0] * fmax(0, 1 - k / EVEN_GONE);
  }
  return corpus_ear_gain(db) * (p->r.tract > 0 ? tract_gain(p, hz) : 1);
}

static double
place(const corpus_ear_player *p, int k) // of partial k over that of partial 1
{
  double b = p->r.stiff[0];
  return k * sqrt((1 + b * k * k) / (1 + b));
}

typedef struct {
  double phase[CORPUS_EAR_PARTIALS + 1];
  double high[CORPUS_EAR_PARTIALS + 1], to[CORPUS_EAR_PARTIALS + 1]; // heights now and at the next renewal
  double noise_phase[CORPUS_EAR_PARTIALS + 1], noise[CORPUS_EAR_PARTIALS + 1]; // half-way above each
  int    partials;
} bank;

// Heights for a pitch, t_s after the attack; their energy is 1 at the start.
static void
renew(const corpus_ear_player *p, bank *b, const corpus_ear_part *part, int step, double attack_at)
{
  double *heights = b->to;
  double  hz      = (double)part->hz[step];
  double  t_s     = (double)(step * STEP) / RATE - attack_at;
  if (p->heights) {
    memset(b->to, 0, sizeof(b->to));
    memset(b->noise, 0, sizeof(b->noise));
    p->heights(p->ctx, p->tied, p->n_tied, part->start_s + (double)(step * STEP) / RATE, b->to, b->noise);
    for (int k = 1; k <= b->partials; k++) {
      b->to[k] = k * hz < TOP * RATE ? b->to[k] : 0;
    }
    return;
  }
  double sum   = 1e-12;
  double decay = p->r.decay_s[0] * pow(DECAY_REF_HZ / hz, DECAY_SLOPE);
  for (int k = 1; k <= b->partials; k++) {
    double at  = hz * place(p, k);
    heights[k] = at < TOP * RATE ? height(p, k, at) : 0;
    sum += heights[k] * heights[k];
  }
  for (int k = 1; k <= b->partials; k++) {
    double fall = decay > 0 ? pow(10, -3 * fmax(0, t_s) * (1 + DECAY_PARTIAL * (k - 1)) / decay) : 1;
    heights[k] *= fall / sqrt(sum);
  }
}

// One partial over one step: a vector that turns.
static void
add_partial(float *x, int n, double phase, double turn, double from, double to)
{
  double c  = cos(turn);
  double s  = sin(turn);
  double re = cos(phase);
  double im = sin(phase);
  for (int i = 0; i < n; i++) {
    double next = re * c - im * s;
    x[i] += (float)(im * (from + (to - from) * i / n));
    im = re * s + im * c;
    re = next;
  }
}

// Noise between the partials: lines whose phases wander so fast that each is as broad as the pitch.
static void
add_noise_lines(corpus_ear_player *p, bank *b, float *x, int n, double hz, double envelope)
{
  double stray = sqrt(2 * PI * hz * n / RATE);
  for (int k = 1; k <= b->partials; k++) {
    double turn = 2 * PI * (k + 0.5) * hz / RATE;
    double high = envelope * b->noise[k] * sqrt(2);
    if (high <= 0 || (k + 0.5) * hz > TOP * RATE) {
      continue;
    }
    add_partial(x, n, b->noise_phase[k], turn, high, high);
    b->noise_phase[k] = fmod(b->noise_phase[k] + n * turn + stray * shed_rng_normal(p->rng), 2 * PI);
  }
}

static void
add_breath(corpus_ear_player *p, corpus_ear_part *part, const float *envelope)
{
  double low  = 0;
  double gain = corpus_ear_gain(p->r.breath_db[0]) / sqrt(2);
  for (int i = 0; p->r.breath_db[0] < 0 && i < part->n; i++) {
    double white = shed_rng_normal(p->rng);
    low          = BREATH_POLE * low + (1 - BREATH_POLE) * white; // under some 4 kHz
    part->x[i] += (float)(2 * gain * low * (double)envelope[i / STEP]);
  }
}

void
corpus_ear_sound_part(corpus_ear_player *p, corpus_ear_part *part, const float *envelope, double attack_at)
{
  bank   b    = {.partials = p->r.partials < CORPUS_EAR_PARTIALS ? p->r.partials : CORPUS_EAR_PARTIALS};
  double half = 2 * PI * shed_rng_unit(p->rng);
  for (int k = 1; k <= b.partials; k++) {
    b.phase[k] = 2 * PI * shed_rng_unit(p->rng);
  }
  renew(p, &b, part, 0, attack_at);
  for (int step = 0; step * STEP < part->n; step++) {
    int    n  = part->n - step * STEP < STEP ? part->n - step * STEP : STEP;
    float *x  = part->x + step * STEP;
    double hz = (double)part->hz[step];
    if (step % HEIGHTS == 0) {
      int ahead = (step + HEIGHTS) * STEP < part->n ? step + HEIGHTS : step;
      memcpy(b.high, b.to, sizeof(b.high));
      renew(p, &b, part, ahead, attack_at);
    }
    double share = (double)(step % HEIGHTS) / HEIGHTS;
    double e0    = step > 0 ? (double)(envelope[step - 1] + envelope[step]) / 2 : 0;
    double e1    = (step + 1) * STEP < part->n ? (double)(envelope[step] + envelope[step + 1]) / 2 : 0;
    for (int k = 1; k <= b.partials; k++) {
      double turn = 2 * PI * hz * place(p, k) / RATE;
      double a0   = e0 * (b.high[k] + (b.to[k] - b.high[k]) * share);
      double a1   = e1 * (b.high[k] + (b.to[k] - b.high[k]) * (share + 1.0 / HEIGHTS));
      if (a0 > 0 || a1 > 0) {
        add_partial(x, n, b.phase[k], turn, a0, a1);
      }
      b.phase[k] = fmod(b.phase[k] + n * turn, 2 * PI);
    }
    if (p->heights) {
      add_noise_lines(p, &b, x, n, hz, e1);
    }
    for (int i = 0; p->r.half_am > 0 && i < n; i++) {
      x[i] *= (float)(1 + p->r.half_am * cos(half + i * PI * hz / RATE));
    }
    half = fmod(half + n * PI * hz / RATE, 2 * PI);
  }
  add_breath(p, part, envelope);
}
