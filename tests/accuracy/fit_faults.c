// Fits the weights by which the judge thinks over what it has called wrong, missing or in doubt, and prints assessors/judge_faults.def; on the
// other stream, how they do on takes that they were not fitted on. Not run by any test.
//
//     build/release/tests/accuracy/fit_faults > judge_faults.def    all takes of the half FIT
//     build/release/tests/accuracy/fit_faults anew 2                 and the same takes made anew twice, with other seeds
//
// Told apart are, of notes that the path has and of places of those that it has not: those that were played as asked from faults, and of faults
// those that were left out from those where another pitch was played. Of first-year players, who are out of tune, and of notes that were bent
// nothing is learnt. A logistic form of each by Newton's method with a ridge.
#include "assessors/judge_extras.h"
#include "tests/accuracy/logistic.h"
#include "tests/accuracy/takes_count.h"
#include "tests/accuracy/takes_heard.h"
#include "tests/accuracy/takes_judge.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CASES_MOST = 65536, FEATURES = SHED_FAULT_FEATURES, NONE = -1 };

typedef struct {
  double          x[FEATURES];
  bool            found;
  takes_note_kind kind;
  int             time; // 0 as the takes are, 1 made anew ...
} fault_case;

typedef struct {
  const fault_case *cases;
  int               n, only, but; // of the times
  shed_fault_form   form;
} choice;

static const char *const NAMES[SHED_FAULT_FORMS] = {
#define SHED_JUDGE_FAULTS(form, ...) [SHED_FAULT_##form] = #form,
#include "assessors/judge_faults.def"
#undef SHED_JUDGE_FAULTS
};

// -- cases ---------------------------------------------------------------------------------------------------------

typedef struct {
  fault_case *cases;
  int         n, time;
  size_t      last; // take
} gathering;

// As the judge does it until then.
static shed_status
label(shed_judged *j)
{
  shed_status st = shed_judge_onsets(j);
  st             = st == SHED_OK ? shed_judge_learn_own(j) : st;
  if (st == SHED_OK) {
    shed_judge_swing(j);
    st = shed_judge_tempo(j);
  }
  if (st == SHED_OK) {
    shed_judge_label_pitch(j);
    shed_judge_whose(j);
    shed_judge_missing(j);
  }
  return st;
}

static void
add_notes(const shed_judged *j, const corpus_performance *p, gathering *g)
{
  const double others_db = j->path.n > 0 ? shed_extras_others_db(j) : (double)NAN;
  const double tuning    = takes_tuning_of(p);
  for (int e = 0; e < j->target.n_events && g->n < CASES_MOST; e++) {
    fault_case      *c    = &g->cases[g->n];
    const int        note = j->target.notes[j->target.events[e].first];
    const takes_note t    = takes_note_of(p, &j->v, (size_t)note, tuning);
    if ((t.kind == TAKES_RIGHT || t.kind == TAKES_WRONG || t.kind == TAKES_LEFT_OUT) &&
        shed_faults_view(j, e, others_db, c->x)) {
      c->found = j->found[e].segment >= 0;
      c->kind  = t.kind;
      c->time  = g->time;
      g->n++;
    }
  }
}

static shed_status
gather(void *ctx, const corpus_take *t, const corpus_performance *p, const shed_take *heard, shed_error *err)
{
  gathering *g = ctx;
  g->time += t->index < g->last ? 1 : 0;
  g->last = t->index;
  if (t->group == CORPUS_TAKES_YEAR_ONE) {
    return SHED_OK;
  }
  takes_opened a;
  shed_status  st = takes_open(t, p, heard, &a, err);
  // in another key or octave the pitches asked for are not those that were looked for
  if (st == SHED_OK && a.known && !a.j.guess.hint_shift && (st = label(&a.j)) == SHED_OK) {
    add_notes(&a.j, p, g);
  }
  takes_close(&a);
  return st == SHED_OK && g->n == CASES_MOST
             ? shed_fail(err, SHED_E_RANGE, "fit_faults", "more than %d cases", CASES_MOST)
             : st;
}

// -- the fit -------------------------------------------------------------------------------------------------------

