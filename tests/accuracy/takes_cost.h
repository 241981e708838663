/// What judging costs, take by take, and one name for all verdicts: who makes the judge faster has to leave it as it was.
#ifndef SHED_TEST_TAKES_COST_H
#define SHED_TEST_TAKES_COST_H

#include "engine/base/hash.h"
#include "engine/task/take.h"
#include "tests/corpus/take.h"

typedef struct {
  size_t            index; ///< of the take
  corpus_take_group group;
  bool              sung;
  double            length_s, judged_s; ///< of the take; of CPU
} takes_cost;

/// Judge a take, @p all being fed with its verdict as it is written, but for what names the build.
SHED_NODISCARD shed_status takes_cost_of(const corpus_take *t, const corpus_performance *p,
                                         const shed_take *take, takes_cost *out, shed_sha256_stream *all,
                                         shed_error *err);
/// A line for each kind of take: CPU ms for a minute of it, and the worst.
void takes_print_costs(const takes_cost *c, int n);

#endif
