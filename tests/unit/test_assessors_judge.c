// Credit of time under the ear's own doubt: the window, and the pattern where the doubt is wider. What frames say about a
// pitch.
#include "assessors/judge.h"

#include "engine/music/pitch.h"
#include "tests/support/check.h"

// Three notes half a second apart, the middle one @p late_s late.
static shed_judged
scene(shed_found *found, const shed_prompt *prompt, double late_s, double doubt_s)
{
  shed_judged j = {.prompt = prompt, .found = found, .levels = {.floor_db = -60}};
  for (int i = 0; i < 3; i++) {
    found[i] = (shed_found){.expected_s    = 1 + .5 * i,
                            .onset_s       = 1 + .5 * i + (i == 1 ? late_s : 0),
                            .onset_doubt_s = doubt_s,
                            .m             = {.level_db = -20}};
  }
  j.target.n_events = 3;
  return j;
}

static double
credit(double late_s, double doubt_s, double window_ms, bool sung)
{
  shed_found  found[3];
  shed_prompt prompt = {.sung = sung};
  shed_judged j      = scene(found, &prompt, late_s, doubt_s);
  return shed_judge_time_credit(&j, 1, late_s * 1000, window_ms);
}

static void
a_clear_onset_is_held_to_the_window(void **state)
{
  (void)state;
  CHECK_NEAR(credit(.04, 0, 50, false), 1, 1e-9);
  CHECK_NEAR(credit(.075, 0, 50, false), .5, 1e-9);
  CHECK_NEAR(credit(.1, 0, 50, false), 0, 1e-9);
}

static void
a_doubtful_onset_is_held_to_the_pattern_alone(void **state)
{
  (void)state;
  CHECK_NEAR(credit(.075, .12, 50, false), 1, 1e-9);  // 65 ms of doubt: half a second is still half a second
  CHECK_NEAR(credit(.075, .08, 50, false), .5, 1e-9); // 45 ms: the window holds
  CHECK_NEAR(credit(.3, .12, 50, false), 0, 1e-9);    // .8 to .2 of a second: the pattern is lost
}

static void
where_not_even_the_pattern_can_be_told_nothing_is(void **state)
{
  (void)state;
  assert_true(isnan(credit(.075, .4, 50, false)));
}

static void
noise_and_voices_widen_the_doubt(void **state)
{
  shed_found  found[3];
  shed_prompt prompt = {.sung = false};
  shed_prompt voice  = {.sung = true};
  shed_judged j      = scene(found, &prompt, 0, 0);
  double      clear  = shed_judge_onset_doubt_ms(&j, &found[1]);
  (void)state;
  j.prompt = &voice;
  CHECK_LT(clear, shed_judge_onset_doubt_ms(&j, &found[1]));
  j.prompt            = &prompt;
  found[1].m.level_db = -50;
  CHECK_LT(clear, shed_judge_onset_doubt_ms(&j, &found[1]));
}

// -- measuring -----------------------------------------------------------------------------------------------------

enum { FRAMES = 14, LOW = 38 };

// A bass note of 14 frames, ten periods: the ear comes from a semitone below and is there after eight of them.
static double
measured_cents(double at_end_cents)
{
  shed_frame  frames[FRAMES] = {{.f0_hz = 0}};
  shed_take   take           = {.frames = frames, .n_frames = FRAMES};
  shed_levels lv             = {.floor_db = -60, .silent_db = -40};
  for (int i = 0; i < FRAMES; i++) {
    double off                = at_end_cents - 100 * fmax(0, 1 - (double)i / (.6 * FRAMES));
    float  hz                 = (float)shed_midi_to_hz(LOW + off / 100, 440);
    frames[i]                 = (shed_frame){.f0_hz = hz, .confidence = .9F, .level_db = -20, .voiced = true};
    frames[i].cand[0].f0_hz   = hz;
    frames[i].cand[0].support = .9F;
  }
  return shed_measure_pitch(&take, &lv, 0, FRAMES * SHED_FRAME_HOP_S, LOW, NULL).cents;
}

static void
a_short_low_note_is_read_where_it_settles(void **state)
{
  (void)state;
  CHECK_NEAR(measured_cents(0), 0, 4);
  CHECK_NEAR(measured_cents(50), 50, 4);
}

// -- finding -------------------------------------------------------------------------------------------------------

enum { ASKED = 66, BEGINS = 4, LASTS = 64 };

