// The screen and the sentences of a live session, from events alone.
#include "app/cli/practice_view.h"

#include "tests/support/check.h"
#include "tests/support/line.h"

#include <stdlib.h>

enum { NOTES = 8 };

typedef struct {
  shed_sounding_note    notes[NOTES];
  shed_sounding_measure measures[2];
  shed_prompt           prompt;
  short                 signs[NOTES];
  shed_screen           screen;
} room;

static void
make(room *r, int columns)
{
  memset(r, 0, sizeof(*r));
  for (int i = 0; i < NOTES; i++) {
    shed_sounding_note *n = &r->notes[i];
    n->index              = i;
    n->pitched            = true;
    n->midi               = 60 + i;
    n->sounding           = shed_pitch_spell(60 + i, 0);
    n->written            = n->sounding;
    n->measure_index      = i / 4;
    n->beat               = 1 + i % 4;
    (void)snprintf(n->measure, sizeof(n->measure), "%d", 1 + i / 4);
  }
  (void)snprintf(r->prompt.title, sizeof(r->prompt.title), "A tune");
  r->prompt.line = (shed_line){.notes = r->notes, .n_notes = NOTES, .measures = r->measures, .n_measures = 2};
  memset(r->signs, -1, sizeof(r->signs));
  r->screen = (shed_screen){.prompt   = &r->prompt,
                            .columns  = columns,
                            .signs    = r->signs,
                            .position = -1,
                            .state    = SHED_PRACTICE_LISTEN};
}

static void
tell_note(room *r, int index, shed_follow_kind kind, shed_pitch_label pitch, shed_timing_label timing)
{
  shed_practice_event e = {.kind = SHED_PRACTICE_TELLS_NOTE};
  e.u.follow =
      (shed_follow_event){.kind = kind, .index = index, .pitch = pitch, .timing = timing, .cents = 34.4};
  assert_true(shed_screen_tell(&r->screen, &e));
}

// Draws, and holds the promise: so many lines, none wider.
static void
draw(const room *r, shed_str *out)
{
  int lines = 0;
  shed_str_clear(out);
  shed_screen_draw(&r->screen, out);
  for (const char *line = shed_str_text(out); *line; lines++) {
    char         copy[600];
    const size_t n = strcspn(line, "\n");
    (void)snprintf(copy, sizeof(copy), "%.*s", (int)n, line);
    assert_true(shed_utf8_columns(copy) <= (size_t)r->screen.columns);
    line += n + 1;
  }
  assert_int_equal(lines, SHED_SCREEN_LINES);
}

static void
a_sign_stands_under_its_note_and_the_place_is_marked(void **state)
{
  room                r;
  shed_str            out = {0};
  shed_practice_event at  = {.kind = SHED_PRACTICE_TELLS_POSITION, .u = {.follow = {.index = 2}}};
  (void)state;
  make(&r, 80);
  tell_note(&r, 0, SHED_FOLLOW_PROVISIONAL, SHED_PITCH_CORRECT, SHED_TIMING_ON_TIME);
  tell_note(&r, 1, SHED_FOLLOW_PROVISIONAL, SHED_PITCH_WRONG, SHED_TIMING_ON_TIME);
  assert_true(shed_screen_tell(&r.screen, &at));
  draw(&r, &out);
  const char *music = strstr(shed_str_text(&out), " C4 ");
  assert_non_null(music);
  assert_non_null(strstr(music, "[D4]"));
  const char *signs = strchr(music, '\n') + 1;
  assert_int_equal(signs[1], '='); // ASCII's "right"
  assert_non_null(memchr(signs, 'x', strcspn(signs, "\n")));
  tell_note(&r, 1, SHED_FOLLOW_REVISED, SHED_PITCH_CORRECT, SHED_TIMING_LATE);
  draw(&r, &out);
  assert_non_null(strchr(strchr(strstr(shed_str_text(&out), " C4 "), '\n'), '>')); // late
  shed_str_free(&out);
}

static void
the_music_turns_by_pages_on_a_narrow_screen(void **state)
{
  room                r;
  shed_str            out = {0};
  shed_practice_event at  = {.kind = SHED_PRACTICE_TELLS_POSITION, .u = {.follow = {.index = 7}}};
  (void)state;
  make(&r, 24);
  draw(&r, &out);
  assert_non_null(strstr(shed_str_text(&out), " C4 "));
  assert_true(shed_screen_tell(&r.screen, &at));
  draw(&r, &out);
  assert_null(strstr(shed_str_text(&out), " C4 "));
  assert_non_null(strstr(shed_str_text(&out), "[G4]"));
  shed_str_free(&out);
}

static void
the_meter_and_the_level_show_what_was_told(void **state)
{
  room                r;
  shed_str            out   = {0};
  shed_practice_event pitch = {.kind = SHED_PRACTICE_TELLS_PITCH};
  shed_practice_event level = {.kind = SHED_PRACTICE_TELLS_LEVEL};
  (void)state;
  make(&r, 80);
  pitch.u.pitch.voiced       = true;
  pitch.u.pitch.midi         = 69;
  pitch.u.pitch.cents        = -12;
  pitch.u.pitch.target_cents = (double)NAN;
  level.u.level.rms_db       = -30;
  level.u.level.clipped      = true;
  (void)shed_screen_tell(&r.screen, &pitch);
  (void)shed_screen_tell(&r.screen, &level);
  draw(&r, &out);
  assert_non_null(strstr(shed_str_text(&out), "Pitch A "));
  assert_non_null(strstr(shed_str_text(&out), "-12 cents (nearest note)"));
  assert_non_null(strstr(shed_str_text(&out), "[###############...............]  -30 dB  TOO LOUD"));
  shed_str_free(&out);
}

