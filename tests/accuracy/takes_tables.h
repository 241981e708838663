/// Tables of accuracy_takes: by room, by instrument, all with intervals, the worst.
#ifndef SHED_TEST_TAKES_TABLES_H
#define SHED_TEST_TAKES_TABLES_H

#include "tests/accuracy/takes_count.h"

/// One take that was judged.
typedef struct {
  corpus_take  take;
  takes_counts ours, baseline;
  char         nth[24]; ///< of takes made anew, with which seeds; else empty
  char        *wrong;   ///< everything that is wrong with the verdict, a line each; may be NULL
} takes_row;

/// Which rows a table is about.
typedef bool (*takes_filter)(const takes_row *r, const void *what);

/// One line of figures of the rows that pass @p f (all with NULL); nothing without rows.
void takes_print_line(const char *name, const takes_row *rows, int n, takes_filter f, const void *what,
                      bool baseline);
void takes_print_head(void);
/// Every figure with its interval, the day's work beside it and what is asked; by room and by instrument after it.
void takes_print_tables(const char *title, const takes_row *rows, int n, takes_filter f, const void *what);
void takes_print_worst(const takes_row *rows, int n, int most);
/// Of all rows that pass: sum of parts over sum of wholes.
double takes_value(const takes_row *rows, int n, takes_figure figure, takes_filter f, const void *what,
                   bool baseline);

#endif
