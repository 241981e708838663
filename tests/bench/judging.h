/// What judging costs once a take was heard, by kinds of takes.
#ifndef SHED_BENCH_JUDGING_H
#define SHED_BENCH_JUDGING_H

/// A line for each kind: CPU and memory of the judge, CPU against BENCH_PEER over the same sound in turns with it. Exits where
/// there is no memory; without its sound font a kind is left out.
/// @param only the name of one kind, or NULL.
void bench_print_judging(const char *only);
/// Judge the takes of the kinds that are so named so many times, and print nothing: for callgrind.sh and profilers.
void bench_only_judge(const char *kind_name, long runs);

#endif
