// About this file: how like itself the newest sound is at a lag: a normalised cross-correlation. The window is three quarters
// of the lag, 7 to 8 ms at least, so that less than two periods of a low note are looked at; of high notes as much as has
// sounded, up to 16 ms. Long lags are looked at on the decimated sound.
#include "engine/dsp/lanes.h"
#include "engine/dsp/quick_internal.h"

#include <math.h>

// Lags searched at each rate of the front end, in its own samples: up to 370 Hz, to 130 Hz, to 27 Hz. A window is at
// least so long.
typedef struct {
  int octave;
  int first, last;
  int window_min;
} lag_range;

static const lag_range RANGE[SHED_FRONT_OCTAVES] = {{0, 9, 120, 360}, {1, 57, 175, 160}, {2, 84, 405, 80}};
enum { PEAKS_MAX = 64, FOLLOW_STEPS = 10, SEARCH_WINDOW = 706, SPAN = 840 };
// A window may reach so far before the beginning.
enum { BEFORE_NUM = 3, BEFORE_DEN = 2 };
// The shortest lag that reaches this share of the best is the period: what is left over at it is a share of the whole.
static const float FIRST_SHARE = 0.93f;
static const float BESIDE      = 1.4f;
// Mean square under which there is nothing: -90 dBFS.
static const float SILENCE_POWER = 1e-9f;

// The newest n samples of an octave; what the decimators do not know yet is left out.
static const float *
newest(const shed_front *front, int octave, int n)
{
  int64_t known =
      octave == 0 ? shed_front_count(front) : (shed_front_count(front) - SHED_FRONT_DELAY) >> octave;
  return shed_front_at(front, octave, known - n, n);
}

// Three quarters of the lag, and never under what the range asks or @p least (whole-rate samples).
static int
window_of(const lag_range *r, int lag, int least)
{
  int window = lag * 3 / 4 > r->window_min ? lag * 3 / 4 : r->window_min;
  return window > least >> r->octave ? window : least >> r->octave;
}

// 1 for the same again, 0 for nothing in common.
static float
likeness(float both, float early, float late, int window)
{
  float least = SILENCE_POWER * (float)window;
  return early + late > 2.0f * least && both > 0.0f ? both / sqrtf(early * late + least * least) : 0.0f;
}

static float
alike_at(const shed_front *front, const lag_range *r, int lag)
{
  int          window = window_of(r, lag, 0);
  const float *x      = newest(front, r->octave, window + lag);
  return likeness(shed_lanes_dot(x, x + lag, window), shed_lanes_dot(x, x, window),
                  shed_lanes_dot(x + lag, x + lag, window), window);
}

static const lag_range *
range_of(float lag)
{
  int o = 0;
  while (o + 1 < SHED_FRONT_OCTAVES && lag > (float)((RANGE[o].last - 2) << o)) {
    o++;
  }
  return &RANGE[o];
}

static quick_peak
peak_between(const lag_range *r, int lag, int least, const float v[3])
{
  float bend  = v[0] - 2.0f * v[1] + v[2];
  float shift = bend < 0.0f ? 0.5f * (v[0] - v[2]) / bend : 0.0f;
  return (quick_peak){((float)lag + shift) * (float)(1 << r->octave), v[1] - 0.25f * (v[0] - v[2]) * shift,
                      (window_of(r, lag, least) + lag) << r->octave};
}

// The sound of one range, backwards from the newest sample.
typedef struct {
  const float *end;
  double       energy[SPAN]; // of the newest so many samples
} backwards;

static void
look_back(backwards *b, const shed_front *front, const lag_range *r, int span)
{
  const float *x   = newest(front, r->octave, span);
  double       sum = 0.0;
  b->end           = x + span;
  for (int i = 0; i + 4 <= span; i += 4) {
    const float four[4] = {b->end[-i - 1], b->end[-i - 2], b->end[-i - 3], b->end[-i - 4]};
    sum                 = shed_lanes_run(sum, four, b->energy + i);
  }
}