// A note asked at 66, of which the path found 40 ms, and @p gap frames later an extra note an octave up until its end, at @p level_db.
static shed_measure
found_of_one_begun_low(double level_db, int gap, size_t *n_segments)
{
  shed_frame       frames[LASTS] = {{.f0_hz = 0}};
  float            none[LASTS]   = {0};
  shed_align_event event         = {.pitch = ASKED, .main_midi = ASKED, .length_s = .64};
  shed_found       found         = {.segment = -1};
  float            centre[LASTS] = {0};
  shed_segment     segments[]    = {{.kind = SHED_STEP_START, .end = BEGINS, .period = 1, .row = -1},
                                    {.kind   = SHED_STEP_EXTRA,
                                     .start  = BEGINS + gap,
                                     .end    = LASTS,
                                     .lane   = ASKED + 12,
                                     .period = 1,
                                     .row    = -1}};
  shed_take        take          = {.frames = frames, .n_frames = LASTS};
  shed_prompt      prompt        = {.sung = false};
  shed_judged      j             = {
                       .prompt = &prompt,
                       .take   = &take,
                       .target = {.events = &event, .n_events = 1},
                       .levels = {.floor_db = -60, .silent_db = -40},
                       .evidence =
                           {.n = LASTS, .step = 1, .hop_s = SHED_FRAME_HOP_S, .attack = none, .stroke = none, .loud_db = none},
                       .path   = {.segments = segments, .n = SHED_COUNTOF(segments)},
                       .found  = &found,
                       .centre = centre};
  for (int k = 0; k < SHED_LANES; k++) {
    event.lane[k] = k == 0 ? shed_lane_of(ASKED) : k == 1 ? shed_lane_of(ASKED + 12) : -1;
  }
  for (int i = 0; i < LASTS; i++) {
    const float hz            = (float)shed_midi_to_hz(i < BEGINS ? ASKED : ASKED + 12, 440);
    const float db            = i < BEGINS ? -15 : (float)level_db;
    frames[i]                 = (shed_frame){.f0_hz = hz, .confidence = .9F, .level_db = db, .voiced = true};
    frames[i].cand[0].f0_hz   = hz;
    frames[i].cand[0].support = .9F;
  }
  shed_judge_find(&j);
  *n_segments = j.path.n;
  return found.m;
}

static void
a_note_that_begins_an_octave_low_is_the_higher_one(void **state)
{
  size_t n;
  (void)state;
  for (int gap = 0; gap <= 5; gap += 5) { // the ear may be unsure between the two
    const shed_measure m = found_of_one_begun_low(-9, gap, &n);
    assert_int_equal(n, 1);
    assert_int_equal(m.other_midi, ASKED + 12);
    CHECK_LT(.55, m.sound_s);
  }
  (void)found_of_one_begun_low(-9, 10, &n);
  assert_int_equal(n, 2);
}

static void
what_is_softer_behind_a_struck_tone_is_none_of_it(void **state)
{
  size_t             n;
  const shed_measure m = found_of_one_begun_low(-25, 0, &n);
  (void)state;
  assert_int_equal(n, 2);
  assert_int_equal(m.other_midi, ASKED);
}

// -- second thoughts -----------------------------------------------------------------------------------------------

// A note asked at 68, heard plainly a semitone below; the written pitch stands beside it in @p among of the sound.
static shed_note_verdict
a_semitone_off(double among, double confidence)
{
  float             loud_db = -15;
  shed_take         take    = {.snr_db = 40};
  shed_prompt       prompt  = {.sung = false};
  shed_segment      segment = {.kind = SHED_STEP_START};
  shed_found        found   = {.m = {.share = 0}};
  shed_note_verdict v       = {.pitch = SHED_PITCH_WRONG, .played_midi = 67, .cents = -98};
  shed_judged       j       = {.prompt     = &prompt,
                               .take       = &take,
                               .found      = &found,
                               .path       = {.segments = &segment, .n = 1},
                               .evidence   = {.loud_db = &loud_db},
                               .levels     = {.floor_db = -60, .player_db = -20},
                               .usual_db   = -15,
                               .line_cents = 30,
                               .far_cents  = 70};
  shed_measure      m       = {.cents       = -98,
                               .spread      = 5,
                               .read        = 1,
                               .other_share = 1,
                               .other_midi  = 67,
                               .sound_s     = .3,
                               .level_db    = -15,
                               .confidence  = confidence,
                               .among       = among,
                               .among_cents = -18};
  shed_judge_think_twice(&j, &found, &m, 68, &v);
  return v;
}

static void
a_note_that_stands_beside_another_players_is_no_wrong_note(void **state)
{
  (void)state;
  shed_note_verdict v = a_semitone_off(.9, .8);
  assert_int_equal(v.pitch, SHED_PITCH_CORRECT);
  assert_int_equal(v.played_midi, 68);
  CHECK_NEAR(v.cents, -18, 1e-9);
  assert_int_equal(a_semitone_off(.2, .8).pitch, SHED_PITCH_WRONG);
  assert_int_equal(a_semitone_off(.9, .99).pitch,
                   SHED_PITCH_WRONG); // nobody else: so sure is the ear of one player alone
}

