#include "mastery/store/people.h"

#include "tests/support/temp_store.h"

static bool
append_name(void *ctx, const shed_person *p)
{
  shed_str *s = ctx;
  shed_str_addf(s, "%s(%s) ", p->name, shed_role_name(p->role));
  return true;
}

static bool
append_word(void *ctx, const char *word)
{
  shed_str_addf(ctx, "%s ", word);
  return true;
}

static void
people_are_found_by_name_or_id(void **state)
{
  temp_store  t;
  shed_person p;
  shed_str    names = {0};
  (void)state;
  temp_store_begin(&t);
  STORE_OK(shed_store_add_person(t.store, SHED_ROLE_STUDENT, "Zoë Ångström", &p, &t.err), t.err);
  STORE_OK(shed_store_find_person(t.store, SHED_ROLE_ANY, "Zoë Ångström", &p, &t.err), t.err);
  STORE_OK(shed_store_find_person(t.store, SHED_ROLE_STUDENT, p.id.text, &p, &t.err), t.err);
  assert_string_equal(p.name, "Zoë Ångström");
  STORE_OK(shed_store_find_person(t.store, SHED_ROLE_TEACHER, "MS LIND", &p, &t.err), t.err);
  CHECK_STATUS(shed_store_find_person(t.store, SHED_ROLE_STUDENT, "Ms Lind", &p, &t.err), SHED_E_NOTFOUND);
  assert_string_equal(t.err.what, "there is no student called \"Ms Lind\" (there are: Ada, Zoë Ångström)");
  CHECK_STATUS(shed_store_find_person(t.store, SHED_ROLE_STUDENT, t.teacher.id.text, &p, &t.err),
               SHED_E_NOTFOUND);
  STORE_OK(shed_store_each_person(t.store, SHED_ROLE_ANY, append_name, &names, &t.err), t.err);
  assert_string_equal(shed_str_text(&names), "Ada(student) Ms Lind(teacher) Zoë Ångström(student) ");
  shed_str_free(&names);
  temp_store_end(&t);
}

static void
names_that_are_refused(void **state)
{
  static const char *const names[] = {"", "   ", "two\nlines", "\xff\xfe",
                                      "00000000-0000-7000-8000-000000000001"};
  temp_store               t;
  shed_person              p;
  char                     long_name[400];
  (void)state;
  temp_store_begin(&t);
  for (size_t i = 0; i < SHED_COUNTOF(names); i++) {
    CHECK_STATUS(shed_store_add_person(t.store, SHED_ROLE_STUDENT, names[i], &p, &t.err), SHED_E_RANGE);
  }
  memset(long_name, 'a', sizeof(long_name));
  long_name[SHED_PERSON_NAME] = '\0';
  CHECK_STATUS(shed_store_add_person(t.store, SHED_ROLE_STUDENT, long_name, &p, &t.err), SHED_E_RANGE);
  CHECK_STATUS(shed_store_add_person(t.store, SHED_ROLE_STUDENT, "ADA", &p, &t.err), SHED_E_EXISTS);
  STORE_OK(shed_store_rename_person(t.store, &t.student.id, "ADA", &t.err), t.err); // her own
  CHECK_STATUS(shed_store_rename_person(t.store, &t.student.id, "Ms Lind", &t.err), SHED_E_EXISTS);
  shed_uuid nobody = shed_uuid_new(&t.clock);
  CHECK_STATUS(shed_store_rename_person(t.store, &nobody, "Eve", &t.err), SHED_E_NOTFOUND);
  temp_store_end(&t);
}

static void
two_of_one_name_are_told_apart_by_id(void **state)
{
  temp_store        a;
  temp_store        b;
  shed_store_report report;
  shed_person       p;
  (void)state;
  temp_store_begin(&a);
  temp_store_begin(&b);
  STORE_OK(shed_store_merge(a.store, b.path, &report, &a.err), a.err);
  CHECK_STATUS(shed_store_find_person(a.store, SHED_ROLE_STUDENT, "Ada", &p, &a.err), SHED_E_STATE);
  assert_non_null(strstr(a.err.what, a.student.id.text));
  assert_non_null(strstr(a.err.what, b.student.id.text));
  STORE_OK(shed_store_find_person(a.store, SHED_ROLE_STUDENT, b.student.id.text, &p, &a.err), a.err);
  temp_store_end(&a);
  temp_store_end(&b);
}

static void
courses_are_listed_in_the_order_begun(void **state)
{
  temp_store t;
  shed_str   words = {0};
  (void)state;
  temp_store_begin(&t);
  STORE_OK(shed_store_enrol(t.store, &t.teacher.id, &t.student.id, "woodwind", &t.err), t.err);
  t.hand.wall_ms += 1000;
  STORE_OK(shed_store_enrol(t.store, NULL, &t.student.id, "harmony", &t.err), t.err);
  t.hand.wall_ms += 1000;
  STORE_OK(shed_store_enrol(t.store, NULL, &t.student.id, "woodwind", &t.err), t.err);
  STORE_OK(shed_store_each_course(t.store, &t.student.id, append_word, &words, &t.err), t.err);
  assert_string_equal(shed_str_text(&words), "woodwind harmony ");
  shed_str_free(&words);
  CHECK_STATUS(shed_store_enrol(t.store, NULL, &t.student.id, "", &t.err), SHED_E_RANGE);
  shed_uuid nobody = shed_uuid_new(&t.clock);
  CHECK_STATUS(shed_store_enrol(t.store, NULL, &nobody, "woodwind", &t.err), SHED_E_NOTFOUND);
  temp_store_check(&t);
  temp_store_end(&t);
}

static void
no_name_is_in_the_log(void **state)
{
  temp_store        t;
  shed_store_report report;
  char              out[300];
  char              file[400];
  (void)state;
  temp_store_begin(&t);
  (void)snprintf(out, sizeof(out), "%s/out", t.folder);
  STORE_OK(shed_store_export(t.store, NULL, out, &report, &t.err), t.err);
  (void)snprintf(file, sizeof(file), "%s/events.jsonl", out);
  assert_true(temp_file_contains(file, "person.added"));
  assert_false(temp_file_contains(file, "Ada"));
  (void)snprintf(file, sizeof(file), "%s/people.jsonl", out);
  assert_true(temp_file_contains(file, "Ada"));
  temp_store_end(&t);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(people_are_found_by_name_or_id),
      cmocka_unit_test(names_that_are_refused),
      cmocka_unit_test(two_of_one_name_are_told_apart_by_id),
      cmocka_unit_test(courses_are_listed_in_the_order_begun),
      cmocka_unit_test(no_name_is_in_the_log),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
