// About this file: tempo and beat where no click is given, against aubio's tempo on the same sound in the same run.
//
// Items are the corpus' tunes at 50 to 200 quarters a minute as people play them: a tempo that wanders, a ritardando, rests,
// claps. The costs were fitted on every other tune ("fit": on onsets alone, without sound); the rest is reported.
// Accuracy 1: within 4 % of the beat that is counted; 2: or of twice, half, three times or a third of it. Beats within
// 70 ms, those of the first 5 s left out.
#include "engine/base/rng.h"
#include "engine/dsp/tempo_internal.h"
#include "engine/hear/hear.h"
#include "tests/corpus/degrade.h"
#include "tests/corpus/perform.h"

#include <aubio/aubio.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  RATE_HZ      = 44100,
  BEATS_MAX    = 1200,
  AUBIO_WINDOW = 1024,
  AUBIO_HOP    = 512,
  BINS         = 10,
  TRIALS       = 400,
  CHANCES      = 150
};
static const double NEAR_S = 0.070, SKIP_S = 5.0, WITHIN = 0.04;
// Thresholds of the sample.
static const double SECOND_LEAST = 0.80, BEATS_LEAST = 0.45;

static const double      bpms[]        = {50, 63, 76, 92, 108, 126, 150, 176, 200};
static const char *const instruments[] = {"clarinet", "violin", "piano", "soprano",
                                          "trumpet",  "guitar", "cello", "flute"};
typedef struct {
  const char *name;
  double      tempo_sd, drift;
} manner;
static const manner manners[] = {
    {"steady", 0.004, 0}, {"wandering", 0.02, 0}, {"slowing down", 0.004, -0.15}};

typedef struct {
  corpus_performance p;
  double             beat_bpm;
  double             beats[BEATS_MAX];
  int                n_beats;
} truth;

typedef struct {
  double beats[BEATS_MAX];
  int    n_beats;
  double bpm, confidence;
} answer;

typedef struct {
  int    n, first, second, none;
  double f_sum;
} tally;

// Where the player's own beat has a moment of the tune.
static double
steady_at(const truth *t, double quarters)
{
  const corpus_tune *tune = &t->p.tune;
  double             q0 = NAN, s0 = NAN, q1 = NAN, s1 = NAN;
  for (size_t i = 0; i < tune->n; i++) {
    double q = shed_beat_quarters(tune->notes[i].onset), s = t->p.truth[i].steady_s;
    if (isnan(s)) {
      continue;
    }
    if (q <= quarters || isnan(q0)) {
      q0 = isnan(q1) ? q : q1;
      s0 = isnan(s1) ? s : s1;
      q1 = q;
      s1 = s;
    } else {
      q0 = q1;
      s0 = s1;
      q1 = q;
      s1 = s;
      break;
    }
  }
  return q1 > q0 ? s0 + (s1 - s0) * (quarters - q0) / (q1 - q0) : s0 + (quarters - q0) * 60 / t->p.bpm;
}

static shed_status
make(size_t tune_at, double bpm, const manner *how, uint64_t seed, truth *t, shed_error *err)
{
  corpus_tune  tune  = corpus_tune_at(tune_at);
  corpus_human human = {.timing_sd_ms = 15,
                        .cents_sd     = 8,
                        .tempo_sd     = how->tempo_sd,
                        .tempo_drift  = how->drift,
                        .velocity_sd  = 8};
  shed_status  st    = corpus_perform(&tune, bpm, 0.6, &human, NULL, 0, seed, &t->p, err);
  if (st != SHED_OK) {
    return st;
  }
  double unit  = tune.beat_type == 8 && tune.beats % 3 == 0 ? 1.5 : 1;
  double end   = t->p.played[t->p.n - 1].onset_s + 0.3;
  t->n_beats   = 0;
  t->beat_bpm  = bpm / unit;
  double start = shed_beat_quarters(tune.pickup);
  start -= unit * floor(start / unit);
  for (int k = 0; t->n_beats < BEATS_MAX; k++) {
    double s = steady_at(t, start + k * unit);
    if (s > end) {
      break;
    }
    t->beats[t->n_beats++] = s;
  }
  if (how->drift != 0 && t->n_beats > 2) { // the middle speed
    t->beat_bpm = 60 * (t->n_beats - 1) / (t->beats[t->n_beats - 1] - t->beats[0]);
  }
  return SHED_OK;
}

