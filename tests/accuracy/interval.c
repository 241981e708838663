#include "tests/accuracy/interval.h"

#include "engine/base/rng.h"

#include <math.h>
#include <stdlib.h>

enum { DRAWS = 1000, LOW = 24, HIGH = 974, SEED = 20140 };

static int
by_value(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double
ratio(double part, double whole)
{
  return whole > 0 ? part / whole : 0;
}

// With b NULL the ratio of a alone.
static interval
bootstrap(const double *const a[2], const double *const b[2], int n)
{
  double   drawn[DRAWS];
  shed_rng rng;
  interval out = {NAN, NAN, NAN};
  if (n == 0) {
    return out;
  }
  shed_rng_seed(&rng, SEED, 7);
  for (int d = -1; d < DRAWS; d++) { // the first is the sample itself
    double sum[4] = {0};
    for (int k = 0; k < n; k++) {
      int i = d < 0 ? k : (int)shed_rng_below(&rng, (uint32_t)n);
      sum[0] += a[0][i];
      sum[1] += a[1][i];
      sum[2] += b ? b[0][i] : 0;
      sum[3] += b ? b[1][i] : 0;
    }
    double v = ratio(sum[0], sum[1]) - (b ? ratio(sum[2], sum[3]) : 0);
    if (d < 0) {
      out.value = v;
    } else {
      drawn[d] = v;
    }
  }
  qsort(drawn, DRAWS, sizeof(*drawn), by_value);
  out.low  = drawn[LOW];
  out.high = drawn[HIGH];
  return out;
}

interval
interval_of_ratio(const double *part, const double *whole, int n)
{
  return bootstrap((const double *const[]){part, whole}, NULL, n);
}

interval
interval_of_gain(const double *part_a, const double *whole_a, const double *part_b, const double *whole_b,
                 int n)
{
  return bootstrap((const double *const[]){part_a, whole_a}, (const double *const[]){part_b, whole_b}, n);
}
