#include "assessors/policy.h"

#include "tests/support/check.h"

static void
presets_have_the_published_numbers(void **state)
{
  static const struct {
    const char *name;
    double      pitch, intonation, ms, share;
    bool        gates;
  } rows[] = {
      {"year-1", 70, 40, 150, .40, false},
      {"year-2", 50, 30, 120, .35, true},
      {"high-school", 50, 25, 100, .30, true},
      {"college", 50, 18, 50, .20, true},
  };
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    shed_policy p;
    CHECK_OK(shed_policy_preset(rows[i].name, &p, NULL));
    assert_string_equal(p.id, rows[i].name);
    CHECK_NEAR(p.pitch_cents, rows[i].pitch, 0);
    CHECK_NEAR(p.intonation_cents, rows[i].intonation, 0);
    CHECK_NEAR(p.timing_ms, rows[i].ms, 0);
    CHECK_NEAR(p.timing_ioi_share, rows[i].share, 0);
    CHECK_NEAR(p.sung_extra_ms, 30, 0);
    assert_int_equal(p.intonation_gates, rows[i].gates);
    assert_int_equal(strlen(p.sha256.text), SHED_SHA256_TEXT - 1);
    CHECK_NEAR(p.weight_pitch + p.weight_rhythm + p.weight_intonation + p.weight_continuity, 1, 1e-9);
  }
}

static void
the_default_is_year_2(void **state)
{
  shed_policy a, b, c;
  (void)state;
  CHECK_OK(shed_policy_preset("", &a, NULL));
  CHECK_OK(shed_policy_preset("default", &b, NULL));
  CHECK_OK(shed_policy_preset("year-2", &c, NULL));
  assert_string_equal(a.sha256.text, c.sha256.text);
  assert_string_equal(b.sha256.text, c.sha256.text);
}

static void
an_unknown_name_lists_what_there_is(void **state)
{
  shed_policy p;
  shed_error  err = {0};
  (void)state;
  CHECK_STATUS(shed_policy_preset("year-9", &p, &err), SHED_E_NOTFOUND);
  assert_non_null(strstr(err.what, "year-9"));
  assert_non_null(strstr(err.what, "year-1, year-2, high-school, college"));
}

static shed_status
from_text(const char *text, shed_policy *out, shed_error *err)
{
  shed_json *v = NULL;
  CHECK_OK(shed_json_parse(text, strlen(text), "policy.json", &v, NULL));
  shed_status st = shed_policy_from_json(v, out, err);
  shed_json_free(v);
  return st;
}

static void
round_trip_keeps_the_hash(void **state)
{
  static const char *const names[] = {"year-1", "year-2", "high-school", "college"};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(names); i++) {
    shed_policy p, q;
    CHECK_OK(shed_policy_preset(names[i], &p, NULL));
    shed_json *v = shed_policy_to_json(&p);
    CHECK_OK(shed_policy_from_json(v, &q, NULL));
    shed_json_free(v);
    assert_string_equal(p.sha256.text, q.sha256.text);
    CHECK_NEAR(q.timing_ioi_share, p.timing_ioi_share, 0);
    assert_int_equal(q.version, p.version);
  }
}

#define REST                                                                                                 \
  "\"intonation_cents\":30,\"timing_ms\":100,\"timing_ioi_share\":0.3,\"sung_extra_ms\":30,"                 \
  "\"weight_rhythm\":0.4,\"weight_intonation\":0.1,\"weight_continuity\":0.1,\"intonation_gates\":true,"     \
  "\"judge_fermata_time\":false"
#define HEAD "\"schema\":\"woodshed/policy/1\",\"version\":3,"

static void
wrong_documents_are_refused_by_name(void **state)
{
  static const struct {
    const char *text, *names;
  } rows[] = {
      {"{" HEAD "\"id\":\"x\",\"pitch_cents\":40,\"weight_pitch\":0.4,\"mercy\":1," REST "}", "mercy"},
      {"{" HEAD "\"id\":\"x\",\"pitch_cents\":0,\"weight_pitch\":0.4," REST "}", "pitch_cents"},
      {"{" HEAD "\"id\":\"x\",\"weight_pitch\":0.4," REST "}", "pitch_cents"},
      {"{" HEAD "\"pitch_cents\":40,\"weight_pitch\":0.4," REST "}", "id"},
      {"{\"schema\":\"woodshed/policy/"
       "9\",\"version\":3,\"id\":\"x\",\"pitch_cents\":40,\"weight_pitch\":0.4," REST "}",
       "schema"},
  };
  shed_policy p;
  (void)state;
  CHECK_OK(from_text("{" HEAD "\"id\":\"mine\",\"pitch_cents\":40,\"weight_pitch\":0.4," REST "}", &p, NULL));
  CHECK_NEAR(p.pitch_cents, 40, 0);
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    shed_error err = {0};
    assert_int_not_equal(from_text(rows[i].text, &p, &err), SHED_OK);
    if (!strstr(err.where, rows[i].names)) {
      fail_msg("row %zu: error at \"%s\" (%s), expected %s", i, err.where, err.what, rows[i].names);
    }
  }
  CHECK_STATUS(from_text("[]", &p, NULL), SHED_E_FORMAT);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(presets_have_the_published_numbers),  cmocka_unit_test(the_default_is_year_2),
      cmocka_unit_test(an_unknown_name_lists_what_there_is), cmocka_unit_test(round_trip_keeps_the_hash),
      cmocka_unit_test(wrong_documents_are_refused_by_name),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
