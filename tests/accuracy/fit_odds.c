// Fits the weights by which the judge tells whose sound it was, and prints assessors/judge_odds.def; on the other stream, how they do
// on a font that they were not fitted on. Not run by any test.
//
//     build/release/tests/accuracy/fit_odds > judge_odds.def    all takes of the half FIT
//     build/release/tests/accuracy/fit_odds but FluidR3         all but those of one font: what an unknown font costs
//     build/release/tests/accuracy/fit_odds anew 2           and the same takes made anew twice, with other seeds
//
// Told apart are notes of which the ear did not hear the pitch asked for: those that were played right all the same, and those where
// another one was played. A logistic form of each kind of interval, by Newton's method with a ridge.
#include "assessors/judge.h"
#include "tests/accuracy/logistic.h"
#include "tests/accuracy/takes_count.h"
#include "tests/accuracy/takes_heard.h"
#include "tests/accuracy/takes_judge.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CASES_MOST = 65536 };

static const double RIGHT_CENTS = 25; // from the take's tuning: a note that was played right
static const double HEARD_SHARE =
    .5; // as judge_label.c has it: of the sound that is read as the pitch asked for

// As judge_twice.c has them: granted from the one on, left open from the other on.
static const double SURE = 2, DOUBT = 0;

typedef struct {
  shed_odds_interval interval;
  double             x[SHED_ODDS_FEATURES];
  bool               right;
  int                font;
} odds_case;

enum { ALL_FONTS = -1 };
// Which cases: of one font, of all but one, or of all; of one kind of interval.
typedef struct {
  const odds_case   *cases;
  int                n, font, but;
  shed_odds_interval interval;
} choice;

static const char *const NAMES[SHED_ODDS_INTERVALS] = {
#define SHED_JUDGE_ODDS(interval, ...) [SHED_ODDS_##interval] = #interval,
#include "assessors/judge_odds.def"
#undef SHED_JUDGE_ODDS
};
static const logistic_form COMMITTED[SHED_ODDS_INTERVALS] = {
#define SHED_JUDGE_ODDS(interval, ...) [SHED_ODDS_##interval] = {{__VA_ARGS__}},
#include "assessors/judge_odds.def"
#undef SHED_JUDGE_ODDS
};

static bool
is_in(const choice *c, int i)
{
  return c->cases[i].interval == c->interval && (c->font == ALL_FONTS || c->cases[i].font == c->font) &&
         c->cases[i].font != c->but;
}

// -- cases ---------------------------------------------------------------------------------------------------------

// 1 played right, 0 another pitch was played, -1 neither is said of it.
static int
truth_of(const corpus_performance *p, int note)
{
  const corpus_mistake *fault = takes_fault_of(p, (size_t)note);
  const corpus_truth   *t     = &p->truth[note];
  if (fault) {
    return fault->kind == CORPUS_WRONG ? 0 : -1;
  }
  return t->played && fabs(p->played[t->sound].cents - takes_tuning_of(p)) < RIGHT_CENTS ? 1 : -1;
}

static int
add_notes(const shed_judged *j, const corpus_performance *p, int font, odds_case *out, int room)
{
  int n = 0;
  for (int e = 0; e < j->target.n_events && n < room; e++) {
    const shed_found *f     = &j->found[e];
    const int         right = truth_of(p, j->target.notes[j->target.events[e].first]);
    shed_odds_view    v;
    if (right < 0 || f->segment < 0) {
      continue;
    }
    const bool heard =
        f->m.read >= HEARD_SHARE && fabs(shed_judge_deviation(j, f, f->m.cents)) <= j->far_cents;
    if (shed_judge_odds_view_of(j, f, &f->m, j->target.events[e].pitch, &v) &&
        (v.interval == SHED_ODDS_ABOVE || !heard)) {
      out[n] = (odds_case){.interval = v.interval, .right = right == 1, .font = font};
      memcpy(out[n++].x, v.x, sizeof(v.x));
    }
  }
  return n;
}

// @param[out] n how many cases the take has.
static shed_status
add_take(const corpus_take *t, const corpus_performance *p, const shed_take *heard, odds_case *out, int room,
         int *n, shed_error *err)
{
  takes_opened a;
  shed_status  st = takes_open(t, p, heard, &a, err);
  st              = st == SHED_OK && a.known ? shed_judge_learn_own(&a.j) : st;
  // in another key or octave the pitches asked for are not those that were looked for
  *n = st == SHED_OK && a.known && !a.j.guess.hint_shift ? add_notes(&a.j, p, (int)t->font, out, room) : 0;
  takes_close(&a);
  return st;
}

typedef struct {
  odds_case *cases;
  int        n;
} gathering;

static shed_status
gather(void *ctx, const corpus_take *t, const corpus_performance *p, const shed_take *heard, shed_error *err)
{
  gathering  *g    = ctx;
  int         more = 0;
  shed_status st   = add_take(t, p, heard, g->cases + g->n, CASES_MOST - g->n, &more, err);
  g->n += more;
  return st;
}

