// Sound that nobody would play: whatever comes in, what comes out keeps the contract of hear.h, and the ear hears again
// when it is over.
#include "engine/base/rng.h"
#include "engine/dsp/pi.h"
#include "tests/support/check.h"
#include "tests/support/heard.h"

#include <float.h>
#include <stdlib.h>

enum { RATE_HZ = 44100, SECONDS_MOST = 4 };

static float
any_bits(shed_rng *rng)
{
  uint32_t bits = shed_rng_u32(rng);
  float    x;
  memcpy(&x, &bits, sizeof(x));
  return x;
}

static float
any_power_of_ten(shed_rng *rng)
{
  return (float)((shed_rng_unit(rng) - 0.5) * pow(10.0, shed_rng_between(rng, -44, 37)));
}

static float
noise(shed_rng *rng, int i)
{
  (void)i;
  return (float)(0.2 * shed_rng_normal(rng));
}

static float
random_bits(shed_rng *rng, int i)
{
  (void)i;
  return any_bits(rng);
}

static float
random_scale(shed_rng *rng, int i)
{
  (void)i;
  return any_power_of_ten(rng);
}

static float
all_nan(shed_rng *rng, int i)
{
  (void)rng;
  return i % 2 == 0 ? NAN : -INFINITY;
}

static float
huge(shed_rng *rng, int i)
{
  (void)rng;
  return i % 100 < 50 ? 1e30f : -1e30f;
}

static float
greatest(shed_rng *rng, int i)
{
  (void)rng;
  return i % 2 == 0 ? FLT_MAX : -FLT_MAX;
}

static float
denormal(shed_rng *rng, int i)
{
  (void)i;
  return (float)(shed_rng_unit(rng) * 1e-40);
}

static float
dc(shed_rng *rng, int i)
{
  (void)rng;
  (void)i;
  return 1.0f;
}

static float
dc_steps(shed_rng *rng, int i)
{
  (void)rng;
  return (float)(i / 3000 % 5) - 2.0f;
}

static float
square(shed_rng *rng, int i)
{
  (void)rng;
  return i / 50 % 2 == 0 ? 1.0f : -1.0f;
}

static float
nyquist(shed_rng *rng, int i)
{
  (void)rng;
  return i % 2 == 0 ? 1.0f : -1.0f;
}

static float
rare_clicks(shed_rng *rng, int i)
{
  (void)i;
  return shed_rng_below(rng, 997) == 0 ? 1.0f : 0.0f;
}

static float
silence(shed_rng *rng, int i)
{
  (void)rng;
  (void)i;
  return 0.0f;
}

static float
rising_tone(shed_rng *rng, int i)
{
  (void)rng;
  double at = (double)i / RATE_HZ;
  return (float)(0.5 * sin(2.0 * SHED_PI * (10.0 * at + 6000.0 * at * at)));
}

typedef float (*maker)(shed_rng *, int);
static const maker MAKERS[] = {noise, random_bits, random_scale, all_nan, huge,        greatest, denormal,
                               dc,    dc_steps,    square,       nyquist, rare_clicks, silence,  rising_tone};

static void
check_with(const float *x, size_t n, const shed_hear_opts *opts)
{
  static const size_t hop = 441;
  heard               h   = heard_in_cuts(x, n, opts, &hop, 1);
  heard_check_contract(&h);
  assert_int_equal(h.stats.frames_in, n);
  heard_free(&h);
}

static void
check(const float *x, size_t n, int rate_hz)
{
  check_with(x, n, &(shed_hear_opts){.rate_hz = rate_hz});
}

static void
each_kind_of_garbage_alone_keeps_the_contract(void **state)
{
  (void)state;
  static float x[RATE_HZ];
  for (size_t k = 0; k < SHED_COUNTOF(MAKERS); k++) {
    shed_rng rng;
    shed_rng_seed(&rng, 71, k);
    for (int i = 0; i < RATE_HZ; i++) {
      x[i] = MAKERS[k](&rng, i);
    }
    check(x, RATE_HZ, RATE_HZ);
    check_with(x, RATE_HZ,
               &(shed_hear_opts){.rate_hz = RATE_HZ, .click = {.first_s = -0.05, .period_s = 0.15}});
  }
}

