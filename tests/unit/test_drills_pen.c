#include "drills/pen.h"

#include "engine/task/line_json.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

static shed_profile
profile(const char *name)
{
  shed_profile p;
  CHECK_OK(shed_profile_find(name, &p, NULL));
  return p;
}

static void
moments_measures_and_seconds(void **state)
{
  shed_profile p = profile("clarinet");
  shed_line    line;
  shed_pitch   c5  = {0, 0, 5};
  shed_pen     pen = shed_pen_start(NULL, &p, (shed_metre){3, 4}, -2, 90);
  (void)state;
  CHECK_OK(shed_pen_note(&pen, c5, shed_beat_of(1, 1), 0));
  shed_pen_rest(&pen, shed_beat_of(1, 2));
  CHECK_OK(shed_pen_note(&pen, c5, shed_beat_of(3, 2), SHED_NOTE_ACCENT));
  shed_pen_rest(&pen, shed_beat_of(5, 1)); // over a whole measure
  CHECK_NEAR(shed_beat_quarters(shed_pen_left(&pen)), 1, 0);
  CHECK_OK(shed_pen_note(&pen, c5, shed_pen_left(&pen), 0));
  CHECK_NEAR(shed_beat_quarters(shed_pen_left(&pen)), 3, 0);
  CHECK_OK(shed_pen_end(&pen, &line));
  assert_int_equal(line.n_notes, 3);
  assert_int_equal(line.n_measures, 3);
  assert_int_equal(line.notes[0].midi, 70);
  assert_string_equal(line.notes[1].id, "p1m1n2");
  assert_int_equal(line.notes[1].flags, SHED_NOTE_ACCENT);
  CHECK_NEAR(line.notes[1].beat, 2.5, 0);
  CHECK_NEAR(line.notes[1].onset_s, 1, 1e-12);
  CHECK_NEAR(line.notes[1].duration_s, 1, 1e-12);
  assert_string_equal(line.notes[2].measure, "3");
  CHECK_NEAR(line.notes[2].beat, 3, 0);
  CHECK_NEAR(shed_beat_quarters(line.length_beats), 9, 0);
  CHECK_NEAR(line.length_s, 6, 1e-12);
  CHECK_NEAR(line.measures[2].start_s, 4, 1e-12);
  assert_int_equal(line.measures[0].fifths, -2);
  shed_line_free(&line);
}

static void
nothing_is_left_when_memory_runs_out(void **state)
{
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_line line = {0};
    shed_pen  pen  = shed_pen_start(&a.alloc, NULL, (shed_metre){4, 4}, 0, 60);
    for (int i = 0; i < 40 && sweep_status == SHED_OK; i++) {
      sweep_status = shed_pen_note(&pen, (shed_pitch){0}, shed_beat_of(1, 1), 0);
    }
    if (sweep_status == SHED_OK) {
      shed_pen_rest(&pen, shed_beat_of(30, 1));
      sweep_status = shed_pen_end(&pen, &line);
    }
    shed_pen_drop(&pen);
    shed_line_free(&line);
  });
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(moments_measures_and_seconds),
      cmocka_unit_test(nothing_is_left_when_memory_runs_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
