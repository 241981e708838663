/// What one builds in a day: aubio's notes and one global alignment of their pitches (Needleman and Wunsch 1970). It stands
/// beside the judge so that the corpus is seen to be hard enough.
#ifndef SHED_TEST_TAKES_BASELINE_H
#define SHED_TEST_TAKES_BASELINE_H

#include "engine/task/verdict.h"
#include "tests/accuracy/takes_heard.h"

/// @param v    its notes are made here: shed_verdict_free() frees them. Pitch correct, wrong or missed; early or late against one
///             robust line through the whole; what stands beside the alignment is extra; no restarts.
void takes_baseline(const corpus_tune *tune, const takes_heard *h, shed_verdict *v);

#endif
