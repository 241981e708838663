// What can be told of a microphone from its sound: each fault is found where it is, and none where there is none.
#include "engine/audio/input_check.h"

#include "engine/base/rng.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

#include <stdlib.h>

enum { RATE = 44100, N = 8 * RATE };

static double
db(double level)
{
  return pow(10.0, level / 20.0);
}

// A quiet room, then notes of half a second with pauses: every third one is long enough to hear the room again.
static float *
playing(double note_db, double noise_db, uint64_t seed)
{
  shed_rng rng;
  float   *x = malloc(N * sizeof(float));
  assert_non_null(x);
  shed_rng_seed(&rng, seed, 8);
  for (int i = 0; i < N; i++) {
    double t    = (double)i / RATE;
    double in   = fmod(t, 4.0);
    bool   note = t > 1.0 && (in < 1.5 || (in > 1.7 && in < 2.0));
    double f    = 220.0 * pow(2.0, floor(t * 2.0) / 12.0);
    double tone = note ? sin(6.2831853 * f * t) + 0.5 * sin(2 * 6.2831853 * f * t) : 0;
    x[i]        = (float)(db(note_db) * tone + db(noise_db) * shed_rng_normal(&rng));
  }
  return x;
}

static shed_input_report
check(const float *x)
{
  shed_input_report r;
  CHECK_OK(shed_input_check(x, N, RATE, NULL, &r));
  return r;
}

static bool
says(const shed_input_report *r, shed_message_code code)
{
  shed_message m[SHED_INPUT_MESSAGES];
  int          n = shed_input_advice(r, "USB Audio", true, m);
  for (int i = 0; i < n; i++) {
    if (m[i].code == code) {
      return true;
    }
  }
  return false;
}

static int
count(const shed_input_report *r)
{
  shed_message m[SHED_INPUT_MESSAGES];
  return shed_input_advice(r, "USB Audio", true, m);
}

static void
a_good_microphone_is_left_alone(void **state)
{
  (void)state;
  for (uint64_t seed = 0; seed < 6; seed++) {
    double            note = -12.0 - 4.0 * (double)seed, noise = -70.0 + 3.0 * (double)seed;
    float            *x = playing(note, noise, seed);
    shed_input_report r = check(x);
    CHECK_NEAR(r.noise_db, noise, 1.5);
    CHECK_NEAR(r.loud_db, note + 20 * log10(sqrt(0.625)), 2.0);
    assert_true(r.heard && !r.dead && !r.gated && r.clipped == 0);
    assert_int_equal(count(&r), 0);
    free(x);
  }
}

// A hand on the loudness that turns up within a second of quiet.
static void
automatic_gain_comes_up_in_pauses(void **state)
{
  (void)state;
  float *x    = playing(-14, -62, 1);
  double gain = 1, level = 0;
  for (int i = 0; i < N; i++) {
    level       = fmax(fabs((double)x[i]), level * (1.0 - 1.0 / (0.02 * RATE)));
    double wish = level > 0.05 ? 1.0 : db(18);
    gain += (wish - gain) / ((wish < gain ? 0.02 : 0.6) * RATE);
    x[i] = (float)(gain * (double)x[i]);
  }
  shed_input_report r = check(x);
  print_message("noise comes up by %.1f dB\n", r.rise_db);
  assert_true(r.rise_db > 6);
  assert_true(says(&r, SHED_MSG_sound_gain));
  free(x);
}

static void
suppression_cuts_pauses_to_nothing(void **state)
{
  (void)state;
  float *x     = playing(-14, -50, 2);
  double level = 0;
  for (int i = 0; i < N; i++) {
    level = fmax(fabs((double)x[i]), level * (1.0 - 1.0 / (0.05 * RATE)));
    if (level < 0.02) {
      x[i] = 0;
    }
  }
  shed_input_report r = check(x);
  assert_true(r.gated && r.silent > 0.1);
  assert_true(says(&r, SHED_MSG_sound_suppression));
  free(x);
}

// Cut at full scale, and cut lower by what stands before the computer.
static void
tops_that_are_cut_off_are_counted(void **state)
{
  (void)state;
  const double tops[] = {1.0, 0.7};
  for (int k = 0; k < 2; k++) {
    float *x = playing(2, -60, 3);
    for (int i = 0; i < N; i++) {
      x[i] = fmaxf((float)-tops[k], fminf((float)tops[k], x[i]));
    }
    shed_input_report r = check(x);
    assert_true(r.clipped > 100);
    CHECK_NEAR(r.peak_db, 20 * log10(tops[k]), 0.01);
    assert_true(says(&r, SHED_MSG_sound_clipped));
    free(x);
  }
}

