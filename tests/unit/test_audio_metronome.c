// Which click is the k-th, by hand for small bars, and by its rules for any.
#include "engine/audio/metronome.h"

#include "engine/base/rng.h"
#include "tests/support/check.h"

enum { RATE = 48000 };

static void
four_four_is_counted_in_and_goes_on(void **state)
{
  (void)state;
  shed_metronome m = shed_metronome_of((shed_metre){4, 4}, 120);
  assert_true(shed_metronome_valid(&m));
  CHECK_NEAR(shed_metronome_music_s(&m), 2.0, 1e-12);
  for (uint64_t k = 0; k < 40; k++) {
    shed_click c = shed_metronome_click(&m, RATE, k);
    assert_int_equal(c.frame, k * RATE / 2);
    assert_int_equal(c.bar, (int)(k / 4));
    assert_int_equal(c.beat, (int)(k % 4) + 1);
    assert_int_equal(c.kind, k % 4 ? SHED_CLICK_BEAT : SHED_CLICK_BAR);
    assert_true(c.sounds && c.part == 0);
  }
}

// Half a millisecond in an hour would be heard as wrong by nobody; here it is none at all.
static void
an_hour_is_as_exact_as_a_bar(void **state)
{
  (void)state;
  shed_metronome m = shed_metronome_of((shed_metre){3, 4}, 97.3);
  for (uint64_t k = 0; k < 7000; k++) {
    shed_click c = shed_metronome_click(&m, 44100, k);
    CHECK_NEAR((double)c.frame, (double)k * 60.0 / 97.3 * 44100, 0.5000001);
  }
}

static void
parts_and_swing_stand_where_they_should(void **state)
{
  (void)state;
  shed_metronome m  = shed_metronome_of((shed_metre){2, 4}, 60);
  m.count_in        = 0;
  m.parts           = 2;
  m.swing           = 2.0 / 3.0;
  const double at[] = {0, 2.0 / 3, 1, 5.0 / 3, 2};
  for (uint64_t k = 0; k < 5; k++) {
    CHECK_NEAR(shed_metronome_click(&m, RATE, k).time_s, at[k], 1e-9);
    assert_int_equal(shed_metronome_click(&m, RATE, k).kind, k % 2   ? SHED_CLICK_PART
                                                             : k % 4 ? SHED_CLICK_BEAT
                                                                     : SHED_CLICK_BAR);
  }
  m.parts             = 4; // sixteenths are swung in pairs
  const double four[] = {0, 1.0 / 3, 0.5, 5.0 / 6, 1};
  for (uint64_t k = 0; k < 5; k++) {
    CHECK_NEAR(shed_metronome_click(&m, RATE, k).time_s, four[k], 1e-9);
  }
  m.parts = 3; // triplets are not
  CHECK_NEAR(shed_metronome_click(&m, RATE, 1).time_s, 1.0 / 3, 1e-9);
  CHECK_NEAR(shed_metronome_click(&m, RATE, 2).time_s, 2.0 / 3, 1e-9);
}

static void
uneven_metres_are_felt_in_their_groups(void **state)
{
  (void)state;
  shed_metronome m = shed_metronome_of((shed_metre){7, 8}, 120); // 1 1 3/2
  assert_int_equal(m.beats, 3);
  m.count_in           = 1;
  m.parts              = 2; // eighths: 2 2 3
  m.accents            = 1U << 2;
  const double count[] = {0, 0.5, 1.0, 1.75};
  for (uint64_t k = 0; k < 4; k++) { // the count-in has the beats alone
    CHECK_NEAR(shed_metronome_click(&m, RATE, k).time_s, count[k], 1e-9);
  }
  for (uint64_t k = 0; k < 7; k++) {
    shed_click c = shed_metronome_click(&m, RATE, 3 + k);
    CHECK_NEAR(c.time_s, 1.75 + 0.25 * (double)k, 1e-9);
    assert_int_equal(c.bar, 1);
    assert_int_equal(c.kind, k == 0   ? SHED_CLICK_BAR
                             : k == 2 ? SHED_CLICK_BEAT
                             : k == 4 ? SHED_CLICK_ACCENT
                                      : SHED_CLICK_PART);
  }
}

