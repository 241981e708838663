// About this file: the long tables, trackers by measures, and the worst items.
#include "tests/accuracy/pitch_tables.h"

#include "tests/accuracy/reliability.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_WIDTH = 14, RATE_WIDTH = 7, DECIMALS_UNDER = 10 };

static const char *const HEARS[]                       = {[PITCH_HEARS_ALL]    = "",
                                                          [PITCH_HEARS_REPORT] = ", half REPORT",
                                                          [PITCH_HEARS_ROWS]   = ", half REPORT, where a figure is asked"};
static const char *const HALF_TITLE[CORPUS_EAR_HALVES] = {
    "half FIT (weights may have seen its kinds and fonts)", "half REPORT (no weight was fitted on it)"};

void
pitch_print_heading(const pitch_scores *scores)
{
  const pitch_run *run = scores->run;
  printf("pitch: %zu items, %.0f s of sound", run->n, run->sound_s);
  if (run->missing > 0) {
    printf("; %zu items skipped: %s", run->missing, run->why_missing);
  }
  printf("\n");
  for (int i = 0; i < PITCH_RATES; i++) {
    printf("  %-6s %s\n", PITCH_RATE_OF[i].name, PITCH_RATE_OF[i].says);
  }
  printf("  %-6s %s\n  %-6s %s\n  %-6s %s\n", "MED", "median error in cents, of exact frames within 50",
         "BIAS", "the same with its sign", "LOCK90",
         "ms from a note's first frame to its second good one, nine notes in ten");
  printf("Woodshed as it ships, causal, frames as they are stamped. Peers with the shift and threshold that "
         "suit each "
         "best on the clean items:\n");
  for (size_t t = 1; t < scores->n; t++) {
    const pitch_tracker *k = &scores->tracker[t];
    if (k->asked && !k->installed) {
      printf("  %-*s not installed\n", NAME_WIDTH, k->name);
    } else if (k->asked) {
      char threshold[32] = "none";
      if (isfinite(k->threshold)) {
        snprintf(threshold, sizeof(threshold), "%.3f", k->threshold);
      }
      printf("  %-*s shift %+3d ms, threshold %s%s\n", 2 * NAME_WIDTH, run->version[t - 1], 10 * k->shift,
             threshold, HEARS[pitch_peer_at(t - 1)->hears]);
    }
  }
}

static void
print_number(double value, double under)
{
  if (isnan(value)) {
    printf("%*s", RATE_WIDTH, "-");
  } else {
    printf("%*.*f", RATE_WIDTH, value < under ? 2 : 1, value);
  }
}

static void
print_row(const char *name, const pitch_counts *c)
{
  printf("  %-*s", NAME_WIDTH, name);
  for (int i = 0; i < PITCH_RATES; i++) {
    print_number(pitch_percent(c, &PITCH_RATE_OF[i]), PITCH_RATE_OF[i].high_is_good ? 0 : DECIMALS_UNDER);
  }
  print_number(pitch_median_error(c), DECIMALS_UNDER);
  print_number(pitch_bias(c), DECIMALS_UNDER);
  print_number(pitch_lock90(c), 0);
  printf("\n");
}

static void
print_group(const pitch_scores *scores, const char *title, pitch_select select)
{
  pitch_counts c;
  size_t       unheard;
  size_t       n = pitch_sum(scores, PITCH_OWN, &select, &c, &unheard);
  if (n == 0) {
    return;
  }
  printf("\n%s: %zu items, %ld frames with a pitch, %ld without, %ld notes\n  %-*s", title, n, c.voiced,
         c.silent, c.notes, NAME_WIDTH, "");
  for (int i = 0; i < PITCH_RATES; i++) {
    printf("%*s", RATE_WIDTH, PITCH_RATE_OF[i].name);
  }
  printf("%*s%*s%*s\n", RATE_WIDTH, "MED", RATE_WIDTH, "BIAS", RATE_WIDTH, "LOCK90");
  for (size_t t = 0; t < scores->n; t++) {
    const pitch_tracker *k = &scores->tracker[t];
    pitch_sum(scores, t, &select, &c, &unheard);
    if (k->installed && unheard == 0) {
      print_row(k->name, &c);
    } else if (k->asked && !k->installed) {
      printf("  %-*s not installed\n", NAME_WIDTH, k->name);
    }
  }
}

