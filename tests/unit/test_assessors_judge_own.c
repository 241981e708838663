// How a player's notes sound, from spectra made by hand: what is as loud and lies alike is his, what is softer, lies otherwise
// or does not begin there is not.
#include "assessors/judge_own.h"

#include "tests/support/check.h"
#include "tests/support/own_tones.h"

#include <math.h>
#include <string.h>

enum { FRAMES = 200, LEARNT = 8, AT = 100, PITCH = 60, LONG = 40 };

typedef struct {
  uint8_t       bands[FRAMES * SHED_TAKE_BANDS];
  shed_own_note notes[LEARNT];
  shed_take     take;
  shed_own      own;
} scene;

static void
set_up(scene *s)
{
  memset(s, 0, sizeof(*s));
  s->take = (shed_take){.bands = s->bands, .n_frames = FRAMES};
  s->own  = (shed_own){.notes = s->notes, .n = LEARNT};
  own_tones_learn(s->notes, LEARNT, 0, PITCH - 4);
}

static shed_own_sound
compare(const scene *s, double before_midi)
{
  return shed_own_compare(&s->own, &s->take, PITCH, AT * SHED_FRAME_HOP_S, (AT + LONG) * SHED_FRAME_HOP_S,
                          before_midi, -1);
}

static void
a_note_of_his_lies_at_his_level_and_climbs(void **state)
{
  scene s;
  (void)state;
  set_up(&s);
  own_tones_sound(s.bands, PITCH, AT, AT + LONG, 0, 0);
  shed_own_sound got = compare(&s, NAN);
  assert_true(got.known);
  CHECK_NEAR(got.level_db, 0, .5);
  CHECK_NEAR(got.spread_db, 0, .5);
  CHECK_LT(60, got.climb_db);
}

static void
a_softer_player_is_heard_as_softer(void **state)
{
  scene s;
  (void)state;
  set_up(&s);
  own_tones_sound(s.bands, PITCH, AT, AT + LONG, -10, 0);
  CHECK_NEAR(compare(&s, NAN).level_db, -10, .5);
}

static void
another_instrument_has_its_harmonics_elsewhere(void **state)
{
  scene s;
  (void)state;
  set_up(&s);
  own_tones_sound(s.bands, PITCH, AT, AT + LONG, 0, -25);
  shed_own_sound got = compare(&s, NAN);
  CHECK_LT(8, got.spread_db);
  CHECK_LT(got.level_db, -20); // the lower ones count
}

static void
the_end_of_a_note_does_not_climb(void **state)
{
  scene s;
  (void)state;
  set_up(&s);
  own_tones_sound(s.bands, PITCH, AT - LONG, AT + LONG, 0, 0);
  CHECK_NEAR(compare(&s, NAN).climb_db, 0, .5);
}

static void
harmonics_of_what_sounded_before_say_nothing(void **state)
{
  scene s;
  (void)state;
  set_up(&s);
  own_tones_sound(s.bands, PITCH - 7, AT - LONG, AT + LONG, 10,
                  0); // a fifth below: every second harmonic of this one
  own_tones_sound(s.bands, PITCH, AT, AT + LONG, 0, 0);
  CHECK_NEAR(compare(&s, PITCH - 7).level_db, 0, .5);
  CHECK_LT(60, compare(&s, PITCH - 7).climb_db);
  // an octave below has all of them
  assert_false(compare(&s, PITCH - 12).known);
}

static void
too_few_notes_tell_nothing(void **state)
{
  scene s;
  (void)state;
  set_up(&s);
  s.own.n = 3;
  assert_false(compare(&s, NAN).known);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_note_of_his_lies_at_his_level_and_climbs),
      cmocka_unit_test(a_softer_player_is_heard_as_softer),
      cmocka_unit_test(another_instrument_has_its_harmonics_elsewhere),
      cmocka_unit_test(the_end_of_a_note_does_not_climb),
      cmocka_unit_test(harmonics_of_what_sounded_before_say_nothing),
      cmocka_unit_test(too_few_notes_tell_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
