// Rendered takes with known mistakes, through the ear and the judge: what is called wrong that was right, what is caught,
// what is left open, by instrument, room and kind of mistake, with the day's-work baseline beside it. Every take is made
// from seeds; nothing is read but two sound fonts. What was heard is kept in the build folder.
//
//     accuracy_takes                 all takes, both halves, the worst twenty
//     accuracy_takes sample          every ninth take of the first series, against committed floors
//     accuracy_takes fit | report    one half, tables only (FIT plays three sound fonts: a table for each besides)
//     accuracy_takes fit errors      and a line for everything that is wrong with a verdict
//     accuracy_takes fit oracle      how much of the faults a listener hears who knows where each note stood
//     accuracy_takes fit cost        what judging costs, and one name for all verdicts to the last bit
//     accuracy_takes take 17 18      these
//     accuracy_takes report anew 1 2 the takes of a half made anew twice, with seeds of their own: other tunes, players and mistakes
//     accuracy_takes fit anew 1 2 errors  and a line for everything that is wrong
//     accuracy_takes beside 1 5      usual takes of FIT beside a neighbour, made anew five times likewise
#include "tests/accuracy/takes_baseline.h"
#include "tests/accuracy/takes_cost.h"
#include "tests/accuracy/takes_heard.h"
#include "tests/accuracy/takes_judge.h"
#include "tests/accuracy/takes_oracle.h"
#include "tests/accuracy/takes_tables.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SKIPPED = 77, SAMPLE_EVERY = 9, WORST = 20, TAKES_MOST = 4096 };

// What must hold in the sample.
static const struct {
  takes_figure figure;
  double       bound;
  bool         least;
} FLOORS[] = {{TAKES_RED, 2, false},          {TAKES_UNSURE, 4, false},       {TAKES_CAUGHT, 85, true},
              {TAKES_TIME_FALSE, 2, false},   {TAKES_TIME_80, 60, true},      {TAKES_EXTRA_FOUND, 60, true},
              {TAKES_EXTRA_FALSE, .4, false}, {TAKES_RESTART_FOUND, 65, true}};

/// @param nth as corpus_take_make_again() has it.
static shed_status
run(size_t i, uint64_t nth, const shed_sha256 *ear, takes_row *row, shed_error *err)
{
  static corpus_performance p;
  static takes_heard        heard;
  shed_verdict              v = {0}, day = {0};
  size_t                    size = 0;
  heard.take                     = (shed_take){0};
  if (nth > 0) {
    (void)snprintf(row->nth, sizeof(row->nth), "%" PRIu64, nth);
  }
  shed_status st = corpus_take_make_again(i, nth, &row->take, &p, err);
  if (st == SHED_OK && (st = takes_hear(TAKES_CACHE_DIR, ear, &row->take, &p, &heard, err)) == SHED_OK &&
      (st = takes_judge(&row->take, &p, &heard.take, &v, err)) == SHED_OK) {
    FILE *tell = open_memstream(&row->wrong, &size);
    SHED_ASSERT(tell != NULL);
    takes_count(&row->take, &p, &v, tell, &row->ours);
    fprintf(tell, "  (tempo %.1f, played at %.1f; tuning %+.1f cents; snr %.0f dB; assessed %.2f)\n",
            v.tempo_bpm, p.bpm, v.tuning_cents, (double)heard.take.snr_db, v.assessed);
    fclose(tell);
    takes_baseline(&p.tune, &heard, &day);
    takes_count(&row->take, &p, &day, NULL, &row->baseline);
  }
  shed_verdict_free(&v);
  shed_verdict_free(&day);
  shed_take_free(&heard.take);
  return st;
}

// What judging costs, of one half. Nothing else is done between, so that caches are the judge's.
static int
cost(int half, bool one, size_t only, const shed_sha256 *ear)
{
  static corpus_performance p;
  static takes_heard        heard;
  static takes_cost         costs[TAKES_MOST];
  corpus_take               t;
  shed_sha256_stream        all;
  shed_error                err = {0};
  shed_status               st  = SHED_OK;
  int                       n   = 0;
  shed_sha256_start(&all);
  for (size_t i = 0; i < corpus_take_count() && n < TAKES_MOST && st == SHED_OK; i++) {
    if (one ? i != only : half >= 0 && (int)corpus_take_at(i).half != half) {
      continue;
    }
    heard.take = (shed_take){0};
    if ((st = corpus_take_make(i, &t, &p, &err)) == SHED_OK &&
        (st = takes_hear(TAKES_CACHE_DIR, ear, &t, &p, &heard, &err)) == SHED_OK) {
      st = takes_cost_of(&t, &p, &heard.take, &costs[n++], &all, &err);
    }
    shed_take_free(&heard.take);
    st = st == SHED_E_NOTFOUND ? SHED_OK : st; // its font
  }
  if (st != SHED_OK) {
    printf("%s: %s %s\n", shed_status_text(st), err.where, err.what);
    return 1;
  }
  takes_print_costs(costs, n);
  printf("verdicts: %s\n", shed_sha256_end(&all).text);
  return 0;
}

