// The search of a path: where it looks and what it holds.
#include "assessors/align_ahead.h"
#include "assessors/align_lanes.h"

#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"
#include "tests/support/synth_take.h"

enum { LANES_TRIED = 2000, COARSE = 4 };

static void
four_lanes_at_a_time_are_one_after_the_other(void **state)
{
  shed_rng rng;
  (void)state;
  shed_rng_seed(&rng, 5, 1);
  for (int i = 0; i < LANES_TRIED; i++) {
    float lanes[SHED_LANES], from[SHED_LANES];
    for (int k = 0; k < SHED_LANES; k++) {
      lanes[k] = (float)(300 * shed_rng_normal(&rng));
      from[k]  = shed_rng_unit(&rng) < .3 ? 1e30F : (float)(300 * shed_rng_normal(&rng));
    }
    for (int k = 0; k <= SHED_LANES; k++) {
      const int n = SHED_LANES - i % 5;
      assert_int_equal(shed_lanes_above(lanes, from, 3, 150, k, n),
                       shed_lanes_above_plain(lanes, from, 3, 150, k, n));
    }
    const float plain = shed_lanes_most_plain(lanes, from), fast = shed_lanes_most(lanes, from);
    assert_memory_equal(&plain, &fast, sizeof(plain));
  }
}

// An event ahead is left out only where the cost itself would say no; and both ways of asking leave out the same.
static void
what_is_left_out_ahead_would_cost_too_much(void **state)
{
  shed_rng rng;
  int      left_out = 0, of_use = 0;
  (void)state;
  shed_rng_seed(&rng, 6, 1);
  for (int i = 0; i < LANES_TRIED; i++) {
    float                ahead_s[SHED_AHEAD_ROOM], need[SHED_AHEAD_ROOM], at_s = 0;
    const bool           sounds   = shed_rng_below(&rng, 2) == 0;
    const double         interval = 4 * shed_rng_unit(&rng), grown = shed_rng_below(&rng, 2) ? 3e4 : 50;
    const shed_ahead_way way = {.value      = (float)(grown + shed_rng_normal(&rng)),
                                .interval_s = (float)interval,
                                .period     = (float)(.5 + shed_rng_unit(&rng)),
                                .late_most  = sounds ? SHED_TIMING_HELD_MOST : SHED_TIMING_LATE_MOST};
    for (int k = 0; k < SHED_AHEAD_ROOM; k++) {
      at_s += (float)(.8 * shed_rng_unit(&rng));
      ahead_s[k] = at_s;
      need[k]    = shed_rng_unit(&rng) < .2 ? 1e30F : (float)(grown - 15 * shed_rng_unit(&rng));
    }
    const shed_ahead_least least = shed_ahead_least_of(need), plain = shed_ahead_least_plain(need);
    assert_true(least.near == plain.near && least.far == plain.far);
    const unsigned may = shed_ahead_may(ahead_s, need, least.far, &way);
    assert_int_equal(may, shed_ahead_may_plain(ahead_s, need, &way));
    for (int k = 0; k < SHED_AHEAD_ROOM; k++) {
      const double expected = (double)ahead_s[k] * (double)way.period;
      const float  timing   = shed_cost_timing(interval, expected, sounds);
      const bool   early    = interval < expected && timing >= SHED_TIMING_EARLY_MOST;
      const bool   use      = !early && way.value - timing > need[k];
      if (use && !(may >> k & 1)) {
        fail_msg("%g s after %g s, worth %g, needed %g: left out", interval, expected, (double)way.value,
                 (double)need[k]);
      }
      of_use += use ? 1 : 0;
      left_out += may >> k & 1 ? 0 : 1;
    }
  }
  assert_true(of_use >= LANES_TRIED / 4);
  assert_true(left_out >= 4 * LANES_TRIED);
}

typedef struct {
  shed_prompt       prompt;
  shed_align_target target;
  shed_take         take;
  shed_evidence     coarse, fine;
} played;

// The tune without a fault; or with three notes left out, so that a path has to leap.
static played
play(bool leaves_out)
{
  played      p;
  synth_note  notes[32];
  shed_levels lv;
  size_t      n = 0;
  p.prompt      = synth_prompt(SYNTH_TUNE);
  synth_play(&p.prompt, .5, 1.05, notes);
  for (size_t i = 0; i < p.prompt.line.n_notes; i++) {
    if (!leaves_out || i < 7 || i > 9) {
      notes[n++] = notes[i];
    }
  }
  p.take = synth_take(notes, n, &SYNTH_PLAIN);
  lv     = shed_levels_of(&p.take, 0, p.take.n_frames, false);
  CHECK_OK(shed_align_target_new(&p.prompt, NULL, &p.target, NULL));
  shed_align_target_shift(&p.target, 0);
  CHECK_OK(shed_evidence_new(&p.take, 0, p.take.n_frames, COARSE, NULL, 0, &lv, NULL, &p.coarse));
  CHECK_OK(shed_evidence_new(&p.take, 0, p.take.n_frames, 1, NULL, 0, &lv, NULL, &p.fine));
  return p;
}

static void
played_free(played *p)
{
  shed_evidence_free(&p->coarse);
  shed_evidence_free(&p->fine);
  shed_align_target_free(&p->target);
  shed_take_free(&p->take);
  shed_prompt_free(&p->prompt);
}

static shed_path
find(const played *p, const shed_evidence *e, const shed_corridor *within, shed_corridor *held)
{
  const shed_path_opts o    = {.period = 1, .beam = 240, .extras = true, .within = within, .held = held};
  shed_path            path = {.n = 0};
  CHECK_OK(shed_path_find(&p->target, e, &o, NULL, &path));
  return path;
}

