#include "app/serve/signins.h"

#include "tests/support/fake_alloc.h"
#include "tests/support/temp_store.h"

static shed_account
account(temp_store *t)
{
  shed_account a = {.person = t->student.id, .roles = SHED_ACCOUNT_STUDENT, .secret = "x", .login = "ada"};
  STORE_OK(shed_store_account_add(t->store, &a, &t->err), t->err);
  STORE_OK(shed_store_account_of(t->store, &t->student.id, &a, &t->err), t->err);
  return a;
}

static void
a_cookie_is_told_once_and_never_kept(void **state)
{
  temp_store    t;
  shed_signins *s = NULL;
  char          one[SHED_SIGNIN_COOKIE];
  char          two[SHED_SIGNIN_COOKIE];
  shed_who      who;
  (void)state;
  temp_store_begin(&t);
  shed_account a = account(&t);
  STORE_OK(shed_signins_open(&s, t.store, &t.clock, NULL, &t.err), t.err);
  STORE_OK(shed_signins_add(s, t.store, &a, one, &who, &t.err), t.err);
  STORE_OK(shed_signins_add(s, t.store, &a, two, &who, &t.err), t.err);
  assert_string_not_equal(one, two);
  assert_false(temp_file_contains(t.path, one));
  shed_who found = shed_signins_find(s, one);
  assert_int_equal(found.roles, SHED_ACCOUNT_STUDENT);
  assert_string_equal(found.name, "Ada");
  assert_string_not_equal(found.csrf, who.csrf); // each sign-in has its own
  assert_int_equal(shed_signins_find(s, "").roles, 0);
  assert_int_equal(shed_signins_find(s, found.token.text).roles, 0); // what the store has is no cookie
  assert_true(shed_signins_has(s, &found.token));
  uint64_t generation = shed_signins_generation(s);
  STORE_OK(shed_signins_drop_of(s, t.store, &a.person, &found.token, &t.err), t.err);
  assert_true(shed_signins_generation(s) > generation);
  assert_int_equal(shed_signins_find(s, two).roles, 0);
  assert_int_equal(shed_signins_find(s, one).roles, SHED_ACCOUNT_STUDENT);
  shed_signins_free(s);
  temp_store_end(&t);
}

static void
when_it_was_used_is_written_down(void **state)
{
  temp_store    t;
  shed_signins *s = NULL;
  char          cookie[SHED_SIGNIN_COOKIE];
  shed_who      who;
  (void)state;
  temp_store_begin(&t);
  shed_account a = account(&t);
  STORE_OK(shed_signins_open(&s, t.store, &t.clock, NULL, &t.err), t.err);
  STORE_OK(shed_signins_add(s, t.store, &a, cookie, &who, &t.err), t.err);
  t.hand.wall_ms += INT64_C(10) * 3600 * 1000;
  assert_int_equal(shed_signins_find(s, cookie).roles, SHED_ACCOUNT_STUDENT);
  STORE_OK(shed_signins_save(s, t.store, &t.err), t.err);
  shed_signins_free(s);
  t.hand.wall_ms += INT64_C(10) * 3600 * 1000; // twenty hours old, ten unused
  STORE_OK(shed_signins_open(&s, t.store, &t.clock, NULL, &t.err), t.err);
  assert_int_equal(shed_signins_find(s, cookie).roles, SHED_ACCOUNT_STUDENT);
  t.hand.wall_ms += INT64_C(31) * 24 * 3600 * 1000;
  STORE_OK(shed_signins_save(s, t.store, &t.err), t.err);
  assert_int_equal(shed_signins_find(s, cookie).roles, 0);
  shed_signins_free(s);
  temp_store_end(&t);
}

static void
who_is_erased_is_signed_out(void **state)
{
  temp_store        t;
  shed_store_report report;
  shed_signins     *s = NULL;
  char              cookie[SHED_SIGNIN_COOKIE];
  shed_who          who;
  (void)state;
  temp_store_begin(&t);
  shed_account a = account(&t);
  STORE_OK(shed_signins_open(&s, t.store, &t.clock, NULL, &t.err), t.err);
  STORE_OK(shed_signins_add(s, t.store, &a, cookie, &who, &t.err), t.err);
  STORE_OK(shed_store_erase(t.store, &t.teacher.id, &t.student.id, &report, &t.err), t.err);
  STORE_OK(shed_signins_save(s, t.store, &t.err), t.err);
  assert_int_equal(shed_signins_find(s, cookie).roles, 0);
  shed_signins_free(s);
  temp_store_end(&t);
}

static void
allocations_that_fail(void **state)
{
  temp_store t;
  (void)state;
  temp_store_begin(&t);
  SWEEP_ALLOCATIONS(a, {
    shed_signins *s = NULL;
    sweep_status    = shed_signins_open(&s, t.store, &t.clock, &a.alloc, NULL);
    shed_signins_free(s);
  });
  temp_store_end(&t);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_cookie_is_told_once_and_never_kept),
      cmocka_unit_test(when_it_was_used_is_written_down),
      cmocka_unit_test(who_is_erased_is_signed_out),
      cmocka_unit_test(allocations_that_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
