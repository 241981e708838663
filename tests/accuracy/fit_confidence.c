#include "tests/accuracy/fit_confidence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  float x[SHED_PATH_EVIDENCE];
  bool  right;
} claim;

typedef struct {
  claim *claims;
  int    n, cap;
} claims;

static void
collect(void *context, const fit_item *item, int frame, const shed_path_point *p, const float *evidence)
{
  claims *c     = context;
  float   truth = item->frames[frame].truth_hz;
  if (truth > 0 && p->n > 0) {
    if (c->n == c->cap) {
      c->cap    = 2 * c->cap + 4096;
      c->claims = realloc(c->claims, (size_t)c->cap * sizeof(*c->claims));
    }
    claim *to = &c->claims[c->n++];
    to->right = fabsf(log2f(p->f0_hz / truth)) <= 50.0f / 1200.0f;
    memcpy(to->x, evidence, sizeof(to->x));
  }
}

static double
form(const fit_confidence *c, const claim *k)
{
  double z = c->weight[SHED_PATH_EVIDENCE];
  for (int i = 0; i < SHED_PATH_EVIDENCE; i++) {
    z += c->weight[i] * (double)k->x[i];
  }
  return z;
}

static double
at_knot(double z, int *knot)
{
  double at = fmin(fmax((z - FIT_KNOT_LOW) / FIT_KNOT_STEP, 0), FIT_KNOTS - 1.001);
  *knot     = (int)at;
  return at - *knot;
}

// Batch gradient steps; four weights need no more.
static void
fit_form(fit_confidence *c, const claims *k)
{
  for (int pass = 0; pass < 400; pass++) {
    double g[SHED_PATH_EVIDENCE + 1] = {0};
    for (int i = 0; i < k->n; i++) {
      double off = 1 / (1 + exp(-form(c, &k->claims[i]))) - k->claims[i].right;
      for (int j = 0; j < SHED_PATH_EVIDENCE; j++) {
        g[j] += off * (double)k->claims[i].x[j];
      }
      g[SHED_PATH_EVIDENCE] += off;
    }
    for (int j = 0; j <= SHED_PATH_EVIDENCE; j++) {
      c->weight[j] -= 0.4 * g[j] / k->n;
    }
  }
}

// Least squares of the knots' line, and rising.
static void
fit_knots(fit_confidence *c, const claims *k)
{
  for (int j = 0; j < FIT_KNOTS; j++) {
    c->knot[j] = 1 / (1 + exp(-(FIT_KNOT_LOW + j * FIT_KNOT_STEP)));
  }
  for (int pass = 0; pass < 300; pass++) {
    double g[FIT_KNOTS] = {0}, m[FIT_KNOTS] = {0};
    for (int i = 0; i < k->n; i++) {
      int    j;
      double t = at_knot(form(c, &k->claims[i]), &j);
      double e = c->knot[j] * (1 - t) + c->knot[j + 1] * t - k->claims[i].right;
      g[j] += e * (1 - t);
      g[j + 1] += e * t;
      m[j] += 1 - t;
      m[j + 1] += t;
    }
    for (int j = 0; j < FIT_KNOTS; j++) {
      c->knot[j] -= 0.5 * g[j] / (m[j] + 20);
      c->knot[j] = fmin(fmax(c->knot[j], j > 0 ? c->knot[j - 1] : 0), 1);
    }
  }
}

fit_confidence
fit_confidence_of(const fit_ear *ear, const fit_item *items, int n)
{
  claims         said = {.n = 0};
  fit_confidence c    = {.weight = {0.5, 0.2, 0.1, 0.1, 0}};
  for (int i = 0; i < n; i++) {
    if (!items[i].held_out) {
      fit_follow(ear, &items[i], collect, &said);
    }
  }
  fit_form(&c, &said);
  fit_knots(&c, &said);
  free(said.claims);
  return c;
}
