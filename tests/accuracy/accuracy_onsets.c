// Onsets and notes of made sound, by the way notes begin, beside all of aubio's onset methods in the same run.
//
// Ours has one setting. The peers' thresholds are chosen on the fitting half of the corpus, for each class apart and, in a
// second table, one for everything; what is printed is the reporting half (another sound font, other melodies).
//
// Without arguments everything. "sample": a part, ours against committed thresholds. "own [WORD]": ours alone, or the items
// whose name contains WORD in detail. "tune": prints onset_thresholds.def.
#include "tests/accuracy/onset_tables.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORST = 10 };

// What must hold in every mode, of the reporting half: F50, and the share of slurs that are told.
static const struct {
  corpus_ear_group group;
  corpus_ear_harm  harm;
  double           f50, slurs;
} FLOOR[] = {{CORPUS_EAR_SAMPLED, CORPUS_EAR_CLEAN, 0.94, 0.97},
             {CORPUS_EAR_SAMPLED, CORPUS_EAR_LIVE, 0.86, 0.84},
             {CORPUS_EAR_SYNTH, CORPUS_EAR_CLEAN, 0.97, 0.95}};

// F50 of the best of aubio's methods, its threshold chosen for the class: sampled sound, reporting half, clean and live.
static const double BEST_PEER[CORPUS_EAR_CLASSES][2] = {
    [CORPUS_EAR_PERCUSSION] = {0.970, 0.951},     [CORPUS_EAR_STRUCK] = {1.000, 0.958},
    [CORPUS_EAR_PLUCKED] = {1.000, 0.849},        [CORPUS_EAR_WIND_TONGUED] = {0.889, 0.694},
    [CORPUS_EAR_WIND_SLURRED] = {0.911, 0.677},   [CORPUS_EAR_STRING_DETACHED] = {0.678, 0.473},
    [CORPUS_EAR_STRING_SLURRED] = {0.650, 0.514}, [CORPUS_EAR_VOICE] = {0.383, 0.241},
    [CORPUS_EAR_VOICE_SLURRED] = {0.925, 0.672}};

typedef struct {
  bool        sample, own, tune;
  const char *word;
} options;

typedef struct {
  corpus_ear_item *v;
  size_t           n;
} item_list;

static const corpus_ear_harm HARMS[] = {CORPUS_EAR_CLEAN, CORPUS_EAR_LIVE, CORPUS_EAR_CLICK,
                                        CORPUS_EAR_NEIGHBOUR};

static bool
wanted(const corpus_ear_item *item)
{
  bool live_anyway = item->group == CORPUS_EAR_SAMPLED && item->harm == CORPUS_EAR_LIVE; // added below
  for (size_t h = 0; h < sizeof(HARMS) / sizeof(HARMS[0]); h++) {
    if (item->harm == HARMS[h]) {
      return !live_anyway;
    }
  }
  return false;
}

// Few instruments of the corpus play these classes: each plays more melodies here.
static const int MELODIES[CORPUS_EAR_CLASSES] = {[CORPUS_EAR_PERCUSSION]      = 3,
                                                 [CORPUS_EAR_STRING_DETACHED] = 2,
                                                 [CORPUS_EAR_STRING_SLURRED]  = 2,
                                                 [CORPUS_EAR_VOICE]           = 6,
                                                 [CORPUS_EAR_VOICE_SLURRED]   = 6};

// A sampled item, clean and live, with more melodies where its class needs them.
static void
add_sampled(item_list *list, corpus_ear_item item)
{
  int melodies = item.half == CORPUS_EAR_REPORT && MELODIES[item.kind] > 0 ? MELODIES[item.kind] : 1;
  for (int m = 0; m < melodies; m++) {
    corpus_ear_item one = item;
    one.seed += (uint64_t)m;
    if (m > 0) {
      (void)snprintf(one.name, sizeof(one.name), "%.50s_tune%d", item.name, m + 1);
    }
    list->v[list->n++] = one;
    one.harm           = CORPUS_EAR_LIVE;
    size_t used        = strlen(one.name);
    (void)snprintf(one.name + used, sizeof(one.name) - used, "_live");
    list->v[list->n++] = one;
  }
}

