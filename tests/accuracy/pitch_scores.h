/// Every tracker's counts on every item, and sums over rows of a table.
#ifndef SHED_TEST_PITCH_SCORES_H
#define SHED_TEST_PITCH_SCORES_H

#include "tests/accuracy/pitch_run.h"

enum { PITCH_TRACKERS_MAX = 1 + PITCH_PEERS_MAX, PITCH_OWN = 0 };

/// Which items stand in a row.
typedef enum { PITCH_ANY, PITCH_ONLY, PITCH_WITHOUT } pitch_filter;
typedef struct {
  unsigned     groups, harms, halves; ///< sets: bit 1 << group ...
  pitch_filter trap, fast;
} pitch_select;

enum {
  PITCH_EXACT_GROUPS = 1U << CORPUS_EAR_SYNTH | 1U << CORPUS_EAR_RESYNTH,
  PITCH_ALL_GROUPS   = (1U << CORPUS_EAR_GROUPS) - 1,
  PITCH_ALL_HALVES   = (1U << CORPUS_EAR_HALVES) - 1,
  PITCH_ALL_HARMS    = (1U << CORPUS_EAR_HARMS) - 1
};

typedef struct {
  const char    *name;
  bool           asked, installed;
  int            shift; ///< frames; Woodshed has 0
  double         threshold;
  pitch_counts **counts; ///< by item; NULL: did not hear it
} pitch_tracker;

typedef struct {
  const pitch_run *run;
  pitch_tracker    tracker[PITCH_TRACKERS_MAX]; ///< PITCH_OWN, then the peers in their order
  size_t           n;
} pitch_scores;

/// Count everything. Woodshed counts as it ships. Each peer gets the shift (30 ms at most either way) with the best RPA50
/// on what it heard of the clean items, and then the threshold with the best overall accuracy there.
void pitch_scores_make(pitch_scores *scores, const pitch_run *run);
void pitch_scores_free(pitch_scores *scores);

bool pitch_is_in(const pitch_select *select, const corpus_ear_item *item);
/// Sum of a tracker's counts over a row. @return the number of items; of those that it did not hear, *unheard.
size_t pitch_sum(const pitch_scores *scores, size_t tracker, const pitch_select *select, pitch_counts *out,
                 size_t *unheard);
/// A share of a tracker in a row, in per cent, with its 95 % interval.
interval pitch_row_interval(const pitch_scores *scores, size_t tracker, const pitch_select *select,
                            const pitch_rate *rate);

#endif
