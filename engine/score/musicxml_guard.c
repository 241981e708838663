#include "engine/score/musicxml_guard.h"

#include <string.h>

enum { MAX_ATTRIBUTES = 200 };

typedef struct {
  const char *data;
  size_t      n, at;
  int         line;
} scanner;

// The next byte that is not zero; -1 at the end.
static int
next(scanner *s)
{
  while (s->at < s->n && !s->data[s->at]) {
    s->at++;
  }
  if (s->at >= s->n) {
    return -1;
  }
  int c = (unsigned char)s->data[s->at++];
  s->line += c == '\n';
  return c;
}

// Does this word come next? Nothing is consumed when it does not.
static bool
follows(const scanner *s, const char *word)
{
  scanner ahead = *s;
  for (; *word; word++) {
    if (next(&ahead) != *word) {
      return false;
    }
  }
  return true;
}

// Count the equals signs up to the tag's end.
static bool
too_many_attributes(scanner *s)
{
  int equals = 0;
  for (int c = next(s); c >= 0 && c != '>'; c = next(s)) {
    equals += c == '=';
    if (equals > MAX_ATTRIBUTES) {
      return true;
    }
  }
  return false;
}

shed_status
musicxml_guard(const shed_score *score, const char *data, size_t n, shed_error *err)
{
  scanner s        = {.data = data, .n = n, .line = 1};
  long    elements = 0;
  for (int c = next(&s); c >= 0; c = next(&s)) {
    if (c != '<' || follows(&s, "/")) {
      continue;
    }
    if (follows(&s, "!")) {
      if (follows(&s, "!ENTITY") || follows(&s, "!ATTLIST")) {
        return shed_score_fail(
            score, err, SHED_E_FORMAT, s.line,
            "the file declares entities or default attributes, which no score needs: refused");
      }
      continue;
    }
    if (++elements > SHED_SCORE_MAX_ELEMENTS) {
      return shed_score_fail(score, err, SHED_E_LIMIT, s.line, "the file has more than %d elements",
                             SHED_SCORE_MAX_ELEMENTS);
    }
    if (too_many_attributes(&s)) {
      return shed_score_fail(score, err, SHED_E_LIMIT, s.line, "a tag has more than %d attributes",
                             MAX_ATTRIBUTES);
    }
  }
  return SHED_OK;
}
