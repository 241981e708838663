/// Inside this folder only: what is weighed where a right pitch may be somebody else's. Every call on the thread that judges.
#ifndef SHED_ASSESSORS_JUDGE_WHOSE_H
#define SHED_ASSESSORS_JUDGE_WHOSE_H

#include "assessors/judge.h"

enum { SHED_WHOSE_FEATURES = 10 };

/// Who else is heard.
typedef struct {
  const shed_judged *j; ///< not owned
  bool               any;
  double             db; ///< as shed_extras_others_db(); NaN without
} shed_others;

/// After shed_judge_learn_own(). Of voices nobody else is told.
shed_others shed_whose_begin(const shed_judged *j);
/// What tells whose sound it was that has the pitch asked for, as judge_whose.def has it. @param f found, of an event of one note.
void shed_whose_view(const shed_others *o, const shed_found *f, double x[SHED_WHOSE_FEATURES]);

#endif
