// About this file: degradations that need no other sound: noise, rooms, microphones, gain.
#include "tests/corpus/degrade.h"

#include "engine/base/rng.h"

#include <math.h>
#include <string.h>

static const double PI              = 3.14159265358979323846;
static const double PIECE_S         = 0.050;
static const double ACTIVE_DB       = -30;
static const double SILENT_DB       = -200;
static const double LAPTOP_LOW_HZ   = 200;
static const double LAPTOP_HIGH_HZ  = 8000;
static const double LAPTOP_PEAK_HZ  = 2500;
static const double BUTTERWORTH_Q[] = {0.54119610, 1.30656296}; // of a fourth order
static const double AGC_TARGET_DB   = -20;
static const double AGC_MOST_DB     = 24;
static const double AGC_FLOOR_DB    = -55; // below it the gain stays
static const double AGC_UP_S        = 1.5;
static const double AGC_DOWN_S      = 0.03;

enum { PINK_POLES = 6 };
static const double PINK_LOWEST_HZ = 20;

typedef struct {
  double b0, b1, b2, a1, a2;
  double x1, x2, y1, y2;
} biquad;

static double
power_of(const float *x, size_t n)
{
  double sum = 0;
  for (size_t i = 0; i < n; i++) {
    sum += (double)x[i] * (double)x[i];
  }
  return n ? sum / (double)n : 0;
}

double
corpus_level_db(const shed_sound *s)
{
  size_t piece = (size_t)(PIECE_S * s->rate_hz);
  double most  = 0;
  double sum   = 0;
  size_t n     = 0;
  for (size_t i = 0; i + piece <= s->n; i += piece) {
    most = fmax(most, power_of(s->x + i, piece));
  }
  for (size_t i = 0; i + piece <= s->n; i += piece) {
    double p = power_of(s->x + i, piece);
    if (p > 0 && p >= most * pow(10, ACTIVE_DB / 10)) {
      sum += p;
      n++;
    }
  }
  return n ? 10 * log10(sum / (double)n) : SILENT_DB;
}

void
corpus_set_level(shed_sound *s, double db)
{
  double now = corpus_level_db(s);
  if (now <= SILENT_DB) {
    return;
  }
  double gain = pow(10, (db - now) / 20);
  for (size_t i = 0; i < s->n; i++) {
    s->x[i] = (float)((double)s->x[i] * gain);
  }
}

// One-pole low passes at corners two octaves apart, each as high as the square root of its corner is low: where one falls
// the next one down has fallen already, and the sum falls by 3 dB an octave.
static double
pink(double white, double rate, double state[PINK_POLES])
{
  double sum    = 0;
  double corner = PINK_LOWEST_HZ;
  for (int k = 0; k < PINK_POLES; k++) {
    double keep = exp(-2 * PI * corner / rate);
    state[k]    = keep * state[k] + (1 - keep) * white;
    sum += state[k] / sqrt(corner);
    corner *= 4;
  }
  return sum;
}

static double
coloured(corpus_noise_colour colour, double rate, shed_rng *rng, double state[PINK_POLES])
{
  double white = shed_rng_normal(rng);
  if (colour == CORPUS_PINK) {
    return pink(white, rate, state);
  }
  if (colour == CORPUS_BROWN) {
    return state[0] = 0.998 * state[0] + white;
  }
  return white;
}

void
corpus_add_noise(shed_sound *s, corpus_noise_colour colour, double snr_db, uint64_t seed)
{
  shed_rng rng;
  double   state[PINK_POLES] = {0};
  double   power             = 0;
  double   level             = corpus_level_db(s);
  shed_rng_seed(&rng, seed, 0x5000u + (uint64_t)colour);
  for (size_t i = 0; i < s->n; i++) { // once to learn its level, once to add it
    double x = coloured(colour, s->rate_hz, &rng, state);
    power += x * x;
  }
  double gain = power > 0 ? pow(10, (level - snr_db) / 20) / sqrt(power / (double)s->n) : 0;
  memset(state, 0, sizeof(state));
  shed_rng_seed(&rng, seed, 0x5000u + (uint64_t)colour);
  for (size_t i = 0; i < s->n; i++) {
    s->x[i] += (float)(gain * coloured(colour, s->rate_hz, &rng, state));
  }
}

