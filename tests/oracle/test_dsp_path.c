// The online path with its fixed lag against a search over everything so far: for each frame all paths from the first one
// on, in double, kept whole; what stands on the best one SHED_PATH_LAG frames back must be what is told.
#include "engine/dsp/path.h"

#include "engine/base/rng.h"
#include "tests/support/check.h"

#include <stdlib.h>

enum { FRAMES = 3000 };

typedef struct {
  int    n;
  double f_hz[SHED_CANDS_MAX], pitch[SHED_CANDS_MAX], odds;
} frame;

// The best cost of a path from the first frame to each end, and where it came from.
typedef struct {
  double cost[SHED_CANDS_MAX], voice[2];
  int    from[SHED_CANDS_MAX], voice_from[2];
} best_of;

typedef struct {
  shed_path_costs costs;
  frame           frames[FRAMES];
  best_of         best[FRAMES];
} whole;

static double
jump(const whole *w, double a_hz, double b_hz)
{
  double beyond = fabs(log2(a_hz / b_hz)) - (double)w->costs.free_octaves;
  return beyond > 0.0 ? fmin((double)w->costs.glide * beyond, (double)w->costs.new_note) : 0.0;
}

static void
extend_pitch(whole *w, int t)
{
  const frame *now = &w->frames[t];
  double       pv  = 1.0 / (1.0 + exp(-now->odds));
  for (int i = 0; i < now->n; i++) {
    best_of *b = &w->best[t];
    b->cost[i] = 0.0; // without a frame before, or without its candidates, a path begins
    b->from[i] = -1;
    for (int j = 0; t > 0 && j < w->frames[t - 1].n; j++) {
      double c = w->best[t - 1].cost[j] + jump(w, now->f_hz[i], w->frames[t - 1].f_hz[j]);
      if (b->from[i] < 0 || c < b->cost[i]) {
        b->cost[i] = c;
        b->from[i] = j;
      }
    }
    b->cost[i] -= log(pv * now->pitch[i] + (1.0 - pv) / now->n);
  }
}

static void
extend_voice(whole *w, int t)
{
  double odds      = w->frames[t].odds + (double)w->costs.voice_bias;
  double change[2] = {(double)w->costs.end, (double)w->costs.begin};
  for (int to = 0; to < 2; to++) {
    double stay               = t > 0 ? w->best[t - 1].voice[to] : 0.0;
    double move               = (t > 0 ? w->best[t - 1].voice[1 - to] : 0.0) + change[to];
    w->best[t].voice_from[to] = stay <= move ? to : 1 - to;
    w->best[t].voice[to]      = fmin(stay, move) + (to == 0 ? fmax(odds, 0.0) : fmax(-odds, 0.0));
  }
}

static int
cheapest(const whole *w, int t)
{
  int best = -1;
  for (int i = 0; i < w->frames[t].n; i++) {
    best = best < 0 || w->best[t].cost[i] < w->best[t].cost[best] ? i : best;
  }
  return best;
}

// The candidate of frame t - back on the best path that ends at t in candidate at; -1: it has none.
static int
on_the_path(const whole *w, int t, int at, int back)
{
  for (int b = 0; b < back; b++) {
    at = at >= 0 ? w->best[t - b].from[at] : -1;
    at = at >= 0 ? at : cheapest(w, t - b - 1);
  }
  return at;
}

static bool
voiced_on_the_path(const whole *w, int t, int back)
{
  int at = w->best[t].voice[1] < w->best[t].voice[0] ? 1 : 0;
  for (int b = 0; b < back; b++) {
    at = w->best[t - b].voice_from[at];
  }
  return at == 1;
}

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
margin_of(const whole *w, int t, int back, int chosen)
{
  double least = 20.0, base = w->frames[t].n > 0 ? w->best[t].cost[cheapest(w, t)] : 0.0;
  for (int i = 0; i < w->frames[t].n; i++) {
    int at = on_the_path(w, t, i, back);
    if (at >= 0 &&
        fabs(log2(w->frames[t - back].f_hz[at] / w->frames[t - back].f_hz[chosen])) > 50.0 / 1200.0) {
      least = fmin(least, w->best[t].cost[i] - base);
    }
  }
  return least;
}

static void
compare(const shed_path *p, const whole *w, int t, int back, tally *sum)
{
  shed_path_point got;
  float           evidence[SHED_PATH_EVIDENCE];
  int             i = on_the_path(w, t, cheapest(w, t), back);
  shed_path_describe(p, back, &got);
  sum->told++;
  bool same = got.f0_hz == (i >= 0 ? (float)w->frames[t - back].f_hz[i] : 0.0f);
  sum->other_pitch += !same;
  sum->other_voicing += got.voiced != (i >= 0 && voiced_on_the_path(w, t, back));
  assert_int_equal(shed_path_evidence(p, back, evidence), got.n > 0);
  if (same && i >= 0) {
    sum->margin = fmax(sum->margin, fabs((double)evidence[2] - margin_of(w, t, back, i)));
  }
}

static void
the_online_path_is_the_best_whole_path_cut_at_its_lag(void **state)
{
  (void)state;
  tally  sum = {.told = 0};
  whole *w   = malloc(sizeof(*w));
  assert_non_null(w);
  for (uint64_t seed = 91; seed < 96; seed++) {
    shed_path p      = {.costs = shed_path_costs_usual()};
    double    melody = 220.0, odds = 0.0;
    shed_rng  rng;
    shed_rng_seed(&rng, seed, 2);
    w->costs = p.costs;
    for (int t = 0; t < FRAMES; t++) {
      shed_cand_set s;
      shed_emission e;
      next_set(&rng, &melody, &s, &e);
      odds = 0.8 * odds + 1.5 * shed_rng_normal(&rng);
      shed_path_push(&p, &s, &e, (float)odds);
      w->frames[t] = (frame){.n = s.n, .odds = (double)(float)odds};
      for (int i = 0; i < s.n; i++) {
        w->frames[t].f_hz[i]  = (double)s.f_hz[i];
        w->frames[t].pitch[i] = (double)e.pitch[i];
      }
      extend_pitch(w, t);
      extend_voice(w, t);
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
      cmocka_unit_test(the_online_path_is_the_best_whole_path_cut_at_its_lag),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