static double
beat_f(const truth *t, const answer *a)
{
  int hits = 0, wanted = 0, given = 0, at = 0;
  for (int i = 0; i < a->n_beats; i++) {
    given += a->beats[i] >= SKIP_S;
  }
  for (int i = 0; i < t->n_beats; i++) {
    if (t->beats[i] < SKIP_S) {
      continue;
    }
    wanted++;
    while (at < a->n_beats && a->beats[at] < fmax(SKIP_S - NEAR_S, t->beats[i] - NEAR_S)) {
      at++;
    }
    if (at < a->n_beats && a->beats[at] <= t->beats[i] + NEAR_S) {
      hits++;
      at++;
    }
  }
  return wanted + given > 0 ? 2.0 * hits / (wanted + given) : 0;
}

static bool
within(double bpm, double of)
{
  return fabs(bpm / of - 1) <= WITHIN;
}

static bool
count(const truth *t, const answer *a, tally *to)
{
  bool first  = within(a->bpm, t->beat_bpm);
  bool second = first || within(a->bpm, 2 * t->beat_bpm) || within(a->bpm, t->beat_bpm / 2) ||
                within(a->bpm, 3 * t->beat_bpm) || within(a->bpm, t->beat_bpm / 3);
  to->n++;
  to->first += first;
  to->second += second;
  to->none += a->bpm <= 0;
  to->f_sum += beat_f(t, a);
  return first;
}

// -- onsets alone -----------------------------------------------------------------------------------------------------

static void
drain(shed_tempo *tempo, answer *a)
{
  shed_tempo_beat b;
  while (shed_tempo_poll(tempo, &b)) {
    if (a->n_beats < BEATS_MAX) {
      a->beats[a->n_beats++] = b.time_s;
    }
  }
}

// As an ear would hear the onsets: some lost, some made up, none quite in time.
static void
from_onsets(const truth *t, const tempo_costs *costs, uint64_t seed, answer *a)
{
  shed_tempo *tempo = NULL;
  shed_rng    rng;
  shed_rng_seed(&rng, seed, 5);
  *a = (answer){.n_beats = 0};
  if (shed_tempo_new(&tempo, NULL) != SHED_OK) {
    return;
  }
  if (costs) {
    tempo->costs = *costs;
    tempo_prepare(tempo);
  }
  for (size_t i = 0; i < t->p.n; i++) {
    double at = t->p.played[i].onset_s + 0.008 * shed_rng_normal(&rng);
    if (shed_rng_unit(&rng) < 0.05) {
      continue;
    }
    for (double s = i > 0 ? t->p.played[i - 1].onset_s : 0; s < at - 0.05; s += 0.05) {
      shed_tempo_advance(tempo, s);
      drain(tempo, a);
    }
    shed_tempo_onset(tempo, at, 0.6f);
    if (shed_rng_unit(&rng) < 0.03) {
      shed_tempo_onset(tempo, at + 0.11, 0.2f);
    }
  }
  shed_tempo_finish(tempo);
  drain(tempo, a);
  shed_tempo_state s = shed_tempo_whole(tempo);
  a->bpm             = (double)s.bpm;
  a->confidence      = (double)s.confidence;
  shed_tempo_free(tempo);
}

static double
run_onsets(const tempo_costs *costs, size_t half, tally *to, bool talk)
{
  static truth  t;
  static answer a;
  int           bin_n[BINS] = {0}, bin_right[BINS] = {0};
  shed_error    err = {0};
  *to               = (tally){0};
  for (size_t k = half; k < corpus_tune_count(); k += 2) {
    for (size_t b = 0; b < SHED_COUNTOF(bpms); b++) {
      for (size_t m = 0; m < SHED_COUNTOF(manners); m++) {
        if (make(k, bpms[b], &manners[m], 100 * k + 10 * b + m, &t, &err) != SHED_OK) {
          continue;
        }
        from_onsets(&t, costs, k + b, &a);
        bool first = count(&t, &a, to);
        int  bin   = (int)fmin(a.confidence * BINS, BINS - 1);
        bin_n[bin]++;
        bin_right[bin] += first;
      }
    }
  }
  for (int i = 0; talk && i < BINS; i++) {
    if (bin_n[i] > 0) {
      printf("  said %.2f: right %.2f of %d\n", (i + 0.5) / BINS, (double)bin_right[i] / bin_n[i], bin_n[i]);
    }
  }
  return (to->first + 0.7 * to->second + to->f_sum) / to->n;
}

