#include "tests/accuracy/boost.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CUTS = 63, BINS = CUTS + 1, LEAVES = BOOST_NODES + 1 };

static const double RATE       = .1;
static const double RIDGE      = 2; // of a leaf's value
static const double LEAST_BEND = 1; // of a leaf: so much of the second derivative

typedef struct {
  const boost_case *cases;
  int               n, features;
  float             cuts[BOOST_FEATURES_MOST][CUTS];
  uint8_t          *bins; // n rows of features
  double           *sum, *down, *bend;
  uint8_t          *node; // of each case, at the level in hand
} fitting;

static int
by_value(const void *a, const void *b)
{
  const float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

// Half of the cuts lie where the cases do, half where the yeses do, of which there are few.
static void
cut(fitting *f, int feature, float *room)
{
  int n_cuts = 0;
  for (int only = 0; only < 2; only++) {
    const int most = only ? CUTS : CUTS / 2;
    int       m    = 0;
    for (int i = 0; i < f->n; i++) {
      if (!only || f->cases[i].yes) {
        room[m++] = f->cases[i].x[feature];
      }
    }
    qsort(room, (size_t)m, sizeof(*room), by_value);
    for (const int wanted = most - n_cuts, from = n_cuts; n_cuts < most; n_cuts++) {
      f->cuts[feature][n_cuts] = m ? room[(long)(n_cuts - from + 1) * (m - 1) / (wanted + 1)] : 0;
    }
  }
  qsort(f->cuts[feature], CUTS, sizeof(float), by_value);
  for (int i = 0; i < f->n; i++) {
    int bin = 0;
    while (bin < CUTS && f->cases[i].x[feature] >= f->cuts[feature][bin]) {
      bin++;
    }
    f->bins[(size_t)i * (size_t)f->features + (size_t)feature] = (uint8_t)bin;
  }
}

typedef struct {
  double down, bend;
} part;

static double
worth(part p)
{
  return p.down * p.down / (p.bend + RIDGE);
}

// The best cut of one node by its sums over bins. @return what it is worth.
static double
best_cut(const fitting *f, part sums[BOOST_FEATURES_MOST][BINS], int *feature, int *bin)
{
  double best = 0;
  *feature    = 0;
  *bin        = CUTS - 1;
  for (int k = 0; k < f->features; k++) {
    part all = {0, 0}, low = {0, 0};
    for (int b = 0; b < BINS; b++) {
      all.down += sums[k][b].down;
      all.bend += sums[k][b].bend;
    }
    for (int b = 0; b < CUTS; b++) {
      low.down += sums[k][b].down;
      low.bend += sums[k][b].bend;
      const part   high = {all.down - low.down, all.bend - low.bend};
      const double gain = worth(low) + worth(high) - worth(all);
      if (low.bend >= LEAST_BEND && high.bend >= LEAST_BEND && gain > best) {
        best     = gain;
        *feature = k;
        *bin     = b;
      }
    }
  }
  return best;
}

// One level of a tree: its nodes from @p first on.
static void
split(fitting *f, boost_tree *t, int first)
{
  static part sums[LEAVES][BOOST_FEATURES_MOST][BINS];
  int         bin[BOOST_NODES];
  const int   nodes = first + 1; // of this level
  memset(sums, 0, sizeof(sums));
  for (int i = 0; i < f->n; i++) {
    const uint8_t *row = f->bins + (size_t)i * (size_t)f->features;
    for (int k = 0; k < f->features; k++) {
      part *p = &sums[f->node[i]][k][row[k]];
      p->down += f->down[i];
      p->bend += f->bend[i];
    }
  }
  for (int d = 0; d < nodes; d++) {
    (void)best_cut(f, sums[d], &t->feature[first + d], &bin[d]);
    t->at[first + d] = f->cuts[t->feature[first + d]][bin[d]];
  }
  for (int i = 0; i < f->n; i++) {
    const int d = f->node[i];
    const int b = f->bins[(size_t)i * (size_t)f->features + (size_t)t->feature[first + d]];
    f->node[i]  = (uint8_t)(2 * d + (b > bin[d] ? 1 : 0));
  }
}

static void
grow(fitting *f, boost_tree *t)
{
  part leaves[LEAVES] = {{0, 0}};
  memset(f->node, 0, (size_t)f->n);
  for (int i = 0; i < f->n; i++) {
    const double p = 1 / (1 + exp(-f->sum[i]));
    f->down[i]     = (f->cases[i].yes ? 1 : 0) - p;
    f->bend[i]     = p * (1 - p);
  }
  for (int level = 0; level < BOOST_DEPTH; level++) {
    split(f, t, (1 << level) - 1);
  }
  for (int i = 0; i < f->n; i++) {
    leaves[f->node[i]].down += f->down[i];
    leaves[f->node[i]].bend += f->bend[i];
  }
  for (int k = 0; k < LEAVES; k++) {
    t->value[k] = (float)(RATE * leaves[k].down / (leaves[k].bend + RIDGE));
  }
  for (int i = 0; i < f->n; i++) {
    f->sum[i] += (double)t->value[f->node[i]];
  }
}

bool
boost_fit(const boost_case *cases, int n, int features, boost_form *out)
{
  fitting *f    = calloc(1, sizeof(*f));
  float   *room = calloc((size_t)n + 1, sizeof(*room));
  int      yes  = 0;
  bool     good = f && room;
  if (good) {
    *f      = (fitting){.cases = cases, .n = n, .features = features};
    f->bins = calloc((size_t)n * (size_t)features + 1, 1);
    f->node = calloc((size_t)n + 1, 1);
    f->sum  = calloc((size_t)n + 1, sizeof(*f->sum));
    f->down = calloc((size_t)n + 1, sizeof(*f->down));
    f->bend = calloc((size_t)n + 1, sizeof(*f->bend));
    good    = f->bins && f->node && f->sum && f->down && f->bend;
  }
  for (int k = 0; good && k < features; k++) {
    cut(f, k, room);
  }
  for (int i = 0; i < n; i++) {
    yes += cases[i].yes ? 1 : 0;
  }
  out->base = log((yes + 1.) / (n - yes + 1.));
  for (int i = 0; good && i < n; i++) {
    f->sum[i] = out->base;
  }
  for (int k = 0; good && k < BOOST_TREES; k++) {
    grow(f, &out->trees[k]);
  }
  if (f) {
    free(f->bins);
    free(f->node);
    free(f->sum);
    free(f->down);
    free(f->bend);
  }
  free(f);
  free(room);
  return good;
}

double
boost_sum(const boost_form *f, const float *x)
{
  double sum = f->base;
  for (int k = 0; k < BOOST_TREES; k++) {
    const boost_tree *t    = &f->trees[k];
    int               node = 0;
    while (node < BOOST_NODES) {
      node = 2 * node + (x[t->feature[node]] < t->at[node] ? 1 : 2);
    }
    sum += (double)t->value[node - BOOST_NODES];
  }
  return sum;
}