// Pieces of 1 ms to half a second of one kind after the other, at any rate.
static void
garbage_in_random_pieces_keeps_the_contract(void **state)
{
  (void)state;
  static float     x[SECONDS_MOST * RATE_HZ];
  static const int rates[] = {8000, 11025, 44100, 48000, 192000};
  for (uint64_t seed = 0; seed < 15; seed++) {
    shed_rng rng;
    int      left = 0;
    maker    make = silence;
    shed_rng_seed(&rng, seed, 72);
    size_t n = (size_t)shed_rng_between(&rng, 1, SECONDS_MOST * RATE_HZ);
    for (size_t i = 0; i < n; i++) {
      if (left-- == 0) {
        left = shed_rng_between(&rng, 44, RATE_HZ / 2);
        make = MAKERS[shed_rng_below(&rng, SHED_COUNTOF(MAKERS))];
      }
      x[i] = make(&rng, (int)i);
    }
    check(x, n, rates[seed % SHED_COUNTOF(rates)]);
  }
}

static void
the_shortest_takes_keep_the_contract(void **state)
{
  (void)state;
  static float x[1000];
  for (size_t i = 0; i < SHED_COUNTOF(x); i++) {
    x[i] = (float)(0.5 * sin((double)i * 0.1));
  }
  for (size_t n = 0; n < SHED_COUNTOF(x); n += n < 70 ? 1 : 53) {
    check(x, n, 44100);
    check(x, n, 8000);
  }
}

// A tone of eight partials for a second, after what came before it.
static void
add_tone(float *x, size_t from)
{
  for (size_t i = from; i < from + RATE_HZ; i++) {
    double at = (double)(i - from) / RATE_HZ;
    double y  = 0.0;
    for (int k = 1; k <= 8; k++) {
      y += sin(2.0 * SHED_PI * 330.0 * k * at) / k;
    }
    x[i] = (float)(0.15 * fmin(at / 0.02, 1.0) * y);
  }
}

// One bad sample or a burst of them must not make the ear deaf to what follows.
static void
a_tone_after_garbage_is_heard(void **state)
{
  (void)state;
  static float x[3 * RATE_HZ];
  for (size_t k = 0; k < SHED_COUNTOF(MAKERS); k++) {
    shed_rng rng;
    shed_rng_seed(&rng, 73, k);
    memset(x, 0, sizeof(x));
    for (int i = 0; i < RATE_HZ / 2; i++) {
      x[RATE_HZ / 2 + i] = MAKERS[k](&rng, i);
    }
    add_tone(x, 2 * RATE_HZ);
    heard h    = heard_of(x, SHED_COUNTOF(x), RATE_HZ);
    int   good = 0;
    heard_check_contract(&h);
    for (size_t i = 0; i < h.n; i++) {
      const shed_event *e = &h.events[i];
      if (e->kind == SHED_EVENT_FRAME && e->time_s > 2.2 && e->time_s < 2.9) {
        good += e->u.frame.voiced && fabs(1200.0 * log2((double)e->u.frame.f0_hz / 330.0)) < 10.0;
      }
    }
    if (good < 65) {
      fail_msg("after garbage %zu only %d of 69 frames of a tone are right", k, good);
    }
    heard_free(&h);
  }
}

static void
what_is_no_sound_is_counted(void **state)
{
  (void)state;
  static float x[4410];
  x[100]  = NAN;
  x[101]  = -INFINITY;
  x[102]  = 1e30f;
  x[103]  = -FLT_MAX;
  heard h = heard_of(x, SHED_COUNTOF(x), RATE_HZ);
  assert_int_equal(h.stats.not_finite, 4);
  for (size_t i = 0; i < h.n; i++) {
    if (h.events[i].kind == SHED_EVENT_FRAME) {
      CHECK_NEAR((double)h.events[i].u.frame.level_db, -120.0, 1e-3);
    }
  }
  heard_free(&h);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_kind_of_garbage_alone_keeps_the_contract),
      cmocka_unit_test(garbage_in_random_pieces_keeps_the_contract),
      cmocka_unit_test(the_shortest_takes_keep_the_contract),
      cmocka_unit_test(a_tone_after_garbage_is_heard),
      cmocka_unit_test(what_is_no_sound_is_counted),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
