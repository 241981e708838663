#include "drills/deal.h"

#include "tests/support/check.h"

#include <stdbool.h>

// Three choices of 5, 7 and 3: 105 seeds in a row, from anywhere, meet all 105 sequences.
static void
a_deck_meets_every_item_once(void **state)
{
  static const uint64_t starts[] = {0, 1, 77, 1000003, (uint64_t)1 << 40, UINT64_MAX - 200};
  (void)state;
  for (size_t s = 0; s < sizeof(starts) / sizeof(starts[0]); s++) {
    bool seen[5][7][3] = {{{false}}};
    for (uint64_t i = 0; i < 105; i++) {
      shed_deal d = shed_deal_start(starts[s] + i, 9);
      uint32_t  a = shed_deal_next(&d, 5);
      uint32_t  b = shed_deal_next(&d, 7);
      uint32_t  c = shed_deal_next(&d, 3);
      assert_in_range(a, 0, 4);
      assert_in_range(b, 0, 6);
      assert_in_range(c, 0, 2);
      if (seen[a][b][c]) {
        fail_msg("seed %llu deals %u %u %u again", (unsigned long long)(starts[s] + i), a, b, c);
      }
      seen[a][b][c] = true;
    }
  }
}

static void
the_second_choice_is_not_stuck(void **state)
{
  int counts[7] = {0};
  (void)state;
  for (uint64_t i = 0; i < 700; i++) {
    shed_deal d = shed_deal_start(i, 9);
    (void)shed_deal_next(&d, 1000); // more than the seeds: the second digit of every seed is 0
    counts[shed_deal_next(&d, 7)]++;
  }
  for (int i = 0; i < 7; i++) {
    assert_in_range(counts[i], 60, 140);
  }
}

static void
one_thing_is_always_chosen(void **state)
{
  (void)state;
  for (uint64_t i = 0; i < 10; i++) {
    shed_deal d = shed_deal_start(i, 1);
    assert_int_equal(shed_deal_next(&d, 1), 0);
    assert_in_range(shed_deal_next(&d, 2), 0, 1);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_deck_meets_every_item_once),
      cmocka_unit_test(the_second_choice_is_not_stuck),
      cmocka_unit_test(one_thing_is_always_chosen),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
