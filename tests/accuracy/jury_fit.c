#include "tests/accuracy/jury_fit.h"

#include "engine/base/rng.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 1500, RESAMPLES = 1000, GROUPS_MAX = 64, COLUMNS_MAX = 16 };

static const double FIRST_WEIGHT = 2, STEP = .03, RIDGE = 1e-3;
static const double KEEP_MEAN = .9, KEEP_SQUARE = .99;

double
jury_grade_of(const char *csv_path, const char *name)
{
  FILE  *f = fopen(csv_path, "r");
  char   row[256];
  size_t len   = strlen(name);
  double sum   = 0;
  int    count = 0, columns = 0;
  if (f && fgets(row, sizeof(row), f)) {
    for (const char *c = row; *c; c++) {
      columns += *c == ',';
    }
    columns -= strstr(row, "majority") ? 1 : 0;
  }
  while (f && fgets(row, sizeof(row), f)) {
    if (strncmp(row, name, len) != 0 || row[len] != ',') {
      continue;
    }
    char *at = row + len;
    for (int k = 0; k < columns && *at == ','; k++) {
      char  *end;
      double grade = strtod(at + 1, &end);
      sum += end > at + 1 ? grade : 0;
      count += end > at + 1;
      at = end > at + 1 ? end : at + 1;
    }
  }
  if (f) {
    (void)fclose(f);
  }
  return count ? sum / count : (double)NAN;
}

static double
value_of(const jury_take *t, bool left_out)
{
  return left_out ? t->left_out : t->score;
}

double
jury_auc(const jury_take *t, size_t n, bool left_out)
{
  double right = 0, pairs = 0;
  for (size_t i = 0; i < n; i++) {
    for (size_t k = 0; k < n; k++) {
      if (t[i].passed && !t[k].passed) {
        double a = value_of(&t[i], left_out), b = value_of(&t[k], left_out);
        right += a > b ? 1 : a < b ? 0 : .5;
        pairs++;
      }
    }
  }
  return pairs > 0 ? right / pairs : (double)NAN;
}

double
jury_correlation(const jury_take *t, size_t n, bool left_out)
{
  double x = 0, y = 0, xx = 0, yy = 0, xy = 0, k = (double)n;
  for (size_t i = 0; i < n; i++) {
    double v = value_of(&t[i], left_out), g = t[i].grade;
    x += v;
    y += g;
    xx += v * v;
    yy += g * g;
    xy += v * g;
  }
  return (k * xy - x * y) / sqrt((k * xx - x * x) * (k * yy - y * y));
}

double
jury_error(const jury_take *t, size_t n, bool left_out)
{
  double sum = 0;
  for (size_t i = 0; i < n; i++) {
    sum += fabs(1 + 3 * value_of(&t[i], left_out) - t[i].grade);
  }
  return sum / (double)n;
}

typedef struct {
  double start, weight[SHED_DIMENSIONS];
} weights;

static double
score_by(const weights *w, const shed_overall *o)
{
  double sum = w->start;
  for (int k = 0; k < o->n_parts; k++) {
    sum += w->weight[k] * o->parts[k].share;
  }
  return 1 / (1 + exp(-sum));
}

// Least squares of the grade through the logistic map, weights of 0 and more: Adam's steps (Kingma and Ba 2015) on all takes
// at once. @param without  a group, -1 none.
static weights
fit(const jury_take *t, size_t n, int without)
{
  const int parts = n ? t[0].overall.n_parts : 0;
  weights   w = {.start = 0}, mean = {0}, square = {0};
  size_t    used = 0;
  for (size_t i = 0; i < n; i++) {
    used += t[i].group != without;
    for (int k = 0; k < parts && t[i].group != without; k++) {
      w.weight[k] = FIRST_WEIGHT;
      w.start -= FIRST_WEIGHT * t[i].overall.parts[k].share;
    }
  }
  w.start /= (double)used;
  for (int round = 1; round <= ROUNDS; round++) {
    double down[SHED_DIMENSIONS + 1] = {0};
    for (size_t i = 0; i < n; i++) {
      if (t[i].group == without) {
        continue;
      }
      double s    = score_by(&w, &t[i].overall);
      double each = (1 + 3 * s - t[i].grade) * 3 * s * (1 - s) / (double)used;
      for (int k = 0; k < parts; k++) {
        down[k] += each * t[i].overall.parts[k].share;
      }
      down[SHED_DIMENSIONS] += each;
    }
    for (int k = 0; k <= SHED_DIMENSIONS; k++) {
      bool    start = k == SHED_DIMENSIONS;
      double *m = start ? &mean.start : &mean.weight[k], *q = start ? &square.start : &square.weight[k];
      double *x = start ? &w.start : &w.weight[k];
      double  g = down[k] + (start ? 0 : RIDGE * *x);
      if (!start && k >= parts) {
        continue;
      }
      *m = KEEP_MEAN * *m + (1 - KEEP_MEAN) * g;
      *q = KEEP_SQUARE * *q + (1 - KEEP_SQUARE) * g * g;
      *x -= STEP * *m / (1 - pow(KEEP_MEAN, round)) / (sqrt(*q / (1 - pow(KEEP_SQUARE, round))) + 1e-9);
      *x = start ? *x : fmax(*x, 0);
    }
  }
  return w;
}

