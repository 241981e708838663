/// About this file: music code (4), one line at a time, taken apart from left to right. It knows the signs; what they do
/// to a voice is abc_voice.c and abc_bar.c. Every function leaves *p behind what it read and always moves on.
#include "engine/score/abc_reader.h"
#include "engine/score/words.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  MOST_DIGITS   = 4,
  MOST_BROKEN   = 3,
  MOST_TUPLET   = 99,
  LONGEST_FIELD = 512,
  LONGEST_WORDS = 160,
  MIDDLE_OCTAVE = 4
};

static shed_abc_voice *
now(shed_abc_reader *r)
{
  return &r->voices[r->voice];
}

// A number of at most four digits; `otherwise` when there is none; -1 when it is longer.
static int
read_number(const char **p, int otherwise)
{
  size_t n = strspn(*p, "0123456789");
  if (n == 0) {
    return otherwise;
  }
  int value = n > MOST_DIGITS ? -1 : (int)strtol(*p, NULL, 10);
  *p += n;
  return value;
}

// "3/2", "/", "//", "/4", "": a factor of the unit.
static shed_status
read_length(shed_abc_reader *r, const char **p, shed_beat *out)
{
  const char *from = *p;
  int64_t     den  = 1;
  int         num  = read_number(p, 1);
  while (**p == '/' && den > 0 && den <= (1 << 20)) {
    (*p)++;
    int by = read_number(p, 2);
    den    = by > 0 ? den * by : 0;
  }
  if (num <= 0 || den <= 0 || den > (1 << 20)) {
    return shed_abc_refuse(r, "\"%.20s\" is not the length of a note; write it like 3/2", from);
  }
  *out = shed_beat_of(num, den);
  return SHED_OK;
}

static int
step_of(char letter)
{
  static const char letters[] = "CDEFGAB";
  const char       *at        = letter ? strchr(letters, toupper((unsigned char)letter)) : NULL;
  return at ? (int)(at - letters) : -1;
}

// Accidental, letter, octave marks and length. @param[out] found false, with *p unchanged, when no note stands here.
static shed_status
read_head(shed_abc_reader *r, const char **p, shed_abc_head *out, bool *found)
{
  const char   *s     = *p;
  shed_abc_head h     = {.octave = MIDDLE_OCTAVE};
  size_t        micro = 0;
  h.accidental        = shed_abc_read_accidental(&s, &h.alter);
  if (h.accidental) {
    micro = strspn(s, "0123456789/");
    s += micro;
  }
  h.step = step_of(*s);
  *found = h.step >= 0;
  if (!*found) {
    return SHED_OK;
  }
  h.octave += islower((unsigned char)*s) ? 1 : 0;
  s++;
  for (; *s == ',' || *s == '\''; s++) {
    h.octave += *s == ',' ? -1 : 1;
    if (abs(h.octave) > 100) {
      return shed_abc_refuse(r, "a note has too many octave marks");
    }
  }
  *p             = s;
  shed_status st = read_length(r, p, &h.length);
  if (st == SHED_OK && micro > 0) {
    st = shed_abc_warn(r, "a quarter tone is written; the nearest whole accidental is taken");
  }
  *out = h;
  return st;
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
  now(r)->words_new |=
      meaning & (SHED_WORDS_FREE_BEGIN | SHED_WORDS_FREE_END | SHED_WORDS_SWING | SHED_WORDS_STRAIGHT);
  for (size_t i = 0; i < SHED_COUNTOF(table) && st == SHED_OK; i++) {
    if (meaning & table[i].word) {
      st = shed_abc_sign_add(r, now(r), table[i].kind);
    }
  }
  return st;
}

// "Am" and "^text". The closing mark must stand on the same line.
static shed_status
read_quoted(shed_abc_reader *r, const char **p)
{
  const char *end = strchr(*p + 1, '"');
  if (!end) {
    return shed_abc_refuse(r, "the text %.30s is not closed by a second \" on its line", *p);
  }
  const char *text = *p + 1;
  *p               = end + 1;
  return read_words(r, text, (size_t)(end - text));
}

