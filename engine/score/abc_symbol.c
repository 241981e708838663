/// About this file: the decorations of ABC (4.14, 4.16), the words over the staff (4.19), and what each means to a listener.
#include "engine/score/abc_reader.h"
#include "engine/score/words.h"

#include <string.h>

enum { LONGEST_WORDS = 160 };

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

// Words over the staff: navigation, free time, swing. Chord symbols mean nothing here.
static shed_status
read_words(shed_abc_reader *r, const char *text, size_t n)
{
  static const struct {
    shed_words         word;
    shed_abc_deco_kind kind;
  } table[] = {{SHED_WORDS_DA_CAPO, SHED_ABC_DECO_DC}, {SHED_WORDS_DAL_SEGNO, SHED_ABC_DECO_DS},
               {SHED_WORDS_FINE, SHED_ABC_DECO_FINE},  {SHED_WORDS_TO_CODA, SHED_ABC_DECO_TOCODA},
               {SHED_WORDS_CODA, SHED_ABC_DECO_CODA},  {SHED_WORDS_SEGNO, SHED_ABC_DECO_SEGNO}};
  char        words[LONGEST_WORDS];
  shed_status st = SHED_OK;
  if (n == 0 || !strchr("^_<>@", text[0]) || n >= sizeof(words)) {
    return SHED_OK;
  }
  memcpy(words, text + 1, n - 1);
  words[n - 1]     = '\0';
  unsigned meaning = shed_words_meaning(words);
  r->voices[r->voice].words_new |=
      meaning & (SHED_WORDS_FREE_BEGIN | SHED_WORDS_FREE_END | SHED_WORDS_SWING | SHED_WORDS_STRAIGHT);
  for (size_t i = 0; i < SHED_COUNTOF(table) && st == SHED_OK; i++) {
    if (meaning & table[i].word) {
      st = shed_abc_sign_add(r, &r->voices[r->voice], table[i].kind);
    }
  }
  return st;
}

// The bytes of a quotation mark at p: one for ", three for what word processors make of it; 0 for none.
static size_t
quote_mark(const char *p)
{
  bool curly = p[0] == '\xe2' && p[1] == '\x80' && p[2] >= '\x9c' && p[2] <= '\x9f';
  return *p == '"' ? 1 : curly ? 3 : 0;
}

// "Am" and "^text". The closing mark must stand on the same line; " is closed by " alone.
static shed_status
read_quoted(shed_abc_reader *r, const char **p)
{
  size_t      open = quote_mark(*p);
  const char *text = *p + open;
  const char *end  = text;
  while (*end && (open == 1 ? *end != '"' : quote_mark(end) == 0)) {
    end++;
  }
  if (!*end) {
    return shed_abc_refuse(r, "the text %.30s is not closed by a second \" on its line", *p);
  }
  *p = end + quote_mark(end);
  return read_words(r, text, (size_t)(end - text));
}

static shed_status
decorate(shed_abc_reader *r, const char *name, size_t n, unsigned *flags)
{
  shed_abc_voice            *v = &r->voices[r->voice];
  const shed_abc_decoration *d = shed_abc_find_decoration(name, n);
  if (!d) {
    return shed_abc_warn(r, "the decoration !%.*s! is not known; it is not used", (int)(n > 40 ? 40 : n),
                         name);
  }
  switch (d->kind) {
  case SHED_ABC_DECO_FLAG:
    *flags |= d->value;
    return SHED_OK;
  case SHED_ABC_DECO_TRILL_START:
  case SHED_ABC_DECO_TRILL_STOP:
    v->trill = d->kind == SHED_ABC_DECO_TRILL_START;
    *flags |= SHED_NOTE_TRILL;
    return SHED_OK;
  case SHED_ABC_DECO_GLISS_START:
  case SHED_ABC_DECO_GLISS_STOP:
    v->gliss = d->kind == SHED_ABC_DECO_GLISS_START;
    *flags |= SHED_NOTE_GLISS;
    return SHED_OK;
  case SHED_ABC_DECO_SILENT:
    return SHED_OK;
  case SHED_ABC_DECO_SEGNO:
  case SHED_ABC_DECO_CODA:
  case SHED_ABC_DECO_FINE:
  case SHED_ABC_DECO_DC:
  case SHED_ABC_DECO_DS:
  case SHED_ABC_DECO_TOCODA:
    break;
  }
  return shed_abc_sign_add(r, v, d->kind);
}

// !name! or the older +name+. A lone mark is an old way to say where a line of print ends.
static shed_status
read_decoration(shed_abc_reader *r, const char **p, unsigned *flags)
{
  char        mark = **p;
  const char *name = *p + 1;
  size_t      n    = strcspn(name, mark == '!' ? "! |[]:" : "+ |[]:");
  // "!+!" and "+>+": the name may be the other mark
  if (name[n] != mark || n == 0) {
    (*p)++;
    return mark == '!' ? SHED_OK : shed_abc_warn(r, "'+' is not understood here; it is passed over");
  }
  *p = name + n + 1;
  return decorate(r, name, n, flags);
}

// A letter that U: or the standard gives a meaning.
static shed_status
read_symbol(shed_abc_reader *r, const char **p, unsigned *flags)
{
  char        letter = **p;
  const char *own    = r->symbols[(unsigned char)letter % SHED_ABC_SYMBOLS];
  const char *name   = own ? own : shed_abc_default_symbol(letter);
  (*p)++;
  if (!name) {
    return shed_abc_warn(
        r, "the letter %c means nothing here (no U: field gives it a meaning); it is passed over", letter);
  }
  size_t n = strlen(name);
  if (own && own[0] == '"') {
    return read_words(r, own + 1, n > 2 ? n - 2 : 0);
  }
  if (own && n > 2 && (own[0] == '!' || own[0] == '+') && own[n - 1] == own[0]) {
    name++;
    n -= 2;
  }
  return decorate(r, name, n, flags);
}

static bool
is_symbol(char c)
{
  return c == '~' || (c >= 'H' && c <= 'W') || (c >= 'h' && c <= 'w');
}

bool
shed_abc_read_sign(shed_abc_reader *r, const char **p, unsigned *flags, shed_status *st)
{
  *st = SHED_OK;
  if (**p == '!' || **p == '+') {
    *st = read_decoration(r, p, flags);
  } else if (quote_mark(*p)) {
    *st = read_quoted(r, p);
  } else if (**p == '.') {
    *flags |= SHED_NOTE_STACCATO;
    (*p)++;
  } else if (is_symbol(**p)) {
    *st = read_symbol(r, p, flags);
  } else {
    return false;
  }
  return true;
}