static void
a_dead_or_wrong_microphone_is_told(void **state)
{
  (void)state;
  float *x = calloc(N, sizeof(float));
  assert_non_null(x);
  shed_input_report r = check(x);
  assert_true(r.dead && says(&r, SHED_MSG_sound_dead) && count(&r) == 1);
  for (int i = 0; i < N; i++) {
    x[i] = 0.01F; // a constant voltage is no sound either
  }
  r = check(x);
  assert_true(r.dead);
  free(x);
  x = playing(-100, -55, 4); // alive, and in another room
  r = check(x);
  assert_true(!r.dead && !r.heard && says(&r, SHED_MSG_sound_not_heard));
  free(x);
  x = playing(-55, -80, 4);
  r = check(x);
  assert_true(r.heard && says(&r, SHED_MSG_sound_quiet) && !says(&r, SHED_MSG_sound_not_heard));
  free(x);
  x = playing(-12, -38, 4);
  r = check(x);
  assert_true(says(&r, SHED_MSG_sound_noisy));
  free(x);
}

static void
what_is_no_sound_harms_nothing(void **state)
{
  (void)state;
  float            *x = playing(-14, -60, 5);
  shed_input_report r;
  for (int i = 0; i < N; i += 100) {
    x[i] = i % 200 ? (float)NAN : (float)INFINITY;
  }
  r = check(x);
  assert_true(isfinite(r.noise_db) && isfinite(r.loud_db) && isfinite(r.peak_db) && r.heard);
  CHECK_STATUS(shed_input_check(x, RATE - 1, RATE, NULL, &r), SHED_E_RANGE);
  CHECK_STATUS(shed_input_check(x, N, 7000, NULL, &r), SHED_E_RANGE);
  SWEEP_ALLOCATIONS(a, { sweep_status = shed_input_check(x, RATE, RATE, &a.alloc, &r); });
  free(x);
}

static void
bluetooth_is_known_by_name(void **state)
{
  (void)state;
  const char *const yes[] = {"Anna's AirPods Pro", "bluez_input.00_1B_66",
                             "Headset (WH-1000XM4 Hands-Free AG Audio)", "BLUETOOTH", "Galaxy Buds2"};
  const char *const no[]  = {"USB Audio CODEC",  "HDA Intel PCH: ALC257 Analog (hw:0,0)", "loopback", "",
                             "Scarlett 2i2 USB", "Headset Microphone (Realtek)"};
  for (size_t i = 0; i < SHED_COUNTOF(yes); i++) {
    if (!shed_input_is_bluetooth(yes[i])) {
      fail_msg("\"%s\" is Bluetooth", yes[i]);
    }
  }
  for (size_t i = 0; i < SHED_COUNTOF(no); i++) {
    if (shed_input_is_bluetooth(no[i])) {
      fail_msg("\"%s\" is no Bluetooth", no[i]);
    }
  }
}

static void
a_probe_that_came_back_has_its_advice(void **state)
{
  (void)state;
  shed_message      m[SHED_INPUT_MESSAGES];
  shed_probe_result r = {.probes = 8, .heard = 3};
  assert_int_equal(shed_probe_advice(&r, m), 1);
  assert_int_equal(m[0].code, SHED_MSG_sound_no_probe);
  r = (shed_probe_result){.probes = 8, .heard = 8, .gain_db = -70, .squeeze_db = (double)NAN, .fade_db = 1};
  assert_int_equal(shed_probe_advice(&r, m), 0);
  r = (shed_probe_result){
      .probes = 8, .heard = 8, .gain_db = -20, .squeeze_db = 5, .fade_db = 9, .drift_db = 8};
  assert_int_equal(shed_probe_advice(&r, m), 4);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_good_microphone_is_left_alone),
      cmocka_unit_test(automatic_gain_comes_up_in_pauses),
      cmocka_unit_test(suppression_cuts_pauses_to_nothing),
      cmocka_unit_test(tops_that_are_cut_off_are_counted),
      cmocka_unit_test(a_dead_or_wrong_microphone_is_told),
      cmocka_unit_test(what_is_no_sound_harms_nothing),
      cmocka_unit_test(bluetooth_is_known_by_name),
      cmocka_unit_test(a_probe_that_came_back_has_its_advice),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
