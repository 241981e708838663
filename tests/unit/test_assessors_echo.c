#include "assessors/echo.h"

#include "assessors/assessor.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"
#include "tests/support/line.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char tune[] = "C4:1 D4:1/2 E4:1/2 | G4:1 F4:1/2 D4:1/2 | E4:1 D4:1/2 B3:1/2 | C4:2";

enum { NOTES = 10, LEAD_FRAMES = 30 };

// Sung after the tune: each note's pitch off by semitones, its length by a factor.
typedef struct {
  shed_line    line;
  shed_prompt  prompt;
  shed_policy  policy;
  double       off[NOTES + 1], stretch[NOTES + 1];
  double       shift, pace;
  shed_take    take;
  shed_verdict v;
} stage;

static void
set_up(stage *s)
{
  *s        = (stage){.pace = 1};
  s->line   = line_of(tune, 90, 4, 4);
  s->prompt = (shed_prompt){.kind          = "reference",
                            .assessor      = "echo",
                            .line          = s->line,
                            .click_start_s = (double)NAN,
                            .a4_hz         = 440,
                            .octave        = SHED_OCTAVE_ANY,
                            .key           = SHED_KEY_ANY,
                            .tuning        = SHED_TUNING_REFERENCE,
                            .sung          = true};
  assert_int_equal(s->line.n_notes, NOTES);
  for (int i = 0; i < NOTES; i++) {
    s->stretch[i] = 1;
  }
  CHECK_OK(shed_policy_preset("", &s->policy, NULL));
}

static void
sing(stage *s)
{
  size_t n = 2 * LEAD_FRAMES;
  for (int i = 0; i < NOTES; i++) {
    n += (size_t)lround(s->line.notes[i].duration_s * s->pace * s->stretch[i] / SHED_FRAME_HOP_S);
  }
  free(s->take.frames);
  s->take = (shed_take){
      .kind = SHED_TAKE_F0, .n_frames = n, .duration_s = (double)n * SHED_FRAME_HOP_S, .snr_db = 40};
  s->take.frames = calloc(n, sizeof(*s->take.frames));
  assert_non_null(s->take.frames);
  for (size_t i = 0; i < n; i++) {
    s->take.frames[i].level_db = -90;
  }
  size_t at = LEAD_FRAMES;
  for (int i = 0; i < NOTES; i++) {
    size_t length = (size_t)lround(s->line.notes[i].duration_s * s->pace * s->stretch[i] / SHED_FRAME_HOP_S);
    for (size_t k = 0; k < length; k++) {
      shed_frame *f    = &s->take.frames[at + k];
      double      m    = s->line.notes[i].midi + s->shift + s->off[i] + .2 * sin(.35 * (double)k); // vibrato
      *f               = (shed_frame){.f0_hz      = (float)(440 * exp2((m - 69) / 12)),
                                      .confidence = 1,
                                      .level_db   = -20,
                                      .flux       = k == 0 ? 1.F : 0.F,
                                      .voiced     = k + 3 < length};
      f->cand[0].f0_hz = f->f0_hz;
      f->cand[0].support = 1;
    }
    at += length;
  }
}

static void
judge(stage *s)
{
  sing(s);
  shed_verdict_free(&s->v);
  CHECK_OK(shed_assessor_find("echo")->judge(&s->prompt, &s->take, &s->policy, NULL, &s->v, NULL));
}

static void
tear_down(stage *s)
{
  shed_verdict_free(&s->v);
  free(s->take.frames);
  line_free(&s->line);
}

static double
share(const stage *s, const char *name)
{
  for (int i = 0; i < s->v.overall.n_parts; i++) {
    if (strcmp(s->v.overall.parts[i].name, name) == 0) {
      return s->v.overall.parts[i].share;
    }
  }
  fail_msg("no share %s", name);
  return 0;
}

static void
a_true_echo_is_a_four(void **state)
{
  (void)state;
  stage s;
  set_up(&s);
  judge(&s);
  CHECK_LT(3.7, s.v.jury.grade);
  CHECK_NEAR(s.v.score, s.v.overall.score, 1e-12);
  CHECK_LT(3, s.v.jury.low);
  CHECK_NEAR(s.v.jury.high, 4, 1e-12);
  CHECK_LT(.97, share(&s, "right"));
  CHECK_LT(.93, share(&s, "pattern"));
  assert_int_equal(s.v.passed, -1);
  tear_down(&s);
}

static void
key_octave_and_pace_cost_nothing(void **state)
{
  (void)state;
  static const double shifts[] = {-12, 12, 3, -5.4};
  stage               s;
  set_up(&s);
  judge(&s);
  double own = s.v.score;
  for (size_t i = 0; i < SHED_COUNTOF(shifts); i++) {
    s.shift = shifts[i];
    s.pace  = i % 2 ? 1.3 : .8;
    judge(&s);
    CHECK_NEAR(s.v.score, own, .02);
  }
  tear_down(&s);
}

static void
a_wrong_note_costs_intervals_and_no_time(void **state)
{
  (void)state;
  stage s;
  set_up(&s);
  s.off[6] = 2; // F sharp for E, and neither of its neighbours is one
  judge(&s);
  CHECK_NEAR(share(&s, "intervals"), 1 - 2. / (NOTES - 1), .06);
  CHECK_LT(.95, share(&s, "place"));
  CHECK_LT(.9, share(&s, "pattern"));
  tear_down(&s);
}

