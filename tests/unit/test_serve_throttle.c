#include "app/serve/throttle.h"

#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

#include <stdio.h>

#define SECOND_NS INT64_C(1000000000)

typedef struct {
  shed_hand_clock hand;
  shed_clock      clock;
  shed_throttle  *t;
} fixture;

static void
begin(fixture *f)
{
  f->hand  = (shed_hand_clock){.mono_ns = 1000 * SECOND_NS};
  f->clock = shed_clock_by_hand(&f->hand);
  CHECK_STATUS(shed_throttle_new(&f->t, &f->clock, NULL), SHED_OK);
}

static void
wrong_passwords_of_one_name_wait_longer_and_longer(void **state)
{
  static const int waits[] = {1, 2, 4, 8, 16, 32, 60, 60};
  fixture          f;
  (void)state;
  begin(&f);
  for (int i = 0; i < 5; i++) {
    assert_int_equal(shed_throttle_wait_s(f.t, i % 2 ? "Ada" : "ada", "10.0.0.1"), 0);
  }
  for (size_t i = 0; i < SHED_COUNTOF(waits); i++) {
    assert_int_equal(shed_throttle_wait_s(f.t, "ada", "10.0.0.2"), waits[i]); // from anywhere
    f.hand.mono_ns += waits[i] * SECOND_NS;
    assert_int_equal(shed_throttle_wait_s(f.t, "ada", "10.0.0.2"), 0);
  }
  assert_int_equal(shed_throttle_wait_s(f.t, "ben", "10.0.0.3"), 0); // others do not wait
  f.hand.mono_ns += 60 * SECOND_NS;
  assert_int_equal(shed_throttle_wait_s(f.t, "ada", "10.0.0.2"), 0);
  shed_throttle_right(f.t, "ada", "10.0.0.2");
  for (int i = 0; i < 5; i++) {
    assert_int_equal(shed_throttle_wait_s(f.t, "ada", "10.0.0.9"), 0);
  }
  shed_throttle_free(f.t);
}

static void
one_address_that_tries_many_names_waits_and_a_class_does_not(void **state)
{
  fixture f;
  char    name[32];
  int     refused = 0;
  (void)state;
  begin(&f);
  for (int i = 0; i < 40; i++) {
    (void)snprintf(name, sizeof(name), "student%d", i);
    assert_int_equal(shed_throttle_wait_s(f.t, name, "10.0.0.1"), 0);
    shed_throttle_right(f.t, name, "10.0.0.1"); // a class behind one address
  }
  for (int i = 0; i < 40; i++) {
    (void)snprintf(name, sizeof(name), "guess%d", i);
    refused += shed_throttle_wait_s(f.t, name, "10.0.0.1") > 0;
  }
  CHECK_NEAR(refused, 20, 1);
  shed_throttle_free(f.t);
}

static void
a_full_table_forgets_the_oldest_alone(void **state)
{
  fixture f;
  char    name[32];
  (void)state;
  begin(&f);
  for (int i = 0; i < 2000; i++) {
    f.hand.mono_ns += SECOND_NS / 1000;
    (void)snprintf(name, sizeof(name), "%d", i);
    (void)shed_throttle_wait_s(f.t, name, name);
  }
  for (int i = 0; i < 5; i++) {
    assert_int_equal(shed_throttle_wait_s(f.t, "ada", "a"), 0);
  }
  assert_int_equal(shed_throttle_wait_s(f.t, "ada", "b"), 1);
  shed_throttle_free(f.t);
}

static void
allocations_that_fail(void **state)
{
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_throttle *t = NULL;
    sweep_status     = shed_throttle_new(&t, shed_clock_system(), &a.alloc);
    shed_throttle_free(t);
  });
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(wrong_passwords_of_one_name_wait_longer_and_longer),
      cmocka_unit_test(one_address_that_tries_many_names_waits_and_a_class_does_not),
      cmocka_unit_test(a_full_table_forgets_the_oldest_alone),
      cmocka_unit_test(allocations_that_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
