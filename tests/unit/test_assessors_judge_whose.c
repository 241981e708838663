// Whose sound a note was, from spectra made by hand: beside another player a right pitch is not enough, a soft wrong note may be his,
// and what begins on the pitch that was asked for is not missing.
#include "assessors/judge.h"

#include "engine/music/pitch.h"
#include "tests/support/check.h"
#include "tests/support/own_tones.h"

#include <math.h>
#include <string.h>

enum { FRAMES = 200, LEARNT = 8, AT = 100, LONG = 40, PITCH = 60, OTHERS = 67 };

static const double USUAL_DB = -15;

typedef struct {
  shed_take          take;
  shed_frame         frames[FRAMES];
  uint8_t            bands[FRAMES * SHED_TAKE_BANDS];
  float              centre[FRAMES + 1], attack[FRAMES], loud_db[FRAMES];
  shed_own_note      own[LEARNT];
  shed_prompt        prompt;
  shed_sounding_note note;
  shed_align_event   event;
  shed_segment       segment;
  shed_found         found;
  shed_note_verdict  verdict;
  int                index;
  shed_judged        j;
} scene;

// A note that was called right, as loud as the player's softest and clearly begun; nothing of it is in the spectrum yet.
static void
set_up(scene *s)
{
  memset(s, 0, sizeof(*s));
  for (int i = 0; i < FRAMES; i++) {
    s->frames[i]  = (shed_frame){.level_db = -60};
    s->loud_db[i] = -20;
    s->attack[i]  = 1;
  }
  own_tones_learn(s->own, LEARNT, 1, PITCH - 4);
  s->take    = (shed_take){.frames = s->frames, .n_frames = FRAMES, .bands = s->bands, .snr_db = 40};
  s->event   = (shed_align_event){.count = 1, .pitch = PITCH, .main_midi = PITCH, .length_s = .4};
  s->segment = (shed_segment){.kind = SHED_STEP_START, .start = AT, .end = AT + LONG, .period = 1};
  s->found   = (shed_found){.path_onset_s = AT * SHED_FRAME_HOP_S,
                            .onset_s      = AT * SHED_FRAME_HOP_S,
                            .offset_s     = (AT + LONG) * SHED_FRAME_HOP_S,
                            .expected_s   = AT * SHED_FRAME_HOP_S,
                            .m = {.other_midi = PITCH, .share = 1, .sound_s = .4, .level_db = USUAL_DB}};
  s->verdict = (shed_note_verdict){.pitch = SHED_PITCH_CORRECT, .played_midi = PITCH};
  s->j       = (shed_judged){.prompt   = &s->prompt,
                             .take     = &s->take,
                             .found    = &s->found,
                             .centre   = s->centre,
                             .usual_db = USUAL_DB,
                             .target   = {.events = &s->event, .n_events = 1, .notes = &s->index},
                             .path     = {.segments = &s->segment, .n = 1},
                             .evidence = {.n       = FRAMES,
                                          .step    = 1,
                                          .hop_s   = SHED_FRAME_HOP_S,
                                          .attack  = s->attack,
                                          .loud_db = s->loud_db},
                             .levels   = {.floor_db = -70, .silent_db = -45, .player_db = (float)(-21.5)},
                             .own      = {.notes = s->own, .n = LEARNT, .sd_db = 1.5},
                             .v        = {.notes = &s->verdict, .n_notes = 1}};
}

// Somebody plays until shortly before the note.
static void
play_beside(scene *s)
{
  for (int i = 0; i < AT - LONG; i++) {
    s->frames[i] = (shed_frame){
        .f0_hz = (float)shed_midi_to_hz(OTHERS, 440), .level_db = -30, .confidence = .9F, .voiced = true};
  }
}

static shed_pitch_label
label(scene *s)
{
  shed_judge_whose(&s->j);
  return s->verdict.pitch;
}

// The pitch that was asked for at some level under the player's, out of something still softer.
static shed_pitch_label
label_of_soft(double over_db, double climb_db, bool beside)
{
  static scene s;
  set_up(&s);
  if (beside) {
    play_beside(&s);
  }
  own_tones_sound(s.bands, PITCH, 0, AT, over_db - climb_db, 0);
  own_tones_sound(s.bands, PITCH, AT, AT + LONG, over_db, 0);
  shed_pitch_label l = label(&s);
  assert_int_equal(s.found.withheld, l == SHED_PITCH_UNSURE);
  return l;
}

