// About this file: the sums of libsamplerate's medium sinc with their weights made once a process instead of at every sample, which costs half
// of what hearing does. The filter itself is asked of the library: the answer to one impulse at so high a rate that every value of it falls on
// an output. Where its own answers are not met bit for bit (a library built otherwise) there is no table.
#include "engine/dsp/resample_internal.h"

#include "engine/base/rng.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

enum {
  TABLES       = 16,
  RATE_LEAST   = 8000,
  RATE_MOST    = 192000,
  LEARN_IN     = 128, // samples around the impulse
  LEARN_OUT    = LEARN_IN * 246,
  TRIED_BLOCKS = 24
};

// Two values of the filter a step: an impulse at 0 tells the even ones, one at 1 the odd ones.
static const double LEARN_RATIO = RESAMPLE_STEP / 2.0;

static float           filter[RESAMPLE_FILTER + 2];
static bool            known; // the filter
static resample_table *tables[TABLES];
static int             n_tables;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

// -- the filter --------------------------------------------------------------------------------------------------------

static void
learn_from(int impulse, float *in, float *out)
{
  memset(in, 0, LEARN_IN * sizeof(*in));
  in[impulse]   = 1;
  SRC_DATA data = {.data_in       = in,
                   .data_out      = out,
                   .input_frames  = LEARN_IN,
                   .output_frames = LEARN_OUT,
                   .src_ratio     = LEARN_RATIO};
  if (src_simple(&data, SRC_SINC_MEDIUM_QUALITY, 1) != 0) {
    return;
  }
  for (int i = 0; i < data.output_frames_gen; i++) {
    const int at = 2 * i - impulse * RESAMPLE_STEP;
    if (at >= 0 && at < RESAMPLE_FILTER + 2) {
      filter[at] = out[i];
    }
  }
}

static bool
learn(void)
{
  float *in  = shed_malloc(NULL, LEARN_IN * sizeof(*in));
  float *out = shed_malloc(NULL, LEARN_OUT * sizeof(*out));
  if (in && out && !known) {
    learn_from(0, in, out);
    learn_from(1, in, out);
    known = true;
  }
  shed_free(NULL, in);
  shed_free(NULL, out);
  return known;
}

// -- tables ------------------------------------------------------------------------------------------------------------

static int
common(int a, int b)
{
  return b == 0 ? a : common(b, a % b);
}

static bool
describe(resample_table *t, int in_hz, int out_hz)
{
  t->filter      = filter;
  t->rate_in_hz  = in_hz;
  t->rate_out_hz = out_hz;
  t->ratio       = (double)out_hz / in_hz;
  t->step        = RESAMPLE_STEP * (t->ratio < 1.0 ? t->ratio : 1.0);
  t->scale       = t->step / RESAMPLE_STEP;
  t->increment   = (int)lrint(t->step * RESAMPLE_ONE);
  double reach   = (RESAMPLE_FILTER + 2.0) / RESAMPLE_STEP;
  reach          = t->ratio < 1.0 ? reach / t->ratio : reach;
  t->half        = (int)lrint(reach) + 1;
  t->taps        = (RESAMPLE_FILTER << RESAMPLE_BITS) / t->increment + 1;
  t->cycle       = out_hz / common(out_hz, in_hz);
  return t->cycle <= RESAMPLE_CYCLE && t->taps <= t->half && t->taps <= RESAMPLE_TAPS;
}

// Where the outputs of a cycle fall, by the same steps as the stream's. @return false without memory.
static bool
fill(resample_table *t)
{
  double *pairs = shed_malloc(NULL, (size_t)t->cycle * 2 * (size_t)(t->taps + 1) * sizeof(*pairs));
  double  place = 0;
  for (int i = 0; pairs && i < t->cycle; i++, pairs += 2 * (t->taps + 1)) {
    t->phase[i] = (resample_phase){(int)lrint(place * t->step * RESAMPLE_ONE), pairs};
    resample_weights(t, t->phase[i].start, pairs);
    place += 1.0 / t->ratio;
    place -= floor(place);
  }
  return pairs != NULL;
}

// Some noise through both, to its end. @return whether all of it is the same.
static bool
agrees(const resample_table *t)
{
  int           error = 0;
  shed_rng      rng;
  shed_resample lib  = {.ratio = t->ratio, .state = src_new(SRC_SINC_MEDIUM_QUALITY, 1, &error)};
  shed_resample own  = {0};
  bool          same = lib.state && src_set_ratio(lib.state, t->ratio) == 0;
  shed_rng_seed(&rng, 1, 1);
  resample_begin(&own, t);
  for (int b = 0; same && b <= TRIED_BLOCKS; b++) {
    float x[SHED_RESAMPLE_BLOCK], a[SHED_RESAMPLE_OUT_MAX], c[SHED_RESAMPLE_OUT_MAX];
    int   n = 0;
    for (int i = 0; i < SHED_RESAMPLE_BLOCK; i++) {
      x[i] = (float)(2 * shed_rng_unit(&rng) - 1);
    }
    if (b < TRIED_BLOCKS) {
      shed_resample_push(&lib, x);
      shed_resample_push(&own, x);
    } else {
      shed_resample_end(&lib, x, SHED_RESAMPLE_BLOCK / 2);
      shed_resample_end(&own, x, SHED_RESAMPLE_BLOCK / 2);
    }
    do {
      n    = shed_resample_read(&lib, a);
      same = same && shed_resample_read(&own, c) == n && memcmp(a, c, (size_t)n * sizeof(*a)) == 0;
    } while (same && n > 0);
  }
  if (lib.state) {
    src_delete(lib.state);
  }
  return same;
}

static resample_table *
make(int in_hz, int out_hz)
{
  resample_table *t = n_tables < TABLES && learn() ? shed_calloc(NULL, 1, sizeof(*t)) : NULL;
  if (!t || !describe(t, in_hz, out_hz) || !fill(t)) {
    shed_free(NULL, t);
    return NULL;
  }
  t->same            = agrees(t);
  tables[n_tables++] = t;
  return t;
}

const resample_table *
resample_table_for(int rate_in_hz, int rate_out_hz)
{
  resample_table *t = NULL;
  if (rate_in_hz < RATE_LEAST || rate_in_hz > RATE_MOST || rate_out_hz < RATE_LEAST ||
      rate_out_hz > RATE_MOST) {
    return NULL;
  }
  (void)pthread_mutex_lock(&mutex);
  for (int i = 0; i < n_tables; i++) {
    t = tables[i]->rate_in_hz == rate_in_hz && tables[i]->rate_out_hz == rate_out_hz ? tables[i] : t;
  }
  t = t ? t : make(rate_in_hz, rate_out_hz);
  (void)pthread_mutex_unlock(&mutex);
  return t && t->same ? t : NULL;
}
