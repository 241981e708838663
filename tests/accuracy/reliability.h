/// Does a confidence of .9 mean right nine times in ten? What was said against what was true, in ten steps, as text.
#ifndef SHED_TEST_RELIABILITY_H
#define SHED_TEST_RELIABILITY_H

#include <stdbool.h>

enum { RELIABILITY_STEPS = 10 };

/// Zero-initialised is empty.
typedef struct {
  double *said;
  bool   *right;
  int     n, cap;
} reliability;

void reliability_add(reliability *r, double said, bool right);
void reliability_free(reliability *r);

/// Expected calibration error: the mean of |said - right| over steps of .1, weighted by how many fell there (Naeini 2015).
double reliability_error(const reliability *r);

/// Print a table with bars: said, right, how many.
void reliability_print(const reliability *r, const char *what);

/// The straight line through the log-odds that fits best, p' = 1 / (1 + exp(-(a logit(p) + b))): what would mend a
/// confidence that is off (Platt 1999). Found by Newton's method.
void reliability_mend(const reliability *r, double *a, double *b);
/// What the confidences of @p r would be after it. The caller frees the result.
reliability reliability_mended(const reliability *r, double a, double b);

#endif
