// Sums over arrays eight at a time: always in the same order, on every machine and from every compiler, and quick without
// leave to reorder (two vectors of four, which any x86-64 and ARMv8 has). The vector type is an extension that gcc and clang
// share, the only one of this folder.
#ifndef SHED_DSP_LANES_H
#define SHED_DSP_LANES_H

#include <string.h>

typedef float shed_lanes __attribute__((vector_size(16)));
typedef int   shed_lanes_where __attribute__((vector_size(16)));

enum { SHED_LANES = 4 };

static inline shed_lanes
shed_lanes_load(const float *x)
{
  shed_lanes v;
  memcpy(&v, x, sizeof(v));
  return v;
}

static inline void
shed_lanes_store(float *x, shed_lanes v)
{
  memcpy(x, &v, sizeof(v));
}

static inline shed_lanes
shed_lanes_all(float x)
{
  return (shed_lanes){x, x, x, x};
}

/// v where @p where is true (all ones), else 0.
static inline shed_lanes
shed_lanes_keep(shed_lanes v, shed_lanes_where where)
{
  return (shed_lanes)((shed_lanes_where)v & where);
}

static inline shed_lanes
shed_lanes_max(shed_lanes a, shed_lanes b)
{
  shed_lanes_where more = a > b;
  return (shed_lanes)(((shed_lanes_where)a & more) | ((shed_lanes_where)b & ~more));
}

static inline float
shed_lanes_highest(shed_lanes v)
{
  float a = v[0] > v[1] ? v[0] : v[1];
  float b = v[2] > v[3] ? v[2] : v[3];
  return a > b ? a : b;
}

static inline float
shed_lanes_sum(shed_lanes a, shed_lanes b)
{
  shed_lanes s = a + b;
  return (s[0] + s[1]) + (s[2] + s[3]);
}

/// Four steps of a running sum of squares from @p sum on: what stands before, and after each of the first three. The chain
/// is as long as one step's.
static inline double
shed_lanes_run(double sum, const float *x, double before[4])
{
  double a  = (double)(x[0] * x[0]);
  double b  = a + (double)(x[1] * x[1]);
  double c  = b + (double)(x[2] * x[2]);
  before[0] = sum;
  before[1] = sum + a;
  before[2] = sum + b;
  before[3] = sum + c;
  return sum + (c + (double)(x[3] * x[3]));
}

/// Sum of a[i] b[i]. What does not fill eight lanes comes last.
static inline float
shed_lanes_dot(const float *a, const float *b, int n)
{
  shed_lanes s = {0}, t = {0};
  int        i = 0;
  for (; i + 8 <= n; i += 8) {
    s += shed_lanes_load(a + i) * shed_lanes_load(b + i);
    t += shed_lanes_load(a + i + 4) * shed_lanes_load(b + i + 4);
  }
  float sum = shed_lanes_sum(s, t);
  for (; i < n; i++) {
    sum += a[i] * b[i];
  }
  return sum;
}

#endif
