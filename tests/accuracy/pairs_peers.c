// About this file: the peers get what the judge has to find for itself: the key, from the truth's own pairs.
#include "tests/accuracy/pairs_peers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double GAP = 1.5, OTHER_MOST = 2, LATE_MOST = 1.5, LATE_UNIT = .35;
static const double COST_EXTRA = 3, COST_SKIP = 1.5, COST_SKIP_MOST = 6, COST_JUMP = 7;

static int
rising(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double
key_of(const corpus_tune *t, const pairs_row *rows, int n)
{
  double d[PAIRS_ROWS_MAX];
  int    k = 0;
  for (int i = 0; i < n; i++) {
    if (rows[i].truth >= 0) {
      d[k++] = rows[i].midi - t->notes[rows[i].truth].midi;
    }
  }
  qsort(d, (size_t)k, sizeof(*d), rising);
  return k ? d[k / 2] : 0;
}

static double
pitch_cost(const corpus_tune *t, int note, const pairs_row *r, double key)
{
  double off = fabs(r->midi - key - t->notes[note].midi);
  return off < .6 ? off * .3 : fmin(off, OTHER_MOST);
}

// Take seconds for a quarter: the ratio of the whole.
static double
pace_of(const corpus_tune *t, const pairs_row *rows, int n)
{
  double length = shed_beat_quarters(t->notes[t->n - 1].onset);
  return length > 0 && n > 1 ? (rows[n - 1].onset_s - rows[0].onset_s) / length : 1;
}

static double
time_cost(const corpus_tune *t, int note, const pairs_row *rows, int row, double pace)
{
  if (note == 0 || row == 0) {
    return 0;
  }
  double want = shed_beat_quarters(shed_beat_sub(t->notes[note].onset, t->notes[note - 1].onset)) * pace;
  double have = rows[row].onset_s - rows[row - 1].onset_s;
  return fmin(LATE_MOST, fabs(log(fmax(have, .01) / fmax(want, .01))) / LATE_UNIT * .5);
}

void
pairs_align(const corpus_tune *tune, const pairs_row *rows, int n, bool timed, int *match)
{
  int     m = (int)tune->n, w = m + 1;
  double  key = key_of(tune, rows, n), pace = pace_of(tune, rows, n);
  double *d = calloc((size_t)(n + 1) * (size_t)w, sizeof(*d));
  char   *s = calloc((size_t)(n + 1) * (size_t)w, 1);
  if (!d || !s) {
    abort();
  }
  for (int i = 0; i <= n; i++) {
    for (int k = 0; k <= m; k++) {
      double best = i || k ? INFINITY : 0;
      char   step = 0;
      if (i && k) {
        best = d[(i - 1) * w + k - 1] + pitch_cost(tune, k - 1, &rows[i - 1], key) +
               (timed ? time_cost(tune, k - 1, rows, i - 1, pace) : 0);
        step = 's';
      }
      if (i && d[(i - 1) * w + k] + GAP < best) {
        best = d[(i - 1) * w + k] + GAP;
        step = 'x';
      }
      if (k && d[i * w + k - 1] + GAP < best) {
        best = d[i * w + k - 1] + GAP;
        step = 'o';
      }
      d[i * w + k] = best;
      s[i * w + k] = step;
    }
  }
  for (int i = n, k = m; i > 0;) {
    char step = s[i * w + k];
    if (step == 'o') {
      k--;
      continue;
    }
    i--;
    match[i] = step == 's' ? --k : -1;
  }
  free(d);
  free(s);
}

// States: note k matched (0..m-1), or an extra heard while standing behind note k (m..2m-1).
void
pairs_viterbi(const corpus_tune *tune, const pairs_row *rows, int n, int *match)
{
  int     m   = (int)tune->n;
  double  key = key_of(tune, rows, n);
  double *d   = calloc((size_t)n * (size_t)(2 * m), sizeof(*d));
  int    *b   = calloc((size_t)n * (size_t)(2 * m), sizeof(*b));
  if (!d || !b) {
    abort();
  }
  for (int i = 0; i < n; i++) {
    double *now = &d[i * 2 * m], *before = i ? &d[(i - 1) * 2 * m] : NULL;
    int     any = 0;
    for (int k = 1; k < 2 * m && before; k++) {
      any = before[k] < before[any] ? k : any;
    }
    for (int k = 0; k < m; k++) {
      double best = before ? before[any] + COST_JUMP : fmin(COST_SKIP * k, COST_SKIP_MOST);
      int    from = any;
      for (int skip = 0; skip <= 4 && before && k - 1 - skip >= 0; skip++) {
        for (int extra = 0; extra <= m; extra += m) {
          double c = before[k - 1 - skip + extra] + COST_SKIP * skip;
          from     = c < best ? k - 1 - skip + extra : from;
          best     = fmin(best, c);
        }
      }
      now[k]           = best + pitch_cost(tune, k, &rows[i], key);
      b[i * 2 * m + k] = from;
      now[m + k]       = INFINITY;
      if (before) {
        int own              = before[k] <= before[m + k] ? k : m + k;
        now[m + k]           = before[own] + COST_EXTRA;
        b[i * 2 * m + m + k] = own;
      }
    }
  }
  int at = 0;
  for (int k = 1; k < 2 * m; k++) {
    at = d[(n - 1) * 2 * m + k] < d[(n - 1) * 2 * m + at] ? k : at;
  }
  for (int i = n - 1; i >= 0; i--) {
    match[i] = at < m ? at : -1;
    at       = b[i * 2 * m + at];
  }
  free(d);
  free(b);
}
