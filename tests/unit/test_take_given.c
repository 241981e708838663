#include "engine/take/given.h"

#include "engine/base/str.h"
#include "engine/music/pitch.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"
#include "tests/support/midi_bytes.h"

#include <stdlib.h>

static shed_status
parse(const char *name, const char *text, shed_take *out, shed_error *err)
{
  return shed_given_parse(text, strlen(text), name, NULL, out, err);
}

static shed_take
taken(const char *name, const char *text)
{
  shed_take  take = {0};
  shed_error err  = {0};
  if (parse(name, text, &take, &err) != SHED_OK) {
    fail_msg("%s: %s", err.where, err.what);
  }
  return take;
}

// A track of rows of hop_s: pitch 0 is silence.
static void
add_track(shed_str *text, double *at_s, double hop_s, double midi, double length_s)
{
  for (double end = *at_s + length_s; *at_s < end - hop_s / 2; *at_s += hop_s) {
    shed_str_addf(text, "%.4f,%.3f\n", *at_s, midi > 0 ? shed_midi_to_hz(midi, 440) : 0);
  }
}

static void
names_tell_what_a_file_is(void **state)
{
  (void)state;
  assert_true(shed_given_is("a/b.F0.CSV") && shed_given_is("x.notes.csv") && shed_given_is("x.csv"));
  assert_false(shed_given_is("x.wav") || shed_given_is(".csv") || shed_given_is("csv"));
  assert_int_equal(shed_given_kind("a.onsets.csv"), SHED_TAKE_ONSETS);
  assert_int_equal(shed_given_kind("a.f0.csv"), SHED_TAKE_F0);
  assert_int_equal(shed_given_kind("a.flac"), SHED_TAKE_AUDIO);
  static const struct {
    const char    *path;
    shed_take_kind kind;
    const char    *ending;
  } kept[] = {{"a.wav", SHED_TAKE_AUDIO, ".flac"},
              {"-", SHED_TAKE_AUDIO, ".flac"},
              {"A.MIDI", SHED_TAKE_MIDI, ".mid"},
              {"a.f0.csv", SHED_TAKE_F0, ".f0.csv"},
              {"a.notes.csv", SHED_TAKE_MIDI, ".notes.csv"},
              {"a.csv", SHED_TAKE_MIDI, ".notes.csv"},
              {"a.csv", SHED_TAKE_ONSETS, ".onsets.csv"}};
  for (size_t i = 0; i < SHED_COUNTOF(kept); i++) {
    char ending[16];
    shed_given_ending(kept[i].path, kept[i].kind, ending, sizeof(ending));
    assert_string_equal(ending, kept[i].ending);
  }
}

static void
onsets_are_read_as_they_stand(void **state)
{
  (void)state;
  shed_take take = taken("a.onsets.csv", "\xef\xbb\xbfonset_s\r\n0.5\r\n 1.25 \r\n2\r\n\r\n");
  assert_int_equal(take.kind, SHED_TAKE_ONSETS);
  assert_int_equal(take.n_onsets, 3);
  CHECK_NEAR((double)take.onsets[1].time_s, 1.25, 0);
  CHECK_NEAR((double)take.onsets[1].confidence, 1, 0);
  CHECK_NEAR(take.duration_s, 2, 0);
  assert_int_equal(take.n_notes + take.n_frames, 0);
  assert_true(isnan(take.snr_db) && isnan(take.latency_s));
  assert_int_equal(strlen(take.sha256.text), 64);
  shed_take_free(&take);
}

static void
notes_keep_chords_and_unpitched_ones(void **state)
{
  (void)state;
  shed_take take = taken("a.csv", "onset_s,offset_s,midi,cents,extra\n0,1,60,-12,x\n0,1,64,,y\n1.5,1.6,,,z\n"
                                  "2,2.5,66.75,,\n3,4,61,-60,\n");
  assert_int_equal(take.kind, SHED_TAKE_NOTES);
  assert_int_equal(take.n_notes, 5);
  assert_int_equal(take.notes[0].midi, 60);
  CHECK_NEAR((double)take.notes[0].cents, -12, 1e-4);
  assert_int_equal(take.notes[2].midi, -1);
  assert_int_equal(take.notes[3].midi, 67);
  CHECK_NEAR((double)take.notes[3].cents, -25, 1e-3);
  assert_int_equal(take.notes[4].midi, 60);
  CHECK_NEAR((double)take.notes[4].cents, 40, 1e-3);
  assert_int_equal(take.n_onsets, 4);
  CHECK_NEAR(take.duration_s, 4, 0);
  shed_take_free(&take);
}

