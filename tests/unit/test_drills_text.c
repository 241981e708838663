#include "drills/text.h"

#include "drills/pen.h"
#include "tests/support/check.h"

static void
notes_rests_and_lengths(void **state)
{
  shed_profile p;
  shed_str     text   = {0};
  shed_prompt  prompt = {0};
  shed_pitch   c5     = {0, 0, 5};
  (void)state;
  CHECK_OK(shed_profile_find("horn", &p, NULL));
  shed_pen pen = shed_pen_start(NULL, &p, (shed_metre){3, 4}, 0, 60);
  CHECK_OK(shed_pen_note(&pen, c5, shed_beat_of(3, 2), 0));
  CHECK_OK(shed_pen_note(&pen, c5, shed_beat_of(1, 2), 0));
  shed_pen_rest(&pen, shed_beat_of(1, 1));
  CHECK_OK(shed_pen_note(&pen, c5, shed_beat_of(5, 1), 0)); // over the barline
  CHECK_OK(shed_pen_note(&pen, c5, shed_beat_of(1, 3), 0));
  shed_pen_rest(&pen, shed_beat_of(2, 3));
  shed_pen_rest(&pen, shed_beat_of(2, 1));
  CHECK_OK(shed_pen_note(&pen, c5, shed_beat_of(3, 16), 0));
  CHECK_OK(shed_pen_end(&pen, &prompt.line));
  shed_prompt_notes(&prompt, SHED_TEXT_WRITTEN, &text);
  assert_string_equal(shed_str_text(&text),
                      "C5 1½, C5 ½, rest 1 | C5 5 | C5 ⅓, rest ⅔ | rest 2, C5 3/16, rest 13/16");
  shed_str_clear(&text);
  shed_prompt_notes(&prompt, SHED_TEXT_SOUNDING, &text);
  assert_memory_equal(shed_str_text(&text), "F4 1½", 5);
  shed_str_free(&text);
  shed_prompt_free(&prompt);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(notes_rests_and_lengths)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
