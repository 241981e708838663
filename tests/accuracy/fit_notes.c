// Finds what the notes are told by and prints it. Not run by any test.
//
//     build/release/tests/accuracy/fit_notes table                 what stands, by class of beginning
//     build/release/tests/accuracy/fit_notes costs [ROUNDS] >         engine/dsp/notes_costs.def
//     build/release/tests/accuracy/fit_notes times                 > engine/dsp/notes_times.def
//     build/release/tests/accuracy/fit_notes sure                  > engine/dsp/notes_sure.def
//
// Sound is heard anew by each run unless KEPT names a file: frames are kept there, and read when it is there already.
//
// costs climbs on what is made: one cost after the other changes, and what is not better is taken back. times fits the weights
// of the cues by least absolute deviations, each kind of beginning on its own.
#include "tests/accuracy/notes_items.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COSTS = sizeof(notes_costs) / sizeof(float), CLASSES = 10, SPANS = 3, OFFS_MAX = 20000 };
static const double      SPAN_S[SPANS]       = {0.05, 0.025, 0.01};
static const char *const CLASS_NAME[CLASSES] = {
    "real",         "percussion",      "struck",         "plucked", "wind tongued",
    "wind slurred", "string detached", "string slurred", "voice",   "voice slurred"};
static const char *const COST_NAME[COSTS] = {
#define SHED_NOTES_COST(name, value) #name,
#include "engine/dsp/notes_costs.def"
};
static const char *const CUE_NAME[NOTES_CUES] = {
    "ONE",
#define SHED_NOTES_CUE(name) #name,
#include "engine/dsp/notes_cues.def"
};
static const char *const BEGINNING_NAME[NOTES_BEGINNINGS] = {"FROM_SILENCE", "STRUCK_ANEW", "SLURRED",
                                                             "STROKE"};

typedef struct {
  long    labels, onsets, hits[SPANS], notes, note_hits, pitched, slurs, slur_hits;
  double *off, *late; // ms; of each onset within 100 ms of a label
  int     n_off;
} tally;

static notes_times times = {{
#define SHED_NOTES_TIME(kind, ...) [NOTES_##kind] = {__VA_ARGS__},
#include "engine/dsp/notes_times.def"
}};
static notes_item items[NOTES_ITEMS_MAX];
static int        n_items;

// One to one, in order: greedy is the best there is for two sorted lists of points.
static long
hits(const notes_item *it, const notes_heard *h, double span_s, tally *t)
{
  long n = 0;
  int  j = 0;
  for (int i = 0; i < it->n_labels; i++) {
    double at = it->labels[i].onset_s;
    while (j < h->onsets && h->onset[j].onset_s < at - span_s) {
      j++;
    }
    bool hit = j < h->onsets && h->onset[j].onset_s <= at + span_s;
    if (hit) {
      n++;
      j++;
    }
    if (span_s >= 0.05 && it->labels[i].slurred) {
      t->slurs++;
      t->slur_hits += hit;
    }
  }
  return n;
}

static void
match(const notes_item *it, const notes_heard *h, tally *t)
{
  int k = 0;
  for (int s = 0; s < SPANS; s++) {
    t->hits[s] += hits(it, h, SPAN_S[s], t);
  }
  for (int i = 0; i < it->n_labels; i++) {
    const notes_label *l    = &it->labels[i];
    int                best = -1;
    for (int m = k; m < h->notes && (double)h->note[m].onset_s <= l->onset_s + 0.05; m++) {
      double off = h->note[m].midi + (double)h->note[m].cents / 100 - it->tuning - l->midi;
      if (l->midi > 0 && (double)h->note[m].onset_s >= l->onset_s - 0.05 && fabs(off) <= 0.5) {
        t->note_hits++;
        k = m + 1;
        break;
      }
    }
    for (int j = 0; j < h->onsets; j++) {
      double d = fabs(h->onset[j].onset_s - l->onset_s);
      best     = d < 0.1 && (best < 0 || d < fabs(h->onset[best].onset_s - l->onset_s)) ? j : best;
    }
    if (best >= 0 && t->off && t->n_off < OFFS_MAX) {
      t->off[t->n_off]    = 1000 * (h->onset[best].onset_s - l->onset_s);
      t->late[t->n_off++] = 1000 * (h->onset[best].told_s - l->onset_s);
    }
    t->pitched += l->midi > 0;
  }
  t->labels += it->n_labels;
  t->onsets += h->onsets;
  t->notes += h->notes;
}