static int
by_value(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

typedef double (*figure)(const jury_take *t, size_t n, bool left_out);

// 95 % by drawing groups with replacement.
static void
interval_of(const jury_take *t, size_t n, int groups, figure f, bool left_out, double *low, double *high)
{
  static jury_take drawn[4 * JURY_TAKES_MAX];
  static double    values[RESAMPLES];
  shed_rng         rng;
  size_t           count = 0;
  shed_rng_seed(&rng, 20260101, 1);
  for (int r = 0; r < RESAMPLES; r++) {
    size_t m = 0;
    for (int g = 0; g < groups; g++) {
      int one = (int)shed_rng_below(&rng, (uint32_t)groups);
      for (size_t i = 0; i < n && m < SHED_COUNTOF(drawn); i++) {
        if (t[i].group == one) {
          drawn[m++] = t[i];
        }
      }
    }
    double v = m ? f(drawn, m, left_out) : (double)NAN;
    if (!isnan(v)) {
      values[count++] = v;
    }
  }
  qsort(values, count, sizeof(values[0]), by_value);
  *low  = count ? values[(size_t)(.025 * (double)count)] : (double)NAN;
  *high = count ? values[(size_t)(.975 * (double)count)] : (double)NAN;
}

static int
by_error(const void *a, const void *b)
{
  const jury_take *x = *(jury_take *const *)a, *y = *(jury_take *const *)b;
  double           d = fabs(1 + 3 * y->score - y->grade) - fabs(1 + 3 * x->score - x->grade);
  return d < 0 ? -1 : d > 0 ? 1 : strcmp(x->name, y->name);
}

static void
tell(const jury_take *t)
{
  printf("  %-26s grade %.2f %s  told %.2f ", t->name, t->grade, t->passed ? "pass" : "fail",
         1 + 3 * t->score);
  for (int k = 0; k < t->overall.n_parts; k++) {
    printf(" %s %.2f", t->overall.parts[k].name, t->overall.parts[k].share);
  }
  printf("\n");
}

static double
band_of(const jury_take *t, size_t n, double share)
{
  static double off[JURY_TAKES_MAX];
  for (size_t i = 0; i < n; i++) {
    off[i] = fabs(1 + 3 * t[i].left_out - t[i].grade);
  }
  qsort(off, n, sizeof(off[0]), by_value);
  return off[(size_t)(share * (double)(n - 1))];
}

static int
groups_of(const jury_take *t, size_t n)
{
  int groups = 0;
  for (size_t i = 0; i < n; i++) {
    groups = t[i].group >= groups ? t[i].group + 1 : groups;
  }
  return groups;
}

void
jury_leave_out(jury_take *t, size_t n)
{
  const int groups = groups_of(t, n);
  for (int g = 0; g < groups; g++) {
    weights w = fit(t, n, g);
    for (size_t i = 0; i < n; i++) {
      t[i].left_out = t[i].group == g ? score_by(&w, &t[i].overall) : t[i].left_out;
    }
  }
}

void
jury_tell_fit(const jury_take *t, size_t n)
{
  weights w = fit(t, n, -1);
  printf("fitted on all %zu: start %.2f", n, w.start);
  for (int k = 0; n && k < t[0].overall.n_parts; k++) {
    printf("  %s %.2f", t[0].overall.parts[k].name, w.weight[k]);
  }
  printf("; four of five takes within %.2f\n", n ? band_of(t, n, .8) : (double)NAN);
}

void
jury_report(const char *title, const jury_take *t, size_t n, size_t tell_most)
{
  static const struct {
    const char *name;
    figure      f;
  } figures[] = {{"pass or fail, AUC", jury_auc},
                 {"r with the mean grade", jury_correlation},
                 {"mean error, grades", jury_error}};
  static const jury_take *order[JURY_TAKES_MAX];
  const int               groups = groups_of(t, n);
  printf("%s: %zu takes, %d groups\n", title, n, groups);
  for (size_t k = 0; k < SHED_COUNTOF(figures); k++) {
    double low, high, low_out, high_out;
    interval_of(t, n, groups, figures[k].f, false, &low, &high);
    interval_of(t, n, groups, figures[k].f, true, &low_out, &high_out);
    printf("  %-22s %.3f [%.3f, %.3f]   its group left out of the fit %.3f [%.3f, %.3f]\n", figures[k].name,
           figures[k].f(t, n, false), low, high, figures[k].f(t, n, true), low_out, high_out);
  }
  for (size_t i = 0; i < n; i++) {
    order[i] = &t[i];
  }
  qsort((void *)order, n, sizeof(const jury_take *), by_error);
  for (size_t i = 0; i < n && i < tell_most; i++) {
    tell(order[i]);
  }
}
