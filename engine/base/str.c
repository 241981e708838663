#include "engine/base/str.h"

#include <ctype.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
reserve(shed_str *s, size_t more)
{
  if (s->failed || more > SIZE_MAX / 4 - s->len) {
    s->failed = true;
    return false;
  }
  size_t need = s->len + more + 1;
  if (need <= s->cap) {
    return true;
  }
  size_t cap   = need < 64 ? 64 : need + need / 2;
  char  *grown = shed_realloc(s->alloc, s->text, cap);
  if (!grown) {
    s->failed = true;
    return false;
  }
  s->text = grown;
  s->cap  = cap;
  return true;
}

void
shed_str_addn(shed_str *s, const char *text, size_t n)
{
  if (reserve(s, n)) {
    memcpy(s->text + s->len, text, n);
    s->len += n;
    s->text[s->len] = '\0';
  }
}

void
shed_str_add(shed_str *s, const char *text)
{
  shed_str_addn(s, text, strlen(text));
}

void
shed_str_addf(shed_str *s, const char *fmt, ...)
{
  va_list ap;
  va_start(ap, fmt);
  int n = vsnprintf(NULL, 0, fmt, ap);
  va_end(ap);
  if (n < 0 || !reserve(s, (size_t)n)) {
    s->failed = true;
    return;
  }
  va_start(ap, fmt);
  (void)vsnprintf(s->text + s->len, (size_t)n + 1, fmt, ap);
  va_end(ap);
  s->len += (size_t)n;
}

const char *
shed_str_text(const shed_str *s)
{
  return s->text ? s->text : "";
}

void
shed_str_clear(shed_str *s)
{
  s->len    = 0;
  s->failed = false;
  if (s->text) {
    s->text[0] = '\0';
  }
}

void
shed_str_free(shed_str *s)
{
  shed_free(s->alloc, s->text);
  *s = (shed_str){.alloc = s->alloc};
}

// strtod and printf follow the process's locale for the decimal sign; this is the sign in force.
static char
decimal_sign(void)
{
  return localeconv()->decimal_point[0];
}

bool
shed_parse_double(const char *s, double min, double max, double *out)
{
  char   copy[64];
  size_t n = strlen(s);
  if (n == 0 || n >= sizeof(copy) || strspn(s, "0123456789+-.eE") != n) {
    return false;
  }
  for (size_t i = 0; i <= n; i++) {
    copy[i] = s[i] == '.' ? decimal_sign() : s[i];
  }
  char  *end   = NULL;
  double value = strtod(copy, &end);
  if (end != copy + n || !isfinite(value) || value < min || value > max) {
    return false;
  }
  *out = value;
  return true;
}

bool
shed_parse_int(const char *s, long long min, long long max, long long *out)
{
  size_t n = strlen(s);
  if (n == 0 || n > 20 || strspn(s, "0123456789+-") != n) {
    return false;
  }
  char     *end   = NULL;
  long long value = strtoll(s, &end, 10);
  if (end != s + n || value < min || value > max) {
    return false;
  }
  *out = value;
  return true;
}

size_t
shed_format_double(char *buf, size_t size, double value, int decimals)
{
  char text[352];
  int  n = snprintf(text, sizeof(text), "%.*f", decimals, value);
  if (n < 0 || size == 0) {
    return 0;
  }
  size_t len  = (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1;
  char   sign = decimal_sign();
  char  *dot  = strchr(text, sign);
  if (dot) {
    *dot = '.';
    while (text[len - 1] == '0') {
      text[--len] = '\0';
    }
    if (text[len - 1] == '.') {
      text[--len] = '\0';
    }
  }
  const char *from = strcmp(text, "-0") == 0 ? text + 1 : text;
  n                = snprintf(buf, size, "%s", from);
  return (size_t)n < size ? (size_t)n : size - 1;
}

bool
shed_starts_with(const char *s, const char *prefix)
{
  return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool
shed_ends_with(const char *s, const char *suffix)
{
  size_t n = strlen(s);
  size_t k = strlen(suffix);
  return n >= k && strcmp(s + n - k, suffix) == 0;
}

bool
shed_equal_nocase(const char *a, const char *b)
{
  for (; *a && *b; a++, b++) {
    int x = *a >= 'A' && *a <= 'Z' ? *a + 32 : *a;
    int y = *b >= 'A' && *b <= 'Z' ? *b + 32 : *b;
    if (x != y) {
      return false;
    }
  }
  return *a == *b;
}

// Length of the well-formed sequence at s (RFC 3629), 0 when there is none.
static size_t
utf8_length(const unsigned char *s, size_t n)
{
  static const struct {
    unsigned char lo, hi, len, second_lo, second_hi;
  } forms[] = {
      {0x01, 0x7f, 1, 0, 0},       {0xc2, 0xdf, 2, 0x80, 0xbf}, {0xe0, 0xe0, 3, 0xa0, 0xbf},
      {0xe1, 0xec, 3, 0x80, 0xbf}, {0xed, 0xed, 3, 0x80, 0x9f}, {0xee, 0xef, 3, 0x80, 0xbf},
      {0xf0, 0xf0, 4, 0x90, 0xbf}, {0xf1, 0xf3, 4, 0x80, 0xbf}, {0xf4, 0xf4, 4, 0x80, 0x8f},
  };
  for (size_t i = 0; i < SHED_COUNTOF(forms); i++) {
    if (s[0] < forms[i].lo || s[0] > forms[i].hi) {
      continue;
    }
    if (forms[i].len > n || (forms[i].len > 1 && (s[1] < forms[i].second_lo || s[1] > forms[i].second_hi))) {
      return 0;
    }
    for (size_t k = 2; k < forms[i].len; k++) {
      if (s[k] < 0x80 || s[k] > 0xbf) {
        return 0;
      }
    }
    return forms[i].len;
  }
  return 0;
}

bool
shed_utf8_valid(const char *s, size_t n)
{
  for (size_t i = 0; i < n;) {
    size_t k = utf8_length((const unsigned char *)s + i, n - i);
    if (k == 0) {
      return false;
    }
    i += k;
  }
  return true;
}

size_t
shed_utf8_columns(const char *s)
{
  size_t columns = 0;
  for (const unsigned char *p = (const unsigned char *)s; *p; p++) {
    bool continuation = (*p & 0xc0) == 0x80;
    bool combining    = (p[0] == 0xcc && p[1] >= 0x80) || (p[0] == 0xcd && p[1] >= 0x80 && p[1] <= 0xaf);
    columns += !continuation && !combining;
  }
  return columns;
}
