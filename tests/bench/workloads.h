/// Every workload whose cost is told, each over the same sound: the ear, its parts, and aubio's parts beside them. What a
/// workload needs is made before and freed after, so that only the work itself is counted.
#ifndef SHED_BENCH_WORKLOADS_H
#define SHED_BENCH_WORKLOADS_H

#include "engine/audio/file.h"

typedef struct {
  const char *key;   ///< as callgrind.sh names it
  const char *label; ///< as it is printed
  /// @return what run() and end() get; NULL when there is no memory.
  void *(*begin)(const shed_sound *s);
  void (*run)(void *ctx);
  void (*end)(void *ctx);
} bench_workload;

extern const bench_workload BENCH_WORKLOADS[];
extern const size_t         BENCH_N_WORKLOADS;
/// The one that all ratios are told against.
#define BENCH_PEER "yinfft4096"
/// Its place in BENCH_WORKLOADS; exits when there is none.
size_t bench_find(const char *key);

/// Runs one; a function of its own, so that callgrind can count what happens inside it alone.
void bench_measured(const bench_workload *w, void *ctx);

#endif
