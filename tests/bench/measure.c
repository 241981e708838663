#include "tests/bench/measure.h"

#include "engine/base/rng.h"
#include "tests/corpus/synth.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { TONES_MAX = 4096, SCENE_S = 10 };

double
bench_thread_s(void)
{
  struct timespec t;
  (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int
by_value(const void *a, const void *b)
{
  double x = *(const double *)a;
  double y = *(const double *)b;
  return (x > y) - (x < y);
}

void
bench_sort(double *v, size_t n)
{
  qsort(v, n, sizeof(v[0]), by_value);
}

double
bench_quantile(const double *sorted, size_t n, double share)
{
  return sorted[(size_t)(share * (double)(n - 1) + 0.5)];
}

bench_cost
bench_run(void (*run)(void *ctx), void *ctx)
{
  double cost[BENCH_RUNS];
  for (int i = 0; i < BENCH_RUNS; i++) {
    double start = bench_thread_s();
    run(ctx);
    cost[i] = bench_thread_s() - start;
  }
  bench_sort(cost, BENCH_RUNS);
  return (bench_cost){cost[0], cost[BENCH_RUNS / 2]};
}

// Ten seconds of one instrument in its own range and at its own speed.
typedef struct {
  corpus_timbre timbre;
  double        low_midi, high_midi;
  double        note_s;
  double        noise; // RMS, full scale 1
} scene;

static const scene SCENES[] = {
    {CORPUS_FLUTE, 60, 96, 0.50, 0.0003}, {CORPUS_PLUCKED, 28, 52, 0.25, 0.0003},
    {CORPUS_SUNG_A, 48, 72, 0.40, 0.003}, {CORPUS_REED, 50, 84, 0.107, 0.0003},
    {CORPUS_CLAP, 60, 60, 0.30, 0.001},   {CORPUS_STRING, 36, 90, 0.70, 0.001},
    {CORPUS_BRASS, 28, 70, 0.20, 0.01},   {CORPUS_PIANO, 21, 108, 0.15, 0.0003},
};

shed_sound
bench_varied(double seconds, uint64_t seed)
{
  corpus_tone *tones = calloc(TONES_MAX, sizeof(*tones));
  size_t       n     = 0;
  shed_sound   s     = {0};
  shed_rng     rng;
  shed_rng_seed(&rng, seed, 1);
  for (double at = 0.3; tones && at < seconds && n < TONES_MAX;) {
    const scene *c = &SCENES[(size_t)(at / SCENE_S) % SHED_COUNTOF(SCENES)];
    if (shed_rng_unit(&rng) < 0.08) {
      at += 0.6; // a rest
      continue;
    }
    tones[n++] = (corpus_tone){.timbre     = c->timbre,
                               .onset_s    = at,
                               .duration_s = 0.9 * c->note_s,
                               .midi       = c->low_midi + (c->high_midi - c->low_midi) * shed_rng_unit(&rng),
                               .level_db   = -30.0 + 15.0 * shed_rng_unit(&rng),
                               .vibrato_hz = 5.5,
                               .vibrato_cents = 20.0 * shed_rng_unit(&rng)};
    at += c->note_s;
  }
  if (!tones || corpus_synth(tones, n, BENCH_RATE_HZ, seconds, seed, NULL, &s) != SHED_OK) {
    (void)fprintf(stderr, "no memory for the sound\n");
    exit(1);
  }
  for (size_t i = 0; i < s.n; i++) {
    const scene *c = &SCENES[i / BENCH_RATE_HZ / SCENE_S % SHED_COUNTOF(SCENES)];
    s.x[i] += (float)(c->noise * shed_rng_normal(&rng));
  }
  free(tones);
  return s;
}
