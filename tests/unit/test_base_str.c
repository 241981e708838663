#include "engine/base/str.h"

#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

#include <locale.h>

static void
numbers_are_read_strictly(void **state)
{
  static const char *const bad[] = {"",     " 1",    "1 ",  "1,5",   "nan", "inf",
                                    "0x10", "1e400", "--1", "1.2.3", "+-1"};
  double                   x     = 7;
  long long                n     = 7;
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(bad); i++) {
    if (shed_parse_double(bad[i], -1e300, 1e300, &x)) {
      fail_msg("\"%s\" was read as %g", bad[i], x);
    }
  }
  assert_true(shed_parse_double("-12.5e-1", -2, 2, &x));
  CHECK_NEAR(x, -1.25, 0);
  assert_false(shed_parse_double("3", -2, 2, &x));
  assert_true(shed_parse_int("-42", -50, 50, &n));
  assert_int_equal(n, -42);
  assert_false(shed_parse_int("4.0", -50, 50, &n));
  assert_false(shed_parse_int("99999999999999999999", -50, 50, &n));
  assert_int_equal(n, -42);
}

static void
numbers_are_written_in_the_c_locale(void **state)
{
  static const struct {
    double      value;
    int         decimals;
    const char *text;
  } rows[] = {{1.5, 3, "1.5"},     {3, 4, "3"},     {-0.00001, 3, "0"},
              {-0.25, 2, "-0.25"}, {100, 0, "100"}, {1e21, 2, "1000000000000000000000"}};
  (void)state;
  // where the machine has a locale with a decimal comma, the result is the same
  (void)setlocale(LC_NUMERIC, "de_DE.UTF-8");
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    char text[64];
    (void)shed_format_double(text, sizeof(text), rows[i].value, rows[i].decimals);
    assert_string_equal(text, rows[i].text);
  }
  (void)setlocale(LC_NUMERIC, "C");
}

static void
utf8_is_told_from_what_is_not(void **state)
{
  static const struct {
    const char *bytes;
    bool        valid;
  } rows[] = {
      {"plain", true},     {"B\xe2\x99\xad", true},     {"\xf0\x9d\x84\x9e", true},
      {"\xc0\xaf", false}, {"\xed\xa0\x80", false},     {"\xe2\x99", false},
      {"\xff", false},     {"\xf4\x90\x80\x80", false}, {"\x80", false},
  };
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    if (shed_utf8_valid(rows[i].bytes, strlen(rows[i].bytes)) != rows[i].valid) {
      fail_msg("row %zu", i);
    }
  }
  assert_false(shed_utf8_valid("a\0b", 3));
  assert_int_equal(shed_utf8_columns("B\xe2\x99\xad"
                                     "4"),
                   3);
}

static void
a_growing_text_survives_lack_of_memory(void **state)
{
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_str s = {.alloc = &a.alloc};
    for (int i = 0; i < 200; i++) {
      shed_str_addf(&s, "%d,", i);
    }
    sweep_status = s.failed ? SHED_E_NOMEM : SHED_OK;
    if (!s.failed) {
      assert_true(shed_starts_with(shed_str_text(&s), "0,1,2,"));
      assert_true(shed_ends_with(shed_str_text(&s), "198,199,"));
    }
    shed_str_free(&s);
    assert_string_equal(shed_str_text(&s), "");
  });
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers_are_read_strictly),
      cmocka_unit_test(numbers_are_written_in_the_c_locale),
      cmocka_unit_test(utf8_is_told_from_what_is_not),
      cmocka_unit_test(a_growing_text_survives_lack_of_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
