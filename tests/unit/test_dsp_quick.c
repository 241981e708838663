#include "engine/base/rng.h"
#include "engine/dsp/pi.h"
#include "engine/dsp/quick.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

enum { RATE_HZ = 44100, STEP = 220, STEPS_MAX = 400 };

// What was told at each step of 5 ms; f0_hz 0 where nothing was.
typedef struct {
  shed_quick_look look[STEPS_MAX];
  int             n;
} course;

typedef float (*wave)(void *ctx, double t_s);

static void
look_at(wave w, void *ctx, double seconds, course *out)
{
  shed_front *front = NULL;
  shed_quick *quick = NULL;
  float       x[STEP];
  CHECK_OK(shed_front_new(&front, NULL, RATE_HZ));
  CHECK_OK(shed_quick_new(&quick, NULL));
  *out = (course){.n = 0};
  for (int at = 0; at + STEP <= (int)(seconds * RATE_HZ) && out->n < STEPS_MAX; at += STEP) {
    for (int i = 0; i < STEP; i++) {
      x[i] = w(ctx, (double)(at + i) / RATE_HZ);
    }
    shed_front_push(front, x, STEP);
    if (!shed_quick_run(quick, front, &out->look[out->n])) {
      out->look[out->n].f0_hz = 0.0f;
    }
    out->n++;
  }
  shed_quick_free(quick);
  shed_front_free(front);
}

// From a tenth of a second on a tone of eight partials, from three tenths on another.
typedef struct {
  double   hz, then_hz;
  double   level;
  double   noise;
  shed_rng rng;
} tones;

static float
two_tones(void *ctx, double t_s)
{
  tones *t  = ctx;
  double hz = t_s < 0.1 ? 0.0 : t_s < 0.3 ? t->hz : t->then_hz;
  double y  = t->noise * shed_rng_normal(&t->rng);
  for (int k = 1; k <= 8 && hz * k < 0.4 * RATE_HZ; k++) {
    y += hz > 0.0 ? t->level * sin(2.0 * SHED_PI * k * hz * (t_s < 0.3 ? t_s - 0.1 : t_s - 0.3)) / k : 0.0;
  }
  return (float)y;
}

static double
cents(const shed_quick_look *l, double hz)
{
  return l->f0_hz > 0.0f ? fabs(1200.0 * log2((double)l->f0_hz / hz)) : 1e9;
}

// Seconds after @p from_s from which on every look until @p to_s is right.
static double
right_after(const course *c, double from_s, double to_s, double hz)
{
  double since = to_s - from_s;
  for (int i = (int)(to_s * RATE_HZ / STEP) - 2; i >= 0; i--) {
    double at = (double)(i + 1) * STEP / RATE_HZ;
    if (at < from_s || cents(&c->look[i], hz) > 50.0) {
      break;
    }
    since = at - from_s;
  }
  return since;
}

static void
a_pitch_is_told_after_two_periods(void **state)
{
  (void)state;
  static const double HZ[] = {32.7, 41.2, 55.0, 82.4, 110.0, 164.8, 220.0, 440.0, 880.0, 1760.0, 3520.0};
  for (size_t i = 0; i < SHED_COUNTOF(HZ); i++) {
    course c;
    tones  t = {.hz = HZ[i], .then_hz = HZ[i], .level = 0.2};
    look_at(two_tones, &t, 0.3, &c);
    double told = right_after(&c, 0.1, 0.3, HZ[i]);
    if (told > fmax(0.025, 2.0 / HZ[i] + 0.005)) {
      fail_msg("%.1f Hz is told after %.1f ms", HZ[i], 1e3 * told);
    }
  }
}

// A tone that fades into the room's noise, silence, and another out of it.
static float
fades_and_again(void *ctx, double t_s)
{
  tones *t  = ctx;
  double in = t_s < 0.7 ? t_s - 0.1 : t_s - 0.7, hz = t_s < 0.7 ? t->hz : t->then_hz;
  double y = t->noise * shed_rng_normal(&t->rng);
  for (int k = 1; k <= 8 && in >= 0.0; k++) {
    y += t->level * exp(-in / 0.06) * sin(2.0 * SHED_PI * k * hz * in) / k;
  }
  return (float)y;
}

