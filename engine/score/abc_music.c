/// About this file: music code (4), one line at a time, taken apart from left to right. It knows the signs; what they do
/// to a voice is abc_voice.c and abc_bar.c. Every function leaves *p behind what it read and always moves on.
#include "engine/score/abc_reader.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_BROKEN = 3, MOST_TUPLET = 99, LONGEST_FIELD = 512, MIDDLE_OCTAVE = 4 };

static shed_abc_voice *
now(shed_abc_reader *r)
{
  return &r->voices[r->voice];
}

// "3/2", "/", "//", "/4", "": a factor of the unit.
static shed_status
read_length(shed_abc_reader *r, const char **p, shed_beat *out)
{
  const char *from = *p;
  int64_t     den  = 1;
  int         num  = shed_abc_read_number(p, 1);
  while (**p == '/' && den > 0 && den <= (1 << 20)) {
    (*p)++;
    int by = shed_abc_read_number(p, 2);
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
    if (shed_abc_read_sign(r, p, &flags, &st)) {
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
    if (shed_abc_read_sign(r, p, &flags, &st)) {
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
  int n     = shed_abc_read_number(p, -1);
  int q     = 0;
  int notes = 0;
  if (**p == ':') {
    (*p)++;
    q = shed_abc_read_number(p, 0);
    if (**p == ':') {
      (*p)++;
      notes = shed_abc_read_number(p, 0);
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
    return shed_abc_voice_measure_rests(r, now(r), shed_abc_read_number(p, 1));
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
  if (c == 0xc2 && **p == '\xa0') { // a blank of the web
    (*p)++;
    return SHED_OK;
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
  if (shed_abc_at_bar(*p)) {
    return shed_abc_read_bar(r, p);
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
  if (shed_abc_read_sign(r, p, &now(r)->next.flags, &st)) {
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