static void
an_octave_up_is_told_in_noise_too(void **state)
{
  (void)state;
  float             loud_db = -15;
  shed_take         take    = {.snr_db = 8};
  shed_prompt       prompt  = {.sung = false};
  shed_segment      segment = {.kind = SHED_STEP_START};
  shed_found        found   = {.m = {.share = 0}};
  shed_note_verdict v       = {.pitch = SHED_PITCH_CORRECT, .played_midi = 60, .cents = 3};
  shed_judged       j       = {.prompt     = &prompt,
                               .take       = &take,
                               .found      = &found,
                               .path       = {.segments = &segment, .n = 1},
                               .evidence   = {.loud_db = &loud_db},
                               .levels     = {.floor_db = -25, .player_db = -20},
                               .usual_db   = -15,
                               .line_cents = 30,
                               .far_cents  = 70};
  shed_measure      m       = {.cents       = 3,
                               .share       = 1,
                               .read        = 1,
                               .other_share = 1,
                               .other_midi  = 72,
                               .sound_s     = .3,
                               .level_db    = -15,
                               .confidence  = .97,
                               .among       = 1,
                               .among_cents = 3};
  shed_judge_think_twice(&j, &found, &m, 60, &v);
  assert_int_equal(v.pitch, SHED_PITCH_WRONG);
  assert_int_equal(v.played_midi, 72);
}

// A note on the pitch of the one before it; the path has its last tenth of a second, and a rest. By the spectrum it began @p before_s
// earlier, with @p share of the odds within @p spread frames from there on and the rest at the path's time.
static shed_pitch_label
a_short_end(double before_s, float share, int spread)
{
  enum { BEGUN = 50, PATH = 100, END = 110 };
  float             loud_db[END] = {0}, attack[END] = {0};
  shed_take         take        = {.snr_db = 40};
  shed_prompt       prompt      = {.sung = false};
  shed_segment      segments[2] = {{.kind = SHED_STEP_START, .end = BEGUN, .period = 1},
                                   {.event = 1, .kind = SHED_STEP_NEXT, .start = PATH, .end = END, .period = 1}};
  shed_align_event  events[2]   = {{.pitch = 60, .length_s = .5}, {.pitch = 60, .length_s = .5}};
  shed_found        found[2] = {{.segment = 0}, {.segment = 1, .path_onset_s = 1, .onset_s = 1 - before_s}};
  shed_note_verdict v        = {.pitch = SHED_PITCH_CORRECT, .played_midi = 60, .cents = 3};
  shed_measure      m        = {
                  .share = 1, .read = 1, .other_share = 1, .other_midi = 60, .sound_s = .1, .confidence = .97};
  shed_judged j = {.prompt   = &prompt,
                   .take     = &take,
                   .target   = {.events = events, .n_events = 2},
                   .found    = found,
                   .path     = {.segments = segments, .n = 2},
                   .evidence = {.n = END + 40, .step = 1, .hop_s = .01, .loud_db = loud_db, .attack = attack},
                   .levels   = {.floor_db = -60, .player_db = -20},
                   .usual_db = -15};
  if (share > 0) {
    const int at  = (int)lround(100 - 100 * before_s);
    found[1].odds = (shed_onset_odds){.first = at, .n = 101 - at};
    for (int i = 0; i < spread; i++) {
      found[1].odds.share[i] = share / (float)spread;
    }
    found[1].odds.share[100 - at] = 1 - share;
  }
  shed_judge_think_twice(&j, &found[1], &m, 60, &v);
  return v.pitch;
}

static void
a_note_that_plainly_came_early_is_not_the_end_of_the_one_before(void **state)
{
  (void)state;
  assert_int_equal(a_short_end(.2, 0, 1), SHED_PITCH_MISSED);    // no spectrum: nothing begins there
  assert_int_equal(a_short_end(.2, .5F, 1), SHED_PITCH_MISSED);  // it may have begun there
  assert_int_equal(a_short_end(.04, .9F, 1), SHED_PITCH_MISSED); // no more than the path is off
  assert_int_equal(a_short_end(.2, .9F, 1), SHED_PITCH_CORRECT);
  assert_int_equal(a_short_end(.2, .9F, 10), SHED_PITCH_CORRECT); // early for sure, whatever the moment
}

// -- labels ----------------------------------------------------------------------------------------------------------

