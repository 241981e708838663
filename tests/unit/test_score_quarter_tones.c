// Quarter tones: MusicXML's broken alterations are asked for in cents, not rounded away.
#include "engine/score/score.h"

#include "tests/support/check.h"

static const char text[] =
    "<score-partwise version='4.0'><part-list><score-part "
    "id='P1'><part-name>Voice</part-name></score-part></part-list>"
    "<part id='P1'><measure number='1'><attributes><divisions>1</divisions></attributes>"
    "<note><pitch><step>C</step><alter>0.5</alter><octave>4</octave></pitch><duration>1</duration></note>"
    "<note><pitch><step>B</step><alter>-1.25</alter><octave>4</octave></pitch><duration>1</duration></note>"
    "<note><pitch><step>F</step><alter>1</alter><octave>4</octave></pitch><duration>2</duration></note>"
    "</measure></part></score-partwise>";

static void
broken_alterations_are_cents(void **state)
{
  static const struct {
    int    midi;
    double cents;
  } expected[]         = {{60, 50}, {70, -25}, {66, 0}};
  shed_score    *score = NULL;
  shed_line      line  = {0};
  shed_selection all   = {0};
  (void)state;
  CHECK_OK(shed_score_parse(text, sizeof(text) - 1, "quarter.musicxml", NULL, &score, NULL));
  CHECK_OK(shed_score_perform(score, &all, NULL, &line, NULL));
  assert_int_equal(line.n_notes, 3);
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(line.notes[i].midi, expected[i].midi);
    CHECK_NEAR(line.notes[i].cents, expected[i].cents, 1e-9);
  }
  shed_line_free(&line);
  shed_score_free(score);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(broken_alterations_are_cents)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
