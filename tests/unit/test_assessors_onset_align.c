#include "assessors/onset_align.h"
#include "engine/base/rng.h"

#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

#include <math.h>

enum { MOST = 64, TRIALS = 400 };

// A rhythm and a take of it, with what really happened to each stroke.
typedef struct {
  shed_asked  asked[MOST];
  size_t      n;
  shed_stroke strokes[2 * MOST];
  size_t      m;
  int         truth[MOST]; // stroke of each moment, -1 left out
  size_t      extras;
} trial;

static const shed_align_given nothing_given = {.offset_s = (double)NAN};

static void
make(trial *t, uint64_t seed)
{
  static const double lengths[] = {0.25, 0.5, 0.5, 0.75, 1, 1, 1.5, 2};
  shed_rng            rng;
  shed_rng_seed(&rng, seed, 5);
  *t           = (trial){.n = (size_t)shed_rng_between(&rng, 8, 24)};
  double at    = 0;
  double scale = 0.6 + 0.9 * shed_rng_unit(&rng);
  double start = 3 * shed_rng_unit(&rng);
  for (size_t i = 0; i < t->n; i++) {
    double length = 0.6 * lengths[shed_rng_below(&rng, (uint32_t)SHED_COUNTOF(lengths))];
    t->asked[i]   = (shed_asked){.at_s = at, .length_s = length, .start = i % 4 == 0};
    at += length;
  }
  for (size_t i = 0; i < t->n; i++) {
    t->truth[i] = -1;
    // the first and the last stand, and no two in a row are left out
    bool kept = i == 0 || i + 1 == t->n || t->truth[i - 1] < 0 || shed_rng_unit(&rng) > 0.06;
    if (kept) {
      t->truth[i]        = (int)t->m;
      t->strokes[t->m++] = (shed_stroke){start + scale * t->asked[i].at_s + 0.012 * shed_rng_normal(&rng), 1};
      double gap         = scale * t->asked[i].length_s;
      bool   room_for_extra = gap > 0.4 && i + 1 < t->n;
      if (room_for_extra && shed_rng_unit(&rng) < 0.06) {
        t->strokes[t->m] = (shed_stroke){t->strokes[t->m - 1].at_s + 0.4 * gap, 1};
        t->m++;
        t->extras++;
      }
    }
  }
}

static void
finds_what_happened_in_random_rhythms(void **state)
{
  size_t pairs = 0, right = 0, wrong = 0, extras = 0, found = 0;
  (void)state;
  for (uint64_t seed = 0; seed < TRIALS; seed++) {
    trial                t;
    shed_onset_alignment a;
    make(&t, seed);
    CHECK_OK(shed_onset_align(t.asked, t.n, t.strokes, t.m, nothing_given, NULL, &a));
    for (size_t i = 0; i < t.n; i++) {
      pairs += t.truth[i] >= 0;
      right += t.truth[i] >= 0 && a.stroke_of[i] == t.truth[i];
      wrong += a.stroke_of[i] >= 0 && a.stroke_of[i] != t.truth[i];
    }
    extras += t.extras;
    for (size_t k = 0; k < t.m; k++) {
      found += a.use[k] == SHED_STROKE_EXTRA;
    }
    shed_onset_alignment_free(&a, NULL);
  }
  double recall    = (double)right / (double)pairs;
  double precision = (double)right / (double)(right + wrong);
  print_message("%zu pairs: recall %.4f, precision %.4f; %zu extra strokes, %zu told\n", pairs, recall,
                precision, extras, found);
  CHECK_LT(0.985, recall);
  CHECK_LT(0.985, precision);
  CHECK_NEAR((double)found, (double)extras, 0.25 * (double)extras);
}

static void
the_way_through_is_in_order(void **state)
{
  (void)state;
  for (uint64_t seed = 0; seed < TRIALS; seed++) {
    trial                t;
    shed_onset_alignment a;
    int                  last = -1;
    make(&t, seed + 10000);
    // strokes that have nothing to do with the rhythm: no crash, no disorder
    shed_rng rng;
    double   at = 0;
    shed_rng_seed(&rng, seed, 9);
    for (size_t k = 0; k < t.m; k++) {
      at += 0.02 + shed_rng_unit(&rng);
      t.strokes[k] = (shed_stroke){at, shed_rng_unit(&rng)};
    }
    CHECK_OK(shed_onset_align(t.asked, t.n, t.strokes, t.m, nothing_given, NULL, &a));
    int matched = 0;
    for (size_t i = 0; i < t.n; i++) {
      assert_true(isfinite(a.expected_s[i]));
      if (a.stroke_of[i] >= 0) {
        assert_true(a.stroke_of[i] > last);
        assert_int_equal(a.use[a.stroke_of[i]], SHED_STROKE_MATCHED);
        CHECK_NEAR(t.strokes[a.stroke_of[i]].at_s - a.expected_s[i], a.error_s[i], 1e-9);
        last = a.stroke_of[i];
        matched++;
      }
    }
    assert_int_equal(matched, a.matched);
    assert_true(a.scale > 0);
    shed_onset_alignment_free(&a, NULL);
  }
}

static void
odd_sizes_are_answered(void **state)
{
  shed_onset_alignment a;
  shed_asked           one      = {.at_s = 0, .length_s = 1, .start = true};
  shed_stroke          stroke   = {1, 1};
  shed_asked           same[3]  = {{.at_s = 0}, {.at_s = 0}, {.at_s = 0}};
  shed_stroke          three[3] = {{1, 1}, {1.5, 1}, {2, 1}};
  (void)state;
  CHECK_STATUS(shed_onset_align(&one, 0, &stroke, 1, nothing_given, NULL, &a), SHED_E_RANGE);
  CHECK_STATUS(shed_onset_align(&one, 1, &stroke, 0, nothing_given, NULL, &a), SHED_E_RANGE);
  CHECK_STATUS(shed_onset_align(&one, 3000, &stroke, 3000, nothing_given, NULL, &a), SHED_E_LIMIT);
  CHECK_OK(shed_onset_align(&one, 1, &stroke, 1, nothing_given, NULL, &a));
  assert_int_equal(a.stroke_of[0], 0);
  shed_onset_alignment_free(&a, NULL);
  CHECK_OK(shed_onset_align(same, 3, three, 3, nothing_given, NULL, &a));
  shed_onset_alignment_free(&a, NULL);
}

static void
running_out_of_memory_leaves_nothing(void **state)
{
  trial t;
  (void)state;
  make(&t, 1);
  SWEEP_ALLOCATIONS(f, {
    shed_onset_alignment a = {0};
    sweep_status           = shed_onset_align(t.asked, t.n, t.strokes, t.m, nothing_given, &f.alloc, &a);
    shed_onset_alignment_free(&a, &f.alloc);
  });
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(finds_what_happened_in_random_rhythms),
      cmocka_unit_test(the_way_through_is_in_order),
      cmocka_unit_test(odd_sizes_are_answered),
      cmocka_unit_test(running_out_of_memory_leaves_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
