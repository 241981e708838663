// The path of notes against a search over everything: each step tries every state from every state, in double, and keeps all
// of it; the last SHED_NOTES_LAG states of the best whole path must be what the fast step traced back. And what a note was
// like, which is gathered as it sounds, against all its frames kept and sorted.
#include "engine/dsp/notes_internal.h"

#include "engine/base/rng.h"
#include "tests/support/check.h"

#include <stdlib.h>

enum { FRAMES = 300, OTHER_APART = 2 };
static const double NEVER = 1e12;

typedef struct {
  double   cost[NOTES_STATES];
  uint16_t before[FRAMES][NOTES_STATES];
} whole;

static double
clamp01(double x)
{
  return fmin(fmax(x, 0.0), 1.0);
}

static double
rise_of(const notes_costs *c, const shed_notes_in *in)
{
  double flux  = clamp01(((double)in->flux - (double)c->flux_least) / (1.0 - (double)c->flux_least));
  double rise  = clamp01(((double)in->rise_db - (double)c->rise_least_db) /
                         ((double)c->rise_clear_db - (double)c->rise_least_db));
  double aubio = (double)c->mkl_share * clamp01(((double)in->mkl - 1.0) / (double)c->mkl_clear) +
                 (double)c->hfc_share * clamp01(((double)in->hfc - 1.0) / (double)c->hfc_clear);
  return clamp01(fmax(flux, rise) + aubio);
}

static double
midi_of(float f0_hz)
{
  return f0_hz > 0.0f ? 69.0 + 12.0 * log2((double)f0_hz / 440.0) : 0.0;
}

// The pitch that the frame was given, or one that it could have had, whatever is cheaper; the most at most.
static double
pitch_cost(const notes_costs *c, const shed_notes_in *in, int state)
{
  double sd   = (double)(state < NOTES_STABLE ? c->attack_sd : c->stable_sd);
  double at   = (double)notes_midi_of(notes_pitch_of(state));
  double d    = (midi_of(in->f0_hz) - at) / sd;
  double best = fmin(0.5 * d * d, (double)c->pitch_cost_max);
  for (int i = 0; i < SHED_NOTES_CANDS && in->cand[i].f0_hz > 0.0f; i++) {
    d    = (midi_of(in->cand[i].f0_hz) - at) / sd;
    best = fmin(best, 0.5 * d * d - (double)c->cand_cost * log(fmax((double)in->cand[i].share, 1e-4)));
  }
  return best;
}

// What it costs to be in a state at this frame.
static double
stay(const notes_costs *c, const shed_notes_in *in, int state)
{
  if (state == NOTES_SILENCE) {
    return in->voiced ? (double)c->voiced_cost * (0.5 + 0.5 * (double)in->confidence) : 0.0;
  }
  bool   attack = state < NOTES_STABLE;
  double trust  = 0.2 + 0.8 * (double)in->confidence;
  return trust * pitch_cost(c, in, state) + (attack ? (double)c->attack_cost : 0.0) +
         (in->voiced ? 0.0 : (double)c->voiced_cost);
}

// What it costs to go from one state to another.
static double
go(const notes_costs *c, double gain, double doubt, int from, int to)
{
  bool from_stable = from >= NOTES_STABLE, from_attack = from >= NOTES_ATTACK && !from_stable;
  if (from == to) {
    return 0.0;
  }
  if (to == NOTES_SILENCE) {
    return from_stable ? (double)c->to_silence : NEVER;
  }
  if (to >= NOTES_STABLE) {
    return from_attack && notes_pitch_of(from) == notes_pitch_of(to) ? 0.0 : NEVER;
  }
  if (from == NOTES_SILENCE) {
    return fmax((double)c->from_silence - 0.5 * gain, 0.0);
  }
  int apart = abs(notes_pitch_of(from) - notes_pitch_of(to));
  if (!from_stable || (apart > 0 && apart < OTHER_APART)) {
    return NEVER;
  }
  double off = gain + (apart == 0 ? 0.0 : doubt * (double)c->doubt_gain);
  return fmax((double)(apart == 0 ? c->to_same : c->to_other) - off, -(double)c->reward_max);
}

