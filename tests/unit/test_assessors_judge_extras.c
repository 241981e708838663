// What sounds beside the music, from frames made by hand: what is a note of the music all the same, and an extra note that the path has
// in one with the note before it.
#include "assessors/judge_extras.h"

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
      cmocka_unit_test(an_extra_note_in_one_with_the_note_before_it_is_seen),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
