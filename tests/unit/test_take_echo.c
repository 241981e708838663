#include "engine/take/echo.h"

#include "engine/take/given.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

#include <math.h>
#include <stdio.h>

static shed_take
taken(const char *name, const char *text)
{
  shed_take  take = {0};
  shed_error err  = {0};
  if (shed_given_parse(text, strlen(text), name, NULL, &take, &err) != SHED_OK) {
    fail_msg("%s: %s", err.where, err.what);
  }
  return take;
}

static const char tune[] =
    "onset_s,offset_s,midi,cents\n2,2.4,62,20\n2.5,2.9,64,25\n3,3.4,66,30\n3.5,4.4,67,22\n"
    "5,5.4,69,20\n5.5,6,62,18\n";

static void
the_line_is_what_was_played(void **state)
{
  shed_take take = taken("a.notes.csv", tune);
  shed_line line = {0};
  (void)state;
  CHECK_OK(shed_echo_line(&take, NULL, &line));
  assert_int_equal(line.n_notes, 6);
  CHECK_NEAR(line.notes[0].onset_s, 0, 0);
  CHECK_NEAR(line.notes[4].onset_s, 3, 1e-6);
  CHECK_NEAR(line.notes[3].duration_s, 0.9, 1e-6);
  CHECK_NEAR(shed_beat_quarters(line.notes[4].onset_beats), 3, 1e-4);
  assert_int_equal(line.notes[2].midi, 66);
  assert_int_equal(line.notes[2].sounding.alter, 1); // F sharp in the key of the tune
  CHECK_NEAR(shed_echo_tuning_cents(&take), 22.5, 1);
  assert_int_equal(line.n_measures, 2);
  assert_string_equal(line.notes[4].measure, "2");
  CHECK_NEAR(line.notes[4].beat, 1, 1e-6);
  assert_int_equal(line.tempo_marks, 0);
  shed_line_free(&line);
  shed_take_free(&take);
}

// A reference a quarter tone and more off stands between two keys: which of them is told by all its notes together.
static void
pitches_are_those_nearest_to_its_own_tuning(void **state)
{
  shed_take take = taken("a.notes.csv", "onset_s,offset_s,midi,cents\n0,1,60,45\n1,2,62,40\n2,3,65,-48\n");
  shed_line line = {0};
  (void)state;
  CHECK_OK(shed_echo_line(&take, NULL, &line));
  assert_int_equal(line.notes[1].midi - line.notes[0].midi, 2);
  assert_int_equal(line.notes[2].midi - line.notes[1].midi, 2);
  shed_line_free(&line);
  shed_take_free(&take);
}

static void
notes_struck_together_are_a_chord(void **state)
{
  shed_take take = taken("a.notes.csv", "onset_s,offset_s,midi\n0,1,67\n0.01,1,60\n0.02,1,64\n1,2,65\n");
  shed_line line = {0};
  (void)state;
  CHECK_OK(shed_echo_line(&take, NULL, &line));
  assert_int_equal(line.notes[0].midi, 60);
  assert_int_equal(line.notes[2].midi, 67);
  CHECK_NEAR(line.notes[2].onset_s, 0, 0);
  assert_true(line.notes[2].flags & SHED_NOTE_CHORD);
  assert_false(line.notes[3].flags & SHED_NOTE_CHORD);
  shed_line_free(&line);
  shed_take_free(&take);
}

static void
strokes_make_an_unpitched_line(void **state)
{
  shed_take take = taken("a.onsets.csv", "onset_s\n1\n1.5\n1.75\n");
  shed_line line = {0};
  (void)state;
  CHECK_OK(shed_echo_line(&take, NULL, &line));
  assert_int_equal(line.n_notes, 3);
  assert_false(line.notes[0].pitched);
  CHECK_NEAR(line.notes[1].onset_s, 0.5, 1e-6);
  CHECK_NEAR(line.notes[0].duration_s, 0.5, 1e-6);
  shed_line_free(&line);
  shed_take_free(&take);
}

static void
nothing_played_is_nothing_to_play_after(void **state)
{
  shed_take take = taken("a.onsets.csv", "onset_s\n");
  shed_line line = {0};
  (void)state;
  CHECK_STATUS(shed_echo_line(&take, NULL, &line), SHED_E_RANGE);
  shed_take_free(&take);
}

