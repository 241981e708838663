/// What is asked in a made take, and the melody judge's verdict on it.
#ifndef SHED_TEST_TAKES_JUDGE_H
#define SHED_TEST_TAKES_JUDGE_H

#include "assessors/judge.h"
#include "engine/task/prompt.h"
#include "engine/task/verdict.h"
#include "tests/corpus/take.h"

/// The caller frees *out with shed_prompt_free().
SHED_NODISCARD shed_status takes_prompt(const corpus_take *t, const corpus_performance *p, shed_prompt *out);
/// The caller frees *v with shed_verdict_free().
SHED_NODISCARD shed_status takes_judge(const corpus_take *t, const corpus_performance *p,
                                       const shed_take *take, shed_verdict *v, shed_error *err);

/// A take as far as the way through it, under the default policy: for who fits or looks at what the judge has before it labels.
typedef struct {
  shed_prompt prompt;
  shed_policy policy;
  shed_judged j;
  bool        known, prompted, opened; ///< known: enough was heard of the music
} takes_opened;
/// takes_close() in any case; @p out stays where it is until then.
SHED_NODISCARD shed_status takes_open(const corpus_take *t, const corpus_performance *p,
                                      const shed_take *heard, takes_opened *out, shed_error *err);
void                       takes_close(takes_opened *o);

#endif
