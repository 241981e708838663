/// Counting a verdict against what was played.
#ifndef SHED_TEST_TAKES_COUNT_H
#define SHED_TEST_TAKES_COUNT_H

#include "engine/task/verdict.h"
#include "tests/corpus/take.h"

#include <stdio.h>

typedef enum {
#define TAKES_FIGURE(id, ...) TAKES_##id,
#include "tests/accuracy/takes_figures.def"
#undef TAKES_FIGURE
  TAKES_FIGURES
} takes_figure;

/// part / whole is the figure; over many takes the sums.
typedef struct {
  double part[TAKES_FIGURES], whole[TAKES_FIGURES];
  int    n_onsets;
  float  onset_ms[CORPUS_NOTES_MAX]; ///< heard less played, of notes that were found
  double blame;                      ///< how many things are wrong with the verdict: to find the worst
} takes_counts;

/// How far each note of the tune, where it sounded last, lies from the tempo that its neighbours tell, ms: a robust line
/// through up to twelve onsets of the same attempt, the note itself left out. NaN where there is no such line.
void takes_true_shifts(const corpus_performance *p, double *shift_ms);

/// The pitch fault of a note as it sounded last; NULL: it was right.
const corpus_mistake *takes_fault_of(const corpus_performance *p, size_t note);

/// How far the notes that are right stand from what is written on the average, cents.
double takes_tuning_of(const corpus_performance *p);

/// What a note is counted as, and what the verdict made of it.
typedef enum { TAKES_NOT_COUNTED, TAKES_RIGHT, TAKES_WRONG, TAKES_LEFT_OUT, TAKES_BENT } takes_note_kind;
typedef struct {
  takes_note_kind kind;
  bool            red;   ///< called wrong, missed, sharp or flat
  bool            named; ///< of a fault: as that
} takes_note;

/// @param tuning_cents takes_tuning_of().
takes_note takes_note_of(const corpus_performance *p, const shed_verdict *v, size_t note,
                         double tuning_cents);

/// Does somebody else play in that room?
bool takes_have_neighbour(const corpus_take *t);
/// Is what was heard at a moment, as a note of the tune, the player's own: a sound of its pitch then, whichever note it was meant to be?
bool takes_is_own_sound(const corpus_performance *p, size_t note, double heard_s);

/// @param tell may be NULL: a line for everything that is wrong with the verdict.
void takes_count(const corpus_take *t, const corpus_performance *p, const shed_verdict *v, FILE *tell,
                 takes_counts *out);

#endif