// A note told without pitch whose frames stand around one is that note; one whose frames wander is none.
static void
a_note_without_pitch_has_that_of_its_frames(void **state)
{
  shed_frame      frames[400] = {{0}};
  shed_heard_note notes[]     = {{.onset_s = 0, .offset_s = 1, .midi = 69},
                                 {.onset_s = 1, .offset_s = 2, .midi = -1},
                                 {.onset_s = 2, .offset_s = 3, .midi = -1},
                                 {.onset_s = 3, .offset_s = 4, .midi = 67}};
  shed_take take = {.kind = SHED_TAKE_AUDIO, .frames = frames, .n_frames = 400, .notes = notes, .n_notes = 4};
  shed_line line = {0};
  (void)state;
  for (int i = 0; i < 400; i++) {
    double wide      = .6 * sin(i * .3);
    double midi      = i < 100 ? 69 : i < 200 ? 71 + wide : i < 300 ? 50 + i % 30 : 67;
    frames[i].voiced = true;
    frames[i].f0_hz  = (float)(440 * exp2((midi - 69) / 12));
  }
  CHECK_OK(shed_echo_line(&take, NULL, &line));
  assert_int_equal(line.n_notes, 3);
  assert_int_equal(line.notes[1].midi, 71);
  CHECK_NEAR(line.notes[1].onset_s, 1, 1e-6);
  assert_int_equal(line.notes[2].midi, 67);
  shed_line_free(&line);
}

typedef struct {
  double from_s, to_s, midi;
} stretch;

// A pitch track of steady stretches; silence between.
static shed_take
track_of(const stretch *s, size_t n)
{
  static char text[40000];
  size_t      at = (size_t)snprintf(text, sizeof(text), "time_s,f0_hz\n");
  for (int i = 0; i < 900; i++) {
    double t = i * .006, hz = 0;
    for (size_t k = 0; k < n; k++) {
      hz = t >= s[k].from_s && t < s[k].to_s ? 440 * exp2((s[k].midi - 69) / 12) : hz;
    }
    at += (size_t)snprintf(text + at, sizeof(text) - at, "%.3f,%.2f\n", t, hz);
  }
  return taken("a.f0.csv", text);
}

// What a pitch track of a piano tells besides the notes: a stretch on the way, a tail that comes back after the last note.
static void
what_nobody_played_is_not_asked(void **state)
{
  static const stretch piano[] = {{.1, .5, 60},   {.5, .9, 64},   {.9, 1.02, 64.5}, {1.02, 1.3, 65},
                                  {1.3, 1.7, 67}, {1.7, 3.2, 60}, {3.4, 3.7, 60}};
  shed_take            take    = track_of(piano, SHED_COUNTOF(piano));
  shed_line            line    = {0};
  (void)state;
  CHECK_OK(shed_echo_line(&take, NULL, &line));
  assert_int_equal(line.n_notes, 5);
  assert_int_equal(line.notes[2].midi, 65);
  CHECK_NEAR(line.notes[2].onset_s, .8, .03);
  CHECK_NEAR(line.notes[4].duration_s, 1.5, .05);
  shed_line_free(&line);
  shed_take_free(&take);
}

// The last note rings for long, and its end bends away and comes back.
static void
the_end_of_a_long_note_is_not_asked_again(void **state)
{
  static const stretch piano[] = {{.1, .5, 60},   {.5, .9, 64},    {.9, 1.3, 65},  {1.3, 1.7, 67},
                                  {1.7, 3.6, 62}, {3.6, 3.75, 61}, {3.75, 4.3, 62}};
  shed_take            take    = track_of(piano, SHED_COUNTOF(piano));
  shed_line            line    = {0};
  (void)state;
  CHECK_OK(shed_echo_line(&take, NULL, &line));
  assert_int_equal(line.n_notes, 5);
  CHECK_NEAR(line.notes[4].onset_s, 1.6, .03);
  shed_line_free(&line);
  shed_take_free(&take);
}

// The same two notes where the last is as long as the one before: it was played.
static void
a_last_note_that_is_repeated_stays(void **state)
{
  static const stretch sung[] = {{.1, .5, 60},   {.5, .9, 64},   {.9, 1.3, 65},
                                 {1.3, 1.7, 67}, {1.7, 2.5, 60}, {2.6, 3.4, 60}};
  shed_take            take   = track_of(sung, SHED_COUNTOF(sung));
  shed_line            line   = {0};
  (void)state;
  CHECK_OK(shed_echo_line(&take, NULL, &line));
  assert_int_equal(line.n_notes, 6);
  shed_line_free(&line);
  shed_take_free(&take);
}

static void
every_allocation_may_fail(void **state)
{
  shed_take take = taken("a.notes.csv", tune);
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_line line = {0};
    sweep_status   = shed_echo_line(&take, &a.alloc, &line);
    shed_line_free(&line);
  });
  shed_take_free(&take);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_line_is_what_was_played),
      cmocka_unit_test(pitches_are_those_nearest_to_its_own_tuning),
      cmocka_unit_test(notes_struck_together_are_a_chord),
      cmocka_unit_test(strokes_make_an_unpitched_line),
      cmocka_unit_test(nothing_played_is_nothing_to_play_after),
      cmocka_unit_test(a_note_without_pitch_has_that_of_its_frames),
      cmocka_unit_test(what_nobody_played_is_not_asked),
      cmocka_unit_test(the_end_of_a_long_note_is_not_asked_again),
      cmocka_unit_test(a_last_note_that_is_repeated_stays),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
