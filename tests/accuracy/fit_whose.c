// Fits the weights by which the judge tells whether a note that is right beside others was the player's, and prints
// assessors/judge_whose.def; on the other stream, how they do on a font, or on takes, that they were not fitted on. Not run by any test.
//
//     build/release/tests/accuracy/fit_whose anew 2 > judge_whose.def    the usual takes of the half FIT beside a neighbour, and those made anew twice
//
// Told apart are notes that are called right: the player's, and those of which he played nothing of that pitch there. These are seldom.
// So each take is judged again and again with another score: every fourth of the notes that he played rightly is asked for as another one, as
// if he had played it wrong; now and then the neighbour plays that. A logistic form by Newton's method with a ridge.
#include "assessors/judge_whose.h"
#include "engine/base/rng.h"
#include "tests/accuracy/logistic.h"
#include "tests/accuracy/takes_count.h"
#include "tests/accuracy/takes_heard.h"
#include "tests/accuracy/takes_judge.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
  CASES_MOST = 262144,
  FEATURES   = SHED_WHOSE_FEATURES,
  ALL_FONTS  = -1,
  SCORES     = 7,
  FARTHEST   = 5,
  ROOMS      = 3
};

static const double      ASKED_OTHERWISE = .25;               // of the notes
static const double      WELL_TIMED_MS   = 40;                // as takes_count.c has it
static const double      LINES[]      = {-3, -4.2, -4.6, -5}; // log odds from which on it is somebody else's
static const char *const NAMES[ROOMS] = {"neighbour -20 dB", "neighbour -15 dB", "neighbour -10 dB"};

static const logistic_form COMMITTED = {{
#define SHED_JUDGE_WHOSE(...) __VA_ARGS__
#include "assessors/judge_whose.def"
#undef SHED_JUDGE_WHOSE
}};

typedef struct {
  double x[FEATURES];
  bool   others;
  bool   owed; // credit: well in time, and asked for by the take's own score
  int    font, room;
} whose_case;

typedef struct {
  const whose_case *cases;
  int               n, font, but;
} choice;

static bool
is_in(const choice *c, int i)
{
  return (c->font == ALL_FONTS || c->cases[i].font == c->font) && c->cases[i].font != c->but;
}

// -- cases ---------------------------------------------------------------------------------------------------------

static void
ask_otherwise(corpus_performance *p, uint64_t seed)
{
  shed_rng rng;
  shed_rng_seed(&rng, seed, 0x0a5cu);
  for (size_t i = 0; i < p->tune.n && p->n_mistakes < CORPUS_MISTAKES_MAX; i++) {
    const bool chosen = shed_rng_unit(&rng) < ASKED_OTHERWISE;
    const int  by     = shed_rng_between(&rng, 1, FARTHEST) * (shed_rng_below(&rng, 2) ? 1 : -1);
    if (chosen && !takes_fault_of(p, i) && p->truth[i].played) {
      p->tune.notes[i].midi += by;
      p->mistakes[p->n_mistakes++] = (corpus_mistake){.kind = CORPUS_WRONG, .index = (int)i, .amount = -by};
    }
  }
}

typedef struct {
  whose_case *cases;
  int         n;
} gathering;

// The notes that are called right but by the odds.
static void
add_notes(const shed_judged *j, const corpus_take *t, const corpus_performance *p, bool own_score,
          gathering *g)
{
  const shed_others others = shed_whose_begin(j);
  double            shifts[CORPUS_NOTES_MAX];
  int               room = 0;
  takes_true_shifts(p, shifts);
  while (room + 1 < ROOMS && strcmp(t->room->name, NAMES[room]) != 0) {
    room++;
  }
  for (int e = 0; others.any && e < j->target.n_events && g->n < CASES_MOST; e++) {
    const shed_found        *f    = &j->found[e];
    const size_t             note = (size_t)j->target.notes[j->target.events[e].first];
    const shed_note_verdict *v    = &j->v.notes[note];
    if (f->segment < 0 || j->target.events[e].count > 1 ||
        (v->pitch != SHED_PITCH_CORRECT && !f->uncredited)) {
      continue;
    }
    whose_case *k = &g->cases[g->n++];
    *k            = (whose_case){.others = !takes_is_own_sound(p, note, v->onset_s),
                                 .owed   = own_score && !takes_fault_of(p, note) && p->truth[note].played &&
                                         !(fabs(shifts[note]) > WELL_TIMED_MS),
                                 .font = (int)t->font,
                                 .room = room};
    shed_whose_view(&others, f, k->x);
  }
}

static shed_status
add_take(const corpus_take *t, const corpus_performance *p, const shed_take *heard, bool own_score,
         gathering *g, shed_error *err)
{
  takes_opened a;
  shed_status  st = takes_open(t, p, heard, &a, err);
  if (st == SHED_OK && a.known && !a.j.guess.hint_shift && (st = shed_judge_onsets(&a.j)) == SHED_OK &&
      (st = shed_judge_learn_own(&a.j)) == SHED_OK) {
    shed_judge_swing(&a.j);
    if ((st = shed_judge_tempo(&a.j)) == SHED_OK) {
      shed_judge_label_pitch(&a.j);
      shed_judge_whose(&a.j);
      add_notes(&a.j, t, p, own_score, g);
    }
  }
  takes_close(&a);
  return st;
}

