// Fits the weights by which the judge finds where a note began, and prints assessors/onset_weights.def. Not run by any test.
//
//     build/release/tests/accuracy/fit_onset > onset_weights.def    all takes of the half FIT
//     build/release/tests/accuracy/fit_onset held PART              all but every fifth from PART on; these are told
//     build/release/tests/accuracy/fit_onset but FluidR3            all but those of one font; these are told, and weights printed
//     build/release/tests/accuracy/fit_onset anew 2                 all, and all made anew twice, with other seeds
//
// What is seen of the notes is kept in the file that KEPT names, and read when it is there already.
//
// What is right is where the note was played, by so much later as the take's sounds speak: each take's own lag is found
// between two rounds, since only what differs from note to note is an error of time.
#include "assessors/onset_view.h"
#include "engine/dsp/pi.h"
#include "tests/accuracy/fit_net.h"
#include "tests/accuracy/takes_count.h"
#include "tests/accuracy/takes_heard.h"
#include "tests/accuracy/takes_judge.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CASES_MOST = 160000, TAKES_MOST = 4096, EPOCHS = 20, LAG_EPOCHS = 5, FIFTH = 5 };

static const double TARGET_SD   = .8; // frames
static const double LAG_SHARE   = .7; // of a take's own lag is taken off
static const double LAG_MOST    = 5;  // frames
static const double LATE_WEIGHT = 9; // of a note that is off the beat: one in thirty, and the ones that count

typedef struct {
  shed_onset_view v;
  float           share[SHED_ONSET_PLACES];
  double          true_frame;
  float           shift_ms;
  int             take;
  bool            again;
} item;

typedef struct {
  char   name[16], room[24];
  int    font;
  double lag; // frames
  bool   held;
} take_of;

static const double RATE      = .002;  // of the first round; it falls by half a wave
static const double RATE_LAST = .02;   // of it is left
static const double SETTLE    = .0005; // of each step in the weights that are kept

static item    *items;
static fit_case cases[CASES_MOST];
static take_of  takes[TAKES_MOST];
static int      n_items, n_takes;

static void
add_notes(const shed_judged *j, const corpus_performance *p)
{
  static double shift[CORPUS_NOTES_MAX];
  takes_true_shifts(p, shift);
  for (int e = 0; e < j->target.n_events && n_items < CASES_MOST; e++) {
    const int         note  = j->target.notes[j->target.events[e].first];
    const int         sound = p->truth[note].sound;
    const shed_found *f     = &j->found[e];
    item             *k     = &items[n_items];
    if (f->segment < 0 || sound < 0 || !shed_onset_view_of(j, f, &k->v)) {
      continue;
    }
    k->true_frame = p->played[sound].onset_s / SHED_FRAME_HOP_S;
    k->take       = n_takes;
    k->shift_ms   = (float)shift[note];
    if (k->true_frame > k->v.first - .5 && k->true_frame < k->v.first + k->v.n - .5) {
      n_items++;
    }
  }
}

static shed_status
add_take(const corpus_take *t, const corpus_performance *p, const shed_take *heard, shed_error *err)
{
  takes_opened      a;
  const shed_status st = takes_open(t, p, heard, &a, err);
  if (st == SHED_OK && a.known) {
    add_notes(&a.j, p);
  }
  takes_close(&a);
  take_of *of = &takes[n_takes++];
  *of         = (take_of){.font = (int)t->font};
  (void)snprintf(of->name, sizeof(of->name), "%s", t->instrument->id);
  (void)snprintf(of->room, sizeof(of->room), "%s", t->room->name);
  return st;
}

static shed_status
gather(void *ctx, const corpus_take *t, const corpus_performance *p, const shed_take *heard, shed_error *err)
{
  (void)ctx;
  if (n_takes == TAKES_MOST) {
    return shed_fail(err, SHED_E_RANGE, "fit_onset", "more than %d takes", TAKES_MOST);
  }
  return add_take(t, p, heard, err);
}

static void
hear_all(int anew)
{
  int         n   = 0;
  shed_error  err = {0};
  shed_status st  = takes_each_of_fit(TAKES_CACHE_DIR, anew, gather, NULL, &n, &err);
  if (st != SHED_OK) {
    fprintf(stderr, "%s: %s %s\n", shed_status_text(st), err.where, err.what);
    exit(1);
  }
}

