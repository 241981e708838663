// About this file: makes the probes and finds them again.
#include "engine/audio/probe.h"

#include "engine/base/rng.h"
#include "engine/dsp/fft.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double PI          = 3.14159265358979323846;
static const double QUIET_S     = 1.0; // before the first chirp
static const double EVERY_S     = 0.9; // more than the longest round trip, or one would be taken for another
static const double UNEVEN_S    = 0.011;
static const double CHIRP_S     = 0.08;
static const double CHIRP_LO_HZ = 300;
static const double CHIRP_HI_HZ = 9000; // or just under half the rate
static const double EDGE_S      = 0.008;
static const double SOFTER_DB   = 12;
static const double NOISE_S     = 1.5;
static const double NOISE_DB    = -14; // below the loud chirps' peak
static const double TAIL_S      = 0.9;
// The largest of 40,000 values of noise stands some 13 dB over their RMS: a chirp stands well above.
static const double CLEAR_DB = 17;
// A reflection may be louder than the straight way, which is at most so much earlier and softer.
static const double EARLIER_S     = 0.02;
static const double EARLIER_SHARE = 0.5;

static bool
valid(const shed_probe_opts *o)
{
  return o->rate_hz >= 16000 && o->rate_hz <= 192000 && o->probes >= SHED_PROBES_MIN &&
         o->probes <= SHED_PROBES_MAX && o->level_db >= -60 && o->level_db <= 0;
}

static size_t
frames(const shed_probe_opts *o, double s)
{
  return (size_t)(s * o->rate_hz);
}

static size_t
probe_at(const shed_probe_opts *o, int i)
{
  return frames(o, QUIET_S + EVERY_S * i + UNEVEN_S * (i * 5 % 7));
}

static size_t
noise_at(const shed_probe_opts *o)
{
  return frames(o, QUIET_S + EVERY_S * (o->probes + 0.2));
}

static size_t
length(const shed_probe_opts *o)
{
  return noise_at(o) + frames(o, NOISE_S + TAIL_S);
}

static double
amplitude(double db)
{
  return pow(10.0, db / 20.0);
}

static double
probe_gain(const shed_probe_opts *o, int i)
{
  return amplitude(o->level_db - (i % 2 ? SOFTER_DB : 0.0));
}

// A linear sweep with raised edges, at full scale.
static void
chirp(const shed_probe_opts *o, float *x, size_t n)
{
  double rate = o->rate_hz;
  double hi   = fmin(CHIRP_HI_HZ, 0.45 * rate);
  for (size_t i = 0; i < n; i++) {
    double t    = (double)i / rate;
    double left = (double)(n - 1 - i) / rate;
    double edge = fmin(1.0, fmin(t, left) / EDGE_S);
    double p    = 2.0 * PI * (CHIRP_LO_HZ * t + (hi - CHIRP_LO_HZ) * t * t / (2.0 * CHIRP_S));
    x[i]        = (float)(0.5 * (1.0 - cos(PI * edge)) * sin(p));
  }
}

shed_status
shed_probe_sound(const shed_probe_opts *o, const shed_alloc *alloc, shed_sound *out)
{
  if (!valid(o)) {
    return SHED_E_RANGE;
  }
  shed_sound s = {.alloc = alloc, .n = length(o), .rate_hz = o->rate_hz};
  size_t     n = frames(o, CHIRP_S);
  s.x          = shed_calloc(alloc, s.n, sizeof(float));
  float *one   = shed_calloc(alloc, n, sizeof(float));
  if (!s.x || !one) {
    shed_free(alloc, one);
    shed_sound_free(&s);
    return SHED_E_NOMEM;
  }
  chirp(o, one, n);
  for (int i = 0; i < o->probes; i++) {
    for (size_t k = 0; k < n; k++) {
      s.x[probe_at(o, i) + k] = (float)(probe_gain(o, i) * (double)one[k]);
    }
  }
  shed_rng rng;
  shed_rng_seed(&rng, 1, 1);
  for (size_t k = 0; k < frames(o, NOISE_S); k++) {
    s.x[noise_at(o) + k] = (float)(amplitude(o->level_db + NOISE_DB) * (2.0 * shed_rng_unit(&rng) - 1.0));
  }
  shed_free(alloc, one);
  *out = s;
  return SHED_OK;
}

// -- finding -----------------------------------------------------------------------------------------------------------

typedef struct {
  shed_fft *fft;
  float    *chirp; // its spectrum, conjugate
  float    *corr;  // matched filter's output, n_corr lags
  size_t    size, n_chirp, n_corr;
  double    energy;
} finder;

