// The resonators of the tempo, which forget as they go, against sums over all onsets so far, in double; and a steady pulse,
// whose tempo is the slope of a line through its beats.
#include "engine/dsp/tempo_internal.h"

#include "engine/base/rng.h"
#include "engine/dsp/pi.h"
#include "tests/support/check.h"

#include <stdlib.h>

enum { ONSETS = 400 };
static const double TOLERANCE = 5e-6; // of 1: how regular; single precision, a few dozen onsets deep

typedef struct {
  double at_s, weight;
} onset;

static double
regular(const shed_tempo *t, int bin, const onset *o, int n)
{
  double re = 0.0, im = 0.0, all = 0.0, now_s = 0.0;
  for (int i = 0; i < n; i++) {
    now_s = fmax(now_s, o[i].at_s);
  }
  for (int i = 0; i < n; i++) {
    double w = o[i].weight * exp((o[i].at_s - now_s) / (double)t->memory_s[bin]);
    re += w * cos(2.0 * SHED_PI * t->hz[bin] * o[i].at_s);
    im += w * sin(2.0 * SHED_PI * t->hz[bin] * o[i].at_s);
    all += w;
  }
  return sqrt(re * re + im * im) / (all + 1e-9);
}

// An onset weighs by the time until the next, 1.5 s at most, and by its strength.
static double
weight_of(const shed_tempo *t, double gap_s, double strength)
{
  return (1.0 - exp(-fmin(gap_s, 1.5) / (double)t->costs.accent_s)) * (0.6 + 0.4 * fmin(strength, 1.0));
}

static void
the_resonators_hold_all_onsets_fading(void **state)
{
  (void)state;
  double worst = 0.0;
  for (uint64_t seed = 161; seed < 164; seed++) {
    shed_tempo *t = NULL;
    onset       o[ONSETS];
    shed_rng    rng;
    double      at_s = 0.4, strength = 1.0;
    shed_rng_seed(&rng, seed, 161);
    CHECK_OK(shed_tempo_new(&t, NULL));
    shed_tempo_onset(t, at_s, (float)strength);
    for (int n = 0; n < ONSETS; n++) {
      // an onset is weighed when the next one comes
      double gap_s  = 0.25 * shed_rng_between(&rng, 1, 4) * (1.0 + 0.04 * shed_rng_normal(&rng));
      double next_s = at_s + gap_s, next = 1.5 * shed_rng_unit(&rng);
      o[n]     = (onset){at_s, weight_of(t, gap_s, (double)(float)strength)};
      at_s     = next_s;
      strength = next;
      shed_tempo_onset(t, at_s, (float)strength);
      shed_tempo_advance(t, at_s - 0.01);
      for (int bin = 0; n % 13 == 0 && bin < TEMPO_BINS; bin += 7) {
        worst = fmax(worst, fabs((double)t->strength[bin] - regular(t, bin, o, n + 1)));
      }
    }
    shed_tempo_free(t);
  }
  print_message("worst difference %.1e\n", worst);
  CHECK_LT(worst, TOLERANCE);
}

static void
the_tempo_of_a_pulse_is_the_slope_of_its_beats(void **state)
{
  (void)state;
  double worst = 0.0, worst_ms = 0.0;
  for (int k = 0; k < 12; k++) {
    double          bpm = 62.0 + 9.0 * k;
    shed_tempo     *t   = NULL;
    shed_tempo_beat b;
    double          period_s = 60.0 / bpm, sx = 0.0, sy = 0.0, sxx = 0.0, sxy = 0.0;
    int             n = 0;
    CHECK_OK(shed_tempo_new(&t, NULL));
    for (int i = 0; i < 80; i++) {
      shed_tempo_onset(t, 0.5 + i * period_s, 1.0f);
      for (double s = 0.5 + i * period_s; s < 0.5 + (i + 1) * period_s; s += 0.01) {
        shed_tempo_advance(t, s);
      }
      while (shed_tempo_poll(t, &b)) {
        double x = floor((b.time_s - 0.5) / period_s + 0.5), y = b.time_s;
        worst_ms = fmax(worst_ms, 1e3 * fabs(y - 0.5 - x * period_s));
        sx += x;
        sy += y;
        sxx += x * x;
        sxy += x * y;
        n++;
      }
    }
    double slope = (n * sxy - sx * sy) / (n * sxx - sx * sx);
    double ratio = (double)shed_tempo_whole(t).bpm * slope / 60.0;
    worst        = fmax(worst, fabs(ratio - 1.0));
    assert_true(n > 60);
    shed_tempo_free(t);
  }
  print_message("tempo off the slope by %.2f %% at most, a beat off its onset by %.1f ms\n", 100.0 * worst,
                worst_ms);
  CHECK_LT(worst, 0.002);
  CHECK_LT(worst_ms, 3.0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_resonators_hold_all_onsets_fading),
      cmocka_unit_test(the_tempo_of_a_pulse_is_the_slope_of_its_beats),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
