#include "engine/music/profile.h"

#include "tests/support/check.h"

static int
midi_of(const char *name)
{
  shed_pitch p;
  CHECK_OK(shed_pitch_parse(name, &p));
  return shed_pitch_midi(p);
}

static shed_profile
find(const char *name)
{
  shed_profile p;
  shed_error   err = {0};
  if (shed_profile_find(name, &p, &err) != SHED_OK) {
    fail_msg("%s", err.what);
  }
  return p;
}

static bool
inside(shed_pitch p, shed_range r)
{
  int midi = shed_pitch_midi(p);
  return midi >= shed_pitch_midi(r.low) && midi <= shed_pitch_midi(r.high);
}

static void
every_row_is_whole(void **state)
{
  (void)state;
  for (size_t i = 0; i < shed_profile_count(); i++) {
    shed_profile p = shed_profile_at(i);
    assert_string_equal(find(p.id).id, p.id);
    assert_string_equal(find(p.name).id, p.id);
    assert_int_equal(p.unpitched, p.gm_program < 0);
    assert_int_equal(p.unpitched, p.gm_percussion >= 0);
    for (int level = 0; level < SHED_LEVELS; level++) {
      assert_true(p.breath_s[level] >= 4);
      assert_true(level == 0 || p.breath_s[level] >= p.breath_s[level - 1]);
    }
    if (p.unpitched) {
      assert_int_equal(p.n_first, 0);
      continue;
    }
    assert_true(p.n_first >= 5);
    for (int n = 0; n < p.n_first; n++) {
      if (!inside(p.first[n], p.range[0]) ||
          (n > 0 && shed_pitch_midi(p.first[n]) <= shed_pitch_midi(p.first[n - 1]))) {
        fail_msg("%s: first note %d", p.id, n + 1);
      }
    }
    for (int level = 0; level < SHED_LEVELS; level++) {
      shed_range wider = level + 1 < SHED_LEVELS ? p.range[level + 1] : p.full;
      if (!inside(p.range[level].low, wider) || !inside(p.range[level].high, wider)) {
        fail_msg("%s: the range of level %d is outside the next", p.id, level + 1);
      }
      assert_true(p.n_keys[level] > 0);
      assert_true(shed_profile_in_range(&p, level + 1, p.range[level].low));
      assert_false(shed_profile_in_range(&p, level + 1, shed_pitch_transpose(p.range[level].high, 1, 1)));
    }
  }
}

// The first five notes are the first five of a usual key of level 1, as the player reads it.
static void
first_notes_begin_a_usual_scale(void **state)
{
  static const int steps[5] = {0, 2, 4, 5, 7};
  (void)state;
  for (size_t i = 0; i < shed_profile_count(); i++) {
    shed_profile p     = shed_profile_at(i);
    bool         found = p.unpitched;
    for (int n = 0; n < 5 && !p.unpitched; n++) {
      if (shed_pitch_midi(p.first[n]) - shed_pitch_midi(p.first[0]) != steps[n]) {
        fail_msg("%s: first note %d is not on the scale", p.id, n + 1);
      }
    }
    for (int k = 0; k < p.n_keys[0]; k++) {
      shed_key written = {shed_profile_written_fifths(&p, p.keys[0][k]), SHED_MODE_MAJOR};
      found |= shed_key_tonic(written).step == p.first[0].step &&
               shed_key_tonic(written).alter == p.first[0].alter;
    }
    // a changing voice sings in any key that lies well; its level 1 keys are the choir's
    if (!found && !p.sung) {
      fail_msg("%s: first notes are in none of its keys", p.id);
    }
  }
}

