// Cost of the ear and of its parts per second of sound, against aubio's parts in the same run, and of judging takes of several
// kinds after they were heard. CPU seconds of this thread, the least and the median of several runs.
//
//   bench_ear --judge [KIND]       judging alone, or one kind ("sung")
//   bench_ear --judge KIND RUNS    the same so many times and nothing else, for callgrind.sh and profilers
//   bench_ear --count KEY [RUNS]   one run (or so many) of one workload over ten seconds, for callgrind.sh and profilers
//   bench_ear --list               its keys
#include "tests/bench/judging.h"
#include "tests/bench/measure.h"
#include "tests/bench/workloads.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SECONDS = 40, COUNT_SECONDS = 10 };

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

int
main(int argc, char **argv)
{
  if (argc >= 3 && strcmp(argv[1], "--count") == 0) {
    return count_one(argv[2], argc > 3 ? strtol(argv[3], NULL, 10) : 1);
  }
  if (argc == 2 && strcmp(argv[1], "--list") == 0) {
    return list_keys();
  }
  if (argc == 4 && strcmp(argv[1], "--judge") == 0) {
    bench_only_judge(argv[2], strtol(argv[3], NULL, 10));
    return 0;
  }
  if (argc >= 2 && strcmp(argv[1], "--judge") == 0) {
    bench_print_judging(argc > 2 ? argv[2] : NULL);
    return 0;
  }
  shed_sound s = bench_varied(SECONDS, 1);
  print_costs(&s);
  shed_sound_free(&s);
  bench_print_judging(NULL);
  return 0;
}
