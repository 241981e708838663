/// Tables of numbers as text: a header line that names the columns, then one row a line, commas between. Inside
/// engine/take only. Strict, because a row that is misread becomes a wrong mark: what is not plainly a number is
/// refused with its line and what stands there.
#ifndef SHED_TAKE_CSV_H
#define SHED_TAKE_CSV_H

#include "engine/base/status.h"

#include <stdbool.h>
#include <stddef.h>

enum { SHED_CSV_FIELDS = 16, SHED_CSV_FIELD_TEXT = 40, SHED_CSV_FILE_TEXT = 256 };

/// A column that is known. Others in the file are skipped.
typedef struct {
  const char *name;
  double      min, max;
  bool        needed; ///< the header must name it
  bool        empty;  ///< a field of it may be empty
} shed_csv_column;

/// A reader at a place in a table; a plain value that borrows the text.
typedef struct {
  const char            *at, *end;
  int                    line; ///< of the row read last, from 1
  char                   file[SHED_CSV_FILE_TEXT];
  const shed_csv_column *columns;
  int                    n_columns;
  int                    place[SHED_CSV_FIELDS]; ///< of each field of a row: its column, -1 skipped
  int                    n_fields;
} shed_csv;

/// Read the header. @param n_columns at most SHED_CSV_FIELDS. @param name of the file, for errors.
/// @return SHED_OK; SHED_E_FORMAT (a needed column is not there, one stands twice, too many).
SHED_NODISCARD shed_status shed_csv_open(shed_csv *csv, const char *data, size_t n, const char *name,
                                         const shed_csv_column *columns, int n_columns, shed_error *err);

/// The next row. @param[out] values one a known column; NaN where it is empty or the file has no such column.
/// @param[out] more false behind the last row; blank lines are allowed there only.
/// @return SHED_OK; SHED_E_FORMAT, SHED_E_RANGE.
SHED_NODISCARD shed_status shed_csv_row(shed_csv *csv, double *values, bool *more, shed_error *err);

/// Whether the file has this column.
bool shed_csv_has(const shed_csv *csv, int column);

/// Fail at the line read last. @return st.
shed_status shed_csv_fail(const shed_csv *csv, shed_error *err, shed_status st, const char *fmt, ...)
    SHED_PRINTF(4, 5);

#endif
