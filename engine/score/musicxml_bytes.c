#include "engine/score/musicxml_bytes.h"

#include "engine/base/str.h"

#include <string.h>
#include <strings.h>

enum { DECLARATION = 200 }; // bytes; no XML declaration is longer

static bool
is_blank(char c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// The byte behind the last "</score-partwise>" or its like; n without one.
static size_t
end_of_score(const char *data, size_t n)
{
  static const char tag[] = "</score-";
  const size_t      k     = sizeof(tag) - 1;
  for (size_t i = n >= k ? n - k + 1 : 0; i-- > 0;) {
    if (data[i] == '<' && memcmp(data + i, tag, k) == 0) {
      const char *close = memchr(data + i, '>', n - i);
      return close ? (size_t)(close - data) + 1 : n;
    }
  }
  return n;
}

// Is it UTF-8 by its own words, or by saying nothing?
static bool
says_utf8(const char *data, size_t n)
{
  char   head[DECLARATION + 1];
  size_t k = n < DECLARATION ? n : DECLARATION;
  memcpy(head, data, k);
  head[k]         = '\0';
  const char *end = strstr(head, "?>");
  const char *at  = strstr(head, "encoding");
  if (strncmp(head, "<?xml", 5) != 0 || !end || !at || at > end) {
    return true;
  }
  at += strcspn(at, "\"'");
  return strncasecmp(at + (*at != '\0'), "utf-8", 5) == 0;
}

musicxml_bytes
musicxml_bytes_of(const char *data, size_t n)
{
  musicxml_bytes b = {.data = data, .n = n};
  if (n < 2 || !data[0] || !data[1] || memcmp(data, "\xff\xfe", 2) == 0 || memcmp(data, "\xfe\xff", 2) == 0) {
    return b;
  }
  size_t bom  = n >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
  size_t from = bom;
  while (from < n && is_blank(data[from])) {
    from++;
  }
  if (from > bom && from < n) {
    b.data += from;
    b.n -= from;
  }
  size_t end = end_of_score(b.data, b.n);
  size_t at  = end;
  while (at < b.n && is_blank(b.data[at])) {
    at++;
  }
  if (at < b.n && b.data[at] != '<') { // a comment may stand there
    b.cut = true;
    b.n   = end;
  }
  if (says_utf8(b.data, b.n) && !shed_utf8_valid(b.data, b.n)) {
    b.encoding = "ISO-8859-1";
  }
  return b;
}
