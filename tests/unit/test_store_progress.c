#include "mastery/store/progress.h"

#include "tests/support/fake_alloc.h"
#include "tests/support/temp_store.h"

static bool
append_word(void *ctx, const char *word)
{
  shed_str_addf(ctx, "%s ", word);
  return true;
}

static void
the_gate_sees_one_student_and_one_unit(void **state)
{
  temp_store  t;
  shed_person ben;
  shed_str    words = {0};
  (void)state;
  temp_store_begin(&t);
  STORE_OK(shed_store_add_person(t.store, SHED_ROLE_STUDENT, "Ben", &ben, &t.err), t.err);
  for (int i = 0; i < 3; i++) {
    shed_take_record other = temp_store_record(&t, .9);
    other.unit             = "test:other";
    STORE_OK(shed_store_record_take(t.store, &other, NULL, &t.err), t.err);
    other         = temp_store_record(&t, .9);
    other.student = ben.id;
    STORE_OK(shed_store_record_take(t.store, &other, NULL, &t.err), t.err);
    other      = temp_store_record(&t, .9);
    other.unit = NULL;
    STORE_OK(shed_store_record_take(t.store, &other, NULL, &t.err), t.err);
  }
  assert_int_equal(temp_store_gate(&t).takes, 0);
  (void)temp_store_play(&t, .9);
  shed_gate g = temp_store_gate(&t);
  assert_int_equal(g.takes, 1);
  assert_true(g.unseen);
  shed_decider who = temp_store_decider(&t);
  STORE_OK(shed_store_waive(t.store, &who, "a:first", "days", NULL, &t.err), t.err);
  STORE_OK(shed_store_each_unit(t.store, &t.student.id, append_word, &words, &t.err), t.err);
  assert_string_equal(shed_str_text(&words), "a:first test:other test:unit ");
  shed_str_free(&words);
  temp_store_end(&t);
}

static void
takes_count_in_the_order_played_not_told(void **state)
{
  temp_store t;
  (void)state;
  temp_store_begin(&t);
  int64_t first = t.hand.wall_ms;
  for (int i = 0; i < 4; i++) {
    (void)temp_store_play(&t, i < 2 ? .2 : .9);
  }
  assert_false(temp_store_gate(&t).advance);
  shed_take_record early = temp_store_record(&t, .9); // from another machine, a day before
  early.performed_at_ms  = first - 86400000;
  STORE_OK(shed_store_record_take(t.store, &early, NULL, &t.err), t.err);
  shed_gate g = temp_store_gate(&t);
  assert_int_equal(g.takes, 5);
  assert_false(g.advance);
  assert_int_equal(g.dimensions[0].n_reached, 2);
  (void)temp_store_play(&t, .9);
  assert_true(temp_store_gate(&t).advance);
  temp_store_end(&t);
}

static void
answers_come_back_with_their_takes(void **state)
{
  temp_store       t;
  shed_gate_answer answers[10];
  shed_gate_rule   rule = {.id = "test:unit", .targets = {{"identification", .9}}, .n_targets = 1};
  shed_gate        g;
  (void)state;
  temp_store_begin(&t);
  for (int take = 0; take < 4; take++) {
    shed_take_record r = temp_store_record(&t, 0);
    for (int i = 0; i < 10; i++) {
      answers[i] = (shed_gate_answer){.score = take == 1 && i < 2 ? 0 : 1, .choices = 4};
      (void)snprintf(answers[i].category, sizeof(answers[i].category), "%s", i < 4 ? "P4" : "P5");
    }
    r.marks[0]  = (shed_gate_mark){"identification", take == 1 ? .8 : 1, 1, 10};
    r.answers   = answers;
    r.n_answers = 10;
    STORE_OK(shed_store_record_take(t.store, &r, NULL, &t.err), t.err);
    if (take == 1) {
      STORE_OK(shed_store_gate(t.store, &t.student.id, &rule, &g, &t.err), t.err);
      assert_string_equal(g.dimensions[0].weakest, "P4");
      CHECK_NEAR(g.dimensions[0].weakest_share, .5, 1e-12);
      assert_int_equal(g.dimensions[0].n_reached, 1);
    }
  }
  STORE_OK(shed_store_gate(t.store, &t.student.id, &rule, &g, &t.err), t.err);
  assert_true(g.advance);
  assert_true(g.dimensions[0].bkt > .95);
  temp_store_end(&t);
}

static void
allocations_that_fail(void **state)
{
  temp_store t;
  (void)state;
  temp_store_begin(&t);
  for (int i = 0; i < 40; i++) {
    (void)temp_store_play(&t, .9);
  }
  SWEEP_ALLOCATIONS(a, {
    shed_store     *s    = NULL;
    shed_store_opts o    = t.opts;
    shed_gate_rule  rule = {.id = "test:unit", .targets = {{"pitch", .85}}, .n_targets = 1};
    shed_gate       g;
    o.alloc      = &a.alloc;
    sweep_status = shed_store_open(&s, t.path, &o, NULL);
    if (sweep_status == SHED_OK) {
      sweep_status = shed_store_gate(s, &t.student.id, &rule, &g, NULL);
    }
    shed_store_close(s);
  });
  temp_store_end(&t);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_gate_sees_one_student_and_one_unit),
      cmocka_unit_test(takes_count_in_the_order_played_not_told),
      cmocka_unit_test(answers_come_back_with_their_takes),
      cmocka_unit_test(allocations_that_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