static shed_status
gather(void *ctx, const corpus_take *t, const corpus_performance *p, const shed_take *heard, shed_error *err)
{
  static corpus_performance otherwise;
  shed_status               st = SHED_OK;
  for (uint64_t k = 0; k <= SCORES && st == SHED_OK; k++) {
    otherwise = *p;
    if (k > 0) {
      ask_otherwise(&otherwise, t->seed + k);
    }
    st = add_take(t, &otherwise, heard, k == 0, ctx, err);
  }
  return st;
}

static shed_status
hear_all(int anew, gathering *g, int *n_takes, shed_error *err)
{
  shed_status st = takes_each_beside(TAKES_CACHE_DIR, anew, gather, g, n_takes, err);
  return st == SHED_OK && g->n == CASES_MOST
             ? shed_fail(err, SHED_E_RANGE, "fit_whose", "more than %d cases", CASES_MOST)
             : st;
}

// -- the fit -------------------------------------------------------------------------------------------------------

static const double *
look(const void *kept, int i, bool *yes)
{
  const choice *c = kept;
  *yes            = c->cases[i].others;
  return is_in(c, i) ? c->cases[i].x : NULL;
}

static logistic_form
fit(const choice *c)
{
  return logistic_fit(&(logistic_cases){.kept = c, .n = c->n, .features = FEATURES, .look = look});
}

// -- what is printed -----------------------------------------------------------------------------------------------

static void
tell(const char *fitted, const char *tried, const logistic_form *f, const choice *c)
{
  for (size_t l = 0; l < SHED_COUNTOF(LINES); l++) {
    int others = 0, left = 0, owed[ROOMS] = {0}, lost[ROOMS] = {0};
    for (int i = 0; i < c->n; i++) {
      if (is_in(c, i)) {
        const whose_case *k = &c->cases[i];
        const bool not      = logistic_sum(f, k->x, FEATURES) >= LINES[l];
        others += k->others;
        left += k->others && !not ;
        owed[k->room] += k->owed && !k->others;
        lost[k->room] += k->owed && !k->others && not ;
      }
    }
    fprintf(stderr, "%-12s %-18s from %.1f: %3d of %3d others' left; right ones lost %.2f, %.2f, %.2f %%\n",
            fitted, tried, LINES[l], left, others, 100. * lost[0] / fmax(1, owed[0]),
            100. * lost[1] / fmax(1, owed[1]), 100. * lost[2] / fmax(1, owed[2]));
  }
}

static void
print_form(const logistic_form *f, int n_cases, int n_takes)
{
  printf(
      "// SHED_JUDGE_WHOSE(dB of its harmonics over the player's, dB that they climb, how unlike the "
      "player's they lie, dB over what others\n"
      "//                  sound where he rests, over his usual note, harmonics not to be compared, dB as a "
      "whole over the level of his\n"
      "//                  softest, the clearest sign that something begins, ms from where the beat has it, "
      "share of the sound that has\n"
      "//                  the pitch, constant)\n"
      "// Printed by tests/accuracy/fit_whose.c, fitted on %d notes of %d takes of the half FIT.\n"
      "SHED_JUDGE_WHOSE(",
      n_cases, n_takes);
  for (int k = 0; k < FEATURES; k++) {
    printf("%.3f, ", f->w[k]);
  }
  printf("%.2f)\n", f->w[FEATURES]);
}

int
main(int argc, char **argv)
{
  static whose_case cases[CASES_MOST];
  gathering         g   = {cases, 0};
  shed_error        err = {0};
  int               n_takes;
  shed_status       st = hear_all(takes_anew(argc, argv), &g, &n_takes, &err);
  if (st != SHED_OK) {
    fprintf(stderr, "%s: %s %s\n", shed_status_text(st), err.where, err.what);
    return 1;
  }
  choice              c     = {.cases = cases, .n = g.n, .font = ALL_FONTS, .but = ALL_FONTS};
  const logistic_form whole = fit(&c);
  print_form(&whole, g.n, n_takes);
  fprintf(stderr, "%-12s %-18s\n", "fitted on", "tried on");
  tell("all", "all", &whole, &c);
  tell("as committed", "all", &COMMITTED, &c);
  for (int f = 0; f < CORPUS_TAKE_FONTS; f++) {
    const char *name            = corpus_take_font_name((corpus_take_font)f);
    c.font                      = ALL_FONTS;
    c.but                       = f;
    const logistic_form without = fit(&c);
    c.font                      = f;
    c.but                       = ALL_FONTS;
    tell("all", name, &whole, &c);
    tell("the others", name, &without, &c);
  }
  return 0;
}