// The corpus' items in the harms that matter here; every sampled one clean and live, not only the few that it lists.
static item_list
list_items(bool sample)
{
  size_t    all  = corpus_ear_count();
  item_list list = {calloc(12 * all, sizeof(*list.v)), 0};
  if (!list.v) {
    abort();
  }
  for (size_t i = 0; i < all; i++) {
    corpus_ear_item item;
    corpus_ear_at(i, &item);
    if (!wanted(&item) || (sample && (item.half == CORPUS_EAR_FIT || item.base % 4 >= 2))) {
      continue;
    }
    if (item.group == CORPUS_EAR_SAMPLED && item.harm == CORPUS_EAR_CLEAN) {
      add_sampled(&list, item);
    } else {
      list.v[list.n++] = item;
    }
  }
  return list;
}

// @return false when it is not to be had here; said once for each reason.
static bool
make(const corpus_ear_item *item, corpus_ear_sound *s)
{
  static char said[256];
  shed_error  err = {0};
  if (corpus_ear_make(item, s, &err) == SHED_OK) {
    return true;
  }
  if (strncmp(said, err.what, sizeof(said) - 1) != 0) {
    (void)snprintf(said, sizeof(said), "%s", err.what);
    printf("left out: %s: %s\n", item->name, err.what);
  }
  return false;
}

// -- the peers' thresholds, on the fitting half -------------------------------------------------------------------------

static const onset_thresholds THRESHOLDS = {
#define ONSET_THRESHOLD_FOR_CLASS(peer, kind, clean, live) .for_class[peer][kind] = {clean, live},
#define ONSET_THRESHOLD_FOR_ALL(peer, threshold)           .for_all[peer] = (threshold),
#include "tests/accuracy/onset_thresholds.def"
#undef ONSET_THRESHOLD_FOR_ALL
#undef ONSET_THRESHOLD_FOR_CLASS
};

typedef struct {
  onset_score at[ONSET_PEERS][CORPUS_EAR_CLASSES][2][ONSET_THRESHOLDS];
} tuning;

static void
tune_on(const corpus_ear_item *item, tuning *to)
{
  static match_note truth[ONSET_NOTES_MAX];
  static double     times[ONSET_FOUND_MAX];
  corpus_ear_sound  s = {0};
  if (!make(item, &s)) {
    return;
  }
  int n = onset_truth(&s, truth);
  for (int p = 0; p < ONSET_PEERS; p++) {
    for (int h = 0; h < ONSET_THRESHOLDS; h++) {
      int m = onset_peer_run(p, ONSET_THRESHOLD[h], s.x, s.n, CORPUS_EAR_RATE_HZ, times, ONSET_FOUND_MAX);
      onset_score one = match_score_onsets(truth, n, times, m);
      match_add_onsets(&to->at[p][item->kind][item->harm == CORPUS_EAR_LIVE][h], &one);
    }
  }
  corpus_ear_free(&s);
}

static double
f50(const onset_score *s)
{
  return match_f(s->hits[MATCH_50], s->truth, s->found);
}

static int
best_of(const onset_score s[ONSET_THRESHOLDS])
{
  int best = 0;
  for (int h = 1; h < ONSET_THRESHOLDS; h++) {
    best = f50(&s[h]) > f50(&s[best]) ? h : best;
  }
  return best;
}

