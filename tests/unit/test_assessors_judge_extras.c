// What sounds beside the music, from frames made by hand: what is a note of the music all the same, and an extra note that the path has
// in one with the note before it.
#include "assessors/judge_extras.h"

#include "engine/dsp/bands.h"
#include "engine/music/pitch.h"
#include "tests/support/check.h"

#include <math.h>
#include <string.h>

enum { FRAMES = 300, EVENTS = 3, FIRST = 60, SECOND = 64, THIRD = 67, EXTRA = 62 };

static const float SOUNDS_DB = -20, SILENT_DB = -60;

/// Three notes of .6 s from .5 s on, each as the path has it; the judge has found them all and called them right.
typedef struct {
  shed_take          take;
  shed_frame         frames[FRAMES];
  shed_heard_note    heard[2];
  float              centre[FRAMES + 1], attack[FRAMES], stroke[FRAMES];
  shed_prompt        prompt;
  shed_sounding_note notes[EVENTS];
  shed_align_event   events[EVENTS];
  int                index[EVENTS];
  shed_segment       segments[EVENTS];
  shed_found         found[EVENTS];
  shed_note_verdict  verdicts[EVENTS];
  shed_judged        j;
  shed_extras        l;
} scene;

static void
sound(scene *s, int from, int to, double midi, float level_db)
{
  for (int i = from; i < to; i++) {
    s->frames[i] = (shed_frame){.f0_hz      = (float)shed_midi_to_hz(midi, 440),
                                .confidence = .95F,
                                .level_db   = level_db,
                                .voiced     = true,
                                .cand       = {{(float)shed_midi_to_hz(midi, 440), .98F}}};
  }
}

static void
set_up(scene *s)
{
  static const int PITCHES[EVENTS] = {FIRST, SECOND, THIRD};
  memset(s, 0, sizeof(*s));
  for (int i = 0; i < FRAMES; i++) {
    s->frames[i] = (shed_frame){.level_db = SILENT_DB};
  }
  for (int e = 0; e < EVENTS; e++) {
    const int from = 50 + 60 * e;
    sound(s, from, from + 55, PITCHES[e], SOUNDS_DB);
    s->notes[e]    = (shed_sounding_note){.midi = PITCHES[e], .pitched = true};
    s->events[e]   = (shed_align_event){.first     = e,
                                        .count     = 1,
                                        .at_s      = .6 * e,
                                        .length_s  = .6,
                                        .main_midi = PITCHES[e],
                                        .pitch     = PITCHES[e],
                                        .lane      = {shed_lane_of(PITCHES[e]), shed_lane_of(EXTRA), -1}};
    s->index[e]    = e;
    s->segments[e] = (shed_segment){.event  = e,
                                    .kind   = e ? SHED_STEP_NEXT : SHED_STEP_START,
                                    .start  = from,
                                    .end    = from + 55,
                                    .period = 1,
                                    .row    = -1};
    s->found[e]    = (shed_found){
           .segment = e, .onset_s = from * .01, .expected_s = from * .01, .offset_s = (from + 55) * .01};
    s->verdicts[e] = (shed_note_verdict){.index       = e,
                                         .pitch       = SHED_PITCH_CORRECT,
                                         .take_index  = -1,
                                         .played_midi = PITCHES[e],
                                         .onset_s     = from * .01};
  }
  s->take        = (shed_take){.frames = s->frames, .n_frames = FRAMES, .notes = s->heard};
  s->prompt.line = (shed_line){.notes = s->notes, .n_notes = EVENTS};
  s->j           = (shed_judged){
                .prompt   = &s->prompt,
                .take     = &s->take,
                .target   = {.events = s->events, .n_events = EVENTS, .notes = s->index, .n_notes = EVENTS},
                .levels   = {.floor_db = -80, .silent_db = -50, .peak_db = -10, .player_db = -30, .fence_cents = 65},
                .guess    = {.period = 1},
                .evidence = {.n = FRAMES, .step = 1, .hop_s = .01, .attack = s->attack, .stroke = s->stroke},
                .path     = {.segments = s->segments, .n = EVENTS},
                .found    = s->found,
                .centre   = s->centre,
                .usual_db = SOUNDS_DB,
                .v        = {.notes = s->verdicts, .n_notes = EVENTS}};
  s->l = (shed_extras){.j = &s->j, .others_db = NAN};
}

/// Between the first note and the second.
static shed_extra_sound
between(double midi)
{
  return (shed_extra_sound){.onset_s     = 1.0,
                            .end_s       = 1.1,
                            .midi        = midi,
                            .before_midi = FIRST,
                            .level_db    = SOUNDS_DB,
                            .heard       = .9,
                            .share       = 1,
                            .length_s    = .1,
                            .taken_midi  = midi,
                            .before      = 0,
                            .after       = 1};
}

static bool
is_of_music(scene *s, const shed_extra_sound *h)
{
  const shed_extra_note x = {h->onset_s, (int)lround(h->midi), -1, h->heard};
  return shed_extras_is_of_music(&s->j, h, &x);
}

