#include "app/serve/secret.h"

#include "app/serve/routes.h"
#include "tests/support/check.h"

#include <string.h>

static void
a_password_fits_its_own_secret_alone(void **state)
{
  char one[SHED_ACCOUNT_SECRET];
  char two[SHED_ACCOUNT_SECRET];
  (void)state;
  CHECK_STATUS(shed_secret_make("correct horse", one, sizeof(one)), SHED_OK);
  CHECK_STATUS(shed_secret_make("correct horse", two, sizeof(two)), SHED_OK);
  assert_memory_equal(one, "$argon2id$", 10);
  assert_string_not_equal(one, two); // salted
  assert_true(shed_secret_fits(one, "correct horse"));
  assert_false(shed_secret_fits(one, "correct horsf"));
  assert_false(shed_secret_fits(one, ""));
  assert_false(shed_secret_fits("", ""));
  assert_false(shed_secret_fits("nonsense", "nonsense"));
}

static void
slips_can_be_copied_from_paper(void **state)
{
  char one[SHED_SLIP_PASSWORD];
  char two[SHED_SLIP_PASSWORD];
  (void)state;
  shed_secret_slip(one);
  shed_secret_slip(two);
  assert_string_not_equal(one, two);
  for (int i = 0; i < 200; i++) {
    shed_secret_slip(one);
    assert_int_equal(strlen(one), 11);
    assert_int_equal(strspn(one, "abcdefghjkmnpqrstuvwxyz23456789-"), 11);
    assert_null(strpbrk(one, "ilo01"));
  }
  assert_true(shed_secret_equal("a", "a"));
  assert_false(shed_secret_equal("a", "ab"));
  assert_false(shed_secret_equal("a", ""));
}

static void
sign_in_names_are_plain_letters(void **state)
{
  static const struct {
    const char *name, *login;
  } cases[] = {
      {"Zoë Ångström", "zoe.angstrom"},
      {"Łukasz", "lukasz"},
      {"O'Brien, Tim", "obrien.tim"},
      {"  Ada  ", "ada"},
      {"李小龙", "player"},
      {"Müller-Lüdenscheidt", "mullerludenscheidt"},
      {"Þór", "por"},
      {"X", "player"},
      {"\xff\xfe", "player"},
  };
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(cases); i++) {
    char login[SHED_ACCOUNT_LOGIN];
    shed_login_make(cases[i].name, login);
    assert_string_equal(login, cases[i].login);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_password_fits_its_own_secret_alone),
      cmocka_unit_test(slips_can_be_copied_from_paper),
      cmocka_unit_test(sign_in_names_are_plain_letters),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
