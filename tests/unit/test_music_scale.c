#include "engine/music/scale.h"

#include "tests/support/check.h"

static void
spelled_as_in_the_books(void **state)
{
  static const struct {
    shed_scale_id id;
    const char   *tonic;
    const char   *notes;
  } rows[] = {
      {SHED_SCALE_major, "Bb3", "B♭3 C4 D4 E♭4 F4 G4 A4 B♭4"},
      {SHED_SCALE_major, "F#4", "F♯4 G♯4 A♯4 B4 C♯5 D♯5 E♯5 F♯5"},
      {SHED_SCALE_harmonic_minor, "G4", "G4 A4 B♭4 C5 D5 E♭5 F♯5 G5"},
      {SHED_SCALE_melodic_minor, "A3", "A3 B3 C4 D4 E4 F♯4 G♯4 A4"},
      {SHED_SCALE_natural_minor, "C4", "C4 D4 E♭4 F4 G4 A♭4 B♭4 C5"},
      {SHED_SCALE_dorian, "D4", "D4 E4 F4 G4 A4 B4 C5 D5"},
      {SHED_SCALE_phrygian, "E4", "E4 F4 G4 A4 B4 C5 D5 E5"},
      {SHED_SCALE_lydian, "F4", "F4 G4 A4 B4 C5 D5 E5 F5"},
      {SHED_SCALE_mixolydian, "G4", "G4 A4 B4 C5 D5 E5 F5 G5"},
      {SHED_SCALE_locrian, "B4", "B4 C5 D5 E5 F5 G5 A5 B5"},
      {SHED_SCALE_chromatic, "C4", "C4 C♯4 D4 D♯4 E4 F4 F♯4 G4 G♯4 A4 A♯4 B4 C5"},
      {SHED_SCALE_chromatic_falling, "C4", "C4 D♭4 D4 E♭4 E4 F4 G♭4 G4 A♭4 A4 B♭4 B4 C5"},
      {SHED_SCALE_major_pentatonic, "F4", "F4 G4 A4 C5 D5 F5"},
      {SHED_SCALE_minor_pentatonic, "E4", "E4 G4 A4 B4 D5 E5"},
      {SHED_SCALE_major_arpeggio, "Eb4", "E♭4 G4 B♭4 E♭5"},
      {SHED_SCALE_minor_arpeggio, "C4", "C4 E♭4 G4 C5"},
      {SHED_SCALE_dominant_seventh, "G3", "G3 B3 D4 F4 G4"},
      {SHED_SCALE_diminished_seventh, "B3", "B3 D4 F4 A♭4 B4"},
  };
  (void)state;
  assert_int_equal(SHED_COUNTOF(rows) - 1, SHED_SCALE_COUNT);
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    const shed_scale *scale = shed_scale_get(rows[i].id);
    shed_pitch        tonic;
    char              text[160] = "";
    CHECK_OK(shed_pitch_parse(rows[i].tonic, &tonic));
    for (int d = 0; d <= scale->n; d++) {
      char name[16];
      shed_pitch_name(shed_scale_note(scale, tonic, d), name, sizeof(name));
      (void)snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s", d ? " " : "", name);
    }
    assert_string_equal(text, rows[i].notes);
  }
}

static void
degrees_go_on_below_and_above(void **state)
{
  (void)state;
  for (int id = 0; id < SHED_SCALE_COUNT; id++) {
    const shed_scale *scale = shed_scale_get((shed_scale_id)id);
    shed_pitch        tonic = {1, 0, 4};
    shed_scale_id     found;
    CHECK_OK(shed_scale_find(scale->id, &found));
    assert_int_equal(found, id);
    assert_in_range(scale->falls_as, 0, SHED_SCALE_COUNT - 1);
    for (int d = -2 * scale->n; d < 2 * scale->n; d++) {
      int here  = shed_pitch_midi(shed_scale_note(scale, tonic, d));
      int there = shed_pitch_midi(shed_scale_note(scale, tonic, d + scale->n));
      assert_int_equal(there - here, 12);
      assert_true(shed_pitch_midi(shed_scale_note(scale, tonic, d + 1)) > here);
    }
  }
  shed_scale_id none;
  CHECK_STATUS(shed_scale_find("bebop", &none), SHED_E_NOTFOUND);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(spelled_as_in_the_books),
      cmocka_unit_test(degrees_go_on_below_and_above),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