// A phone held upright: the meters shrink, the keys are there whole, nothing is cut that matters.
static void
a_narrow_screen_loses_words_and_no_signs(void **state)
{
  room                r;
  shed_str            out   = {0};
  shed_practice_event pitch = {.kind = SHED_PRACTICE_TELLS_PITCH};
  (void)state;
  pitch.u.pitch.voiced       = true;
  pitch.u.pitch.midi         = 69;
  pitch.u.pitch.cents        = -12;
  pitch.u.pitch.target_cents = -12;
  for (int columns = 32; columns <= 100; columns++) {
    make(&r, columns);
    (void)shed_screen_tell(&r.screen, &pitch);
    draw(&r, &out);
    const char *meter = strchr(shed_str_text(&out), '#');
    assert_non_null(meter);
    assert_non_null(strstr(meter, columns < 60 ? "] -12" : "-12 cents"));
    assert_non_null(strstr(shed_str_text(&out), columns < 60 ? "x away q quit" : "m mark  q quit"));
  }
  shed_str_free(&out);
}

static void
a_chord_is_one_sentence(void **state)
{
  room     r;
  shed_str out = {0};
  (void)state;
  make(&r, 80);
  for (int i = 0; i < NOTES; i++) { // the third to the fifth are struck together
    r.notes[i].onset_beats = shed_beat_of(i < 2 ? i : i < 5 ? 2 : i, 1);
  }
  assert_false(shed_practice_is_chord(&r.prompt, 1));
  assert_true(shed_practice_is_chord(&r.prompt, 3));
  tell_note(&r, 2, SHED_FOLLOW_PROVISIONAL, SHED_PITCH_CORRECT, SHED_TIMING_ON_TIME);
  tell_note(&r, 4, SHED_FOLLOW_PROVISIONAL, SHED_PITCH_CORRECT, SHED_TIMING_ON_TIME);
  shed_practice_chord(&r.screen, 4, &out);
  assert_string_equal(shed_str_text(&out), ""); // one of them is not known yet
  tell_note(&r, 3, SHED_FOLLOW_PROVISIONAL, SHED_PITCH_MISSED, SHED_TIMING_NONE);
  shed_practice_chord(&r.screen, 4, &out);
  assert_string_equal(shed_str_text(&out), "Bar 1, beat 3, D4 right; D#4 not heard; E4 right.");
  shed_str_clear(&out);
  tell_note(&r, 3, SHED_FOLLOW_REVISED, SHED_PITCH_CORRECT, SHED_TIMING_ON_TIME);
  shed_practice_chord(&r.screen, 2, &out);
  assert_string_equal(shed_str_text(&out), "Bar 1, beat 3, D4+D#4+E4: right.");
  shed_str_free(&out);
}

static void
colour_is_never_there_unless_asked_for(void **state)
{
  room     r;
  shed_str out = {0};
  (void)state;
  make(&r, 80);
  tell_note(&r, 0, SHED_FOLLOW_PROVISIONAL, SHED_PITCH_CORRECT, SHED_TIMING_ON_TIME);
  draw(&r, &out);
  assert_null(strchr(shed_str_text(&out), '\033'));
  r.screen.colour = true;
  shed_str_clear(&out);
  shed_screen_draw(&r.screen, &out);
  assert_non_null(strstr(shed_str_text(&out), "\033[32m=\033[0m"));
  shed_str_free(&out);
}

static void
check_sentence(const shed_practice_event *e, const shed_prompt *p, const char *expected)
{
  shed_str out = {0};
  shed_practice_sentence(e, p, false, &out);
  assert_string_equal(shed_str_text(&out), expected);
  shed_str_free(&out);
}

static void
an_event_is_a_sentence(void **state)
{
  room                r;
  shed_practice_event note = {.kind = SHED_PRACTICE_TELLS_NOTE};
  shed_practice_event other;
  (void)state;
  make(&r, 80);
  note.u.follow = (shed_follow_event){
      .kind = SHED_FOLLOW_PROVISIONAL, .index = 5, .pitch = SHED_PITCH_SHARP, .cents = 34.4};
  check_sentence(&note, &r.prompt, "Bar 2, beat 2, F4: 34 cents sharp.");
  note.u.follow.kind   = SHED_FOLLOW_REVISED;
  note.u.follow.pitch  = SHED_PITCH_CORRECT;
  note.u.follow.timing = SHED_TIMING_EARLY;
  check_sentence(&note, &r.prompt, "Bar 2, beat 2, F4: right, early after all.");
  note.u.follow.kind = SHED_FOLLOW_CONFIRMED;
  check_sentence(&note, &r.prompt, "");
  other           = (shed_practice_event){.kind = SHED_PRACTICE_TELLS_MESSAGE};
  other.u.message = shed_message_of(SHED_MSG_practice_counts);
  check_sentence(&other, &r.prompt, "This one counts.");
  other = (shed_practice_event){.kind = SHED_PRACTICE_TELLS_LEVEL};
  check_sentence(&other, &r.prompt, "");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_sign_stands_under_its_note_and_the_place_is_marked),
      cmocka_unit_test(the_music_turns_by_pages_on_a_narrow_screen),
      cmocka_unit_test(the_meter_and_the_level_show_what_was_told),
      cmocka_unit_test(a_narrow_screen_loses_words_and_no_signs),
      cmocka_unit_test(a_chord_is_one_sentence),
      cmocka_unit_test(colour_is_never_there_unless_asked_for),
      cmocka_unit_test(an_event_is_a_sentence),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
