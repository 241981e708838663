// Fits the weights by which the judge tells whether a sound that is no note of the music was the player's, and prints
// assessors/judge_extras.def; on the other stream, how they do on a font that they were not fitted on. Not run by any test.
//
//     build/release/tests/accuracy/fit_extras > judge_extras.def    all takes of the half FIT
//     build/release/tests/accuracy/fit_extras anew 2                 and the same takes made anew twice, with other seeds
//
// Told apart are what the path or the ear has beside the music: extra notes that were played, and what nobody played or somebody
// else did. What is a note of the music all the same is told elsewhere and left out. A logistic form by Newton's method with a ridge.
#include "assessors/judge.h"
#include "assessors/judge_extras.h"
#include "tests/accuracy/logistic.h"
#include "tests/accuracy/takes_heard.h"
#include "tests/accuracy/takes_judge.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CASES_MOST = 131072, FEATURES = SHED_EXTRA_FEATURES, ALL_FONTS = -1 };

static const double SAME_S      = .15; // as takes_count.c has it
static const double RINGS_S     = .05;
static const double SAME_PITCH  = 1.2; // semitones
static const double OCTAVE      = 12;
static const double OCTAVE_NEAR = .7;
static const double SPEAKS_S    = .1;

typedef struct {
  double x[FEATURES];
  bool   own;
  int    font;
} extra_case;

typedef struct {
  const extra_case *cases;
  int               n, font, but;
} choice;

static bool
is_in(const choice *c, int i)
{
  return (c->font == ALL_FONTS || c->cases[i].font == c->font) && c->cases[i].font != c->but;
}

// -- cases ---------------------------------------------------------------------------------------------------------

// 1 an extra note that was played, 0 nothing of the player's, -1 a note of the music or how it begins to speak.
static int
truth_of(const corpus_performance *p, const shed_extra_sound *h)
{
  int truth = 0;
  for (size_t i = 0; i < p->n; i++) {
    const corpus_played *k    = &p->played[i];
    const double         away = k->midi - h->midi;
    if (k->index < 0 && fabs(k->onset_s - h->onset_s) <= SAME_S &&
        fabs(away - OCTAVE * round(away / OCTAVE)) < SAME_PITCH) {
      return 1;
    }
    const bool same = fabs(away) < SAME_PITCH && h->onset_s >= k->onset_s - SAME_S &&
                      h->onset_s <= k->onset_s + k->duration_s + RINGS_S;
    const bool speaks = fabs(fabs(away) - OCTAVE) < OCTAVE_NEAR && k->onset_s >= h->onset_s - SPEAKS_S &&
                        k->onset_s <= h->end_s + RINGS_S;
    truth = k->index >= 0 && (same || speaks) ? -1 : truth;
  }
  return truth;
}

static void
add_case(const shed_extras *l, const corpus_performance *p, int font, const shed_extra_sound *h,
         extra_case *out, int *n)
{
  const int truth = truth_of(p, h);
  if (truth >= 0 && *n < CASES_MOST) {
    out[*n].own  = truth == 1;
    out[*n].font = font;
    shed_extras_view(l, h, out[*n].x);
    (*n)++;
  }
}

static shed_status
add_take(const corpus_take *t, const corpus_performance *p, const shed_take *heard, extra_case *out, int *n,
         shed_error *err)
{
  takes_opened a;
  shed_status  st = takes_open(t, p, heard, &a, err);
  if (st == SHED_OK && a.known && !a.j.guess.hint_shift && (st = shed_judge_learn_own(&a.j)) == SHED_OK) {
    const shed_extras l  = shed_extras_begin(&a.j);
    size_t            at = 0;
    shed_extra_sound  h;
    for (size_t i = 0; i < a.j.path.n; i++) {
      if (shed_extras_sound_of_segment(&l, i, &h)) {
        add_case(&l, p, (int)t->font, &h, out, n);
      }
    }
    for (size_t k = 0; k < heard->n_notes && a.j.path.n > 0; k++) {
      if (shed_extras_sound_of_note(&l, k, &at, &h)) {
        add_case(&l, p, (int)t->font, &h, out, n);
      }
    }
  }
  takes_close(&a);
  return st;
}

typedef struct {
  extra_case *cases;
  int         n;
} gathering;

static shed_status
gather(void *ctx, const corpus_take *t, const corpus_performance *p, const shed_take *heard, shed_error *err)
{
  gathering *g = ctx;
  return add_take(t, p, heard, g->cases, &g->n, err);
}

static shed_status
hear_all(int anew, extra_case *cases, int *n, int *n_takes, shed_error *err)
{
  gathering   g  = {cases, 0};
  shed_status st = takes_each_of_fit(TAKES_CACHE_DIR, anew, gather, &g, n_takes, err);
  *n             = g.n;
  return st == SHED_OK && g.n == CASES_MOST
             ? shed_fail(err, SHED_E_RANGE, "fit_extras", "more than %d cases", CASES_MOST)
             : st;
}

// -- the fit -------------------------------------------------------------------------------------------------------

static const double *
look(const void *kept, int i, bool *yes)
{
  const choice *c = kept;
  *yes            = c->cases[i].own;
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
  int all[2] = {0}, taken[2] = {0};
  for (int i = 0; i < c->n; i++) {
    if (is_in(c, i)) {
      all[c->cases[i].own]++;
      taken[c->cases[i].own] += logistic_sum(f, c->cases[i].x, FEATURES) >= 0;
    }
  }
  fprintf(stderr, "%-12s %-18s %3d of %3d extra notes; %3d of %3d others\n", fitted, tried, taken[1], all[1],
          taken[0], all[0]);
}

int
main(int argc, char **argv)
{
  static extra_case cases[CASES_MOST];
  shed_error        err = {0};
  int               n, n_takes;
  shed_status       st = hear_all(takes_anew(argc, argv), cases, &n, &n_takes, &err);
  if (st != SHED_OK) {
    fprintf(stderr, "%s: %s %s\n", shed_status_text(st), err.where, err.what);
    return 1;
  }
  choice              c     = {.cases = cases, .n = n, .font = ALL_FONTS, .but = ALL_FONTS};
  const logistic_form whole = fit(&c);
  printf("// SHED_JUDGE_EXTRAS(dB over the player's usual note, over what others sound, its harmonics over "
         "the player's, how unlike\n"
         "//                   his they lie, dB that they climb where it begins, that the whole level does, "
         "the ear's confidence times\n"
         "//                   the share of the sound that has the pitch, log of its length in tenths of a "
         "second, semitones beyond\n"
         "//                   what is asked, harmonics not to be compared, cents that it spreads over, "
         "cents off "
         "a pitch in tune,\n"
         "//                   1 of the ear's note and 0 of the path's segment, that times confidence, the "
         "player's "
         "harmonics times\n"
         "//                   length, over others times climb, dB over 6 below the usual note, dB over that "
         "times "
         "confidence, constant)\n"
         "// Printed by tests/accuracy/fit_extras.c, fitted on %d sounds of %d takes of the half FIT.\n"
         "SHED_JUDGE_EXTRAS(",
         n, n_takes);
  for (int k = 0; k < FEATURES; k++) {
    printf("%.3f, ", whole.w[k]);
  }
  printf("%.2f)\n", whole.w[FEATURES]);
  fprintf(stderr, "%-12s %-18s\n", "fitted on", "tried on");
  tell("all", "all", &whole, &c);
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
