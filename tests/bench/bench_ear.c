// Cost of the ear and of its parts per second of sound, against aubio's parts in the same run, and of judging a 60 s take
// after it was heard. CPU seconds of this thread, the least and the median of several runs.
//
//   bench_ear --count KEY [RUNS]   one run (or so many) of one workload over ten seconds, for callgrind.sh and profilers
//   bench_ear --list               its keys
#include "assessors/assessor.h"
#include "engine/audio/render.h"
#include "engine/hear/hear.h"
#include "tests/bench/measure.h"
#include "tests/bench/workloads.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SECONDS = 40, COUNT_SECONDS = 10, JUDGE_SECONDS = 60, NOTES = 120 };

static void
must(int ok)
{
  if (!ok) {
    (void)fprintf(stderr, "no memory\n");
    exit(1);
  }
}

typedef struct {
  const bench_workload *w;
  void                 *ctx;
} job;

static void
run_job(void *ctx)
{
  job *j = ctx;
  bench_measured(j->w, j->ctx);
}

static job
start(const char *key, const shed_sound *s)
{
  const bench_workload *w = &BENCH_WORKLOADS[bench_find(key)];
  job                   j = {w, w->begin(s)};
  must(j.ctx != NULL);
  return j;
}

static void
print_costs(const shed_sound *s)
{
  bench_cost cost[32];
  for (size_t i = 0; i < BENCH_N_WORKLOADS; i++) {
    job j   = start(BENCH_WORKLOADS[i].key, s);
    cost[i] = bench_run(run_job, &j);
    j.w->end(j.ctx);
  }
  const bench_cost *peer = &cost[bench_find(BENCH_PEER)];
  (void)printf("%-40s %12s %8s %12s %8s\n", "analysis at a 10 ms hop, varied sound", "least, ms/s", "ratio",
               "median, ms/s", "ratio");
  for (size_t i = 0; i < BENCH_N_WORKLOADS; i++) {
    (void)printf("%-40s %12.3f %8.2f %12.3f %8.2f\n", BENCH_WORKLOADS[i].label, 1e3 * cost[i].least / SECONDS,
                 cost[i].least / peer->least, 1e3 * cost[i].median / SECONDS, cost[i].median / peer->median);
  }
}

static int
count_one(const char *key, long runs)
{
  shed_sound s = bench_varied(COUNT_SECONDS, 1);
  job        j = start(key, &s);
  for (long i = 0; i < runs; i++) {
    run_job(&j);
  }
  j.w->end(j.ctx);
  shed_sound_free(&s);
  return 0;
}

static int
list_keys(void)
{
  for (size_t i = 0; i < BENCH_N_WORKLOADS; i++) {
    (void)printf("%s\n", BENCH_WORKLOADS[i].key);
  }
  return 0;
}

// -- judging -----------------------------------------------------------------------------------------------------------------

// Two notes a second, up and down a scale, as a sampled flute.
static void
make_take(shed_sound *s, shed_prompt *p)
{
  static const int steps[] = {0, 2, 4, 5, 7, 9, 11, 12, 11, 9, 7, 5, 4, 2};
  shed_render_note notes[NOTES];
  shed_render_opts opts = {.rate_hz = BENCH_RATE_HZ, .tail_s = 0.5};
  shed_error       err  = {0};
  p->line.notes         = calloc(NOTES, sizeof(p->line.notes[0]));
  must(p->line.notes != NULL);
  p->line.n_notes = NOTES;
  for (int i = 0; i < NOTES; i++) {
    int midi = 72 + steps[i % (int)SHED_COUNTOF(steps)];
    notes[i] = (shed_render_note){
        .onset_s = 0.5 * i, .duration_s = 0.45, .midi = midi, .velocity = 90, .program = 73};
    p->line.notes[i] = (shed_sounding_note){
        .index          = i,
        .pass           = 1,
        .pitched        = true,
        .midi           = midi,
        .sounding       = shed_pitch_spell(midi, 0),
        .beat           = 1 + i % 4,
        .onset_beats    = shed_beat_of(i, 1),
        .duration_beats = shed_beat_of(1, 1),
        .onset_s        = 0.5 * i,
        .duration_s     = 0.5,
        .staff          = 1,
    };
    (void)snprintf(p->line.notes[i].measure, sizeof(p->line.notes[i].measure), "%d", 1 + i / 4);
  }
  p->line.tempo_bpm    = 120;
  p->line.length_s     = JUDGE_SECONDS;
  p->line.length_beats = shed_beat_of(NOTES, 1);
  p->click_start_s     = NAN;
  p->a4_hz             = 440;
  (void)snprintf(p->assessor, sizeof(p->assessor), "melody");
  if (shed_render_notes(notes, NOTES, &opts, NULL, s, &err) != SHED_OK) {
    (void)fprintf(stderr, "%s: %s\n", err.where, err.what);
    exit(1);
  }
}

typedef struct {
  const shed_assessor *melody;
  const shed_prompt   *prompt;
  shed_take            take;
  shed_policy          policy;
} judging;

static void
run_judge(void *ctx)
{
  judging     *j = ctx;
  shed_verdict v = {0};
  must(j->melody->judge(j->prompt, &j->take, &j->policy, NULL, &v, NULL) == SHED_OK);
  shed_verdict_free(&v);
}

static void
print_judging(void)
{
  shed_sound  s = {0};
  shed_prompt p = {0};
  make_take(&s, &p);
  judging j = {.melody = shed_assessor_find("melody"), .prompt = &p};
  must(j.melody && shed_policy_preset("", &j.policy, NULL) == SHED_OK &&
       shed_hear_take(s.x, s.n, s.rate_hz, NULL, NULL, NULL, &j.take, NULL) == SHED_OK);
  bench_cost judge     = bench_run(run_judge, &j);
  job        peer      = start(BENCH_PEER, &s);
  job        ear       = start("ear", &s);
  bench_cost peer_cost = bench_run(run_job, &peer);
  bench_cost ear_cost  = bench_run(run_job, &ear);
  (void)printf("\njudging a %d s take of %d notes, once heard: %.1f ms of CPU; %.2f of aubio yinfft 4096 on "
               "the same take\n",
               JUDGE_SECONDS, NOTES, 1e3 * judge.median, judge.median / peer_cost.median);
  (void)printf("hearing and judging it: %.2f s of CPU, %.0f times faster than it was played\n",
               ear_cost.median + judge.median, JUDGE_SECONDS / (ear_cost.median + judge.median));
  peer.w->end(peer.ctx);
  ear.w->end(ear.ctx);
  shed_take_free(&j.take);
  shed_prompt_free(&p);
  shed_sound_free(&s);
}

int
main(int argc, char **argv)
{
  if (argc >= 3 && strcmp(argv[1], "--count") == 0) {
    return count_one(argv[2], argc > 3 ? strtol(argv[3], NULL, 10) : 1);
  }
  if (argc == 2 && strcmp(argv[1], "--list") == 0) {
    return list_keys();
  }
  shed_sound s = bench_varied(SECONDS, 1);
  print_costs(&s);
  shed_sound_free(&s);
  print_judging();
  return 0;
}
