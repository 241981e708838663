// Evidence for onsets, frame by frame, on sound whose onsets are known.
#include "engine/dsp/onset.h"

#include "engine/base/rng.h"
#include "engine/dsp/pi.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

#include <stdlib.h>

enum { RATE_HZ = 44100, HOP = 441, AHEAD = 1103, FRAMES = 200, LENGTH = FRAMES * HOP + 4 * AHEAD };
// aubio's two objects and the plan allocate for themselves; what is ours:
enum { MEMORY_MOST = 64 * 1024 };

typedef double (*sound_of)(shed_rng *rng, int i);

static float sounding_hz; // what the onset function is told

static void
run(sound_of sound, shed_onset_frame *out)
{
  shed_front *f      = NULL;
  shed_onset *o      = NULL;
  shed_level  l      = {.n = 0};
  int         pushed = 0;
  shed_rng    rng;
  shed_rng_seed(&rng, 5, 5);
  CHECK_OK(shed_front_new(&f, NULL, RATE_HZ));
  CHECK_OK(shed_onset_new(&o, NULL));
  for (int i = 0; i < FRAMES; i++) {
    for (; pushed < i * HOP + AHEAD; pushed += HOP) {
      float x[HOP];
      for (int j = 0; j < HOP; j++) {
        x[j] = (float)(sound(&rng, pushed + j) + 1e-4 * shed_rng_normal(&rng));
      }
      shed_front_push(f, x, HOP);
    }
    shed_level_frame level = shed_level_run(&l, f, (int64_t)i * HOP);
    shed_onset_sounding(o, sounding_hz);
    out[i] = shed_onset_run(o, f, (int64_t)i * HOP, &level);
    assert_true(isfinite(out[i].flux) && isfinite(out[i].mkl) && isfinite(out[i].hfc));
    assert_true(out[i].flux >= 0.0f && out[i].hfc >= 0.0f);
  }
  shed_onset_free(o);
  shed_front_free(f);
}

static double
tone(double hz, int i)
{
  double y = 0.0;
  for (int k = 1; k <= 12; k++) {
    y += 0.1 * sin(2.0 * SHED_PI * hz * k * i / RATE_HZ) / k;
  }
  return y;
}

static double
nothing(shed_rng *rng, int i)
{
  (void)rng;
  (void)i;
  return 0.0;
}

static double
tone_at_1_s(shed_rng *rng, int i)
{
  (void)rng;
  return i < RATE_HZ ? 0.0 : fmin((i - RATE_HZ) / 200.0, 1.0) * tone(330.0, i);
}

static double
clap_at_1_s(shed_rng *rng, int i)
{
  return i < RATE_HZ ? 0.0 : 0.4 * exp(-(i - RATE_HZ) / 500.0) * shed_rng_normal(rng);
}

static double
vibrato(shed_rng *rng, int i)
{
  (void)rng;
  double at = (double)i / RATE_HZ, y = 0.0;
  // 50 cents to each side, five and a half times a second
  double phase =
      2.0 * SHED_PI * 440.0 * (at - 0.0293 / (2.0 * SHED_PI * 5.5) * cos(2.0 * SHED_PI * 5.5 * at));
  for (int k = 1; k <= 12; k++) {
    y += 0.1 * sin(k * phase) / k;
  }
  return y;
}

static double
square(shed_rng *rng, int i)
{
  (void)rng;
  return i / 50 % 2 == 0 ? 1.0 : -1.0;
}

static double
one_sample_at_1_s(shed_rng *rng, int i)
{
  (void)rng;
  return i == RATE_HZ ? 1.0 : 0.0;
}

// The highest flux within 30 ms of frame @p at, and anywhere else after the start.
static void
peaks(const shed_onset_frame *f, int at, double *there, double *elsewhere)
{
  *there     = 0.0;
  *elsewhere = 0.0;
  for (int i = 5; i < FRAMES; i++) {
    double *to = abs(i - at) <= 3 ? there : elsewhere;
    *to        = fmax(*to, (double)f[i].flux);
  }
}

static void
an_onset_stands_far_over_everything_else(void **state)
{
  (void)state;
  static const sound_of sounds[] = {tone_at_1_s, clap_at_1_s, one_sample_at_1_s};
  for (size_t k = 0; k < SHED_COUNTOF(sounds); k++) {
    shed_onset_frame f[FRAMES];
    double           there, elsewhere, aubio = 0.0;
    run(sounds[k], f);
    peaks(f, 100, &there, &elsewhere);
    CHECK_LT(3.0 * elsewhere, there);
    CHECK_LT(0.3, there);
    for (int i = 97; i <= 103; i++) {
      aubio = fmax(aubio, (double)fmaxf(f[i].mkl, f[i].hfc));
    }
    CHECK_LT(2.0, aubio); // over the recent mean
  }
}

static void
a_vibrato_is_no_onset(void **state)
{
  (void)state;
  shed_onset_frame f[FRAMES], with_onset[FRAMES];
  double           there, vibrating, onset, elsewhere;
  run(vibrato, f);
  run(tone_at_1_s, with_onset);
  peaks(f, -10, &there, &vibrating);
  peaks(with_onset, 100, &onset, &elsewhere);
  CHECK_LT(vibrating, 0.25 * onset);
}

static double
bass(shed_rng *rng, int i)
{
  (void)rng;
  double y = 0.0;
  for (int k = 1; k <= 20; k++) {
    y += 0.2 * sin(2.0 * SHED_PI * 41.2 * k * i / RATE_HZ + k) / k;
  }
  return y;
}

static void
the_pulses_of_a_bass_that_sounds_are_no_onsets(void **state)
{
  (void)state;
  shed_onset_frame f[FRAMES];
  double           there, blind, told;
  run(bass, f);
  peaks(f, -10, &there, &blind);
  sounding_hz = 41.2f;
  run(bass, f);
  sounding_hz = 0.0f;
  peaks(f, -10, &there, &told);
  CHECK_LT(0.1, blind); // or there is nothing to be mended
  CHECK_LT(told, 0.3 * blind);
}

static void
steady_sound_and_silence_have_no_onset(void **state)
{
  (void)state;
  shed_onset_frame f[FRAMES];
  double           there, elsewhere;
  run(nothing, f);
  peaks(f, -10, &there, &elsewhere);
  CHECK_LT(elsewhere, 0.35); // the noise at -80 dBFS flickers
  run(square, f);
  peaks(f, -10, &there, &elsewhere);
  CHECK_LT(elsewhere, 0.1);
}

static void
failed_allocations_leave_nothing_and_an_instance_is_small(void **state)
{
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_onset *o = NULL;
    sweep_status  = shed_onset_new(&o, &a.alloc);
    shed_onset_free(o);
    CHECK_LT((double)a.bytes, (double)MEMORY_MOST);
  });
  shed_onset_free(NULL);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_onset_stands_far_over_everything_else),
      cmocka_unit_test(a_vibrato_is_no_onset),
      cmocka_unit_test(the_pulses_of_a_bass_that_sounds_are_no_onsets),
      cmocka_unit_test(steady_sound_and_silence_have_no_onset),
      cmocka_unit_test(failed_allocations_leave_nothing_and_an_instance_is_small),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
