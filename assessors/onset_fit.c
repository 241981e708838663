#include "assessors/onset_fit.h"

#include <math.h>

#define HUBER_S      0.060 // the line of on time: beyond it a stroke pulls less
#define BEND_HUBER_S 0.020 // the same for the bend that a changing tempo gives
#define BREAK_S      0.25  // coming in late or early by less is a matter of timing, not a break
#define BREAK_SHARE  0.45  // of the gaps around it
#define SCALE_BAND   0.10  // the fit may move the first guess so far

enum { ROUNDS = 6, WINDOW = 3, DRIFT_STROKES = 7 };

typedef struct {
  const shed_asked     *asked;
  const shed_stroke    *strokes;
  size_t                n;
  shed_onset_alignment *a;
  double                scale;
} fit;

static double
heard(const fit *f, size_t i)
{
  return f->strokes[f->a->stroke_of[i]].at_s;
}

static double
residual(const fit *f, size_t i)
{
  return heard(f, i) - f->scale * f->asked[i].at_s;
}

static bool
is_matched(const fit *f, size_t i)
{
  return f->a->stroke_of[i] >= 0;
}

static double
median3(const double *v, size_t n)
{
  if (n < 3) {
    return n == 2 ? (v[0] + v[1]) / 2 : v[0];
  }
  double lo = fmin(fmin(v[0], v[1]), v[2]);
  double hi = fmax(fmax(v[0], v[1]), v[2]);
  return v[0] + v[1] + v[2] - lo - hi;
}

// Median residual of up to WINDOW matched moments from i on, upwards or downwards, not across a restart.
static bool
level(const fit *f, size_t i, int step, double *out)
{
  double r[WINDOW];
  size_t n = 0;
  for (size_t at = i; at < f->n && n < WINDOW; at += (size_t)step) {
    if (is_matched(f, at)) {
      r[n++] = residual(f, at);
    }
    if ((step > 0 && at + 1 < f->n && f->a->restart[at + 1]) ||
        (step < 0 && (at == 0 || f->a->restart[at]))) {
      break;
    }
  }
  if (n) {
    *out = median3(r, n);
  }
  return n > 0;
}

// Does the player come in late or early at moment i and stay so?
static double
break_at(const fit *f, size_t i, size_t before)
{
  double was, is;
  double gap  = f->scale * (f->asked[i].at_s - f->asked[before].at_s);
  double line = fmax(BREAK_S, BREAK_SHARE * gap);
  double step = residual(f, i) - residual(f, before);
  if (fabs(step) < line || !level(f, i, 1, &is) || !level(f, before, -1, &was)) {
    return 0;
  }
  double shift = is - was;
  return fabs(shift) >= line && shift * step > 0 ? shift : 0;
}

static void
find_breaks(const fit *f)
{
  size_t before = f->n;
  for (size_t i = 0; i < f->n; i++) {
    f->a->break_s[i] = 0;
    if (!is_matched(f, i)) {
      continue;
    }
    if (before < f->n && !f->a->restart[i]) {
      f->a->break_s[i] = break_at(f, i, before);
    }
    before = i;
  }
}

static bool
starts_segment(const fit *f, size_t i)
{
  return f->a->restart[i] || f->a->break_s[i] != 0;
}

typedef struct {
  double w, x, y, xx, xy;
} sums;

static double
weight(double error)
{
  return fabs(error) <= HUBER_S ? 1 : HUBER_S / fabs(error);
}

// Offset of the segment that starts at moment i, by the weights that the errors of the round before give.
static double
segment_offset(const fit *f, size_t i, bool weighted, sums *all)
{
  sums s = {0};
  for (size_t k = i; k < f->n && (k == i || !starts_segment(f, k)); k++) {
    if (is_matched(f, k)) {
      double w = weighted ? weight(f->a->error_s[k]) : 1;
      s.w += w;
      s.x += w * f->asked[k].at_s;
      s.y += w * heard(f, k);
      s.xx += w * f->asked[k].at_s * f->asked[k].at_s;
      s.xy += w * f->asked[k].at_s * heard(f, k);
    }
  }
  if (s.w <= 0) {
    return (double)NAN;
  }
  all->xx += s.xx - s.x * s.x / s.w;
  all->xy += s.xy - s.x * s.y / s.w;
  return (s.y - f->scale * s.x) / s.w;
}

// One round: places and errors from the segments' offsets; @return the slope that the whole take asks for, 0 unknown.
static double
place(const fit *f, bool weighted)
{
  sums   all    = {0};
  double offset = (double)NAN;
  for (size_t i = 0; i < f->n; i++) {
    if (i == 0 || starts_segment(f, i)) {
      double found = segment_offset(f, i, weighted, &all);
      offset       = isnan(found) ? offset : found;
    }
    f->a->expected_s[i] = offset + f->scale * f->asked[i].at_s;
  }
  for (size_t i = 0; i < f->n; i++) {
    f->a->error_s[i] = is_matched(f, i) ? heard(f, i) - f->a->expected_s[i] : (double)NAN;
  }
  return all.xx > 1e-9 ? all.xy / all.xx : 0;
}

