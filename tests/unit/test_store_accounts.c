#include "mastery/store/accounts.h"

#include "tests/support/temp_store.h"

static shed_account
account(const shed_person *p, const char *login, unsigned roles)
{
  shed_account a = {.person = p->id, .roles = roles, .secret = "$argon2id$secret"};
  (void)snprintf(a.login, sizeof(a.login), "%s", login);
  return a;
}

static bool
append_login(void *ctx, const shed_account *a)
{
  shed_str_addf(ctx, "%s:%u:%s ", a->login, a->roles, a->name);
  return true;
}

static bool
count_signin(void *ctx, const shed_signin *in)
{
  (void)in;
  ++*(int *)ctx;
  return true;
}

static int
signins(temp_store *t)
{
  int n = 0;
  STORE_OK(shed_store_each_signin(t->store, count_signin, &n, &t->err), t->err);
  return n;
}

static void
accounts_are_found_by_login_whatever_its_case(void **state)
{
  temp_store   t;
  shed_account a;
  shed_account found;
  shed_str     list = {0};
  (void)state;
  temp_store_begin(&t);
  a = account(&t.teacher, "lind", SHED_ACCOUNT_TEACHER | SHED_ACCOUNT_ADMIN);
  STORE_OK(shed_store_account_add(t.store, &a, &t.err), t.err);
  a = account(&t.student, "ada", SHED_ACCOUNT_STUDENT);
  STORE_OK(shed_store_account_add(t.store, &a, &t.err), t.err);
  STORE_OK(shed_store_account_named(t.store, "LIND", &found, &t.err), t.err);
  assert_string_equal(found.name, "Ms Lind");
  assert_int_equal(found.roles, SHED_ACCOUNT_TEACHER | SHED_ACCOUNT_ADMIN);
  CHECK_STATUS(shed_store_account_named(t.store, "nobody", &found, &t.err), SHED_E_NOTFOUND);
  STORE_OK(shed_store_account_secret(t.store, &t.student.id, "other", &t.err), t.err);
  STORE_OK(shed_store_account_seen(t.store, &t.student.id, 5, &t.err), t.err);
  STORE_OK(shed_store_account_of(t.store, &t.student.id, &found, &t.err), t.err);
  assert_string_equal(found.secret, "other");
  assert_int_equal(found.seen_at_ms, 5);
  STORE_OK(shed_store_each_account(t.store, SHED_ACCOUNT_ROLES, append_login, &list, &t.err), t.err);
  assert_string_equal(shed_str_text(&list), "ada:1:Ada lind:6:Ms Lind ");
  shed_str_free(&list);
  temp_store_end(&t);
}

static void
accounts_that_are_refused(void **state)
{
  temp_store   t;
  shed_account a;
  shed_person  nobody = {.id = {"00000000-0000-7000-8000-000000000001"}};
  (void)state;
  temp_store_begin(&t);
  a = account(&t.teacher, "lind", SHED_ACCOUNT_TEACHER);
  STORE_OK(shed_store_account_add(t.store, &a, &t.err), t.err);
  a = account(&t.student, "Lind", SHED_ACCOUNT_STUDENT);
  CHECK_STATUS(shed_store_account_add(t.store, &a, &t.err), SHED_E_EXISTS);
  a = account(&t.teacher, "lind2", SHED_ACCOUNT_TEACHER);
  CHECK_STATUS(shed_store_account_add(t.store, &a, &t.err), SHED_E_EXISTS);
  a = account(&nobody, "nobody", SHED_ACCOUNT_STUDENT);
  CHECK_STATUS(shed_store_account_add(t.store, &a, &t.err), SHED_E_NOTFOUND);
  a = account(&t.student, "", SHED_ACCOUNT_STUDENT);
  CHECK_STATUS(shed_store_account_add(t.store, &a, &t.err), SHED_E_RANGE);
  a = account(&t.student, "ada", 0);
  CHECK_STATUS(shed_store_account_add(t.store, &a, &t.err), SHED_E_RANGE);
  temp_store_end(&t);
}

static void
who_is_signed_in_outlives_the_program_and_ends_with_the_person(void **state)
{
  temp_store        t;
  shed_store_report report;
  shed_account      a;
  shed_signin       one  = {.token = shed_sha256_of("1", 1), .begun_at_ms = 10, .used_at_ms = 10};
  shed_signin       two  = {.token = shed_sha256_of("2", 1), .begun_at_ms = 20, .used_at_ms = 20};
  shed_str          text = {0};
  (void)state;
  temp_store_begin(&t);
  a = account(&t.student, "ada", SHED_ACCOUNT_STUDENT);
  STORE_OK(shed_store_account_add(t.store, &a, &t.err), t.err);
  one.person = two.person = t.student.id;
  STORE_OK(shed_store_signin_put(t.store, &one, &t.err), t.err);
  STORE_OK(shed_store_signin_put(t.store, &two, &t.err), t.err);
  STORE_OK(shed_store_settings_put(t.store, &t.student.id, "{\"level\":2}", &t.err), t.err);
  shed_store_close(t.store);
  temp_store_open(&t);
  assert_int_equal(signins(&t), 2);
  STORE_OK(shed_store_settings(t.store, &t.student.id, &text, &t.err), t.err);
  assert_string_equal(shed_str_text(&text), "{\"level\":2}");
  STORE_OK(shed_store_signin_drop_of(t.store, &t.student.id, &two.token, &t.err), t.err);
  assert_int_equal(signins(&t), 1);
  STORE_OK(shed_store_signin_expire(t.store, 20, 0, &t.err), t.err);
  assert_int_equal(signins(&t), 1);
  STORE_OK(shed_store_erase(t.store, &t.teacher.id, &t.student.id, &report, &t.err), t.err);
  assert_int_equal(signins(&t), 0);
  CHECK_STATUS(shed_store_account_named(t.store, "ada", &a, &t.err), SHED_E_NOTFOUND);
  assert_false(temp_file_contains(t.path, "argon2id"));
  temp_store_check(&t);
  shed_str_free(&text);
  temp_store_end(&t);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(accounts_are_found_by_login_whatever_its_case),
      cmocka_unit_test(accounts_that_are_refused),
      cmocka_unit_test(who_is_signed_in_outlives_the_program_and_ends_with_the_person),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