// Whatever the spacing of the rows, the same notes at the same times.
static void
tracks_of_any_spacing_give_the_same_notes(void **state)
{
  static const double hops_s[] = {0.0029, 0.0058, 0.01, 0.0232};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(hops_s); i++) {
    shed_str text = {0};
    double   at_s = 0;
    shed_str_add(&text, "time_s,f0_hz\n");
    add_track(&text, &at_s, hops_s[i], 0, 0.3);
    double c = at_s;
    add_track(&text, &at_s, hops_s[i], 60.2, 0.5);
    double e = at_s;
    add_track(&text, &at_s, hops_s[i], 64.2, 0.5);
    add_track(&text, &at_s, hops_s[i], 0, 0.2);
    double again = at_s;
    add_track(&text, &at_s, hops_s[i], 64.2, 0.5);
    shed_take take = taken("a.f0.csv", shed_str_text(&text));
    assert_int_equal(take.n_notes, 3);
    assert_int_equal(take.notes[0].midi, 60);
    CHECK_NEAR((double)take.notes[0].cents, 20, 1);
    assert_int_equal(take.notes[1].midi, 64);
    CHECK_NEAR((double)take.notes[0].onset_s, c, 0.021);
    CHECK_NEAR((double)take.notes[1].onset_s, e, 0.021);
    CHECK_NEAR((double)take.notes[2].onset_s, again, 0.021);
    assert_int_equal(take.n_onsets, 3);
    assert_int_equal(take.n_frames, (size_t)(take.duration_s / SHED_FRAME_HOP_S) + 1);
    shed_take_free(&take);
    shed_str_free(&text);
  }
}

static void
a_hole_in_a_track_is_silence(void **state)
{
  shed_str text = {0};
  double   at_s = 0;
  (void)state;
  shed_str_add(&text, "time_s,f0_hz\n");
  add_track(&text, &at_s, 0.01, 60, 0.5);
  at_s += 1;
  add_track(&text, &at_s, 0.01, 60, 0.5);
  shed_take take = taken("a.f0.csv", shed_str_text(&text));
  assert_int_equal(take.n_notes, 2);
  assert_false(take.frames[100].voiced);
  assert_true(take.frames[25].voiced);
  CHECK_NEAR((double)take.frames[25].cand[0].support, 1, 0);
  shed_take_free(&take);
  shed_str_free(&text);
}

// A voice wavers by half a semitone and slides into its note; it is still one note.
static void
vibrato_and_a_scoop_are_one_note(void **state)
{
  shed_str text = {0};
  (void)state;
  shed_str_add(&text, "time_s,f0_hz\n");
  for (int i = 0; i < 120; i++) {
    double midi = i < 8 ? 58 + 0.25 * i : 60 + 0.5 * sin(0.35 * i);
    shed_str_addf(&text, "%.3f,%.3f\n", i * 0.01, shed_midi_to_hz(midi, 440));
  }
  shed_take take = taken("a.f0.csv", shed_str_text(&text));
  assert_int_equal(take.n_notes, 1);
  assert_int_equal(take.notes[0].midi, 60);
  CHECK_NEAR((double)take.notes[0].cents, 0, 15);
  CHECK_NEAR((double)take.notes[0].onset_s, 0, 0.011);
  shed_take_free(&take);
  shed_str_free(&text);
}

