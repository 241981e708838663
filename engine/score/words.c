#include "engine/score/words.h"

#include "engine/base/attrs.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { LONGEST_TEXT = 160 }; // longer texts are prose, no mark

// Lower case words with one blank before each and one at the end: " d s al coda ". False when it is too long.
static bool
normalise(const char *text, char *out, size_t size)
{
  size_t n     = 0;
  bool   blank = true;
  out[n++]     = ' ';
  for (const char *s = text; *s; s++) {
    unsigned char c = (unsigned char)*s;
    c               = (unsigned char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    bool letter     = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80;
    if (n + 2 >= size) {
      return false;
    }
    if (letter) {
      out[n++] = (char)c;
      blank    = false;
    } else if (!blank && c != '\'') {
      out[n++] = ' ';
      blank    = true;
    }
  }
  if (!blank) {
    out[n++] = ' ';
  }
  out[n] = '\0';
  return true;
}

unsigned
shed_words_meaning(const char *text)
{
  static const struct {
    const char *phrase;
    bool        whole;
    unsigned    meaning;
  } rows[] = {
#define SHED_WORD(phrase, whole, meaning) {" " phrase " ", whole, SHED_WORDS_##meaning},
#include "engine/score/words.def"
#undef SHED_WORD
  };
  char     words[LONGEST_TEXT];
  unsigned meaning = 0;
  if (!normalise(text, words, sizeof(words))) {
    return 0;
  }
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    bool found = rows[i].whole ? strcmp(words, rows[i].phrase) == 0 : strstr(words, rows[i].phrase) != NULL;
    meaning |= found ? rows[i].meaning : 0;
  }
  // "D.S. al Coda" asks for the jump; "al Coda" alone is the place where the way to the coda begins
  if (meaning & (SHED_WORDS_DA_CAPO | SHED_WORDS_DAL_SEGNO)) {
    meaning &= ~(unsigned)(SHED_WORDS_TO_CODA | SHED_WORDS_FINE | SHED_WORDS_CODA | SHED_WORDS_SEGNO);
  }
  return meaning;
}
