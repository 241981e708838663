#include "app/session/click.h"

#include "tests/support/check.h"

#include <math.h>

static void
a_click_is_written_as_its_speed_and_start(void **state)
{
  static const char *const wrong[] = {"", "96", "96@", "@1", "9@0", "401@0", "96@-1", "96@x", "96 @ 0"};
  shed_hear_click          click   = {0};
  (void)state;
  CHECK_OK(shed_click_parse("96@0.5", &click, NULL));
  CHECK_NEAR(click.first_s, 0.5, 1e-12);
  CHECK_NEAR(click.period_s, 0.625, 1e-12);
  for (size_t i = 0; i < SHED_COUNTOF(wrong); i++) {
    shed_error err = {.status = SHED_OK};
    CHECK_STATUS(shed_click_parse(wrong[i], &click, &err), SHED_E_FORMAT);
    assert_non_null(strstr(err.what, "BPM@START_S"));
  }
  CHECK_NEAR(click.period_s, 0.625, 1e-12); // not touched
}

static void
a_prompt_tells_its_click_when_it_is_known(void **state)
{
  shed_prompt p = {.a_click = true, .tempo_bpm = 120, .click_start_s = 2};
  (void)state;
  CHECK_NEAR(shed_click_of_prompt(&p).period_s, 0.5, 1e-12);
  CHECK_NEAR(shed_click_of_prompt(&p).first_s, 2, 1e-12);
  p.click_start_s = (double)NAN;
  CHECK_NEAR(shed_click_of_prompt(&p).period_s, 0, 0);
  p.click_start_s = 2;
  p.a_click       = false;
  CHECK_NEAR(shed_click_of_prompt(&p).period_s, 0, 0);
  p.a_click   = true;
  p.tempo_bpm = 0;
  CHECK_NEAR(shed_click_of_prompt(&p).period_s, 0, 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_click_is_written_as_its_speed_and_start),
      cmocka_unit_test(a_prompt_tells_its_click_when_it_is_known),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