// Facts that any orchestration book has: written C5 sounds ..., lowest and highest sounding note.
static void
facts_of_the_books(void **state)
{
  static const struct {
    const char *id, *c5_sounds, *first_sounds, *lowest, *clef;
  } rows[] = {
      {"flute", "C5", "Bb4", "C4", "treble"},
      {"piccolo", "C6", "Bb5", "D5", "treble"},
      {"clarinet", "Bb4", "Bb3", "D3", "treble"},
      {"alto_sax", "Eb4", "Bb3", "Db3", "treble"},
      {"tenor_sax", "Bb3", "Bb2", "Ab2", "treble"},
      {"baritone_sax", "Eb3", "Bb2", "C2", "treble"},
      {"trumpet", "Bb4", "Bb3", "E3", "treble"},
      {"horn", "F4", "Bb3", "B1", "treble"},
      {"trombone", "C5", "Bb2", "E2", "bass"},
      {"euphonium", "C5", "Bb2", "E2", "bass"},
      {"tuba", "C5", "Bb1", "E1", "bass"},
      {"oboe", "C5", "Bb4", "Bb3", "treble"},
      {"bassoon", "C5", "Bb2", "Bb1", "bass"},
      {"violin", "C5", "D4", "G3", "treble"},
      {"viola", "C5", "D4", "C3", "alto"},
      {"cello", "C5", "D3", "C2", "bass"},
      {"double bass", "C4", "D2", "E1", "bass"},
      {"guitar", "C4", "C4", "E2", "treble"},
      {"recorder", "C6", "G5", "C5", "treble"},
      {"glockenspiel", "C7", "Bb6", "G5", "treble"},
      {"changing voice", "C5", "A3", "D3", "treble"},
      {"tenor", "C5", "D3", "A2", "treble-8vb"},
      {"piano", "C5", "C4", "A0", "treble"},
      {"marimba", "C5", "Bb4", "A2", "treble"},
  };
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    shed_profile p  = find(rows[i].id);
    shed_pitch   c5 = {0, 0, 5};
    if (shed_pitch_midi(shed_profile_sounding(&p, c5)) != midi_of(rows[i].c5_sounds) ||
        shed_pitch_midi(shed_profile_sounding(&p, p.first[0])) != midi_of(rows[i].first_sounds) ||
        shed_pitch_midi(shed_profile_sounding(&p, p.full.low)) != midi_of(rows[i].lowest)) {
      fail_msg("%s: C5 sounds %d, first %d, lowest %d", p.id, shed_pitch_midi(shed_profile_sounding(&p, c5)),
               shed_pitch_midi(shed_profile_sounding(&p, p.first[0])),
               shed_pitch_midi(shed_profile_sounding(&p, p.full.low)));
    }
    assert_string_equal(shed_clef_name(p.clef), rows[i].clef);
  }
}

static void
written_and_sounding_are_inverse(void **state)
{
  (void)state;
  for (size_t i = 0; i < shed_profile_count(); i++) {
    shed_profile p = shed_profile_at(i);
    for (int midi = 30; midi < 100; midi++) {
      shed_pitch written = shed_pitch_spell(midi, midi % 7 - 3);
      shed_pitch again   = shed_profile_written(&p, shed_profile_sounding(&p, written));
      assert_memory_equal(&again, &written, sizeof(again));
    }
  }
  shed_profile alto = find("Alto Sax");
  assert_int_equal(shed_profile_written_fifths(&alto, -2), 1); // concert B flat is read in G
  shed_profile horn = find("french_horn");
  assert_int_equal(shed_profile_written_fifths(&horn, -2), -1);
  shed_profile clarinet = find("Bb-Clarinet");
  assert_int_equal(shed_profile_written_fifths(&clarinet, -2), 0);
  assert_int_equal(shed_profile_written_fifths(&clarinet, 6), -4); // eight sharps are read as A flat
}

static void
an_unknown_name_lists_the_known(void **state)
{
  shed_profile p;
  shed_error   err = {0};
  (void)state;
  CHECK_STATUS(shed_profile_find("kazoo", &p, &err), SHED_E_NOTFOUND);
  assert_non_null(strstr(err.what, "kazoo"));
  assert_non_null(strstr(err.what, "changing_voice"));
  CHECK_STATUS(shed_profile_find("", &p, NULL), SHED_E_NOTFOUND);
  CHECK_STATUS(shed_profile_find(" - ", &p, NULL), SHED_E_NOTFOUND);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_row_is_whole),
      cmocka_unit_test(first_notes_begin_a_usual_scale),
      cmocka_unit_test(facts_of_the_books),
      cmocka_unit_test(written_and_sounding_are_inverse),
      cmocka_unit_test(an_unknown_name_lists_the_known),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