void
corpus_add_hum(shed_sound *s, double snr_db)
{
  static const double heights[] = {1, 0.5, 0.3, 0.15};
  double              power     = 0;
  for (size_t h = 0; h < SHED_COUNTOF(heights); h++) {
    power += heights[h] * heights[h] / 2;
  }
  double gain = pow(10, (corpus_level_db(s) - snr_db) / 20) / sqrt(power);
  for (size_t i = 0; i < s->n; i++) {
    double x = 0;
    for (size_t h = 0; h < SHED_COUNTOF(heights); h++) {
      x += heights[h] * sin(2 * PI * 50 * (2 * (double)h + 1) * (double)i / s->rate_hz);
    }
    s->x[i] += (float)(gain * x);
  }
}

// -- rooms ----------------------------------------------------------------------------------------------------------

enum { TAPS_A_SECOND = 1800, TAPS_MAX = 6000, WALLS = 6 };
static const double ROOM_DELAYS_S[WALLS] = {0.0031, 0.0052, 0.0079,
                                            0.0113, 0.0146, 0.0191}; // of a 5 by 4 by 3 m room
static const double TAIL_FROM_S          = 0.012;

typedef struct {
  size_t at; // samples behind the direct sound
  double height;
} tap;

// Reflections at the walls, then sparse random pulses under a falling exponential: velvet noise, which sounds like a
// room's own tail (Karjalainen and Järveläinen 2007, "Reverberation Modeling Using Velvet Noise").
static size_t
room_taps(double rt60_s, double rate, shed_rng *rng, tap *taps)
{
  size_t n    = 0;
  double fall = log(1000) / rt60_s; // 60 dB
  for (int i = 0; i < WALLS; i++) {
    taps[n++] =
        (tap){(size_t)(ROOM_DELAYS_S[i] * rate), 1.6 * exp(-fall * ROOM_DELAYS_S[i]) * (i % 2 ? -1 : 1)};
  }
  double step = fmax(1.0 / TAPS_A_SECOND, rt60_s / (TAPS_MAX - WALLS));
  for (int i = 0; TAIL_FROM_S + i * step < rt60_s && n < TAPS_MAX; i++) {
    double at = TAIL_FROM_S + i * step + step * shed_rng_unit(rng);
    taps[n++] = (tap){(size_t)(at * rate), exp(-fall * at) * (shed_rng_below(rng, 2) ? 1 : -1)};
  }
  return n;
}

shed_status
corpus_room(shed_sound *s, double rt60_s, double direct_db, uint64_t seed)
{
  shed_rng rng;
  double   energy = 0;
  tap     *taps   = shed_malloc(s->alloc, TAPS_MAX * sizeof(*taps));
  float   *dry    = shed_malloc(s->alloc, (s->n + 1) * sizeof(float));
  if (!taps || !dry || !(rt60_s >= 0.1 && rt60_s <= 3)) {
    shed_status st = taps && dry ? SHED_E_RANGE : SHED_E_NOMEM;
    shed_free(s->alloc, taps);
    shed_free(s->alloc, dry);
    return st;
  }
  shed_rng_seed(&rng, seed, 0x40au);
  size_t n = room_taps(rt60_s, s->rate_hz, &rng, taps);
  for (size_t k = 0; k < n; k++) {
    energy += taps[k].height * taps[k].height;
  }
  memcpy(dry, s->x, s->n * sizeof(float));
  for (size_t k = 0; k < n; k++) {
    float height = (float)(taps[k].height * pow(10, -direct_db / 20) / sqrt(energy));
    for (size_t i = taps[k].at; i < s->n; i++) {
      s->x[i] += height * dry[i - taps[k].at];
    }
  }
  shed_free(s->alloc, taps);
  shed_free(s->alloc, dry);
  return SHED_OK;
}