typedef struct {
  double lag, gain, clear_db; // frames; amplitude; the peak over the rest
} found;

static void
finder_free(finder *f, const shed_alloc *alloc)
{
  shed_fft_free(f->fft);
  shed_free(alloc, f->chirp);
  shed_free(alloc, f->corr);
}

static shed_status
finder_make(finder *f, const shed_probe_opts *o, const shed_alloc *alloc)
{
  f->n_chirp = frames(o, CHIRP_S);
  f->n_corr  = frames(o, SHED_PROBE_LATEST_S);
  for (f->size = 1; f->size < f->n_chirp + f->n_corr;) {
    f->size *= 2;
  }
  shed_status st = shed_fft_new(&f->fft, alloc, (int)f->size);
  if (st != SHED_OK) {
    return st;
  }
  f->chirp = shed_calloc(alloc, f->size + 2, sizeof(float));
  f->corr  = shed_calloc(alloc, f->n_corr, sizeof(float));
  if (!f->chirp || !f->corr) {
    return SHED_E_NOMEM;
  }
  float *x = shed_fft_time(f->fft);
  memset(x, 0, f->size * sizeof(*x));
  chirp(o, x, f->n_chirp);
  for (size_t i = 0; i < f->n_chirp; i++) {
    f->energy += (double)x[i] * (double)x[i];
  }
  shed_fft_forward(f->fft);
  memcpy(f->chirp, shed_fft_bins(f->fft), (f->size + 2) * sizeof(float));
  return SHED_OK;
}

// corr[lag] = what of the chirp stands in x from lag on, as an amplitude.
static void
correlate(finder *f, const float *x, size_t n)
{
  float *t = shed_fft_time(f->fft);
  size_t m = f->n_chirp + f->n_corr;
  n        = n < m ? n : m;
  memset(t, 0, f->size * sizeof(*t));
  for (size_t i = 0; i < n; i++) {
    t[i] = isfinite(x[i]) ? x[i] : 0.0F;
  }
  shed_fft_forward(f->fft);
  float *b = shed_fft_bins(f->fft);
  for (size_t k = 0; k <= f->size / 2; k++) {
    float re     = b[2 * k] * f->chirp[2 * k] + b[2 * k + 1] * f->chirp[2 * k + 1];
    float im     = b[2 * k + 1] * f->chirp[2 * k] - b[2 * k] * f->chirp[2 * k + 1];
    b[2 * k]     = re;
    b[2 * k + 1] = im;
  }
  shed_fft_inverse(f->fft);
  for (size_t i = 0; i < f->n_corr; i++) {
    f->corr[i] = (float)((double)t[i] / ((double)f->size * f->energy));
  }
}

// Where the parabola through the peak and its neighbours is highest, in frames from the peak.
static double
between(const float *c, size_t i, size_t n)
{
  if (i == 0 || i + 1 >= n) {
    return 0;
  }
  double a = fabs((double)c[i - 1]), b = fabs((double)c[i]), d = fabs((double)c[i + 1]);
  double bend = a - 2.0 * b + d;
  return bend < 0 ? 0.5 * (a - d) / bend : 0;
}

static found
look(finder *f, const shed_probe_opts *o, const float *x, size_t n)
{
  size_t best = 0;
  double sum  = 0;
  size_t rest = 0, near = frames(o, EARLIER_S);
  correlate(f, x, n);
  for (size_t i = 1; i < f->n_corr; i++) {
    best = fabsf(f->corr[i]) > fabsf(f->corr[best]) ? i : best;
  }
  for (size_t i = 0; i < f->n_corr; i++) {
    bool apart = i + near < best || i > best + near;
    sum += apart ? (double)f->corr[i] * (double)f->corr[i] : 0;
    rest += apart;
  }
  float  least = (float)EARLIER_SHARE * fabsf(f->corr[best]);
  size_t first = best;
  for (size_t i = best > near ? best - near : 1; i < best; i++) {
    float c = fabsf(f->corr[i]);
    if (c >= least && c >= fabsf(f->corr[i - 1]) && c >= fabsf(f->corr[i + 1])) {
      // the sweep's own ripples beside its peak are lower than half of it
      first = i;
      break;
    }
  }
  double rms = sqrt(sum / (double)(rest ? rest : 1));
  return (found){.lag      = (double)first + between(f->corr, first, f->n_corr),
                 .gain     = fabs((double)f->corr[best]),
                 .clear_db = 20.0 * log10((fabs((double)f->corr[best]) + 1e-12) / (rms + 1e-12))};
}