// Onsets at random have no beat: how often is that said, and how sure is it where it is not?
static void
run_chance(void)
{
  static truth  t;
  static answer a;
  int           none = 0;
  double        sum  = 0;
  for (int k = 0; k < CHANCES; k++) {
    shed_rng rng;
    double   at = 0.5, mean = 0.2 + 0.1 * (k % 6);
    shed_rng_seed(&rng, (uint64_t)k, 99);
    t.p.n = 30 + (size_t)(k % 3) * 20;
    for (size_t i = 0; i < t.p.n; i++) {
      t.p.played[i].onset_s = at;
      at += k % 2 ? 0.1 - mean * log(shed_rng_unit(&rng) + 1e-6) : mean * (0.4 + 1.6 * shed_rng_unit(&rng));
    }
    from_onsets(&t, NULL, (uint64_t)k, &a);
    none += a.bpm <= 0;
    sum += a.confidence;
  }
  printf("  of %d takes without any beat %d are said to have none; mean confidence %.2f\n", CHANCES, none,
         sum / CHANCES);
}

static void
print(const char *name, const tally *t)
{
  printf("  %-34s %4d  accuracy 1 %5.1f %%  2 %5.1f %%  none %5.1f %%  beats F %.3f\n", name, t->n,
         100.0 * t->first / t->n, 100.0 * t->second / t->n, 100.0 * t->none / t->n, t->f_sum / t->n);
}

static int
fit(void)
{
  tempo_costs best = {
#define SHED_TEMPO_COST(name, value) .name = (value),
#include "engine/dsp/tempo_costs.def"
  };
  tally    t;
  shed_rng rng;
  double   top = run_onsets(&best, 0, &t, false);
  shed_rng_seed(&rng, 1, 1);
  printf("start %.4f\n", top);
  for (int i = 0; i < TRIALS; i++) {
    tempo_costs c = best;
#define SHED_TEMPO_COST(name, value)                                                                         \
  c.name = shed_rng_unit(&rng) < 0.3 ? (float)((double)c.name * exp(0.25 * shed_rng_normal(&rng))) : c.name;
#include "engine/dsp/tempo_costs.def"
    double s = run_onsets(&c, 0, &t, false);
    if (s > top) {
      top  = s;
      best = c;
      printf("%d: %.4f\n", i, top);
      (void)fflush(stdout);
    }
  }
#define SHED_TEMPO_COST(name, value) printf("SHED_TEMPO_COST(%s, %.3ff)\n", #name, (double)best.name);
#include "engine/dsp/tempo_costs.def"
  return 0;
}

// -- sound ------------------------------------------------------------------------------------------------------------

static shed_status
from_sound(const shed_sound *s, answer *a)
{
  shed_take   take = {0};
  shed_error  err  = {0};
  shed_status st   = shed_hear_take(s->x, s->n, s->rate_hz, NULL, NULL, NULL, &take, &err);
  *a               = (answer){.n_beats = 0};
  if (st == SHED_OK) {
    for (size_t i = 0; i < take.n_beats && a->n_beats < BEATS_MAX; i++) {
      a->beats[a->n_beats++] = (double)take.beats[i].time_s;
    }
    a->bpm        = isnan(take.tempo.bpm) ? 0 : (double)take.tempo.bpm;
    a->confidence = (double)take.tempo.confidence;
  }
  shed_take_free(&take);
  return st;
}