// -- microphones and gain -------------------------------------------------------------------------------------------

static void
run(biquad *f, shed_sound *s)
{
  for (size_t i = 0; i < s->n; i++) {
    double x = (double)s->x[i];
    double y = f->b0 * x + f->b1 * f->x1 + f->b2 * f->x2 - f->a1 * f->y1 - f->a2 * f->y2;
    f->x2    = f->x1;
    f->x1    = x;
    f->y2    = f->y1;
    f->y1    = y;
    s->x[i]  = (float)y;
  }
}

// Second-order sections by the bilinear transform, corner warped back to its place.
static biquad
pass(double hz, double q, bool high, double rate)
{
  double w     = 2 * PI * hz / rate;
  double alpha = sin(w) / (2 * q);
  double side  = high ? (1 + cos(w)) / 2 : (1 - cos(w)) / 2;
  double a0    = 1 + alpha;
  return (biquad){.b0 = side / a0,
                  .b1 = (high ? -2 : 2) * side / a0,
                  .b2 = side / a0,
                  .a1 = -2 * cos(w) / a0,
                  .a2 = (1 - alpha) / a0};
}

static biquad
resonance(double hz, double q, double db, double rate)
{
  double w     = 2 * PI * hz / rate;
  double alpha = sin(w) / (2 * q);
  double a     = pow(10, db / 40);
  double a0    = 1 + alpha / a;
  return (biquad){.b0 = (1 + alpha * a) / a0,
                  .b1 = -2 * cos(w) / a0,
                  .b2 = (1 - alpha * a) / a0,
                  .a1 = -2 * cos(w) / a0,
                  .a2 = (1 - alpha / a) / a0};
}

void
corpus_laptop(shed_sound *s)
{
  double rate = s->rate_hz;
  for (size_t i = 0; i < SHED_COUNTOF(BUTTERWORTH_Q); i++) {
    biquad low = pass(LAPTOP_LOW_HZ, BUTTERWORTH_Q[i], true, rate);
    run(&low, s);
    if (LAPTOP_HIGH_HZ < 0.45 * rate) {
      biquad high = pass(LAPTOP_HIGH_HZ, BUTTERWORTH_Q[i], false, rate);
      run(&high, s);
    }
  }
  biquad peak = resonance(LAPTOP_PEAK_HZ, 1.5, 6, rate);
  run(&peak, s);
}

void
corpus_tone_control(shed_sound *s, double corner_hz, double high_db)
{
  const double keep = exp(-2 * PI * corner_hz / s->rate_hz), gain = pow(10, high_db / 20);
  double       low = 0;
  for (size_t i = 0; i < s->n; i++) {
    double x = (double)s->x[i];
    low      = keep * low + (1 - keep) * x;
    s->x[i]  = (float)(low + gain * (x - low));
  }
}

void
corpus_clip(shed_sound *s, double over_db)
{
  float most = 0;
  for (size_t i = 0; i < s->n; i++) {
    most = fmaxf(most, fabsf(s->x[i]));
  }
  double gain = most > 0 ? pow(10, over_db / 20) / (double)most : 1;
  for (size_t i = 0; i < s->n; i++) {
    s->x[i] = (float)fmax(-1, fmin(1, (double)s->x[i] * gain));
  }
}

void
corpus_agc(shed_sound *s)
{
  double rate  = s->rate_hz;
  double power = 0;
  double gain  = 0; // dB
  for (size_t i = 0; i < s->n; i++) {
    power += ((double)s->x[i] * (double)s->x[i] - power) * (1 - exp(-1 / (0.02 * rate)));
    double level = 10 * log10(power + 1e-12);
    if (level > AGC_FLOOR_DB) {
      double want = fmax(-AGC_MOST_DB, fmin(AGC_MOST_DB, AGC_TARGET_DB - level));
      gain += (want - gain) * (1 - exp(-1 / ((want < gain ? AGC_DOWN_S : AGC_UP_S) * rate)));
    }
    s->x[i] = (float)((double)s->x[i] * pow(10, gain / 20));
  }
}
