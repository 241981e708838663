// The online path with its fixed lag against a search over the whole sound so far: for each frame all paths from the
// first one on, in double, kept whole; what stands on the best one SHED_TRACKER_LAG frames back must be what was settled.
#include "engine/dsp/tracker.h"

#include "engine/base/rng.h"
#include "engine/dsp/emission.h"
#include "engine/dsp/refine.h"
#include "engine/dsp/voicing.h"
#include "tests/support/check.h"
#include "tests/support/ear_sound.h"

#include <stdlib.h>

enum { RATE_HZ = 44100, HOP = 441, SECONDS = 15, FRAMES = SECONDS * 100 - 10 };
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
  shed_net        choice, voice;
  shed_voicing    voicing;
  frame           frames[FRAMES];
  best_of         best[FRAMES];
} whole;

static double
jump(const shed_path_costs *c, double a_hz, double b_hz)
{
  double beyond = fabs(log2(a_hz / b_hz)) - (double)c->free_octaves;
  return beyond > 0.0 ? fmin((double)c->glide * beyond, (double)c->new_note) : 0.0;
}

static void
extend_pitch(whole *w, int t)
{
  const frame *now    = &w->frames[t];
  double       voiced = 1.0 / (1.0 + exp(-now->odds));
  for (int i = 0; i < now->n; i++) {
    best_of *b = &w->best[t];
    b->cost[i] = 0.0; // without a frame before, or without its candidates, a path begins
    b->from[i] = -1;
    for (int j = 0; t > 0 && j < w->frames[t - 1].n; j++) {
      double c = w->best[t - 1].cost[j] + jump(&w->costs, now->f_hz[i], w->frames[t - 1].f_hz[j]);
      if (b->from[i] < 0 || c < b->cost[i]) {
        b->cost[i] = c;
        b->from[i] = j;
      }
    }
    b->cost[i] -= log(voiced * now->pitch[i] + (1.0 - voiced) / now->n);
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
    double emit               = to == 0 ? fmax(odds, 0.0) : fmax(-odds, 0.0);
    w->best[t].voice_from[to] = stay <= move ? to : 1 - to;
    w->best[t].voice[to]      = fmin(stay, move) + emit;
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

// The candidate of frame t - back on the best path that ends at t; -1: it has none.
static int
on_the_path(const whole *w, int t, int back)
{
  int at = cheapest(w, t);
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

static void
take_frame(whole *w, int t, const shed_cand_set *set)
{
  shed_emission e;
  frame        *f = &w->frames[t];
  shed_emission_run(&w->choice, set, &e);
  f->n    = set->n;
  f->odds = (double)shed_voicing_run(&w->voice, &w->voicing, set, &e);
  for (int i = 0; i < set->n; i++) {
    f->f_hz[i]  = (double)set->f_hz[i];
    f->pitch[i] = (double)e.pitch[i];
  }
  extend_pitch(w, t);
  extend_voice(w, t);
}

typedef struct {
  long provisional, settled, voiced, other_pitch, other_voicing, other_silent;
} tally;

// In silence all candidates are alike, and rounding chooses.
static void
count_pitch(tally *sum, const shed_tracker_point *got, float want)
{
  sum->other_pitch += got->voiced && got->f0_hz != want;
  sum->other_silent += !got->voiced && got->f0_hz != want;
}

static void
compare(const float *x, whole *w, tally *sum)
{
  shed_front   *f      = NULL;
  shed_tracker *p      = NULL;
  shed_level    l      = {.n = 0};
  int           pushed = 0;
  w->costs             = shed_path_costs_usual();
  w->choice            = shed_emission_net();
  w->voice             = shed_voicing_net();
  w->voicing           = (shed_voicing){.frames = 0};
  CHECK_OK(shed_front_new(&f, NULL, RATE_HZ));
  CHECK_OK(shed_tracker_new(&p, NULL));
  for (int t = 0; t < FRAMES; t++) {
    for (; pushed < t * HOP + SHED_CANDS_AHEAD; pushed += HOP) {
      shed_front_push(f, x + pushed, HOP);
    }
    shed_level_frame   level = shed_level_run(&l, f, t * HOP);
    shed_tracker_point now, settled;
    int                done = shed_tracker_run(p, f, t * HOP, &level, &now, &settled);
    take_frame(w, t, shed_tracker_cands(p));
    int i = on_the_path(w, t, 0);
    sum->provisional++;
    count_pitch(sum, &now, i >= 0 ? (float)w->frames[t].f_hz[i] : 0.0f);
    sum->other_voicing += now.voiced != (i >= 0 && voiced_on_the_path(w, t, 0));
    assert_int_equal(done, t >= SHED_TRACKER_LAG);
    if (done) {
      int   back = t - SHED_TRACKER_LAG, k = on_the_path(w, t, SHED_TRACKER_LAG);
      float want =
          k >= 0 ? shed_refine(f, RATE_HZ, (int64_t)back * HOP, (float)w->frames[back].f_hz[k]) : 0.0f;
      sum->settled++;
      sum->voiced += settled.voiced;
      count_pitch(sum, &settled, want);
      sum->other_voicing += settled.voiced != (k >= 0 && voiced_on_the_path(w, t, SHED_TRACKER_LAG));
    }
  }
  shed_tracker_free(p);
  shed_front_free(f);
}

static void
the_online_path_is_the_best_whole_path_cut_at_its_lag(void **state)
{
  (void)state;
  tally  sum = {0};
  whole *w   = malloc(sizeof(*w));
  assert_non_null(w);
  for (uint64_t seed = 91; seed < 94; seed++) {
    float   *x = ear_sound(RATE_HZ, SECONDS * RATE_HZ, seed);
    shed_rng rng;
    shed_rng_seed(&rng, seed, 1);
    for (int i = 0; i < SECONDS * RATE_HZ; i++) { // the last is hard to hear: many choices are close
      x[i] += (float)((seed == 93 ? 0.05 : 0.0) * shed_rng_normal(&rng));
    }
    compare(x, w, &sum);
    free(x);
  }
  print_message("%ld provisional and %ld settled frames (%ld voiced): %ld other pitches (and %ld in "
                "silence), %ld other voicings\n",
                sum.provisional, sum.settled, sum.voiced, sum.other_pitch, sum.other_silent,
                sum.other_voicing);
  assert_true(sum.voiced > 1000);
  // costs of single precision may turn a tie
  assert_true(sum.other_silent * 200 <= sum.provisional + sum.settled);
  assert_true(sum.other_pitch * 2000 <= sum.provisional + sum.settled);
  assert_true(sum.other_voicing * 2000 <= sum.provisional + sum.settled);
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
