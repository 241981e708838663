// About this file: where the beat is, told from what was played and nothing else. Theil and Sen's line: the median of all
// slopes, then the median of what is left.
#include "tests/accuracy/takes_count.h"

#include <math.h>
#include <stdlib.h>

enum { AROUND = 12, LEAST = 4 };

static const double BREAK_S = .4; // a wait longer than this begins a new stretch

static int
by_value(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double
median(double *x, int n)
{
  qsort(x, (size_t)n, sizeof(*x), by_value);
  return n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

static double
quarters(const corpus_performance *p, size_t sound)
{
  return shed_beat_quarters(p->tune.notes[p->played[sound].index].onset);
}

/// Does a stretch end between these two sounds, which follow each other?
static bool
is_break(const corpus_performance *p, size_t before, size_t after)
{
  const corpus_played *a = &p->played[before], *b = &p->played[after];
  double waited = b->onset_s - a->onset_s - (quarters(p, after) - quarters(p, before)) * 60 / p->bpm;
  return a->attempt != b->attempt || b->index <= a->index || waited > BREAK_S;
}

static double
line_at(const double *x, const double *y, int n, double at)
{
  double slopes[AROUND * AROUND], left[AROUND];
  int    m = 0;
  for (int i = 0; i < n; i++) {
    for (int k = 0; k < i; k++) {
      slopes[m++] = (y[i] - y[k]) / (x[i] - x[k]);
    }
  }
  double slope = median(slopes, m);
  for (int i = 0; i < n; i++) {
    left[i] = y[i] - slope * (x[i] - at);
  }
  return median(left, n);
}

static double
shift_of(const corpus_performance *p, const size_t *notes, int n, int at)
{
  double x[AROUND], y[AROUND];
  int    m = 0, from = at, to = at + 1;
  while (m < AROUND) { // the nearer side first
    bool down = from > 0 && !is_break(p, notes[from - 1], notes[from]);
    bool up   = to < n && !is_break(p, notes[to - 1], notes[to]);
    if (!down && !up) {
      break;
    }
    bool   lower = down && (!up || at - from < to - at);
    size_t k     = lower ? notes[--from] : notes[to++];
    x[m]         = quarters(p, k);
    y[m++]       = p->played[k].onset_s;
  }
  if (m < LEAST) {
    return NAN;
  }
  return (p->played[notes[at]].onset_s - line_at(x, y, m, quarters(p, notes[at]))) * 1000;
}

void
takes_true_shifts(const corpus_performance *p, double *shift_ms)
{
  size_t notes[CORPUS_PLAYED_MAX];
  int    n = 0;
  for (size_t i = 0; i < p->tune.n; i++) {
    shift_ms[i] = NAN;
  }
  for (size_t i = 0; i < p->n; i++) {
    if (p->played[i].index >= 0) {
      notes[n++] = i;
    }
  }
  for (int i = 0; i < n; i++) {
    int index = p->played[notes[i]].index;
    if (p->truth[index].sound == (int)notes[i]) {
      shift_ms[index] = shift_of(p, notes, n, i);
    }
  }
}
