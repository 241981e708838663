// Who makes room when the server is full.
#include "app/serve/crowd.h"

#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

#define SECOND_NS INT64_C(1000000000)

enum { MOST = 6 };

static char people[2 * MOST]; // an address each

static shed_crowd *
full(void)
{
  shed_crowd *c = NULL;
  void       *leaves;
  CHECK_STATUS(shed_crowd_new(&c, MOST, NULL), SHED_OK);
  // four from one address, two from others; each a second after the one before
  static const char *const from[MOST] = {"ada", "mob", "mob", "ben", "mob", "mob"};
  for (size_t i = 0; i < MOST; i++) {
    assert_true(shed_crowd_room(c, 0, &leaves));
    assert_null(leaves);
    assert_true(shed_crowd_add(c, &people[i], from[i], (int64_t)i * SECOND_NS));
  }
  assert_int_equal(shed_crowd_count(c), MOST);
  assert_false(shed_crowd_add(c, &people[MOST], "eve", 0));
  return c;
}

static void
the_oldest_of_the_address_that_holds_most_goes_first(void **state)
{
  void       *leaves = NULL;
  shed_crowd *c      = full();
  (void)state;
  assert_true(shed_crowd_room(c, 9 * SECOND_NS, &leaves));
  assert_ptr_equal(leaves, &people[1]); // not ada, who came first
  shed_crowd_remove(c, leaves);
  assert_true(shed_crowd_add(c, &people[MOST], "eve", 9 * SECOND_NS));
  assert_true(shed_crowd_room(c, 9 * SECOND_NS, &leaves));
  assert_ptr_equal(leaves, &people[2]);
  shed_crowd_remove(c, leaves);
  shed_crowd_remove(c, leaves); // is gone: nothing
  assert_int_equal(shed_crowd_count(c), MOST - 1);
  shed_crowd_free(c);
  shed_crowd_free(NULL);
}

static void
who_works_or_plays_stays(void **state)
{
  void       *leaves = NULL;
  shed_crowd *c      = full();
  (void)state;
  for (size_t i = 0; i < MOST; i++) {
    shed_crowd_does(c, &people[i], i % 2 ? SHED_CROWD_WORKS : SHED_CROWD_PLAYS, 10 * SECOND_NS);
  }
  assert_false(shed_crowd_room(c, 99 * SECOND_NS, &leaves)); // nobody makes room
  assert_null(leaves);
  shed_crowd_does(c, &people[4], SHED_CROWD_READS, 100 * SECOND_NS);
  assert_false(shed_crowd_room(c, 104 * SECOND_NS, &leaves)); // may read for five seconds
  assert_true(shed_crowd_room(c, 106 * SECOND_NS, &leaves));
  assert_ptr_equal(leaves, &people[4]);
  shed_crowd_does(c, &people[0], SHED_CROWD_WAITS, 106 * SECOND_NS);
  assert_true(shed_crowd_room(c, 106 * SECOND_NS, &leaves));
  assert_ptr_equal(leaves, &people[0]); // who waits goes before who reads
  shed_crowd_does(c, "stranger", SHED_CROWD_WAITS, 0);
  shed_crowd_free(c);
}

static void
every_failed_allocation_is_survived(void **state)
{
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_crowd *c = NULL;
    sweep_status  = shed_crowd_new(&c, MOST, &a.alloc);
    shed_crowd_free(c);
  });
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_oldest_of_the_address_that_holds_most_goes_first),
      cmocka_unit_test(who_works_or_plays_stays),
      cmocka_unit_test(every_failed_allocation_is_survived),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
