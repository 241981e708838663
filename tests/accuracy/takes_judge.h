/// What is asked in a made take, and the melody judge's verdict on it.
#ifndef SHED_TEST_TAKES_JUDGE_H
#define SHED_TEST_TAKES_JUDGE_H

#include "engine/task/prompt.h"
#include "engine/task/verdict.h"
#include "tests/corpus/take.h"

/// The caller frees *out with shed_prompt_free().
SHED_NODISCARD shed_status takes_prompt(const corpus_take *t, const corpus_performance *p, shed_prompt *out);
/// The caller frees *v with shed_verdict_free().
SHED_NODISCARD shed_status takes_judge(const corpus_take *t, const corpus_performance *p,
                                       const shed_take *take, shed_verdict *v, shed_error *err);

#endif
