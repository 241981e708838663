#include "app/serve/hearing.h"

#include "engine/base/attrs.h"
#include "tests/support/check.h"

#define SECOND_NS INT64_C(1000000000)

// So many seconds of sound at so many milliseconds each.
static void
hear(shed_hearing *h, int seconds, int ms)
{
  for (int i = 0; i < 50 * seconds; i++) {
    shed_hearing_took(h, ms * INT64_C(1000000) / 50, SECOND_NS / 50);
  }
}

static void
as_many_as_the_measured_cost_allows(void **state)
{
  static const struct {
    int ms, most;
  } cases[] = {{10, 140}, {20, 70}, {13, 107}, {100, 14}, {800, SHED_HEARING_LEAST}};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(cases); i++) {
    shed_hearing h;
    shed_hearing_begin(&h, 2);
    hear(&h, 600, cases[i].ms);
    CHECK_NEAR(shed_hearing_most(&h), cases[i].most, 1);
    shed_hearing_end(&h);
  }
}

static void
one_too_many_is_refused_and_has_the_place_of_who_leaves(void **state)
{
  shed_hearing h;
  (void)state;
  shed_hearing_begin(&h, 1);
  hear(&h, 600, 100);
  const int most = shed_hearing_most(&h);
  for (int i = 0; i < most; i++) {
    assert_int_equal(shed_hearing_enter(&h), SHED_HEARING_IN);
  }
  assert_int_equal(shed_hearing_enter(&h), SHED_HEARING_FULL);
  assert_int_equal(shed_hearing_enter(&h), SHED_HEARING_FULL); // who is refused takes no place
  shed_hearing_leave(&h);
  assert_int_equal(shed_hearing_enter(&h), SHED_HEARING_IN);
  shed_hearing_back(&h); // whose network was cut comes back whatever happens
  assert_int_equal(shed_hearing_enter(&h), SHED_HEARING_FULL);
  shed_hearing_leave(&h);
  assert_int_equal(shed_hearing_enter(&h), SHED_HEARING_FULL);
  shed_hearing_end(&h);
}

static void
what_is_new_weighs_more_than_what_was_long_ago(void **state)
{
  shed_hearing h;
  (void)state;
  shed_hearing_begin(&h, 2);
  const int before = shed_hearing_most(&h);
  assert_true(before > 50); // a first guess, until something was heard
  hear(&h, 600, 10);
  const int quick = shed_hearing_most(&h);
  hear(&h, 300, 40); // another program began to compute
  CHECK_NEAR(shed_hearing_most(&h), quick / 4.0, 2);
  shed_hearing_took(&h, -1, SECOND_NS);
  shed_hearing_took(&h, SECOND_NS, 0);
  CHECK_NEAR(shed_hearing_most(&h), quick / 4.0, 2); // what is no measurement changes nothing
  shed_hearing_end(&h);
}

// A clock by hand: so many seconds with so many pieces each, so late; the loop looks ten times a second.
typedef struct {
  shed_hearing h;
  int64_t      now_ns;
} evening;

static void
go_on(evening *e, double seconds, int pieces_a_tenth, double age_s, double oldest_s)
{
  for (int i = 0; i < (int)(10 * seconds); i++) {
    e->now_ns += SECOND_NS / 10;
    for (int k = 0; k < pieces_a_tenth; k++) {
      shed_hearing_heard(&e->h, (int64_t)(age_s * 1e9), e->now_ns);
    }
    shed_hearing_waits(&e->h, (int64_t)(oldest_s * 1e9), e->now_ns);
  }
}

static void
let_in(evening *e, int n)
{
  for (int i = 0; i < n; i++) {
    assert_int_equal(shed_hearing_enter(&e->h), SHED_HEARING_IN);
  }
}

static void
nobody_is_let_in_while_the_ears_are_behind(void **state)
{
  evening e = {.now_ns = 77 * SECOND_NS};
  (void)state;
  shed_hearing_begin(&e.h, 2);
  hear(&e.h, 600, 10);
  let_in(&e, 60);
  go_on(&e, 30, 300, .004, .01);
  assert_int_equal(shed_hearing_behind_ns(&e.h), 0);
  CHECK_NEAR(shed_hearing_most(&e.h), 140, 1); // by what hearing costs there is much room
  let_in(&e, 1);
  go_on(&e, .2, 100, .02, .6); // somebody else began to compute: sound waits .6 s
  CHECK_NEAR((double)shed_hearing_behind_ns(&e.h), .6e9, 1);
  assert_int_equal(shed_hearing_enter(&e.h), SHED_HEARING_BEHIND);
  assert_int_equal(shed_hearing_most(&e.h), 54); // a tenth fewer than it went wrong with
  shed_hearing_back(&e.h);                       // who was cut off comes back all the same
  shed_hearing_leave(&e.h);
  go_on(&e, 4.9, 300, .02, .02); // it must go well for a while
  assert_int_equal(shed_hearing_enter(&e.h), SHED_HEARING_BEHIND);
  go_on(&e, 12, 300, .02, .02); // the pieces that were late fade, too
  assert_int_equal(shed_hearing_behind_ns(&e.h), 0);
  assert_int_equal(shed_hearing_enter(&e.h), SHED_HEARING_FULL); // 61 are in
  for (int i = 0; i < 10; i++) {
    shed_hearing_leave(&e.h);
  }
  let_in(&e, 1);
  shed_hearing_end(&e.h);
}

