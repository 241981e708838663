// About this file: one-to-one matching of onsets and notes, and the sums that the F-measures are made of.
#include "tests/accuracy/matching.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const double MATCH_TOLERANCE_S[MATCH_TOLERANCES] = {0.050, 0.025, 0.010};

static const double LATENESS_WINDOW_S = 0.120;
static const double PITCH_CENTS       = 50;
static const double OFFSET_S          = 0.050;
static const double OFFSET_SHARE      = 0.2;
static const double ROUNDING_S        = 1e-6; // a float of seconds; labels stand on whole hundredths

void
numbers_add(number_list *l, double v)
{
  if (l->n == l->cap) {
    l->cap    = l->cap > 0 ? 2 * l->cap : 64;
    double *w = realloc(l->v, (size_t)l->cap * sizeof(*w));
    if (!w) {
      abort();
    }
    l->v = w;
  }
  l->v[l->n++] = v;
}

void
numbers_free(number_list *l)
{
  free(l->v);
  *l = (number_list){0};
}

static int
by_value(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

double
numbers_quantile(number_list *l, double q)
{
  if (l->n == 0) {
    return (double)NAN;
  }
  qsort(l->v, (size_t)l->n, sizeof(*l->v), by_value);
  double at = q * (l->n - 1);
  int    i  = (int)at;
  double up = i + 1 < l->n ? l->v[i + 1] : l->v[i];
  return l->v[i] + (at - i) * (up - l->v[i]);
}

// For two sorted lists and one width, taking the first that fits loses no pair.
int
match_times(const double *truth, int n, const double *found, int m, double tolerance_s, int *of)
{
  int hits = 0;
  for (int i = 0, j = 0; i < n; i++) {
    while (j < m && found[j] < truth[i] - tolerance_s - ROUNDING_S) {
      j++;
    }
    of[i] = -1;
    if (j < m && found[j] <= truth[i] + tolerance_s + ROUNDING_S) {
      of[i] = j++;
      hits++;
    }
  }
  return hits;
}

static bool
fits(const match_note *t, const match_note *f, bool ends)
{
  bool pitch =
      t->midi < 0 || f->midi < 0 ? t->midi < 0 && f->midi < 0 : fabs(t->midi - f->midi) * 100 <= PITCH_CENTS;
  double length = t->offset_s - t->onset_s;
  return pitch && fabs(t->onset_s - f->onset_s) <= MATCH_TOLERANCE_S[MATCH_50] + ROUNDING_S &&
         (!ends || fabs(t->offset_s - f->offset_s) <= fmax(OFFSET_S, OFFSET_SHARE * length) + ROUNDING_S);
}

typedef struct {
  const match_note *truth, *found;
  int               m;
  bool              ends;
  int              *owner; // of each found note: the true one that holds it, -1 free
  bool             *asked;
} search;

// One augmenting path (Kuhn 1955). Depth is bounded by the few notes that lie within 50 ms of each other.
static bool
give(search *s, int i) // NOLINT(misc-no-recursion)
{
  for (int j = 0; j < s->m; j++) {
    if (!s->asked[j] && fits(&s->truth[i], &s->found[j], s->ends)) {
      s->asked[j] = true;
      if (s->owner[j] < 0 || give(s, s->owner[j])) {
        s->owner[j] = i;
        return true;
      }
    }
  }
  return false;
}

int
match_notes(const match_note *truth, int n, const match_note *found, int m, bool ends, int *of)
{
  search s    = {truth, found, m, ends, malloc(((size_t)m + 1) * sizeof(int)), malloc((size_t)m + 1)};
  int    hits = 0;
  if (!s.owner || !s.asked) {
    abort();
  }
  for (int j = 0; j < m; j++) {
    s.owner[j] = -1;
  }
  for (int i = 0; i < n; i++) {
    memset(s.asked, 0, (size_t)m + 1);
    hits += give(&s, i);
    of[i] = -1;
  }
  for (int j = 0; j < m; j++) {
    if (s.owner[j] >= 0) {
      of[s.owner[j]] = j;
    }
  }
  free(s.owner);
  free(s.asked);
  return hits;
}

static double *
times_of(const match_note *notes, int n)
{
  double *t = malloc(((size_t)n + 1) * sizeof(*t));
  if (!t) {
    abort();
  }
  for (int i = 0; i < n; i++) {
    t[i] = notes[i].onset_s;
  }
  return t;
}

onset_score
match_score_onsets(const match_note *truth, int n, const double *found, int m)
{
  onset_score s  = {.truth = n, .found = m};
  double     *t  = times_of(truth, n);
  int        *of = malloc(((size_t)n + 1) * sizeof(*of));
  if (!of) {
    abort();
  }
  for (int k = MATCH_TOLERANCES - 1; k >= 0; k--) { // 50 ms last: its pairs are used below
    s.hits[k] = match_times(t, n, found, m, MATCH_TOLERANCE_S[k], of);
  }
  for (int i = 0; i < n; i++) {
    s.slurs += truth[i].slurred;
    s.slurs_hit += truth[i].slurred && of[i] >= 0;
    s.repeats += truth[i].repeated;
    s.repeats_hit += truth[i].repeated && of[i] >= 0;
  }
  free(of);
  free(t);
  return s;
}

note_score
match_score_notes(const match_note *truth, int n, const match_note *found, int m)
{
  int *of = malloc(((size_t)n + 1) * sizeof(*of));
  if (!of) {
    abort();
  }
  note_score s = {.truth       = n,
                  .found       = m,
                  .hits        = match_notes(truth, n, found, m, false, of),
                  .hits_offset = match_notes(truth, n, found, m, true, of)};
  free(of);
  return s;
}

void
match_add_onsets(onset_score *to, const onset_score *from)
{
  to->truth += from->truth;
  to->found += from->found;
  for (int k = 0; k < MATCH_TOLERANCES; k++) {
    to->hits[k] += from->hits[k];
  }
  to->slurs += from->slurs;
  to->slurs_hit += from->slurs_hit;
  to->repeats += from->repeats;
  to->repeats_hit += from->repeats_hit;
}

void
match_add_notes(note_score *to, const note_score *from)
{
  to->truth += from->truth;
  to->found += from->found;
  to->hits += from->hits;
  to->hits_offset += from->hits_offset;
}

static int
nearest(const double *t, int n, double to)
{
  int best = -1;
  for (int i = 0; i < n; i++) {
    if (best < 0 || fabs(t[i] - to) < fabs(t[best] - to)) {
      best = i;
    }
  }
  return best;
}

void
match_lateness(const match_note *truth, int n, const double *found, int m, number_list *late_s)
{
  double *t = times_of(truth, n);
  for (int i = 0; i < n; i++) {
    int j = nearest(found, m, t[i]);
    if (j >= 0 && fabs(found[j] - t[i]) <= LATENESS_WINDOW_S && nearest(t, n, found[j]) == i) {
      numbers_add(late_s, found[j] - t[i]);
    }
  }
  free(t);
}

double
match_f(long hits, long truth, long found)
{
  return truth + found > 0 ? 2 * (double)hits / (double)(truth + found) : 0;
}

double
match_share(long part, long of)
{
  return of > 0 ? (double)part / (double)of : (double)NAN;
}

int
match_onsets_of(const shed_take *take, double *times_s, double *confidence, int max)
{
  int n = 0;
  for (size_t i = 0; i < take->n_onsets && n < max; i++, n++) {
    times_s[n] = (double)take->onsets[i].time_s;
    if (confidence) {
      confidence[n] = (double)take->onsets[i].confidence;
    }
  }
  return n;
}

int
match_notes_of(const shed_take *take, match_note *out, int max)
{
  int n = 0;
  for (size_t i = 0; i < take->n_notes && n < max; i++, n++) {
    const shed_heard_note *h = &take->notes[i];
    out[n]                   = (match_note){.onset_s       = (double)h->onset_s,
                                            .offset_s      = (double)h->offset_s,
                                            .midi          = h->midi < 0 ? -1 : h->midi + (double)h->cents / 100,
                                            .confidence    = (double)h->confidence,
                                            .vibrato_hz    = (double)h->vibrato_hz,
                                            .vibrato_cents = (double)h->vibrato_cents};
  }
  return n;
}

double
match_midi_of(double f0_hz)
{
  return f0_hz > 0 ? 69 + 12 * log2(f0_hz / 440) : -1;
}
