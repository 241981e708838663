#include "engine/dsp/rise.h"
#include "tests/support/check.h"

#include <math.h>
#include <stdbool.h>

enum { RATE_HZ = 44100 };

static shed_front *
new_front(void)
{
  shed_front *f = NULL;
  CHECK_OK(shed_front_new(&f, NULL, RATE_HZ));
  return f;
}

static void
steps_have_the_power_of_what_was_there(void **state)
{
  (void)state;
  shed_front *front = new_front();
  shed_rise   rise  = {.steps = 0};
  float       x[SHED_RISE_STEP * 40];
  for (int i = 0; i < SHED_RISE_STEP * 40; i++) {
    bool sounds = i >= SHED_RISE_STEP * 20;
    x[i]        = sounds ? (float)(0.5 * sin(2.0 * 3.14159265358979 * i * 7.0 / SHED_RISE_STEP)) : 0.0f;
  }
  shed_front_push(front, x, SHED_RISE_STEP * 40);
  shed_rise_run(&rise, front);
  assert_int_equal(rise.steps, 40);
  CHECK_NEAR((double)rise.power[19], 0.0, 1e-9);
  CHECK_NEAR((double)rise.power[20], 0.125, 0.002);
  CHECK_NEAR((double)rise.power[39], 0.125, 0.002);
  // of a sine the difference is smaller by 4 sin^2(w / 2)
  double w = 2.0 * 3.14159265358979 * 7.0 / SHED_RISE_STEP;
  CHECK_NEAR((double)rise.treble[39], 0.125 * 4.0 * sin(w / 2) * sin(w / 2), 0.002);
  shed_front_free(front);
}

static void
a_step_is_the_same_however_the_sound_came(void **state)
{
  (void)state;
  shed_front *whole = new_front(), *cut = new_front();
  shed_rise   a = {.steps = 0}, b = {.steps = 0};
  float       x[4000];
  for (int i = 0; i < 4000; i++) {
    x[i] = (float)sin(i * i * 1e-4);
  }
  shed_front_push(whole, x, 4000);
  shed_rise_run(&a, whole);
  for (int i = 0; i < 4000; i += 50) {
    shed_front_push(cut, x + i, 50);
    shed_rise_run(&b, cut);
  }
  assert_int_equal(a.steps, 4000 / SHED_RISE_STEP);
  assert_int_equal(b.steps, a.steps);
  assert_memory_equal(a.power, b.power, sizeof(a.power));
  assert_memory_equal(a.treble, b.treble, sizeof(a.treble));
  shed_front_free(whole);
  shed_front_free(cut);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(steps_have_the_power_of_what_was_there),
      cmocka_unit_test(a_step_is_the_same_however_the_sound_came),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