static void
a_right_pitch_that_is_far_softer_is_nobodys_credit_beside_another_player(void **state)
{
  (void)state;
  assert_int_equal(label_of_soft(0, 60, true), SHED_PITCH_CORRECT);
  assert_int_equal(label_of_soft(-10, 12, true), SHED_PITCH_UNSURE);
  assert_int_equal(label_of_soft(-10, 12, false),
                   SHED_PITCH_CORRECT); // nobody else is there: he played softly
  assert_int_equal(label_of_soft(-10, 40, true), SHED_PITCH_CORRECT); // it begins there
  assert_int_equal(label_of_soft(-6, 12, true), SHED_PITCH_CORRECT);
}

static void
softer_than_his_softest_it_is_not_his_however_it_begins(void **state)
{
  static scene s;
  (void)state;
  for (int under = 0; under < 2; under++) {
    set_up(&s);
    play_beside(&s);
    own_tones_sound(s.bands, PITCH, AT, AT + LONG, -10, 0);
    s.j.levels.player_db = under ? -18 : -21; // it rises to -20
    assert_int_equal(label(&s), under ? SHED_PITCH_UNSURE : SHED_PITCH_CORRECT);
  }
}

static void
what_sounds_on_is_not_begun(void **state)
{
  static scene s;
  (void)state;
  for (int begun = 0; begun < 2; begun++) {
    set_up(&s);
    play_beside(&s);
    own_tones_sound(s.bands, PITCH, 0, AT + LONG, -6, 0);
    for (int i = 0; i < FRAMES && !begun; i++) {
      s.attack[i] = .1F;
    }
    assert_int_equal(label(&s), begun ? SHED_PITCH_CORRECT : SHED_PITCH_UNSURE);
  }
}

static void
his_pitch_under_another_with_harmonics_elsewhere_is_not_his(void **state)
{
  static scene s;
  (void)state;
  for (int other = 0; other < 2; other++) {
    set_up(&s);
    play_beside(&s);
    own_tones_sound(s.bands, PITCH, AT, AT + LONG, 0, -25);
    s.found.m.other_midi = other ? PITCH - 9 : PITCH;
    assert_int_equal(label(&s), SHED_PITCH_UNSURE);
    assert_int_equal(s.found.withheld, other); // with no other pitch its time is told all the same
    assert_int_equal(s.found.uncredited, !other);
  }
}

static void
harmonics_a_little_elsewhere_are_his(void **state)
{
  static scene s;
  (void)state;
  set_up(&s);
  play_beside(&s);
  own_tones_sound(s.bands, PITCH, AT, AT + LONG, 0, -6);
  assert_int_equal(label(&s), SHED_PITCH_CORRECT);
  assert_false(s.found.uncredited);
  set_up(&s); // and without anybody beside him whatever they are
  own_tones_sound(s.bands, PITCH, AT, AT + LONG, 0, -25);
  assert_int_equal(label(&s), SHED_PITCH_CORRECT);
  assert_false(s.found.uncredited);
}

static void
a_soft_note_beside_the_beat_and_not_heard_all_the_time_may_be_anothers(void **state)
{
  static scene s;
  (void)state;
  for (int how = 0; how < 4; how++) {
    const bool off = how & 1, alone = how & 2;
    set_up(&s);
    if (!alone) {
      play_beside(&s);
    }
    own_tones_sound(s.bands, PITCH, AT, AT + LONG, -6, 0);
    s.found.expected_s += off ? .2 : 0;
    s.found.m.share = off ? .4 : 1;
    assert_int_equal(label(&s), off && !alone ? SHED_PITCH_UNSURE : SHED_PITCH_CORRECT);
    assert_int_equal(s.found.uncredited, off && !alone);
  }
}

static void
a_soft_wrong_note_may_be_somebody_elses(void **state)
{
  static const struct {
    double           over_db, level_db;
    shed_pitch_label label;
  } rows[] = {{0, USUAL_DB, SHED_PITCH_WRONG},
              {-12, USUAL_DB - 8, SHED_PITCH_UNSURE},
              {-12, USUAL_DB, SHED_PITCH_WRONG}, // as a whole as loud as he
              {-4, USUAL_DB - 8, SHED_PITCH_WRONG}};
  static scene s;
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    set_up(&s);
    own_tones_sound(s.bands, OTHERS, AT, AT + LONG, rows[i].over_db, 0);
    s.verdict.pitch      = SHED_PITCH_WRONG;
    s.found.m.other_midi = OTHERS;
    s.found.m.level_db   = rows[i].level_db;
    assert_int_equal(label(&s), rows[i].label);
  }
}