static const double *
look(const void *kept, int i, bool *yes)
{
  const choice     *c      = kept;
  const fault_case *k      = &c->cases[i];
  const bool        played = c->form == SHED_FAULT_FOUND_PLAYED || c->form == SHED_FAULT_SLOT_PLAYED;
  const bool        found  = c->form == SHED_FAULT_FOUND_PLAYED || c->form == SHED_FAULT_FOUND_MISSED;
  *yes                     = k->kind == (played ? TAKES_RIGHT : TAKES_LEFT_OUT);
  const bool in            = k->found == found && (played || k->kind != TAKES_RIGHT) &&
                  (c->only == NONE || k->time == c->only) && k->time != c->but;
  return in ? k->x : NULL;
}

static logistic_form
fit(const choice *c)
{
  return logistic_fit(&(logistic_cases){.kept = c, .n = c->n, .features = FEATURES, .look = look});
}

// -- what is printed -----------------------------------------------------------------------------------------------

static void
tell(const char *fitted, const logistic_form *f, const choice *c)
{
  int    all[2] = {0}, taken[2] = {0};
  double loss = 0;
  for (int i = 0; i < c->n; i++) {
    bool          yes;
    const double *x = look(c, i, &yes);
    if (x) {
      const double sum = logistic_sum(f, x, FEATURES);
      all[yes]++;
      taken[yes] += sum > 0;
      loss += log1p(exp(yes ? -sum : sum));
    }
  }
  fprintf(stderr, "%-13s %-12s tried on %d: %4d of %4d that are, %4d of %4d that are not; loss %.4f\n",
          NAMES[c->form], fitted, c->only, taken[1], all[1], taken[0], all[0],
          loss / fmax(1, all[0] + all[1]));
}

static void
print_head(int n_cases, int n_takes)
{
  printf("// SHED_JUDGE_FAULTS(question, constant, dB over the player's usual note, dB that the level climbs "
         "there, sound's share of the note's "
         "length,\n"
         "//                   dB of what begins around there on the pitch asked for, dB that this climbs "
         "where the one heard has no harmonics,\n"
         "//                   it is called wrong; of a note found:\n"
         "//                   log of its sound in tenths of a second, share of it that has the pitch heard, "
         "the ear's confidence, seconds from where\n"
         "//                   it was expected, it has the pitch of the one before at once behind that, dB "
         "of the pitch asked for by the player's\n"
         "//                   notes, log odds of judge_odds.def, dB of that pitch over the semitones beside "
         "it, dB that others sound;\n"
         "//                   of a place: share of its sound that has the pitch asked for among what it may "
         "be, that is a harmonic of the note\n"
         "//                   before, where this sounds on: dB that the level climbs, log of the place's "
         "length)\n"
         "// Printed by tests/accuracy/fit_faults.c, fitted on %d notes of %d takes of the half FIT.\n",
         n_cases, n_takes);
}

int
main(int argc, char **argv)
{
  static fault_case cases[CASES_MOST];
  gathering         g    = {.cases = cases};
  shed_error        err  = {0};
  const int         anew = takes_anew(argc, argv);
  int               n_takes;
  shed_status       st = takes_each_of_fit(TAKES_CACHE_DIR, anew, gather, &g, &n_takes, &err);
  if (st != SHED_OK) {
    fprintf(stderr, "%s: %s %s\n", shed_status_text(st), err.where, err.what);
    return 1;
  }
  print_head(g.n, n_takes);
  for (int k = 0; k < SHED_FAULT_FORMS; k++) {
    choice              c = {.cases = cases, .n = g.n, .only = NONE, .but = NONE, .form = (shed_fault_form)k};
    const logistic_form whole = fit(&c);
    printf("SHED_JUDGE_FAULTS(%s, %.2f", NAMES[k], whole.w[FEATURES]);
    for (int i = 0; i < FEATURES; i++) {
      printf(", %.3f", whole.w[i]);
    }
    printf(")\n");
    tell("all", &whole, &c);
    for (int t = 0; t <= anew; t++) {
      c.only                      = NONE;
      c.but                       = t;
      const logistic_form without = fit(&c);
      c.only                      = t;
      c.but                       = NONE;
      tell("the others", &without, &c);
    }
  }
  return 0;
}