static double
rms_db(const float *x, size_t n)
{
  double sum = 0;
  for (size_t i = 0; i < n; i++) {
    sum += isfinite(x[i]) ? (double)x[i] * (double)x[i] : 0;
  }
  return 10.0 * log10(sum / (double)(n ? n : 1) + 1e-12);
}

static int
rising(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

// Of values that are numbers; NaN of none. @p v is sorted.
static double
median(double *v, int n)
{
  qsort(v, (size_t)n, sizeof(*v), rising);
  return n == 0 ? (double)NAN : n % 2 ? v[n / 2] : 0.5 * (v[n / 2 - 1] + v[n / 2]);
}

// Delays in order, those farthest from the middle left out, one in eight.
static double
spread(const double *sorted, int n, double middle)
{
  int lo = 0, hi = n - 1;
  for (int drop = n / 8; drop > 0; drop--) {
    if (middle - sorted[lo] > sorted[hi] - middle) {
      lo++;
    } else {
      hi--;
    }
  }
  return sorted[hi] - sorted[lo];
}

static double
decibels(double gain)
{
  return 20.0 * log10(gain + 1e-12);
}

// What the way does to the sound, where at least two chirps of each loudness came back.
static void
judge_way(const shed_probe_opts *o, const found *f, const bool *heard, shed_probe_result *r)
{
  double gain[2][SHED_PROBES_MAX], all[SHED_PROBES_MAX], first = NAN, last = NAN;
  int    n[2] = {0, 0}, n_all = 0;
  for (int i = 0; i < o->probes; i++) {
    if (!heard[i]) {
      continue;
    }
    double g              = decibels(f[i].gain / probe_gain(o, i));
    gain[i % 2][n[i % 2]] = g;
    n[i % 2]++;
    all[n_all++] = g;
    if (i % 2 == 0) {
      first = isnan(first) ? g : first;
      last  = g;
    }
  }
  r->drift_db   = n[0] >= 2 ? first - last : (double)NAN;
  r->gain_db    = median(all, n_all);
  r->squeeze_db = n[0] >= 2 && n[1] >= 2 ? median(gain[1], n[1]) - median(gain[0], n[0]) : (double)NAN;
}

// Steady noise: its beginning against its end, each over the room's own noise.
static void
judge_noise(const shed_probe_opts *o, const float *x, shed_probe_result *r)
{
  size_t from  = noise_at(o) + (size_t)(r->latency_s * o->rate_hz);
  double early = rms_db(x + from + frames(o, 0.05), frames(o, 0.2));
  double late  = rms_db(x + from + frames(o, NOISE_S - 0.3), frames(o, 0.25));
  r->fade_db   = early > r->noise_db + 10 ? early - late : (double)NAN;
}

shed_status
shed_probe_measure(const shed_probe_opts *o, const float *x, size_t n, const shed_alloc *alloc,
                   shed_probe_result *out)
{
  finder            f = {0};
  found             all[SHED_PROBES_MAX];
  bool              heard[SHED_PROBES_MAX] = {false};
  double            lag[SHED_PROBES_MAX];
  shed_probe_result r = {.probes     = 0,
                         .latency_s  = NAN,
                         .spread_s   = NAN,
                         .gain_db    = NAN,
                         .snr_db     = NAN,
                         .squeeze_db = NAN,
                         .fade_db    = NAN,
                         .drift_db   = NAN};
  if (!valid(o) || n < length(o)) {
    return SHED_E_RANGE;
  }
  shed_status st = finder_make(&f, o, alloc);
  if (st != SHED_OK) {
    finder_free(&f, alloc);
    return st;
  }
  r.probes   = o->probes;
  r.noise_db = rms_db(x + frames(o, 0.1), frames(o, QUIET_S - 0.2));
  for (int i = 0; i < o->probes; i++) {
    size_t at   = probe_at(o, i);
    all[i]      = look(&f, o, x + at, n - at);
    heard[i]    = all[i].clear_db >= CLEAR_DB;
    r.each_s[i] = heard[i] ? all[i].lag / o->rate_hz : (double)NAN;
    if (heard[i]) {
      lag[r.heard++] = all[i].lag / o->rate_hz;
    }
  }
  finder_free(&f, alloc);
  if (2 * r.heard >= o->probes) {
    r.latency_s = median(lag, r.heard);
    r.spread_s  = spread(lag, r.heard, r.latency_s);
    judge_way(o, all, heard, &r);
    r.snr_db = r.gain_db + o->level_db - 3.0 - r.noise_db; // a sweep's RMS is 3 dB below its peak
    judge_noise(o, x, &r);
  }
  *out = r;
  return SHED_OK;
}
