// What the display is told at once: of the provisional frames, how many are right; right after a note begins and later; how
// old the sound is that they speak of; how often they jump away and back; and whether their confidence is to be believed.
// On the ear's corpus, REPORT half; "fit" takes the other half, NAME... only those items.
#include "engine/hear/hear.h"
#include "tests/corpus/ear.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  BLOCK        = 64,
  SAMPLE_APART = 3,
  BINS         = 10,
  ROWS         = CORPUS_EAR_GROUPS + CORPUS_EAR_HARMS,
  WORST        = 10,
  ITEMS_MAX    = 4000
};
static const double ATTACK_S  = 0.060; // after an onset, as described
static const double NEW_S     = 0.032; // what speaks of sound younger than that looked at the newest
static const double FLICKER_S = 0.060;
// The committed floors, with some room under what was measured: right frames of clean sound, and right after an onset.
static const double RIGHT_LEAST  = 0.975;
static const double ATTACK_LEAST = 0.950;

typedef struct {
  long   told, right;          // where there is a pitch
  long   attack, attack_right; // of them, in the first moments of a note
  long   fresh;                // of them, about the newest sound
  long   fresh_right;
  long   silent, voiced; // frames where there is none, and those called voiced
  long   flickers;
  double seconds, age_s; // age: sum over what was told
} tally;

typedef struct {
  long   n, right;
  double said;
} bin;

typedef struct {
  char   name[64];
  double right;
} worst_item;

typedef struct {
  tally      row[ROWS], clean;
  bin        bins[BINS];
  worst_item worst[ITEMS_MAX];
  int        items;
} table;

static void
add(tally *to, const tally *t)
{
  to->told += t->told;
  to->right += t->right;
  to->attack += t->attack;
  to->attack_right += t->attack_right;
  to->fresh += t->fresh;
  to->fresh_right += t->fresh_right;
  to->silent += t->silent;
  to->voiced += t->voiced;
  to->flickers += t->flickers;
  to->seconds += t->seconds;
  to->age_s += t->age_s;
}

// Truth at a moment: over 0 the pitch, 0 none, -1 not to be scored.
static double
truth_at(const corpus_ear_sound *s, double t_s)
{
  int    i     = (int)floor(t_s * 100);
  double share = t_s * 100 - i;
  if (i < 0 || i + 1 >= s->frames) {
    return -1;
  }
  double a = (double)s->f0_hz[i], b = (double)s->f0_hz[i + 1];
  if (share < 0.001) {
    return a;
  }
  if (a > 0 && b > 0 && fabs(log2(a / b)) < 1.0 / 12) {
    return a * pow(b / a, share);
  }
  return a == 0 && b == 0 ? 0 : -1;
}

static bool
in_attack(const corpus_ear_sound *s, double t_s)
{
  for (int i = 0; i < s->n_notes; i++) {
    if (t_s >= s->notes[i].onset_s && t_s < s->notes[i].onset_s + ATTACK_S) {
      return true;
    }
  }
  return false;
}

// What was told last, for jumps away and back.
typedef struct {
  double hz[3], at_s[3];
} course;

static bool
flickers(course *c, double hz, double at_s)
{
  memmove(c->hz, c->hz + 1, 2 * sizeof(double));
  memmove(c->at_s, c->at_s + 1, 2 * sizeof(double));
  c->hz[2]   = hz;
  c->at_s[2] = at_s;
  if (!(c->hz[0] > 0 && c->hz[1] > 0) || at_s - c->at_s[0] > FLICKER_S) {
    return false;
  }
  return fabs(log2(c->hz[1] / c->hz[0])) > 0.5 / 12 && fabs(log2(hz / c->hz[0])) < 0.5 / 12;
}

static void
score_frame(const shed_event *e, const corpus_ear_sound *s, double at_s, tally *t, bin *bins)
{
  const shed_frame *f     = &e->u.frame;
  double            truth = truth_at(s, e->time_s);
  if (truth < 0) {
    return;
  }
  if (truth == 0) {
    t->silent++;
    t->voiced += f->voiced;
    return;
  }
  bool right = f->f0_hz > 0.0f && fabs(1200 * log2((double)f->f0_hz / truth)) <= 50;
  bool fresh = at_s - e->time_s < NEW_S;
  bool early = in_attack(s, e->time_s);
  t->told++;
  t->right += right;
  t->attack += early;
  t->attack_right += early && right;
  t->fresh += fresh;
  t->fresh_right += fresh && right;
  t->age_s += at_s - e->time_s;
  if (f->voiced) {
    int b = (int)(f->confidence * BINS);
    b     = b < BINS ? b : BINS - 1;
    bins[b].n++;
    bins[b].right += right;
    bins[b].said += (double)f->confidence;
  }
}

static shed_status
hear(const corpus_ear_sound *s, tally *t, bin *bins)
{
  shed_hear  *h      = NULL;
  course      c      = {{0}, {0}};
  shed_status status = shed_hear_new(&h, &(shed_hear_opts){.rate_hz = CORPUS_EAR_RATE_HZ}, NULL);
  for (int at = 0; status == SHED_OK && at < s->n; at += BLOCK) {
    shed_event e;
    shed_hear_push(h, s->x + at, (size_t)(s->n - at < BLOCK ? s->n - at : BLOCK));
    while (shed_hear_poll(h, &e)) {
      double at_s = (double)e.at_frame / CORPUS_EAR_RATE_HZ;
      if (e.kind == SHED_EVENT_FRAME_PROVISIONAL) {
        score_frame(&e, s, at_s, t, bins);
        t->flickers += e.u.frame.voiced && flickers(&c, (double)e.u.frame.f0_hz, at_s);
      }
    }
  }
  t->seconds = (double)s->n / CORPUS_EAR_RATE_HZ;
  shed_hear_free(h);
  return status;
}

