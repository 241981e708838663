#include "engine/music/pitch.h"

#include "tests/support/check.h"

static void
names_read_back(void **state)
{
  (void)state;
  for (int midi = 0; midi <= 127; midi++) {
    for (int fifths = -7; fifths <= 7; fifths++) {
      shed_pitch p = shed_pitch_spell(midi, fifths);
      shed_pitch q;
      char       name[16];
      shed_pitch_name(p, name, sizeof(name));
      CHECK_OK(shed_pitch_parse(name, &q));
      assert_int_equal(shed_pitch_midi(q), midi);
      assert_memory_equal(&p, &q, sizeof(p));
    }
  }
}

static void
spelling_follows_the_key(void **state)
{
  static const struct {
    int         midi, fifths;
    const char *name;
  } rows[] = {
      {61, 0, "C♯4"}, {63, 0, "D♯4"}, {66, 1, "F♯4"},  {70, -1, "B♭4"}, {68, -3, "A♭4"}, {71, -6, "C♭5"},
      {60, 7, "B♯3"}, {65, 6, "E♯4"}, {58, -2, "B♭3"}, {60, 0, "C4"},   {64, -7, "F♭4"}, {63, 4, "D♯4"},
      {71, -1, "B4"}, {71, -3, "B4"}, {65, 1, "F4"},   {60, 3, "C4"},   {64, -4, "E4"},  {65, 7, "E♯4"},
  };
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    char name[16];
    shed_pitch_name(shed_pitch_spell(rows[i].midi, rows[i].fifths), name, sizeof(name));
    assert_string_equal(name, rows[i].name);
  }
}

static void
transposing_keeps_letters(void **state)
{
  shed_pitch p, q;
  (void)state;
  CHECK_OK(shed_pitch_parse("F#4", &p));
  CHECK_OK(shed_pitch_parse("A#4", &q));
  shed_pitch up = shed_pitch_transpose(p, 2, 4);
  assert_memory_equal(&up, &q, sizeof(q));
  CHECK_OK(shed_pitch_parse("C4", &p));
  CHECK_OK(shed_pitch_parse("Bb2", &q));
  shed_pitch down = shed_pitch_transpose(p, -8, -14);
  assert_memory_equal(&down, &q, sizeof(q));
}

static void
nonsense_is_refused(void **state)
{
  static const char *const rows[] = {"", "H4", "C", "C#", "C####4", "C4 ", "C44444", "Cb", "4C", "C--1"};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    shed_pitch p;
    CHECK_STATUS(shed_pitch_parse(rows[i], &p), SHED_E_FORMAT);
  }
}

static void
hz_and_midi(void **state)
{
  (void)state;
  CHECK_NEAR(shed_midi_to_hz(60, 440), 261.6255653, 1e-6);
  CHECK_NEAR(shed_hz_to_midi(442, 440), 69.0785, 1e-4);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(names_read_back),
      cmocka_unit_test(spelling_follows_the_key),
      cmocka_unit_test(transposing_keeps_letters),
      cmocka_unit_test(nonsense_is_refused),
      cmocka_unit_test(hz_and_midi),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