// Out of tune by what is heard, where the pitch that was asked for is far too soft to be his and climbs by so much.
static shed_pitch_label
label_of_faint(double climb_db)
{
  static scene s;
  set_up(&s);
  own_tones_sound(s.bands, PITCH, 0, AT, -16 - climb_db, 0);
  own_tones_sound(s.bands, PITCH, AT, AT + LONG, -16, 0);
  s.verdict.pitch = SHED_PITCH_FLAT;
  s.verdict.cents = -45;
  return label(&s);
}

static void
where_something_begins_on_the_pitch_nothing_is_missing(void **state)
{
  (void)state;
  assert_int_equal(label_of_faint(4), SHED_PITCH_MISSED);
  assert_int_equal(label_of_faint(14), SHED_PITCH_FLAT);
}

// -- what is missing -------------------------------------------------------------------------------------------------

enum { ANOTHER = PITCH + 4 };

// The ear heard this there.
static void
hear(scene *s, double midi, int from, int to)
{
  for (int i = from; i < to; i++) {
    const float hz = (float)shed_midi_to_hz(midi, 440);
    s->frames[i]   = (shed_frame){.f0_hz = hz, .level_db = -20, .confidence = .9F, .voiced = true};
    s->frames[i].cand[0].f0_hz   = hz;
    s->frames[i].cand[0].support = .9F;
  }
}

static shed_pitch_label
thought_of(scene *s, shed_pitch_label before)
{
  s->verdict.pitch = before;
  shed_judge_missing(&s->j);
  return s->verdict.pitch;
}

static void
a_note_in_doubt_without_a_trace_of_it_is_missing(void **state)
{
  static scene s;
  (void)state;
  for (int trace = 0; trace < 2; trace++) {
    for (int found = 0; found < 2; found++) {
      set_up(&s);
      own_tones_sound(s.bands, OTHERS, 0, FRAMES, 0, 0);
      own_tones_sound(s.bands, PITCH, AT, AT + LONG, trace ? -6 : -40, 0);
      s.found.segment      = found ? 0 : -1;
      s.found.expected_s   = AT * SHED_FRAME_HOP_S;
      s.found.m.other_midi = OTHERS;
      s.j.path.n           = found ? 1 : 0;
      assert_int_equal(thought_of(&s, SHED_PITCH_UNSURE), trace ? SHED_PITCH_UNSURE : SHED_PITCH_MISSED);
    }
  }
}

static void
a_note_in_doubt_that_is_soft_and_begins_nowhere_is_missing(void **state)
{
  static scene s;
  (void)state;
  for (int begins = 0; begins < 2; begins++) {
    set_up(&s);
    own_tones_sound(s.bands, PITCH, begins ? AT : 0, AT + LONG, -7, 0);
    s.found.m.share = 1;
    assert_int_equal(thought_of(&s, SHED_PITCH_UNSURE), begins ? SHED_PITCH_UNSURE : SHED_PITCH_MISSED);
  }
}

// Two notes of one pitch; what was taken for the first one is short, begins so late, and goes on into the other.
static shed_pitch_label
label_of_late_first(double late_s, double *next_onset_s)
{
  static scene     s;
  shed_align_event events[] = {
      {.count = 1, .pitch = PITCH, .main_midi = PITCH, .length_s = .2},
      {.first = 1, .count = 1, .pitch = PITCH, .main_midi = PITCH, .same_as_before = true}};
  shed_segment      segments[] = {{.kind = SHED_STEP_START, .start = AT, .end = AT + 6, .period = 1},
                                  {.kind = SHED_STEP_NEXT, .start = AT + 6, .end = AT + LONG, .period = 1}};
  shed_note_verdict verdicts[] = {{.pitch = SHED_PITCH_CORRECT}, {.pitch = SHED_PITCH_CORRECT}};
  int               notes[]    = {0, 1};
  shed_found        found[]    = {{.segment = 0}, {.segment = 1}};
  set_up(&s);
  for (int i = 0; i < 2; i++) {
    found[i].path_onset_s = found[i].onset_s = segments[i].start * SHED_FRAME_HOP_S;
    found[i].offset_s                        = segments[i].end * SHED_FRAME_HOP_S;
    found[i].expected_s                      = AT * SHED_FRAME_HOP_S - late_s + i * .2;
    found[i].m = (shed_measure){.other_midi = PITCH, .other_share = 1, .share = 1, .sound_s = i ? .3 : .06};
  }
  s.j.target = (shed_align_target){.events = events, .n_events = 2, .notes = notes};
  s.j.path   = (shed_path){.segments = segments, .n = 2};
  s.j.found  = found;
  s.j.v      = (shed_verdict){.notes = verdicts, .n_notes = 2};
  shed_judge_missing(&s.j);
  *next_onset_s = found[1].onset_s;
  return verdicts[0].pitch;
}

