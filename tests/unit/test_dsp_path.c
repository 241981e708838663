#include "engine/dsp/path.h"
#include "tests/support/check.h"

// A frame of two candidates, the first with the given share.
static void
push(shed_path *p, float a_hz, float b_hz, float share_a, float odds)
{
  shed_cand_set s = {.n = 2, .f_hz = {a_hz, b_hz}, .periodicity = {0.9f, 0.8f}};
  shed_emission e = {.pitch = {share_a, 1.0f - share_a}, .best = share_a >= 0.5f ? 0 : 1};
  shed_path_push(p, &s, &e, odds);
}

static void
one_doubtful_frame_does_not_turn_the_path(void **state)
{
  (void)state;
  shed_path       p = {.costs = shed_path_costs_usual()};
  shed_path_point point;
  for (int f = 0; f < 20; f++) {
    push(&p, 220.0f, 440.0f, f == 10 ? 0.2f : 0.95f, 5.0f);
    if (f >= SHED_PATH_LAG) {
      shed_path_describe(&p, SHED_PATH_LAG, &point);
      CHECK_NEAR((double)point.f0_hz, 220.0, 1e-3);
      assert_true(point.voiced);
      assert_int_equal(point.n, 2);
    }
  }
}

static void
a_new_note_is_followed_at_once(void **state)
{
  (void)state;
  shed_path       p = {.costs = shed_path_costs_usual()};
  shed_path_point point;
  for (int f = 0; f < 20; f++) {
    float hz = f < 10 ? 220.0f : 294.0f;
    push(&p, hz, 2.0f * hz, 0.99f, 5.0f);
    if (f >= SHED_PATH_LAG) {
      shed_path_describe(&p, SHED_PATH_LAG, &point);
      CHECK_NEAR((double)point.f0_hz, f - SHED_PATH_LAG < 10 ? 220.0 : 294.0, 1e-3);
    }
  }
}

static void
no_pitch_is_told_and_a_short_gap_bridged(void **state)
{
  (void)state;
  shed_path       p = {.costs = shed_path_costs_usual()};
  shed_path_point point;
  for (int f = 0; f < 60; f++) {
    push(&p, 220.0f, 440.0f, 0.9f, f == 30 ? -1.0f : f < 20 ? -4.0f : 4.0f);
    if (f >= SHED_PATH_LAG) {
      shed_path_describe(&p, SHED_PATH_LAG, &point);
      assert_int_equal(point.voiced, f - SHED_PATH_LAG >= 20);
    }
  }
}

static void
a_frame_without_candidate_is_no_pitch_and_breaks_nothing(void **state)
{
  (void)state;
  shed_path       p     = {.costs = shed_path_costs_usual()};
  shed_cand_set   empty = {.n = 0};
  shed_emission   none  = {.best = -1};
  shed_path_point point;
  float           x[SHED_PATH_EVIDENCE];
  for (int f = 0; f < 12; f++) {
    if (f % 4 == 3) {
      shed_path_push(&p, &empty, &none, -5.0f);
    } else {
      push(&p, 220.0f, 440.0f, 0.9f, 5.0f);
    }
    for (int back = 0; back <= SHED_PATH_LAG && back <= f; back++) {
      bool is = (f - back) % 4 != 3;
      shed_path_describe(&p, back, &point);
      assert_int_equal(point.n > 0, is);
      assert_int_equal(shed_path_evidence(&p, back, x), is);
    }
  }
}

// For some frames noise gives other candidates, each time others: the pitch goes on, less sure. Another that lasts is
// followed.
static void
a_pitch_goes_on_where_no_candidate_shows_it(void **state)
{
  (void)state;
  static const float noise_hz[] = {311.0f, 600.0f, 350.0f};
  shed_path          p          = {.costs = shed_path_costs_usual()};
  shed_path_point    point;
  double             sure = 0.0;
  for (int f = 0; f < 40; f++) {
    float hz = f >= 10 && f < 13 ? noise_hz[f - 10] : f < 30 ? 220.0f : 294.0f;
    push(&p, hz, 1.5f * hz, f >= 10 && f < 13 ? 0.5f : 0.95f, 5.0f);
    shed_path_describe(&p, 0, &point); // at once only what is there
    CHECK_NEAR((double)(point.f0_hz < 1.2f * hz ? point.f0_hz : point.f0_hz / 1.5f), (double)hz, 1e-3);
    int settled = f - SHED_PATH_LAG;
    if (settled >= 0) {
      shed_path_describe(&p, SHED_PATH_LAG, &point);
      CHECK_NEAR((double)point.f0_hz, settled < 30 ? 220.0 : 294.0, 1e-3);
      sure = settled == 5 ? (double)point.confidence : sure;
      assert_true(point.n == 3 || settled < 10 || settled >= 13);
    }
    if (settled == 11) {
      CHECK_LT((double)point.confidence, sure);
    }
  }
}

static void
confidence_falls_with_the_share(void **state)
{
  (void)state;
  double last = 2.0;
  for (float share = 0.99f; share > 0.55f; share -= 0.1f) {
    shed_path       p = {.costs = shed_path_costs_usual()};
    shed_path_point point;
    for (int f = 0; f < 6; f++) {
      push(&p, 220.0f, 440.0f, share, 5.0f);
    }
    shed_path_describe(&p, SHED_PATH_LAG, &point);
    assert_true((double)point.confidence <= last);
    assert_in_range((int)(1000.0f * point.confidence), 0, 1000);
    last = (double)point.confidence;
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_doubtful_frame_does_not_turn_the_path),
      cmocka_unit_test(a_new_note_is_followed_at_once),
      cmocka_unit_test(no_pitch_is_told_and_a_short_gap_bridged),
      cmocka_unit_test(a_frame_without_candidate_is_no_pitch_and_breaks_nothing),
      cmocka_unit_test(a_pitch_goes_on_where_no_candidate_shows_it),
      cmocka_unit_test(confidence_falls_with_the_share),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