static void
step(const notes_costs *c, whole *w, const shed_notes_in *in, double doubt, int frame)
{
  static double next[NOTES_STATES];
  double        gain = (double)c->onset_gain * rise_of(c, in);
  for (int to = 0; to < NOTES_STATES; to++) {
    int best = to; // staying first: so does the fast step where two are equal
    for (int from = 0; from < NOTES_STATES; from++) {
      if (w->cost[from] + go(c, gain, doubt, from, to) < w->cost[best] + go(c, gain, doubt, best, to)) {
        best = from;
      }
    }
    next[to]             = w->cost[best] + go(c, gain, doubt, best, to) + stay(c, in, to);
    w->before[frame][to] = (uint16_t)best;
  }
  memcpy(w->cost, next, sizeof(next));
}

// Notes with gaps, slurs, repeats, scoops and doubtful frames.
static void
make_frames(shed_rng *rng, shed_notes_in *in)
{
  double midi = 60.0, scoop = 0.0;
  int    left = 20;
  bool   on   = false;
  for (int t = 0; t < FRAMES; t++, left--) {
    bool begins = false;
    if (left == 0) {
      left   = shed_rng_between(rng, 6, 40);
      begins = shed_rng_below(rng, 4) != 0;
      on     = begins || !on;
      midi   = shed_rng_below(rng, 4) == 0 ? midi : 40.0 + 0.25 * shed_rng_between(rng, 0, 160) + 0.07;
      scoop  = shed_rng_unit(rng) - 0.8;
    }
    scoop *= 0.8;
    in[t] = (shed_notes_in){
        .f0_hz      = (float)(440.0 * exp2((midi + scoop + 0.15 * shed_rng_normal(rng) - 69.0) / 12.0)),
        .confidence = (float)(on ? 0.5 + 0.5 * shed_rng_unit(rng) : 0.3 * shed_rng_unit(rng)),
        .voiced     = on ? shed_rng_below(rng, 15) != 0 : shed_rng_below(rng, 15) == 0,
        .level_db   = on ? -25.0f : -65.0f,
        .rise_db    = (float)(begins ? 20.0 * shed_rng_unit(rng) : shed_rng_normal(rng)),
        .flux       = (float)(begins ? shed_rng_unit(rng) : 0.04 * shed_rng_unit(rng)),
        .mkl        = (float)(begins ? 4.0 * shed_rng_unit(rng) : 1.0),
        .hfc        = (float)(begins ? 4.0 * shed_rng_unit(rng) : 1.0)};
    for (int i = shed_rng_between(rng, 0, SHED_NOTES_CANDS) - 1; i >= 0; i--) {
      in[t].cand[i].f0_hz = in[t].f0_hz * (float)exp2(0.1 * shed_rng_between(rng, -12, 12));
      in[t].cand[i].share = (float)shed_rng_unit(rng);
    }
    if (shed_rng_below(rng, 30) == 0) {
      in[t].f0_hz = shed_rng_below(rng, 2) == 0 ? 0.0f : 2.0f * in[t].f0_hz;
    }
  }
}

static void
the_path_of_notes_is_the_best_whole_path(void **state)
{
  (void)state;
  static const notes_costs costs = {
#define SHED_NOTES_COST(name, value) .name = (value),
#include "engine/dsp/notes_costs.def"
  };
  whole      *w    = malloc(sizeof(*w));
  notes_path *fast = calloc(1, sizeof(*fast));
  long        told = 0, other = 0, sounding = 0, apart = 0;
  assert_true(w && fast);
  for (uint64_t seed = 131; seed < 134; seed++) {
    shed_notes_in in[FRAMES];
    shed_rng      rng;
    shed_rng_seed(&rng, seed, 131);
    make_frames(&rng, in);
    memset(fast, 0, sizeof(*fast));
    for (int i = 0; i < NOTES_STATES; i++) {
      w->cost[i] = i == NOTES_SILENCE ? 0.0 : NEVER; // a take begins in silence
    }
    for (int t = 0; t < FRAMES; t++) {
      int   states[SHED_NOTES_LAG + 1], n = t < SHED_NOTES_LAG ? t + 1 : SHED_NOTES_LAG + 1, at = 0;
      float doubt = shed_rng_below(&rng, 5) == 0 ? (float)shed_rng_unit(&rng) : 0.0f;
      step(&costs, w, &in[t], (double)doubt, t);
      notes_path_step(&costs, fast, &in[t], doubt, t);
      notes_path_trace(fast, t, states, n);
      for (int i = 1; i < NOTES_STATES; i++) {
        at = w->cost[i] < w->cost[at] ? i : at;
      }
      long before = other;
      for (int k = 0; k < n; k++) {
        told++;
        sounding += at != NOTES_SILENCE;
        other += states[k] != at;
        at = w->before[t - k][at];
      }
      apart += other != before;
    }
  }
  print_message("%ld states told (%ld of sounding notes): %ld others, in %ld of %d frames\n", told, sounding,
                other, apart, 3 * FRAMES);
  assert_true(sounding * 4 > told);
  assert_true(apart * 100 <= 3 * FRAMES); // costs of single precision may turn a tie
  free(w);
  free(fast);
}

