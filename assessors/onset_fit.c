#include "assessors/onset_fit.h"

#include <math.h>

#define HUBER_S       0.060 // the line of on time: beyond it a stroke pulls less
#define BREAK_S       0.25  // coming in late or early by less is a matter of timing, not a break
#define BREAK_SHARE   0.45  // of the gaps around it
#define SCALE_BAND    0.10  // the fit may move the first guess so far
#define DRIFT_OUTLIER 0.35  // a gap that is wrong by more says nothing of the tempo

enum { ROUNDS = 6, WINDOW = 3, DRIFT_GAPS = 6 };

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

static double
find_drift(const fit *f)
{
  sums   s      = {0};
  size_t gaps   = 0;
  size_t before = f->n;
  double span   = f->asked[f->n - 1].at_s - f->asked[0].at_s;
  for (size_t i = 0; i < f->n; i++) {
    if (!is_matched(f, i)) {
      continue;
    }
    double gap = before < f->n ? f->asked[i].at_s - f->asked[before].at_s : 0;
    if (gap > 0 && !starts_segment(f, i)) {
      double y = (heard(f, i) - heard(f, before)) / (f->scale * gap) - 1;
      double x = (f->asked[i].at_s + f->asked[before].at_s - 2 * f->asked[0].at_s) / (2 * span);
      if (fabs(y) < DRIFT_OUTLIER) {
        s.w += gap;
        s.x += gap * x;
        s.y += gap * y;
        s.xx += gap * x * x;
        s.xy += gap * x * y;
        gaps++;
      }
    }
    before = i;
  }
  double spread = s.w > 0 ? s.xx - s.x * s.x / s.w : 0;
  return gaps >= DRIFT_GAPS && spread > 1e-9 ? (s.xy - s.x * s.y / s.w) / spread : (double)NAN;
}

// Nothing is fitted: the click says where each moment belongs.
static void
place_by_click(const fit *f, double offset_s)
{
  for (size_t i = 0; i < f->n; i++) {
    f->a->break_s[i]    = 0;
    f->a->expected_s[i] = offset_s + f->scale * f->asked[i].at_s;
    f->a->error_s[i]    = is_matched(f, i) ? heard(f, i) - f->a->expected_s[i] : (double)NAN;
  }
}

void
shed_onset_fit(const shed_asked *asked, size_t n, const shed_stroke *strokes, shed_align_given given,
               double scale, shed_onset_alignment *a)
{
  fit    f   = {.asked = asked, .strokes = strokes, .n = n, .a = a, .scale = scale};
  double lo  = given.scale > 0 ? given.scale * (1 - given.slack) : scale * (1 - SCALE_BAND);
  double hi  = given.scale > 0 ? given.scale * (1 + given.slack) : scale * (1 + SCALE_BAND);
  a->matched = 0;
  for (size_t i = 0; i < n; i++) {
    a->matched += is_matched(&f, i);
  }
  if (!isnan(given.offset_s)) {
    place_by_click(&f, given.offset_s);
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