// Prints onset_thresholds.def.
static void
tune(const item_list *items)
{
  tuning *t = calloc(1, sizeof(*t));
  if (!t) {
    abort();
  }
  for (size_t i = 0; i < items->n; i++) {
    const corpus_ear_item *item = &items->v[i];
    if (item->half == CORPUS_EAR_FIT && (item->harm == CORPUS_EAR_CLEAN || item->harm == CORPUS_EAR_LIVE)) {
      tune_on(item, t);
    }
  }
  printf("// The thresholds of aubio's methods that suit the fitting half of the ear's corpus best by F50, "
         "out of ten each: for\n"
         "// each class, clean and live, and one for everything. Printed by \"accuracy_onsets tune\".\n");
  for (int p = 0; p < ONSET_PEERS; p++) {
    onset_score sum[ONSET_THRESHOLDS] = {{0}};
    for (int k = 0; k < CORPUS_EAR_CLASSES; k++) {
      printf("ONSET_THRESHOLD_FOR_CLASS(%d, %d, %.2f, %.2f) // %s, %s\n", p, k,
             ONSET_THRESHOLD[best_of(t->at[p][k][0])], ONSET_THRESHOLD[best_of(t->at[p][k][1])],
             ONSET_PEER_NAME[p], CORPUS_EAR_CLASS_NAME[k]);
      for (int h = 0; h < 2 * ONSET_THRESHOLDS; h++) {
        match_add_onsets(&sum[h / 2], &t->at[p][k][h % 2][h / 2]);
      }
    }
    int best = best_of(sum);
    printf("ONSET_THRESHOLD_FOR_ALL(%d, %.2f) // F50 %.3f there\n", p, ONSET_THRESHOLD[best],
           f50(&sum[best]));
  }
  free(t);
}

// -- rows ---------------------------------------------------------------------------------------------------------------

static int
gather(const item_list *items, const onset_thresholds *t, onset_row *rows)
{
  int n = 0;
  for (size_t i = 0; i < items->n; i++) {
    corpus_ear_sound s   = {0};
    onset_row       *row = &rows[n];
    row->item            = items->v[i];
    if (!make(&row->item, &s)) {
      continue;
    }
    n += onset_row_hear(&s, row);
    if (t && row->item.half == CORPUS_EAR_REPORT) {
      onset_row_peers(&s, t, row);
    }
    corpus_ear_free(&s);
  }
  return n;
}

static void
print_detail(const item_list *items, const char *word)
{
  for (size_t i = 0; i < items->n; i++) {
    corpus_ear_sound s = {0};
    if (strstr(items->v[i].name, word) && make(&items->v[i], &s)) {
      printf("%s\n", items->v[i].name);
      onset_row_detail(&s);
      corpus_ear_free(&s);
    }
  }
}

static void
print_own(const onset_row *rows, int n, corpus_ear_half half)
{
  for (int g = 0; g < CORPUS_EAR_GROUPS; g++) {
    for (int h = 0; h < 2; h++) {
      onset_filter f = {-1, g, half, HARMS[h]};
      if (!isnan(onset_table_f(rows, n, f, -1, ONSET_FOR_ALL, MATCH_50).value)) {
        printf("\nWoodshed, %s, %s, %s half:\n", CORPUS_EAR_GROUP_NAME[g], CORPUS_EAR_HARM_NAME[HARMS[h]],
               CORPUS_EAR_HALF_NAME[half]);
        onset_table_own(rows, n, f);
      }
    }
  }
}

static void
print_peers(const onset_row *rows, int n)
{
  static const char *const CHOICE[] = {"each threshold chosen for the class", "one threshold for everything"};
  for (int c = 0; c < ONSET_CHOICES; c++) {
    for (int g = CORPUS_EAR_GROUPS - 1; g >= 0; g--) {
      for (int h = 0; h < 2; h++) {
        onset_filter f = {-1, g, CORPUS_EAR_REPORT, HARMS[h]};
        if (!isnan(onset_table_f(rows, n, f, -1, ONSET_FOR_ALL, MATCH_50).value)) {
          printf("\naubio, %s; %s, %s, reporting half:\n", CHOICE[c], CORPUS_EAR_GROUP_NAME[g],
                 CORPUS_EAR_HARM_NAME[HARMS[h]]);
          printf("  classes where ours is below the best peer: %d\n",
                 onset_table_peers(rows, n, f, (onset_choice)c, &THRESHOLDS));
        }
      }
    }
  }
}

