// About this file: rows of numbers, field by field. Nothing is allocated; a field that does not fit its buffer is no number.
// There are no quotes, comments or other separators: a file that has them is told what stands there.
#include "engine/take/csv.h"

#include "engine/base/str.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char BYTE_ORDER_MARK[] = "\xef\xbb\xbf";

shed_status
shed_csv_fail(const shed_csv *csv, shed_error *err, shed_status st, const char *fmt, ...)
{
  char    where[SHED_CSV_FILE_TEXT + 16];
  char    what[sizeof(((shed_error *)NULL)->what)];
  va_list args;
  va_start(args, fmt);
  (void)vsnprintf(what, sizeof(what), fmt, args);
  va_end(args);
  (void)snprintf(where, sizeof(where), "%s:%d", csv->file, csv->line);
  return shed_fail(err, st, where, "%s", what);
}

// What stands in a field, fit to be shown: cut, and signs that are none replaced.
typedef struct {
  char text[SHED_CSV_FIELD_TEXT];
} field_text;

static field_text
shown(const char *from, size_t n)
{
  field_text f    = {""};
  size_t     most = n < sizeof(f.text) - 1 ? n : sizeof(f.text) - 1;
  for (size_t i = 0; i < most; i++) {
    f.text[i] = (char)(from[i] < ' ' || from[i] > '~' ? '?' : from[i]);
  }
  f.text[most] = '\0';
  return f;
}

// The next line without its end; at most one '\r' is cut off. False at the end of the text.
static bool
next_line(shed_csv *csv, const char **from, size_t *n)
{
  if (csv->at == csv->end) {
    return false;
  }
  const char *stop = memchr(csv->at, '\n', (size_t)(csv->end - csv->at));
  const char *end  = stop ? stop : csv->end;
  *from            = csv->at;
  *n               = (size_t)(end - csv->at);
  if (*n > 0 && end[-1] == '\r') {
    --*n;
  }
  csv->at = stop ? stop + 1 : csv->end;
  csv->line++;
  return true;
}

// The next field of a line; blanks around it are cut off. False behind the last.
static bool
next_field(const char **at, const char *end, bool *last, const char **from, size_t *n)
{
  if (*last) {
    return false;
  }
  const char *comma = memchr(*at, ',', (size_t)(end - *at));
  const char *stop  = comma ? comma : end;
  *from             = *at;
  *last             = !comma;
  *at               = comma ? comma + 1 : end;
  while (*from < stop && **from == ' ') {
    ++*from;
  }
  while (stop > *from && stop[-1] == ' ') {
    stop--;
  }
  *n = (size_t)(stop - *from);
  return true;
}

static int
column_named(const shed_csv *csv, const char *name, size_t n)
{
  for (int i = 0; i < csv->n_columns; i++) {
    if (strlen(csv->columns[i].name) == n && memcmp(csv->columns[i].name, name, n) == 0) {
      return i;
    }
  }
  return -1;
}

bool
shed_csv_has(const shed_csv *csv, int column)
{
  for (int i = 0; i < csv->n_fields; i++) {
    if (csv->place[i] == column) {
      return true;
    }
  }
  return false;
}

static shed_status
read_header(shed_csv *csv, const char *line, size_t length, shed_error *err)
{
  const char *at = line, *end = line + length, *name;
  bool        last = false;
  size_t      n;
  while (next_field(&at, end, &last, &name, &n)) {
    int column = column_named(csv, name, n);
    if (csv->n_fields == SHED_CSV_FIELDS) {
      return shed_csv_fail(csv, err, SHED_E_FORMAT, "has more than %d columns", (int)SHED_CSV_FIELDS);
    }
    if (column >= 0 && shed_csv_has(csv, column)) {
      return shed_csv_fail(csv, err, SHED_E_FORMAT, "names the column %s twice", csv->columns[column].name);
    }
    csv->place[csv->n_fields++] = column;
  }
  for (int i = 0; i < csv->n_columns; i++) {
    if (csv->columns[i].needed && !shed_csv_has(csv, i)) {
      return shed_csv_fail(csv, err, SHED_E_FORMAT,
                           "the first line must name the columns, and there is no %s in \"%s\"",
                           csv->columns[i].name, shown(line, length).text);
    }
  }
  return SHED_OK;
}

