#include "engine/dsp/rise.h"

static void
step(shed_rise *r, const float *x)
{
  float power[3] = {0}, treble[3] = {0}; // sums of their own, in a fixed order
  for (int i = 0; i < SHED_RISE_STEP; i += 3) {
    for (int j = 0; j < 3; j++) {
      float d = x[i + j] - x[i + j - 1];
      power[j] += x[i + j] * x[i + j];
      treble[j] += d * d;
    }
  }
  int at        = (int)(r->steps % SHED_RISE_STEPS);
  r->power[at]  = (power[0] + power[1] + power[2]) / SHED_RISE_STEP;
  r->treble[at] = (treble[0] + treble[1] + treble[2]) / SHED_RISE_STEP;
  r->steps++;
}

void
shed_rise_run(shed_rise *r, const shed_front *front)
{
  int64_t known = shed_front_count(front);
  while ((r->steps + 1) * SHED_RISE_STEP <= known) {
    // one sample more, for the first difference
    step(r, shed_front_at(front, 0, r->steps * SHED_RISE_STEP - 1, SHED_RISE_STEP + 1) + 1);
  }
}
