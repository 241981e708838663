#include "engine/dsp/level.h"
#include "engine/dsp/pi.h"
#include "tests/support/check.h"

#include <stdbool.h>

enum { RATE_HZ = 44100, HOP = 441, AHEAD = 1103 };

// Levels of a sound that gain(seconds) makes loud or soft: a sine at 1 kHz, full scale where gain is 1.
typedef double (*gain_of)(double at_s);

static void
run(gain_of gain, int frames, shed_level_frame *out)
{
  shed_front *f      = NULL;
  shed_level  l      = {.n = 0};
  int         pushed = 0;
  CHECK_OK(shed_front_new(&f, NULL, RATE_HZ));
  for (int i = 0; i < frames; i++) {
    for (; pushed < i * HOP + AHEAD; pushed += HOP) {
      float x[HOP];
      for (int j = 0; j < HOP; j++) {
        double at = (double)(pushed + j) / RATE_HZ;
        x[j]      = (float)(gain(at) * sin(2.0 * SHED_PI * 1000.0 * at));
      }
      shed_front_push(f, x, HOP);
    }
    out[i] = shed_level_run(&l, f, (int64_t)i * HOP);
  }
  shed_front_free(f);
}

static double
silence(double at_s)
{
  (void)at_s;
  return 0.0;
}

static double
full_scale(double at_s)
{
  (void)at_s;
  return 1.0;
}

static double
note_after_a_second(double at_s)
{
  return at_s < 1.0 ? 1e-3 : 1.0;
}

static double
click_at_half(double at_s)
{
  return at_s >= 0.5 && at_s < 0.5005 ? 1.0 : 0.0;
}

static double
loud_then_soft(double at_s)
{
  return at_s < 1.0 ? 1.0 : 0.1;
}

static void
silence_is_120_db_down_and_nothing_rises(void **state)
{
  (void)state;
  shed_level_frame f[300];
  run(silence, 300, f);
  for (int i = 0; i < 300; i++) {
    CHECK_NEAR((double)f[i].level_db, (double)SHED_LEVEL_SILENCE_DB, 1e-4);
    CHECK_NEAR((double)f[i].over_floor_db, 0.0, 1e-4);
    CHECK_NEAR((double)f[i].under_peak_db, 0.0, 1e-4);
    CHECK_NEAR((double)f[i].rise_db, 0.0, 1e-4);
  }
}

static void
a_full_scale_sine_is_3_db_under_full_scale(void **state)
{
  (void)state;
  shed_level_frame f[300];
  run(full_scale, 300, f);
  for (int i = 2; i < 300; i++) {
    CHECK_NEAR((double)f[i].level_db, -3.01, 0.02);
    CHECK_NEAR((double)f[i].under_peak_db, 0.0, 0.03);
  }
  // it may be a take that begins with its first note: for 2 s the room counts as quiet, then the sound is its own floor
  CHECK_NEAR((double)f[100].over_floor_db, 57.0, 0.1);
  CHECK_NEAR((double)f[250].over_floor_db, 0.0, 0.1);
}

static void
a_note_rises_where_it_begins_and_stands_over_its_room(void **state)
{
  (void)state;
  shed_level_frame f[400];
  run(note_after_a_second, 400, f);
  CHECK_NEAR((double)f[50].rise_db, 0.0, 0.1);
  CHECK_NEAR((double)f[100].rise_db, 30.0, 1e-3); // 60 dB, told as 30
  assert_true(f[98].rise_db > 3.0f && f[102].rise_db > 0.0f && f[104].rise_db < 0.1f);
  CHECK_NEAR((double)f[150].over_floor_db, 63.0,
             0.1); // half of frame 0 lies before the take: 3 dB less than the room
  CHECK_NEAR((double)f[290].over_floor_db, 60.0, 0.1); // the room is remembered for two seconds
  CHECK_NEAR((double)f[305].over_floor_db, 0.0, 0.1);
}

static void
the_peak_is_forgotten_by_3_db_a_second(void **state)
{
  (void)state;
  shed_level_frame f[400];
  run(loud_then_soft, 400, f);
  CHECK_NEAR((double)f[110].under_peak_db, 20.0 - 0.3, 0.1);
  CHECK_NEAR((double)f[310].under_peak_db, 20.0 - 6.3, 0.1);
  CHECK_NEAR((double)f[105].rise_db, 0.0, 0.1);
  CHECK_NEAR((double)f[100].rise_db, -20.0, 0.2);
}

static void
a_click_is_seen_by_the_frames_around_it(void **state)
{
  (void)state;
  shed_level_frame f[100];
  run(click_at_half, 100, f);
  for (int i = 0; i < 100; i++) {
    bool near = i >= 49 && i <= 57; // what is below 15 Hz in it dies away in hundredths of a second
    assert_true(near || f[i].level_db < -60.0f);
    assert_true(i <= 51 || f[i].level_db < f[50].level_db - 10.0f);
    assert_true(isfinite(f[i].level_db) && isfinite(f[i].rise_db));
  }
  CHECK_NEAR((double)f[50].level_db, -19.0, 1.0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(silence_is_120_db_down_and_nothing_rises),
      cmocka_unit_test(a_full_scale_sine_is_3_db_under_full_scale),
      cmocka_unit_test(a_note_rises_where_it_begins_and_stands_over_its_room),
      cmocka_unit_test(the_peak_is_forgotten_by_3_db_a_second),
      cmocka_unit_test(a_click_is_seen_by_the_frames_around_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