static void
another_pitch_is_no_note_of_the_music(void **state)
{
  (void)state;
  scene s;
  set_up(&s);
  shed_extra_sound h = between(EXTRA);
  assert_false(is_of_music(&s, &h));
  assert_int_equal(s.verdicts[1].pitch, SHED_PITCH_CORRECT);
}

static void
the_note_before_goes_on_where_the_path_took_its_octave(void **state)
{
  (void)state;
  scene s;
  set_up(&s);
  shed_extra_sound h = between(FIRST);
  assert_false(is_of_music(&s, &h)); // the same pitch again, as the path has it: struck twice
  h.taken_midi = FIRST - 12;
  assert_true(is_of_music(&s, &h));
  h         = between(FIRST);
  h.onset_s = 1.06; // and after a rest it does not
  s.segments[0].end -= 10;
  h.taken_midi = FIRST - 12;
  assert_false(is_of_music(&s, &h));
}

static void
the_next_note_has_begun_softly(void **state)
{
  (void)state;
  scene s;
  set_up(&s);
  sound(&s, 100, 110, SECOND, SOUNDS_DB - 8);
  shed_extra_sound h = between(SECOND);
  assert_true(is_of_music(&s, &h));
  s.stroke[110] = 1;
  assert_false(is_of_music(&s, &h));
  s.stroke[110] = 0;
  sound(&s, 100, 105, SECOND, SOUNDS_DB);
  sound(&s, 105, 110, SECOND, SOUNDS_DB - 9); // a dip, and the note again
  assert_false(is_of_music(&s, &h));
}

static void
a_right_note_is_not_extra_where_it_was_called_wrong(void **state)
{
  (void)state;
  scene s;
  set_up(&s);
  s.verdicts[2].pitch   = SHED_PITCH_WRONG;
  s.found[2].expected_s = 1.2;
  shed_extra_sound h    = between(THIRD);
  assert_true(is_of_music(&s, &h));
  assert_int_equal(s.verdicts[2].pitch, SHED_PITCH_UNSURE);
  s.verdicts[2].pitch   = SHED_PITCH_WRONG;
  s.found[2].expected_s = 2.2; // due far later: it is another one
  assert_false(is_of_music(&s, &h));
  assert_int_equal(s.verdicts[2].pitch, SHED_PITCH_WRONG);
}

static void
an_octave_of_the_note_before_that_does_not_rise_is_that_note(void **state)
{
  (void)state;
  scene s;
  set_up(&s);
  shed_extra_sound h = between(FIRST + 12);
  assert_true(is_of_music(&s, &h));
  sound(&s, 96, 100, FIRST, SOUNDS_DB - 12); // struck
  assert_false(is_of_music(&s, &h));
}

static void
what_leads_to_where_the_path_goes_back_to_begins_the_attempt(void **state)
{
  (void)state;
  scene s;
  set_up(&s);
  s.segments[1].kind  = SHED_STEP_JUMP;
  s.segments[1].event = 2;
  shed_extra_sound h  = between(SECOND);
  assert_true(is_of_music(&s, &h));
  h = between(EXTRA);
  assert_false(is_of_music(&s, &h));
}

static void
what_just_began_is_not_told_twice(void **state)
{
  (void)state;
  scene           s;
  shed_extra_note x = {.onset_s = .55, .midi = FIRST, .take_index = -1};
  set_up(&s);
  s.j.v.extras   = &x;
  s.j.v.n_extras = 1;
  shed_extras_drop_notes(&s.j);
  assert_int_equal(s.j.v.n_extras, 0);
  x.onset_s      = .75; // the note before it is older
  s.j.v.n_extras = 1;
  shed_extras_drop_notes(&s.j);
  assert_int_equal(s.j.v.n_extras, 1);
}

/// The first note, a sound on @p midi where the second is due, and that once more at @p again.
static int
attempted(double midi, int again)
{
  scene s;
  set_up(&s);
  for (int i = 105; i < FRAMES; i++) {
    s.frames[i] = (shed_frame){.level_db = SILENT_DB};
  }
  sound(&s, 110, 165, midi, SOUNDS_DB);
  sound(&s, again, again + 50, SECOND, SOUNDS_DB);
  s.segments[1] = (shed_segment){.event  = 0,
                                 .kind   = SHED_STEP_EXTRA,
                                 .start  = 110,
                                 .end    = 165,
                                 .lane   = (int)midi,
                                 .period = 1,
                                 .row    = -1};
  s.segments[2] = (shed_segment){
      .event = 1, .kind = SHED_STEP_NEXT, .start = again, .end = again + 50, .period = 1, .row = -1};
  return shed_extras_attempted(&s.l, 1);
}

static void
an_attempt_that_the_path_took_for_an_extra_note_is_seen(void **state)
{
  (void)state;
  assert_int_equal(attempted(SECOND, 230), 1);
  assert_int_equal(attempted(SECOND + 12, 230), 1); // heard an octave off
  assert_int_equal(attempted(EXTRA, 230), -1);
  assert_int_equal(attempted(SECOND, 140), -1); // nobody waited
}

