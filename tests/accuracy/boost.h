/// Small trees, each fitted to what those before it left (Friedman 2001, Annals of Statistics 29(5) 1189-1232, with Newton's steps): what
/// can be told from some features when nobody says which form the answer has.
#ifndef SHED_TEST_BOOST_H
#define SHED_TEST_BOOST_H

#include <stdbool.h>

enum { BOOST_FEATURES_MOST = 32, BOOST_TREES = 150, BOOST_DEPTH = 3, BOOST_NODES = (1 << BOOST_DEPTH) - 1 };

typedef struct {
  const float *x; ///< finite; borrowed
  bool         yes;
} boost_case;

typedef struct {
  int   feature[BOOST_NODES]; ///< the node's two children stand at 2 i + 1 (below) and 2 i + 2
  float at[BOOST_NODES];      ///< below: to the first child
  float value[BOOST_NODES + 1];
} boost_tree;

typedef struct {
  double     base;
  boost_tree trees[BOOST_TREES];
} boost_form;

/// @param features 1 to BOOST_FEATURES_MOST. @return false without memory. Deterministic.
bool boost_fit(const boost_case *cases, int n, int features, boost_form *out);
/// Log odds of a yes.
double boost_sum(const boost_form *f, const float *x);

#endif