// How much could be told of one half at all. What the other one shows is learnt of FIT in any case.
static int
oracle(int half, bool tell, const shed_sha256 *ear)
{
  static corpus_performance p;
  static takes_heard        heard;
  corpus_take               t;
  takes_oracle             *o   = takes_oracle_new();
  shed_error                err = {0};
  shed_status               st  = o ? SHED_OK : SHED_E_NOMEM;
  for (size_t i = 0; i < corpus_take_count() && st == SHED_OK; i++) {
    shed_verdict v = {0};
    if ((int)corpus_take_at(i).half != half && corpus_take_at(i).half != CORPUS_EAR_FIT) {
      continue;
    }
    heard.take = (shed_take){0};
    if ((st = corpus_take_make(i, &t, &p, &err)) == SHED_OK &&
        (st = takes_hear(TAKES_CACHE_DIR, ear, &t, &p, &heard, &err)) == SHED_OK &&
        (st = takes_judge(&t, &p, &heard.take, &v, &err)) == SHED_OK) {
      st = takes_oracle_add(o, &t, &p, &heard.take, &v, &err);
    }
    shed_verdict_free(&v);
    shed_take_free(&heard.take);
    st = st == SHED_E_NOTFOUND ? SHED_OK : st; // its font
  }
  st = st == SHED_OK ? takes_oracle_print(o, half, tell) : st;
  if (st != SHED_OK) {
    printf("%s: %s %s\n", shed_status_text(st), err.where, err.what);
  }
  takes_oracle_free(o);
  return st == SHED_OK ? 0 : 1;
}

typedef struct {
  corpus_take_group group;
  int               half; // -1 both
  int               font; // -1 each
} choice;

static bool
is_chosen(const takes_row *r, const void *what)
{
  const choice *c = what;
  return r->take.group == c->group && (c->half < 0 || (int)r->take.half == c->half) &&
         (c->font < 0 || (int)r->take.font == c->font);
}

static void
print_half(const takes_row *rows, int n, int half)
{
  static const char *const halves[] = {"fit", "report"};
  static const char *const groups[] = {"usual", "year one", "harsh"};
  for (int g = 0; g < CORPUS_TAKES_GROUPS; g++) {
    char   title[64];
    choice c = {(corpus_take_group)g, half, -1};
    (void)snprintf(title, sizeof(title), "Half %s, %s", halves[half], groups[g]);
    takes_print_tables(title, rows, n, is_chosen, &c);
  }
  for (int f = 0; half == CORPUS_EAR_FIT && f < CORPUS_TAKE_FONTS; f++) {
    char   title[64];
    choice c = {CORPUS_TAKES_USUAL, half, f};
    (void)snprintf(title, sizeof(title), "Half fit, usual, %s", corpus_take_font_name((corpus_take_font)f));
    takes_print_tables(title, rows, n, is_chosen, &c);
  }
}

static bool
is_named(size_t i, char **names, int n)
{
  bool named = false;
  for (int k = 0; k < n; k++) {
    named = named || (size_t)atol(names[k]) == i;
  }
  return named;
}

static bool
holds(const takes_row *rows, int n)
{
  bool good = true;
  for (size_t i = 0; i < SHED_COUNTOF(FLOORS); i++) {
    double v  = takes_value(rows, n, FLOORS[i].figure, NULL, NULL, false);
    bool   ok = FLOORS[i].least ? v >= FLOORS[i].bound : v <= FLOORS[i].bound;
    if (!ok) {
      printf("figure %d is %.2f; it must be at %s %.2f\n", (int)FLOORS[i].figure, v,
             FLOORS[i].least ? "least" : "most", FLOORS[i].bound);
    }
    good = good && ok;
  }
  return good;
}

static void
print_errors(const takes_row *rows, int n)
{
  for (int i = 0; i < n; i++) {
    const corpus_take *t = &rows[i].take;
    printf("take %zu%s%s (%s, %s, %s, %s)\n%s", t->index, rows[i].nth[0] ? " anew " : "", rows[i].nth,
           t->half == CORPUS_EAR_FIT ? "fit" : "report", corpus_take_font_name(t->font), t->instrument->id,
           t->room->name, rows[i].wrong);
  }
}

