#include "tests/corpus/degrade.h"

#include "tests/corpus/perform.h"
#include "tests/support/check.h"

#include <stdlib.h>

enum { RATE = 44100 };
static const double PI = 3.14159265358979323846;

// Two seconds of a tone with a second of rest behind it.
static shed_sound
take(void)
{
  const corpus_tone k = {
      .timbre = CORPUS_REED, .duration_s = 2, .midi = 60, .level_db = -20, .breath_db = -100};
  shed_sound s = {0};
  CHECK_OK(corpus_synth(&k, 1, RATE, 3, 1, NULL, &s));
  return s;
}

// What a degradation that adds has added.
static shed_sound
added_by(const char *spec, uint64_t seed)
{
  shed_error err = {0};
  shed_sound a   = take();
  shed_sound b   = take();
  if (corpus_degrade(&b, spec, seed, &err) != SHED_OK) {
    fail_msg("%s: %s", err.where, err.what);
  }
  for (size_t i = 0; i < a.n; i++) {
    b.x[i] -= a.x[i];
  }
  shed_sound_free(&a);
  return b;
}

static double
rms_db(const shed_sound *s)
{
  double sum = 0;
  for (size_t i = 0; i < s->n; i++) {
    sum += (double)s->x[i] * (double)s->x[i];
  }
  return 10 * log10(sum / (double)s->n + 1e-30);
}

// Power around one frequency, dB: ten windows averaged.
static double
band_db(const shed_sound *s, double hz)
{
  enum { WINDOW = 4096 };
  double sum = 0;
  int    n   = 0;
  for (size_t from = 0; from + WINDOW <= s->n; from += WINDOW, n++) {
    double re = 0;
    double im = 0;
    for (size_t i = 0; i < WINDOW; i++) {
      double h = 1 - cos(2 * PI * (double)i / WINDOW);
      double w = 2 * PI * hz * (double)i / s->rate_hz;
      re += h * (double)s->x[from + i] * cos(w);
      im += h * (double)s->x[from + i] * sin(w);
    }
    sum += re * re + im * im;
  }
  return 10 * log10(sum / n + 1e-30);
}

// Several frequencies of a third of an octave: one alone is a matter of luck.
static double
third_db(const shed_sound *s, double hz)
{
  double sum = 0;
  for (int i = -4; i <= 4; i++) {
    sum += pow(10, band_db(s, hz * pow(2, i / 24.0)) / 10);
  }
  return 10 * log10(sum / 9);
}

static void
rests_do_not_count_into_the_level(void **state)
{
  shed_sound s = take();
  (void)state;
  CHECK_NEAR(corpus_level_db(&s), -20, 0.3);
  corpus_set_level(&s, -33);
  CHECK_NEAR(corpus_level_db(&s), -33, 0.01);
  for (size_t i = 0; i < s.n; i++) {
    s.x[i] = 0;
  }
  CHECK_NEAR(corpus_level_db(&s), -200, 0);
  corpus_set_level(&s, -20);
  CHECK_NEAR(rms_db(&s), -300, 1);
  shed_sound_free(&s);
}

static void
noise_has_the_level_asked_for(void **state)
{
  static const char *const specs[] = {"noise:20", "pink:20", "brown:20", "hum:20"};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(specs); i++) {
    shed_sound s = added_by(specs[i], 5);
    CHECK_NEAR(rms_db(&s), -40, 0.4);
    shed_sound_free(&s);
  }
}

static void
other_sounds_have_the_level_asked_for(void **state)
{
  static const char *const specs[] = {"talk:15", "babble:15", "player:15:trumpet", "clicks:15:120:0.25"};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(specs); i++) {
    shed_sound s = added_by(specs[i], 5);
    print_message("%s: %.1f dB under the take\n", specs[i], -20 - corpus_level_db(&s));
    CHECK_NEAR(corpus_level_db(&s), -35, 0.5);
    shed_sound_free(&s);
  }
}