static void
a_rhythm_played_even_costs_time_and_no_pitch(void **state)
{
  (void)state;
  stage s;
  set_up(&s);
  for (int i = 0; i < NOTES - 1; i++) {
    s.stretch[i] = s.line.notes[i].duration_s > .5 ? .7 : 1.4;
  }
  judge(&s);
  CHECK_LT(.95, share(&s, "intervals"));
  CHECK_LT(share(&s, "pattern"), .8);
  CHECK_LT(s.v.jury.grade, 3.6);
  tear_down(&s);
}

static void
a_halt_costs_flow(void **state)
{
  (void)state;
  stage s;
  set_up(&s);
  judge(&s);
  double before = share(&s, "flow");
  s.stretch[4]  = 3;
  judge(&s);
  CHECK_LT(share(&s, "flow"), before - .3);
  tear_down(&s);
}

// Who stops and goes on has stopped once: what comes behind stands where it should from there.
static void
a_halt_makes_nothing_behind_it_late(void **state)
{
  (void)state;
  stage s;
  set_up(&s);
  s.stretch[4] = 6;
  judge(&s);
  CHECK_LT(.93, share(&s, "place"));
  CHECK_LT(.93, share(&s, "right"));
  CHECK_LT(share(&s, "flow"), .6);
  CHECK_LT(2.5, s.v.jury.grade);
  tear_down(&s);
}

// Take the pitch off notes [from, to) of what was sung, and judge it as a take of that kind.
static void
judge_without(stage *s, int from, int to, shed_take_kind kind)
{
  sing(s);
  s->take.kind = kind;
  size_t at    = LEAD_FRAMES;
  for (int i = 0; i < to; i++) {
    size_t length = (size_t)lround(s->line.notes[i].duration_s / SHED_FRAME_HOP_S);
    for (size_t k = at; i >= from && k < at + length; k++) {
      s->take.frames[k] = (shed_frame){.level_db = -90};
    }
    at += length;
  }
  shed_verdict_free(&s->v);
  CHECK_OK(shed_assessor_find("echo")->judge(&s->prompt, &s->take, &s->policy, NULL, &s->v, NULL));
}

// A tracker gives up on a note now and then; nobody sings all but the fifth note in its place.
static void
a_hole_of_a_pitch_track_is_not_judged(void **state)
{
  (void)state;
  stage s;
  set_up(&s);
  judge_without(&s, 4, 5, SHED_TAKE_F0);
  CHECK_LT(.95, share(&s, "right"));
  CHECK_LT(.95, share(&s, "intervals"));
  CHECK_LT(.9, share(&s, "pattern"));
  judge_without(&s, 4, 5, SHED_TAKE_AUDIO); // where sound is known, silence is silence
  CHECK_LT(share(&s, "right"), .92);
  judge_without(&s, 4, 6, SHED_TAKE_F0);
  CHECK_LT(share(&s, "right"), .85);
  judge_without(&s, 7, NOTES, SHED_TAKE_F0); // stopped early
  CHECK_LT(share(&s, "right"), .75);
  tear_down(&s);
}

static void
the_worse_the_take_the_lower_the_grade(void **state)
{
  (void)state;
  stage  s;
  double last = 4.1;
  set_up(&s);
  for (int wrong = 0; wrong <= 6; wrong += 2) {
    for (int i = 0; i < wrong; i++) {
      s.off[1 + i]     = i % 2 ? 1.5 : -2;
      s.stretch[1 + i] = i % 2 ? 1.5 : .6;
    }
    judge(&s);
    CHECK_LT(s.v.jury.grade, last);
    last = s.v.jury.grade;
  }
  CHECK_LT(last, 2);
  tear_down(&s);
}

static void
silence_and_two_notes_have_no_estimate(void **state)
{
  (void)state;
  stage s;
  set_up(&s);
  sing(&s);
  for (size_t i = 0; i < s.take.n_frames; i++) {
    s.take.frames[i].voiced = false;
  }
  CHECK_OK(shed_assessor_find("echo")->judge(&s.prompt, &s.take, &s.policy, NULL, &s.v, NULL));
  assert_false(s.v.jury.told);
  CHECK_NEAR(s.v.assessed, 0, 1e-12);
  s.prompt.line.n_notes = 2;
  judge(&s);
  assert_false(s.v.jury.told);
  tear_down(&s);
}

static void
running_out_of_memory_leaves_nothing(void **state)
{
  (void)state;
  stage s;
  set_up(&s);
  sing(&s);
  s.take.n_frames          = 160; // each round searches it anew
  shed_echo_asked asked[3] = {{60, 0, .6, .6}, {62, .6, .3, .3}, {64, .9, .3, .3}};
  SWEEP_ALLOCATIONS(a, {
    shed_echo_track track = {0};
    shed_verdict    v     = {0};
    sweep_status          = shed_echo_track_of(&s.take, &a.alloc, &track);
    if (sweep_status == SHED_OK) {
      sweep_status = shed_echo_measure(asked, 3, &track, &a.alloc, &v);
    }
    shed_free(&a.alloc, track.midi);
  });
  tear_down(&s);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_true_echo_is_a_four),
      cmocka_unit_test(key_octave_and_pace_cost_nothing),
      cmocka_unit_test(a_wrong_note_costs_intervals_and_no_time),
      cmocka_unit_test(a_rhythm_played_even_costs_time_and_no_pitch),
      cmocka_unit_test(a_halt_costs_flow),
      cmocka_unit_test(a_halt_makes_nothing_behind_it_late),
      cmocka_unit_test(a_hole_of_a_pitch_track_is_not_judged),
      cmocka_unit_test(the_worse_the_take_the_lower_the_grade),
      cmocka_unit_test(silence_and_two_notes_have_no_estimate),
      cmocka_unit_test(running_out_of_memory_leaves_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
