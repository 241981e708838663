#include "engine/dsp/voicing.h"
#include "tests/support/check.h"

static void
look(shed_voicing *v, float level_db, float hz, float nsdf, float out[SHED_VOICE_FEATURES])
{
  shed_cand_set s           = {.n = 1, .f_hz = {hz}, .level_db = level_db};
  shed_emission e           = {.pitch = {1.0f}, .best = 0};
  s.cand[0][SHED_CAND_nsdf] = nsdf;
  s.band[3]                 = 1.0f;
  shed_voicing_look(v, &s, &e, out);
}

static void
it_remembers_how_loud_the_player_is(void **state)
{
  (void)state;
  shed_voicing v = {.frames = 0};
  float        x[SHED_VOICE_FEATURES];
  for (int f = 0; f < 300; f++) {
    look(&v, -20.0f, 220.0f, 0.99f, x);
  }
  CHECK_NEAR((double)x[SHED_VOICE_under_source], 0.0, 0.05);
  for (int f = 0; f < 100; f++) { // a noise between notes does not change it
    look(&v, -40.0f, 220.0f, 0.2f, x);
  }
  CHECK_NEAR((double)x[SHED_VOICE_under_source], 2.0, 0.1);
}

static void
levels_are_compared_with_those_before(void **state)
{
  (void)state;
  shed_voicing v = {.frames = 0};
  float        x[SHED_VOICE_FEATURES];
  for (int f = 0; f < 5000; f++) { // over every wrap of the ring
    look(&v, -80.0f + 0.01f * (float)f, 220.0f, 0.9f, x);
    double back = fmin(f, 3);
    CHECK_NEAR((double)x[SHED_VOICE_since_30], 0.001 * back, 1e-4);
    CHECK_NEAR((double)x[SHED_VOICE_since_300], 0.001 * fmin(f, 30), 1e-4);
  }
}

static void
a_pitch_that_stands_is_counted_and_a_new_one_starts_anew(void **state)
{
  (void)state;
  shed_voicing v = {.frames = 0};
  float        x[SHED_VOICE_FEATURES];
  for (int f = 0; f < 10; f++) {
    look(&v, -20.0f, 220.0f, 0.9f, x);
    CHECK_NEAR((double)x[SHED_VOICE_run], 0.1 * f, 1e-6);
  }
  CHECK_NEAR((double)x[SHED_VOICE_run_nsdf], 0.9, 1e-6);
  look(&v, -20.0f, 330.0f, 0.9f, x);
  CHECK_NEAR((double)x[SHED_VOICE_run], 0.0, 1e-6);
  CHECK_NEAR((double)x[SHED_VOICE_run_nsdf], 0.0, 1e-6);
}

static void
without_a_candidate_it_answers_a_number(void **state)
{
  (void)state;
  shed_voicing  v   = {.frames = 0};
  shed_net      net = shed_voicing_net();
  shed_cand_set s   = {.n = 0, .level_db = -120.0f};
  shed_emission e   = {.best = -1};
  for (int f = 0; f < 50; f++) {
    assert_true(isfinite(shed_voicing_run(&net, &v, &s, &e)));
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_remembers_how_loud_the_player_is),
      cmocka_unit_test(levels_are_compared_with_those_before),
      cmocka_unit_test(a_pitch_that_stands_is_counted_and_a_new_one_starts_anew),
      cmocka_unit_test(without_a_candidate_it_answers_a_number),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
