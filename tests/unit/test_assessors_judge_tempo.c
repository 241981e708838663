// Where the player's own tempo puts each note: a line through the onsets around it, whatever the path's tempo did.
#include "assessors/judge.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

enum { MOST = 24 };

typedef struct {
  double at_s;   ///< score, quarters at 60
  double late_s; ///< after the player's beat
} entry;

// A viola's part in three-four, a rest in most bars; three entries behind a rest come late.
static const entry  VIOLA[] = {{2, 0},  {3, 0},  {5, 0},    {6, 0},   {11, .22}, {12, 0}, {17, 0},
                               {18, 0}, {20, 0}, {21, 0},   {26, .2}, {27, 0},   {29, 0}, {30, 0},
                               {32, 0}, {33, 0}, {38, .24}, {39, 0},  {41, 0},   {42, 0}};
static const double BEAT_S  = 15. / 14; ///< a quarter at 56

typedef struct {
  shed_prompt        prompt;
  shed_sounding_note sounding[MOST];
  shed_found         found[MOST];
  shed_segment       segments[MOST];
  shed_align_event   events[MOST];
  int                notes[MOST];
  shed_judged        j;
} scene;

/// @param period_s of the path, from the first late entry on.
static void
scene_of(scene *s, const entry *entries, int n, double period_s)
{
  bool late = false;
  *s        = (scene){.prompt = {.line = {.notes = s->sounding, .n_notes = (size_t)n, .tempo_bpm = 60}}};
  for (int i = 0; i < n; i++) {
    double onset   = 1 + BEAT_S * entries[i].at_s + entries[i].late_s;
    late           = late || entries[i].late_s > 0;
    s->events[i]   = (shed_align_event){.first = i, .count = 1, .at_s = entries[i].at_s, .length_s = 1};
    s->notes[i]    = i;
    s->segments[i] = (shed_segment){.event = i, .period = (float)(late ? period_s : BEAT_S)};
    s->found[i]    = (shed_found){.segment = i, .onset_s = onset, .expected_s = NAN};
  }
  s->j = (shed_judged){.prompt     = &s->prompt,
                       .target     = {.events = s->events, .n_events = n, .notes = s->notes, .n_notes = n},
                       .path       = {.segments = s->segments, .n = (size_t)n},
                       .found      = s->found,
                       .pair_ratio = NAN};
}

static void
check_beat(const entry *entries, int n, double period_s)
{
  scene s;
  scene_of(&s, entries, n, period_s);
  CHECK_OK(shed_judge_tempo(&s.j));
  for (int i = 0; i < n; i++) {
    double off = s.found[i].expected_s - (1 + BEAT_S * entries[i].at_s);
    if (fabs(off) > .02) {
      fail_msg("note %d at %g is expected %.0f ms off the beat, the path at %g", i, entries[i].at_s,
               off * 1000, period_s);
    }
  }
  CHECK_NEAR(s.j.tempo_bpm, 56, .2);
}

static void
a_late_entry_does_not_move_the_beat(void **state)
{
  (void)state;
  check_beat(VIOLA, sizeof(VIOLA) / sizeof(VIOLA[0]), BEAT_S);
}

// The late entry and the note behind it stand nearer to each other than they should: a path takes that for a faster
// tempo, and over the five beats to the next note that is a seventh of a second.
static void
a_path_that_follows_a_late_entry_does_not_either(void **state)
{
  (void)state;
  for (int hundredths = 103; hundredths <= 111; hundredths++) {
    check_beat(VIOLA, sizeof(VIOLA) / sizeof(VIOLA[0]), hundredths / 100.);
  }
}

// The beat of a player who is never quite on it comes from the others: the note that is judged has no say.
static void
a_late_note_does_not_excuse_itself(void **state)
{
  enum { NOTES = 20 };
  static const double SWAY_S[] = {.03, -.035, .01, -.03, .035, -.01};
  (void)state;
  for (int at = 4; at + 4 <= NOTES; at++) {
    double expected_s[2];
    for (int late = 0; late <= 1; late++) {
      scene s;
      entry e[NOTES];
      for (int i = 0; i < NOTES; i++) {
        e[i] = (entry){.at_s = .5 * i, .late_s = SWAY_S[i % 6] + (i == at ? .1 * late : 0)};
      }
      scene_of(&s, e, NOTES, BEAT_S);
      CHECK_OK(shed_judge_tempo(&s.j));
      expected_s[late] = s.found[at].expected_s;
    }
    CHECK_NEAR(expected_s[1], expected_s[0], .001);
  }
}

