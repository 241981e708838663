#include "engine/dsp/level.h"

#include <math.h>

enum { LEVEL_HALF = 441, RISE_SPAN = 1103 }; // 10 and 25 ms at 44.1 kHz
static const float PEAK_DECAY_DB  = 0.03f;   // a frame
static const float START_FLOOR_DB = -60.0f;
static const float LOUDEST_DB =
    0.0f; // no microphone says more: what does is a fault, and shall not be the peak
static const float RISE_MAX_DB = 30.0f;
// Added to both sides of the rise, so that nothing over nothing is no rise: -90 dBFS.
static const double RISE_FLOOR = 1e-9;

static double
power(const float *x, int n)
{
  double sum[4] = {0};
  for (int i = 0; i + 4 <= n; i += 4) {
    for (int j = 0; j < 4; j++) {
      sum[j] += (double)(x[i + j] * x[i + j]);
    }
  }
  for (int i = n / 4 * 4; i < n; i++) {
    sum[0] += (double)(x[i] * x[i]);
  }
  return ((sum[0] + sum[1]) + (sum[2] + sum[3])) / n;
}

static float
to_db(double p)
{
  float db = 10.0f * log10f((float)p + 1e-12f);
  return db > SHED_LEVEL_SILENCE_DB ? db : SHED_LEVEL_SILENCE_DB;
}

shed_level_frame
shed_level_run(shed_level *l, const shed_front *front, int64_t centre)
{
  const float *x  = shed_front_at(front, 0, centre - RISE_SPAN, 2 * RISE_SPAN);
  float        db = to_db(power(x + RISE_SPAN - LEVEL_HALF, 2 * LEVEL_HALF));
  float        rise =
      10.0f *
      log10f((float)((power(x + RISE_SPAN, RISE_SPAN) + RISE_FLOOR) / (power(x, RISE_SPAN) + RISE_FLOOR)));
  l->recent[l->next] = db;
  l->next            = (l->next + 1) % SHED_LEVEL_FLOOR_FRAMES;
  l->n               = l->n < SHED_LEVEL_FLOOR_FRAMES ? l->n + 1 : l->n;
  // until the whole span is known, what was before the take counts as a quiet room: it may begin with its first note
  float floor_db = l->n < SHED_LEVEL_FLOOR_FRAMES ? fminf(db, START_FLOOR_DB) : db;
  for (int i = 0; i < l->n; i++) {
    floor_db = l->recent[i] < floor_db ? l->recent[i] : floor_db;
  }
  float loud = fminf(db, LOUDEST_DB);
  l->peak_db = l->n == 1 || loud > l->peak_db - PEAK_DECAY_DB ? loud : l->peak_db - PEAK_DECAY_DB;
  return (shed_level_frame){db, db - floor_db, l->peak_db - db,
                            fminf(fmaxf(rise, -RISE_MAX_DB), RISE_MAX_DB)};
}
