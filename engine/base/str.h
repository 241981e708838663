/// A string that grows, and small helpers for text.
#ifndef SHED_BASE_STR_H
#define SHED_BASE_STR_H

#include "engine/base/alloc.h"

#include <stdbool.h>
#include <stddef.h>

/// Growing text. Zero-initialised is legal and empty. Once an append fails, `failed` stays set and later appends do
/// nothing, so that a writer checks once at the end.
typedef struct {
  const shed_alloc *alloc;
  char             *text; ///< NUL-terminated once anything was appended; NULL before
  size_t            len;
  size_t            cap;
  bool              failed;
} shed_str;

void shed_str_add(shed_str *s, const char *text);
void shed_str_addn(shed_str *s, const char *text, size_t n);
void shed_str_addf(shed_str *s, const char *fmt, ...) SHED_PRINTF(2, 3);
/// Never NULL: "" when empty. Borrowed until the next change.
const char *shed_str_text(const shed_str *s);
void        shed_str_clear(shed_str *s);
void        shed_str_free(shed_str *s);

/// Read a whole string as a number, in the C locale whatever the process's locale. Leading and trailing blanks are
/// refused, as are NaN, infinity and anything outside [min, max]. @return false and *out unchanged.
bool shed_parse_double(const char *s, double min, double max, double *out);
bool shed_parse_int(const char *s, long long min, long long max, long long *out);

/// Write a number in the C locale with at most @p decimals places, trailing zeros cut ("12.5", "3", "-0.25"; never "-0").
/// @return characters written, cut to size - 1.
size_t shed_format_double(char *buf, size_t size, double value, int decimals);

bool shed_starts_with(const char *s, const char *prefix);
bool shed_ends_with(const char *s, const char *suffix);
/// Case is ignored for ASCII letters only.
bool shed_equal_nocase(const char *a, const char *b);
/// True when the bytes are well-formed UTF-8 without NUL.
bool shed_utf8_valid(const char *s, size_t n);
/// Columns that the text takes on a terminal: UTF-8 code points, combining marks of U+0300..U+036F counted as none.
size_t shed_utf8_columns(const char *s);

#endif
