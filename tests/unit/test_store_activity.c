// What is done beside playing takes: kept with its words, read newest first, and gone with its student.
#include "mastery/store/activity.h"

#include "mastery/store/inside.h"
#include "tests/support/temp_store.h"

static shed_json *
answers_of(const char *ask, const char *answer)
{
  shed_json *list = shed_json_array();
  shed_json *one  = shed_json_object();
  shed_json_set_str(one, "ask", ask);
  shed_json_set_str(one, "answer", answer);
  shed_json_add(list, one);
  return list;
}

static shed_status
done(temp_store *t, const char *unit, const char *activity, const char *answer, shed_uuid *event)
{
  shed_json  *answers = answers_of("What helped?", answer);
  shed_status st = shed_store_activity_done(t->store, &t->student.id, "test:course", unit, activity, answers,
                                            event, &t->err);
  shed_json_free(answers);
  return st;
}

static bool
append(void *ctx, const shed_activity_time *a)
{
  const char *answer = shed_json_text(shed_json_get(shed_json_at(a->answers, 0), "answer"));
  shed_str_addf(ctx, "%s:%s ", a->activity, answer ? answer : "-");
  return true;
}

static bool
first_alone(void *ctx, const shed_activity_time *a)
{
  (void)append(ctx, a);
  return false;
}

static void
told(temp_store *t, const char *unit, const char *expected)
{
  shed_str text = {0};
  STORE_OK(shed_store_each_activity(t->store, &t->student.id, unit, append, &text, &t->err), t->err);
  assert_string_equal(shed_str_text(&text), expected);
  shed_str_free(&text);
}

static void
words_are_kept_newest_first(void **state)
{
  temp_store t;
  shed_str   text = {0};
  (void)state;
  temp_store_begin(&t);
  told(&t, NULL, "");
  STORE_OK(done(&t, "test:one", "listen", "the A", NULL), t.err);
  t.hand.wall_ms += 1000;
  STORE_OK(done(&t, "test:two", "diary", "seven seconds", NULL), t.err);
  t.hand.wall_ms += 1000;
  STORE_OK(done(&t, "test:one", "listen", "the B", NULL), t.err);
  told(&t, NULL, "listen:the B diary:seven seconds listen:the A ");
  told(&t, "test:one", "listen:the B listen:the A ");
  told(&t, "test:three", "");
  STORE_OK(shed_store_each_activity(t.store, &t.student.id, NULL, first_alone, &text, &t.err), t.err);
  assert_string_equal(shed_str_text(&text), "listen:the B ");
  shed_str_free(&text);
  temp_store_end(&t);
}

static void
what_is_no_answer_is_refused(void **state)
{
  temp_store t;
  char       long_text[SHED_ACTIVITY_TEXT + 2];
  shed_json *answers = shed_json_array();
  shed_uuid  student;
  (void)state;
  temp_store_begin(&t);
  memset(long_text, 'a', sizeof(long_text));
  long_text[sizeof(long_text) - 1] = '\0';
  CHECK_STATUS(done(&t, "test:one", "listen", long_text, NULL), SHED_E_RANGE);
  CHECK_STATUS(done(&t, "", "listen", "x", NULL), SHED_E_RANGE);
  CHECK_STATUS(done(&t, "test:one", "", "x", NULL), SHED_E_RANGE);
  for (int i = 0; i <= SHED_ACTIVITY_ANSWERS; i++) {
    shed_json *one = shed_json_object();
    shed_json_set_str(one, "ask", "?");
    shed_json_set_str(one, "answer", "");
    shed_json_add(answers, one);
  }
  student = t.student.id;
  CHECK_STATUS(
      shed_store_activity_done(t.store, &student, "test:course", "test:one", "listen", answers, NULL, &t.err),
      SHED_E_RANGE);
  shed_json_free(answers);
  told(&t, NULL, "");
  temp_store_end(&t);
}

static void
it_can_be_taken_back_made_again_and_erased(void **state)
{
  temp_store        t;
  shed_uuid         event;
  shed_store_report report;
  shed_sha256       before, after;
  (void)state;
  temp_store_begin(&t);
  STORE_OK(done(&t, "test:one", "listen", "the A", NULL), t.err);
  STORE_OK(done(&t, "test:one", "diary", "by mistake", &event), t.err);
  shed_decider who = temp_store_decider(&t);
  STORE_OK(shed_store_withdraw(t.store, &who, &event, NULL, &t.err), t.err);
  told(&t, NULL, "listen:the A ");
  STORE_OK(shed_derive_digest(t.store, &before), t.err);
  STORE_OK(shed_store_rebuild(t.store, &report, &t.err), t.err);
  STORE_OK(shed_derive_digest(t.store, &after), t.err);
  assert_string_equal(before.text, after.text);
  told(&t, NULL, "listen:the A ");
  STORE_OK(shed_store_erase(t.store, &t.teacher.id, &t.student.id, &report, &t.err), t.err);
  told(&t, NULL, "");
  CHECK_STATUS(done(&t, "test:one", "listen", "again", NULL), SHED_E_STATE);
  temp_store_end(&t);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(words_are_kept_newest_first),
                                     cmocka_unit_test(what_is_no_answer_is_refused),
                                     cmocka_unit_test(it_can_be_taken_back_made_again_and_erased)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
