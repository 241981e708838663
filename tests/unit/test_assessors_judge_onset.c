// Where a note began, told from the spectrum of a take: what the frames show too late or not at all.
#include "assessors/assessor.h"
#include "engine/dsp/bands.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"
#include "tests/support/synth_take.h"

#include <math.h>

enum { MOST = 32, LATE = 6, AGAIN = 8, HARMONICS = 8 };

static const synth_written TUNE[] = {{60, 2, 0}, {64, 2, 0}, {62, 2, 0}, {67, 2, 0}, {65, 2, 0}, {69, 2, 0},
                                     {67, 2, 0}, {71, 4, 0}, {71, 4, 0}, {67, 2, 0}, {69, 2, 0}, {65, 2, 0},
                                     {64, 2, 0}, {67, 2, 0}, {62, 2, 0}, {60, 4, 0}, {0, 0, 0}};

static const double START_S = .7, EARLY_S = .13, LATE_S = .09;

typedef struct {
  shed_prompt prompt;
  synth_note  heard[MOST], sounding[MOST]; // what frames and notes say, what the spectrum says
  size_t      n;
  shed_take   take;
} scene;

/// Level of a note at an instant: up by 50 dB in 40 ms, held, down within 60 ms.
static double
level_db(const synth_note *n, double at)
{
  double rise = fmin(fmax((at - n->onset_s + .02) / .04, 0), 1), fall = fmax(0, (at - n->offset_s) / .06);
  return -72 + 50 * rise - 40 * fmin(fall, 1);
}

static void
fill_bands(scene *s)
{
  s->take.bands = shed_malloc(NULL, s->take.n_frames * SHED_TAKE_BANDS);
  assert_non_null(s->take.bands);
  memset(s->take.bands, 2 * 45, s->take.n_frames * SHED_TAKE_BANDS); // -75 dBFS of noise
  for (size_t i = 0; i < s->take.n_frames; i++) {
    for (size_t k = 0; k < s->n; k++) {
      double hz = shed_midi_to_hz(s->sounding[k].midi, 440);
      for (int h = 1; h <= HARMONICS; h++) {
        int     place = shed_bands_place(h * hz);
        double  db    = level_db(&s->sounding[k], (double)i * SHED_FRAME_HOP_S) - 2 * h;
        uint8_t byte  = (uint8_t)fmax(0, 2 * (db + 120));
        if (place >= 0) {
          uint8_t *to = &s->take.bands[i * SHED_TAKE_BANDS + (size_t)place];
          *to         = byte > *to ? byte : *to;
        }
      }
    }
  }
}

/// The frames' level is that of what sounds, as the spectrum's is.
static void
fill_levels(scene *s)
{
  for (size_t i = 0; i < s->take.n_frames; i++) {
    double db = -75;
    for (size_t k = 0; k < s->n; k++) {
      db = fmax(db, level_db(&s->sounding[k], (double)i * SHED_FRAME_HOP_S));
    }
    s->take.frames[i].level_db = (float)db;
  }
}

static void
scene_new(scene *s)
{
  *s   = (scene){.prompt = synth_prompt(TUNE)};
  s->n = s->prompt.line.n_notes;
  synth_play(&s->prompt, START_S, 1, s->heard);
  for (size_t i = 0; i + 1 < s->n; i++) {
    s->heard[i].offset_s = s->heard[i + 1].onset_s; // slurred
  }
  memcpy(s->sounding, s->heard, sizeof(s->sounding));
}

static void
scene_end(scene *s)
{
  shed_prompt_free(&s->prompt);
  shed_take_free(&s->take);
}

static shed_verdict
judge(scene *s, bool with_bands)
{
  shed_policy  policy;
  shed_verdict v   = {0};
  shed_error   err = {0};
  s->take          = synth_take(s->heard, s->n, &SYNTH_PLAIN);
  if (with_bands) {
    fill_bands(s);
  }
  CHECK_OK(shed_policy_preset("", &policy, NULL));
  CHECK_OK(shed_assessor_find("melody")->judge(&s->prompt, &s->take, &policy, NULL, &v, &err));
  return v;
}

// The ear hears the pitch of a soft attack 90 ms after the note began to swell.
static void
hear_late(scene *s)
{
  s->heard[LATE].onset_s += LATE_S;
  s->heard[LATE - 1].offset_s += LATE_S;
}