// What the end of a note loses in likeness is no noise for the next one.
static void
a_note_out_of_silence_is_told_at_once_after_one_that_faded(void **state)
{
  (void)state;
  static const double HZ[] = {247.0, 330.0, 440.0, 660.0, 880.0, 1320.0};
  for (size_t i = 0; i < SHED_COUNTOF(HZ); i++) {
    course c;
    tones  t = {.hz = 392.0, .then_hz = HZ[i], .level = 0.2, .noise = 0.001};
    shed_rng_seed(&t.rng, 9, i);
    look_at(fades_and_again, &t, 0.85, &c);
    double told = right_after(&c, 0.7, 0.76, HZ[i]);
    if (told > 0.025) {
      fail_msg("%.1f Hz is told after %.1f ms", HZ[i], 1e3 * told);
    }
  }
}

// An octave and a twelfth up are periodic at the old period, too.
static void
a_leap_is_noticed(void **state)
{
  (void)state;
  static const double LEAP[] = {2.0, 3.0, 0.5, 1.0 / 3.0, 1.498, 1.0595};
  for (size_t i = 0; i < SHED_COUNTOF(LEAP); i++) {
    course c;
    tones  t = {.hz = 330.0, .then_hz = 330.0 * LEAP[i], .level = 0.2};
    look_at(two_tones, &t, 0.6, &c);
    double told = right_after(&c, 0.3, 0.55, t.then_hz);
    if (told > 0.045) {
      fail_msg("330 to %.1f Hz is told after %.1f ms", t.then_hz, 1e3 * told);
    }
  }
}

static void
silence_and_noise_say_nothing(void **state)
{
  (void)state;
  course c;
  tones  silent = {.level = 0.0}, noisy = {.noise = 0.05};
  shed_rng_seed(&noisy.rng, 3, 3);
  look_at(two_tones, &silent, 1.0, &c);
  for (int i = 0; i < c.n; i++) {
    assert_true(c.look[i].f0_hz == 0.0f);
  }
  look_at(two_tones, &noisy, 1.9, &c);
  int told = 0;
  for (int i = 0; i < c.n; i++) {
    told += c.look[i].f0_hz > 0.0f;
  }
  CHECK_LT(told, 0.02 * c.n);
}

// The long analysis decides the octave: what it says is followed at once.
static void
the_long_analysis_decides(void **state)
{
  (void)state;
  shed_front     *front = NULL;
  shed_quick     *quick = NULL;
  shed_quick_look look  = {0};
  float           x[STEP];
  CHECK_OK(shed_front_new(&front, NULL, RATE_HZ));
  CHECK_OK(shed_quick_new(&quick, NULL));
  for (int at = 0; at < RATE_HZ / 2; at += STEP) {
    for (int i = 0; i < STEP; i++) {
      double p = 2.0 * SHED_PI * 110.0 * (at + i) / RATE_HZ;
      x[i]     = (float)(0.004 * sin(p) + 0.2 * sin(2.0 * p) + 0.1 * sin(4.0 * p)); // looks like 220 Hz
    }
    shed_front_push(front, x, STEP);
    if (at > RATE_HZ / 4) {
      shed_quick_heard(quick, shed_front_count(front) - 1680, 110.0f, 0.9f);
    }
    (void)shed_quick_run(quick, front, &look);
  }
  CHECK_NEAR((double)look.f0_hz, 110.0, 1.0);
  CHECK_NEAR((double)look.confidence, 0.9, 1e-6);
  shed_quick_free(quick);
  shed_front_free(front);
}

static void
every_failed_allocation_is_told(void **state)
{
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_quick *q = NULL;
    sweep_status  = shed_quick_new(&q, &a.alloc);
    shed_quick_free(q);
  });
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_pitch_is_told_after_two_periods),
      cmocka_unit_test(a_note_out_of_silence_is_told_at_once_after_one_that_faded),
      cmocka_unit_test(a_leap_is_noticed),
      cmocka_unit_test(silence_and_noise_say_nothing),
      cmocka_unit_test(the_long_analysis_decides),
      cmocka_unit_test(every_failed_allocation_is_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