static void
put_targets(void)
{
  for (int i = 0; i < n_items; i++) {
    item  *k   = &items[i];
    double sum = 0, off = k->true_frame + LAG_SHARE * takes[k->take].lag - k->v.first;
    off = fmin(fmax(off, 0), k->v.n - 1);
    for (int m = 0; m < k->v.n; m++) {
      k->share[m] = (float)exp(-.5 * (m - off) * (m - off) / (TARGET_SD * TARGET_SD));
      sum += (double)k->share[m];
    }
    for (int m = 0; m < k->v.n; m++) {
      k->share[m] /= (float)sum;
    }
    bool late = fabsf(k->shift_ms) > 60;
    cases[i]  = (fit_case){.shared     = k->v.shared,
                           .own        = k->v.own[0],
                           .row_stride = SHED_ONSET_OWN,
                           .n          = k->v.n,
                           .share      = k->share,
                           .weight     = late ? (float)LATE_WEIGHT : 1.F};
  }
}

// As judge_onset.c does it.
static double
told(const fit_net *net, const fit_case *c)
{
  float  y[FIT_ANSWERS_MAX], most = -1e30F;
  double p[FIT_ANSWERS_MAX] = {0}, sum = 0, x = 0;
  int    best = 0;
  fit_net_answer(net, c, y);
  for (int i = 0; i < c->n; i++) {
    most = fmaxf(most, y[i]);
  }
  for (int i = 0; i < c->n; i++) {
    p[i] = exp((double)(y[i] - most));
  }
  double top = -1;
  for (int i = 0; i < c->n; i++) {
    double w = (i > 0 ? p[i - 1] : 0) + p[i] + (i + 1 < c->n ? p[i + 1] : 0);
    if (w > top) {
      top  = w;
      best = i;
    }
  }
  for (int i = best > 2 ? best - 2 : 0; i <= best + 2 && i < c->n; i++) {
    sum += p[i];
    x += p[i] * i;
  }
  return x / sum;
}

