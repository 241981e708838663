#include "tests/accuracy/pitch_metrics.h"
#include "tests/support/check.h"

enum { FRAMES = 10 };

static const pitch_rate *
rate(pitch_rate_id id)
{
  return &PITCH_RATE_OF[id];
}

// Ten frames: a note of eight at 220 Hz, one that may be argued about, one of silence.
typedef struct {
  float           f0_hz[FRAMES];
  corpus_ear_note note;
  pitch_truth     truth;
  pitch_point     said[FRAMES];
} setting;

static void
set(setting *s)
{
  for (int f = 0; f < FRAMES; f++) {
    s->f0_hz[f] = f < 8 ? 220 : f == 8 ? -1 : 0;
    s->said[f]  = (pitch_point){220, 1};
  }
  s->note  = (corpus_ear_note){0, 0.08, 220, false};
  s->truth = (pitch_truth){s->f0_hz, FRAMES, &s->note, 1, true};
}

static float
off_by(double cents)
{
  return (float)(220 * exp2(cents / 1200));
}

static void
a_right_track_is_right_in_everything(void **state)
{
  (void)state;
  setting      s;
  pitch_counts c = {0};
  set(&s);
  s.said[9].sure = 0;
  pitch_count(&c, &s.truth, s.said, FRAMES, 0, 0.5);
  assert_int_equal(c.voiced, 8);
  assert_int_equal(c.silent, 1);
  assert_int_equal(c.judged, 9);
  for (int i = 0; i < PITCH_RATES; i++) {
    CHECK_NEAR(pitch_percent(&c, &PITCH_RATE_OF[i]), PITCH_RATE_OF[i].high_is_good ? 100 : 0, 1e-9);
  }
  CHECK_NEAR(pitch_median_error(&c), 0, 0.2);
  CHECK_NEAR(pitch_lock90(&c), 10, 0);
  CHECK_NEAR(pitch_percent(&c, &PITCH_BAND_RPA50[3]), 100, 1e-9);
  assert_true(isnan(pitch_percent(&c, &PITCH_BAND_RPA50[0])));
}

static void
errors_fall_into_their_classes(void **state)
{
  (void)state;
  setting      s;
  pitch_counts c = {0};
  set(&s);
  const double cents[8] = {0, 9, 20, -40, 70, 1200, -1230, 700};
  for (int f = 0; f < 8; f++) {
    s.said[f].f0_hz = off_by(cents[f]);
  }
  s.said[0].f0_hz = 220;
  pitch_count(&c, &s.truth, s.said, FRAMES, 0, 0.5);
  CHECK_NEAR(pitch_percent(&c, rate(PITCH_RATE_rpa50)), 50, 1e-9);
  CHECK_NEAR(pitch_percent(&c, rate(PITCH_RATE_rpa25)), 37.5, 1e-9);
  CHECK_NEAR(pitch_percent(&c, rate(PITCH_RATE_rpa10)), 25, 1e-9);
  CHECK_NEAR(pitch_percent(&c, rate(PITCH_RATE_octave)), 25, 1e-9);
  CHECK_NEAR(pitch_percent(&c, rate(PITCH_RATE_rca50)), 75, 1e-9);
  CHECK_NEAR(pitch_percent(&c, rate(PITCH_RATE_gross)), 37.5, 1e-9);
  CHECK_NEAR(pitch_percent(&c, rate(PITCH_RATE_false_voice)), 100, 1e-9);
  CHECK_NEAR(pitch_percent(&c, rate(PITCH_RATE_notes_right)), 100, 1e-9);
}

static void
silence_and_doubt_are_kept_apart(void **state)
{
  (void)state;
  setting      s;
  pitch_counts c = {0};
  set(&s);
  for (int f = 0; f < FRAMES; f++) {
    s.said[f].sure = 0.2F; // best guesses, none called voiced
  }
  pitch_count(&c, &s.truth, s.said, FRAMES, 0, 0.5);
  CHECK_NEAR(pitch_percent(&c, rate(PITCH_RATE_rpa50)), 100, 1e-9);
  CHECK_NEAR(pitch_percent(&c, rate(PITCH_RATE_recalled)), 0, 1e-9);
  CHECK_NEAR(pitch_percent(&c, rate(PITCH_RATE_notes_right)), 0, 1e-9);
  CHECK_NEAR(pitch_percent(&c, rate(PITCH_RATE_right)), 100.0 / 9, 1e-9);
  CHECK_NEAR(pitch_lock90(&c), 1000, 0);
  s.truth.exact_cents = false;
  c                   = (pitch_counts){0};
  pitch_count(&c, &s.truth, s.said, FRAMES, 0, 0.5);
  assert_true(isnan(pitch_percent(&c, rate(PITCH_RATE_rpa10))));
}

