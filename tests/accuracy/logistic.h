/// A logistic form of a few features, fitted by Newton's method with a ridge on standardised features.
#ifndef WOODSHED_TESTS_ACCURACY_LOGISTIC_H
#define WOODSHED_TESTS_ACCURACY_LOGISTIC_H

#include <stdbool.h>

enum { LOGISTIC_FEATURES_MOST = 20 };

typedef struct {
  double w[LOGISTIC_FEATURES_MOST + 1]; ///< of each feature; the constant right behind them
} logistic_form;

/// Cases that somebody else keeps.
typedef struct {
  const void *kept;
  int         n;
  int         features; ///< 1 to LOGISTIC_FEATURES_MOST
  /// @return the features of case @p i; NULL: it is left out. @param[out] yes what it is.
  const double *(*look)(const void *kept, int i, bool *yes);
} logistic_cases;

/// Log odds that a case is a yes, within +-30.
double logistic_sum(const logistic_form *f, const double *x, int features);

logistic_form logistic_fit(const logistic_cases *c);

#endif
