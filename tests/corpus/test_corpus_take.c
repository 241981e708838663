#include "tests/corpus/degrade.h"
#include "tests/corpus/take.h"
#include "tests/support/check.h"

#include <math.h>

static void
every_take_can_be_played_and_there_are_enough_of_everything(void **state)
{
  (void)state;
  static corpus_performance p;
  shed_error                err    = {0};
  int                       extras = 0, restarts = 0, halves[2] = {0}, fonts[3] = {0}, usual = 0;
  for (size_t i = 0; i < corpus_take_count(); i++) {
    corpus_take t;
    CHECK_OK(corpus_take_make(i, &t, &p, &err));
    assert_true(p.tune.n >= 20 &&
                p.tune.n <= 60); // a part ends with its bar, up to four notes before what was drawn
    assert_true(p.bpm >= 60 && p.bpm <= 132);
    assert_int_equal(t.half, corpus_take_at(i).half);
    halves[t.half]++;
    fonts[t.font]++;
    usual += t.group == CORPUS_TAKES_USUAL ? 1 : 0;
    for (size_t m = 0; m < p.n_mistakes && t.group == CORPUS_TAKES_USUAL; m++) {
      extras += p.mistakes[m].kind == CORPUS_EXTRA ? 1 : 0;
      restarts += p.mistakes[m].kind == CORPUS_RESTART ? 1 : 0;
    }
    for (size_t k = 0; k < p.tune.n; k++) {
      assert_true(p.tune.notes[k].midi >= t.instrument->low && p.tune.notes[k].midi <= t.instrument->high);
    }
  }
  assert_int_equal(halves[0], 2 * halves[1]); // with two fonts
  assert_int_equal(fonts[CORPUS_TAKE_FLUID], halves[1]);
  assert_int_equal(fonts[CORPUS_TAKE_TIMGM], fonts[CORPUS_TAKE_MUSESCORE]);
  assert_true(usual >= 300);
  assert_true(extras >= 100);
  assert_true(restarts >= 100);
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

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_take_can_be_played_and_there_are_enough_of_everything),
      cmocka_unit_test(the_key_names_what_is_played),
      cmocka_unit_test(the_sound_is_as_long_as_the_playing_and_comes_again),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
