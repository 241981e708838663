// About this file: the shares of time that melody and rhythm have in common, and the map from shares to a score and to a
// jury's grade. Humans grading such takes follow the rhythm's pattern more than anything else, also in melodies.
#include "assessors/overall.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IN_PLACE_S   .08 // the tolerance whose share follows the graders best lies between 80 and 120 ms
#define LEAST_PACE   .2  // seconds played per second asked
#define GAP_CAP      1.  // natural logarithm: a gap three times too long is all wrong
#define LEAST_GAP_S  .02
#define LOWEST_GRADE 1.
#define GRADES       3. // from the lowest to the highest

enum { ROUNDS = 20, WORST = 2 };

double
shed_overall_credit(double distance, double full)
{
  return isnan(distance) ? 0 : fmin(fmax(2 - fabs(distance) / full, 0), 1);
}

static int
by_value(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

shed_overall_line
shed_overall_line_of(const shed_overall_moment *m, size_t n)
{
  shed_overall_line line = {.pace = 1, .offset_s = 0};
  for (int round = 0; round < ROUNDS; round++) {
    double w = 0, x = 0, y = 0, xx = 0, xy = 0;
    for (size_t i = 0; i < n; i++) {
      if (isnan(m[i].heard_s)) {
        continue;
      }
      double e = fabs(m[i].heard_s - line.pace * m[i].asked_s - line.offset_s);
      double k = round == 0 || e < IN_PLACE_S ? 1 : IN_PLACE_S / e;
      w += k;
      x += k * m[i].asked_s;
      y += k * m[i].heard_s;
      xx += k * m[i].asked_s * m[i].asked_s;
      xy += k * m[i].asked_s * m[i].heard_s;
    }
    double d = w * xx - x * x;
    if (d <= 1e-12) {
      break;
    }
    line.pace     = fmax((w * xy - x * y) / d, LEAST_PACE);
    line.offset_s = (y - line.pace * x) / w;
  }
  return line;
}

void
shed_overall_late(const shed_overall_moment *m, size_t n, double *late_s)
{
  const shed_overall_line line = shed_overall_line_of(m, n);
  for (size_t i = 0; i < n; i++) {
    late_s[i] = m[i].heard_s - line.pace * m[i].asked_s - line.offset_s;
  }
}

static double
share_in_place(const shed_overall_moment *m, size_t n, size_t extras, double *room)
{
  double sum = 0;
  shed_overall_late(m, n, room);
  for (size_t i = 0; i < n; i++) {
    sum += shed_overall_credit(room[i], IN_PLACE_S);
  }
  return sum / (double)(n + extras);
}

shed_overall_time
shed_overall_time_of(const shed_overall_moment *m, size_t n, size_t extras, double *room)
{
  shed_overall_time t   = {.place = share_in_place(m, n, extras, room)};
  double           *off = room, *paces = room + n;
  size_t            good = 0, gaps = n - 1;
  for (size_t i = 0; i < gaps; i++) {
    double asked = m[i + 1].asked_s - m[i].asked_s, heard = m[i + 1].heard_s - m[i].heard_s;
    bool   clear = !m[i + 1].broken && asked > 0 && heard > 0; // false too where one was not heard
    off[i]       = clear ? log(fmax(heard, LEAST_GAP_S) / asked) : (double)NAN;
    if (clear) {
      paces[good++] = off[i];
    }
  }
  qsort(paces, good, sizeof(*paces), by_value);
  double pace = good ? (paces[(good - 1) / 2] + paces[good / 2]) / 2 : 0, squares = 0;
  for (size_t i = 0; i < gaps; i++) {
    off[i] = isnan(off[i]) ? GAP_CAP : fmin(fabs(off[i] - pace), GAP_CAP);
    squares += off[i] * off[i];
  }
  qsort(off, gaps, sizeof(*off), by_value);
  t.pattern = 1 - sqrt(squares / (double)gaps);
  t.flow    = 1 - (gaps < WORST ? off[0] : (off[gaps - 1] + off[gaps - 2]) / 2);
  return t;
}

typedef struct {
  shed_overall_kind kind;
  double            start, band;
  const char       *basis;
} formula;

typedef struct {
  shed_overall_kind kind;
  const char       *share;
  double            weight;
} formula_part;

#define SHED_OVERALL(kind, start, band, basis) {SHED_OVERALL_##kind, start, band, basis},
#define SHED_OVERALL_PART(kind, share, weight)
static const formula formulas[] = {
#include "assessors/overall.def"
};
#undef SHED_OVERALL
#undef SHED_OVERALL_PART
#define SHED_OVERALL(kind, start, band, basis)
#define SHED_OVERALL_PART(kind, share, weight) {SHED_OVERALL_##kind, share, weight},
static const formula_part formula_parts[] = {
#include "assessors/overall.def"
};
#undef SHED_OVERALL
#undef SHED_OVERALL_PART

static double
share_named(const char *name, const shed_overall_part *shares, int n)
{
  for (int i = 0; i < n; i++) {
    if (strcmp(shares[i].name, name) == 0) {
      return shares[i].share;
    }
  }
  return (double)NAN;
}

void
shed_overall_fill(shed_verdict *v, shed_overall_kind kind, const shed_overall_part *shares, int n)
{
  const formula *f = formulas;
  while (f->kind != kind) {
    f++;
  }
  shed_overall o   = {.start = f->start};
  double       sum = f->start;
  for (size_t i = 0; i < SHED_COUNTOF(formula_parts); i++) {
    if (formula_parts[i].kind == kind) {
      shed_overall_part *p = &o.parts[o.n_parts++];
      p->share             = share_named(formula_parts[i].share, shares, n);
      p->weight            = formula_parts[i].weight;
      (void)snprintf(p->name, sizeof(p->name), "%s", formula_parts[i].share);
      SHED_ASSERT(p->share >= 0 && p->share <= 1);
      sum += p->weight * p->share;
    }
  }
  o.score      = 1 / (1 + exp(-sum));
  v->overall   = o;
  double grade = LOWEST_GRADE + GRADES * o.score;
  v->jury      = (shed_jury_estimate){.told  = true,
                                      .grade = grade,
                                      .low   = fmax(grade - f->band, LOWEST_GRADE),
                                      .high  = fmin(grade + f->band, LOWEST_GRADE + GRADES)};
  (void)snprintf(v->jury.basis, sizeof(v->jury.basis), "%s", f->basis);
}