static void
noise_has_its_colour(void **state)
{
  static const struct {
    const char *spec;
    double      db_an_octave;
  } rows[] = {{"noise:10", 0}, {"pink:10", -3.01}, {"brown:10", -6.02}};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    shed_sound s    = added_by(rows[i].spec, 9);
    double     low  = third_db(&s, 250);
    double     high = third_db(&s, 4000);
    print_message("%s: %.2f dB an octave\n", rows[i].spec, (high - low) / 4);
    CHECK_NEAR((high - low) / 4, rows[i].db_an_octave, 0.7);
    shed_sound_free(&s);
  }
}

static void
a_room_falls_by_60_db_in_its_time(void **state)
{
  static const double times[] = {0.3, 0.8, 1.5};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(times); i++) {
    shed_sound s     = {.rate_hz = RATE, .n = 2 * RATE, .x = calloc(2 * RATE, sizeof(float))};
    double     after = 0;
    double     sum   = 0;
    double     at_5 = 0, at_25 = 0;
    assert_non_null(s.x);
    s.x[0] = 1;
    CHECK_OK(corpus_room(&s, times[i], 6, 4));
    CHECK_NEAR((double)s.x[0], 1, 1e-6);
    for (size_t k = 1; k < s.n; k++) {
      after += (double)s.x[k] * (double)s.x[k];
    }
    CHECK_NEAR(-10 * log10(after), 6, 0.5); // direct over the rest
    // Schroeder's backward integral from -5 to -25 dB, times three
    for (size_t k = s.n; k-- > 1;) {
      sum += (double)s.x[k] * (double)s.x[k];
      double db = 10 * log10(sum / after);
      at_25     = db < -25 ? (double)k / RATE : at_25;
      at_5      = db < -5 ? (double)k / RATE : at_5;
    }
    print_message("RT60 %.1f s asked, %.2f s measured\n", times[i], 3 * (at_25 - at_5));
    CHECK_NEAR(3 * (at_25 - at_5), times[i], 0.15 * times[i]);
    free(s.x);
  }
}

static void
a_laptop_hears_its_band(void **state)
{
  static const struct {
    double hz, low_db, high_db;
  } rows[] = {{60, -60, -35}, {100, -30, -20}, {440, -1.5, 1}, {2500, 4, 7}, {16000, -50, -20}};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    corpus_tone k = {
        .timbre = CORPUS_SINE, .duration_s = 1, .midi = 69 + 12 * log2(rows[i].hz / 440), .level_db = -20};
    shed_sound s = {0};
    CHECK_OK(corpus_synth(&k, 1, RATE, 1, 1, NULL, &s));
    corpus_laptop(&s);
    double db = corpus_level_db(&s) + 20;
    if (db < rows[i].low_db || db > rows[i].high_db) {
      fail_msg("%g Hz: %.1f dB, expected %g to %g", rows[i].hz, db, rows[i].low_db, rows[i].high_db);
    }
    shed_sound_free(&s);
  }
}

static void
a_tone_control_turns_the_highs_and_leaves_the_lows(void **state)
{
  static const struct {
    double hz, low_db, high_db;
  } rows[] = {{60, -.2, .1}, {250, -1, .1}, {1000, -2.5, -1.5}, {4000, -6, -4.5}, {10000, -6.5, -5}};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    corpus_tone k = {
        .timbre = CORPUS_SINE, .duration_s = 1, .midi = 69 + 12 * log2(rows[i].hz / 440), .level_db = -20};
    shed_sound s = {0};
    CHECK_OK(corpus_synth(&k, 1, RATE, 1, 1, NULL, &s));
    CHECK_OK(corpus_degrade(&s, "tone:1000:-6", 1, NULL));
    double db = corpus_level_db(&s) + 20;
    if (db < rows[i].low_db || db > rows[i].high_db) {
      fail_msg("%g Hz: %.1f dB, expected %g to %g", rows[i].hz, db, rows[i].low_db, rows[i].high_db);
    }
    shed_sound_free(&s);
  }
}