static int
by_value(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

// aubio, as it ships; its tempo is that of its middle beat spacing, which serves it better than its last word.
static void
from_aubio(const shed_sound *s, answer *a)
{
  aubio_tempo_t *o   = new_aubio_tempo("default", AUBIO_WINDOW, AUBIO_HOP, (uint_t)s->rate_hz);
  fvec_t        *in  = new_fvec(AUBIO_HOP);
  fvec_t        *out = new_fvec(1);
  static double  gaps[BEATS_MAX];
  int            n = 0;
  *a               = (answer){.n_beats = 0};
  for (size_t at = 0; at + AUBIO_HOP <= s->n; at += AUBIO_HOP) {
    memcpy(in->data, s->x + at, AUBIO_HOP * sizeof(float));
    aubio_tempo_do(o, in, out);
    if (out->data[0] != 0 && a->n_beats < BEATS_MAX) {
      a->beats[a->n_beats++] = (double)aubio_tempo_get_last_s(o);
    }
  }
  for (int i = 1; i < a->n_beats; i++) {
    gaps[n++] = a->beats[i] - a->beats[i - 1];
  }
  qsort(gaps, (size_t)n, sizeof(gaps[0]), by_value);
  a->bpm        = n > 0 ? 60 / gaps[n / 2] : 0;
  a->confidence = (double)aubio_tempo_get_confidence(o);
  del_aubio_tempo(o);
  del_fvec(in);
  del_fvec(out);
}

static shed_status
render(const truth *t, const char *instrument, bool clap, uint64_t seed, shed_sound *s, shed_error *err)
{
  const corpus_instrument *ins = corpus_instrument_find(clap ? "clap" : instrument);
  shed_status              st  = clap ? corpus_render_exact(&t->p, ins, RATE_HZ, seed, NULL, s)
                                      : corpus_render(&t->p, ins, RATE_HZ, NULL, s, err);
  if (st == SHED_OK) {
    corpus_add_noise(s, CORPUS_PINK, 35, seed);
  }
  return st;
}

int
main(int argc, char **argv)
{
  static truth  t;
  static answer a;
  static tally  ours[4], theirs[4]; // by manner; claps
  tally         all_ours = {0}, all_theirs = {0}, onsets;
  bool          sample   = argc > 1 && strcmp(argv[1], "sample") == 0;
  size_t        count_at = 0;
  if (argc > 1 && strcmp(argv[1], "fit") == 0) {
    return fit();
  }
  printf("onsets alone, tunes not fitted on\n");
  (void)run_onsets(NULL, 1, &onsets, true);
  print("onsets as an ear hears them", &onsets);
  run_chance();
  if (argc > 1 && strcmp(argv[1], "onsets") == 0) {
    (void)run_onsets(NULL, 0, &onsets, true);
    print("tunes fitted on", &onsets);
    return 0;
  }
  for (size_t k = 1; k < corpus_tune_count(); k += 2) {
    for (size_t b = 0; b < SHED_COUNTOF(bpms); b++) {
      for (size_t m = 0; m < SHED_COUNTOF(manners); m++) {
        shed_sound s   = {0};
        shed_error err = {0};
        // the sample: each tune twice, each speed, manner and instrument in turn
        if (sample && (b + 2 * k + 4 * m) % 13 != 0) {
          continue;
        }
        count_at++;
        corpus_tune              tune = corpus_tune_at(k);
        bool                     clap = !tune.notes[0].pitched;
        const char              *name = instruments[count_at % SHED_COUNTOF(instruments)];
        const corpus_instrument *ins  = corpus_instrument_find(name);
        shed_status              st   = make(k, bpms[b], &manners[m], 100 * k + 10 * b + m, &t, &err);
        if (st == SHED_OK && !clap) {
          int         by     = 0;
          corpus_tune fitted = corpus_tune_fitted(&t.p.tune, ins->low, ins->high);
          by                 = fitted.notes[0].midi - t.p.tune.notes[0].midi;
          for (size_t i = 0; i < t.p.n; i++) {
            t.p.played[i].midi += by;
          }
        }
        if (st != SHED_OK || (st = render(&t, name, clap, count_at, &s, &err)) != SHED_OK) {
          printf("%s: %s %s\n", tune.id, shed_status_text(st), err.what);
          return 1;
        }
        int row = clap ? 3 : (int)m;
        if (from_sound(&s, &a) != SHED_OK) {
          return 1;
        }
        (void)count(&t, &a, &ours[row]);
        (void)count(&t, &a, &all_ours);
        double bpm = a.bpm, f = beat_f(&t, &a), sure = a.confidence;
        from_aubio(&s, &a);
        (void)count(&t, &a, &theirs[row]);
        (void)count(&t, &a, &all_theirs);
        if (getenv("SHED_TALK")) {
          printf("  %-12s %-9s %-13s beat %5.1f: %5.1f (sure %.2f, F %.2f)  aubio %5.1f (F %.2f)\n", tune.id,
                 clap ? "clap" : name, manners[m].name, t.beat_bpm, bpm, sure, f, a.bpm, beat_f(&t, &a));
        }
        shed_sound_free(&s);
      }
    }
  }
  for (int row = 0; row < 4; row++) {
    if (ours[row].n > 0) {
      printf("%s\n", row == 3 ? "claps" : manners[row].name);
      print("Woodshed", &ours[row]);
      print("aubio tempo", &theirs[row]);
    }
  }
  printf("all\n");
  print("Woodshed", &all_ours);
  print("aubio tempo", &all_theirs);
  bool held = all_ours.second >= SECOND_LEAST * all_ours.n && all_ours.f_sum >= BEATS_LEAST * all_ours.n &&
              all_ours.f_sum >= all_theirs.f_sum && all_ours.second >= all_theirs.second;
  if (!held) {
    printf("  ^ under what is asked, or under aubio\n");
  }
  return held ? 0 : 1;
}
