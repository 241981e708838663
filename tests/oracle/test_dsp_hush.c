// The room's spectrum against a look at the whole history for each frame: at a place the least, over all frames so far, of
// its smoothed magnitude raised by as much as has been allowed since.
#include "engine/dsp/hush.h"

#include "engine/base/rng.h"
#include "tests/support/check.h"

#include <stdlib.h>

enum { FRAMES = 500, FIRST = 150, LOOKED_AT = 20 };
static const double SMOOTH = 0.35, START = 0.08, RISE = 1.0070, RISE_FIRST = 1.0292;

static double
rise_at(int frame)
{
  return frame < FIRST ? RISE_FIRST : RISE;
}

static double
least_of(const double *smooth, int frame)
{
  double raised = 1.0, least = smooth[frame];
  for (int s = frame; s > 0; s--) {
    raised *= rise_at(s);
    least = fmin(least, smooth[s - 1] * raised);
  }
  return fmin(least, START * raised * rise_at(0));
}

static void
the_room_is_the_least_of_the_whole_history(void **state)
{
  (void)state;
  shed_hush *h                   = calloc(1, sizeof(*h));
  float(*axis)[SHED_COMB_PLACES] = calloc(FRAMES, sizeof(*axis));
  double   worst                 = 0.0;
  shed_rng rng;
  assert_true(h && axis);
  shed_rng_seed(&rng, 121, 121);
  for (int t = 0; t < FRAMES; t++) {
    for (int i = 0; i < SHED_COMB_PLACES; i++) { // a room, and notes that come and go
      double note = (t / 60 + i) % 7 == 0 ? 0.1 : 0.0;
      axis[t][i]  = (float)(1e-3 * (0.3 + shed_rng_unit(&rng)) + note);
    }
    shed_hush_run(h, axis[t]);
    if (t % 23 != 0) {
      continue;
    }
    for (int k = 0; k < LOOKED_AT; k++) {
      int    place = (int)shed_rng_below(&rng, SHED_COMB_PLACES);
      double smooth[FRAMES];
      for (int s = 0; s <= t; s++) {
        double share = s > 0 ? SMOOTH : 1.0, before = s > 0 ? smooth[s - 1] : 0.0;
        smooth[s] = before + share * ((double)axis[s][place] - before);
      }
      double want = least_of(smooth, t);
      worst       = fmax(worst, fabs((double)h->least[place] / want - 1.0));
    }
  }
  print_message("worst difference %.1e of the room's magnitude\n", worst);
  CHECK_LT(worst, 1e-4); // the rise is multiplied on five hundred times in single precision
  free(axis);
  free(h);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_room_is_the_least_of_the_whole_history),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