static void
the_beginning_of_the_next_note_is_not_the_one_before_it(void **state)
{
  double onset_s;
  (void)state;
  assert_int_equal(label_of_late_first(.15, &onset_s), SHED_PITCH_MISSED);
  CHECK_NEAR(onset_s, AT * SHED_FRAME_HOP_S, 1e-9);
  assert_int_equal(label_of_late_first(.08, &onset_s), SHED_PITCH_CORRECT); // nearer to its own place
  CHECK_NEAR(onset_s, (AT + 6) * SHED_FRAME_HOP_S, 1e-9);
}

static void
another_note_of_his_that_begins_there_is_not_missing(void **state)
{
  static scene s;
  (void)state;
  for (int begins = 0; begins < 2; begins++) {
    set_up(&s);
    own_tones_sound(s.bands, ANOTHER, begins ? AT : 0, AT + LONG, 0, 0);
    hear(&s, ANOTHER, AT, AT + LONG);
    assert_int_equal(thought_of(&s, SHED_PITCH_MISSED), begins ? SHED_PITCH_WRONG : SHED_PITCH_MISSED);
    assert_int_equal(s.verdict.played_midi, begins ? ANOTHER : PITCH);
  }
}

static void
a_moment_on_the_pitch_before_it_is_the_end_of_that(void **state)
{
  static scene s;
  shed_segment segments[] = {{.kind = SHED_STEP_EXTRA, .start = AT - LONG, .end = AT, .lane = ANOTHER},
                             {.kind = SHED_STEP_NEXT, .start = AT, .end = AT + LONG, .period = 1}};
  (void)state;
  for (int how = 0; how < 4; how++) {
    const bool longer = how & 1, begins = how & 2;
    set_up(&s);
    own_tones_sound(s.bands, ANOTHER, begins ? AT : AT - LONG, AT + LONG, 0, 0);
    s.j.path        = (shed_path){.segments = segments, .n = SHED_COUNTOF(segments)};
    s.found.segment = 1;
    hear(&s, ANOTHER, AT, AT + (longer ? 20 : 5));
    assert_int_equal(thought_of(&s, SHED_PITCH_SHARP),
                     longer && begins ? SHED_PITCH_SHARP : SHED_PITCH_MISSED);
  }
}

// -- all of it weighed -----------------------------------------------------------------------------------------------

static shed_pitch_label
weighed(scene *s, shed_pitch_label before)
{
  s->verdict.pitch = before;
  shed_judge_faults(&s->j);
  return s->verdict.pitch;
}

static void
an_octave_up_in_the_harmonics_of_the_note_before_is_not_wrong(void **state)
{
  static scene s;
  shed_segment segments[] = {{.kind = SHED_STEP_EXTRA, .start = AT - LONG, .end = AT + LONG, .period = 1}};
  (void)state;
  for (int apart = 11; apart <= 12; apart++) {
    set_up(&s);
    segments[0].lane = PITCH - apart;
    own_tones_sound(s.bands, PITCH - apart, AT - LONG, AT + LONG, 0, 0);
    hear(&s, PITCH - apart, AT - LONG, AT + LONG);
    s.j.path           = (shed_path){.segments = segments, .n = 1};
    s.j.guess.period   = 1;
    s.found.segment    = -1;
    s.found.expected_s = AT * SHED_FRAME_HOP_S;
    for (int i = AT; i < AT + LONG; i += 3) {
      s.frames[i].cand[1].f0_hz   = (float)shed_midi_to_hz(PITCH, 440);
      s.frames[i].cand[1].support = .9F;
    }
    assert_int_equal(weighed(&s, SHED_PITCH_WRONG) == SHED_PITCH_UNSURE, apart == 12);
  }
}