// Chords are kept, times are the tempo's, drums have no pitch, and damage is told.
static void
a_keyboard_is_read_with_its_chords(void **state)
{
  midi_bytes m;
  shed_take  take = {0};
  (void)state;
  midi_begin(&m, 0, 1, 100);
  midi_track(&m);
  midi_meta(&m, 0, 0x51, "\x0F\x42\x40", 3); // a quarter is a second
  midi_event(&m, 50, 0x90, 60, 90);
  midi_event(&m, 2, 0x90, 64, 30);
  midi_event(&m, 98, 0x90, 60, 0);
  midi_event(&m, 0, 0x90, 64, 0);
  midi_event(&m, 0, 0x99, 38, 90);
  midi_event(&m, 10, 0x99, 38, 0);
  midi_end_track(&m);
  CHECK_OK(shed_given_parse(m.data, m.n, "a.MID", NULL, &take, NULL));
  assert_int_equal(take.kind, SHED_TAKE_MIDI);
  assert_int_equal(take.n_notes, 3);
  CHECK_NEAR((double)take.notes[0].onset_s, 0.5, 1e-6);
  CHECK_NEAR((double)take.notes[1].onset_s, 0.52, 1e-6);
  CHECK_NEAR((double)take.notes[1].offset_s, 1.5, 1e-6);
  assert_int_equal(take.notes[2].midi, -1);
  assert_int_equal(take.n_onsets, 3);
  CHECK_NEAR(take.duration_s, 1.6, 1e-6);
  assert_int_equal(take.n_warnings, 1);
  assert_int_equal(take.warnings[0].code, SHED_MSG_take_midi_damaged);
  shed_take_free(&take);
}

static void
a_keyboard_cannot_play_for_a_day(void **state)
{
  midi_bytes m;
  shed_take  take = {0};
  shed_error err  = {0};
  (void)state;
  midi_begin(&m, 0, 1, 1);
  midi_track(&m);
  midi_note(&m, 90000, 60, 1);
  midi_close(&m, 0);
  CHECK_STATUS(shed_given_parse(m.data, m.n, "a.mid", NULL, &take, &err), SHED_E_LIMIT);
  assert_string_equal(err.what, "a note ends at 45000 s; takes last 14400 s at most");
}

// A list of keys without cents says nothing of tuning, so that none is judged.
static void
keys_without_cents_are_a_keyboards(void **state)
{
  (void)state;
  shed_take take = taken("a.notes.csv", "onset_s,offset_s,midi\n0,1,60\n");
  assert_int_equal(take.kind, SHED_TAKE_MIDI);
  assert_string_equal(take.ear, SHED_GIVEN_VERSION);
  shed_take_free(&take);
}

static void
a_table_without_rows_is_a_take_without_sound(void **state)
{
  static const char *const texts[] = {"time_s,f0_hz\n", "onset_s,offset_s,midi,cents\n", "onset_s"};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(texts); i++) {
    shed_take take = taken("a.csv", texts[i]);
    assert_int_equal(take.n_notes + take.n_frames + take.n_onsets, 0);
    shed_take_free(&take);
  }
}

static void
what_is_wrong_is_named_with_its_line(void **state)
{
  static const struct {
    const char *name, *text;
    shed_status st;
    const char *where, *what;
  } bad[] = {
      {"x/a.f0.csv", "time,f0\n", SHED_E_FORMAT, "a.f0.csv:1", "there is no time_s in \"time,f0\""},
      {"a.f0.csv", "time_s,f0_hz\n0,220\n0.01,nan\n", SHED_E_FORMAT, "a.f0.csv:3", "f0_hz is \"nan\""},
      {"a.f0.csv", "time_s,f0_hz\n0,220\n0.01,inf\n", SHED_E_FORMAT, "a.f0.csv:3", "f0_hz is \"inf\""},
      {"a.f0.csv", "time_s,f0_hz\n0.02,220\n0.02,220\n", SHED_E_RANGE, "a.f0.csv:3", "time_s 0.02 does not"},
      {"a.f0.csv", "time_s,f0_hz\n0,-220\n", SHED_E_RANGE, "a.f0.csv:2", "f0_hz is -220; it must lie"},
      {"a.f0.csv", "time_s,f0_hz\n0\n", SHED_E_FORMAT, "a.f0.csv:2", "has 1 fields, the first line names 2"},
      {"a.f0.csv", "time_s,f0_hz\n0,1,2\n", SHED_E_FORMAT, "a.f0.csv:2", "has 3 fields"},
      {"a.f0.csv", "time_s,f0_hz\n99999,1\n", SHED_E_RANGE, "a.f0.csv:2", "between 0 and 14400"},
      {"a.f0.csv", "time_s,time_s,f0_hz\n", SHED_E_FORMAT, "a.f0.csv:1", "names the column time_s twice"},
      {"a.onsets.csv", "onset_s\n1\n0.5\n", SHED_E_RANGE, "a.onsets.csv:3", "onset_s 0.5 lies before"},
      {"a.onsets.csv", "onset_s\n1\n\n2\n", SHED_E_FORMAT, "a.onsets.csv:3", "is empty, and rows follow"},
      {"a.onsets.csv", "onset_s\n,\n", SHED_E_FORMAT, "a.onsets.csv:2", "onset_s is empty"},
      {"a.onsets.csv", "onset_s\n0x10\n", SHED_E_FORMAT, "a.onsets.csv:2", "\"0x10\", which is no number"},
      {"a.notes.csv", "onset_s,offset_s,midi\n1,0.5,60\n", SHED_E_RANGE, "a.notes.csv:2",
       "offset_s 0.5 lies"},
      {"a.notes.csv", "onset_s,offset_s,midi\n1,2,60\n0,2,60\n", SHED_E_RANGE, "a.notes.csv:3",
       "order of onset"},
      {"a.notes.csv", "onset_s,offset_s,midi\n1,2,128\n", SHED_E_RANGE, "a.notes.csv:2", "midi is 128"},
      {"a.csv", "a,b\n1,2\n", SHED_E_UNSUPPORTED, "a.csv", "is no take"},
      {"a.f0.csv", "", SHED_E_FORMAT, "a.f0.csv", "is empty: 0 bytes"},
  };
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(bad); i++) {
    shed_take  take = {0};
    shed_error err  = {0};
    CHECK_STATUS(parse(bad[i].name, bad[i].text, &take, &err), bad[i].st);
    assert_string_equal(err.where, bad[i].where);
    if (!strstr(err.what, bad[i].what)) {
      fail_msg("\"%s\" does not say \"%s\"", err.what, bad[i].what);
    }
  }
}

