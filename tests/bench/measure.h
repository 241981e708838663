/// What the benches share: clocks of the processor, and sound that is varied on purpose.
#ifndef SHED_BENCH_MEASURE_H
#define SHED_BENCH_MEASURE_H

#include "engine/audio/file.h"

enum { BENCH_RATE_HZ = 44100, BENCH_HOP = 441, BENCH_RUNS = 7 };

/// CPU seconds of this thread: what others on the machine do is not in it (what they do to the caches is).
double bench_thread_s(void);

typedef struct {
  double least, median;
} bench_cost;

/// CPU seconds of BENCH_RUNS runs.
bench_cost bench_run(void (*run)(void *ctx), void *ctx);

/// Rising, in place.
void   bench_sort(double *v, size_t n);
double bench_quantile(const double *sorted, size_t n, double share);

/// Everything an ear may meet, in turn: winds, strings, plucks, voices from the lowest string to the highest whistle, slow
/// and fast, with noise, claps and silence. Exits where there is no memory. The caller frees it with shed_sound_free().
shed_sound bench_varied(double seconds, uint64_t seed);

#endif
