/// About this file: the decorations of ABC (4.14, 4.16) and what each means to a listener. Constant tables.
#include "engine/score/abc_parse.h"

#include <string.h>

static const shed_abc_decoration TABLE[] = {
#define SHED_ABC_DECORATION(name, kind, value) {name, SHED_ABC_DECO_##kind, value},
#include "engine/score/abc_decorations.def"
#undef SHED_ABC_DECORATION
};

const shed_abc_decoration *
shed_abc_find_decoration(const char *name, size_t n)
{
  for (size_t i = 0; i < SHED_COUNTOF(TABLE); i++) {
    if (strlen(TABLE[i].name) == n && strncmp(TABLE[i].name, name, n) == 0) {
      return &TABLE[i];
    }
  }
  return NULL;
}

const char *
shed_abc_default_symbol(char letter)
{
  static const struct {
    char        letter;
    const char *name;
  } table[] = {
      {'.', "staccato"},
      {'~', "roll"},
      {'H', "fermata"},
      {'L', "accent"},
      {'M', "lowermordent"},
      {'O', "coda"},
      {'P', "uppermordent"},
      {'S', "segno"},
      {'T', "trill"},
      {'u', "upbow"},
      {'v', "downbow"},
      // abc 1.6 and its programs: a roll written R, a slide written J
      {'R', "roll"},
      {'J', "slide"},
  };
  for (size_t i = 0; i < SHED_COUNTOF(table); i++) {
    if (table[i].letter == letter) {
      return table[i].name;
    }
  }
  return NULL;
}