static double
f_measure(long hit, long a, long b)
{
  return a + b > 0 ? 2 * (double)hit / (double)(a + b) : 0;
}

static int
by_value(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double
quantile(double *v, int n, double share)
{
  qsort(v, (size_t)n, sizeof(*v), by_value);
  return n > 0 ? v[(int)(share * (n - 1))] : 0;
}

static notes_costs
costs_now(void)
{
  return (notes_costs){
#define SHED_NOTES_COST(name, value) .name = value,
#include "engine/dsp/notes_costs.def"
  };
}

static void
print_tally(const char *name, tally *t)
{
  if (t->labels == 0) {
    return;
  }
  printf("%-22s %5ld labels  F50 %.3f F25 %.3f F10 %.3f  extra %4.1f %% missed %4.1f %%  bias %+5.1f "
         "(%+5.1f..%+5.1f)  told "
         "%3.0f p90 %3.0f ms  note F %.3f",
         name, t->labels, f_measure(t->hits[0], t->onsets, t->labels),
         f_measure(t->hits[1], t->onsets, t->labels), f_measure(t->hits[2], t->onsets, t->labels),
         100.0 * (double)(t->onsets - t->hits[0]) / (double)t->labels,
         100.0 * (double)(t->labels - t->hits[0]) / (double)t->labels, quantile(t->off, t->n_off, 0.5),
         quantile(t->off, t->n_off, 0.25), quantile(t->off, t->n_off, 0.75), quantile(t->late, t->n_off, 0.5),
         quantile(t->late, t->n_off, 0.9), f_measure(t->note_hits, t->notes, t->pitched));
  if (t->slurs > 0) {
    printf("  slurs %.3f", (double)t->slur_hits / (double)t->slurs);
  }
  printf("\n");
}

static int
table(bool each)
{
  static tally       t[CLASSES][2];
  static tally       all[2];
  static notes_heard h;
  notes_costs        costs = costs_now();
  for (int i = 0; i < n_items; i++) {
    tally  one   = {.off = malloc(OFFS_MAX * sizeof(double)), .late = malloc(OFFS_MAX * sizeof(double))};
    tally *to[3] = {&one, &t[items[i].kind + 1][!items[i].clean], &all[items[i].kind < 0 ? 0 : 1]};
    notes_items_try(&items[i], &costs, &times, &h);
    for (int k = 0; k < 3; k++) {
      if (!to[k]->off) {
        to[k]->off  = malloc(OFFS_MAX * sizeof(double));
        to[k]->late = malloc(OFFS_MAX * sizeof(double));
      }
      match(&items[i], &h, to[k]);
    }
    if (each) {
      print_tally(items[i].name, &one);
    }
    free(one.off);
    free(one.late);
  }
  for (int k = 0; k < CLASSES; k++) {
    for (int harm = 0; harm < 2; harm++) {
      char name[64];
      snprintf(name, sizeof(name), "%s %s", CLASS_NAME[k], k == 0 ? "" : harm ? "harmed" : "clean");
      print_tally(name, &t[k][harm]);
    }
  }
  print_tally("all but real", &all[1]);
  return 0;
}

// -- costs --

// Chosen otherwise: the margin for its delay, the others with an eye on real singers (see notes_costs.def).
static const char *const LEFT[] = {"margin",     "stable_sd",   "pitch_cost_max", "to_other",  "to_same",
                                   "doubt_gain", "voiced_cost", "from_silence",   "to_silence"};
// A slur told is worth more than its share of the onsets.
static const double SLURS = 0.25;

static bool
is_left(int cost)
{
  for (size_t i = 0; i < sizeof(LEFT) / sizeof(LEFT[0]); i++) {
    if (strcmp(LEFT[i], COST_NAME[cost]) == 0) {
      return true;
    }
  }
  return false;
}

// Of what is made: onsets and half as much notes, each class alike, clean and harmed, and slurs.
static double
score(const notes_costs *costs)
{
  static notes_heard h;
  tally              t[CLASSES * 2] = {{0}};
  double             sum            = 0;
  long               slurs = 0, slur_hits = 0;
  // an attack that costs no more than a swinging stable note would never end
  if (costs->attack_cost < 1.0f) {
    return 0;
  }
  for (int i = 0; i < n_items; i++) {
    if (items[i].kind >= 0) {
      notes_items_try(&items[i], costs, &times, &h);
      match(&items[i], &h, &t[2 * (items[i].kind + 1) + !items[i].clean]);
    }
  }
  for (int k = 2; k < CLASSES * 2; k++) {
    if (t[k].labels > 0) {
      sum += f_measure(t[k].hits[0], t[k].onsets, t[k].labels) / (2 * CLASSES);
      sum += t[k].pitched > 0 ? f_measure(t[k].note_hits, t[k].notes, t[k].pitched) / (4 * CLASSES) : 0;
      slurs += t[k].slurs;
      slur_hits += t[k].slur_hits;
    }
  }
  return sum + (slurs > 0 ? SLURS * (double)slur_hits / (double)slurs : 0);
}

static void
print_costs(FILE *to, const notes_costs *costs)
{
  for (int i = 0; i < (int)COSTS; i++) {
    fprintf(to, "SHED_NOTES_COST(%s, %.3ff)\n", COST_NAME[i], (double)((const float *)costs)[i]);
  }
}

// One cost after the other, up and down, by steps that shrink where nothing was found.
static int
fit_costs(int rounds)
{
  notes_costs best       = costs_now();
  double      best_score = score(&best);
  float       step[COSTS];
  for (int i = 0; i < (int)COSTS; i++) {
    step[i] = 1.25f;
  }
  for (int r = 0; r < rounds; r++) {
    for (int i = 0; i < (int)COSTS; i++) {
      bool found = false;
      for (int down = 0; down < 2 && !found && !is_left(i); down++) {
        notes_costs next = best;
        float      *at   = &((float *)&next)[i];
        *at              = down ? *at / step[i] : *at * step[i];
        double now       = score(&next);
        if (now > best_score) {
          found      = true;
          best_score = now;
          best       = next;
          fprintf(stderr, "round %d: %s %.3f: %.4f\n", r, COST_NAME[i], (double)*at, now);
        }
      }
      step[i] = found ? step[i] : sqrtf(step[i]);
    }
  }
  print_costs(stdout, &best);
  return 0;
}

// -- times --

typedef struct {
  double cue[NOTES_CUES], truth_ms, weight;
} example;

enum { EXAMPLES_MAX = 60000 };
static example examples[NOTES_BEGINNINGS][EXAMPLES_MAX];
static int     n_examples[NOTES_BEGINNINGS];

// A slur without a rise has nothing to tell from the envelope: its cues stay without weight.
static bool
is_used(int kind, int cue)
{
  bool tells = cue == NOTES_CUE_ONE || cue == NOTES_CUE_FLUX || cue == NOTES_CUE_TURN ||
               cue == NOTES_CUE_DOUBT || cue == NOTES_CUE_HIDDEN || cue == NOTES_CUE_PERIOD;
  return kind != NOTES_SLURRED || tells;
}

static void
gather_examples(bool real)
{
  static notes_heard h;
  notes_costs        costs = costs_now();
  for (int i = 0; i < n_items; i++) {
    const notes_item *it = &items[i];
    if ((it->kind < 0) != real) {
      continue;
    }
    notes_items_try(it, &costs, &times, &h);
    for (int j = 0; j < h.onsets; j++) {
      const notes_cues *c    = &h.onset[j].cues;
      double            best = 1000, at = (double)h.onset[j].frame * 10;
      for (int l = 0; l < it->n_labels; l++) {
        double d = 1000 * it->labels[l].onset_s - at;
        best     = fabs(d) < fabs(best) ? d : best;
      }
      if (best > -110 && best < 60 && n_examples[c->kind] < EXAMPLES_MAX) {
        example *e  = &examples[c->kind][n_examples[c->kind]++];
        e->truth_ms = best;
        e->weight   = 1;
        for (int k = 0; k < NOTES_CUES; k++) {
          e->cue[k] = is_used((int)c->kind, k) ? (double)c->cue[k] : 0;
        }
      }
    }
  }
}

static void
solve(double a[NOTES_CUES][NOTES_CUES + 1], double *x)
{
  for (int i = 0; i < NOTES_CUES; i++) {
    int best = i;
    for (int r = i; r < NOTES_CUES; r++) {
      best = fabs(a[r][i]) > fabs(a[best][i]) ? r : best;
    }
    for (int c = 0; c <= NOTES_CUES; c++) {
      double keep = a[i][c];
      a[i][c]     = a[best][c];
      a[best][c]  = keep;
    }
    for (int r = 0; r < NOTES_CUES; r++) {
      double f = r == i ? 0 : a[r][i] / a[i][i];
      for (int c = i; c <= NOTES_CUES && f != 0; c++) {
        a[r][c] -= f * a[i][c];
      }
    }
  }
  for (int i = 0; i < NOTES_CUES; i++) {
    x[i] = a[i][NOTES_CUES] / a[i][i];
  }
}

// Least absolute deviations by reweighted least squares, drawn a little towards zero weights.
static void
fit_one(int kind)
{
  double x[NOTES_CUES] = {0};
  int    n             = n_examples[kind];
  for (int round = 0; round < 30 && n > 0; round++) {
    double a[NOTES_CUES][NOTES_CUES + 1] = {{0}};
    for (int i = 0; i < n; i++) {
      const example *e   = &examples[kind][i];
      double         off = e->truth_ms;
      for (int k = 0; k < NOTES_CUES; k++) {
        off -= x[k] * e->cue[k];
      }
      double w = round == 0 ? 1 : 1 / fmax(fabs(off), 1.5);
      for (int r = 0; r < NOTES_CUES; r++) {
        for (int c = 0; c < NOTES_CUES; c++) {
          a[r][c] += w * e->cue[r] * e->cue[c];
        }
        a[r][NOTES_CUES] += w * e->cue[r] * e->truth_ms;
      }
    }
    for (int k = 0; k < NOTES_CUES; k++) {
      a[k][k] += 1e-3 * a[k][k] + 1;
    }
    solve(a, x);
  }
  double *off = malloc((size_t)(n + 1) * sizeof(double)), *was = malloc((size_t)(n + 1) * sizeof(double));
  for (int i = 0; i < n; i++) {
    off[i] = was[i] = examples[kind][i].truth_ms;
    for (int k = 0; k < NOTES_CUES; k++) {
      off[i] -= x[k] * examples[kind][i].cue[k];
    }
    off[i] = fabs(off[i]);
    was[i] = fabs(was[i]);
  }
  fprintf(stderr,
          "%-14s %5d: off by at most %.1f ms half the time (%.1f without), %.1f in three of four, %.1f in "
          "nine of ten\n",
          BEGINNING_NAME[kind], n, quantile(off, n, 0.5), quantile(was, n, 0.5), quantile(off, n, 0.75),
          quantile(off, n, 0.9));
  for (int k = 0; k < NOTES_CUES; k++) {
    times.weight[kind][k] = (float)x[k];
  }
  printf("SHED_NOTES_TIME(%s", BEGINNING_NAME[kind]);
  for (int k = 0; k < NOTES_CUES; k++) {
    printf(", %.3ff", x[k]);
  }
  printf(")\n");
  for (int k = 0; k < NOTES_CUES; k++) {
    fprintf(stderr, " %s %.2f", CUE_NAME[k], x[k]);
  }
  fprintf(stderr, "\n");
  free(off);
  free(was);
}

static int
fit_times(void)
{
  gather_examples(false);
  printf("// SHED_NOTES_TIME(kind, a weight for each of notes_cues.def, the constant first)\n");
  for (int k = 0; k < NOTES_BEGINNINGS; k++) {
    fit_one(k);
  }
  printf("#undef SHED_NOTES_TIME\n");
  return 0;
}

static void
print_cues(void)
{
  for (int real = 0; real < 2; real++) {
    memset(n_examples, 0, sizeof(n_examples));
    gather_examples(real);
    for (int kind = 0; kind < NOTES_BEGINNINGS; kind++) {
      int     n   = n_examples[kind];
      double *off = malloc((size_t)(n + 1) * sizeof(double));
      printf("%s %s %d:", real ? "real" : "made", BEGINNING_NAME[kind], n);
      for (int k = 0; k < NOTES_CUES; k++) {
        for (int i = 0; i < n; i++) {
          off[i] = (k == 0 ? 0 : examples[kind][i].cue[k]) - examples[kind][i].truth_ms;
        }
        printf("  %s %.0f(%.0f..%.0f)", k == 0 ? "frame" : CUE_NAME[k], quantile(off, n, 0.5),
               quantile(off, n, 0.25), quantile(off, n, 0.75));
      }
      printf("\n");
      free(off);
    }
  }
}

// -- sure --

typedef struct {
  double x[NOTES_EVIDENCE];
  bool   right;
} judged;

static judged notes_judged[EXAMPLES_MAX];
static int    n_judged;

static bool
is_right(const notes_item *it, const shed_notes_out *note)
{
  for (int i = 0; i < it->n_labels; i++) {
    const notes_label *l     = &it->labels[i];
    double             cents = 100 * (note->midi - it->tuning - l->midi) + (double)note->cents;
    if (l->midi > 0 && fabs((double)note->onset_s - l->onset_s) <= SPAN_S[0] && fabs(cents) <= 50) {
      return true;
    }
  }
  return false;
}

static void
judge_notes(void)
{
  static notes_heard h;
  notes_costs        costs = costs_now();
  for (int i = 0; i < n_items; i++) {
    if (items[i].kind < 0) {
      continue;
    }
    notes_items_try(&items[i], &costs, &times, &h);
    for (int k = 0; k < h.notes && n_judged < EXAMPLES_MAX; k++) {
      judged *j = &notes_judged[n_judged++];
      j->right  = is_right(&items[i], &h.note[k]);
      for (int e = 0; e < NOTES_EVIDENCE; e++) {
        j->x[e] = (double)h.evidence[k][e];
      }
    }
  }
}

// Logistic regression by steps down the slope.
static int
fit_sure(void)
{
  static const char *const NAME[NOTES_EVIDENCE] = {
#define SHED_NOTES_SURE(name, value) #name,
#include "engine/dsp/notes_sure.def"
  };
  double w[NOTES_EVIDENCE] = {0};
  judge_notes();
  for (int step = 0; step < 30000; step++) {
    double slope[NOTES_EVIDENCE] = {0};
    for (int i = 0; i < n_judged; i++) {
      double z = 0;
      for (int e = 0; e < NOTES_EVIDENCE; e++) {
        z += w[e] * notes_judged[i].x[e];
      }
      for (int e = 0; e < NOTES_EVIDENCE; e++) {
        slope[e] += (notes_judged[i].right - 1 / (1 + exp(-z))) * notes_judged[i].x[e] / n_judged;
      }
    }
    for (int e = 0; e < NOTES_EVIDENCE; e++) {
      w[e] += 0.3 * slope[e];
    }
  }
  for (int e = 0; e < NOTES_EVIDENCE; e++) {
    printf("SHED_NOTES_SURE(%s, %.3ff)\n", NAME[e], w[e]);
  }
  return 0;
}

int
main(int argc, char **argv)
{
  const char *what = argc > 1 ? argv[1] : "table";
  const char *kept = getenv("KEPT");
  n_items          = kept ? notes_items_kept(kept, items, NOTES_ITEMS_MAX) : 0;
  if (n_items == 0) {
    n_items = notes_items_gather(items, NOTES_ITEMS_MAX);
    if (kept && !notes_items_keep(kept, items, n_items)) {
      fprintf(stderr, "%s: cannot be written\n", kept);
    }
  }
  if (strcmp(what, "costs") == 0) {
    return fit_costs(argc > 2 ? (int)strtol(argv[2], NULL, 10) : 4);
  }
  if (strcmp(what, "sure") == 0) {
    return fit_sure();
  }
  if (strcmp(what, "cues") == 0) {
    print_cues();
    return 0;
  }
  if (strcmp(what, "both") == 0) {
    fit_times();
    return table(argc > 2);
  }
  return strcmp(what, "times") == 0 ? fit_times() : table(argc > 2);
}
