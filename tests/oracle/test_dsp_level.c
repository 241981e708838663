// Level, floor, peak and rise against a look at the whole history for each frame, in double.
#include "engine/dsp/level.h"

#include "engine/base/rng.h"
#include "tests/support/check.h"
#include "tests/support/ear_sound.h"

#include <stdlib.h>

enum { RATE_HZ = 44100, HOP = 441, SECONDS = 12, FRAMES = SECONDS * 100 - 10, HALF = 441, SPAN = 1103 };
static const double TOLERANCE_DB =
    0.01; // far below what any choice looks at; single precision gives about .0001
static const double QUIET_ROOM_DB = -60.0;
static const double DECAY_DB      = 0.03; // 3 dB a second

static double
mean_square(const float *x, int n)
{
  double sum = 0.0;
  for (int i = 0; i < n; i++) {
    sum += (double)x[i] * (double)x[i];
  }
  return sum / n;
}

static double
db_of(double power)
{
  return fmax(10.0 * log10(power + 1e-12), (double)SHED_LEVEL_SILENCE_DB);
}

// The least of the last 2 s; while they are not full, a quiet room counts as having been before.
static double
floor_of(const double *db, int frame)
{
  double least = frame + 1 < SHED_LEVEL_FLOOR_FRAMES ? fmin(db[frame], QUIET_ROOM_DB) : db[frame];
  for (int i = frame; i >= 0 && i > frame - SHED_LEVEL_FLOOR_FRAMES; i--) {
    least = fmin(least, db[i]);
  }
  return least;
}

// The highest of all frames so far, each less what it has decayed since.
static double
peak_of(const double *db, int frame)
{
  double peak = db[frame];
  for (int i = 0; i <= frame; i++) {
    peak = fmax(peak, db[i] - DECAY_DB * (frame - i));
  }
  return peak;
}

typedef struct {
  double level, floor, peak, rise;
} worst_of;

static void
compare(const float *x, worst_of *w)
{
  shed_front *f      = NULL;
  shed_level  l      = {.n = 0};
  double     *db     = malloc(FRAMES * sizeof(*db));
  int         pushed = 0;
  CHECK_OK(shed_front_new(&f, NULL, RATE_HZ));
  for (int frame = 0; frame < FRAMES; frame++) {
    for (; pushed < frame * HOP + SPAN; pushed += HOP) {
      shed_front_push(f, x + pushed, HOP);
    }
    shed_level_frame got = shed_level_run(&l, f, frame * HOP);
    const float     *at  = shed_front_at(f, 0, frame * HOP - SPAN, 2 * SPAN);
    db[frame]            = db_of(mean_square(at + SPAN - HALF, 2 * HALF));
    double rise = 10.0 * log10((mean_square(at + SPAN, SPAN) + 1e-9) / (mean_square(at, SPAN) + 1e-9));
    rise        = fmin(fmax(rise, -30.0), 30.0);
    w->level    = fmax(w->level, fabs((double)got.level_db - db[frame]));
    w->floor    = fmax(w->floor, fabs((double)got.over_floor_db - (db[frame] - floor_of(db, frame))));
    w->peak     = fmax(w->peak, fabs((double)got.under_peak_db - (peak_of(db, frame) - db[frame])));
    w->rise     = fmax(w->rise, fabs((double)got.rise_db - rise));
  }
  free(db);
  shed_front_free(f);
}

static void
the_trackers_of_level_remember_what_they_should(void **state)
{
  (void)state;
  worst_of w = {.level = 0.0};
  for (uint64_t seed = 51; seed < 54; seed++) {
    float *x = ear_sound(RATE_HZ, SECONDS * RATE_HZ, seed);
    // three seconds of another loudness each, one of them silent
    for (int i = 0; i < SECONDS * RATE_HZ; i++) {
      static const float gain[] = {1.0f, 0.01f, 0.0f, 4.0f};
      x[i] *= gain[i / (3 * RATE_HZ)];
    }
    compare(x, &w);
    free(x);
  }
  print_message("worst: level %.1e dB, over floor %.1e, under peak %.1e, rise %.1e\n", w.level, w.floor,
                w.peak, w.rise);
  CHECK_LT(w.level, TOLERANCE_DB);
  CHECK_LT(w.floor, TOLERANCE_DB);
  CHECK_LT(w.peak, TOLERANCE_DB);
  CHECK_LT(w.rise, TOLERANCE_DB);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_trackers_of_level_remember_what_they_should),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
