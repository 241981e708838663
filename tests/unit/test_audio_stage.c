#include "engine/audio/stage.h"

#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

enum { RATE_HZ = 48000, BLOCK = 480 };

static shed_mixer *
mixer_of(const float *x, size_t n)
{
  shed_mixer *m = NULL;
  CHECK_OK(shed_mixer_new(&m, RATE_HZ, NULL));
  CHECK_OK(shed_mixer_add(m, x, n, 0, 0.0F, NULL));
  return m;
}

static void
an_act_begins_at_its_frame_and_gives_way_to_the_next(void **state)
{
  shed_stage  *s = NULL;
  static float one[BLOCK], two[BLOCK];
  float        out[BLOCK];
  (void)state;
  for (int i = 0; i < BLOCK; i++) {
    one[i] = 0.25F;
    two[i] = 0.5F;
  }
  CHECK_OK(shed_stage_new(&s, NULL));
  out[7] = 9;
  shed_stage_run(s, 0, out, BLOCK);
  CHECK_NEAR((double)out[7], 0, 0); // nobody is on
  shed_stage_play(s, mixer_of(one, BLOCK), 100);
  shed_stage_run(s, 0, out, BLOCK);
  CHECK_NEAR((double)out[99], 0, 0);
  CHECK_NEAR((double)out[100], 0.25, 1e-6);
  shed_stage_play(s, mixer_of(two, BLOCK), 480);
  shed_stage_run(s, 480, out, BLOCK);
  CHECK_NEAR((double)out[0], 0.5, 1e-6);
  shed_stage_run(s, 960, out, BLOCK);
  CHECK_NEAR((double)out[0], 0, 0); // over
  shed_stage_play(s, NULL, 0);
  shed_stage_run(s, 480, out, BLOCK);
  CHECK_NEAR((double)out[0], 0, 0);
  shed_stage_free(s);
}

static void
making_one_survives_every_failed_allocation(void **state)
{
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_stage *s = NULL;
    sweep_status  = shed_stage_new(&s, &a.alloc);
    shed_stage_free(s);
  });
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_act_begins_at_its_frame_and_gives_way_to_the_next),
      cmocka_unit_test(making_one_survives_every_failed_allocation),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