static bool
holds(const onset_row *rows, int n)
{
  bool all = true;
  printf("\n");
  for (size_t i = 0; i < sizeof(FLOOR) / sizeof(FLOOR[0]); i++) {
    onset_filter f     = {-1, (int)FLOOR[i].group, CORPUS_EAR_REPORT, FLOOR[i].harm};
    interval     ours  = onset_table_f(rows, n, f, -1, ONSET_FOR_ALL, MATCH_50);
    double       slurs = onset_table_slurs(rows, n, f);
    if (isnan(ours.value)) {
      continue; // its font is not here, which is said above
    }
    bool ok = ours.value >= FLOOR[i].f50 && slurs >= FLOOR[i].slurs;
    printf("%s, %s: onset F50 %.3f, at least %.2f; slurs told %.3f, at least %.2f: %s\n",
           CORPUS_EAR_GROUP_NAME[FLOOR[i].group], CORPUS_EAR_HARM_NAME[FLOOR[i].harm], ours.value,
           FLOOR[i].f50, slurs, FLOOR[i].slurs, ok ? "holds" : "does NOT hold");
    all = all && ok;
  }
  return all;
}

// Each class at least as the best peer of the whole table; the sample holds too few items for that.
static bool
classes_hold(const onset_row *rows, int n)
{
  bool all = true;
  for (int k = 0; k < CORPUS_EAR_CLASSES; k++) {
    for (int h = 0; h < 2; h++) {
      onset_filter f    = {k, CORPUS_EAR_SAMPLED, CORPUS_EAR_REPORT, HARMS[h]};
      interval     ours = onset_table_f(rows, n, f, -1, ONSET_FOR_ALL, MATCH_50);
      if (ours.value < BEST_PEER[k][h] - 0.0005) {
        printf("%s, %s: onset F50 %.3f, the best peer %.3f: does NOT hold\n", CORPUS_EAR_CLASS_NAME[k],
               CORPUS_EAR_HARM_NAME[HARMS[h]], ours.value, BEST_PEER[k][h]);
        all = false;
      }
    }
  }
  return all;
}

static bool
print_all(const onset_row *rows, int n, options o)
{
  if (o.own) {
    print_own(rows, n, CORPUS_EAR_FIT);
  }
  print_own(rows, n, CORPUS_EAR_REPORT);
  if (!o.own && !o.sample) {
    print_peers(rows, n);
  }
  printf("\nwhat is not the player (not told to the ear):\n");
  for (int g = 0; g < CORPUS_EAR_GROUPS; g++) {
    onset_table_strangers(rows, n, g);
  }
  printf("\nvibrato, clean items with exact pitch, reporting half:\n");
  onset_table_vibrato(rows, n);
  onset_table_reliability(rows, n);
  printf("\nthe worst of the reporting half:\n");
  onset_table_worst(rows, n, WORST);
  return holds(rows, n) && (o.sample || classes_hold(rows, n));
}

int
main(int argc, char **argv)
{
  options    o     = {.sample = argc > 1 && strcmp(argv[1], "sample") == 0,
                      .own    = argc > 1 && strcmp(argv[1], "own") == 0,
                      .tune   = argc > 1 && strcmp(argv[1], "tune") == 0,
                      .word   = argc > 2 ? argv[2] : NULL};
  item_list  items = list_items(o.sample);
  bool       peers = !o.sample && !o.own, ok = true;
  int        n    = 0;
  onset_row *rows = calloc(items.n + 1, sizeof(*rows));
  (void)setvbuf(stdout, NULL, _IOLBF, 0);
  if (o.tune) {
    tune(&items);
  } else if (o.own && o.word) {
    print_detail(&items, o.word);
  } else {
    n = rows ? gather(&items, peers ? &THRESHOLDS : NULL, rows) : 0;
    if (n > 0) {
      ok = print_all(rows, n, o);
    }
  }
  for (int i = 0; i < n; i++) {
    onset_row_free(&rows[i]);
  }
  free(rows);
  free(items.v);
  return ok ? 0 : 1;
}