static shed_status
hear_all(int anew, odds_case *cases, int *n, int *n_takes, shed_error *err)
{
  gathering   g  = {cases, 0};
  shed_status st = takes_each_of_fit(TAKES_CACHE_DIR, anew, gather, &g, n_takes, err);
  *n             = g.n;
  return st == SHED_OK && g.n == CASES_MOST
             ? shed_fail(err, SHED_E_RANGE, "fit_odds", "more than %d cases", CASES_MOST)
             : st;
}

// -- the fit -------------------------------------------------------------------------------------------------------

static const double *
look(const void *kept, int i, bool *yes)
{
  const choice *c = kept;
  *yes            = c->cases[i].right;
  return is_in(c, i) ? c->cases[i].x : NULL;
}

static logistic_form
fit(const choice *c)
{
  return logistic_fit(&(logistic_cases){.kept = c, .n = c->n, .features = SHED_ODDS_FEATURES, .look = look});
}

// -- what is printed -----------------------------------------------------------------------------------------------

static void
tell(const char *fitted, const char *tried, const logistic_form *f, const choice *c)
{
  int    all[2] = {0}, open[2] = {0}, granted[2] = {0};
  double loss = 0;
  for (int i = 0; i < c->n; i++) {
    if (is_in(c, i)) {
      const bool   right = c->cases[i].right;
      const double sum   = logistic_sum(f, c->cases[i].x, SHED_ODDS_FEATURES);
      all[right]++;
      open[right] += sum > DOUBT;
      granted[right] += sum > SURE;
      loss += log1p(exp(right ? -sum : sum));
    }
  }
  fprintf(stderr,
          "%-6s %-18s %-18s %3d right: %3d granted, %3d open; %3d wrong: %3d granted, %3d open; loss %.3f\n",
          NAMES[c->interval], fitted, tried, all[1], granted[1], open[1] - granted[1], all[0], granted[0],
          open[0] - granted[0], loss / fmax(1, all[0] + all[1]));
}

static void
tell_interval(choice c, const logistic_form *whole)
{
  c.font = c.but = ALL_FONTS;
  tell("all", "all", whole, &c);
  tell("as committed", "all", &COMMITTED[c.interval], &c);
  for (int f = 0; f < CORPUS_TAKE_FONTS; f++) {
    const char *name            = corpus_take_font_name((corpus_take_font)f);
    c.font                      = ALL_FONTS;
    c.but                       = f;
    const logistic_form without = fit(&c);
    c.font                      = f;
    c.but                       = ALL_FONTS;
    tell("all", name, whole, &c);
    tell("the others", name, &without, &c);
  }
}

static void
print_head(int n_cases, int n_takes)
{
  printf("// SHED_JUDGE_ODDS(interval of the one heard, dB louder in its own lines the one asked for, cents "
         "apart of these, the ear's confidence in\n"
         "//                 the other, seconds it heard it, dB of the lines of the one asked for alone over "
         "the "
         "player's, of the one heard alone,\n"
         "//                 share of the sound that has the one asked for among what it may be, constant)\n"
         "// Printed by tests/accuracy/fit_odds.c, fitted on %d notes of %d takes of the half FIT.\n",
         n_cases, n_takes);
}

static void
print_form(shed_odds_interval interval, const logistic_form *f)
{
  printf("SHED_JUDGE_ODDS(%s", NAMES[interval]);
  for (int k = 0; k < SHED_ODDS_FEATURES; k++) {
    printf(", %.3f", f->w[k]);
  }
  printf(", %.2f)\n", f->w[SHED_ODDS_FEATURES]);
}

// @return ALL_FONTS where no font has that name.
static int
font_named(const char *name)
{
  int font = ALL_FONTS;
  for (int f = 0; name && f < CORPUS_TAKE_FONTS; f++) {
    font = strcmp(name, corpus_take_font_name((corpus_take_font)f)) == 0 ? f : font;
  }
  return font;
}

int
main(int argc, char **argv)
{
  const int        but = argc > 2 && strcmp(argv[1], "but") == 0 ? font_named(argv[2]) : ALL_FONTS;
  static odds_case cases[CASES_MOST];
  shed_error       err = {0};
  int              n, n_takes;
  shed_status      st = hear_all(takes_anew(argc, argv), cases, &n, &n_takes, &err);
  if (st != SHED_OK) {
    fprintf(stderr, "%s: %s %s\n", shed_status_text(st), err.where, err.what);
    return 1;
  }
  print_head(n, n_takes);
  fprintf(stderr, "%-6s %-18s %-18s\n", "", "fitted on", "tried on");
  for (int k = 0; k < SHED_ODDS_INTERVALS; k++) {
    const choice all = {
        .cases = cases, .n = n, .font = ALL_FONTS, .but = but, .interval = (shed_odds_interval)k};
    const logistic_form whole = fit(&all);
    print_form(all.interval, &whole);
    tell_interval(all, &whole);
  }
  return 0;
}
