#include "mastery/model/mark.h"

#include <math.h>
#include <string.h>

static const double ASSESSED_LEAST = 0.80; // of a take, and of a dimension in it; under it, it is passed over
static const double CATEGORY_TARGET = 0.75;
static const double ROUNDING        = 1e-9; // scores are decimal fractions: .9 of 20 is 2 misses, not 1.9999
// Stored scores have six decimals: on ten thousand notes that is a hundredth of a slip.
static const double SLIP_ROUNDING = 0.01;

static double
misses_allowed(double target, int notes)
{
  double allowed = floor((1 - target) * notes + ROUNDING);
  return allowed < 1 ? 1 : allowed;
}

bool
shed_gate_reaches(double score, double target, int notes)
{
  if (isnan(score)) {
    return false;
  }
  if (score >= target - ROUNDING) {
    return true;
  }
  double right = score * notes;
  return right >= 1 - SLIP_ROUNDING && notes - right <= misses_allowed(target, notes) + SLIP_ROUNDING;
}

const shed_gate_mark *
shed_mark_of(const shed_gate_take *t, const char *dimension)
{
  for (int i = 0; i < t->n_marks; i++) {
    if (strcmp(t->marks[i].dimension, dimension) == 0) {
      return &t->marks[i];
    }
  }
  return NULL;
}

bool
shed_mark_is_enough(double assessed)
{
  return assessed >= ASSESSED_LEAST - ROUNDING;
}

bool
shed_mark_is_judged(const shed_gate_mark *m)
{
  return m && !isnan(m->score) && shed_mark_is_enough(m->assessed);
}

bool
shed_mark_is_identification(const char *dimension)
{
  return strcmp(dimension, SHED_DIMENSION_IDENTIFICATION) == 0;
}

// Right answers and their number in one category of a take.
static void
category_sum(const shed_gate_take *t, const char *category, double *right, int *n)
{
  *right = 0;
  *n     = 0;
  for (int i = 0; i < t->n_answers; i++) {
    if (strcmp(t->answers[i].category, category) == 0) {
      *right += t->answers[i].score;
      ++*n;
    }
  }
}

bool
shed_mark_categories_reach(const shed_gate_take *t, char *weakest, double *weakest_share)
{
  bool   reach = true;
  double least = 2;
  for (int i = 0; i < t->n_answers; i++) {
    double right;
    int    n;
    category_sum(t, t->answers[i].category, &right, &n);
    reach = reach && n - right <= misses_allowed(CATEGORY_TARGET, n) + ROUNDING;
    if (weakest && right / n < least) {
      least = right / n;
      memcpy(weakest, t->answers[i].category, SHED_GATE_CATEGORY);
      *weakest_share = least;
    }
  }
  return reach;
}

bool
shed_mark_reaches(const shed_gate_take *t, const shed_gate_mark *m, double target)
{
  return shed_gate_reaches(m->score, target, m->notes) &&
         (!shed_mark_is_identification(m->dimension) || shed_mark_categories_reach(t, NULL, NULL));
}
