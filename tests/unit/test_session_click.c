#include "app/session/click.h"

#include "tests/support/check.h"

#include <stdlib.h>

// 20 s of clicks at 120 a minute from .5 s, heard .02 s late; notes of a melody off and on the beat; one clap off it.
static shed_take
take_with_clicks(bool bleeding)
{
  shed_take take = {.duration_s = 20, .kind = SHED_TAKE_AUDIO};
  take.onsets    = calloc(100, sizeof(*take.onsets));
  take.notes     = calloc(100, sizeof(*take.notes));
  for (int i = 0; i < 40 && bleeding; i++) {
    float at                            = 0.52F + 0.5F * (float)i + (i % 3 ? 0.004F : -0.004F);
    take.onsets[take.n_onsets++].time_s = at;
    if (i % 4) {
      take.notes[take.n_notes].midi      = -1;
      take.notes[take.n_notes++].onset_s = at;
    } else { // a note on the beat
      take.notes[take.n_notes].midi      = 60;
      take.notes[take.n_notes++].onset_s = at + 0.01F;
    }
  }
  take.notes[take.n_notes].midi       = -1;
  take.notes[take.n_notes++].onset_s  = 5.25F;
  take.onsets[take.n_onsets++].time_s = 5.25F;
  return take;
}

static void
clicks_go_and_notes_stay(void **state)
{
  shed_take  take  = take_with_clicks(true);
  shed_click click = {120, 0.5};
  (void)state;
  assert_int_equal(shed_click_remove(&take, &click), 30);
  assert_int_equal(take.n_onsets, 11);
  assert_int_equal(take.n_notes, 11);
  int claps = 0;
  for (size_t i = 0; i < take.n_notes; i++) {
    claps += take.notes[i].midi < 0;
  }
  assert_int_equal(claps, 1);
  shed_take_free(&take);
}

static void
a_silent_click_takes_nothing_away(void **state)
{
  shed_take  take  = take_with_clicks(false);
  shed_click click = {120, 0.25};
  (void)state;
  assert_int_equal(shed_click_remove(&take, &click), 0);
  assert_int_equal(take.n_onsets, 1);
  shed_take_free(&take);
}

static void
the_option_is_read_strictly(void **state)
{
  static const char *const bad[] = {"", "96", "@1", "96@", "9@1", "96@-1", "96@1s", "401@0"};
  shed_click               click = {0};
  (void)state;
  CHECK_OK(shed_click_parse("96.5@0.25", &click, NULL));
  CHECK_NEAR(click.bpm, 96.5, 0);
  CHECK_NEAR(click.start_s, 0.25, 0);
  for (size_t i = 0; i < SHED_COUNTOF(bad); i++) {
    CHECK_STATUS(shed_click_parse(bad[i], &click, NULL), SHED_E_FORMAT);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(clicks_go_and_notes_stay),
      cmocka_unit_test(a_silent_click_takes_nothing_away),
      cmocka_unit_test(the_option_is_read_strictly),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
