// A note that is said to be missing, from spectra made by hand: it is in doubt where it stands a little earlier or later.
#include "assessors/judge.h"

#include "tests/support/check.h"
#include "tests/support/own_tones.h"

#include <math.h>
#include <string.h>

enum { FRAMES = 300, LEARNT = 8, AT = 100, LONG = 40, PITCH = 60, NEXT = 67 };

typedef struct {
  shed_take         take;
  shed_frame        frames[FRAMES];
  uint8_t           bands[FRAMES * SHED_TAKE_BANDS];
  float             centre[FRAMES];
  shed_own_note     own[LEARNT];
  shed_align_event  events[2];
  shed_segment      next;
  shed_found        found[2];
  shed_note_verdict verdicts[2];
  int               index[2];
  shed_judged       j;
} scene;

// A note that was not found where it was expected, and one that was, as long after it. Nothing sounds yet.
static void
set_up(scene *s)
{
  memset(s, 0, sizeof(*s));
  own_tones_learn(s->own, LEARNT, 2, PITCH - 4);
  s->take      = (shed_take){.frames = s->frames, .n_frames = FRAMES, .bands = s->bands};
  s->events[0] = (shed_align_event){.count = 1, .pitch = PITCH, .main_midi = PITCH, .length_s = .4};
  s->events[1] = (shed_align_event){.first = 1, .count = 1, .pitch = NEXT, .main_midi = NEXT, .length_s = .4};
  s->next      = (shed_segment){
           .kind = SHED_STEP_START, .event = 1, .start = AT + LONG, .end = AT + 2 * LONG, .row = -1, .period = 1};
  s->events[1].lane[0] = shed_lane_of(NEXT);
  s->found[0]          = (shed_found){.segment = -1, .expected_s = AT * SHED_FRAME_HOP_S};
  s->found[1]          = (shed_found){.path_onset_s = (AT + LONG) * SHED_FRAME_HOP_S,
                                      .expected_s   = (AT + LONG) * SHED_FRAME_HOP_S,
                                      .offset_s     = (AT + 2 * LONG) * SHED_FRAME_HOP_S};
  s->verdicts[0]       = (shed_note_verdict){.pitch = SHED_PITCH_MISSED};
  s->verdicts[1]       = (shed_note_verdict){.pitch = SHED_PITCH_CORRECT};
  s->index[1]          = 1;
  s->j                 = (shed_judged){.take     = &s->take,
                                       .found    = s->found,
                                       .centre   = s->centre,
                                       .target   = {.events = s->events, .n_events = 2, .notes = s->index},
                                       .path     = {.segments = &s->next, .n = 1},
                                       .evidence = {.n = FRAMES, .step = 1, .hop_s = SHED_FRAME_HOP_S},
                                       .own      = {.notes = s->own, .n = LEARNT, .sd_db = 1.5},
                                       .v        = {.notes = s->verdicts, .n_notes = 2}};
}

// A tone of his pitch that begins so many frames off, so much louder than his notes and out of something so much softer.
static shed_pitch_label
label_beside(int off, double over_db, double climb_db, double odd_db)
{
  static scene s;
  set_up(&s);
  own_tones_sound(s.bands, PITCH, 0, AT + off, over_db - climb_db, odd_db);
  own_tones_sound(s.bands, PITCH, AT + off, AT + LONG, over_db, odd_db);
  shed_judge_elsewhere(&s.j);
  assert_int_equal(s.verdicts[1].pitch, SHED_PITCH_CORRECT);
  return s.verdicts[0].pitch;
}

static void
a_note_that_stands_a_little_earlier_or_later_is_in_doubt(void **state)
{
  (void)state;
  assert_int_equal(label_beside(-20, 0, 60, 0), SHED_PITCH_UNSURE);
  assert_int_equal(label_beside(15, 0, 60, 0), SHED_PITCH_UNSURE);
  assert_int_equal(label_beside(-60, 0, 60, 0), SHED_PITCH_MISSED); // that was another time
}

static void
what_is_soft_or_begins_nowhere_or_lies_otherwise_is_not_his_note(void **state)
{
  (void)state;
  assert_int_equal(label_beside(15, -10, 60, 0), SHED_PITCH_MISSED);
  assert_int_equal(label_beside(15, 0, 10, 0), SHED_PITCH_MISSED);
  assert_int_equal(label_beside(15, 6, 60, -15), SHED_PITCH_MISSED);
}

static void
the_beginning_of_the_next_note_is_that_ones(void **state)
{
  static scene s;
  (void)state;
  for (int later = 0; later < 2; later++) {
    set_up(&s);
    own_tones_sound(s.bands, PITCH, AT + LONG - 2, AT + 2 * LONG, 0, 0); // as its harmonics may
    s.next.start += later ? LONG : 0;
    shed_judge_elsewhere(&s.j);
    assert_int_equal(s.verdicts[0].pitch, later ? SHED_PITCH_UNSURE : SHED_PITCH_MISSED);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_note_that_stands_a_little_earlier_or_later_is_in_doubt),
      cmocka_unit_test(what_is_soft_or_begins_nowhere_or_lies_otherwise_is_not_his_note),
      cmocka_unit_test(the_beginning_of_the_next_note_is_that_ones),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
