#include "mastery/model/path.h"
#include "tests/support/check.h"

static const char *const NEEDS_A[]  = {"a"};
static const char *const NEEDS_AB[] = {"a", "b"};
static const char *const NEEDS_C[]  = {"c"};
static const char *const NEEDS_X[]  = {"x"};

static const shed_path_unit COURSE[] = {
    {"a", "Long tones", NULL, 0},
    {"b", "Rhythm", NULL, 0},
    {"c", "First piece", NEEDS_AB, 2},
};

static void
the_first_open_unit_is_next(void **state)
{
  shed_gate      gates[3] = {0};
  shed_path_step steps[3];
  (void)state;
  CHECK_OK(shed_path_answer(COURSE, gates, 3, steps, NULL));
  assert_int_equal(steps[0].state, SHED_PATH_OPEN);
  assert_int_equal(steps[1].state, SHED_PATH_OPEN);
  assert_int_equal(steps[2].state, SHED_PATH_LOCKED);
  assert_true(steps[0].next);
  assert_false(steps[1].next);
  assert_int_equal(steps[2].n_reasons, 2);
  shed_str text = {0};
  shed_message_text(&steps[2].reasons[0], &text);
  assert_string_equal(shed_str_text(&text), "First reach the gate of Long tones.");
  shed_str_free(&text);
}

static void
gates_open_what_waits(void **state)
{
  shed_gate      gates[3] = {0};
  shed_path_step steps[3];
  (void)state;
  gates[0].advance = true;
  CHECK_OK(shed_path_answer(COURSE, gates, 3, steps, NULL));
  assert_int_equal(steps[2].state, SHED_PATH_LOCKED);
  assert_int_equal(steps[2].n_reasons, 1);
  assert_true(steps[1].next);
  gates[1].advance = true;
  CHECK_OK(shed_path_answer(COURSE, gates, 3, steps, NULL));
  assert_int_equal(steps[0].state, SHED_PATH_DONE);
  assert_true(steps[2].next);
}

static void
what_is_open_stays_open(void **state)
{
  shed_gate      gates[3] = {0};
  shed_path_step steps[3];
  (void)state;
  gates[2].advance = true; // tested out before the others
  CHECK_OK(shed_path_answer(COURSE, gates, 3, steps, NULL));
  assert_int_equal(steps[2].state, SHED_PATH_DONE);
  gates[2].advance              = false;
  gates[2].prerequisites_waived = true;
  CHECK_OK(shed_path_answer(COURSE, gates, 3, steps, NULL));
  assert_int_equal(steps[2].state, SHED_PATH_OPEN);
  assert_int_equal(steps[2].reasons[0].code, SHED_MSG_path_prerequisites_waived);
}

static void
when_all_are_done_a_review_is_next(void **state)
{
  shed_gate      gates[3] = {{.advance = true}, {.advance = true, .review_due = true}, {.advance = true}};
  shed_path_step steps[3];
  (void)state;
  CHECK_OK(shed_path_answer(COURSE, gates, 3, steps, NULL));
  assert_true(steps[1].next);
  assert_int_equal(steps[1].reasons[0].code, SHED_MSG_path_review);
  gates[1].review_due = false;
  CHECK_OK(shed_path_answer(COURSE, gates, 3, steps, NULL));
  assert_false(steps[0].next || steps[1].next || steps[2].next);
}

static void
circles_and_strangers_are_refused(void **state)
{
  const shed_path_unit circle[]   = {{"a", "A", NEEDS_C, 1}, {"b", "B", NULL, 0}, {"c", "C", NEEDS_AB, 2}};
  const shed_path_unit itself[]   = {{"a", "A", NEEDS_A, 1}};
  const shed_path_unit stranger[] = {{"a", "A", NEEDS_X, 1}};
  shed_gate            gates[3]   = {0};
  shed_path_step       steps[3];
  shed_error           err = {0};
  (void)state;
  CHECK_STATUS(shed_path_answer(circle, gates, 3, steps, &err), SHED_E_FORMAT);
  assert_string_equal(err.where, "a");
  assert_string_equal(err.what, "needs \"c\", which waits for it in turn");
  CHECK_STATUS(shed_path_answer(itself, gates, 1, steps, &err), SHED_E_FORMAT);
  CHECK_STATUS(shed_path_answer(stranger, gates, 1, steps, &err), SHED_E_FORMAT);
  assert_string_equal(err.what, "needs \"x\", which is not a unit of the course");
  CHECK_OK(shed_path_answer(circle, gates, 0, steps, &err));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_first_open_unit_is_next),
      cmocka_unit_test(gates_open_what_waits),
      cmocka_unit_test(what_is_open_stays_open),
      cmocka_unit_test(when_all_are_done_a_review_is_next),
      cmocka_unit_test(circles_and_strangers_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
