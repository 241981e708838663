// Slow twin of engine/dsp/quick_lag_rt.c: the same likeness by its definition, one product at a time in double precision,
// every lag of every range.
#include "engine/base/rng.h"
#include "engine/dsp/lanes.h"
#include "engine/dsp/pi.h"
#include "engine/dsp/quick_internal.h"
#include "tests/support/check.h"

enum { RATE_HZ = 44100, N = 6000 };

static double
likeness(const float *end, int window, int lag)
{
  double both = 0, early = 0, late = 0;
  for (int i = 1; i <= window; i++) {
    double a = (double)end[-i - lag], b = (double)end[-i];
    both += a * b;
    early += a * a;
    late += b * b;
  }
  return both > 0 ? both / sqrt(early * late + 1e-30) : 0;
}

// A tone with noise, which begins in the middle.
static shed_front *
sound(double hz, double noise, uint64_t seed)
{
  shed_front *front = NULL;
  shed_rng    rng;
  float       x[N];
  shed_rng_seed(&rng, seed, 2);
  CHECK_OK(shed_front_new(&front, NULL, RATE_HZ));
  for (int i = 0; i < N; i++) {
    double y = noise * shed_rng_normal(&rng);
    for (int k = 1; k <= 6; k++) {
      y += i > N / 3 ? 0.1 * sin(2 * SHED_PI * k * hz * i / RATE_HZ + k) / k : 0;
    }
    x[i] = (float)y;
  }
  shed_front_push(front, x, N / 2);
  shed_front_push(front, x + N / 2, N / 2);
  return front;
}

static void
a_lag_is_as_alike_as_its_definition_says(void **state)
{
  (void)state;
  shed_front *front = sound(150, 0.02, 1);
  for (int lag = 20; lag < 1600; lag += 7) {
    int o      = lag > 118 ? lag > 346 ? 2 : 1 : 0;
    int n      = (int)((float)lag / (float)(1 << o) + 0.5f);
    int least  = o == 0 ? 360 : o == 1 ? 160 : 80;
    int window = n * 3 / 4 > least ? n * 3 / 4 : least;
    // the decimated sound is known 32 samples later
    int64_t end  = (shed_front_count(front) - (o > 0 ? SHED_FRONT_DELAY : 0)) >> o;
    double  slow = likeness(shed_front_at(front, o, end - window - n, window + n) + window + n, window, n);
    CHECK_NEAR((double)quick_alike(front, (float)lag), slow, 2e-5);
  }
  shed_front_free(front);
}

// No lag of all, at the whole rate, where nothing is decimated, interpolated or skipped, is much better than the one found;
// and it is the period.
static void
the_lag_found_is_the_best_of_all(void **state)
{
  (void)state;
  static const double HZ[] = {41, 55, 98, 130, 131, 210, 365, 372, 700, 1500, 3000};
  for (size_t i = 0; i < SHED_COUNTOF(HZ); i++) {
    shed_front  *front = sound(HZ[i], 0.001, i + 2);
    const float *end   = shed_front_at(front, 0, shed_front_count(front) - 4000, 4000) + 4000;
    double       best  = 0;
    for (int lag = 9; lag <= QUICK_LAG_MAX; lag++) {
      if (fabs(lag * HZ[i] / RATE_HZ) > 0.5) { // beyond the lobe at lag 0
        best = fmax(best, likeness(end, lag * 3 / 4 > 706 ? lag * 3 / 4 : 706, lag));
      }
    }
    quick_peak found = quick_search(front, 4000);
    CHECK_NEAR(1200 * log2(RATE_HZ / (double)found.lag / HZ[i]), 0, 15);
    CHECK_LT(0.93 * best - 0.005, (double)found.value);
    shed_front_free(front);
  }
}

static void
sums_by_lanes_are_sums(void **state)
{
  (void)state;
  shed_rng rng;
  float    a[100], b[100];
  shed_rng_seed(&rng, 5, 5);
  for (int i = 0; i < 100; i++) {
    a[i] = (float)shed_rng_normal(&rng);
    b[i] = (float)shed_rng_normal(&rng);
  }
  for (int n = 0; n <= 97; n++) {
    double slow = 0;
    for (int i = 0; i < n; i++) {
      slow += (double)a[i + 1] * (double)b[i + 2];
    }
    CHECK_NEAR((double)shed_lanes_dot(a + 1, b + 2, n), slow, 2e-5);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_lag_is_as_alike_as_its_definition_says),
      cmocka_unit_test(the_lag_found_is_the_best_of_all),
      cmocka_unit_test(sums_by_lanes_are_sums),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
