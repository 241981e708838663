// The online path with its fixed lag against a search over everything so far: for each frame all paths from the first one
// on, in double, kept whole; what stands on the best one SHED_PATH_LAG frames back must be what is told.
#include "engine/dsp/path.h"

#include "engine/base/rng.h"
#include "tests/support/check.h"
#include "tests/support/slow_path.h"

#include <stdlib.h>

// Candidates about a melody that wavers, jumps and goes an octave astray; now and then none.
static void
next_set(shed_rng *rng, double *melody_hz, shed_cand_set *s, shed_emission *e)
{
  double sum = 0.0;
  memset(s, 0, sizeof(*s));
  memset(e, 0, sizeof(*e));
  *melody_hz = shed_rng_below(rng, 40) == 0 ? 40.0 * exp2(6.0 * shed_rng_unit(rng))
                                            : *melody_hz * exp2(0.02 * shed_rng_normal(rng));
  *melody_hz = fmin(fmax(*melody_hz, 30.0), 4000.0);
  s->n       = shed_rng_below(rng, 25) == 0 ? 0 : shed_rng_between(rng, 1, SHED_CANDS_MAX);
  for (int i = 0; i < s->n; i++) {
    static const double ratios[] = {1.0, 2.0, 0.5, 3.0, 1.5};
    double near = i < (int)SHED_COUNTOF(ratios) ? ratios[i] : exp2(4.0 * shed_rng_unit(rng) - 2.0);
    s->f_hz[i]  = (float)fmin(fmax(*melody_hz * near * exp2(0.005 * shed_rng_normal(rng)), 26.0), 4800.0);
    s->periodicity[i] = (float)shed_rng_unit(rng);
    e->pitch[i]       = (float)(exp(2.0 * shed_rng_normal(rng)) * (i == 0 ? 4.0 : 1.0));
    sum += (double)e->pitch[i];
  }
  e->best = s->n > 0 ? 0 : -1;
  for (int i = 0; i < s->n; i++) {
    e->pitch[i] = (float)((double)e->pitch[i] / sum);
    e->best     = e->pitch[i] > e->pitch[e->best] ? i : e->best;
  }
}

typedef struct {
  long   told, other_pitch, other_voicing;
  double margin;
} tally;

// The margin: what the best path that has another pitch there costs more, at most 20.
static double
margin_of(const slow_path *w, int t, int back, int chosen)
{
  double least = 20.0, base = w->frames[t].n > 0 ? w->best[t].cost[slow_path_cheapest(w, t)] : 0.0;
  for (int i = 0; i < w->frames[t].n; i++) {
    int at = slow_path_trace(w, t, i, back);
    if (at >= 0 &&
        fabs(log2(w->frames[t - back].f_hz[at] / w->frames[t - back].f_hz[chosen])) > 50.0 / 1200.0) {
      least = fmin(least, w->best[t].cost[i] - base);
    }
  }
  return least;
}

static void
compare(const shed_path *p, const slow_path *w, int t, int back, tally *sum)
{
  shed_path_point got;
  float           evidence[SHED_PATH_EVIDENCE];
  int             i = slow_path_told(w, t, back);
  shed_path_describe(p, back, &got);
  sum->told++;
  bool same = got.f0_hz == (i >= 0 ? (float)w->frames[t - back].f_hz[i] : 0.0f);
  sum->other_pitch += !same;
  sum->other_voicing += got.voiced != (i >= 0 && slow_path_voiced(w, t, back));
  assert_int_equal(shed_path_evidence(p, back, evidence), got.n > 0);
  if (same && i >= 0) {
    sum->margin = fmax(sum->margin, fabs((double)evidence[2] - margin_of(w, t, back, i)));
  }
}

static void
the_online_path_is_the_best_slow_path_path_cut_at_its_lag(void **state)
{
  (void)state;
  tally      sum = {.told = 0};
  slow_path *w   = malloc(sizeof(*w));
  assert_non_null(w);
  for (uint64_t seed = 91; seed < 96; seed++) {
    shed_path p      = {.costs = shed_path_costs_usual()};
    double    melody = 220.0, odds = 0.0;
    shed_rng  rng;
    shed_rng_seed(&rng, seed, 2);
    w->costs = p.costs;
    for (int t = 0; t < SLOW_PATH_FRAMES; t++) {
      shed_cand_set s;
      shed_emission e;
      next_set(&rng, &melody, &s, &e);
      odds = 0.8 * odds + 1.5 * shed_rng_normal(&rng);
      shed_path_push(&p, &s, &e, (float)odds);
      slow_path_push(w, t, &s, &e, (float)odds);
      for (int back = 0; back <= SHED_PATH_LAG && back <= t; back++) {
        compare(&p, w, t, back, &sum);
      }
    }
  }
  print_message("%ld told: %ld other pitches, %ld other voicings, margins to %.1e nats\n", sum.told,
                sum.other_pitch, sum.other_voicing, sum.margin);
  // costs of single precision may turn a tie
  assert_true(sum.other_pitch * 5000 <= sum.told);
  assert_true(sum.other_voicing * 5000 <= sum.told);
  CHECK_LT(sum.margin, 1e-3);
  free(w);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_online_path_is_the_best_slow_path_path_cut_at_its_lag),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
