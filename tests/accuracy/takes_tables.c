#include "tests/accuracy/takes_tables.h"

#include "tests/accuracy/interval.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MOST = 4096, ONSETS_MOST = 1 << 16 };

static const struct {
  const char *what;
  double      day, asked;
  bool        more, percent;
} FIGURES[TAKES_FIGURES] = {
#define TAKES_FIGURE(id, what, day, asked, more, percent) {what, day, asked, more, percent},
#include "tests/accuracy/takes_figures.def"
#undef TAKES_FIGURE
};

double
takes_value(const takes_row *rows, int n, takes_figure figure, takes_filter f, const void *what,
            bool baseline)
{
  double part = 0, whole = 0;
  for (int i = 0; i < n; i++) {
    if (!f || f(&rows[i], what)) {
      const takes_counts *c = baseline ? &rows[i].baseline : &rows[i].ours;
      part += c->part[figure];
      whole += c->whole[figure];
    }
  }
  return whole > 0 ? part / whole * (FIGURES[figure].percent ? 100 : 1) : (double)NAN;
}

static double
asked_of(const takes_row *rows, int n, takes_figure figure, takes_filter f, const void *what)
{
  double whole = 0;
  for (int i = 0; i < n; i++) {
    whole += !f || f(&rows[i], what) ? rows[i].ours.whole[figure] : 0;
  }
  return whole;
}

static interval
interval_of(const takes_row *rows, int n, takes_figure figure, takes_filter f, const void *what,
            bool baseline)
{
  double part[ROWS_MOST], whole[ROWS_MOST];
  int    m = 0;
  for (int i = 0; i < n && m < ROWS_MOST; i++) {
    if (!f || f(&rows[i], what)) {
      const takes_counts *c = baseline ? &rows[i].baseline : &rows[i].ours;
      part[m]               = c->part[figure];
      whole[m++]            = c->whole[figure];
    }
  }
  interval k     = interval_of_ratio(part, whole, m);
  double   scale = FIGURES[figure].percent ? 100 : 1;
  return (interval){k.value * scale, k.low * scale, k.high * scale};
}

