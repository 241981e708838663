// Whose sound it was, from spectra made by hand: a note an octave up has only every second line of the one asked for, one an octave down
// has lines between.
#include "assessors/judge.h"
#include "tests/support/check.h"
#include "tests/support/own_tones.h"

#include <math.h>
#include <string.h>

enum { FRAMES = 120, LEARNT = 30, LOWEST = 50, AT = 60, LONG = 30, ASKED = 64 };

typedef struct {
  uint8_t       bands[FRAMES * SHED_TAKE_BANDS];
  shed_frame    frames[FRAMES];
  float         centre[FRAMES];
  shed_own_note notes[LEARNT];
  shed_found    found[1];
  shed_take     take;
  shed_judged   j;
} scene;

static void
set_up(scene *s)
{
  memset(s, 0, sizeof(*s));
  s->take = (shed_take){.bands = s->bands, .frames = s->frames, .n_frames = FRAMES};
  s->j    = (shed_judged){.take           = &s->take,
                          .found          = s->found,
                          .centre         = s->centre,
                          .levels         = {.silent_db = -80},
                          .usual_lines_db = OWN_TONES_TOP_DB,
                          .own            = {.notes = s->notes, .n = LEARNT, .sd_db = 2}};
  for (int i = 0; i < FRAMES; i++) {
    s->frames[i].level_db = i < AT ? -80.F : (float)OWN_TONES_TOP_DB;
  }
  own_tones_learn(s->notes, LEARNT, 1, LOWEST);
  s->found[0] =
      (shed_found){.path_onset_s = AT * SHED_FRAME_HOP_S, .offset_s = (AT + LONG) * SHED_FRAME_HOP_S};
}

// Of a tone that the ear heard at @p heard, half sure, while @p played sounds.
static double
odds(int played, int heard)
{
  scene        s;
  double       cents;
  shed_measure m = {.other_midi = heard, .confidence = .85, .sound_s = .3, .among = .1};
  set_up(&s);
  own_tones_sound(s.bands, played, AT, AT + LONG, 0, 0);
  return shed_judge_odds(&s.j, &s.found[0], &m, ASKED, &cents);
}

static void
a_note_an_octave_up_lacks_every_second_line(void **state)
{
  (void)state;
  CHECK_LT(odds(ASKED + 12, ASKED + 12), 0);
  CHECK_LT(1, odds(ASKED, ASKED + 12));
}

static void
a_note_an_octave_down_has_lines_between(void **state)
{
  (void)state;
  CHECK_LT(odds(ASKED - 12, ASKED - 12) + 1, odds(ASKED, ASKED - 12));
}

static void
a_note_beside_it_has_lines_of_its_own(void **state)
{
  (void)state;
  CHECK_LT(odds(ASKED + 4, ASKED + 4), 0);
  CHECK_LT(1, odds(ASKED, ASKED + 4));
}

static void
one_pitch_or_no_spectrum_tells_nothing(void **state)
{
  scene          s;
  shed_odds_view v;
  shed_measure   m = {.other_midi = ASKED, .confidence = .85, .sound_s = .3};
  (void)state;
  set_up(&s);
  assert_false(shed_judge_odds_view_of(&s.j, &s.found[0], &m, ASKED, &v));
  m.other_midi = ASKED + 12;
  assert_true(shed_judge_odds_view_of(&s.j, &s.found[0], &m, ASKED, &v));
  s.take.bands = NULL;
  assert_false(shed_judge_odds_view_of(&s.j, &s.found[0], &m, ASKED, &v));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_note_an_octave_up_lacks_every_second_line),
      cmocka_unit_test(a_note_an_octave_down_has_lines_between),
      cmocka_unit_test(a_note_beside_it_has_lines_of_its_own),
      cmocka_unit_test(one_pitch_or_no_spectrum_tells_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
