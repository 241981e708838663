#include "engine/music/metre.h"

#include "engine/base/attrs.h"
#include "tests/support/check.h"

static void
pulses_of_usual_metres(void **state)
{
  // pulses in eighths
  static const struct {
    shed_metre metre;
    bool       compound;
    int        n;
    int        eighths[6];
  } rows[] = {
      {{4, 4}, false, 4, {2, 2, 2, 2}},    {{3, 4}, false, 3, {2, 2, 2}},
      {{2, 2}, false, 2, {4, 4}},          {{6, 8}, true, 2, {3, 3}},
      {{9, 8}, true, 3, {3, 3, 3}},        {{12, 8}, true, 4, {3, 3, 3, 3}},
      {{3, 8}, false, 3, {1, 1, 1}},       {{7, 8}, false, 3, {2, 2, 3}},
      {{5, 8}, false, 2, {3, 2}},          {{8, 8}, false, 4, {2, 2, 2, 2}},
      {{5, 4}, false, 5, {2, 2, 2, 2, 2}}, {{6, 4}, false, 6, {2, 2, 2, 2, 2, 2}},
  };
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    shed_beat pulses[SHED_METRE_PULSES];
    size_t    n = shed_metre_pulses(rows[i].metre, pulses);
    assert_int_equal(n, rows[i].n);
    assert_int_equal(shed_metre_compound(rows[i].metre), rows[i].compound);
    for (size_t k = 0; k < n; k++) {
      CHECK_NEAR(shed_beat_quarters(pulses[k]) * 2, rows[i].eighths[k], 0);
    }
  }
}

static void
pulses_always_fill_the_measure(void **state)
{
  (void)state;
  for (int beats = 1; beats <= 32; beats++) {
    for (int type = 1; type <= 32; type *= 2) {
      shed_beat pulses[SHED_METRE_PULSES];
      size_t    n   = shed_metre_pulses((shed_metre){beats, type}, pulses);
      shed_beat sum = shed_beat_of(0, 1);
      assert_in_range(n, 1, SHED_METRE_PULSES);
      for (size_t k = 0; k < n; k++) {
        assert_true(pulses[k].num > 0);
        sum = shed_beat_add(sum, pulses[k]);
      }
      assert_int_equal(shed_beat_cmp(sum, shed_metre_length((shed_metre){beats, type})), 0);
    }
  }
}

static void
an_even_click_has_one_pulse_or_the_written_beat(void **state)
{
  static const struct {
    shed_metre metre;
    double     quarters;
  } rows[] = {{{4, 4}, 1}, {{2, 2}, 2}, {{3, 8}, .5}, {{6, 8}, 1.5}, {{7, 8}, .5}, {{12, 16}, .75}};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    CHECK_NEAR(shed_beat_quarters(shed_metre_even_pulse(rows[i].metre)), rows[i].quarters, 0);
  }
}

static void
impossible_metres(void **state)
{
  static const shed_metre rows[] = {{0, 4}, {4, 0}, {33, 4}, {4, 3}, {4, 64}, {-1, 4}, {4, -4}};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    assert_false(shed_metre_valid(rows[i]));
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pulses_of_usual_metres),
      cmocka_unit_test(pulses_always_fill_the_measure),
      cmocka_unit_test(an_even_click_has_one_pulse_or_the_written_beat),
      cmocka_unit_test(impossible_metres),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
