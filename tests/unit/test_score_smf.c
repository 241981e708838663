#include "engine/score/smf.h"

#include "engine/score/score.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"
#include "tests/support/midi_bytes.h"

#include <stdlib.h>

static shed_smf
parsed(const midi_bytes *m)
{
  shed_smf   smf = {0};
  shed_error err = {0};
  if (shed_smf_parse(m->data, m->n, "dir/a.mid", NULL, &smf, &err) != SHED_OK) {
    fail_msg("%s: %s", err.where, err.what);
  }
  return smf;
}

static shed_line
line_from(const midi_bytes *m, const char *part)
{
  shed_score    *score = NULL;
  shed_line      line  = {0};
  shed_error     err   = {0};
  shed_selection sel   = {.part = part};
  if (shed_score_parse(m->data, m->n, "a.mid", NULL, &score, &err) != SHED_OK ||
      shed_score_perform(score, &sel, NULL, &line, &err) != SHED_OK) {
    fail_msg("%s: %s", err.where, err.what);
  }
  shed_score_free(score);
  return line;
}

static void
running_status_and_note_on_of_no_velocity(void **state)
{
  midi_bytes m;
  (void)state;
  midi_begin(&m, 0, 1, 96);
  midi_track(&m);
  midi_event(&m, 0, 0x90, 60, 64);
  midi_event(&m, 48, 0, 60, 0);
  midi_event(&m, 0, 0, 62, 64);
  midi_meta(&m, 24, 0x01, "text", 4); // running status goes on behind it
  midi_event(&m, 24, 0, 62, 0);
  midi_delta(&m, 0);
  midi_raw(&m, "\xF0\x03\x7E\x09\xF7", 5); // system exclusive
  midi_event(&m, 0, 0xB0, 64, 127);
  midi_close(&m, 0);
  shed_smf smf = parsed(&m);
  assert_int_equal(smf.n_notes, 2);
  assert_int_equal(smf.n_warnings, 0);
  assert_int_equal(smf.notes[1].on, 48);
  assert_int_equal(smf.notes[1].off, 96);
  CHECK_NEAR(smf.notes[1].on_s, 0.25, 1e-9); // 120 a minute where nothing is said
  shed_smf_free(&smf);
}

static void
tempo_of_any_track_moves_all(void **state)
{
  midi_bytes m;
  (void)state;
  midi_begin(&m, 1, 2, 100);
  midi_track(&m);
  midi_meta(&m, 0, 0x51, "\x0F\x42\x40", 3);   // 1 s a quarter
  midi_meta(&m, 100, 0x51, "\x07\xA1\x20", 3); // half that
  midi_close(&m, 0);
  midi_track(&m);
  midi_note(&m, 50, 60, 100);
  midi_close(&m, 0);
  shed_smf smf = parsed(&m);
  CHECK_NEAR(smf.notes[0].on_s, 0.5, 1e-9);
  CHECK_NEAR(smf.notes[0].off_s, 1.25, 1e-9);
  assert_int_equal(smf.notes[0].track, 1);
  shed_smf_free(&smf);
}

static void
film_frames_are_seconds(void **state)
{
  midi_bytes m;
  (void)state;
  midi_begin(&m, 0, 1, 0xE728); // 25 frames of 40: a thousandth of a second
  midi_track(&m);
  midi_meta(&m, 0, 0x51, "\x01\x00\x00", 3);
  midi_note(&m, 1500, 60, 500);
  midi_close(&m, 0);
  shed_smf smf = parsed(&m);
  assert_true(smf.smpte);
  CHECK_NEAR(smf.notes[0].on_s, 1.5, 1e-9);
  CHECK_NEAR(smf.notes[0].off_s, 2.0, 1e-9);
  shed_smf_free(&smf);
}

// A key struck again while it is down: the first stroke ends there, and its note-off ends nothing else.
static void
a_key_struck_while_it_is_down(void **state)
{
  midi_bytes m;
  (void)state;
  midi_begin(&m, 0, 1, 100);
  midi_track(&m);
  midi_event(&m, 0, 0x90, 60, 90);
  midi_event(&m, 100, 0x90, 60, 90);
  midi_event(&m, 10, 0x80, 60, 0);
  midi_event(&m, 90, 0x80, 60, 0);
  // struck twice at once, and once more with one note-off for two strokes
  midi_event(&m, 0, 0x90, 64, 90);
  midi_event(&m, 0, 0x90, 64, 90);
  midi_event(&m, 50, 0x80, 64, 0);
  midi_event(&m, 50, 0x90, 64, 90);
  midi_event(&m, 50, 0x80, 64, 0);
  midi_close(&m, 0);
  shed_smf smf = parsed(&m);
  assert_int_equal(smf.n_notes, 4);
  assert_int_equal(smf.notes[0].off, 100);
  assert_int_equal(smf.notes[1].off, 200);
  assert_int_equal(smf.notes[2].off, 250);
  assert_int_equal(smf.notes[3].on, 300);
  assert_int_equal(smf.notes[3].off, 350);
  shed_smf_free(&smf);
}