static void
a_soft_attack_in_time_is_in_time(void **state)
{
  scene s;
  (void)state;
  scene_new(&s);
  hear_late(&s);
  shed_verdict without = judge(&s, false);
  shed_take_free(&s.take);
  shed_verdict with = judge(&s, true);
  assert_int_equal(without.notes[LATE].timing, SHED_TIMING_LATE); // so the frames alone must say
  assert_int_equal(with.notes[LATE].timing, SHED_TIMING_ON_TIME);
  CHECK_LT(fabs(with.notes[LATE].onset_error_ms), 15.0);
  for (size_t i = 0; i < with.n_notes; i++) {
    CHECK_NEAR(with.notes[i].onset_s, s.sounding[i].onset_s, .02);
    assert_int_equal(with.notes[i].pitch, SHED_PITCH_CORRECT);
  }
  shed_verdict_free(&without);
  shed_verdict_free(&with);
  scene_end(&s);
}

// A repeated note without an attack that the frames show; it dips where it comes again. With a longer gap it is drawn to where the
// note before is let go, since most repeated notes begin there and swell.
static void
a_note_repeated_too_early_is_early(void **state)
{
  static const struct {
    double gap_s, within_ms;
  } rows[] = {{0, 25}, {.02, 25}, {.04, 55}};
  (void)state;
  for (size_t r = 0; r < SHED_COUNTOF(rows); r++) {
    scene        s;
    shed_policy  policy;
    shed_verdict v   = {0};
    shed_error   err = {0};
    scene_new(&s);
    s.sounding[AGAIN].onset_s -= EARLY_S;
    s.sounding[AGAIN - 1].offset_s = s.sounding[AGAIN].onset_s - rows[r].gap_s;
    s.heard[AGAIN - 1].offset_s    = s.heard[AGAIN].offset_s; // one long note
    for (size_t i = AGAIN; i + 1 < s.n; i++) {
      s.heard[i] = s.heard[i + 1];
    }
    s.n--;
    s.take = synth_take(s.heard, s.n, &SYNTH_PLAIN);
    s.n++;
    fill_bands(&s);
    fill_levels(&s);
    CHECK_OK(shed_policy_preset("", &policy, NULL));
    CHECK_OK(shed_assessor_find("melody")->judge(&s.prompt, &s.take, &policy, NULL, &v, &err));
    assert_int_equal(v.notes[AGAIN].timing, SHED_TIMING_EARLY);
    CHECK_NEAR(v.notes[AGAIN].onset_error_ms, -EARLY_S * 1000, rows[r].within_ms);
    for (size_t i = 0; i < v.n_notes; i++) {
      assert_true(i == AGAIN || v.notes[i].timing == SHED_TIMING_ON_TIME);
    }
    shed_verdict_free(&v);
    scene_end(&s);
  }
}

// A spectrum in which nothing stands out says nothing: the frames are left, and what they tell is as without it.
static void
a_spectrum_of_noise_changes_no_label(void **state)
{
  scene s;
  (void)state;
  scene_new(&s);
  hear_late(&s);
  shed_verdict without = judge(&s, false);
  shed_take_free(&s.take);
  shed_verdict with = judge(&s, true);
  shed_verdict_free(&with);
  memset(s.take.bands, 100, s.take.n_frames * SHED_TAKE_BANDS);
  shed_policy policy;
  CHECK_OK(shed_policy_preset("", &policy, NULL));
  CHECK_OK(shed_assessor_find("melody")->judge(&s.prompt, &s.take, &policy, NULL, &with, NULL));
  for (size_t i = 0; i < with.n_notes; i++) {
    CHECK_NEAR(with.notes[i].onset_s, without.notes[i].onset_s, .02);
    assert_int_equal(with.notes[i].timing, without.notes[i].timing);
  }
  shed_verdict_free(&without);
  shed_verdict_free(&with);
  scene_end(&s);
}

static void
memory_may_run_out_anywhere(void **state)
{
  scene       s;
  shed_policy policy;
  (void)state;
  scene_new(&s);
  shed_verdict first = judge(&s, true);
  shed_verdict_free(&first);
  CHECK_OK(shed_policy_preset("", &policy, NULL));
  SWEEP_ALLOCATIONS(a, {
    shed_verdict v = {0};
    sweep_status   = shed_assessor_find("melody")->judge(&s.prompt, &s.take, &policy, &a.alloc, &v, NULL);
    shed_verdict_free(&v);
  })
  scene_end(&s);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_soft_attack_in_time_is_in_time),
      cmocka_unit_test(a_note_repeated_too_early_is_early),
      cmocka_unit_test(a_spectrum_of_noise_changes_no_label),
      cmocka_unit_test(memory_may_run_out_anywhere),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