static void
a_moment_of_sound_where_no_note_was_due_is_a_note_left_out(void **state)
{
  static scene s;
  (void)state;
  for (int due = 0; due < 2; due++) {
    set_up(&s);
    own_tones_sound(s.bands, ANOTHER, AT, AT + LONG, due ? 0 : -10, 0);
    s.j.guess.period   = 1;
    s.found.expected_s = (AT - (due ? 0 : 20)) * SHED_FRAME_HOP_S;
    s.found.m          = (shed_measure){.other_midi  = ANOTHER,
                                        .other_share = 1,
                                        .confidence  = .95,
                                        .sound_s     = due ? .35 : .04,
                                        .level_db    = USUAL_DB - (due ? 0 : 8)};
    assert_int_equal(weighed(&s, SHED_PITCH_WRONG), due ? SHED_PITCH_WRONG : SHED_PITCH_MISSED);
  }
}

static void
the_place_of_what_was_leapt_over_is_not_asked(void **state)
{
  static scene           s;
  const shed_align_event event = {.count = 1, .pitch = PITCH, .main_midi = PITCH, .length_s = .4};
  (void)state;
  for (int leapt = 0; leapt < 2; leapt++) {
    double x[SHED_FAULT_FEATURES];
    set_up(&s);
    shed_align_event  events[]   = {event, event, event};
    shed_note_verdict verdicts[] = {s.verdict, {.pitch = SHED_PITCH_MISSED}, s.verdict};
    shed_found        found[]    = {s.found, s.found, s.found};
    int               notes[]    = {0, 1, 2};
    shed_segment      segments[] = {{.kind = SHED_STEP_START, .start = 10, .end = 50, .period = 1},
                                    {.kind   = leapt ? SHED_STEP_JUMP : SHED_STEP_NEXT,
                                     .event  = 2,
                                     .start  = AT + LONG,
                                     .end    = AT + LONG + 20,
                                     .period = 1}};
    events[1].first              = 1;
    events[2].first              = 2;
    found[1].segment             = -1;
    found[2].segment             = 1;
    s.j.guess.period             = 1;
    s.j.target                   = (shed_align_target){.events = events, .n_events = 3, .notes = notes};
    s.j.path                     = (shed_path){.segments = segments, .n = SHED_COUNTOF(segments)};
    s.j.found                    = found;
    s.j.v                        = (shed_verdict){.notes = verdicts, .n_notes = 3};
    assert_int_equal(shed_faults_view(&s.j, 1, USUAL_DB, x), !leapt);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_right_pitch_that_is_far_softer_is_nobodys_credit_beside_another_player),
      cmocka_unit_test(softer_than_his_softest_it_is_not_his_however_it_begins),
      cmocka_unit_test(what_sounds_on_is_not_begun),
      cmocka_unit_test(his_pitch_under_another_with_harmonics_elsewhere_is_not_his),
      cmocka_unit_test(harmonics_a_little_elsewhere_are_his),
      cmocka_unit_test(a_soft_note_beside_the_beat_and_not_heard_all_the_time_may_be_anothers),
      cmocka_unit_test(a_soft_wrong_note_may_be_somebody_elses),
      cmocka_unit_test(where_something_begins_on_the_pitch_nothing_is_missing),
      cmocka_unit_test(a_note_in_doubt_without_a_trace_of_it_is_missing),
      cmocka_unit_test(a_note_in_doubt_that_is_soft_and_begins_nowhere_is_missing),
      cmocka_unit_test(the_beginning_of_the_next_note_is_not_the_one_before_it),
      cmocka_unit_test(another_note_of_his_that_begins_there_is_not_missing),
      cmocka_unit_test(a_moment_on_the_pitch_before_it_is_the_end_of_that),
      cmocka_unit_test(an_octave_up_in_the_harmonics_of_the_note_before_is_not_wrong),
      cmocka_unit_test(a_moment_of_sound_where_no_note_was_due_is_a_note_left_out),
      cmocka_unit_test(the_place_of_what_was_leapt_over_is_not_asked),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
