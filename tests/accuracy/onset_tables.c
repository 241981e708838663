// About this file: sums over rows, and lines of text.
#include "tests/accuracy/onset_tables.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST_ROWS = 4096 };

static bool
takes(onset_filter f, const onset_row *r)
{
  return (f.kind < 0 || (int)r->item.kind == f.kind) && (f.group < 0 || (int)r->item.group == f.group) &&
         r->item.half == f.half && r->item.harm == f.harm;
}

static const onset_score *
score_of(const onset_row *r, int peer, onset_choice choice)
{
  return peer < 0 ? &r->own : &r->peer[peer][choice];
}

interval
onset_table_f(const onset_row *rows, int n, onset_filter f, int peer, onset_choice choice,
              match_tolerance tolerance)
{
  static double part[MOST_ROWS], whole[MOST_ROWS];
  int           m = 0;
  for (int i = 0; i < n && m < MOST_ROWS; i++) {
    if (takes(f, &rows[i])) {
      const onset_score *s = score_of(&rows[i], peer, choice);
      part[m]              = 2 * (double)s->hits[tolerance];
      whole[m++]           = (double)(s->truth + s->found);
    }
  }
  return interval_of_ratio(part, whole, m);
}

double
onset_table_slurs(const onset_row *rows, int n, onset_filter f)
{
  long slurs = 0, told = 0;
  for (int i = 0; i < n; i++) {
    if (takes(f, &rows[i])) {
      slurs += rows[i].own.slurs;
      told += rows[i].own.slurs_hit;
    }
  }
  return match_share(told, slurs);
}

static interval
note_f(const onset_row *rows, int n, onset_filter f)
{
  static double part[MOST_ROWS], whole[MOST_ROWS];
  int           m = 0;
  for (int i = 0; i < n && m < MOST_ROWS; i++) {
    if (takes(f, &rows[i])) {
      part[m]    = 2 * (double)rows[i].notes.hits;
      whole[m++] = (double)(rows[i].notes.truth + rows[i].notes.found);
    }
  }
  return interval_of_ratio(part, whole, m);
}

static void
print_share(const char *name, long part, long of)
{
  if (of > 0) {
    printf("  %s %.2f of %ld", name, match_share(part, of), of);
  }
}

static const char *
class_name(int kind)
{
  return kind < 0 ? "all" : CORPUS_EAR_CLASS_NAME[kind];
}

static void
own_line(const onset_row *rows, int n, onset_filter f)
{
  onset_score sum    = {0};
  note_score  notes  = {0};
  number_list late   = {0};
  int         items  = 0;
  long        stroke = 0;
  for (int i = 0; i < n; i++) {
    if (takes(f, &rows[i])) {
      match_add_onsets(&sum, &rows[i].own);
      match_add_notes(&notes, &rows[i].notes);
      stroke += rows[i].strokes;
      items++;
      for (int k = 0; k < rows[i].late_s.n; k++) {
        numbers_add(&late, rows[i].late_s.v[k]);
      }
    }
  }
  if (items > 0) {
    interval f50 = onset_table_f(rows, n, f, -1, ONSET_FOR_ALL, MATCH_50), nf = note_f(rows, n, f);
    printf(
        "  %-15s %2d items %4ld notes  F50 %.3f [%.3f, %.3f] F25 %.3f F10 %.3f  precision %.3f recall %.3f  "
        "late %+3.0f ms, middle half %2.0f | note F %.3f [%.3f, %.3f] with ends %.3f",
        class_name(f.kind), items, sum.truth, f50.value, f50.low, f50.high,
        match_f(sum.hits[MATCH_25], sum.truth, sum.found), match_f(sum.hits[MATCH_10], sum.truth, sum.found),
        match_share(sum.hits[MATCH_50], sum.found), match_share(sum.hits[MATCH_50], sum.truth),
        1000 * numbers_quantile(&late, 0.5),
        1000 * (numbers_quantile(&late, 0.75) - numbers_quantile(&late, 0.25)), nf.value, nf.low, nf.high,
        match_f(notes.hits_offset, notes.truth, notes.found));
    print_share("slurs", sum.slurs_hit, sum.slurs);
    print_share("repeated", sum.repeats_hit, sum.repeats);
    printf(stroke > 0 ? "  strokes told %ld\n" : "\n", stroke);
  }
  numbers_free(&late);
}