// Of the notes before a restart only the first three count; those that came again tell all the same that the first one was late.
static void
what_was_played_again_tells_the_beat_of_its_own_time(void **state)
{
  enum { NOTES = 12, STOPPED = 8, AGAIN_FROM = 3, PLAYED = NOTES + STOPPED - AGAIN_FROM };
  const double    late_s = .12, waited_s = 2;
  shed_heard_note heard[PLAYED];
  shed_take       take = {.notes = heard, .n_notes = PLAYED};
  entry           e[NOTES];
  scene           s;
  (void)state;
  for (int i = 0; i < NOTES; i++) {
    e[i] = (entry){.at_s = .5 * i};
  }
  scene_of(&s, e, NOTES, BEAT_S);
  for (int k = 0; k < PLAYED; k++) {
    const bool   again  = k >= STOPPED;
    const int    event  = again ? k - STOPPED + AGAIN_FROM : k;
    const double played = 1 + BEAT_S * e[event].at_s + (k == 0 ? late_s : 0) + (k == 1 ? -.04 : 0);
    heard[k]       = (shed_heard_note){.onset_s = (float)(played + (again ? waited_s + BEAT_S * 2.5 : 0))};
    s.segments[k]  = (shed_segment){.event  = event,
                                    .kind   = k == STOPPED ? SHED_STEP_JUMP : SHED_STEP_NEXT,
                                    .period = (float)BEAT_S,
                                    .row    = k};
    s.found[event] = (shed_found){.segment = k, .onset_s = (double)heard[k].onset_s, .expected_s = NAN};
  }
  s.j.path.n = PLAYED;
  s.j.take   = &take;
  CHECK_OK(shed_judge_tempo(&s.j));
  CHECK_NEAR(s.found[0].onset_s - s.found[0].expected_s, late_s, .02);
  CHECK_NEAR(s.found[1].onset_s - s.found[1].expected_s, -.04, .02);
  for (int i = AGAIN_FROM; i < NOTES; i++) {
    CHECK_NEAR(s.found[i].onset_s, s.found[i].expected_s, .01);
  }
}

// Seven notes in a row hurry and come back: no one of them is early. One alone that comes so early is.
static void
a_beat_that_sways_is_swayed_with(void **state)
{
  static const double SWAY_S[] = {-.03, -.06, -.08, -.09, -.08, -.06, -.03};
  enum { NOTES = 21, FROM = 7, SWAYED = sizeof(SWAY_S) / sizeof(SWAY_S[0]), EARLIEST = FROM + 3 };
  (void)state;
  for (int alone = 0; alone <= 1; alone++) {
    entry e[NOTES];
    scene s;
    for (int i = 0; i < NOTES; i++) {
      const bool in = alone ? i == EARLIEST : i >= FROM && i < FROM + SWAYED;
      e[i]          = (entry){.at_s = .6 * i, .late_s = in ? SWAY_S[i - FROM] : 0};
    }
    scene_of(&s, e, NOTES, BEAT_S);
    CHECK_OK(shed_judge_tempo(&s.j));
    const double off_s = s.found[EARLIEST].onset_s - s.found[EARLIEST].expected_s;
    CHECK_NEAR(off_s, alone ? SWAY_S[EARLIEST - FROM] : 0, alone ? .01 : .06);
  }
}

static void
a_player_who_slows_down_is_followed(void **state)
{
  scene s;
  entry slower[13];
  (void)state;
  for (int i = 0; i < 13; i++) { // each beat 10 ms longer than the one before
    slower[i] = (entry){.at_s = i, .late_s = .005 * i * i};
  }
  scene_of(&s, slower, 13, BEAT_S + .06);
  CHECK_OK(shed_judge_tempo(&s.j));
  for (int i = 0; i < 13; i++) {
    CHECK_NEAR(s.found[i].onset_s - s.found[i].expected_s, 0, .05);
  }
}

static void
memory_may_run_out(void **state)
{
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    scene s;
    scene_of(&s, VIOLA, sizeof(VIOLA) / sizeof(VIOLA[0]), BEAT_S);
    s.j.alloc    = &a.alloc;
    sweep_status = shed_judge_tempo(&s.j);
  })
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_late_entry_does_not_move_the_beat),
      cmocka_unit_test(a_path_that_follows_a_late_entry_does_not_either),
      cmocka_unit_test(a_late_note_does_not_excuse_itself),
      cmocka_unit_test(what_was_played_again_tells_the_beat_of_its_own_time),
      cmocka_unit_test(a_beat_that_sways_is_swayed_with),
      cmocka_unit_test(a_player_who_slows_down_is_followed),
      cmocka_unit_test(memory_may_run_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
