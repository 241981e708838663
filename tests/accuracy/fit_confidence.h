/// The confidence: a logistic form of the path's evidence, then a monotone line through knots, so that of the frames that
/// say .9 nine in ten are right within 50 cents.
#ifndef SHED_TEST_FIT_CONFIDENCE_H
#define SHED_TEST_FIT_CONFIDENCE_H

#include "tests/accuracy/fit_path.h"

enum { FIT_KNOTS = 15 };
static const double FIT_KNOT_LOW = -3, FIT_KNOT_STEP = 1; ///< of the logistic form

typedef struct {
  double weight[SHED_PATH_EVIDENCE + 1]; ///< the last is the constant
  double knot[FIT_KNOTS];
} fit_confidence;

/// From the frames with a pitch of the items that are not held out.
fit_confidence fit_confidence_of(const fit_ear *ear, const fit_item *items, int n);

#endif