// A break is told once, at its own moment: that one is measured from what was before it.
static void
charge_breaks(const fit *f)
{
  for (size_t i = 0; i < f->n; i++) {
    if (f->a->break_s[i] != 0 && is_matched(f, i)) {
      f->a->error_s[i]    = f->a->error_s[i] + f->a->break_s[i];
      f->a->expected_s[i] = heard(f, i) - f->a->error_s[i];
    }
  }
}

// Solve the symmetric system of three unknowns m x = y for the last one, by Cramer's rule; 0 when it has no answer.
static double
last_of_three(double m[3][3], const double y[3])
{
  double whole = m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) -
                 m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
                 m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
  double part = m[0][0] * (m[1][1] * y[2] - y[1] * m[2][1]) - m[0][1] * (m[1][0] * y[2] - y[1] * m[2][0]) +
                y[0] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
  return fabs(whole) > 1e-12 ? part / whole : 0;
}

// The bend of the errors over the take: a tempo that changes evenly by d from start to end bends them by d / 2 of its
// length. Strokes out of place pull less than the others, as in the fit of the places.
static double
find_drift(const fit *f)
{
  double span = f->asked[f->n - 1].at_s - f->asked[0].at_s;
  double c[3] = {0, 0, 0};
  if (f->a->matched < DRIFT_STROKES || span <= 0) {
    return (double)NAN;
  }
  for (int round = 0; round < ROUNDS; round++) {
    double m[3][3] = {{0}}, y[3] = {0};
    for (size_t i = 0; i < f->n; i++) {
      // at a break the error holds the break itself
      if (!is_matched(f, i) || f->a->break_s[i] != 0) {
        continue;
      }
      double x        = (f->asked[i].at_s - f->asked[0].at_s) / span;
      double basis[3] = {1, x, x * x};
      double off      = f->a->error_s[i] - (c[0] + c[1] * x + c[2] * x * x);
      double w        = fabs(off) <= BEND_HUBER_S || round == 0 ? 1 : BEND_HUBER_S / fabs(off);
      for (int p = 0; p < 3; p++) {
        for (int q = 0; q < 3; q++) {
          m[p][q] += w * basis[p] * basis[q];
        }
        y[p] += w * basis[p] * f->a->error_s[i];
      }
    }
    c[2]           = last_of_three(m, y);
    double det     = m[0][0] * m[1][1] - m[0][1] * m[1][0];
    double rest[2] = {y[0] - m[0][2] * c[2], y[1] - m[1][2] * c[2]};
    if (det <= 1e-12) {
      return (double)NAN;
    }
    c[0] = (rest[0] * m[1][1] - rest[1] * m[0][1]) / det;
    c[1] = (rest[1] * m[0][0] - rest[0] * m[1][0]) / det;
  }
  return 2 * c[2] / (f->scale * span);
}

// Seconds, in whole beats, by which the player goes on from moment i behind a click whose music starts at offset_s.
static double
behind(const fit *f, size_t i, double beat_s, double offset_s)
{
  double at;
  if (beat_s <= 0 || !level(f, i, 1, &at) || fabs(at - offset_s) < SHED_BEHIND_BEATS * beat_s) {
    return 0;
  }
  return beat_s * round((at - offset_s) / beat_s);
}

// Nothing is fitted: the click says where each moment belongs. After a stop it may be joined on another beat.
static void
place_by_click(const fit *f, shed_align_given given)
{
  double offset = given.offset_s;
  find_breaks(f);
  for (size_t i = 0; i < f->n; i++) {
    double later = i == 0 || starts_segment(f, i) ? behind(f, i, given.beat_s, offset) : 0;
    offset += later;
    if (i == 0 && later != 0) {
      f->a->behind_click = (int)lround(later / given.beat_s);
    }
    f->a->break_s[i]    = i == 0 || f->a->restart[i] ? 0 : later;
    f->a->expected_s[i] = offset + f->scale * f->asked[i].at_s;
    f->a->error_s[i]    = is_matched(f, i) ? heard(f, i) - f->a->expected_s[i] : (double)NAN;
  }
  charge_breaks(f);
}

void
shed_onset_fit(const shed_asked *asked, size_t n, const shed_stroke *strokes, shed_align_given given,
               double scale, shed_onset_alignment *a)
{
  fit    f        = {.asked = asked, .strokes = strokes, .n = n, .a = a, .scale = scale};
  double lo       = given.scale > 0 ? given.scale * (1 - given.slack) : scale * (1 - SCALE_BAND);
  double hi       = given.scale > 0 ? given.scale * (1 + given.slack) : scale * (1 + SCALE_BAND);
  a->matched      = 0;
  a->behind_click = 0;
  for (size_t i = 0; i < n; i++) {
    a->matched += is_matched(&f, i);
  }
  if (!isnan(given.offset_s)) {
    place_by_click(&f, given);
  } else {
    find_breaks(&f);
    for (int round = 0; round < ROUNDS; round++) {
      double slope = place(&f, round > 0);
      if (slope > 0) {
        f.scale = fmin(fmax(slope, lo), hi);
      }
    }
    find_breaks(&f);
    (void)place(&f, false);
    (void)place(&f, true);
    charge_breaks(&f);
  }
  a->scale = f.scale;
  a->drift = find_drift(&f);
}
