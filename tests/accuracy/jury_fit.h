/// Scores of takes against the grades that people gave: ranks, correlation, intervals, and the fit of overall.def.
#ifndef SHED_TEST_JURY_FIT_H
#define SHED_TEST_JURY_FIT_H

#include "engine/task/verdict.h"

#include <stdbool.h>
#include <stddef.h>

enum { JURY_TAKES_MAX = 1200 };

typedef struct {
  char         name[64];
  int          group;  ///< the melody or pattern: what is left out together
  double       grade;  ///< mean, 1..4
  bool         passed; ///< the exam jury's word, or a mean grade of 2.5 and more where it said none
  double       score;  ///< 0..1 as the verdict has it
  shed_overall overall;
  double       left_out; ///< the score with weights fitted without this take's group
} jury_take;

/// Grades by take: "name,a,b,..." with any number of graders, the last column "majority" not counted when its header says so.
/// @return the mean grade of @p name; NaN when there is none.
double jury_grade_of(const char *csv_path, const char *name);

/// Share of pairs (passed, not passed) in the right order of score, or of left_out.
double jury_auc(const jury_take *t, size_t n, bool left_out);
double jury_correlation(const jury_take *t, size_t n, bool left_out);
/// Mean of |1 + 3 * score - grade|.
double jury_error(const jury_take *t, size_t n, bool left_out);

/// Fill left_out: for each group the weights are fitted on the takes of all others, as those of overall.def are on all. A take
/// that was judged against two references stands twice.
void jury_leave_out(jury_take *t, size_t n);
/// The weights fitted on all takes, and the half band that holds four of five of them left out.
void jury_tell_fit(const jury_take *t, size_t n);
/// The figures with intervals by group, and the worst takes; after jury_leave_out.
/// @param tell_most  how many of the worst.
void jury_report(const char *title, const jury_take *t, size_t n, size_t tell_most);

#endif
