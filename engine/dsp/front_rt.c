// About this file: the front end's work per block. Three sliding arrays; when one is full its tail is moved down.
#include "engine/dsp/front_internal.h"

#include <string.h>

static void
make_room(shed_front *f, int o, int n)
{
  if (f->at[o].n + n <= f->at[o].capacity) {
    return;
  }
  // one more than asked for, so that a filter's reach past the oldest window stays inside
  int keep = (SHED_FRONT_PAST >> o) + FRONT_TAPS_MAX;
  int drop = f->at[o].n - keep;
  memmove(f->at[o].x, f->at[o].x + drop, (size_t)keep * sizeof(float));
  f->at[o].first += drop;
  f->at[o].n = keep;
}

static void
highpass(shed_front *f, const float *x, int n)
{
  float *y    = f->at[0].x + f->at[0].n;
  float  gain = 0.5f * (1.0f + f->pole);
  for (int i = 0; i < n; i++) {
    f->last_out = f->pole * f->last_out + gain * (x[i] - f->last_in);
    f->last_in  = x[i];
    // what decays towards nothing must not become denormal: it would only cost time
    if (f->last_out < 1e-20f && f->last_out > -1e-20f) {
      f->last_out = 0.0f;
    }
    y[i] = f->last_out;
  }
  f->at[0].n += n;
}

// A symmetric filter: add the mirrored samples first. Four sums in a fixed order.
static float
filter_at(const float *taps, int n, const float *x)
{
  float sum[4] = {0};
  int   half   = n / 2;
  for (int i = 0; i < half; i += 4) {
    for (int j = 0; j < 4; j++) {
      sum[j] += taps[i + j] * (x[i + j] + x[n - 1 - i - j]);
    }
  }
  return (sum[0] + sum[1]) + (sum[2] + sum[3]) + taps[half] * x[half];
}

static void
decimate(shed_front *f, int o)
{
  int     n_taps = o == 1 ? 33 : FRONT_TAPS_MAX;
  int64_t end    = f->at[0].first + f->at[0].n; // the first whole-rate sample not known
  for (;;) {
    int64_t m      = f->at[o].first + f->at[o].n;
    int64_t centre = m << o;
    if (centre + n_taps / 2 >= end) {
      return;
    }
    f->at[o].x[f->at[o].n] =
        filter_at(f->taps[o], n_taps, f->at[0].x + (centre - n_taps / 2 - f->at[0].first));
    f->at[o].n++;
  }
}

void
shed_front_push(shed_front *f, const float *x, int n)
{
  SHED_ASSERT(n >= 0 && n <= SHED_FRONT_PUSH_MAX);
  for (int o = 0; o < SHED_FRONT_OCTAVES; o++) {
    make_room(f, o, n + FRONT_TAPS_MAX);
  }
  highpass(f, x, n);
  for (int o = 1; o < SHED_FRONT_OCTAVES; o++) {
    decimate(f, o);
  }
  f->count += n;
}

int64_t
shed_front_count(const shed_front *f)
{
  return f->count;
}

const float *
shed_front_at(const shed_front *f, int o, int64_t first, int n)
{
  int64_t at = first - f->at[o].first;
  SHED_ASSERT(at >= 0 && at + n <= f->at[o].n);
  return f->at[o].x + at;
}
