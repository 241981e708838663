#include "engine/music/beat.h"

#include "engine/base/attrs.h"

#include <math.h>

__extension__ typedef __int128 wide;

static const int64_t LIMIT      = (int64_t)1 << 62;
static const int64_t COARSE_DEN = (int64_t)1 << 20;

static wide
gcd(wide a, wide b)
{
  a = a < 0 ? -a : a;
  b = b < 0 ? -b : b;
  while (b) {
    wide r = a % b;
    a      = b;
    b      = r;
  }
  return a;
}

static shed_beat
lowest(wide num, wide den)
{
  SHED_ASSERT(den != 0);
  wide g = gcd(num, den);
  if (den < 0) {
    g = -g;
  }
  if (g != 0) {
    num /= g;
    den /= g;
  }
  if (num < LIMIT && num > -LIMIT && den < LIMIT) {
    return (shed_beat){(int64_t)num, (int64_t)den};
  }
  double  quarters = (double)num / (double)den;
  double  scaled   = round(quarters * (double)COARSE_DEN);
  double  most     = 4e18;
  int64_t coarse   = scaled > most ? (int64_t)most : scaled < -most ? -(int64_t)most : (int64_t)scaled;
  wide    cg       = gcd(coarse, COARSE_DEN);
  return (shed_beat){(int64_t)(coarse / cg), (int64_t)(COARSE_DEN / cg)};
}

shed_beat
shed_beat_of(int64_t num, int64_t den)
{
  return lowest(num, den);
}

shed_beat
shed_beat_add(shed_beat a, shed_beat b)
{
  return lowest((wide)a.num * b.den + (wide)b.num * a.den, (wide)a.den * b.den);
}

shed_beat
shed_beat_sub(shed_beat a, shed_beat b)
{
  return lowest((wide)a.num * b.den - (wide)b.num * a.den, (wide)a.den * b.den);
}

shed_beat
shed_beat_mul(shed_beat a, shed_beat b)
{
  return lowest((wide)a.num * b.num, (wide)a.den * b.den);
}

shed_beat
shed_beat_div(shed_beat a, shed_beat b)
{
  return lowest((wide)a.num * b.den, (wide)a.den * b.num);
}

int
shed_beat_cmp(shed_beat a, shed_beat b)
{
  wide left  = (wide)a.num * b.den;
  wide right = (wide)b.num * a.den;
  return (left > right) - (left < right);
}

double
shed_beat_quarters(shed_beat a)
{
  return (double)a.num / (double)a.den;
}
