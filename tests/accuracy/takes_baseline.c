#include "tests/accuracy/takes_baseline.h"

#include <math.h>
#include <stdlib.h>

enum { ROUNDS = 20 };

static const double OTHER   = 1;   // cost of another pitch
static const double GAP     = .75; // of a note of one side without one of the other
static const double LINE_MS = 60;
static const double NEAR_S  = .015;

static double
least(double a, double b, double c)
{
  return fmin(a, fmin(b, c));
}

/// match[i]: aubio's note for note i of the tune, -1 none.
static void
align(const corpus_tune *t, const takes_heard *h, int *match)
{
  int     n = (int)t->n, m = h->n_aubio, w = m + 1;
  double *d = calloc((size_t)(n + 1) * (size_t)w, sizeof(*d));
  if (!d) {
    abort();
  }
  for (int i = 0; i <= n; i++) {
    for (int k = 0; k <= m; k++) {
      double same  = i && k
                         ? d[(i - 1) * w + k - 1] + (t->notes[i - 1].midi == h->aubio[k - 1].midi ? 0 : OTHER)
                         : (double)INFINITY;
      double up    = i ? d[(i - 1) * w + k] + GAP : (double)INFINITY,
             left  = k ? d[i * w + k - 1] + GAP : (double)INFINITY;
      d[i * w + k] = i || k ? least(same, up, left) : 0;
    }
  }
  for (int i = n, k = m; i > 0;) {
    double here = d[i * w + k];
    if (k && here == d[(i - 1) * w + k - 1] + (t->notes[i - 1].midi == h->aubio[k - 1].midi ? 0 : OTHER)) {
      match[--i] = --k;
    } else if (here == d[(i - 1) * w + k] + GAP) {
      match[--i] = -1;
    } else {
      k--;
    }
  }
  free(d);
}

/// Onset over score time, by least absolute deviations.
static void
fit(const corpus_tune *t, const takes_heard *h, const int *match, double *a, double *b)
{
  *a = *b = 0;
  for (int round = 0; round < ROUNDS; round++) {
    double sw = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (size_t i = 0; i < t->n; i++) {
      if (match[i] >= 0) {
        double x = shed_beat_quarters(t->notes[i].onset), y = h->aubio[match[i]].onset_s;
        double k = round ? 1 / fmax(NEAR_S, fabs(y - *a - *b * x)) : 1;
        sw += k;
        sx += k * x;
        sy += k * y;
        sxx += k * x * x;
        sxy += k * x * y;
      }
    }
    double v = sxx * sw - sx * sx;
    *b       = v > 0 ? (sxy * sw - sx * sy) / v : 0;
    *a       = sw > 0 ? (sy - *b * sx) / sw : 0;
  }
}

void
takes_baseline(const corpus_tune *tune, const takes_heard *h, shed_verdict *v)
{
  static const shed_note_verdict none = {.take_index = -1, .pitch = SHED_PITCH_MISSED, .played_midi = -1};
  int                            match[CORPUS_NOTES_MAX];
  bool                           used[TAKES_AUBIO_MOST] = {false};
  double                         a = 0, b = 0;
  align(tune, h, match);
  fit(tune, h, match, &a, &b);
  *v        = (shed_verdict){.n_notes = tune->n};
  v->notes  = shed_calloc(NULL, tune->n + 1, sizeof(*v->notes));
  v->extras = shed_calloc(NULL, (size_t)h->n_aubio + 1, sizeof(*v->extras));
  if (!v->notes || !v->extras) {
    abort();
  }
  for (size_t i = 0; i < tune->n; i++) {
    shed_note_verdict *n = &v->notes[i];
    *n                   = none;
    n->index             = (int)i;
    n->onset_s = n->offset_s = n->cents = n->onset_error_ms = n->credit = NAN;
    if (match[i] < 0) {
      continue;
    }
    const takes_aubio_note *k = &h->aubio[match[i]];
    used[match[i]]            = true;
    n->played_midi            = k->midi;
    n->pitch                  = k->midi == tune->notes[i].midi ? SHED_PITCH_CORRECT : SHED_PITCH_WRONG;
    if (n->pitch == SHED_PITCH_WRONG) {
      continue;
    }
    n->onset_s        = k->onset_s;
    n->onset_error_ms = (k->onset_s - a - b * shed_beat_quarters(tune->notes[i].onset)) * 1000;
    n->timing         = fabs(n->onset_error_ms) <= LINE_MS ? SHED_TIMING_ON_TIME
                        : n->onset_error_ms > 0            ? SHED_TIMING_LATE
                                                           : SHED_TIMING_EARLY;
    n->credit         = 1;
  }
  for (int k = 0; k < h->n_aubio; k++) {
    if (!used[k]) {
      v->extras[v->n_extras++] = (shed_extra_note){.onset_s = h->aubio[k].onset_s, .midi = h->aubio[k].midi};
    }
  }
}
