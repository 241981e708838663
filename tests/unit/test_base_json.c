#include "engine/base/json.h"

#include "tests/support/check.h"

static char *
written(const shed_json *v, shed_json_style style)
{
  shed_str s = {0};
  shed_json_write(v, style, &s);
  return s.text;
}

static void
what_is_built_reads_back(void **state)
{
  (void)state;
  shed_json *o = shed_json_object();
  shed_json_set_str(o, "name", "B\xe2\x99\xad");
  shed_json_set_int(o, "big", 9007199254740993LL);
  shed_json_set_real(o, "third", 1.0 / 3, 4);
  shed_json_set_real(o, "nothing", NAN, 3);
  shed_json_set_real(o, "minus_zero", -0.00001, 2);
  shed_json_set_bool(o, "yes", true);
  char *text = written(o, SHED_JSON_LINE);
  assert_string_equal(text, "{\"name\": \"B\xe2\x99\xad\", \"big\": 9007199254740993, \"third\": 0.3333, "
                            "\"nothing\": null, \"minus_zero\": 0.0, \"yes\": true}");
  shed_json *again = NULL;
  CHECK_OK(shed_json_parse(text, strlen(text), "x", &again, NULL));
  char *canonical = written(again, SHED_JSON_CANONICAL);
  assert_string_equal(
      canonical, "{\"big\":9007199254740993,\"minus_zero\":0.0,\"name\":\"B\xe2\x99\xad\",\"nothing\":null,"
                 "\"third\":0.3333,\"yes\":true}");
  shed_free(NULL, text);
  shed_free(NULL, canonical);
  shed_json_free(again);
  shed_json_free(o);
}

static void
text_that_is_not_utf8_does_not_spoil_a_document(void **state)
{
  (void)state;
  shed_json *o = shed_json_object();
  shed_json_set_str(o, "file", "caf\xe9.wav");
  char *text = written(o, SHED_JSON_LINE);
  assert_string_equal(text, "{\"file\": \"caf?.wav\"}");
  shed_free(NULL, text);
  shed_json_free(o);
}

static void
faults_name_their_place(void **state)
{
  static const struct {
    const char *text;
    const char *where;
  } rows[] = {{"{\"a\": 1,\n \"a\": 2}", "p.json:2"},
              {"[1, 2", "p.json:1"},
              {"{} x", "p.json:1"},
              {"", "p.json:1"},
              {"[NaN]", "p.json:1"}};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    shed_json *v   = NULL;
    shed_error err = {0};
    CHECK_STATUS(shed_json_parse(rows[i].text, strlen(rows[i].text), "p.json", &v, &err), SHED_E_FORMAT);
    if (strncmp(err.where, rows[i].where, strlen(rows[i].where)) != 0) {
      fail_msg("row %zu: place is %s", i, err.where);
    }
    assert_true(err.what[0]);
  }
}

static void
typed_getters_refuse_and_say_why(void **state)
{
  const char *text = "{\"n\": 12, \"x\": 0.5, \"s\": \"long text\", \"b\": true, \"z\": null}";
  shed_json  *v    = NULL;
  shed_error  err  = {0};
  int64_t     n    = -1;
  double      x    = -1;
  const char *s    = "unset";
  bool        b    = false;
  (void)state;
  CHECK_OK(shed_json_parse(text, strlen(text), "t", &v, NULL));
  CHECK_OK(shed_json_read_int(v, "n", false, 0, 20, &n, &err));
  assert_int_equal(n, 12);
  CHECK_STATUS(shed_json_read_int(v, "n", false, 0, 10, &n, &err), SHED_E_FORMAT);
  assert_string_equal(err.where, "n");
  assert_string_equal(err.what, "12 is not a whole number from 0 to 10");
  CHECK_STATUS(shed_json_read_int(v, "x", false, 0, 10, &n, &err), SHED_E_FORMAT);
  CHECK_OK(shed_json_read_real(v, "x", false, 0, 1, &x, &err));
  CHECK_STATUS(shed_json_read_str(v, "s", false, 4, &s, &err), SHED_E_FORMAT);
  assert_string_equal(s, "unset");
  CHECK_OK(shed_json_read_str(v, "absent", true, 4, &s, &err));
  CHECK_OK(shed_json_read_str(v, "z", true, 4, &s, &err));
  CHECK_STATUS(shed_json_read_str(v, "absent", false, 4, &s, &err), SHED_E_FORMAT);
  assert_string_equal(err.what, "is missing: a text of at most 4 bytes is needed");
  CHECK_OK(shed_json_read_bool(v, "b", false, &b, &err));
  assert_true(b);
  shed_json_free(v);
}

static void
deep_nesting_is_refused(void **state)
{
  char       deep[8192];
  shed_json *v = NULL;
  (void)state;
  memset(deep, '[', sizeof(deep));
  CHECK_STATUS(shed_json_parse(deep, sizeof(deep), "deep", &v, NULL), SHED_E_FORMAT);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_built_reads_back),
      cmocka_unit_test(text_that_is_not_utf8_does_not_spoil_a_document),
      cmocka_unit_test(faults_name_their_place),
      cmocka_unit_test(typed_getters_refuse_and_say_why),
      cmocka_unit_test(deep_nesting_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