static int
by_value(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double
quantile(double *x, int n, double share)
{
  qsort(x, (size_t)n, sizeof(*x), by_value);
  return n ? x[(int)(share * (n - 1) + .5)] : (double)NAN;
}

/// Median and 95 % of |heard - played|, with each instrument's own median taken off (a bow speaks later than a hammer, and
/// a constant is no error of time) or without.
static void
onset_error(const takes_row *rows, int n, takes_filter f, const void *what, bool baseline, bool own_zero,
            double out[2])
{
  double *x = malloc(sizeof(*x) * ONSETS_MOST), *one = malloc(sizeof(*one) * ONSETS_MOST);
  int     m = 0;
  if (!x || !one) {
    abort();
  }
  for (size_t k = 0; k < corpus_instrument_count(); k++) {
    int n_one = 0;
    for (int i = 0; i < n; i++) {
      const takes_counts *c = baseline ? &rows[i].baseline : &rows[i].ours;
      if ((f && !f(&rows[i], what)) || rows[i].take.instrument != corpus_instrument_at(k)) {
        continue;
      }
      for (int j = 0; j < c->n_onsets && n_one < ONSETS_MOST; j++) {
        one[n_one++] = (double)c->onset_ms[j];
      }
    }
    double zero = own_zero && n_one ? quantile(one, n_one, .5) : 0;
    for (int j = 0; j < n_one && m < ONSETS_MOST; j++) {
      x[m++] = fabs(one[j] - zero);
    }
  }
  out[0] = quantile(x, m, .5);
  out[1] = quantile(x, m, .95);
  free(x);
  free(one);
}

void
takes_print_head(void)
{
  printf("%-20s %5s %6s | %5s %6s | %6s %6s (%5s %5s %5s) | %6s %6s %6s %6s | %5s %5s | %5s %5s | %5s %5s | "
         "%9s\n",
         "", "takes", "right", "red", "unsure", "caught", "named", "wrong", "miss", "bent", "false", "open",
         "80 ms", "100", "extra", "false", "again", "false", "uncr.", "other", "onset");
}

void
takes_print_line(const char *name, const takes_row *rows, int n, takes_filter f, const void *what,
                 bool baseline)
{
  double v[TAKES_FIGURES], onset[2];
  for (int k = 0; k < TAKES_FIGURES; k++) {
    v[k] = takes_value(rows, n, (takes_figure)k, f, what, baseline);
  }
  if (isnan(v[TAKES_RED])) {
    return;
  }
  onset_error(rows, n, f, what, baseline, true, onset);
  printf("%-20s %5.0f %6.0f | %5.2f %6.2f | %6.1f %6.1f (%5.1f %5.1f %5.1f) | %6.2f %6.2f %6.1f %6.1f | "
         "%5.1f %5.2f "
         "| %5.1f %5.2f | %5.2f %5.2f | %4.1f %5.0f\n",
         name, asked_of(rows, n, TAKES_WHOLE_OPEN, f, what), asked_of(rows, n, TAKES_RED, f, what),
         v[TAKES_RED], v[TAKES_UNSURE], v[TAKES_CAUGHT], v[TAKES_NAMED], v[TAKES_CAUGHT_WRONG],
         v[TAKES_CAUGHT_MISSED], v[TAKES_CAUGHT_BENT], v[TAKES_TIME_FALSE], v[TAKES_TIME_OPEN],
         v[TAKES_TIME_80], v[TAKES_TIME_100], v[TAKES_EXTRA_FOUND], v[TAKES_EXTRA_FALSE],
         v[TAKES_RESTART_FOUND], v[TAKES_RESTART_FALSE], v[TAKES_NO_CREDIT], v[TAKES_OTHERS], onset[0],
         onset[1]);
}

// -- by room, by instrument ---------------------------------------------------------------------------------------

typedef struct {
  takes_filter             f;
  const void              *what;
  const corpus_take_room  *room;
  const corpus_instrument *instrument;
} narrowed;

static bool
is_narrowed(const takes_row *r, const void *what)
{
  const narrowed *k = what;
  return (!k->f || k->f(r, k->what)) && (!k->room || strcmp(r->take.room->name, k->room->name) == 0) &&
         (!k->instrument || r->take.instrument == k->instrument);
}

/// Rooms come again with every series.
static bool
is_new_room(const takes_row *rows, int i)
{
  bool seen = false;
  for (int k = 0; k < i && !seen; k++) {
    seen = strcmp(rows[k].take.room->name, rows[i].take.room->name) == 0;
  }
  return !seen;
}

static void
print_parts(const takes_row *rows, int n, takes_filter f, const void *what)
{
  takes_print_head();
  for (int i = 0; i < n; i++) {
    narrowed k = {f, what, rows[i].take.room, NULL};
    if (is_new_room(rows, i)) {
      takes_print_line(k.room->name, rows, n, is_narrowed, &k, false);
    }
  }
  for (size_t i = 0; i < corpus_instrument_count(); i++) {
    narrowed k = {f, what, NULL, corpus_instrument_at(i)};
    takes_print_line(k.instrument->id, rows, n, is_narrowed, &k, false);
  }
}

/// What is asked beside another player.
static void
print_neighbours(const takes_row *rows, int n, takes_filter f, const void *what)
{
  static const struct {
    const char *room;
    double      asked;
  } ASKED[] = {{"neighbour -20 dB", 1}, {"neighbour -15 dB", 2}, {"neighbour -10 dB", 4}};
  for (int i = 0; i < n; i++) {
    for (size_t k = 0; k < SHED_COUNTOF(ASKED) && is_new_room(rows, i); k++) {
      narrowed here = {f, what, rows[i].take.room, NULL};
      interval v    = interval_of(rows, n, TAKES_NO_CREDIT, is_narrowed, &here, false);
      if (strcmp(rows[i].take.room->name, ASKED[k].room) == 0 && !isnan(v.value)) {
        printf("%s: right notes without credit %.2f %% [%.2f, %.2f] (asked %.0f)\n", ASKED[k].room, v.value,
               v.low, v.high, ASKED[k].asked);
      }
    }
  }
}

static void
print_number(double x, bool percent)
{
  if (isnan(x)) {
    printf(" %14s", "");
  } else {
    printf(" %12.2f %s", x, percent ? "%" : " ");
  }
}

void
takes_print_tables(const char *title, const takes_row *rows, int n, takes_filter f, const void *what)
{
  double ours[2], raw[2], base[2];
  if (isnan(takes_value(rows, n, TAKES_RED, f, what, false))) {
    return;
  }
  printf("\n%s: %.0f takes\n%-52s %8s %9s %-18s %14s %14s %14s\n", title,
         asked_of(rows, n, TAKES_WHOLE_OPEN, f, what), "", "of", "reached", "[95 % over takes]", "asked",
         "a day's work", "(when asked)");
  for (int k = 0; k < TAKES_FIGURES; k++) {
    interval i  = interval_of(rows, n, (takes_figure)k, f, what, false);
    double   of = asked_of(rows, n, (takes_figure)k, f, what);
    if (of > 0) {
      printf("%-52s %8.0f %8.2f%s [%6.2f, %6.2f]  ", FIGURES[k].what, of, i.value,
             FIGURES[k].percent ? "%" : " ", i.low, i.high);
      print_number(FIGURES[k].asked, FIGURES[k].percent);
      print_number(takes_value(rows, n, (takes_figure)k, f, what, true), FIGURES[k].percent);
      print_number(FIGURES[k].day, FIGURES[k].percent);
      printf("\n");
    }
  }
  onset_error(rows, n, f, what, false, true, ours);
  onset_error(rows, n, f, what, false, false, raw);
  onset_error(rows, n, f, what, true, true, base);
  printf("onset error, median / 95 %%: %.1f / %.0f ms (asked 9 / 35); against the key's fall %.1f / %.0f; a "
         "day's work %.0f / "
         "%.0f (58 / 1310)\n",
         ours[0], ours[1], raw[0], raw[1], base[0], base[1]);
  print_neighbours(rows, n, f, what);
  print_parts(rows, n, f, what);
}

// -- the worst ------------------------------------------------------------------------------------------------------

static double
blame_of(const takes_row *r)
{
  return r->ours.blame + 10 * r->ours.part[TAKES_RED];
}

static int
by_blame(const void *a, const void *b)
{
  const takes_row *x = *(const takes_row *const *)a, *y = *(const takes_row *const *)b;
  double           d = blame_of(y) - blame_of(x);
  return d > 0 ? 1 : d < 0 ? -1 : x < y ? -1 : 1;
}

void
takes_print_worst(const takes_row *rows, int n, int most)
{
  const takes_row *order[ROWS_MOST];
  n = n < ROWS_MOST ? n : ROWS_MOST;
  for (int i = 0; i < n; i++) {
    order[i] = &rows[i];
  }
  qsort(order, (size_t)n, sizeof(*order), by_blame);
  printf("\nThe worst takes, a red note counting as ten other faults of the verdict:\n");
  for (int i = 0; i < n && i < most; i++) {
    const corpus_take *t = &order[i]->take;
    printf("take %zu (%s, %s, %s)\n%s", t->index, t->half == CORPUS_EAR_FIT ? "fit" : "report",
           t->instrument->id, t->room->name, order[i]->wrong ? order[i]->wrong : "");
  }
}