static void
what_is_damaged_is_read_as_far_as_it_goes(void **state)
{
  midi_bytes m;
  shed_smf   smf;
  (void)state;
  midi_begin(&m, 1, 3, 100); // says three tracks
  midi_track(&m);
  midi_note(&m, 0, 60, 50); // no end of track
  midi_end_track(&m);
  midi_track(&m);
  midi_note(&m, 0, 64, 50);
  midi_close(&m, 0);
  m.data[m.track + 7] += 40; // a length beyond the end
  smf = parsed(&m);
  assert_int_equal(smf.n_notes, 2);
  assert_int_equal(smf.n_warnings, 3);
  assert_non_null(strstr(smf.warnings[0].what, "no end-of-track"));
  assert_string_equal(smf.warnings[1].what, "the track says that it has 52 bytes; it has 12");
  assert_int_equal(smf.warnings[1].byte, m.track + 4);
  assert_string_equal(smf.warnings[2].what, "the head says that there are 3 tracks; there are 2");
  shed_smf_free(&smf);

  midi_begin(&m, 1, 2, 100); // a length too short, then a chunk of another kind, then a track
  midi_track(&m);
  midi_note(&m, 0, 60, 50);
  midi_close(&m, 0);
  m.data[m.track + 7] -= 5;
  midi_raw(&m, "XFIH\0\0\0\2ab", 10);
  midi_track(&m);
  midi_event(&m, 0, 0x90, 64, 90); // never ended
  midi_close(&m, 70);
  smf = parsed(&m);
  assert_int_equal(smf.n_notes, 2);
  assert_int_equal(smf.notes[1].off, 70);
  assert_int_equal(smf.n_warnings, 2);
  assert_string_equal(smf.warnings[1].what, "1 note is never ended: it ends at the end of the track");
  shed_smf_free(&smf);

  midi_begin(&m, 0, 1, 100);
  midi_track(&m);
  midi_note(&m, 0, 60, 50);
  midi_note(&m, 0, 62, 50);
  midi_end_track(&m);
  m.n -= 3; // the file is cut off
  smf = parsed(&m);
  assert_int_equal(smf.n_notes, 2);
  assert_non_null(strstr(smf.warnings[0].what, "the file ends within an event"));
  shed_smf_free(&smf);
}

// Clocks and active sensing belong on the wire; some sequencers leave them in.
static void
what_belongs_on_the_wire_is_skipped(void **state)
{
  midi_bytes m;
  (void)state;
  midi_begin(&m, 0, 1, 96);
  midi_track(&m);
  midi_event(&m, 0, 0x90, 60, 64);
  midi_delta(&m, 24);
  midi_raw(&m, "\xF8", 1);
  midi_delta(&m, 24);
  midi_raw(&m, "\xFE", 1);
  midi_event(&m, 48, 0, 60, 0); // running status goes on behind them
  midi_close(&m, 0);
  shed_smf smf = parsed(&m);
  assert_int_equal(smf.n_notes, 1);
  assert_int_equal(smf.notes[0].off, 96);
  assert_int_equal(smf.n_warnings, 2);
  assert_string_equal(smf.warnings[0].what, "F8 belongs on the wire and not into a file: it is skipped");
  shed_smf_free(&smf);
}

static void
a_riff_wrapper_is_taken_off(void **state)
{
  midi_bytes m = {.n = 0};
  midi_bytes inner;
  (void)state;
  midi_begin(&inner, 0, 1, 100);
  midi_track(&inner);
  midi_note(&inner, 0, 60, 50);
  midi_close(&inner, 0);
  midi_raw(&m, "RIFF\x3c\0\0\0RMIDdata\x30\0\0\0", 20);
  midi_raw(&m, inner.data, inner.n);
  assert_true(shed_smf_is(m.data, m.n));
  shed_smf smf = parsed(&m);
  assert_int_equal(smf.n_notes, 1);
  shed_smf_free(&smf);
}

