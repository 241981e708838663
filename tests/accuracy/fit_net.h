/// Fitting of a small net (engine/dsp/net.h) by gradient descent: Adam (Kingma and Ba 2015), with decay.
#ifndef SHED_TEST_FIT_NET_H
#define SHED_TEST_FIT_NET_H

#include "engine/base/rng.h"
#include "engine/dsp/net.h"

#include <stdbool.h>

enum { FIT_ANSWERS_MAX = 48, FIT_INPUTS_MAX = 96 }; ///< answers of a case; shared inputs, and own ones

/// A case: several answers, each from shared inputs and its own. Which one is right, or for a single answer whether
/// it is.
typedef struct {
  const float *shared; ///< the net's first inputs, raw; the same for all answers
  const float *own;    ///< n rows of the rest, raw, row_stride floats apart
  int          row_stride;
  int          n;
  int          right; ///< 0..n-1; of a single answer 1 or 0
  float        weight;
  const float *share; ///< of each answer in what is right, 1 in all; NULL: all of it belongs to that one
} fit_case;

typedef struct {
  int    n_shared, n_own;
  bool   single; ///< logistic in one answer; else a soft maximum over them
  double learn, decay;
  int    batch;
  // the net's own copy of its weights; net.input points into it
  shed_net_input *input;
  shed_net        net;
  float          *m1, *m2, *grad;
  long            steps;
  double          settle; ///< share of each step in the running mean of the weights; 0: none is kept
  float          *settled;
} fit_net;

void fit_net_init(fit_net *f, int n_shared, int n_own, bool single, uint64_t seed);
void fit_net_free(fit_net *f);
/// Means and deviations from @p n cases.
void fit_net_standardise(fit_net *f, const fit_case *cases, int n);
/// One pass over @p n cases in a drawn order. @return the mean loss.
double fit_net_epoch(fit_net *f, const fit_case *cases, int n, shed_rng *r, double rate);
/// The running mean of the weights for the weights: it errs less than any one of them.
void fit_net_settle(fit_net *f);
/// Answers of the net for a case, before the soft maximum.
void fit_net_answer(const fit_net *f, const fit_case *c, float y[FIT_ANSWERS_MAX]);

#endif
