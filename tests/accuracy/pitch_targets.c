// About this file: the figures to be reached, the committed floors of the sample, and whether the corpus is hard enough.
#include "tests/accuracy/pitch_tables.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
  EXACT   = PITCH_EXACT_GROUPS,
  ALL     = PITCH_ALL_GROUPS,
  SYNTH   = 1U << CORPUS_EAR_SYNTH,
  RESYNTH = 1U << CORPUS_EAR_RESYNTH,
  SAMPLED = 1U << CORPUS_EAR_SAMPLED
};
#define SET(harm) (1U << CORPUS_EAR_##harm)
enum {
  CLEAN              = SET(CLEAN),
  WHITE10            = SET(WHITE10),
  PINK10             = SET(PINK10),
  PINK05             = SET(PINK05),
  BABBLE10           = SET(BABBLE10),
  BABBLE05           = SET(BABBLE05),
  ROOM               = SET(ROOM),
  CLIP               = SET(CLIP),
  CLICK              = SET(CLICK),
  LAPTOP             = SET(LAPTOP),
  LAPTOP_ROOM_PINK20 = SET(LAPTOP_ROOM_PINK20),
  NOISE              = WHITE10 | PINK10 | PINK05 | BABBLE10 | BABBLE05,
  ANY_HARM           = PITCH_ALL_HARMS & ~CLEAN
};
#undef SET

typedef struct {
  const char       *row;
  unsigned          groups, harms;
  pitch_filter      trap, fast;
  const pitch_rate *rate;
  double            target;
  bool              grave;
} target;

