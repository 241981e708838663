// The online path with its fixed lag against a search over the whole sound so far: for each frame all paths from the
// first one on, in double, kept whole; what stands on the best one SHED_TRACKER_LAG frames back must be what was settled.
#include "engine/dsp/tracker.h"

#include "engine/base/rng.h"
#include "engine/dsp/emission.h"
#include "engine/dsp/refine.h"
#include "engine/dsp/voicing.h"
#include "tests/support/check.h"
#include "tests/support/ear_sound.h"
#include "tests/support/slow_path.h"

#include <stdlib.h>

enum { RATE_HZ = 44100, HOP = 441, SECONDS = 15, FRAMES = SECONDS * 100 - 10 };
typedef struct {
  slow_path    path;
  shed_net     choice, voice;
  shed_voicing voicing;
} whole;

static void
take_frame(whole *w, int t, const shed_cand_set *set)
{
  shed_emission e;
  shed_emission_run(&w->choice, set, &e);
  slow_path_push(&w->path, t, set, &e, shed_voicing_run(&w->voice, &w->voicing, set, &e));
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
  w->path.costs        = shed_path_costs_usual();
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
    int i = slow_path_told(&w->path, t, 0);
    sum->provisional++;
    count_pitch(sum, &now, i >= 0 ? (float)w->path.frames[t].f_hz[i] : 0.0f);
    sum->other_voicing += now.voiced != (i >= 0 && slow_path_voiced(&w->path, t, 0));
    assert_int_equal(done, t >= SHED_TRACKER_LAG);
    if (done) {
      int   back = t - SHED_TRACKER_LAG, k = slow_path_told(&w->path, t, SHED_TRACKER_LAG);
      float want =
          k >= 0 ? shed_refine(f, RATE_HZ, (int64_t)back * HOP, (float)w->path.frames[back].f_hz[k]) : 0.0f;
      sum->settled++;
      sum->voiced += settled.voiced;
      count_pitch(sum, &settled, want);
      sum->other_voicing += settled.voiced != (k >= 0 && slow_path_voiced(&w->path, t, SHED_TRACKER_LAG));
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
