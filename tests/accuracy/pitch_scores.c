// About this file: from tracks to counts, the shift and the threshold that suit each peer best, and sums over rows.
#include "tests/accuracy/pitch_scores.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHIFT_MOST = 3, THRESHOLDS = 40 };

static void *
need(size_t n, size_t size)
{
  void *p = calloc(n + 1, size);
  if (!p) {
    fprintf(stderr, "out of memory\n");
    exit(4);
  }
  return p;
}

static const pitch_point *
said_of(const pitch_item *item, size_t tracker)
{
  return tracker == PITCH_OWN ? item->own : item->peer[tracker - 1];
}

static pitch_counts
count_clean(const pitch_run *run, size_t tracker, int shift, double threshold)
{
  pitch_counts sum = {0};
  for (size_t i = 0; i < run->n; i++) {
    const pitch_item  *item = &run->items[i];
    const pitch_point *said = said_of(item, tracker);
    if (said && item->item.harm == CORPUS_EAR_CLEAN) {
      pitch_count(&sum, &item->truth, said, item->truth.frames, shift, threshold);
    }
  }
  return sum;
}

static int
by_value(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

// Each tracker has its own scale of sureness: the thresholds that are tried part what it said of clean frames into equal
// heaps. @return how many said something.
static size_t
find_thresholds(const pitch_run *run, size_t tracker, double to[THRESHOLDS])
{
  size_t n = 0, frames = 0;
  for (size_t i = 0; i < run->n; i++) {
    frames += (size_t)run->items[i].truth.frames;
  }
  double *sure = need(frames, sizeof(*sure));
  for (size_t i = 0; i < run->n; i++) {
    const pitch_item  *item = &run->items[i];
    const pitch_point *said = said_of(item, tracker);
    for (int f = 0; said && item->item.harm == CORPUS_EAR_CLEAN && f < item->truth.frames; f++) {
      if (said[f].f0_hz > 0) {
        sure[n++] = (double)said[f].sure;
      }
    }
  }
  if (n > 0) {
    qsort(sure, n, sizeof(*sure), by_value);
  }
  to[0] = -(double)INFINITY; // everything that was said
  for (int k = 1; k < THRESHOLDS && n > 0; k++) {
    to[k] = sure[n * (size_t)k / THRESHOLDS];
  }
  free(sure);
  return n;
}

// The smallest of equal shifts, and of equal thresholds, is taken.
static void
suit(pitch_tracker *t, const pitch_run *run, size_t tracker)
{
  double threshold[THRESHOLDS];
  double best = -1;
  for (int k = 0; k <= 2 * SHIFT_MOST; k++) {
    int          shift = (k + 1) / 2 * (k % 2 ? 1 : -1); // 0, 1, -1, 2 ..
    pitch_counts c     = count_clean(run, tracker, shift, 0);
    double       rpa   = pitch_percent(&c, &PITCH_RATE_OF[PITCH_RATE_rpa50]);
    if (rpa > best) {
      best     = rpa;
      t->shift = shift;
    }
  }
  best           = -1;
  int thresholds = find_thresholds(run, tracker, threshold) > 0 ? THRESHOLDS : 0;
  for (int k = 0; k < thresholds; k++) {
    pitch_counts c  = count_clean(run, tracker, t->shift, threshold[k]);
    double       oa = pitch_percent(&c, &PITCH_RATE_OF[PITCH_RATE_right]);
    if (oa > best) {
      best         = oa;
      t->threshold = threshold[k];
    }
  }
}

void
pitch_scores_make(pitch_scores *scores, const pitch_run *run)
{
  memset(scores, 0, sizeof(*scores));
  scores->run = run;
  scores->n   = 1 + pitch_peer_count();
  for (size_t t = 0; t < scores->n; t++) {
    pitch_tracker *to = &scores->tracker[t];
    bool           is = t == PITCH_OWN;
    *to               = (pitch_tracker){.name      = is ? "Woodshed" : pitch_peer_at(t - 1)->name,
                                        .asked     = is || run->asked[t - 1],
                                        .installed = is || run->installed[t - 1],
                                        .threshold = 0.5,
                                        .counts    = need(run->n, sizeof(pitch_counts *))};
    if (to->installed && !is) {
      suit(to, run, t);
    }
    for (size_t i = 0; i < run->n && to->installed; i++) {
      const pitch_item *item = &run->items[i];
      if (said_of(item, t)) {
        to->counts[i] = need(1, sizeof(pitch_counts));
        pitch_count(to->counts[i], &item->truth, said_of(item, t), item->truth.frames, to->shift,
                    to->threshold);
      }
    }
  }
}

void
pitch_scores_free(pitch_scores *scores)
{
  for (size_t t = 0; t < scores->n; t++) {
    for (size_t i = 0; i < scores->run->n; i++) {
      free(scores->tracker[t].counts[i]);
    }
    free(scores->tracker[t].counts);
  }
  memset(scores, 0, sizeof(*scores));
}

static bool
passes(pitch_filter filter, bool is)
{
  return filter == PITCH_ANY || (filter == PITCH_ONLY) == is;
}

bool
pitch_is_in(const pitch_select *select, const corpus_ear_item *item)
{
  return (select->groups >> item->group & 1U) && (select->harms >> item->harm & 1U) &&
         (select->halves >> item->half & 1U) && passes(select->trap, item->trap) &&
         passes(select->fast, item->fast);
}

size_t
pitch_sum(const pitch_scores *scores, size_t tracker, const pitch_select *select, pitch_counts *out,
          size_t *unheard)
{
  size_t n = 0;
  *out     = (pitch_counts){0};
  *unheard = 0;
  for (size_t i = 0; i < scores->run->n; i++) {
    if (pitch_is_in(select, &scores->run->items[i].item)) {
      const pitch_counts *c = scores->tracker[tracker].counts[i];
      n++;
      *unheard += !c;
      if (c) {
        pitch_add(out, c);
      }
    }
  }
  return n;
}

interval
pitch_row_interval(const pitch_scores *scores, size_t tracker, const pitch_select *select,
                   const pitch_rate *rate)
{
  const pitch_counts **items = need(scores->run->n, sizeof(const pitch_counts *));
  size_t              *base  = need(scores->run->n, sizeof(*base));
  size_t               n     = 0;
  for (size_t i = 0; i < scores->run->n; i++) {
    const pitch_item   *item = &scores->run->items[i];
    const pitch_counts *c    = scores->tracker[tracker].counts[i];
    if (c && pitch_is_in(select, &item->item)) {
      items[n]  = c;
      base[n++] = item->item.base;
    }
  }
  interval out = pitch_interval(items, base, n, rate);
  free(items);
  free(base);
  return out;
}