static void
a_note_that_is_missed_was_not_played_long_before_its_time(void **state)
{
  (void)state;
  scene s;
  set_up(&s);
  s.verdicts[1].pitch = SHED_PITCH_MISSED;
  assert_int_equal(shed_extras_missing_here(&s.j, 0, 1.15), 1);
  assert_int_equal(shed_extras_missing_here(&s.j, 0, 1.3), 1);
  assert_int_equal(shed_extras_missing_here(&s.j, 0, .85), -1); // rather put in after the first
}

/// A stroke on EXTRA after the first note, of which the ear has no pitch. @param over_db than the player's notes are.
static bool
is_struck(double over_db, float attack, int *midi)
{
  static uint8_t bands[FRAMES * SHED_TAKE_BANDS];
  shed_own_note  own[8];
  scene          s;
  set_up(&s);
  memset(bands, 0, sizeof(bands));
  for (int i = 0; i < (int)SHED_COUNTOF(own); i++) {
    own[i] = (shed_own_note){.event = -2, .midi = FIRST - 2 + i};
    for (int k = 0; k < SHED_OWN_HARMONICS; k++) {
      own[i].level_db[k] = (double)SOUNDS_DB - 3 * k;
    }
  }
  for (int k = 0; k < SHED_OWN_HARMONICS; k++) {
    const int band = shed_bands_place((k + 1) * shed_midi_to_hz(EXTRA, 440));
    for (int i = 90; i < 100 && band >= 0; i++) {
      bands[i * SHED_TAKE_BANDS + band] = (uint8_t)lround(2 * ((double)SOUNDS_DB - 3 * k + over_db + 120));
    }
  }
  for (int i = 80; i < 110; i++) {
    s.frames[i] = (shed_frame){.level_db = i >= 90 && i < 100 ? SOUNDS_DB : SILENT_DB};
  }
  s.segments[0].end  = 80;
  s.attack[90]       = attack;
  s.take.bands       = bands;
  s.take.n_notes     = 1;
  s.heard[0]         = (shed_heard_note){.onset_s = .9F, .offset_s = 1.F, .midi = -1, .confidence = .7F};
  s.j.own            = (shed_own){.notes = own, .n = (int)SHED_COUNTOF(own)};
  s.j.target.lowest  = FIRST;
  s.j.target.highest = THIRD;
  shed_extra_sound h;
  const bool       yes = shed_extras_is_struck(&s.l, 0, 0, &h);
  *midi                = yes ? (int)lround(h.midi) : -1;
  return yes;
}

static void
a_stroke_without_a_pitch_has_that_of_the_players_notes(void **state)
{
  int midi;
  (void)state;
  assert_true(is_struck(0, 1, &midi));
  assert_int_equal(midi, EXTRA);
  assert_false(is_struck(-8, 1, &midi)); // somebody else's
  assert_false(is_struck(0, .5F, &midi));
}

/// The ear has another pitch in the second half of the first note.
static bool
is_joined(scene *s, float after_db)
{
  shed_extra_sound h;
  size_t           at = 0;
  sound(s, 75, 80, EXTRA, SOUNDS_DB - 12);
  sound(s, 80, 105, EXTRA, after_db);
  s->heard[0]     = (shed_heard_note){.onset_s = .8F, .offset_s = 1.05F, .midi = EXTRA, .confidence = .9F};
  s->take.n_notes = 1;
  return shed_extras_sound_of_note(&s->l, 0, &at, &h) && at == 0;
}

static void
an_extra_note_in_one_with_the_note_before_it_is_seen(void **state)
{
  (void)state;
  scene s;
  set_up(&s);
  assert_true(is_joined(&s, SOUNDS_DB));
  set_up(&s);
  assert_false(is_joined(&s, SOUNDS_DB - 12)); // what rings on on another pitch does not rise
  set_up(&s);
  sound(&s, 50, 80, EXTRA, SOUNDS_DB); // it stands from the beginning: a wrong note
  assert_false(is_joined(&s, SOUNDS_DB));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(another_pitch_is_no_note_of_the_music),
      cmocka_unit_test(the_note_before_goes_on_where_the_path_took_its_octave),
      cmocka_unit_test(the_next_note_has_begun_softly),
      cmocka_unit_test(a_right_note_is_not_extra_where_it_was_called_wrong),
      cmocka_unit_test(an_octave_of_the_note_before_that_does_not_rise_is_that_note),
      cmocka_unit_test(what_leads_to_where_the_path_goes_back_to_begins_the_attempt),
      cmocka_unit_test(what_just_began_is_not_told_twice),
      cmocka_unit_test(an_attempt_that_the_path_took_for_an_extra_note_is_seen),
      cmocka_unit_test(a_note_that_is_missed_was_not_played_long_before_its_time),
      cmocka_unit_test(a_stroke_without_a_pitch_has_that_of_the_players_notes),
      cmocka_unit_test(an_extra_note_in_one_with_the_note_before_it_is_seen),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