static int
by_size(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

// The mean of the middle half by sorting; where the half begins inside a value, that value counts by its share.
static double
middle_half(double *cents, int n)
{
  double sum = 0.0, lo = 0.25 * n, hi = 0.75 * n;
  qsort(cents, (size_t)n, sizeof(*cents), by_size);
  for (int i = 0; i < n; i++) {
    sum += cents[i] * fmax(fmin(i + 1.0, hi) - fmax(i, lo), 0.0);
  }
  return sum / (hi - lo);
}

static void
what_a_note_is_like_is_told_as_from_all_its_frames(void **state)
{
  (void)state;
  double   worst_cents = 0.0, worst_drift = 0.0, worst_sd = 0.0;
  shed_rng rng;
  shed_rng_seed(&rng, 141, 141);
  for (int k = 0; k < 300; k++) {
    double cents[400], mean = 0.0, square = 0.0, t_mean = 0.0, tt = 0.0, ty = 0.0,
                       drift = 20.0 * shed_rng_normal(&rng);
    int            n = shed_rng_between(&rng, 6, 400), pitch = shed_rng_between(&rng, 30, 220);
    notes_shape    s;
    shed_notes_out out = {.midi = 0};
    notes_shape_start(&s, pitch);
    for (int i = 0; i < n; i++) {
      // a scoop, a drift, unsteadiness; no swing that would be taken for a vibrato
      cents[i] =
          fmax(fmin(-90.0 * exp(-i / 4.0) + 0.01 * drift * (i - n / 2) + 6.0 * shed_rng_normal(&rng), 190.0),
               -190.0);
      notes_shape_sound(&s, -20.0f);
      notes_shape_stable(&s, (float)((double)notes_midi_of(pitch) + cents[i] / 100.0), 0.9f);
      mean += cents[i] / n;
      t_mean += 0.01 * i / n;
    }
    for (int i = 0; i < n; i++) {
      square += (cents[i] - mean) * (cents[i] - mean) / n;
      tt += (0.01 * i - t_mean) * (0.01 * i - t_mean);
      ty += (0.01 * i - t_mean) * (cents[i] - mean);
    }
    notes_shape_tell(&s, &out);
    double told = 100.0 * (out.midi - (double)notes_midi_of(pitch)) + (double)out.cents;
    double want = out.vibrato_cents > 0.0f ? mean : middle_half(cents, n);
    worst_cents = fmax(worst_cents, fabs(told - want));
    worst_drift = fmax(worst_drift, fabs((double)out.drift_cents_per_s - ty / tt));
    worst_sd    = fmax(worst_sd, fabs((double)out.cents_sd - sqrt(square)));
  }
  print_message("worst: pitch %.2f cents, drift %.1e cents a second, unsteadiness %.1e cents\n", worst_cents,
                worst_drift, worst_sd);
  CHECK_LT(worst_cents, 0.1); // counted by the cent; the edges of the half lie somewhere inside one
  CHECK_LT(worst_drift, 0.02);
  CHECK_LT(worst_sd, 0.002);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_path_of_notes_is_the_best_whole_path),
      cmocka_unit_test(what_a_note_is_like_is_told_as_from_all_its_frames),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