// All maxima of one range, in rising order of lag. @param age whole-rate samples since the sound began: a lag whose window
// lies mostly before it is not looked at.
static int
peaks_of(const shed_front *front, const lag_range *r, int64_t age, int least, quick_peak *out, int max)
{
  backwards b      = {.end = NULL};
  float     v[3]   = {1.0f, 1.0f, 1.0f};
  int       n      = 0;
  int64_t   within = (age + 2 * QUICK_STEP) * BEFORE_NUM / BEFORE_DEN >> r->octave;
  int       last   = r->last;
  while (last > r->first && last + window_of(r, last, least) > within) {
    last--;
  }
  if (last < r->first + 2) {
    return 0;
  }
  look_back(&b, front, r, (last + window_of(r, last, least) + 1 + 3) / 4 * 4);
  for (int lag = r->first; lag <= last; lag++) {
    int          window = window_of(r, lag, least);
    const float *x      = b.end - window;
    v[0]                = v[1];
    v[1]                = v[2];
    v[2] = likeness(shed_lanes_dot(x - lag, x, window), (float)(b.energy[window + lag] - b.energy[lag]),
                    (float)b.energy[window], window);
    if (lag >= r->first + 2 && n < max && v[1] > 0.5f && v[1] >= v[0] && v[1] > v[2]) {
      out[n++] = peak_between(r, lag - 1, least, v);
    }
  }
  return n;
}

quick_peak
quick_search(const shed_front *front, int64_t age)
{
  quick_peak peaks[PEAKS_MAX];
  int        n     = 0;
  float      best  = 0.0f;
  int        least = age < SEARCH_WINDOW ? (int)age : SEARCH_WINDOW;
  for (int o = 0; o < SHED_FRONT_OCTAVES; o++) {
    n += peaks_of(front, &RANGE[o], age, o == 0 ? least : 0, peaks + n, PEAKS_MAX - n);
  }
  for (int i = 0; i < n; i++) {
    best = peaks[i].value > best ? peaks[i].value : best;
  }
  quick_peak chosen = {0.0f, 0.0f, 0};
  float      until  = 0.0f; // beside it a formant's ripples may reach the share, too
  for (int i = 0; i < n; i++) {
    if (chosen.lag == 0.0f && peaks[i].value >= FIRST_SHARE * best) {
      chosen = peaks[i];
      until  = BESIDE * chosen.lag;
    } else if (peaks[i].lag < until && peaks[i].value > chosen.value) {
      chosen = peaks[i];
    }
  }
  return chosen;
}

quick_peak
quick_follow(const shed_front *front, float f0_hz)
{
  float            at  = (float)QUICK_RATE_HZ / f0_hz;
  const lag_range *r   = range_of(at);
  int              lag = (int)(at / (float)(1 << r->octave) + 0.5f);
  lag                  = lag < 4 ? 4 : lag > r->last + 2 ? r->last + 2 : lag;
  float v[3]           = {alike_at(front, r, lag - 1), alike_at(front, r, lag), alike_at(front, r, lag + 1)};
  for (int i = 0; i < FOLLOW_STEPS && (v[0] > v[1] || v[2] > v[1]) && lag > 4 && lag < r->last + 4; i++) {
    if (v[2] > v[0]) {
      lag++;
      v[0] = v[1];
      v[1] = v[2];
      v[2] = alike_at(front, r, lag + 1);
    } else {
      lag--;
      v[2] = v[1];
      v[1] = v[0];
      v[0] = alike_at(front, r, lag - 1);
    }
  }
  return v[1] >= v[0] && v[1] >= v[2] ? peak_between(r, lag, 0, v) : (quick_peak){0.0f, 0.0f, 0};
}

float
quick_alike(const shed_front *front, float lag)
{
  const lag_range *r = range_of(lag);
  int              n = (int)(lag / (float)(1 << r->octave) + 0.5f);
  return n < 4 ? 0.0f : alike_at(front, r, n);
}
