#include "tests/accuracy/hear_sound.h"

#include <math.h>
#include <string.h>

shed_status
hear_sound_pull(void *ctx, float *x, size_t cap, size_t *n, shed_error *err)
{
  shed_sound *left = ctx;
  (void)err;
  *n = left->n < cap ? left->n : cap;
  memcpy(x, left->x, *n * sizeof(float));
  left->x += *n;
  left->n -= *n;
  return SHED_OK;
}

int
hear_sound_nearest(const shed_take *t, const bool *used, double at_s, double near_s)
{
  int best = -1;
  for (size_t i = 0; i < t->n_onsets; i++) {
    double d = fabs((double)t->onsets[i].time_s - at_s);
    if (!used[i] && d <= near_s && (best < 0 || d < fabs((double)t->onsets[best].time_s - at_s))) {
      best = (int)i;
    }
  }
  return best;
}
