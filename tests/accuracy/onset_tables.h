/// The tables of accuracy_onsets, printed from rows.
#ifndef SHED_TEST_ONSET_TABLES_H
#define SHED_TEST_ONSET_TABLES_H

#include "tests/accuracy/interval.h"
#include "tests/accuracy/onset_rows.h"

/// Which rows a line of a table takes.
typedef struct {
  int             kind;  ///< a class, or -1 for all
  int             group; ///< or -1 for all
  corpus_ear_half half;
  corpus_ear_harm harm;
} onset_filter;

/// F-measure over the rows that the filter takes. @param peer  -1: ours.
interval onset_table_f(const onset_row *rows, int n, onset_filter f, int peer, onset_choice choice,
                       match_tolerance tolerance);

/// The share of slurred notes that ours tells within 50 ms; NaN without any.
double onset_table_slurs(const onset_row *rows, int n, onset_filter f);

/// Ours by class: F at three tolerances, slurs, repeated notes, how late, notes.
void onset_table_own(const onset_row *rows, int n, onset_filter f);
/// aubio's methods by class beside ours, the best marked. @return the number of classes where ours is below the best peer's.
int  onset_table_peers(const onset_row *rows, int n, onset_filter f, onset_choice choice,
                       const onset_thresholds *t);
void onset_table_strangers(const onset_row *rows, int n, int group); ///< click and neighbour
void onset_table_vibrato(const onset_row *rows, int n);
void onset_table_reliability(const onset_row *rows, int n);
void onset_table_worst(const onset_row *rows, int n, int most);

#endif
