#include "tests/bench/judging.h"

#include "assessors/assessor.h"
#include "engine/hear/hear.h"
#include "tests/bench/measure.h"
#include "tests/bench/workloads.h"
#include "tests/corpus/degrade.h"
#include "tests/corpus/take.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEED = 4100, PEER_SECONDS = 10, HEADER = 16 };

static const double PITCH_FAULTS = .06; ///< of the notes

typedef struct {
  const char *name;
  const char *instrument, *policy, *room; ///< room: as corpus_degrade() takes it, NULL none
  double      minutes;
  int         notes;  ///< a minute; 200 in all at most
  double      faster; ///< than written
  double      timing_sd_ms, cents_sd;
  int         restarts; ///< a minute
} kind;

static const kind KINDS[] = {
    {"an instrument", "flute", "", NULL, 1, 120, 1, 18, 8, 0},
    {"with three restarts", "trumpet", "", "room:0.5:6", 1, 100, 1, 18, 8, 3},
    {"at three quarters of the tempo", "clarinet", "", NULL, 1, 100, .75, 18, 8, 1},
    {"first year", "violin", "year-1", "room:0.4:8", 1, 90, .9, 40, 25, 2},
    {"beside another player", "cello", "", "player:10:flute", 1, 100, 1, 18, 8, 1},
    {"in talk", "tenor_sax", "", "talk:15", 1, 100, 1.1, 18, 8, 1},
    {"sung", "alto", "", NULL, 1, 90, 1, 25, 12, 1},
    {"three minutes", "oboe", "", NULL, 3, 66, 1, 18, 8, 1},
};

typedef struct {
  shed_sound  sound;
  shed_prompt prompt;
  shed_take   take;
  shed_policy policy;
} judged;

// -- memory -------------------------------------------------------------------------------------------------------------------

typedef struct {
  size_t now, most;
} memory;

static void *
resize(void *ctx, void *p, size_t n)
{
  memory *m   = ctx;
  char   *old = p ? (char *)p - HEADER : NULL;
  size_t  was = 0;
  if (old) {
    memcpy(&was, old, sizeof(was));
  }
  m->now -= was;
  if (n == 0) {
    free(old);
    return NULL;
  }
  char *made = realloc(old, n + HEADER);
  if (!made) {
    m->now += was;
    return NULL;
  }
  memcpy(made, &n, sizeof(n));
  m->now += n;
  m->most = m->now > m->most ? m->now : m->most;
  return made + HEADER;
}

static size_t
size_of(const shed_take *t)
{
  return t->n_frames * (sizeof(*t->frames) + (t->bands ? SHED_TAKE_BANDS : 0)) +
         t->n_notes * sizeof(*t->notes) + t->n_onsets * sizeof(*t->onsets);
}

// -- a take -------------------------------------------------------------------------------------------------------------------

static void
must(shed_status st, const shed_error *err)
{
  if (st != SHED_OK) {
    (void)fprintf(stderr, "%s: %s %s\n", shed_status_text(st), err->where, err->what);
    exit(1);
  }
}

static size_t
restarts_of(const kind *k, size_t notes, corpus_mistake *out)
{
  const int n = (int)(k->restarts * k->minutes);
  for (int i = 0; i < n; i++) {
    const int at = (int)notes * (i + 1) / (n + 1);
    out[i]       = (corpus_mistake){.kind = CORPUS_RESTART, .index = at, .to = at - 4, .amount = .8};
  }
  return (size_t)n;
}

/// @return false without the sound font.
static bool
make(const kind *k, judged *j)
{
  static corpus_performance p;
  corpus_mistake            mistakes[CORPUS_MISTAKES_MAX];
  const corpus_instrument  *in   = corpus_instrument_find(k->instrument);
  const size_t              n    = (size_t)(k->notes * k->minutes);
  const int                 span = in->high - in->low > 22 ? 22 : in->high - in->low;
  corpus_tune               tune = corpus_tune_part(SEED, n, in->low, in->low + span, true);
  corpus_human              man  = corpus_human_usual();
  shed_error                err  = {0};
  man.timing_sd_ms               = k->timing_sd_ms;
  man.cents_sd                   = k->cents_sd;
  const double bpm               = shed_beat_quarters(tune.length) / k->minutes;
  size_t       m                 = restarts_of(k, n, mistakes);
  m += corpus_mistakes_random(&tune, PITCH_FAULTS, SEED, mistakes + m, CORPUS_MISTAKES_MAX - m);
  must(corpus_perform(&tune, bpm, .5, &man, mistakes, m, SEED, &p, &err), &err);
  shed_status st = corpus_render(&p, in, BENCH_RATE_HZ, NULL, &j->sound, &err);
  st             = st == SHED_OK && k->room ? corpus_degrade(&j->sound, k->room, SEED, &err) : st;
  if (st == SHED_E_NOTFOUND) {
    printf("%-32s left out: %s %s\n", k->name, err.where, err.what);
    return false;
  }
  must(st, &err);
  j->prompt = (shed_prompt){.kind          = "piece",
                            .id            = "bench:take",
                            .assessor      = "melody",
                            .a4_hz         = 440,
                            .click_start_s = (double)NAN,
                            .sung          = in->sung,
                            .octave        = in->sung ? SHED_OCTAVE_ANY : SHED_OCTAVE_WRITTEN,
                            .key           = in->sung ? SHED_KEY_ANY : SHED_KEY_WRITTEN};
  must(corpus_tune_line(&tune, bpm / k->faster, NULL, &j->prompt.line), &err);
  must(shed_policy_preset(k->policy, &j->policy, &err), &err);
  must(shed_hear_take(j->sound.x, j->sound.n, j->sound.rate_hz, NULL, NULL, NULL, &j->take, &err), &err);
  return true;
}