void
onset_table_own(const onset_row *rows, int n, onset_filter f)
{
  for (f.kind = 0; f.kind < CORPUS_EAR_CLASSES; f.kind++) {
    own_line(rows, n, f);
  }
  f.kind = -1;
  own_line(rows, n, f);
}

int
onset_table_peers(const onset_row *rows, int n, onset_filter f, onset_choice choice,
                  const onset_thresholds *t)
{
  int below = 0;
  printf("  %-15s  %-8s", "F50", "Woodshed");
  for (int p = 0; p < ONSET_PEERS; p++) {
    printf("  %-8s", ONSET_PEER_NAME[p]);
  }
  printf("  best peer: F50 [95 %%] F25 F10, threshold\n");
  for (int k = 0; k <= CORPUS_EAR_CLASSES; k++) {
    f.kind        = k < CORPUS_EAR_CLASSES ? k : -1;
    interval own  = onset_table_f(rows, n, f, -1, choice, MATCH_50), peer[ONSET_PEERS];
    int      best = 0;
    if (isnan(own.value)) {
      continue;
    }
    for (int p = 0; p < ONSET_PEERS; p++) {
      peer[p] = onset_table_f(rows, n, f, p, choice, MATCH_50);
      best    = peer[p].value > peer[best].value ? p : best;
    }
    printf("  %-15s  %.3f%-3s", class_name(f.kind), own.value, own.value >= peer[best].value ? "*" : "");
    for (int p = 0; p < ONSET_PEERS; p++) {
      printf("  %.3f%-3s", peer[p].value, p == best ? "<" : "");
    }
    printf("  %s %.3f [%.3f, %.3f] %.3f %.3f", ONSET_PEER_NAME[best], peer[best].value, peer[best].low,
           peer[best].high, onset_table_f(rows, n, f, best, choice, MATCH_25).value,
           onset_table_f(rows, n, f, best, choice, MATCH_10).value);
    if (choice == ONSET_FOR_ALL) {
      printf(", %.2f\n", t->for_all[best]);
    } else if (f.kind >= 0) {
      printf(", %.2f\n", t->for_class[best][f.kind][f.harm == CORPUS_EAR_LIVE]);
    } else {
      printf("\n");
    }
    below += f.kind >= 0 && own.value < peer[best].value;
  }
  return below;
}

// What is called an onset and is none, a minute: clean and with the stranger, over the same items.
static void
strangers_line(const onset_row *rows, int n, int group, corpus_ear_harm harm)
{
  onset_score with = {0}, clean = {0};
  double      seconds = 0;
  long        clicks = 0, told = 0;
  int         items = 0;
  for (int i = 0; i < n; i++) {
    const onset_row *r = &rows[i];
    if (r->item.harm != harm || (int)r->item.group != group || r->item.half != CORPUS_EAR_REPORT) {
      continue;
    }
    for (int k = 0; k < n; k++) {
      if (rows[k].item.base == r->item.base && rows[k].item.harm == CORPUS_EAR_CLEAN) {
        match_add_onsets(&clean, &rows[k].own);
        match_add_onsets(&with, &r->own);
        seconds += r->seconds;
        clicks += r->clicks;
        told += r->clicks_told;
        items++;
        break;
      }
    }
  }
  if (items > 0) {
    printf("  %-9s %-8s %2d items %4.0f s  F50 clean %.3f, with it %.3f  false onsets a minute: clean %.1f, "
           "with "
           "it %.1f",
           CORPUS_EAR_HARM_NAME[harm], CORPUS_EAR_GROUP_NAME[group], items, seconds,
           match_f(clean.hits[MATCH_50], clean.truth, clean.found),
           match_f(with.hits[MATCH_50], with.truth, with.found),
           60 * (double)(clean.found - clean.hits[MATCH_50]) / seconds,
           60 * (double)(with.found - with.hits[MATCH_50]) / seconds);
    print_share(" clicks apart from notes that are called onsets", told, clicks);
    printf("\n");
  }
}

void
onset_table_strangers(const onset_row *rows, int n, int group)
{
  strangers_line(rows, n, group, CORPUS_EAR_CLICK);
  strangers_line(rows, n, group, CORPUS_EAR_NEIGHBOUR);
}