/// Takes that nothing was tuned on: those of a half made anew.
/// @param beside only the usual ones where a note that another one plays may be taken for the player's.
/// @param tell each error
static int
anew(corpus_ear_half half, bool beside, bool tell, uint64_t first, uint64_t last, const shed_sha256 *ear,
     takes_row *rows)
{
  shed_error err = {0};
  int        n   = 0;
  for (uint64_t nth = first; nth <= last; nth++) {
    for (size_t i = 0; i < corpus_take_count() && n < TAKES_MOST; i++) {
      const corpus_take t = corpus_take_at(i);
      if (t.half != half || (beside && (t.group != CORPUS_TAKES_USUAL || !takes_have_neighbour(&t)))) {
        continue;
      }
      const shed_status st = run(i, nth, ear, &rows[n], &err);
      if (st == SHED_OK) {
        n++;
      } else if (st != SHED_E_RANGE) { // mistakes that do not fit each other
        printf("%s: %s %s\n", st == SHED_E_NOTFOUND ? "skipped" : shed_status_text(st), err.where, err.what);
        return st == SHED_E_NOTFOUND ? SKIPPED : 1;
      }
    }
  }
  if (n == TAKES_MOST) {
    printf("no more than %d takes at once\n", TAKES_MOST);
    return 1;
  }
  if (tell) {
    print_errors(rows, n);
  }
  if (beside) {
    takes_print_tables("Beside a neighbour", rows, n, NULL, NULL);
  } else {
    print_half(rows, n, (int)half);
  }
  return 0;
}

int
main(int argc, char **argv)
{
  const char  *mode   = argc > 1 ? argv[1] : "";
  const bool   sample = strcmp(mode, "sample") == 0, one = strcmp(mode, "take") == 0 && argc > 2;
  const int    half = strcmp(mode, "fit") == 0 ? 0 : strcmp(mode, "report") == 0 ? 1 : -1;
  const size_t only = one ? (size_t)atol(argv[2]) : 0;
  takes_row   *rows = calloc(TAKES_MOST, sizeof(*rows));
  shed_sha256  ear;
  shed_error   err = {0};
  int          n = 0, left_out = 0;
  shed_status  st = rows ? takes_ear_name(&ear, &err) : SHED_E_NOMEM;
  if (st == SHED_OK && argc > 2 && strcmp(argv[argc - 1], "cost") == 0) {
    free(rows);
    return cost(half, one, only, &ear);
  }
  if (st == SHED_OK && argc > 2 && half >= 0 && strcmp(argv[2], "oracle") == 0) {
    free(rows);
    return oracle(half, argc > 3 && strcmp(argv[3], "errors") == 0, &ear);
  }
  if (st == SHED_OK && argc > 3 && strcmp(mode, "beside") == 0) {
    return anew(CORPUS_EAR_FIT, true, true, strtoull(argv[2], NULL, 10), strtoull(argv[3], NULL, 10), &ear,
                rows);
  }
  if (st == SHED_OK && argc > 4 && half >= 0 && strcmp(argv[2], "anew") == 0) {
    return anew((corpus_ear_half)half, false, argc > 5 && strcmp(argv[5], "errors") == 0,
                strtoull(argv[3], NULL, 10), strtoull(argv[4], NULL, 10), &ear, rows);
  }
  for (size_t i = 0; i < corpus_take_count() && n < TAKES_MOST && st == SHED_OK; i++) {
    corpus_take t    = corpus_take_at(i);
    bool        mine = sample ? i % SAMPLE_EVERY == 0 && t.series == CORPUS_TAKES_FIRST
                       : one  ? is_named(i, argv + 2, argc - 2)
                              : half < 0 || (int)t.half == half;
    st               = mine ? run(i, 0, &ear, &rows[n], &err) : st;
    if (st == SHED_E_NOTFOUND) { // its font; the takes of the others stand
      left_out++;
      st = SHED_OK;
    } else {
      n += mine ? 1 : 0;
    }
  }
  if (left_out > 0) {
    printf("%d takes left out: %s %s\n", left_out, err.where, err.what);
  }
  if (st != SHED_OK || (n == 0 && left_out > 0)) {
    printf("%s: %s %s\n", st == SHED_OK ? "skipped" : shed_status_text(st), err.where, err.what);
    return st == SHED_OK ? SKIPPED : 1;
  }
  if (one || (argc > 2 && strcmp(argv[2], "errors") == 0)) {
    print_errors(rows, n);
  }
  bool good = true;
  if (sample) {
    takes_print_tables("Sample, all groups", rows, n, NULL, NULL);
    good = holds(rows, n);
  } else if (!one) {
    for (int h = 0; h < CORPUS_EAR_HALVES; h++) {
      print_half(rows, n, h);
    }
    if (half < 0) {
      takes_print_worst(rows, n, WORST);
    }
  }
  for (int i = 0; i < n; i++) {
    free(rows[i].wrong);
  }
  free(rows);
  return good ? 0 : 1;
}
