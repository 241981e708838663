#include "rubrics/round.h"

#include <math.h>
#include <string.h>

static const double SAME = 1e-9; // sums of tenths are not exact

static double
as_it_is(double x)
{
  return x;
}

static double
down(double x)
{
  return floor(x + SAME);
}

static double
up(double x)
{
  return ceil(x - SAME);
}

static double
half_down(double x)
{
  return ceil(x - .5 - SAME);
}

static double
half_up(double x)
{
  return floor(x + .5 + SAME);
}

static const struct {
  const char *name;
  double (*round)(double x);
} ways[] = {{"", as_it_is}, {"none", as_it_is},       {"down", down},
            {"up", up},     {"half_down", half_down}, {"half_up", half_up}};

double
shed_round_as(double value, const char *how, double step, const shed_numbers *up_at)
{
  double unit = step > 0 ? step : 1;
  for (size_t i = 0; i < up_at->n; i++) {
    if (fabs(up_at->items[i] - value) < SAME) {
      return up(value / unit) * unit;
    }
  }
  for (size_t i = 0; i < SHED_COUNTOF(ways); i++) {
    if (strcmp(ways[i].name, how) == 0) {
      return ways[i].round == as_it_is ? value : ways[i].round(value / unit) * unit;
    }
  }
  shed_assert_failed("the loader knows every way of rounding", __FILE__, __LINE__);
}