static void
a_late_track_is_right_with_its_shift(void **state)
{
  (void)state;
  setting      s;
  pitch_counts plain = {0}, shifted = {0};
  set(&s);
  for (int f = 0; f < FRAMES; f++) {
    s.f0_hz[f] = off_by(100 * f);
  }
  for (int f = 0; f < FRAMES; f++) {
    s.said[f].f0_hz = f >= 2 ? s.f0_hz[f - 2] : 0;
  }
  pitch_count(&plain, &s.truth, s.said, FRAMES, 0, 0.5);
  pitch_count(&shifted, &s.truth, s.said, FRAMES, 2, 0.5);
  CHECK_NEAR(pitch_percent(&plain, rate(PITCH_RATE_rpa50)), 0, 1e-9);
  CHECK_NEAR(pitch_percent(&shifted, rate(PITCH_RATE_rpa50)), 80, 1e-9); // the last two are beyond its end
}

static void
bias_keeps_its_sign_and_the_lock_waits_for_two(void **state)
{
  (void)state;
  setting      s;
  pitch_counts c = {0};
  set(&s);
  for (int f = 0; f < 8; f++) {
    s.said[f].f0_hz = off_by(f < 3 && f != 1 ? 300 : -7); // one good frame alone locks nothing
  }
  pitch_count(&c, &s.truth, s.said, FRAMES, 0, 0.5);
  CHECK_NEAR(pitch_bias(&c), -7, 0.21);
  CHECK_NEAR(pitch_median_error(&c), 7, 0.21);
  CHECK_NEAR(pitch_lock90(&c), 40, 0);
}

static void
counts_add_up_and_intervals_hold_the_value(void **state)
{
  (void)state;
  enum { ITEMS = 12 };
  pitch_counts        c[ITEMS] = {0}, sum = {0};
  const pitch_counts *items[ITEMS];
  size_t              base[ITEMS];
  for (size_t i = 0; i < ITEMS; i++) {
    c[i].voiced = 100;
    c[i].rpa50  = i < ITEMS / 2 ? 100 : 80;
    items[i]    = &c[i];
    base[i]     = i;
    pitch_add(&sum, &c[i]);
  }
  interval at = pitch_interval(items, base, ITEMS, rate(PITCH_RATE_rpa50));
  CHECK_NEAR(pitch_percent(&sum, rate(PITCH_RATE_rpa50)), 90, 1e-9);
  CHECK_NEAR(at.value, 90, 1e-9);
  CHECK_LT(at.low, 88);
  CHECK_LT(92, at.high);
  for (size_t i = 0; i < ITEMS; i++) {
    base[i] = i / 6; // two bases: items of one are no news
  }
  interval wide = pitch_interval(items, base, ITEMS, rate(PITCH_RATE_rpa50));
  CHECK_NEAR(wide.low, 80, 1e-9);
  CHECK_NEAR(wide.high, 100, 1e-9);
  c[0]          = (pitch_counts){.voiced = 0}; // an item without such frames says nothing about them
  interval rest = pitch_interval(items, base, 2, rate(PITCH_RATE_rpa50));
  CHECK_NEAR(rest.low, 100, 1e-9);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_right_track_is_right_in_everything),
      cmocka_unit_test(errors_fall_into_their_classes),
      cmocka_unit_test(silence_and_doubt_are_kept_apart),
      cmocka_unit_test(a_late_track_is_right_with_its_shift),
      cmocka_unit_test(bias_keeps_its_sign_and_the_lock_waits_for_two),
      cmocka_unit_test(counts_add_up_and_intervals_hold_the_value),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