static void
what_is_refused_names_the_byte(void **state)
{
  static const char head[] = "MThd\0\0\0\6\0\0\0\1\0\x60MTrk\0\0\0\x10";
  static const struct {
    size_t      at; // where the bytes are put over a good head
    const char *bytes;
    size_t      n;
    shed_status st;
    const char *where, *what;
  } bad[] = {
      {9, "\2", 1, SHED_E_UNSUPPORTED, "a.mid: byte 8", "format 2"},
      {9, "\7", 1, SHED_E_FORMAT, "a.mid: byte 8", "format 7 does not exist"},
      {12, "\0\0", 2, SHED_E_FORMAT, "a.mid: byte 12", "the division 0000"},
      {12, "\xFF\1", 2, SHED_E_FORMAT, "a.mid: byte 12", "the division FF01"},
      {7, "\5", 1, SHED_E_FORMAT, "a.mid: byte 4", "says that it has 5 bytes"},
      {4, "\x7f", 1, SHED_E_FORMAT, "a.mid: byte 4", "says that it has 2130706438 bytes"},
      {14, "XXXX", 4, SHED_E_FORMAT, "a.mid: byte 38", "there is no track in it"},
      {22, "\0\x45", 2, SHED_E_FORMAT, "a.mid: byte 23", "45 stands where an event begins"},
      {22, "\0\xF4", 2, SHED_E_FORMAT, "a.mid: byte 23", "F4 is no event"},
      {22, "\0\x90\x90", 3, SHED_E_FORMAT, "a.mid: byte 24", "90 stands where the event 90 needs a value"},
      {22, "\xFF\xFF\xFF\xFF\x01", 5, SHED_E_FORMAT, "a.mid: byte 22", "FF FF FF FF is longer than four"},
      {22, "\xFF\xFF\xFF\x7F\x90\1\1", 7, SHED_E_LIMIT, "a.mid: byte 22", "a pause of 268435455 ticks"},
  };
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(bad); i++) {
    unsigned char data[38] = {0};
    shed_smf      smf      = {0};
    shed_error    err      = {0};
    memcpy(data, head, 22);
    memcpy(data + bad[i].at, bad[i].bytes, bad[i].n);
    CHECK_STATUS(shed_smf_parse(data, sizeof(data), "d/a.mid", NULL, &smf, &err), bad[i].st);
    assert_string_equal(err.where, bad[i].where);
    if (!strstr(err.what, bad[i].what)) {
      fail_msg("\"%s\" does not say \"%s\"", err.what, bad[i].what);
    }
  }
}

// Bars, beats, spelling, parts: what a score asks of a file.
static void
a_score_is_made_of_it(void **state)
{
  midi_bytes m;
  (void)state;
  midi_begin(&m, 1, 3, 480);
  midi_track(&m);
  midi_meta(&m, 0, 0x03, "A Tune", 6);
  midi_meta(&m, 0, 0x58, "\1\2\x18\x08", 4);   // a pickup of a quarter
  midi_meta(&m, 0, 0x59, "\xFD\0", 2);         // three flats
  midi_meta(&m, 0, 0x51, "\x09\x27\xC0", 3);   // 100 a minute
  midi_meta(&m, 480, 0x58, "\3\2\x18\x08", 4); // then 3/4
  midi_close(&m, 0);
  midi_track(&m);
  midi_meta(&m, 0, 0x03, "Fl\xF6te", 5); // Latin-1
  midi_meta(&m, 0, 0x04, "flute", 5);
  midi_note(&m, 0, 70, 456); // let go early
  midi_note(&m, 24, 75, 912);
  midi_note(&m, 48, 68, 120); // short on purpose
  midi_close(&m, 0);
  midi_track(&m);
  midi_event(&m, 480, 0x99, 38, 90);
  midi_event(&m, 96, 0x89, 38, 0);
  midi_close(&m, 0);
  shed_score *score = NULL;
  CHECK_OK(shed_score_parse(m.data, m.n, "a.mid", NULL, &score, NULL));
  assert_string_equal(shed_score_title(score), "A Tune");
  assert_int_equal(shed_score_parts(score), 2);
  assert_string_equal(shed_score_part(score, 0).name, "Fl\xC3\xB6te");
  assert_string_equal(shed_score_part(score, 0).instrument, "flute");
  assert_true(shed_score_part(score, 1).unpitched);
  shed_score_free(score);
  shed_line line = line_from(&m, NULL);
  assert_int_equal(line.n_notes, 3);
  assert_string_equal(line.notes[0].measure, "0");
  CHECK_NEAR(line.notes[0].beat, 3, 1e-9);
  assert_true(line.measures[0].pickup);
  CHECK_NEAR(shed_beat_quarters(line.notes[0].duration_beats), 1, 1e-9);
  assert_string_equal(line.notes[1].measure, "1");
  CHECK_NEAR(shed_beat_quarters(line.notes[1].duration_beats), 2, 1e-9);
  assert_int_equal(line.notes[1].sounding.step, 2); // E flat, not D sharp
  assert_int_equal(line.notes[1].sounding.alter, -1);
  CHECK_NEAR(line.notes[2].beat, 3, 1e-9);
  CHECK_NEAR(shed_beat_quarters(line.notes[2].duration_beats), 0.25, 1e-9);
  assert_int_equal(line.measures[1].fifths, -3);
  CHECK_NEAR(line.tempo_bpm, 100, 1e-3);
  CHECK_NEAR(line.notes[2].onset_s, 1.8, 1e-6);
  assert_int_equal(line.n_warnings, 0);
  shed_line_free(&line);
}