static void
print_half(const pitch_scores *scores, corpus_ear_half half)
{
  unsigned clean = 1U << CORPUS_EAR_CLEAN, halves = 1U << half;
  char     title[96];
  printf("\n==== %s\n", HALF_TITLE[half]);
  for (unsigned g = 0; g < CORPUS_EAR_GROUPS; g++) {
    snprintf(title, sizeof(title), "clean, %s", CORPUS_EAR_GROUP_NAME[g]);
    print_group(scores, title, (pitch_select){1U << g, clean, halves, PITCH_ANY, PITCH_ANY});
  }
  print_group(scores, "clean, exact groups together",
              (pitch_select){PITCH_EXACT_GROUPS, clean, halves, PITCH_ANY, PITCH_ANY});
  print_group(scores, "clean, exact groups without the traps",
              (pitch_select){PITCH_EXACT_GROUPS, clean, halves, PITCH_WITHOUT, PITCH_ANY});
  print_group(scores, "clean, the traps alone (strong second, subharmonic: the octave may be argued about)",
              (pitch_select){PITCH_ALL_GROUPS, clean, halves, PITCH_ONLY, PITCH_ANY});
  print_group(scores, "clean, fast (16ths at 140, trills, staccato), exact",
              (pitch_select){PITCH_EXACT_GROUPS, clean, halves, PITCH_ANY, PITCH_ONLY});
  print_group(scores, "clean, fast, sampled",
              (pitch_select){PITCH_ALL_GROUPS & ~PITCH_EXACT_GROUPS, clean, halves, PITCH_ANY, PITCH_ONLY});
  for (unsigned h = CORPUS_EAR_CLEAN + 1; h < CORPUS_EAR_HARMS; h++) {
    print_group(scores, CORPUS_EAR_HARM_NAME[h],
                (pitch_select){PITCH_ALL_GROUPS, 1U << h, halves, PITCH_ANY, PITCH_ANY});
  }
}

void
pitch_print_groups(const pitch_scores *scores)
{
  print_half(scores, CORPUS_EAR_REPORT);
  print_half(scores, CORPUS_EAR_FIT);
}

static void
print_register_rows(const pitch_scores *scores, pitch_select select)
{
  for (size_t t = 0; t < scores->n; t++) {
    pitch_counts c;
    size_t       unheard;
    if (pitch_sum(scores, t, &select, &c, &unheard) == unheard || unheard > 0) {
      continue;
    }
    printf("  %-*s", NAME_WIDTH, scores->tracker[t].name);
    for (int r = 0; r < PITCH_REGISTERS; r++) {
      printf("  ");
      print_number(pitch_percent(&c, &PITCH_BAND_RPA50[r]), 0);
      print_number(pitch_percent(&c, &PITCH_BAND_OCTAVE[r]), DECIMALS_UNDER);
      print_number(pitch_percent(&c, &PITCH_BAND_RPA10[r]), 0);
    }
    printf("\n");
  }
}