static void
few_late_pieces_of_many_are_enough(void **state)
{
  evening e = {.now_ns = SECOND_NS};
  (void)state;
  shed_hearing_begin(&e.h, 2);
  hear(&e.h, 600, 10);
  let_in(&e, 40);
  for (int i = 0; i < 50; i++) { // one of two hundred is late: it may be
    go_on(&e, .1, 199, .01, .01);
    shed_hearing_heard(&e.h, SECOND_NS / 5, e.now_ns);
  }
  assert_int_equal(shed_hearing_behind_ns(&e.h), 0);
  for (int i = 0; i < 200; i++) { // one of fifty
    go_on(&e, .1, 49, .01, .01);
    shed_hearing_heard(&e.h, SECOND_NS / 5, e.now_ns);
  }
  assert_true(shed_hearing_behind_ns(&e.h) > 0);
  shed_hearing_end(&e.h);
}

static void
the_first_few_are_let_in_whatever_happens(void **state)
{
  evening e = {.now_ns = SECOND_NS};
  (void)state;
  shed_hearing_begin(&e.h, 2);
  go_on(&e, 1, 100, 1, 2);
  assert_true(shed_hearing_behind_ns(&e.h) > 0);
  let_in(&e, SHED_HEARING_LEAST);
  assert_int_equal(shed_hearing_enter(&e.h), SHED_HEARING_BEHIND);
  shed_hearing_end(&e.h);
}

static void
three_late_pieces_of_one_player_say_nothing(void **state)
{
  evening e = {.now_ns = SECOND_NS};
  (void)state;
  shed_hearing_begin(&e.h, 2);
  let_in(&e, 1);
  go_on(&e, .3, 1, .2, .2);
  assert_int_equal(shed_hearing_behind_ns(&e.h), 0);
  let_in(&e, 1);
  shed_hearing_end(&e.h);
}

static void
so_many_are_let_in_again_step_by_step(void **state)
{
  evening e = {.now_ns = SECOND_NS};
  (void)state;
  shed_hearing_begin(&e.h, 2);
  hear(&e.h, 600, 10);
  let_in(&e, 100);
  go_on(&e, .1, 500, .01, 1);
  assert_int_equal(shed_hearing_most(&e.h), 90);
  int before = 90, steps = 0;
  for (int i = 0; i < 400 && shed_hearing_most(&e.h) < 139; i++) {
    go_on(&e, 1, 500, .01, .01);
    const int now = shed_hearing_most(&e.h);
    assert_true(now >= before && now <= before + before / 10 + 1);
    steps += now > before;
    before = now;
  }
  CHECK_NEAR(before, 140, 1);
  assert_true(steps >= 8);
  go_on(&e, .1, 500, .01, 1); // and again: the first limit counts, not the number who are in
  for (int i = 0; i < 50; i++) {
    shed_hearing_leave(&e.h);
  }
  go_on(&e, 20, 500, .01, .01);
  go_on(&e, .1, 500, .01, 1);
  assert_int_equal(shed_hearing_most(&e.h), 45); // nine tenths of the 50 who were in
  shed_hearing_end(&e.h);
}

static void
what_other_programs_take_is_not_there(void **state)
{
  shed_hearing h;
  (void)state;
  shed_hearing_begin(&h, 2);
  hear(&h, 600, 10);
  shed_hearing_others(&h, .5, 2);
  CHECK_NEAR(shed_hearing_most(&h), 105, 1);
  shed_hearing_others(&h, 2, 2); // half is ours whatever they do
  CHECK_NEAR(shed_hearing_most(&h), 70, 1);
  shed_hearing_others(&h, 0, 2);
  CHECK_NEAR(shed_hearing_most(&h), 140, 1);
  shed_hearing_end(&h);
}

static void
what_it_costs_here_is_found_out(void **state)
{
  shed_hearing h;
  (void)state;
  shed_hearing_begin(&h, 2);
  shed_hearing_try(&h);
  const double cost_ms = 1000.0 * (double)h.busy_ns / (double)h.sound_ns;
  print_message("a second of sound costs %.1f ms here\n", cost_ms);
  assert_true(cost_ms > .5 && cost_ms < 1000); // sanitizers, emulators
  assert_int_equal(h.sound_ns, 5 * SECOND_NS); // and what players cost soon outweighs it
  shed_hearing_end(&h);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(as_many_as_the_measured_cost_allows),
      cmocka_unit_test(one_too_many_is_refused_and_has_the_place_of_who_leaves),
      cmocka_unit_test(what_is_new_weighs_more_than_what_was_long_ago),
      cmocka_unit_test(nobody_is_let_in_while_the_ears_are_behind),
      cmocka_unit_test(few_late_pieces_of_many_are_enough),
      cmocka_unit_test(the_first_few_are_let_in_whatever_happens),
      cmocka_unit_test(three_late_pieces_of_one_player_say_nothing),
      cmocka_unit_test(so_many_are_let_in_again_step_by_step),
      cmocka_unit_test(what_other_programs_take_is_not_there),
      cmocka_unit_test(what_it_costs_here_is_found_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
