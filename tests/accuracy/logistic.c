#include "tests/accuracy/logistic.h"

#include <math.h>

enum { WEIGHTS = LOGISTIC_FEATURES_MOST + 1, STEPS = 40 };

static const double RIDGE      = 2;
static const double STEP_LEAST = 1e-9;
static const double SUM_MOST   = 30; // of log odds

typedef struct {
  double mean[LOGISTIC_FEATURES_MOST], sd[LOGISTIC_FEATURES_MOST];
} scale;

double
logistic_sum(const logistic_form *f, const double *x, int features)
{
  double sum = f->w[features];
  for (int k = 0; k < features; k++) {
    sum += f->w[k] * x[k];
  }
  return fmin(fmax(sum, -SUM_MOST), SUM_MOST);
}

static scale
scale_of(const logistic_cases *c)
{
  scale  s = {{0}, {0}};
  double n = 0;
  for (int i = 0; i < c->n; i++) {
    bool          yes;
    const double *x = c->look(c->kept, i, &yes);
    for (int k = 0; x && k < c->features; k++) {
      s.mean[k] += x[k];
      s.sd[k] += x[k] * x[k];
    }
    n += x ? 1 : 0;
  }
  for (int k = 0; k < c->features; k++) {
    s.mean[k] /= fmax(n, 1);
    s.sd[k] = sqrt(fmax(s.sd[k] / fmax(n, 1) - s.mean[k] * s.mean[k], 1e-12));
  }
  return s;
}

// Gauss's elimination of a positive definite system; @p right becomes its solution.
static void
solve(double a[WEIGHTS][WEIGHTS], double right[WEIGHTS], int n)
{
  for (int i = 0; i < n; i++) {
    for (int r = i + 1; r < n; r++) {
      const double times = a[r][i] / a[i][i];
      for (int k = i; k < n; k++) {
        a[r][k] -= times * a[i][k];
      }
      right[r] -= times * right[i];
    }
  }
  for (int i = n - 1; i >= 0; i--) {
    for (int k = i + 1; k < n; k++) {
      right[i] -= a[i][k] * right[k];
    }
    right[i] /= a[i][i];
  }
}

// One step of Newton's method on standardised features. @return how far it went.
static double
step(const logistic_cases *c, const scale *s, logistic_form *f)
{
  double    bend[WEIGHTS][WEIGHTS] = {{0}}, down[WEIGHTS] = {0}, most = 0;
  const int n = c->features + 1;
  for (int i = 0; i < c->n; i++) {
    double        z[WEIGHTS] = {0};
    bool          yes;
    const double *x = c->look(c->kept, i, &yes);
    if (!x) {
      continue;
    }
    for (int k = 0; k < c->features; k++) {
      z[k] = (x[k] - s->mean[k]) / s->sd[k];
    }
    z[c->features] = 1;
    const double p = 1 / (1 + exp(-logistic_sum(f, z, c->features)));
    for (int k = 0; k < n; k++) {
      down[k] += (p - (yes ? 1 : 0)) * z[k];
      for (int m = 0; m < n; m++) {
        bend[k][m] += p * (1 - p) * z[k] * z[m];
      }
    }
  }
  for (int k = 0; k < c->features; k++) {
    down[k] += RIDGE * f->w[k];
    bend[k][k] += RIDGE;
  }
  solve(bend, down, n);
  for (int k = 0; k < n; k++) {
    f->w[k] -= down[k];
    most = fmax(most, fabs(down[k]));
  }
  return most;
}

logistic_form
logistic_fit(const logistic_cases *c)
{
  const scale   s = scale_of(c);
  logistic_form f = {{0}};
  for (int i = 0; i < STEPS && step(c, &s, &f) > STEP_LEAST; i++) {
  }
  for (int k = 0; k < c->features; k++) {
    f.w[k] /= s.sd[k];
    f.w[c->features] -= f.w[k] * s.mean[k];
  }
  return f;
}
