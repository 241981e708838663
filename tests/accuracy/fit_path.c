#include "tests/accuracy/fit_path.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { REGISTERS = 7, ROWS_MAX = 80, BELIEFS = 10, WORST = 10 };
static const double      REGISTER_HZ[REGISTERS]   = {62, 110, 220, 523, 1047, 2094, 20000};
static const char *const REGISTER_NAME[REGISTERS] = {"to 62 Hz", "to 110",  "to 220", "to 523",
                                                     "to 1047",  "to 2094", "above"};

void
fit_follow(const fit_ear *ear, const fit_item *item, fit_settled *settled, void *context)
{
  shed_path    path    = {.costs = ear->costs};
  shed_voicing voicing = {.frames = 0};
  for (int f = 0; f < item->n; f++) {
    const shed_cand_set *s = &item->frames[f].set;
    shed_emission        e;
    shed_emission_run(&ear->choice, s, &e);
    shed_path_push(&path, s, &e, shed_voicing_run(&ear->voice, &voicing, s, &e));
    for (int back = SHED_PATH_LAG; f >= SHED_PATH_LAG && back >= (f == item->n - 1 ? 0 : SHED_PATH_LAG);
         back--) {
      shed_path_point p;
      float           x[SHED_PATH_EVIDENCE] = {0};
      shed_path_describe(&path, back, &p);
      (void)shed_path_evidence(&path, back, x);
      settled(context, item, f - back, &p, x);
    }
  }
}

typedef struct {
  long   voiced, right, octave, called, lost, silent, false_voice, n[BELIEFS], hit[BELIEFS];
  double said[BELIEFS];
} tally;

typedef struct {
  tally family[ROWS_MAX], harm[ROWS_MAX], reg[REGISTERS], clean, degraded, quiet, item;
} tables;

static void
count(tally *t, const fit_frame *at, const shed_path_point *p)
{
  float truth = at->truth_hz;
  if (truth < 0) {
    return;
  }
  if (truth == 0) {
    t->silent++;
    t->false_voice += p->voiced;
    return;
  }
  double cents = p->f0_hz > 0 ? 1200 * log2((double)p->f0_hz / (double)truth) : 1e9;
  double fold  = cents - 1200 * rint(cents / 1200);
  bool   right = fabs(cents) <= 50;
  int    b     = (int)fmin((double)p->confidence * BELIEFS, BELIEFS - 1);
  t->voiced++;
  t->right += right;
  t->octave += !right && fabs(fold) <= 50 && p->f0_hz > 0;
  t->called += p->voiced;
  t->lost += at->right < 0;
  t->n[b]++;
  t->hit[b] += right;
  t->said[b] += (double)p->confidence;
}

static void
settle(void *context, const fit_item *item, int frame, const shed_path_point *p, const float *evidence)
{
  tables          *t     = context;
  const fit_frame *at    = &item->frames[frame];
  float            truth = at->truth_hz;
  (void)evidence;
  bool clean = item->clean;
  count(&t->item, at, p);
  count(clean ? &t->clean : &t->degraded, at, p);
  count(&t->harm[item->harm], at, p);
  if (!clean && item->snr_db >= 5 && item->snr_db <= 10) {
    count(&t->quiet, at, p);
  }
  if (clean) {
    count(&t->family[item->family], at, p);
    int r = 0;
    while (r < REGISTERS - 1 && (double)truth > REGISTER_HZ[r]) {
      r++;
    }
    if (truth > 0) {
      count(&t->reg[r], at, p);
    }
  }
}

static double
percent(long part, long of)
{
  return of > 0 ? 100 * (double)part / (double)of : 0;
}

static void
print(const char *name, const tally *t)
{
  double off = 0;
  for (int b = 0; b < BELIEFS; b++) {
    off += fabs(t->said[b] - (double)t->hit[b]);
  }
  if (t->voiced + t->silent > 0) {
    fprintf(
        stderr,
        "  %-22s %7ld frames  RPA50 %6.2f  octave %5.2f  VR %6.2f  VFA %5.2f  ECE %.4f  no candidate %.2f\n",
        name, t->voiced, percent(t->right, t->voiced), percent(t->octave, t->voiced),
        percent(t->called, t->voiced), percent(t->false_voice, t->silent), off / (double)t->voiced,
        percent(t->lost, t->voiced));
  }
}

typedef struct {
  double rpa, vr, vfa;
  int    item;
} score;

static int
by_rpa(const void *a, const void *b)
{
  double x = ((const score *)a)->rpa, y = ((const score *)b)->rpa;
  return (x > y) - (x < y);
}

void
fit_report(const fit_ear *ear, const fit_item *items, int n, bool held_out, const char *const *family,
           int families, const char *const *harm, int harms)
{
  tables *t      = calloc(1, sizeof(*t));
  score  *scores = calloc((size_t)n, sizeof(*scores));
  int     scored = 0;
  for (int i = 0; i < n; i++) {
    if (items[i].held_out == held_out) {
      t->item = (tally){.voiced = 0};
      fit_follow(ear, &items[i], settle, t);
      if (t->item.voiced > 0) {
        scores[scored++] =
            (score){percent(t->item.right, t->item.voiced), percent(t->item.called, t->item.voiced),
                    percent(t->item.false_voice, t->item.silent), i};
      }
    }
  }
  fprintf(stderr, "%s: clean by family and register, then by harm\n", held_out ? "held out" : "fitted");
  for (int k = 0; k < families; k++) {
    print(family[k], &t->family[k]);
  }
  for (int r = 0; r < REGISTERS; r++) {
    print(REGISTER_NAME[r], &t->reg[r]);
  }
  for (int h = 0; h < harms; h++) {
    print(harm[h], &t->harm[h]);
  }
  print("noise of 5-10 dB", &t->quiet);
  print("all clean", &t->clean);
  print("all degraded", &t->degraded);
  qsort(scores, (size_t)scored, sizeof(*scores), by_rpa);
  for (int i = 0; i < WORST && i < scored; i++) {
    fprintf(stderr, "  worst: RPA50 %5.1f VR %5.1f VFA %5.1f %s\n", scores[i].rpa, scores[i].vr,
            scores[i].vfa, items[scores[i].item].name);
  }
  free(scores);
  free(t);
}