void
pitch_print_registers(const pitch_scores *scores)
{
  static const struct {
    const char  *title;
    pitch_filter trap;
  } PART[] = {{"all", PITCH_ANY}, {"without the traps", PITCH_WITHOUT}};
  for (int half = CORPUS_EAR_HALVES - 1; half >= 0; half--) {
    for (size_t p = 0; p < sizeof(PART) / sizeof(PART[0]); p++) {
      printf("\nby register in Hz, clean, all groups, %s, half %s: RPA50 / octave errors / RPA10 where "
             "exact\n  %-*s",
             PART[p].title, CORPUS_EAR_HALF_NAME[half], NAME_WIDTH, "");
      for (int r = 0; r < PITCH_REGISTERS; r++) {
        printf("  %*s", 3 * RATE_WIDTH, PITCH_REGISTER_NAME[r]);
      }
      printf("\n");
      print_register_rows(scores, (pitch_select){PITCH_ALL_GROUPS, 1U << CORPUS_EAR_CLEAN, 1U << half,
                                                 PART[p].trap, PITCH_ANY});
    }
  }
}

typedef struct {
  const corpus_ear_item *item;
  const pitch_counts    *own;
  double                 rpa50;
} ranked;

static int
by_rpa(const void *a, const void *b)
{
  double x = ((const ranked *)a)->rpa50, y = ((const ranked *)b)->rpa50;
  return (x > y) - (x < y);
}

void
pitch_print_worst(const pitch_scores *scores, unsigned harms, size_t most)
{
  const pitch_run *run  = scores->run;
  ranked          *rank = calloc(run->n + 1, sizeof(*rank));
  size_t           n    = 0;
  for (size_t i = 0; i < run->n && rank; i++) {
    const pitch_counts *own = scores->tracker[PITCH_OWN].counts[i];
    if (own->voiced > 0 && (harms >> run->items[i].item.harm & 1U)) {
      rank[n++] = (ranked){&run->items[i].item, own, pitch_percent(own, &PITCH_RATE_OF[PITCH_RATE_rpa50])};
    }
  }
  if (n > 0) {
    qsort(rank, n, sizeof(*rank), by_rpa);
  }
  for (size_t i = 0; i < n && i < most; i++) {
    const pitch_counts *c = rank[i].own;
    printf("  RPA50 %5.1f  octave %5.1f  RPA10 ", rank[i].rpa50,
           pitch_percent(c, &PITCH_RATE_OF[PITCH_RATE_octave]));
    print_number(pitch_percent(c, &PITCH_RATE_OF[PITCH_RATE_rpa10]), 0);
    printf("  VR %5.1f  VFA ", pitch_percent(c, &PITCH_RATE_OF[PITCH_RATE_recalled]));
    print_number(pitch_percent(c, &PITCH_RATE_OF[PITCH_RATE_false_voice]), 0);
    printf("  of %5ld frames  %s\n", c->voiced, rank[i].item->name);
  }
  free(rank);
}

// Of every frame that has a pitch: what was said, and whether the best candidate lay within 50 cents.
static void
believe(reliability *to, const pitch_run *run, unsigned harms)
{
  for (size_t i = 0; i < run->n; i++) {
    const pitch_item *item = &run->items[i];
    for (int f = 0; f < item->truth.frames && item->item.half == CORPUS_EAR_REPORT; f++) {
      float truth = item->truth.f0_hz[f], said = item->own[f].f0_hz;
      if (truth > 0 && (harms >> item->item.harm & 1U)) {
        bool right = said > 0 && fabs(1200 * log2((double)said / (double)truth)) <= 50;
        reliability_add(to, (double)item->confidence[f], right);
      }
    }
  }
}

void
pitch_print_beliefs(const pitch_run *run, bool by_harm)
{
  printf("How sure the ear says it is of a pitch, and how often it is right within 50 cents: half REPORT, "
         "every frame that "
         "has a pitch.\n");
  for (int h = -1; h < (by_harm ? (int)CORPUS_EAR_HARMS : 0); h++) {
    reliability r = {0};
    believe(&r, run, h < 0 ? PITCH_ALL_HARMS : 1U << h);
    if (r.n > 0) {
      reliability_print(&r, h < 0 ? "clean and harmed together" : CORPUS_EAR_HARM_NAME[h]);
    }
    reliability_free(&r);
  }
}