// A zero byte ends no text early, and no byte of the file reaches the screen as it stands.
static void
bytes_that_are_no_text_are_shown_as_marks(void **state)
{
  static const char text[] = "onset_s\n1\0\x1b[2J\n";
  shed_take         take   = {0};
  shed_error        err    = {0};
  (void)state;
  CHECK_STATUS(shed_given_parse(text, sizeof(text) - 1, "a.onsets.csv", NULL, &take, &err), SHED_E_FORMAT);
  assert_string_equal(err.what, "onset_s is \"1??[2J\", which is no number");
}

static void
every_allocation_may_fail(void **state)
{
  static const char *const texts[] = {"time_s,f0_hz\n0,220\n0.1,220\n0.2,220\n",
                                      "onset_s,offset_s,midi,cents\n0,1,60,0\n1,2,62,0\n", "onset_s\n0\n1\n"};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(texts); i++) {
    SWEEP_ALLOCATIONS(a, {
      shed_take take = {0};
      sweep_status   = shed_given_parse(texts[i], strlen(texts[i]), "a.csv", &a.alloc, &take, NULL);
      shed_take_free(&take);
    });
  }
}

static void
what_was_read_can_be_stored(void **state)
{
  unsigned char *bytes = NULL;
  size_t         n     = 0;
  shed_take      take = taken("a.f0.csv", "time_s,f0_hz\n0,220\n0.1,221\n0.2,220\n"), back = {0};
  (void)state;
  CHECK_OK(shed_take_encode(&take, NULL, &bytes, &n));
  CHECK_OK(shed_take_decode(bytes, n, NULL, &back, NULL));
  assert_int_equal(back.kind, SHED_TAKE_F0);
  assert_int_equal(back.n_frames, take.n_frames);
  shed_free(NULL, bytes);
  shed_take_free(&back);
  shed_take_free(&take);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(names_tell_what_a_file_is),
      cmocka_unit_test(onsets_are_read_as_they_stand),
      cmocka_unit_test(notes_keep_chords_and_unpitched_ones),
      cmocka_unit_test(tracks_of_any_spacing_give_the_same_notes),
      cmocka_unit_test(a_hole_in_a_track_is_silence),
      cmocka_unit_test(vibrato_and_a_scoop_are_one_note),
      cmocka_unit_test(a_keyboard_is_read_with_its_chords),
      cmocka_unit_test(a_keyboard_cannot_play_for_a_day),
      cmocka_unit_test(keys_without_cents_are_a_keyboards),
      cmocka_unit_test(a_table_without_rows_is_a_take_without_sound),
      cmocka_unit_test(what_is_wrong_is_named_with_its_line),
      cmocka_unit_test(bytes_that_are_no_text_are_shown_as_marks),
      cmocka_unit_test(every_allocation_may_fail),
      cmocka_unit_test(what_was_read_can_be_stored),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