static double
share(long part, long whole)
{
  return whole > 0 ? (double)part / (double)whole : (double)NAN;
}

static void
print_row(const char *name, const tally *t)
{
  if (t->told == 0) {
    return;
  }
  printf("%-22s %8ld %7.1f %8.1f %8.1f %8.1f %8.1f %8.1f %8.2f\n", name, t->told,
         100 * share(t->right, t->told), 100 * share(t->attack_right, t->attack),
         100 * share(t->fresh, t->told), 100 * share(t->fresh_right, t->fresh),
         100 * share(t->voiced, t->silent), 1000 * t->age_s / (double)t->told,
         (double)t->flickers / t->seconds);
}

static void
print_bins(const bin *bins)
{
  printf("\nconfidence of provisional frames that say there is a pitch: said, right, frames\n");
  for (int b = 0; b < BINS; b++) {
    if (bins[b].n > 0) {
      printf("  %.2f  %.3f  %8ld\n", bins[b].said / (double)bins[b].n, share(bins[b].right, bins[b].n),
             bins[b].n);
    }
  }
}

static int
by_right(const void *a, const void *b)
{
  double x = ((const worst_item *)a)->right, y = ((const worst_item *)b)->right;
  return (x > y) - (x < y);
}

static void
print_table(table *t)
{
  printf("provisional frames: where there is a pitch %% within 50 cents, in the first 60 ms of notes; about "
         "the newest "
         "sound (share, right);\nvoiced where there is none; age of the sound described, ms; jumps away and "
         "back a second\n");
  printf("%-22s %8s %7s %8s %8s %8s %8s %8s %8s\n", "", "frames", "right", "attacks", "newest", "right",
         "false", "age", "jumps");
  print_row("clean, all", &t->clean);
  for (int g = 0; g < CORPUS_EAR_GROUPS; g++) {
    print_row(CORPUS_EAR_GROUP_NAME[g], &t->row[g]);
  }
  for (int m = 1; m < CORPUS_EAR_HARMS; m++) {
    print_row(CORPUS_EAR_HARM_NAME[m], &t->row[CORPUS_EAR_GROUPS + m]);
  }
  print_bins(t->bins);
  qsort(t->worst, (size_t)t->items, sizeof(t->worst[0]), by_right);
  printf("\nworst clean items:\n");
  for (int i = 0; i < WORST && i < t->items; i++) {
    printf("  %-40s %.1f %%\n", t->worst[i].name, 100 * t->worst[i].right);
  }
}

static void
hear_item(const corpus_ear_item *item, table *t)
{
  corpus_ear_sound s   = {0};
  shed_error       err = {0};
  tally            one = {0};
  if (corpus_ear_make(item, &s, &err) != SHED_OK) {
    printf("skipped: %s: %s: %s\n", item->name, err.where, err.what);
    return;
  }
  if (hear(&s, &one, t->bins) != SHED_OK) {
    printf("%s: no memory\n", item->name);
    exit(1);
  }
  corpus_ear_free(&s);
  if (item->harm == CORPUS_EAR_CLEAN) {
    add(&t->clean, &one);
    add(&t->row[item->group], &one);
    if (t->items < ITEMS_MAX && one.told > 0) {
      memcpy(t->worst[t->items].name, item->name, sizeof(item->name));
      t->worst[t->items++].right = share(one.right, one.told);
    }
  } else {
    add(&t->row[CORPUS_EAR_GROUPS + (int)item->harm], &one);
  }
}

static bool
is_named(const char *name, int n, char **names)
{
  for (int i = 0; i < n; i++) {
    if (strstr(name, names[i])) {
      return true;
    }
  }
  return n == 0;
}

int
main(int argc, char **argv)
{
  static table    t;
  bool            sample = argc > 1 && strcmp(argv[1], "sample") == 0;
  bool            fit    = argc > 1 && strcmp(argv[1], "fit") == 0;
  int             first  = sample || fit ? 2 : 1;
  corpus_ear_half half   = fit ? CORPUS_EAR_FIT : CORPUS_EAR_REPORT;
  for (size_t i = 0, seen = 0; i < corpus_ear_count(); i++) {
    corpus_ear_item item;
    corpus_ear_at(i, &item);
    if (item.half == half && is_named(item.name, argc - first, argv + first) &&
        (!sample || (item.harm == CORPUS_EAR_CLEAN && seen++ % SAMPLE_APART == 0))) {
      hear_item(&item, &t);
    }
  }
  print_table(&t);
  if (sample && t.clean.told > 0) {
    double right = share(t.clean.right, t.clean.told), attack = share(t.clean.attack_right, t.clean.attack);
    if (!(right >= RIGHT_LEAST && attack >= ATTACK_LEAST)) {
      printf("right %.3f, at least %.3f; in attacks %.3f, at least %.3f\n", right, RIGHT_LEAST, attack,
             ATTACK_LEAST);
      return 1;
    }
  }
  return t.clean.told > 0 || t.bins[BINS - 1].n > 0 ? 0 : 77;
}
