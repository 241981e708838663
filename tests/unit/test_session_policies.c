// Policies from files: what a file changes of its preset, and what is wrong in one, named with file, line, field and value.
#include "app/session/policies.h"

#include "drills/arena.h"
#include "tests/support/check.h"

static shed_status
read_text(const char *text, shed_policy *out, shed_faults *faults, shed_error *err)
{
  shed_credit_policy *file  = NULL;
  shed_arena         *arena = shed_arena_new(NULL);
  assert_non_null(arena);
  shed_status st = shed_credit_policy_parse(text, strlen(text), "gentle.yaml", arena, &file, faults, err);
  if (st == SHED_OK) {
    st = shed_policy_of_file(file, out, err);
  }
  shed_arena_free(arena);
  return st;
}

static void
a_file_changes_what_it_names_and_keeps_the_rest(void **state)
{
  shed_policy p, base;
  (void)state;
  CHECK_OK(shed_policy_preset("high-school", &base, NULL));
  CHECK_OK(
      read_text("id: gentle\nversion: 3\nextends: high-school\ntiming_ms: 250\nintonation_gates: false\n", &p,
                NULL, NULL));
  assert_string_equal(p.id, "gentle");
  assert_int_equal(p.version, 3);
  CHECK_NEAR(p.timing_ms, 250, 0);
  assert_false(p.intonation_gates);
  CHECK_NEAR(p.pitch_cents, base.pitch_cents, 0);
  CHECK_NEAR(p.timing_ioi_share, base.timing_ioi_share, 0);
  CHECK_NEAR(p.weight_rhythm, base.weight_rhythm, 0);
  assert_string_not_equal(p.sha256.text, base.sha256.text);
}

static void
a_zero_in_the_file_is_a_zero(void **state)
{
  shed_policy p;
  (void)state;
  CHECK_OK(read_text("id: g\nversion: 1\nextends: year-2\nsung_extra_ms: 0\nweight_continuity: 0\n", &p, NULL,
                     NULL));
  CHECK_NEAR(p.sung_extra_ms, 0, 0);
  CHECK_NEAR(p.weight_continuity, 0, 0);
}

static void
the_same_numbers_have_the_same_hash(void **state)
{
  shed_policy a, b;
  (void)state;
  CHECK_OK(read_text("id: g\nversion: 1\nextends: year-2\ntiming_ms: 90\n", &a, NULL, NULL));
  CHECK_OK(
      read_text("# another layout\ntiming_ms: 90.0\nversion: 1\nextends: year-2\nid: g\nwhy: for tests\n", &b,
                NULL, NULL));
  assert_string_equal(a.sha256.text, b.sha256.text);
}

static void
faults_are_named_with_file_line_field_and_value(void **state)
{
  static const struct {
    const char *text, *where, *what;
  } rows[] = {
      {"id: g\nversion: 1\nextends: year-2\ntiming_ms: -4\n", "gentle.yaml:4: timing_ms", "'-4'"},
      {"id: g\nversion: 1\nextends: year-2\ntiming_ms: soon\n", "gentle.yaml:4: timing_ms", "'soon'"},
      {"id: g\nversion: 1\nextends: year-9\n", "gentle.yaml:3: extends", "'year-9'"},
      {"id: g\nversion: 1\n", "gentle.yaml:1: extends", "missing"},
      {"id: G g\nversion: 1\nextends: year-2\n", "gentle.yaml:1: id", "'G g'"},
      {"id: g\nversion: 1\nextends: year-2\nmercy: 9\n", "gentle.yaml:4: mercy", "'mercy'"},
      {"id: g\nversion: 0\nextends: year-2\n", "gentle.yaml:2: version", "'0'"},
      {"id: g\nversion: 1\nextends: year-2\nintonation_gates: maybe\n", "gentle.yaml:4: intonation_gates",
       "'maybe'"},
      {"id: g\nversion: 1\nextends: year-2\nweight_pitch: 0\nweight_rhythm: 0\nweight_intonation: 0\n"
       "weight_continuity: 0\n",
       "gentle.yaml:4: weight_pitch", "All weights are 0"},
      {"- a list\n", "gentle.yaml:1", "not a list of fields"},
  };
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    shed_policy p;
    shed_error  err    = {0};
    shed_faults faults = {0};
    CHECK_STATUS(read_text(rows[i].text, &p, &faults, &err), SHED_E_FORMAT);
    assert_true(faults.n > 0);
    if (!strstr(faults.items[0].where, rows[i].where) || !strstr(faults.items[0].what, rows[i].what)) {
      fail_msg("row %zu: \"%s: %s\", expected %s and %s", i, faults.items[0].where, faults.items[0].what,
               rows[i].where, rows[i].what);
    }
    shed_faults_free(&faults);
  }
}

static void
names_are_presets_or_the_courses_own(void **state)
{
  shed_policy p;
  shed_error  err = {0};
  (void)state;
  CHECK_OK(shed_policy_named(NULL, "", &p, NULL));
  assert_string_equal(p.id, "year-2");
  CHECK_STATUS(shed_policy_named(NULL, "my/own", &p, &err), SHED_E_NOTFOUND);
  assert_non_null(strstr(err.what, "my/own"));
  assert_true(shed_policy_is_file("a/b.yaml"));
  assert_false(shed_policy_is_file("year-1"));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_file_changes_what_it_names_and_keeps_the_rest),
      cmocka_unit_test(a_zero_in_the_file_is_a_zero),
      cmocka_unit_test(the_same_numbers_have_the_same_hash),
      cmocka_unit_test(faults_are_named_with_file_line_field_and_value),
      cmocka_unit_test(names_are_presets_or_the_courses_own),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