static void
format_0_is_parted_by_channels(void **state)
{
  midi_bytes m;
  (void)state;
  midi_begin(&m, 0, 1, 480);
  midi_track(&m);
  midi_meta(&m, 0, 0x03, "Duet", 4);
  midi_event(&m, 0, 0x90, 72, 90);
  midi_event(&m, 0, 0x93, 48, 90);
  midi_event(&m, 480, 0x83, 48, 90);
  midi_event(&m, 480, 0x80, 72, 90);
  midi_close(&m, 0);
  shed_line line = line_from(&m, "Duet, channel 4");
  assert_int_equal(line.n_notes, 1);
  assert_int_equal(line.notes[0].midi, 48);
  shed_line_free(&line);
  line = line_from(&m, "1");
  assert_int_equal(line.notes[0].midi, 72);
  CHECK_NEAR(shed_beat_quarters(line.notes[0].duration_beats), 2, 1e-9);
  shed_line_free(&line);
}

// Chords struck a moment apart, as some software writes them, are one moment; fifths of a quarter stay fifths.
static void
times_are_those_that_were_meant(void **state)
{
  midi_bytes m;
  (void)state;
  midi_begin(&m, 0, 1, 480);
  midi_track(&m);
  midi_event(&m, 0, 0x90, 60, 90);
  midi_event(&m, 10, 0x90, 64, 90);
  midi_event(&m, 10, 0x90, 67, 90);
  midi_event(&m, 460, 0x80, 60, 90);
  midi_event(&m, 0, 0x80, 64, 90);
  midi_event(&m, 0, 0x80, 67, 90);
  for (int i = 0; i < 5; i++) {
    midi_note(&m, 0, 60 + i, 96);
  }
  midi_close(&m, 0);
  shed_line line = line_from(&m, NULL);
  assert_int_equal(line.n_notes, 8);
  CHECK_NEAR(shed_beat_quarters(line.notes[2].onset_beats), 0, 0);
  assert_true(line.notes[2].flags & SHED_NOTE_CHORD);
  CHECK_NEAR(shed_beat_quarters(line.notes[0].duration_beats), 1, 1e-9);
  assert_int_equal(line.notes[4].onset_beats.num, 6);
  assert_int_equal(line.notes[4].onset_beats.den, 5);
  shed_line_free(&line);
}

// Some software begins every note a tick late; that is no playing off the beat. Real playing is told.
static void
a_tick_late_is_on_the_beat(void **state)
{
  midi_bytes m;
  (void)state;
  midi_begin(&m, 0, 1, 480);
  midi_track(&m);
  for (int i = 0; i < 16; i++) {
    midi_note(&m, 1, 60 + i % 5, 119);
  }
  midi_close(&m, 0);
  shed_line line = line_from(&m, NULL);
  CHECK_NEAR(shed_beat_quarters(line.notes[15].onset_beats), 3.75, 1e-9);
  CHECK_NEAR(shed_beat_quarters(line.notes[3].duration_beats), 0.25, 1e-9);
  assert_int_equal(line.n_warnings, 0);
  shed_line_free(&line);

  midi_begin(&m, 0, 1, 480);
  midi_track(&m);
  for (int i = 0; i < 16; i++) {
    midi_note(&m, (uint32_t)(4 + i % 3), 60 + i % 5, 119);
  }
  midi_close(&m, 0);
  line = line_from(&m, NULL);
  assert_int_equal(line.n_warnings, 1);
  assert_non_null(strstr(line.warnings[0].what, "off the beats"));
  shed_line_free(&line);
}