static int
by_value(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double
quantile(double *x, int n, double at)
{
  qsort(x, (size_t)n, sizeof(*x), by_value);
  return n ? x[(int)(at * (n - 1))] : (double)NAN;
}

static void
find_lags(const fit_net *net)
{
  double x[512];
  for (int t = 0, i = 0; t < n_takes; t++) {
    int n = 0;
    for (; i < n_items && items[i].take == t; i++) {
      if (n < 512) {
        x[n++] = items[i].v.first + told(net, &cases[i]) - items[i].true_frame;
      }
    }
    takes[t].lag = n ? fmin(fmax(quantile(x, n, .5), -LAG_MOST), LAG_MOST) : 0;
  }
}

static bool
is_named(const take_of *t, const char *name)
{
  return strcmp(name, t->name) == 0 || strcmp(name, corpus_take_font_name((corpus_take_font)t->font)) == 0 ||
         strcmp(name, t->room) == 0;
}

// Errors against the take's own median, ms.
static void
tell(const fit_net *net, bool held, const char *name)
{
  double *x = malloc(sizeof(*x) * CASES_MOST), one[512];
  int     n = 0, far = 0, late = 0, late_far = 0;
  for (int t = 0, i = 0; t < n_takes; t++) {
    int from = i, m = 0;
    for (; i < n_items && items[i].take == t; i++) {
      one[m++ % 512] = items[i].v.first + told(net, &cases[i]) - items[i].true_frame;
    }
    if (takes[t].held != held || (name && !is_named(&takes[t], name))) {
      continue;
    }
    double own[512];
    memcpy(own, one, sizeof(own));
    double mid = quantile(own, m, .5);
    for (int k = 0; k < m; k++) {
      double off = 10 * fabs(one[k] - mid);
      bool   l   = fabsf(items[from + k].shift_ms) >= 80;
      x[n++]     = off;
      far += off > 45;
      late += l;
      late_far += l && off > 25;
    }
  }
  if (n) {
    fprintf(stderr,
            "  %-12s %5d notes: median %4.1f, 95 %% %5.1f ms, beyond 45 ms %4.2f %%; off the beat %d, by 25 "
            "ms wrong %.1f %%\n",
            name   ? name
            : held ? "held out"
                   : "fitted",
            n, quantile(x, n, .5), quantile(x, n, .95), 100. * far / n, late,
            100. * late_far / fmax(1, late));
  }
  free(x);
}

static void
print_row(const char *what, const shed_net_input *in)
{
  printf("%s(%.5ff, %.5ff, %.5ff", what, (double)in->mean, (double)in->scale, (double)in->straight);
  for (int j = 0; j < SHED_NET_UNITS; j++) {
    printf(", %.4ff", (double)in->hidden[j]);
  }
  printf(")\n");
}

static void
print_weights(const fit_net *net)
{
  printf("// Weights of where a note began, by what onset_view.h shows: of each input its mean and 1 / "
         "standard deviation, its\n"
         "// straight weight, and its weights in the hidden units (engine/dsp/net.h). Fitted by "
         "tests/accuracy/fit_onset.c on\n"
         "// %d notes of %d takes of the half FIT.\n// clang-format off\n"
         "#ifndef SHED_ONSET_INPUT\n#define SHED_ONSET_INPUT(...)\n#endif\n#ifndef SHED_ONSET_UNITS\n#define "
         "SHED_ONSET_UNITS(...)\n#endif\n",
         n_items, n_takes);
  for (int i = 0; i < SHED_ONSET_INPUTS; i++) {
    print_row("SHED_ONSET_INPUT", &net->input[i]);
  }
  printf("SHED_ONSET_UNITS(%.5ff, SHED_UNITS(", (double)net->net.base);
  for (int j = 0; j < SHED_NET_UNITS; j++) {
    printf("%s%.4ff", j ? ", " : "", (double)net->net.bias[j]);
  }
  printf("), SHED_UNITS(");
  for (int j = 0; j < SHED_NET_UNITS; j++) {
    printf("%s%.4ff", j ? ", " : "", (double)net->net.out[j]);
  }
  printf("))\n// clang-format on\n#undef SHED_ONSET_INPUT\n#undef SHED_ONSET_UNITS\n");
}

int
main(int argc, char **argv)
{
  const bool  hold = argc > 2 && strcmp(argv[1], "held") == 0;
  const int   part = hold ? atoi(argv[2]) : -1;
  const char *but  = argc > 2 && strcmp(argv[1], "but") == 0 ? argv[2] : "";
  fit_net     net;
  shed_rng    rng;
  items = calloc(CASES_MOST, sizeof(*items));
  if (!items) {
    return 1;
  }
  const char *kept = getenv("KEPT");
  FILE       *file = kept ? fopen(kept, "rb") : NULL;
  if (file) {
    if (fread(&n_items, sizeof(n_items), 1, file) != 1 || fread(&n_takes, sizeof(n_takes), 1, file) != 1 ||
        fread(items, sizeof(*items), (size_t)n_items, file) != (size_t)n_items ||
        fread(takes, sizeof(*takes), (size_t)n_takes, file) != (size_t)n_takes) {
      return 2;
    }
    fclose(file);
  } else {
    hear_all(takes_anew(argc, argv));
    if (kept) {
      file = fopen(kept, "wb");
      fwrite(&n_items, sizeof(n_items), 1, file);
      fwrite(&n_takes, sizeof(n_takes), 1, file);
      fwrite(items, sizeof(*items), (size_t)n_items, file);
      fwrite(takes, sizeof(*takes), (size_t)n_takes, file);
      fclose(file);
    }
  }
  fprintf(stderr, "%d notes\n", n_items);
  fit_net_init(&net, SHED_ONSET_SHARED, SHED_ONSET_OWN, false, 11);
  net.batch  = 16;
  net.decay  = .01;
  net.settle = SETTLE;
  put_targets();
  fit_case *used = malloc(sizeof(*used) * CASES_MOST);
  for (int t = 0; t < n_takes; t++) {
    takes[t].held =
        hold ? t % FIFTH == part : strcmp(but, corpus_take_font_name((corpus_take_font)takes[t].font)) == 0;
  }
  shed_rng_seed(&rng, 3, 3);
  for (int round = 0; round < EPOCHS; round++) {
    int    n    = 0;
    double rate = RATE * (RATE_LAST + (1 - RATE_LAST) * (1 + cos(SHED_PI * round / EPOCHS)) / 2);
    if (round % LAG_EPOCHS == LAG_EPOCHS - 1 && round < EPOCHS - 2) {
      find_lags(&net);
      put_targets();
    }
    for (int i = 0; i < n_items; i++) {
      if (!takes[items[i].take].held) {
        used[n++] = cases[i];
      }
    }
    if (round == 0) {
      fit_net_standardise(&net, used, n);
    }
    double loss = fit_net_epoch(&net, used, n, &rng, rate);
    fprintf(stderr, "%d: %.4f\n", round, loss);
    if (round == EPOCHS - 1) {
      fit_net_settle(&net);
    }
    if (round % 3 == 1 || round == EPOCHS - 1) {
      tell(&net, false, NULL);
      tell(&net, true, NULL);
    }
  }
  for (size_t i = 0; i < corpus_instrument_count(); i++) {
    tell(&net, hold || but[0], corpus_instrument_at(i)->id);
  }
  for (int f = 0; f < CORPUS_TAKE_FONTS; f++) {
    tell(&net, hold || but[0], corpus_take_font_name((corpus_take_font)f));
  }
  if (!hold) {
    print_weights(&net);
  }
  free(used);
  free(items);
  fit_net_free(&net);
  return 0;
}