static void
judge(const judged *j, const shed_alloc *alloc)
{
  shed_verdict v   = {0};
  shed_error   err = {0};
  must(shed_assessor_find("melody")->judge(&j->prompt, &j->take, &j->policy, alloc, &v, &err), &err);
  shed_verdict_free(&v);
}

/// What callgrind counts.
__attribute__((noinline)) static void
bench_judged(const judged *j)
{
  judge(j, NULL);
}

// -- what it costs ------------------------------------------------------------------------------------------------------------

/// The peer hears a part of the take, in turns with the judge, so that both have met the same machine.
static void
measure(const kind *k, const judged *j)
{
  const bench_workload *w    = &BENCH_WORKLOADS[bench_find(BENCH_PEER)];
  shed_sound            part = j->sound;
  double                own[BENCH_RUNS], peer[BENCH_RUNS];
  memory                mem   = {0};
  const shed_alloc      alloc = {.resize = resize, .ctx = &mem};
  part.n                      = part.n < PEER_SECONDS * BENCH_RATE_HZ ? part.n : PEER_SECONDS * BENCH_RATE_HZ;
  void *ctx                   = w->begin(&part);
  if (!ctx) {
    (void)fprintf(stderr, "no memory\n");
    exit(1);
  }
  for (int i = 0; i < BENCH_RUNS; i++) {
    double start = bench_thread_s();
    judge(j, NULL);
    own[i] = bench_thread_s() - start;
    start  = bench_thread_s();
    bench_measured(w, ctx);
    peer[i] = (bench_thread_s() - start) * (double)j->sound.n / (double)part.n;
  }
  w->end(ctx);
  bench_sort(own, BENCH_RUNS);
  bench_sort(peer, BENCH_RUNS);
  judge(j, &alloc);
  const double mb = 1024. * 1024.;
  printf("%-32s %6.1f %6zu %10.1f %10.1f %8.3f %8.1f %8.2f\n", k->name, j->take.duration_s,
         j->prompt.line.n_notes, 1e3 * own[0], 1e3 * own[BENCH_RUNS / 2], own[0] / peer[0],
         (double)mem.most / mb, (double)mem.most / (double)size_of(&j->take));
}

void
bench_only_judge(const char *kind_name, long runs)
{
  for (size_t i = 0; i < SHED_COUNTOF(KINDS); i++) {
    judged j = {.take = {0}};
    if (strstr(KINDS[i].name, kind_name) != NULL && make(&KINDS[i], &j)) {
      for (long r = 0; r < runs; r++) {
        bench_judged(&j);
      }
    }
    shed_take_free(&j.take);
    shed_prompt_free(&j.prompt);
    shed_sound_free(&j.sound);
  }
}

void
bench_print_judging(const char *only)
{
  printf(
      "\njudging, once heard (peer: aubio yinfft 4096 over the same sound; memory beside what was heard)\n");
  printf("%-32s %6s %6s %10s %10s %8s %8s %8s\n", "", "s", "notes", "least, ms", "median, ms", "ratio", "MB",
         "ratio");
  for (size_t i = 0; i < SHED_COUNTOF(KINDS); i++) {
    judged j = {.take = {0}};
    if (only && strstr(KINDS[i].name, only) == NULL) {
      continue;
    }
    if (make(&KINDS[i], &j)) {
      measure(&KINDS[i], &j);
    }
    shed_take_free(&j.take);
    shed_prompt_free(&j.prompt);
    shed_sound_free(&j.sound);
  }
}