// A note that is held over a bar line makes no measure longer.
static void
a_note_held_over_bar_lines_moves_nothing(void **state)
{
  midi_bytes m;
  (void)state;
  midi_begin(&m, 0, 1, 480);
  midi_track(&m);
  midi_note(&m, 960, 60,
            480 * 7); // from the third beat of measure 1 through measure 2 to the end of beat 1 of 3
  midi_note(&m, 0, 62, 480);
  midi_close(&m, 0);
  shed_line line = line_from(&m, NULL);
  assert_int_equal(line.n_notes, 2);
  CHECK_NEAR(shed_beat_quarters(line.notes[0].duration_beats), 7, 1e-9);
  CHECK_NEAR(shed_beat_quarters(line.notes[1].onset_beats), 9, 1e-9);
  CHECK_NEAR(line.notes[1].onset_s, 4.5, 1e-9);
  assert_string_equal(line.notes[1].measure, "3");
  CHECK_NEAR(line.notes[1].beat, 2, 1e-9);
  CHECK_NEAR(shed_beat_quarters(line.measures[0].length_beats), 4, 1e-9);
  shed_line_free(&line);
}

// 25 ticks a quarter: an eighth is 12 or 13 of them, a triplet's 8 or 9.
static void
coarse_ticks_stand_for_plain_places(void **state)
{
  static const uint32_t lengths[] = {12, 13, 12, 13, 8, 9, 8, 6, 6, 7, 6};
  static const double   at[]      = {0, .5, 1, 1.5, 2, 2 + 1 / 3.0, 2 + 2 / 3.0, 3, 3.25, 3.5, 3.75};
  midi_bytes            m;
  (void)state;
  midi_begin(&m, 0, 1, 25);
  midi_track(&m);
  for (size_t i = 0; i < SHED_COUNTOF(lengths); i++) {
    midi_note(&m, 0, 60 + (int)i, lengths[i]);
  }
  midi_close(&m, 0);
  shed_line line = line_from(&m, NULL);
  assert_int_equal(line.n_notes, SHED_COUNTOF(at));
  for (size_t i = 0; i < line.n_notes; i++) {
    CHECK_NEAR(shed_beat_quarters(line.notes[i].onset_beats), at[i], 1e-9);
  }
  assert_int_equal(line.n_warnings, 0);
  shed_line_free(&line);
}

static void
too_many_measures_are_refused(void **state)
{
  midi_bytes  m;
  shed_score *score = NULL;
  shed_error  err   = {0};
  (void)state;
  midi_begin(&m, 0, 1, 96);
  midi_track(&m);
  midi_meta(&m, 0, 0x58, "\1\6\x18\x08", 4); // 1/64
  midi_note(&m, 0, 60, 96 * 99999);
  midi_close(&m, 0);
  CHECK_STATUS(shed_score_parse(m.data, m.n, "a.mid", NULL, &score, &err), SHED_E_LIMIT);
  assert_string_equal(err.what, "has more than 200000 measures");
}

static void
every_allocation_may_fail(void **state)
{
  midi_bytes m;
  (void)state;
  midi_begin(&m, 1, 1, 480);
  midi_track(&m);
  midi_meta(&m, 0, 0x58, "\3\2\x18\x08", 4);
  midi_meta(&m, 0, 0x59, "\1\0", 2);
  for (int i = 0; i < 20; i++) {
    midi_note(&m, 0, 60 + i % 5, 480);
  }
  midi_close(&m, 0);
  SWEEP_ALLOCATIONS(a, {
    shed_score *score = NULL;
    sweep_status      = shed_score_parse(m.data, m.n, "a.mid", &a.alloc, &score, NULL);
    shed_score_free(score);
  });
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(running_status_and_note_on_of_no_velocity),
      cmocka_unit_test(tempo_of_any_track_moves_all),
      cmocka_unit_test(film_frames_are_seconds),
      cmocka_unit_test(a_key_struck_while_it_is_down),
      cmocka_unit_test(what_is_damaged_is_read_as_far_as_it_goes),
      cmocka_unit_test(what_belongs_on_the_wire_is_skipped),
      cmocka_unit_test(a_riff_wrapper_is_taken_off),
      cmocka_unit_test(what_is_refused_names_the_byte),
      cmocka_unit_test(a_score_is_made_of_it),
      cmocka_unit_test(format_0_is_parted_by_channels),
      cmocka_unit_test(times_are_those_that_were_meant),
      cmocka_unit_test(a_tick_late_is_on_the_beat),
      cmocka_unit_test(a_note_held_over_bar_lines_moves_nothing),
      cmocka_unit_test(coarse_ticks_stand_for_plain_places),
      cmocka_unit_test(too_many_measures_are_refused),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
