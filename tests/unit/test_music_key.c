#include "engine/music/key.h"

#include "tests/support/check.h"

static void
tonics_and_signatures(void **state)
{
  static const struct {
    const char *text, *name;
    int         fifths;
  } rows[] = {
      {"C", "C major", 0},         {"Bb", "B♭ major", -2},          {"F#", "F♯ major", 6},
      {"a minor", "A minor", 0},   {"c minor", "C minor", -3},      {"F# minor", "F♯ minor", 3},
      {"d dorian", "D dorian", 0}, {"Cb", "C♭ major", -7},          {"G mixolydian", "G mixolydian", 0},
      {"F lydian", "F lydian", 0}, {"E phrygian", "E phrygian", 0}, {"B locrian", "B locrian", 0},
      {"A# minor", "A♯ minor", 7}, {"E♭ Minor", "E♭ minor", -6},
  };
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    shed_key key;
    char     name[24];
    CHECK_OK(shed_key_parse(rows[i].text, &key));
    assert_int_equal(key.fifths, rows[i].fifths);
    shed_key_name(key, name, sizeof(name));
    assert_string_equal(name, rows[i].name);
  }
}

static void
nonsense_is_refused(void **state)
{
  static const char *const rows[] = {
      "",  " ", "H", "C4", "C majorr", "G# major", "Fb minor", "C ", "Bb-", "major", "ABCDEFGHIJKLMNOPQRS",
      "C-"};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    shed_key key;
    CHECK_STATUS(shed_key_parse(rows[i], &key), SHED_E_FORMAT);
  }
}

static void
alterations_are_those_of_the_signature(void **state)
{
  // sharps in their order, by hand: F C G D A E B
  static const int order[7] = {3, 0, 4, 1, 5, 2, 6};
  (void)state;
  for (int fifths = -7; fifths <= 7; fifths++) {
    int expected[7] = {0};
    for (int i = 0; i < fifths; i++) {
      expected[order[i]] = 1;
    }
    for (int i = 0; i < -fifths; i++) {
      expected[order[6 - i]] = -1;
    }
    for (int step = 0; step < 7; step++) {
      assert_int_equal(shed_key_alter(fifths, step), expected[step]);
    }
  }
}

static void
transposing_moves_tonic_and_signature_together(void **state)
{
  static const int intervals[][2] = {{1, 2}, {4, 7}, {-5, -9}, {2, 3}, {-1, -2}, {7, 12}, {3, 5}};
  (void)state;
  for (int fifths = -7; fifths <= 7; fifths++) {
    for (size_t i = 0; i < SHED_COUNTOF(intervals); i++) {
      shed_key   key   = {fifths, SHED_MODE_MAJOR};
      shed_key   moved = shed_key_transpose(key, intervals[i][0], intervals[i][1]);
      shed_pitch from  = shed_key_tonic(key);
      shed_pitch to    = shed_key_tonic(moved);
      int        far   = shed_pitch_midi(to) - shed_pitch_midi(from) - intervals[i][1];
      assert_int_equal(((far % 12) + 12) % 12, 0);
      assert_in_range(moved.fifths + 7, 0, 14);
      shed_key again = shed_key_on(to, SHED_MODE_MAJOR);
      assert_int_equal(again.fifths, moved.fifths);
    }
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(tonics_and_signatures),
      cmocka_unit_test(nonsense_is_refused),
      cmocka_unit_test(alterations_are_those_of_the_signature),
      cmocka_unit_test(transposing_moves_tonic_and_signature_together),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
