#include "tests/corpus/degrade.h"
#include "tests/corpus/take.h"
#include "tests/support/check.h"

#include <math.h>

static void
every_take_can_be_played_and_there_are_enough_of_everything(void **state)
{
  (void)state;
  static corpus_performance p;
  shed_error                err = {0};
  int extras = 0, restarts = 0, halves[2] = {0}, series[CORPUS_TAKES_SERIES] = {0}, usual = 0;
  for (size_t i = 0; i < corpus_take_count(); i++) {
    corpus_take t;
    CHECK_OK(corpus_take_make(i, &t, &p, &err));
    assert_true(p.tune.n >= 20 &&
                p.tune.n <= 60); // a part ends with its bar, up to four notes before what was drawn
    assert_true(p.bpm >= 60 && p.bpm <= 132);
    assert_int_equal(t.half, corpus_take_at(i).half);
    halves[t.half]++;
    series[t.series]++;
    assert_true(t.series == CORPUS_TAKES_FIRST || t.half == CORPUS_EAR_FIT);
    usual += t.group == CORPUS_TAKES_USUAL ? 1 : 0;
    for (size_t m = 0; m < p.n_mistakes && t.group == CORPUS_TAKES_USUAL; m++) {
      extras += p.mistakes[m].kind == CORPUS_EXTRA ? 1 : 0;
      restarts += p.mistakes[m].kind == CORPUS_RESTART ? 1 : 0;
    }
    for (size_t k = 0; k < p.tune.n; k++) {
      assert_true(p.tune.notes[k].midi >= t.instrument->low && p.tune.notes[k].midi <= t.instrument->high);
    }
  }
  assert_int_equal(series[CORPUS_TAKES_FIRST], 2 * halves[1]);
  assert_int_equal(series[CORPUS_TAKES_AGAIN], halves[1]);
  assert_true(series[CORPUS_TAKES_OTHER_ROWS] >= halves[1]);
  assert_true(usual >= 300);
  assert_true(extras >= 100);
  assert_true(restarts >= 100);
}

static void
the_halves_share_no_tune_and_no_two_takes_a_player(void **state)
{
  (void)state;
  enum { MOST = 1024 };
  static corpus_performance p;
  static char               tunes[MOST][sizeof(p.tune.id)];
  static corpus_take        takes[MOST];
  shed_error                err = {0};
  assert_true(corpus_take_count() <= MOST);
  for (size_t i = 0; i < corpus_take_count(); i++) {
    CHECK_OK(corpus_take_make(i, &takes[i], &p, &err));
    memcpy(tunes[i], p.tune.id, sizeof(p.tune.id));
    for (size_t k = 0; k < i; k++) {
      assert_true(takes[i].seed != takes[k].seed);
      if (takes[i].half != takes[k].half) {
        assert_string_not_equal(tunes[i], tunes[k]);
      }
    }
  }
}

static void
the_key_names_what_is_played(void **state)
{
  (void)state;
  static corpus_performance p, q;
  corpus_take               a, b;
  shed_error                err = {0};
  CHECK_OK(corpus_take_make(3, &a, &p, &err));
  CHECK_OK(corpus_take_make(3, &b, &q, &err));
  shed_sha256 same = corpus_take_key(&a, &p), again = corpus_take_key(&b, &q);
  assert_string_equal(same.text, again.text);
  q.played[5].onset_s += .001;
  shed_sha256 other = corpus_take_key(&b, &q);
  assert_true(strcmp(same.text, other.text) != 0);
  CHECK_STATUS(corpus_take_make(corpus_take_count(), &a, &p, &err), SHED_E_RANGE);
}

static void
the_sound_is_as_long_as_the_playing_and_comes_again(void **state)
{
  (void)state;
  static corpus_performance p;
  corpus_take               t;
  shed_sound                s = {0}, again = {0};
  shed_error                err = {0};
  CHECK_OK(corpus_take_make(0, &t, &p, &err));
  shed_status st = corpus_take_sound(&t, &p, &s, &err);
  if (st == SHED_E_NOTFOUND) {
    skip();
  }
  CHECK_OK(st);
  assert_true((double)s.n / s.rate_hz >= p.played[p.n - 1].onset_s);
  CHECK_OK(corpus_take_sound(&t, &p, &again, &err));
  assert_int_equal(s.n, again.n);
  assert_true(memcmp(s.x, again.x, s.n * sizeof(*s.x)) == 0);
  shed_sound_free(&s);
  shed_sound_free(&again);
}

/// A studio take of an instrument and a font: alone, so that its pitch can be measured.
static bool
find_alone(const char *instrument, corpus_take_font font, size_t *out)
{
  for (*out = 0; *out < corpus_take_count(); (*out)++) {
    corpus_take t = corpus_take_at(*out);
    if (t.font == font && t.room->specs[0] == NULL && strcmp(t.instrument->id, instrument) == 0) {
      return true;
    }
  }
  return false;
}

static void
short_notes_are_in_tune_though_samples_begin_elsewhere(void **state)
{
  (void)state;
  static const struct {
    const char      *instrument;
    corpus_take_font font;
  } rows[] = {
      {"recorder", CORPUS_TAKE_FLUID}, {"viola", CORPUS_TAKE_FLUID}, {"alto_sax", CORPUS_TAKE_MUSESCORE}};
  static corpus_performance p;
  for (size_t r = 0; r < SHED_COUNTOF(rows); r++) {
    corpus_take t;
    shed_sound  s   = {0};
    shed_error  err = {0};
    size_t      index;
    double      most = 0;
    int         n    = 0;
    assert_true(find_alone(rows[r].instrument, rows[r].font, &index));
    CHECK_OK(corpus_take_make(index, &t, &p, &err));
    shed_status st = corpus_take_sound(&t, &p, &s, &err);
    if (st == SHED_E_NOTFOUND) {
      skip();
    }
    CHECK_OK(st);
    for (size_t i = 0; i < p.n; i++) {
      const corpus_played *k = &p.played[i];
      if (k->duration_s >= .26 && k->duration_s < .7) {
        double off = corpus_short_pitch_cents(&s, k->onset_s + .05, k->onset_s + k->duration_s, k->midi, 4);
        most       = fmax(most, fabs(off - k->cents));
        n++;
      }
    }
    print_message("%s: %d short notes, %.1f cents off at most\n", rows[r].instrument, n, most);
    assert_true(n >= 5);
    CHECK_LT(most, 12);
    shed_sound_free(&s);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_take_can_be_played_and_there_are_enough_of_everything),
      cmocka_unit_test(the_halves_share_no_tune_and_no_two_takes_a_player),
      cmocka_unit_test(the_key_names_what_is_played),
      cmocka_unit_test(the_sound_is_as_long_as_the_playing_and_comes_again),
      cmocka_unit_test(short_notes_are_in_tune_though_samples_begin_elsewhere),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