shed_status
shed_csv_open(shed_csv *csv, const char *data, size_t n, const char *name, const shed_csv_column *columns,
              int n_columns, shed_error *err)
{
  const char *slash = strrchr(name, '/');
  const char *line  = "";
  size_t      mark = strlen(BYTE_ORDER_MARK), length = 0;
  SHED_ASSERT(n_columns <= SHED_CSV_FIELDS);
  *csv = (shed_csv){.at = data, .end = data + n, .columns = columns, .n_columns = n_columns};
  (void)snprintf(csv->file, sizeof(csv->file), "%s", slash ? slash + 1 : name);
  if (n >= mark && memcmp(data, BYTE_ORDER_MARK, mark) == 0) {
    csv->at += mark;
  }
  if (!next_line(csv, &line, &length)) {
    csv->line = 1;
  }
  return read_header(csv, line, length, err);
}

static shed_status
read_value(const shed_csv *csv, const shed_csv_column *c, const char *from, size_t n, double *out,
           shed_error *err)
{
  char text[SHED_CSV_FIELD_TEXT];
  if (n == 0) {
    *out = (double)NAN;
    return c->empty ? SHED_OK : shed_csv_fail(csv, err, SHED_E_FORMAT, "%s is empty", c->name);
  }
  if (n < sizeof(text) && !memchr(from, '\0', n)) {
    memcpy(text, from, n);
    text[n] = '\0';
    if (shed_parse_double(text, c->min, c->max, out)) {
      return SHED_OK;
    }
    if (shed_parse_double(text, -HUGE_VAL, HUGE_VAL, out)) {
      return shed_csv_fail(csv, err, SHED_E_RANGE, "%s is %s; it must lie between %g and %g", c->name, text,
                           c->min, c->max);
    }
  }
  return shed_csv_fail(csv, err, SHED_E_FORMAT, "%s is \"%s\", which is no number", c->name,
                       shown(from, n).text);
}

static shed_status
read_fields(const shed_csv *csv, const char *line, size_t length, double *values, shed_error *err)
{
  const char *at = line, *end = line + length, *from;
  bool        last = false;
  size_t      n;
  int         i = 0;
  for (; next_field(&at, end, &last, &from, &n); i++) {
    if (i < csv->n_fields && csv->place[i] >= 0) {
      int         column = csv->place[i];
      shed_status st     = read_value(csv, &csv->columns[column], from, n, &values[column], err);
      if (st != SHED_OK) {
        return st;
      }
    }
  }
  if (i != csv->n_fields) {
    return shed_csv_fail(csv, err, SHED_E_FORMAT, "has %d fields, the first line names %d: \"%s\"", i,
                         csv->n_fields, shown(line, length).text);
  }
  return SHED_OK;
}

static bool
is_blank(const char *line, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    if (line[i] != ' ') {
      return false;
    }
  }
  return true;
}

shed_status
shed_csv_row(shed_csv *csv, double *values, bool *more, shed_error *err)
{
  const char *line;
  size_t      n;
  int         blank = 0;
  *more             = false;
  while (next_line(csv, &line, &n)) {
    if (is_blank(line, n)) {
      blank = blank ? blank : csv->line;
      continue;
    }
    if (blank) {
      csv->line = blank;
      return shed_csv_fail(csv, err, SHED_E_FORMAT, "is empty, and rows follow");
    }
    for (int i = 0; i < csv->n_columns; i++) {
      values[i] = (double)NAN;
    }
    *more = true;
    return read_fields(csv, line, n, values, err);
  }
  return SHED_OK;
}
