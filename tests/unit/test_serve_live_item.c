#include "app/serve/live_item.h"

#include "drills/pen.h"
#include "tests/support/check.h"

#include <string.h>

// Four bars of four quarters at 60, from C4 upwards; ids p1m1n1 ...
static shed_prompt
four_bars(void)
{
  static const char *const notes[] = {"C4", "D4", "E4", "F4"};
  shed_profile             voice;
  shed_prompt              p = {.tempo_bpm = 60};
  CHECK_STATUS(shed_profile_find("voice", &voice, NULL), SHED_OK);
  shed_pen w = shed_pen_start(NULL, &voice, (shed_metre){.beats = 4, .beat_type = 4}, 0, 60);
  for (int bar = 0; bar < 4; bar++) {
    for (size_t i = 0; i < SHED_COUNTOF(notes); i++) {
      shed_pitch pitch;
      CHECK_STATUS(shed_pitch_parse(notes[i], &pitch), SHED_OK);
      CHECK_STATUS(shed_pen_note(&w, pitch, shed_beat_of(1, 1), 0), SHED_OK);
    }
  }
  CHECK_STATUS(shed_pen_end(&w, &p.line), SHED_OK);
  return p;
}

static void
another_tempo_moves_seconds_and_leaves_beats(void **state)
{
  shed_prompt p = four_bars();
  (void)state;
  shed_item_tempo(&p, 120);
  CHECK_NEAR(p.tempo_bpm, 120, 0);
  CHECK_NEAR(p.line.tempo_bpm, 120, 0);
  CHECK_NEAR(p.line.length_s, 8, 1e-9);
  CHECK_NEAR(p.line.notes[6].onset_s, 3, 1e-9);
  CHECK_NEAR(p.line.notes[6].duration_s, .5, 1e-9);
  CHECK_NEAR(p.line.measures[2].start_s, 4, 1e-9);
  CHECK_NEAR(shed_beat_quarters(p.line.notes[6].onset_beats), 6, 0);
  shed_prompt_free(&p);
}

static void
a_loop_begins_at_its_first_bar(void **state)
{
  shed_prompt p = four_bars();
  shed_error  err;
  (void)state;
  CHECK_STATUS(shed_item_measures(&p, "2-3", &err), SHED_OK);
  assert_int_equal(p.line.n_notes, 8);
  assert_int_equal(p.line.n_measures, 2);
  assert_string_equal(p.line.notes[0].id, "p1m2n1");
  assert_int_equal(p.line.notes[7].index, 7);
  assert_int_equal(p.line.notes[7].measure_index, 1);
  CHECK_NEAR(p.line.notes[0].onset_s, 0, 1e-9);
  CHECK_NEAR(shed_beat_quarters(p.line.notes[4].onset_beats), 4, 0);
  CHECK_NEAR(p.line.length_s, 8, 1e-9);
  CHECK_NEAR(shed_beat_quarters(p.line.length_beats), 8, 0);
  assert_string_equal(p.line.measures[0].number, "2");
  CHECK_STATUS(shed_item_measures(&p, "3", &err), SHED_OK); // a loop of the loop
  assert_int_equal(p.line.n_notes, 4);
  shed_prompt_free(&p);
}

static void
bars_that_are_not_there(void **state)
{
  static const char *const cases[] = {"",    "-",  "5",  "3-2",
                                      "1-9", "1-", "-2", "0123456789012345678901234567890"};
  shed_prompt              p       = four_bars();
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(cases); i++) {
    shed_error err;
    CHECK_STATUS(shed_item_measures(&p, cases[i], &err), SHED_E_RANGE);
    assert_int_equal(p.line.n_notes, 16);
  }
  shed_prompt_free(&p);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(another_tempo_moves_seconds_and_leaves_beats),
      cmocka_unit_test(a_loop_begins_at_its_first_bar),
      cmocka_unit_test(bars_that_are_not_there),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