static void
silence_is_seen_and_not_heard(void **state)
{
  (void)state;
  shed_metronome m = shed_metronome_of((shed_metre){2, 4}, 60);
  m.count_in_only  = true;
  assert_true(shed_metronome_click(&m, RATE, 1).sounds);
  assert_false(shed_metronome_click(&m, RATE, 2).sounds);
  m.silent = true;
  assert_false(shed_metronome_click(&m, RATE, 0).sounds);
  assert_int_equal(shed_metronome_click(&m, RATE, 3).frame, 3 * RATE); // and still has its time
}

// Any metronome: clicks rise, and the one that is looked for by its frame is the first from there on.
static void
the_way_back_finds_the_click(void **state)
{
  (void)state;
  shed_rng rng;
  shed_rng_seed(&rng, 11, 3);
  for (int turn = 0; turn < 300; turn++) {
    const shed_metre metres[] = {{4, 4}, {6, 8}, {5, 8}, {7, 8}, {3, 2}, {1, 4}, {12, 8}};
    shed_metronome   m        = shed_metronome_of(metres[turn % 7], 20.0 + 300.0 * shed_rng_unit(&rng));
    m.parts                   = 1 + turn % 8;
    m.swing                   = 0.5 + 0.3 * shed_rng_unit(&rng);
    m.count_in                = turn % 4;
    m.start_s                 = turn % 3 ? 2.0 * shed_rng_unit(&rng) : 0;
    assert_true(shed_metronome_valid(&m));
    uint64_t before = 0;
    for (uint64_t k = 0; k < 60; k++) {
      shed_click c = shed_metronome_click(&m, RATE, k);
      assert_true(k == 0 || c.frame > before);
      assert_int_equal(shed_metronome_from(&m, RATE, c.frame), k);
      assert_int_equal(shed_metronome_from(&m, RATE, before + (k > 0)), k);
      assert_int_equal(shed_metronome_from(&m, RATE, c.frame + 1), k + 1);
      before = c.frame;
    }
  }
}

static void
what_makes_no_sense_is_refused(void **state)
{
  (void)state;
  const shed_metronome good = shed_metronome_of((shed_metre){4, 4}, 100);
  shed_metronome       m;
#define BAD(change)                                                                                          \
  m = good;                                                                                                  \
  m.change;                                                                                                  \
  assert_false(shed_metronome_valid(&m))
  assert_true(shed_metronome_valid(&good));
  BAD(quarter_bpm = 0);
  BAD(quarter_bpm = (double)NAN);
  BAD(quarter_bpm = 501);
  BAD(beats = 0);
  BAD(beats = SHED_METRONOME_BEATS + 1);
  BAD(parts = 0);
  BAD(parts = 9);
  BAD(swing = 0.4);
  BAD(swing = 0.9);
  BAD(count_in = -1);
  BAD(count_in = 9);
  BAD(start_s = -1);
  BAD(quarters[3] = 0);
}

static void
clicks_begin_at_once_and_end_in_silence(void **state)
{
  (void)state;
  static float x[SHED_CLICK_FRAMES_MOST];
  const int    rates[] = {8000, 44100, 48000, 192000};
  for (size_t r = 0; r < SHED_COUNTOF(rates); r++) {
    for (int kind = 0; kind < SHED_CLICK_KINDS; kind++) {
      size_t n    = shed_click_sound((shed_click_kind)kind, rates[r], x);
      float  peak = 0;
      size_t at   = 0;
      for (size_t i = 0; i < n; i++) {
        at   = fabsf(x[i]) > peak ? i : at;
        peak = fmaxf(peak, fabsf(x[i]));
      }
      assert_true(peak > 0.1F && peak <= 1.0F);
      CHECK_LT((double)at / rates[r], 0.0015);
      CHECK_LT(fabs((double)x[n - 1]), 0.001);
    }
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(four_four_is_counted_in_and_goes_on),
      cmocka_unit_test(an_hour_is_as_exact_as_a_bar),
      cmocka_unit_test(parts_and_swing_stand_where_they_should),
      cmocka_unit_test(uneven_metres_are_felt_in_their_groups),
      cmocka_unit_test(silence_is_seen_and_not_heard),
      cmocka_unit_test(the_way_back_finds_the_click),
      cmocka_unit_test(what_makes_no_sense_is_refused),
      cmocka_unit_test(clicks_begin_at_once_and_end_in_silence),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