// A note that the ear hears sharp, and whose lines in the spectrum stand so and spread so far.
static shed_note_verdict
sharp_by(double cents, double line_cents, double line_spread, double sound_s, bool sung)
{
  shed_sounding_note note      = {.midi = 60, .pitched = true};
  shed_prompt        prompt    = {.sung = sung, .line = {.notes = &note, .n_notes = 1}};
  shed_frame         frames[2] = {{0}};
  shed_take          take      = {.snr_db = 40, .frames = frames, .n_frames = 2};
  shed_align_event   event     = {.count = 1, .pitch = 60, .main_midi = 60, .length_s = .5};
  shed_segment       segment   = {.kind = SHED_STEP_START};
  shed_note_verdict  v         = {.pitch = SHED_PITCH_NONE};
  int                index     = 0;
  float              loud_db = -15, attack = 1, centre[2] = {0, 0};
  shed_found         found = {.m = {.cents       = cents,
                                    .ear_cents   = cents,
                                    .line_cents  = line_cents,
                                    .line_spread = line_spread,
                                    .near_cents  = cents,
                                    .spread      = 5,
                                    .share       = 1,
                                    .read        = 1,
                                    .other_share = 1,
                                    .other_midi  = 60,
                                    .sound_s     = sound_s,
                                    .level_db    = -15,
                                    .confidence  = .97}};
  shed_judged        j     = {.prompt     = &prompt,
                              .take       = &take,
                              .found      = &found,
                              .centre     = centre,
                              .target     = {.events = &event, .n_events = 1, .notes = &index},
                              .path       = {.segments = &segment, .n = 1},
                              .evidence   = {.n = 1, .loud_db = &loud_db, .attack = &attack},
                              .levels     = {.floor_db = -60, .player_db = -20},
                              .usual_db   = -15,
                              .line_cents = 30,
                              .far_cents  = 70,
                              .v          = {.notes = &v, .n_notes = 1}};
  shed_judge_label_pitch(&j);
  return v;
}

static shed_note_verdict
sharp_by_the_ear(double line_cents, bool sung)
{
  return sharp_by(45, line_cents, 20, .4, sung);
}

static void
ear_and_lines_that_agree_leave_less_doubt(void **state)
{
  (void)state;
  assert_int_equal(sharp_by(37, 36, 5, .12, false).pitch, SHED_PITCH_SHARP);
  assert_int_equal(sharp_by(37, 36, 30, .12, false).pitch, SHED_PITCH_UNSURE); // the lines lie apart
  assert_int_equal(sharp_by(37, 28, 5, .12, false).pitch, SHED_PITCH_UNSURE);
  assert_int_equal(sharp_by(37, (double)NAN, (double)NAN, .12, false).pitch, SHED_PITCH_UNSURE);
}

static void
the_ear_alone_against_the_spectrums_lines_is_in_doubt(void **state)
{
  (void)state;
  assert_int_equal(sharp_by_the_ear(45, false).pitch, SHED_PITCH_SHARP);
  assert_int_equal(sharp_by_the_ear(5, false).pitch, SHED_PITCH_UNSURE);
  assert_int_equal(sharp_by_the_ear(-8, false).pitch, SHED_PITCH_UNSURE);
  assert_int_equal(sharp_by_the_ear(24, false).pitch, SHED_PITCH_SHARP);          // so far they always differ
  assert_int_equal(sharp_by_the_ear(-60, false).pitch, SHED_PITCH_SHARP);         // out of tune by both
  assert_int_equal(sharp_by_the_ear((double)NAN, false).pitch, SHED_PITCH_SHARP); // no lines
  assert_int_equal(sharp_by_the_ear(5, true).pitch, SHED_PITCH_SHARP);            // a voice glides
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_clear_onset_is_held_to_the_window),
      cmocka_unit_test(a_doubtful_onset_is_held_to_the_pattern_alone),
      cmocka_unit_test(where_not_even_the_pattern_can_be_told_nothing_is),
      cmocka_unit_test(noise_and_voices_widen_the_doubt),
      cmocka_unit_test(a_short_low_note_is_read_where_it_settles),
      cmocka_unit_test(a_note_that_begins_an_octave_low_is_the_higher_one),
      cmocka_unit_test(what_is_softer_behind_a_struck_tone_is_none_of_it),
      cmocka_unit_test(a_note_that_stands_beside_another_players_is_no_wrong_note),
      cmocka_unit_test(an_octave_up_is_told_in_noise_too),
      cmocka_unit_test(a_note_that_plainly_came_early_is_not_the_end_of_the_one_before),
      cmocka_unit_test(ear_and_lines_that_agree_leave_less_doubt),
      cmocka_unit_test(the_ear_alone_against_the_spectrums_lines_is_in_doubt),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
