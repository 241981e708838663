// The search of a path against trying every row of segments there is, on music of three notes and sound of ten grid points.
#include "assessors/align_cost.h"

#include "engine/base/rng.h"
#include "tests/support/check.h"
#include "tests/support/synth_take.h"

enum { GRID = 10, CASES = 300 };

static const float TOLERANCE = 1e-3F;
// The search keeps one way to begin an event at a grid point; the running tempo of another way may be a little better.
static const float MERGED_MOST = 1.5F;

typedef struct {
  const shed_align_target *t;
  const shed_evidence     *e;
  const shed_path_opts    *o;
  float                    best;
} brute;

/// @param[out] sounds the note is worth about as much when it sounds until @p next.
static float
segment_value(const brute *b, int event, int start, int next, bool *sounds)
{
  const shed_align_event *ev   = &b->t->events[event];
  float                   best = -1e30F, running = -1e30F;
  for (int k = 0; k < SHED_LANES && ev->lane[k] >= 0; k++) {
    for (int u = start + 1; u <= next; u++) {
      float v = b->e->sum[u * SHED_LANE_COUNT + ev->lane[k]] -
                b->e->sum[start * SHED_LANE_COUNT + ev->lane[k]] - ev->lane_cost[k] + b->e->gap[next] -
                b->e->gap[u];
      best    = fmaxf(best, v);
      running = u == next ? fmaxf(running, v) : running;
    }
  }
  *sounds = running >= best - SHED_SOUNDS_WITHIN;
  return best;
}

static float
begin_cost(const brute *b, bool same, int at)
{
  return shed_cost_begin(same, b->e->attack[at], b->e->faint[at], b->e->stroke[at]);
}

static void
try_all(brute *b, int event, int start, double period, float before)
{
  for (int at = start + 1; at <= GRID; at++) {
    bool  sounds;
    float value = before + segment_value(b, event, start, at, &sounds);
    float end =
        value + SHED_OUTSIDE * (b->e->gap[GRID] - b->e->gap[at]) - shed_cost_omit(b->t->n_events - 1 - event);
    b->best = fmaxf(b->best, end);
    for (int to = event + 1; to < b->t->n_events && at < GRID; to++) {
      double score    = b->t->events[to].at_s - b->t->events[event].at_s;
      double interval = (at - start) * b->e->hop_s;
      float  timing   = shed_cost_timing(interval, score * period, sounds);
      bool   same     = b->t->events[to].main_midi == b->t->events[event].main_midi;
      if (interval < score * period && timing >= SHED_TIMING_EARLY_MOST) {
        break;
      }
      float cost = timing + shed_cost_omit(to - event - 1) + begin_cost(b, same, at);
      try_all(
          b, to, at,
          (double)(float)shed_period_next(period, (double)b->o->period, b->o->tempo_given, interval, score),
          value - cost);
    }
  }
}

static float
best_by_brute_force(const shed_align_target *t, const shed_evidence *e, const shed_path_opts *o)
{
  float nothing = SHED_OUTSIDE * e->gap[GRID] - SHED_COST_OMIT_MOST;
  brute b       = {.t = t, .e = e, .o = o, .best = nothing};
  for (int at = 0; at < GRID; at++) {
    for (int event = 0; event < t->n_events; event++) {
      float before = SHED_OUTSIDE * e->gap[at] - shed_cost_start(event) - begin_cost(&b, false, at) -
                     shed_cost_faint_start(e->faint[at]);
      try_all(&b, event, at, (double)o->period, before);
    }
  }
  return b.best - nothing;
}

static void
random_evidence(shed_evidence *e, uint64_t seed)
{
  shed_rng rng;
  shed_rng_seed(&rng, seed, 3);
  for (int t = 0; t < GRID; t++) {
    e->audible[t] = true;
    e->attack[t]  = (float)(shed_rng_unit(&rng) < .4 ? shed_rng_unit(&rng) : 0);
    e->stroke[t]  = (float)(shed_rng_unit(&rng) < .3 ? shed_rng_unit(&rng) : 0);
    e->faint[t]   = (float)(shed_rng_unit(&rng) < .2 ? 3 * shed_rng_unit(&rng) : 0);
    e->gap[t + 1] = e->gap[t] + (float)(shed_rng_unit(&rng) - .5);
    for (int m = 0; m < SHED_LANE_COUNT; m++) {
      e->sum[(t + 1) * SHED_LANE_COUNT + m] =
          e->sum[t * SHED_LANE_COUNT + m] + (float)(4 * shed_rng_unit(&rng) - 2.5);
    }
  }
}

static void
the_search_finds_what_trying_all_finds(void **state)
{
  static const synth_written tune[] = {{60, 1, 0}, {62, 1, 0}, {62, 1, 0}, {0, 0, 0}};
  shed_prompt                prompt = synth_prompt(tune);
  shed_align_target          target;
  int                        equal = 0;
  (void)state;
  for (size_t i = 0; i < prompt.line.n_notes; i++) { // an eighth is three grid points
    prompt.line.notes[i].onset_s    = (double)i * .12;
    prompt.line.notes[i].duration_s = .12;
  }
  CHECK_OK(shed_align_target_new(&prompt, NULL, &target, NULL));
  for (uint64_t seed = 0; seed < CASES; seed++) {
    shed_take      take = {.n_frames = GRID * 4, .frames = shed_calloc(NULL, GRID * 4, sizeof(shed_frame))};
    shed_levels    lv   = {.peak_db = -20, .floor_db = -60, .silent_db = -50, .fence_cents = 65};
    shed_evidence  e;
    shed_path      p = {0};
    shed_path_opts o = {.period = 1, .tempo_given = seed % 2 == 0, .beam = 400, .extras = false};
    assert_non_null(take.frames);
    CHECK_OK(shed_evidence_new(&take, 0, take.n_frames, 4, NULL, 0, &lv, NULL, &e));
    random_evidence(&e, seed);
    CHECK_OK(shed_path_find(&target, &e, &o, NULL, &p));
    float brute_value = best_by_brute_force(&target, &e, &o);
    if (p.value > brute_value + TOLERANCE || p.value < brute_value - MERGED_MOST) {
      fail_msg("case %d: the search has %.4f, trying all %.4f", (int)seed, (double)p.value,
               (double)brute_value);
    }
    equal += fabsf(p.value - brute_value) <= TOLERANCE ? 1 : 0;
    shed_path_free(&p);
    shed_evidence_free(&e);
    shed_free(NULL, take.frames);
  }
  print_message("%d of %d cases equal\n", equal, (int)CASES);
  CHECK_LT(CASES * .95, equal);
  shed_align_target_free(&target);
  shed_prompt_free(&prompt);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_search_finds_what_trying_all_finds),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