static const target TARGET[] = {
#define PITCH_TARGET(row, groups, harms, trap, fast, rate, target, grave)                                    \
  {row, groups, harms, PITCH_##trap, PITCH_##fast, &rate, target, grave},
#include "tests/accuracy/pitch_targets.def"
#undef PITCH_TARGET
};

static const target FLOOR[] = {
#define PITCH_FLOOR(row, groups, harms, trap, fast, rate, floor)                                             \
  {row, groups, harms, PITCH_##trap, PITCH_##fast, &rate, floor, false},
#include "tests/accuracy/pitch_floors.def"
#undef PITCH_FLOOR
};

enum { TARGETS = sizeof(TARGET) / sizeof(TARGET[0]), FLOORS = sizeof(FLOOR) / sizeof(FLOOR[0]) };

static pitch_select
row_of(const target *t, unsigned halves)
{
  return (pitch_select){t->groups, t->harms, halves, t->trap, t->fast};
}

static double
reached(const pitch_scores *scores, size_t tracker, const target *t, unsigned halves)
{
  pitch_select select = row_of(t, halves);
  pitch_counts c;
  size_t       unheard;
  pitch_sum(scores, tracker, &select, &c, &unheard);
  return unheard == 0 ? pitch_percent(&c, t->rate) : (double)NAN;
}

static bool
holds(const target *t, double value)
{
  return t->rate->high_is_good ? value >= t->target : value <= t->target;
}

// How well a peer does in a row. A low false alarm or few octave errors are no merit of one that hears little: these
// are compared by overall accuracy and by what is neither right nor an octave off.
static double
merit(const pitch_scores *scores, size_t tracker, const target *t)
{
  pitch_select select = row_of(t, 1U << CORPUS_EAR_REPORT);
  pitch_counts c;
  size_t       unheard;
  pitch_sum(scores, tracker, &select, &c, &unheard);
  if (unheard > 0 || isnan(pitch_percent(&c, t->rate))) {
    return -INFINITY;
  }
  if (t->rate == &PITCH_RATE_OF[PITCH_RATE_recalled] || t->rate == &PITCH_RATE_OF[PITCH_RATE_false_voice]) {
    return pitch_percent(&c, &PITCH_RATE_OF[PITCH_RATE_recalled]) -
           fmax(0, pitch_percent(&c, &PITCH_RATE_OF[PITCH_RATE_false_voice]));
  }
  if (t->rate == &PITCH_RATE_OF[PITCH_RATE_octave]) {
    return pitch_percent(&c, &PITCH_RATE_OF[PITCH_RATE_rpa50]);
  }
  return pitch_percent(&c, t->rate);
}

static size_t
best_peer(const pitch_scores *scores, const target *t)
{
  size_t best = 0;
  for (size_t k = 1; k < scores->n; k++) {
    if (scores->tracker[k].installed &&
        merit(scores, k, t) > (best ? merit(scores, best, t) : -(double)INFINITY)) {
      best = k;
    }
  }
  return best;
}

// PITCH_OWN when it did not hear.
static size_t
find_peer(const pitch_scores *scores, const char *name)
{
  for (size_t t = 1; t < scores->n; t++) {
    if (strcmp(scores->tracker[t].name, name) == 0 && scores->tracker[t].installed) {
      return t;
    }
  }
  return PITCH_OWN;
}

static void
print_target(const pitch_scores *scores, const target *t, double own)
{
  pitch_select select = row_of(t, 1U << CORPUS_EAR_REPORT);
  size_t       peer   = best_peer(scores, t);
  bool         close  = !holds(t, own) && fabs(own - t->target) < 0.05; // one digit would hide the miss
  int          digits = t->rate->high_is_good && !close ? 1 : 2;
  interval     at     = pitch_row_interval(scores, PITCH_OWN, &select, t->rate);
  printf("  %-33s %6.*f  [%6.*f %6.*f]  FIT %6.*f  asked %s %5.*f  %-6s", t->row, digits, own, digits, at.low,
         digits, at.high, digits, reached(scores, PITCH_OWN, t, 1U << CORPUS_EAR_FIT),
         t->rate->high_is_good ? ">=" : "<=", digits, t->target, holds(t, own) ? "" : "MISSED");
  if (peer) {
    double theirs = reached(scores, peer, t, 1U << CORPUS_EAR_REPORT);
    bool   better = t->rate->high_is_good ? theirs > own : theirs < own;
    printf("  best peer %6.*f %s%s", digits, theirs, scores->tracker[peer].name, better ? " BETTER" : "");
  }
  printf("\n");
}

int
pitch_print_targets(const pitch_scores *scores, int *grave)
{
  int missed = 0;
  *grave     = 0;
  printf("\nthe figures to be reached, half REPORT, with 95 %% intervals over base items; the best peer of "
         "this run\n"
         "(for voicing the one with the most recall less false alarm, for octaves the one with the best "
         "RPA50)\n");
  for (int i = 0; i < TARGETS; i++) {
    double own = reached(scores, PITCH_OWN, &TARGET[i], 1U << CORPUS_EAR_REPORT);
    if (isnan(own)) {
      printf("  %-33s not measured: no item here\n", TARGET[i].row);
      continue;
    }
    print_target(scores, &TARGET[i], own);
    missed += !holds(&TARGET[i], own);
    *grave += TARGET[i].grave && !holds(&TARGET[i], own);
  }
  printf("  missed: %d of %d\n", missed, TARGETS);
  return missed;
}

int
pitch_check_floors(const pitch_scores *scores)
{
  int under = 0;
  printf("committed floors, and aubio yinfft 4096 beside\n");
  for (int i = 0; i < FLOORS; i++) {
    double own = reached(scores, PITCH_OWN, &FLOOR[i], PITCH_ALL_HALVES);
    bool   ok  = holds(&FLOOR[i], own);
    printf("  %-33s %6.2f  committed %s %6.2f  peer %6.2f%s\n", FLOOR[i].row, own,
           FLOOR[i].rate->high_is_good ? ">=" : "<=", FLOOR[i].target,
           reached(scores, find_peer(scores, "yinfft 4096"), &FLOOR[i], PITCH_ALL_HALVES),
           ok ? "" : "  NOT HELD");
    under += !ok;
  }
  return under;
}

void
pitch_print_hardness(const pitch_scores *scores)
{
  static const struct {
    const char *name;
    unsigned    groups, harms;
    double      noted;
  } KIND[]    = {{"synth", SYNTH, CLEAN, 91.8},
                 {"resynth", RESYNTH, CLEAN, 97.3},
                 {"sampled", SAMPLED, CLEAN, 86.9},
                 {"white 10 dB", ALL, WHITE10, 94.1},
                 {"pink 10 dB", ALL, PINK10, 93.7},
                 {"pink 5 dB", ALL, PINK05, 88.6},
                 {"babble 10 dB", ALL, BABBLE10, 80.7},
                 {"babble 5 dB", ALL, BABBLE05, 61.6},
                 {"room", ALL, ROOM, 90.6},
                 {"clipping", ALL, CLIP, 95.9},
                 {"click", ALL, CLICK, 93.2},
                 {"laptop", ALL, LAPTOP, 95.3},
                 {"laptop, room, pink 20", ALL, LAPTOP_ROOM_PINK20, 90.4}};
  size_t peer = find_peer(scores, "yinfft 4096");
  if (peer == PITCH_OWN) {
    return;
  }
  printf("\nis this corpus as hard as the one of the study? RPA50 of aubio yinfft 4096, both halves; 3 "
         "points are "
         "allowed\n");
  for (size_t i = 0; i < sizeof(KIND) / sizeof(KIND[0]); i++) {
    target t    = {"", KIND[i].groups, KIND[i].harms, PITCH_ANY, PITCH_ANY, &PITCH_RATE_OF[PITCH_RATE_rpa50],
                   0,  false};
    double here = reached(scores, peer, &t, PITCH_ALL_HALVES);
    if (!isnan(here)) {
      printf("  %-22s %5.1f, in the study %5.1f%s\n", KIND[i].name, here, KIND[i].noted,
             here > KIND[i].noted + 3   ? "  EASIER"
             : here < KIND[i].noted - 3 ? "  HARDER"
                                        : "");
    }
  }
}