static void
check_same_path(const shed_path *a, const shed_path *b)
{
  assert_int_equal(a->n, b->n);
  for (size_t i = 0; i < a->n && i < b->n; i++) {
    assert_int_equal(a->segments[i].event, b->segments[i].event);
    assert_int_equal(a->segments[i].start, b->segments[i].start);
    assert_int_equal(a->segments[i].end, b->segments[i].end);
    assert_int_equal(a->segments[i].lane, b->segments[i].lane);
  }
  assert_memory_equal(&a->value, &b->value, sizeof(a->value));
}

static void
a_search_in_a_corridor_finds_what_one_everywhere_finds(void **state)
{
  (void)state;
  for (int leaves_out = 0; leaves_out < 2; leaves_out++) {
    played        p      = play(leaves_out);
    shed_corridor held   = {.n = 0};
    shed_path     coarse = find(&p, &p.coarse, NULL, &held);
    shed_path     all    = find(&p, &p.fine, NULL, NULL);
    shed_path     within = find(&p, &p.fine, &held, NULL);
    assert_int_equal(coarse.n, all.n);
    check_same_path(&all, &within);
    shed_path_free(&coarse);
    shed_path_free(&all);
    shed_path_free(&within);
    shed_corridor_free(&held);
    played_free(&p);
  }
}

// The control: where nothing was held and no attack stands, no note is begun; opened, it is.
static void
outside_of_the_corridor_nothing_begins_but_at_attacks(void **state)
{
  played        p      = play(false);
  shed_corridor held   = {.n = 0};
  shed_path     coarse = find(&p, &p.coarse, NULL, &held);
  (void)state;
  memset(held.from, 0, ((size_t)held.n + 2) * sizeof(*held.from));
  for (int t = 0; t < p.fine.n; t++) {
    p.fine.attack[t] = .4F;
  }
  shed_path none = find(&p, &p.fine, &held, NULL);
  assert_int_equal(none.n, 0);
  shed_corridor_open(&held, -5, held.n + 5);
  shed_path opened = find(&p, &p.fine, &held, NULL), all = find(&p, &p.fine, NULL, NULL);
  assert_true(opened.n > 0);
  check_same_path(&all, &opened);
  shed_path_free(&coarse);
  shed_path_free(&none);
  shed_path_free(&opened);
  shed_path_free(&all);
  shed_corridor_free(&held);
  played_free(&p);
}

static void
what_is_held_is_where_the_notes_are(void **state)
{
  played        p      = play(false);
  shed_corridor held   = {.n = 0};
  shed_path     coarse = find(&p, &p.coarse, NULL, &held);
  (void)state;
  assert_int_equal(held.step, COARSE);
  assert_int_equal(held.n, p.coarse.n);
  for (size_t i = 0; i < coarse.n; i++) {
    const shed_segment *s   = &coarse.segments[i];
    bool                has = false;
    for (int k = held.from[s->start]; k < held.from[s->start + 1]; k++) {
      has = has || held.places[k].what == 2 * s->event;
    }
    if (!has) {
      fail_msg("note %d at cell %d is not held", s->event, s->start);
    }
  }
  CHECK_LT(held.from[held.n], 2 * held.n); // few: else a corridor is no use
  shed_path_free(&coarse);
  shed_corridor_free(&held);
  played_free(&p);
}

// Asked for no more than the path is worth the search finds it to the last bit; asked for far more, with the music where it is played or
// a fourth away, it gives up, and what it says that no path is above is true.
static void
what_cannot_be_worth_enough_is_given_up_and_nothing_else(void **state)
{
  (void)state;
  for (int shift = 0; shift <= 5; shift += 5) {
    played p = play(false);
    shed_align_target_shift(&p.target, shift);
    shed_path whole = find(&p, &p.coarse, NULL, NULL), got;
    for (int over = -1; over < 2; over++) {
      const float          least = whole.value + (over < 0 ? 0 : over == 0 ? 2 : 400);
      const shed_path_opts o     = {.period = 1, .beam = 240, .extras = true, .least = &least};
      CHECK_OK(shed_path_find(&p.target, &p.coarse, &o, NULL, &got));
      assert_true(over != -1 || !got.given_up);
      assert_true(over != 1 || got.given_up);
      if (got.given_up) {
        CHECK_LT(whole.value - 1e-3F, got.value);
        CHECK_LT(got.value, least);
        assert_int_equal(got.n, 0);
      } else {
        check_same_path(&whole, &got);
      }
      shed_path_free(&got);
    }
    shed_path_free(&whole);
    played_free(&p);
  }
}

static void
no_memory_is_told(void **state)
{
  played p = play(true);
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_corridor        held = {.n = 0};
    shed_path            path = {.n = 0};
    const float          any  = -1;
    const shed_path_opts o    = {.period = 1, .beam = 20, .extras = true, .least = &any, .held = &held};
    shed_status          st   = shed_path_find(&p.target, &p.coarse, &o, &a.alloc, &path);
    if (st == SHED_OK) {
      shed_path_free(&path);
      shed_corridor_free(&held);
    }
    sweep_status = st;
  });
  played_free(&p);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(four_lanes_at_a_time_are_one_after_the_other),
      cmocka_unit_test(what_is_left_out_ahead_would_cost_too_much),
      cmocka_unit_test(a_search_in_a_corridor_finds_what_one_everywhere_finds),
      cmocka_unit_test(outside_of_the_corridor_nothing_begins_but_at_attacks),
      cmocka_unit_test(what_is_held_is_where_the_notes_are),
      cmocka_unit_test(what_cannot_be_worth_enough_is_given_up_and_nothing_else),
      cmocka_unit_test(no_memory_is_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