static shed_status
decorate(shed_abc_reader *r, const char *name, size_t n, unsigned *flags)
{
  shed_abc_voice            *v = now(r);
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

// What may stand before a head inside a chord or between grace braces. @return false when nothing of the kind does.
static bool
read_small_sign(shed_abc_reader *r, const char **p, unsigned *flags, shed_status *st)
{
  *st = SHED_OK;
  if (**p == '!' || **p == '+') {
    *st = read_decoration(r, p, flags);
  } else if (**p == '"') {
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

static shed_status
read_slur_start(shed_abc_reader *r)
{
  now(r)->next.slur_starts++;
  return SHED_OK;
}

static shed_status
read_slur_stop(shed_abc_reader *r)
{
  shed_abc_voice *v = now(r);
  if (v->open_slurs <= 0 || v->n_notes == 0) {
    if (v->next.slur_starts > 0) {
      v->next.slur_starts--; // around rests alone
      return SHED_OK;
    }
    return shed_abc_warn(r, "')' closes a slur that was not opened; it is not used");
  }
  shed_note *note = &v->notes[v->last_note];
  v->open_slurs--;
  note->slur_stops = (uint8_t)(note->slur_stops + (note->slur_stops < UINT8_MAX));
  return SHED_OK;
}

static shed_status
read_chord(shed_abc_reader *r, const char **p)
{
  shed_abc_head heads[SHED_ABC_MAX_CHORD];
  size_t        n      = 0;
  shed_status   st     = SHED_OK;
  unsigned      flags  = 0;
  bool          found  = false;
  shed_beat     length = shed_beat_of(1, 1);
  for ((*p)++; **p && **p != ']' && st == SHED_OK;) {
    shed_abc_head head;
    if (read_small_sign(r, p, &flags, &st)) {
      continue;
    }
    if ((st = read_head(r, p, &head, &found)) != SHED_OK) {
      return st;
    }
    if (found && n < SHED_ABC_MAX_CHORD) {
      head.flags = flags;
      flags      = 0;
      head.tie   = **p == '-';
      heads[n++] = head;
    } else if (found) {
      return shed_abc_refuse(r, "a chord has more than %d notes", SHED_ABC_MAX_CHORD);
    } else {
      (*p)++; // blanks, ties, slurs and rests inside a chord say nothing more
    }
  }
  if (st != SHED_OK) {
    return st;
  }
  if (**p != ']') {
    return shed_abc_refuse(r, "the chord that begins with '[' is not closed by ']' on its line");
  }
  (*p)++;
  if ((st = read_length(r, p, &length)) != SHED_OK) {
    return st;
  }
  return n ? shed_abc_voice_note(r, now(r), heads, n, length) : shed_abc_warn(r, "the chord [] is empty");
}

static shed_status
read_grace(shed_abc_reader *r, const char **p)
{
  shed_status st    = SHED_OK;
  unsigned    flags = 0;
  for ((*p)++; **p && **p != '}' && st == SHED_OK;) {
    shed_abc_head head;
    bool          found = false;
    if (read_small_sign(r, p, &flags, &st)) {
      continue;
    }
    if ((st = read_head(r, p, &head, &found)) == SHED_OK && found) {
      st = shed_abc_voice_grace(r, now(r), &head);
    } else if (!found) {
      (*p)++; // the stroke of an acciaccatura, slurs, '>': their lengths are the player's
    }
  }
  if (st == SHED_OK && **p != '}') {
    return shed_abc_refuse(r, "the grace notes that begin with '{' are not closed by '}' on their line");
  }
  *p += st == SHED_OK;
  return st;
}

// (3, (3:2, (3:2:4, (3::4 (4.13).
static shed_status
read_tuplet(shed_abc_reader *r, const char **p)
{
  static const signed char in_time_of[] = {0, 0, 3, 2, 3, 0, 2, 0, 3, 0};
  shed_abc_voice          *v            = now(r);
  const char              *from         = *p;
  (*p)++;
  int n     = read_number(p, -1);
  int q     = 0;
  int notes = 0;
  if (**p == ':') {
    (*p)++;
    q = read_number(p, 0);
    if (**p == ':') {
      (*p)++;
      notes = read_number(p, 0);
    }
  }
  if (n < 2 || n > MOST_TUPLET || q < 0 || q > MOST_TUPLET || notes < 0 || notes > MOST_TUPLET) {
    return shed_abc_refuse(r, "\"%.12s\" is not a tuplet; write it like (3 or (3:2:4", from);
  }
  if (q == 0) {
    q = n < (int)SHED_COUNTOF(in_time_of) ? in_time_of[n] : 0;
    q = q ? q : v->metre.compound ? 3 : 2;
  }
  bool inside     = v->tuplet_left > 0;
  v->tuplet_ratio = shed_beat_of(q, n);
  v->tuplet_left  = notes ? notes : n;
  return inside ? shed_abc_warn(r, "a tuplet begins inside another, which ends here") : SHED_OK;
}

// "1", "1,3", "1-3": which passes a bracket is for, as bits.
static uint32_t
read_passes(const char **p)
{
  uint32_t bits = 0;
  for (;;) {
    int from = read_number(p, 0);
    int to   = from;
    if (**p == '-' && isdigit((unsigned char)(*p)[1])) {
      (*p)++;
      to = read_number(p, from);
    }
    for (int i = from; i >= 1 && i <= to && i <= SHED_SCORE_MAX_PASSES; i++) {
      bits |= (uint32_t)1 << (i - 1);
    }
    if (**p != ',' || !isdigit((unsigned char)(*p)[1])) {
      return bits;
    }
    (*p)++;
  }
}

// Is a bar line here? '[' is one only with a '|' behind it.
static bool
at_bar(const char *p)
{
  return *p == '|' || (*p == ':' && (p[1] == ':' || p[1] == '|')) ||
         (*p == '[' && (p[1] == '|' || isdigit((unsigned char)p[1])));
}

// Any run of | : [ ] that a bar line may be written as (4.8), with the bracket's number behind it (4.9).
static shed_status
read_bar(shed_abc_reader *r, const char **p)
{
  shed_abc_bar bar    = {0};
  const char  *from   = *p;
  int          colons = 0;
  int          lines  = 0;
  int          thick  = 0;
  for (; **p == '|' || **p == ':' || (**p == '[' && (*p)[1] == '|') || (**p == ']' && lines > 0); (*p)++) {
    if (**p == ':') {
      colons++;
      continue;
    }
    bar.end_repeats = lines == 0 && thick == 0 ? colons : bar.end_repeats;
    colons          = 0;
    lines += **p == '|';
    thick += **p != '|';
  }
  if (lines == 0 && thick == 0) {
    bar.end_repeats = bar.start_repeats = (colons + 1) / 2; // "::"
  } else {
    bar.start_repeats = colons;
  }
  bool invisible   = *p - from == 3 && strncmp(from, "[|]", 3) == 0;
  bar.hard         = !invisible && (lines > 1 || thick > 0 || bar.end_repeats > 0 || bar.start_repeats > 0);
  const char *next = *p + strspn(*p, " \t");
  if (*next == '[' && isdigit((unsigned char)next[1])) {
    *p         = next + 1;
    bar.ending = read_passes(p);
  } else if (isdigit((unsigned char)**p)) {
    bar.ending = read_passes(p);
  }
  return shed_abc_bar_line(r, now(r), &bar);
}

static shed_status
read_inline_field(shed_abc_reader *r, const char **p)
{
  char        text[LONGEST_FIELD];
  const char *end = strchr(*p, ']');
  char        key = (*p)[1];
  if (!end) {
    return shed_abc_refuse(r, "the field [%c: is not closed by ']' on its line", key);
  }
  size_t n = (size_t)(end - (*p + 3));
  if (n >= sizeof(text)) {
    return shed_abc_refuse(r, "the field [%c: is longer than %d characters", key, LONGEST_FIELD);
  }
  memcpy(text, *p + 3, n);
  text[n] = '\0';
  *p      = end + 1;
  return shed_abc_field(r, key, text);
}

static shed_status
read_broken(shed_abc_reader *r, const char **p)
{
  char sign = **p;
  int  n    = 0;
  for (; **p == sign; (*p)++) {
    n++;
  }
  if (n > MOST_BROKEN) {
    return shed_abc_refuse(r, "'%c' stands %d times in a row; three times is the most", sign, n);
  }
  return shed_abc_voice_broken(r, now(r), sign, n);
}

static shed_status
read_rest(shed_abc_reader *r, const char **p)
{
  shed_beat length = shed_beat_of(1, 1);
  bool      whole  = **p == 'Z' || **p == 'X';
  (*p)++;
  if (whole) {
    return shed_abc_voice_measure_rests(r, now(r), read_number(p, 1));
  }
  shed_status st = read_length(r, p, &length);
  return st == SHED_OK ? shed_abc_voice_rest(r, now(r), length) : st;
}

static shed_status
read_overlay(shed_abc_reader *r, const char **p)
{
  size_t n = strspn(*p, "&");
  *p += n;
  return n > MOST_TUPLET ? shed_abc_refuse(r, "'&' stands %zu times in a row", n)
                         : shed_abc_voice_overlay(r, now(r), (int)n);
}

static shed_status
read_tie(shed_abc_reader *r, const char **p)
{
  (*p)++;
  if (now(r)->last_n == 0) {
    return shed_abc_warn(r, "'-' has no note before it; it is not used");
  }
  shed_abc_voice_tie(now(r));
  return SHED_OK;
}

// What has no sound, and what nobody understands.
static shed_status
pass_over(shed_abc_reader *r, const char **p)
{
  unsigned char c = (unsigned char)**p;
  (*p)++;
  if (c == 'y') {
    *p += strspn(*p, "0123456789.");
    return SHED_OK;
  }
  if (strchr(" \t`$\\", c)) {
    return SHED_OK;
  }
  if (c == '*' && **p == '\0') {
    return SHED_OK; // an old way to end a line
  }
  *p += strspn(*p, "0123456789/");
  for (; c >= 0x80 && ((unsigned char)**p & 0xc0) == 0x80; (*p)++) {
  }
  return isprint(c) ? shed_abc_warn(r, "'%c' is not understood here; it is passed over", c)
                    : shed_abc_warn(r, "a character (byte %d) is not understood here; it is passed over", c);
}

// ".": staccato, or the dots of a dotted slur, tie or bar line.
static void
read_dot(shed_abc_reader *r, const char **p)
{
  (*p)++;
  if (!**p || !strchr("(-)|", **p)) {
    now(r)->next.flags |= SHED_NOTE_STACCATO;
  }
}

static shed_status
read_one(shed_abc_reader *r, const char **p)
{
  shed_abc_head head;
  bool          found = false;
  char          c     = **p;
  shed_status   st    = SHED_OK;
  if (c == '[' && isalpha((unsigned char)(*p)[1]) && (*p)[2] == ':') {
    return read_inline_field(r, p);
  }
  if (at_bar(*p)) {
    return read_bar(r, p);
  }
  if (c == '[') {
    return read_chord(r, p);
  }
  if (c == '(' && isdigit((unsigned char)(*p)[1])) {
    return read_tuplet(r, p);
  }
  if (c == '(' || c == ')') {
    (*p)++;
    return c == '(' ? read_slur_start(r) : read_slur_stop(r);
  }
  if (strchr("zxZX", c)) {
    return read_rest(r, p);
  }
  if (c == '.') {
    read_dot(r, p);
    return SHED_OK;
  }
  if (read_small_sign(r, p, &now(r)->next.flags, &st)) {
    return st;
  }
  st = read_head(r, p, &head, &found);
  if (st != SHED_OK || found) {
    return st == SHED_OK ? shed_abc_voice_note(r, now(r), &head, 1, shed_beat_of(1, 1)) : st;
  }
  return c == '{'               ? read_grace(r, p)
         : c == '-'             ? read_tie(r, p)
         : c == '>' || c == '<' ? read_broken(r, p)
         : c == '&'             ? read_overlay(r, p)
                                : pass_over(r, p);
}

shed_status
shed_abc_music(shed_abc_reader *r, const char *line)
{
  shed_status st = SHED_OK;
  if (r->n_macros > 0) {
    shed_str_clear(&r->expanded);
    shed_abc_expand(line, r->macros, r->n_macros, &r->expanded);
    if (r->expanded.failed) {
      return SHED_E_NOMEM;
    }
    line = shed_str_text(&r->expanded);
  }
  for (const char *p = line; *p && st == SHED_OK;) {
    st = read_one(r, &p);
  }
  return st;
}