void
onset_table_vibrato(const onset_row *rows, int n)
{
  vibrato_count sum  = {0};
  number_list   rate = {0}, extent = {0};
  for (int i = 0; i < n; i++) {
    const vibrato_count *v = &rows[i].vibrato;
    if (rows[i].item.half != CORPUS_EAR_REPORT || rows[i].item.harm != CORPUS_EAR_CLEAN) {
      continue;
    }
    sum.swinging += v->swinging;
    sum.told += v->told;
    sum.straight += v->straight;
    sum.false_told += v->false_told;
    for (int k = 0; k < v->rate_error_hz.n; k++) {
      numbers_add(&rate, fabs(v->rate_error_hz.v[k]));
      numbers_add(&extent, v->extent_error_cents.v[k]);
    }
  }
  printf("  notes of .4 s and more with a swing of 10 cents and more: %.2f of %ld told; straight ones called "
         "vibrato: %.2f of %ld\n",
         match_share(sum.told, sum.swinging), sum.swinging, match_share(sum.false_told, sum.straight),
         sum.straight);
  printf(
      "  rate off by %.2f Hz in the middle, nine in ten within %.2f; extent off by %+.1f cents (middle half "
      "%+.1f to %+.1f)\n",
      numbers_quantile(&rate, 0.5), numbers_quantile(&rate, 0.9), numbers_quantile(&extent, 0.5),
      numbers_quantile(&extent, 0.25), numbers_quantile(&extent, 0.75));
  numbers_free(&rate);
  numbers_free(&extent);
}

static void
gather(const onset_row *rows, int n, corpus_ear_half half, bool notes, reliability *to)
{
  for (int i = 0; i < n; i++) {
    const reliability *r = notes ? &rows[i].note_sure : &rows[i].onset_sure;
    for (int k = 0; k < r->n && rows[i].item.half == half; k++) {
      reliability_add(to, r->said[k], r->right[k]);
    }
  }
}

void
onset_table_reliability(const onset_row *rows, int n)
{
  static const char *const NAME[] = {"confidence of onsets (a true one within 50 ms)",
                                     "confidence of notes (a true one within 50 ms and 50 cents)"};
  for (int notes = 0; notes < 2; notes++) {
    reliability fit = {0}, report = {0};
    double      a, b;
    gather(rows, n, CORPUS_EAR_FIT, notes, &fit);
    gather(rows, n, CORPUS_EAR_REPORT, notes, &report);
    reliability_print(&report, NAME[notes]);
    if (fit.n > 0) {
      reliability_mend(&fit, &a, &b);
      reliability mended = reliability_mended(&report, a, b);
      printf("  log-odds times %.2f plus %.2f, fitted on the other half, would leave an error of %.3f\n", a,
             b, reliability_error(&mended));
      reliability_free(&mended);
    }
    reliability_free(&fit);
    reliability_free(&report);
  }
}

static double
f50(const onset_row *r)
{
  return match_f(r->own.hits[MATCH_50], r->own.truth, r->own.found);
}

static int
worst_first(const void *a, const void *b)
{
  double x = f50(*(const onset_row *const *)a), y = f50(*(const onset_row *const *)b);
  return (x > y) - (x < y);
}

void
onset_table_worst(const onset_row *rows, int n, int most)
{
  static const onset_row *order[MOST_ROWS];
  int                     m = 0;
  for (int i = 0; i < n && m < MOST_ROWS; i++) {
    if (rows[i].item.half == CORPUS_EAR_REPORT && rows[i].own.truth > 0) {
      order[m++] = &rows[i];
    }
  }
  qsort(order, (size_t)m, sizeof(order[0]), worst_first); // NOLINT(bugprone-sizeof-expression): of pointers
  for (int i = 0; i < m && i < most; i++) {
    const onset_row *r    = order[i];
    number_list      late = {0};
    for (int k = 0; k < r->late_s.n; k++) {
      numbers_add(&late, r->late_s.v[k]);
    }
    printf("  F50 %.3f  %-44s notes %3ld onsets %3ld right %3ld  late %+4.0f ms  note F %.3f\n", f50(r),
           r->item.name, r->own.truth, r->own.found, r->own.hits[MATCH_50],
           1000 * numbers_quantile(&late, 0.5), match_f(r->notes.hits, r->notes.truth, r->notes.found));
    numbers_free(&late);
  }
}