static void
clipping_cuts_what_is_over(void **state)
{
  shed_sound s    = take();
  size_t     full = 0;
  (void)state;
  corpus_clip(&s, 6);
  for (size_t i = 0; i < s.n; i++) {
    assert_true(fabsf(s.x[i]) <= 1);
    full += fabsf(s.x[i]) >= 1;
  }
  print_message("%.1f %% of the samples at full scale\n", 100.0 * (double)full / (double)s.n);
  assert_true(full > 100);
  shed_sound_free(&s);
}

static void
automatic_gain_brings_both_ends_together(void **state)
{
  shed_sound quiet = take();
  shed_sound loud  = take();
  (void)state;
  corpus_set_level(&quiet, -38);
  corpus_set_level(&loud, -8);
  corpus_agc(&quiet);
  corpus_agc(&loud);
  print_message("-38 and -8 dBFS came to %.1f and %.1f\n", corpus_level_db(&quiet), corpus_level_db(&loud));
  CHECK_LT(fabs(corpus_level_db(&loud) - corpus_level_db(&quiet)), 12); // they lay 30 dB apart; up is slow
  shed_sound_free(&quiet);
  shed_sound_free(&loud);
}

static void
each_is_the_same_twice_and_another_with_another_seed(void **state)
{
  static const char *const specs[] = {"noise:10", "pink:10", "talk:10", "player:10:flute", "room:0.4:6"};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(specs); i++) {
    shed_sound a = added_by(specs[i], 1);
    shed_sound b = added_by(specs[i], 1);
    shed_sound c = added_by(specs[i], 2);
    assert_memory_equal(a.x, b.x, a.n * sizeof(float));
    assert_true(memcmp(a.x, c.x, a.n * sizeof(float)) != 0);
    shed_sound_free(&a);
    shed_sound_free(&b);
    shed_sound_free(&c);
  }
}

static void
what_would_not_fit_is_turned_down(void **state)
{
  shed_sound s    = take();
  float      most = 0;
  (void)state;
  corpus_normalise(&s, 1);
  CHECK_OK(corpus_degrade(&s, "noise:0", 1, NULL));
  for (size_t i = 0; i < s.n; i++) {
    most = fmaxf(most, fabsf(s.x[i]));
  }
  CHECK_NEAR((double)most, 0.94, 1e-3);
  shed_sound_free(&s);
}

static void
nonsense_is_refused(void **state)
{
  static const char *const specs[] = {"",     "noises:3", "noise",         "noise:x",      "noise:3:4",
                                      "room", "room:.5",  "player:10:saw", "player:10",    "clicks:20:96",
                                      ":",    "room:9:6", "laptop:1",      "clicks:20:5:0"};
  shed_sound               s       = take();
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(specs); i++) {
    shed_error  err = {0};
    shed_status st  = corpus_degrade(&s, specs[i], 1, &err);
    if (st == SHED_OK || err.what[0] == '\0') {
      fail_msg("\"%s\" was taken", specs[i]);
    }
  }
  shed_sound_free(&s);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rests_do_not_count_into_the_level),
      cmocka_unit_test(noise_has_the_level_asked_for),
      cmocka_unit_test(other_sounds_have_the_level_asked_for),
      cmocka_unit_test(noise_has_its_colour),
      cmocka_unit_test(a_room_falls_by_60_db_in_its_time),
      cmocka_unit_test(a_laptop_hears_its_band),
      cmocka_unit_test(a_tone_control_turns_the_highs_and_leaves_the_lows),
      cmocka_unit_test(clipping_cuts_what_is_over),
      cmocka_unit_test(automatic_gain_brings_both_ends_together),
      cmocka_unit_test(each_is_the_same_twice_and_another_with_another_seed),
      cmocka_unit_test(what_would_not_fit_is_turned_down),
      cmocka_unit_test(nonsense_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
