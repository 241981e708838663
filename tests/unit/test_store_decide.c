#include "mastery/store/decide.h"

#include "tests/support/temp_store.h"

static void
overrides_and_waivers_reach_the_gate(void **state)
{
  temp_store t;
  shed_uuid  event;
  (void)state;
  temp_store_begin(&t);
  shed_decider who = temp_store_decider(&t);
  STORE_OK(shed_store_override(t.store, &who, "test:unit", "advance", &event, &t.err), t.err);
  shed_gate g = temp_store_gate(&t);
  assert_int_equal(g.level, SHED_LEVEL_SECURE);
  assert_int_equal(g.reasons[0].code, SHED_MSG_gate_override_advance);
  assert_string_equal(g.reasons[0].params[0].value, "Ms Lind");
  who = temp_store_decider(&t);
  STORE_OK(shed_store_withdraw(t.store, &who, &event, NULL, &t.err), t.err);
  assert_int_equal(temp_store_gate(&t).level, SHED_LEVEL_NEW);
  STORE_OK(shed_store_waive(t.store, &who, "test:unit", "pitch", NULL, &t.err), t.err);
  assert_true(temp_store_gate(&t).advance);
  temp_store_check(&t);
  temp_store_end(&t);
}

static void
confirming_a_take_tests_out(void **state)
{
  temp_store t;
  (void)state;
  temp_store_begin(&t);
  shed_uuid    take = temp_store_play(&t, .95);
  shed_decider who  = temp_store_decider(&t);
  assert_false(temp_store_gate(&t).advance);
  STORE_OK(shed_store_confirm(t.store, &who, "test:unit", &take, NULL, &t.err), t.err);
  assert_true(temp_store_gate(&t).tested_out);
  temp_store_end(&t);
}

static void
corrections_stand_in_the_place_of_scores(void **state)
{
  const shed_gate_mark good = {"pitch", .95, 1, 20};
  const shed_gate_mark low  = {"pitch", .10, 1, 20};
  temp_store           t;
  shed_uuid            takes[3];
  shed_uuid            correction;
  (void)state;
  temp_store_begin(&t);
  for (int i = 0; i < 3; i++) {
    takes[i] = temp_store_play(&t, i == 1 ? .2 : .9);
  }
  assert_false(temp_store_gate(&t).advance);
  shed_decider who = temp_store_decider(&t);
  STORE_OK(shed_store_correct_take(t.store, &who, &takes[1], .95, 1, &good, 1, NULL, &t.err), t.err);
  assert_true(temp_store_gate(&t).advance);
  who = temp_store_decider(&t);
  STORE_OK(shed_store_correct_take(t.store, &who, &takes[1], .1, 1, &low, 1, &correction, &t.err), t.err);
  assert_false(temp_store_gate(&t).advance); // the last one holds
  STORE_OK(shed_store_withdraw(t.store, &who, &correction, NULL, &t.err), t.err);
  assert_true(temp_store_gate(&t).advance); // and the one before it comes back
  STORE_OK(shed_store_withdraw(t.store, &who, &takes[0], NULL, &t.err), t.err);
  assert_int_equal(temp_store_gate(&t).takes, 2);
  temp_store_check(&t);
  temp_store_end(&t);
}

static void
who_and_why_are_asked(void **state)
{
  temp_store t;
  shed_uuid  withdrawal;
  (void)state;
  temp_store_begin(&t);
  shed_uuid    take = temp_store_play(&t, .95);
  shed_decider who  = temp_store_decider(&t);
  who.actor         = t.student.id;
  CHECK_STATUS(shed_store_override(t.store, &who, "u", "advance", NULL, &t.err), SHED_E_DENIED);
  who.actor = shed_uuid_new(&t.clock);
  CHECK_STATUS(shed_store_override(t.store, &who, "u", "advance", NULL, &t.err), SHED_E_NOTFOUND);
  who        = temp_store_decider(&t);
  who.reason = "";
  CHECK_STATUS(shed_store_waive(t.store, &who, "u", "days", NULL, &t.err), SHED_E_RANGE);
  who = temp_store_decider(&t);
  CHECK_STATUS(shed_store_override(t.store, &who, "u", "open sesame", NULL, &t.err), SHED_E_RANGE);
  assert_non_null(strstr(t.err.what, "open sesame"));
  CHECK_STATUS(shed_store_waive(t.store, &who, "", "days", NULL, &t.err), SHED_E_RANGE);
  who.student = shed_uuid_new(&t.clock);
  CHECK_STATUS(shed_store_override(t.store, &who, "u", "advance", NULL, &t.err), SHED_E_NOTFOUND);
  CHECK_STATUS(shed_store_withdraw(t.store, &who, &take, NULL, &t.err),
               SHED_E_NOTFOUND); // of another student
  who = temp_store_decider(&t);
  STORE_OK(shed_store_withdraw(t.store, &who, &take, &withdrawal, &t.err), t.err);
  CHECK_STATUS(shed_store_withdraw(t.store, &who, &withdrawal, NULL, &t.err), SHED_E_UNSUPPORTED);
  assert_int_equal(temp_store_gate(&t).takes, 0);
  temp_store_check(&t);
  temp_store_end(&t);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(overrides_and_waivers_reach_the_gate),
      cmocka_unit_test(confirming_a_take_tests_out),
      cmocka_unit_test(corrections_stand_in_the_place_of_scores),
      cmocka_unit_test(who_and_why_are_asked),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
