/// About this file: metre, unit note length and tempo of ABC, text to value. Pure.
#include "engine/score/abc_parse.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_BEATS = 256, MOST_BEAT_TYPE = 512, MOST_BPM = 2000, MOST_DIGITS = 4, MOST_BEAT_UNITS = 16 };

static void
skip_blanks(const char **p)
{
  *p += strspn(*p, " \t");
}

// A number of at most four digits; false and *p unchanged when there is none.
static bool
read_number(const char **p, int *out)
{
  size_t n = strspn(*p, "0123456789");
  if (n == 0 || n > MOST_DIGITS) {
    return false;
  }
  *out = (int)strtol(*p, NULL, 10);
  *p += n;
  return true;
}

static bool
power_of_two(int n)
{
  return n > 0 && (n & (n - 1)) == 0;
}

// "3+2" and "(3+2)": the beats of one group.
static bool
read_beats(const char **p, int *beats)
{
  bool paren = false;
  int  one   = 0;
  *beats     = 0;
  skip_blanks(p);
  if (**p == '(') {
    paren = true;
    (*p)++;
  }
  for (;;) {
    skip_blanks(p);
    if (!read_number(p, &one)) {
      return false;
    }
    *beats += one;
    skip_blanks(p);
    if (**p != '+') {
      break;
    }
    (*p)++;
  }
  if (paren) {
    if (**p != ')') {
      return false;
    }
    (*p)++;
    skip_blanks(p);
  }
  return *beats > 0 && *beats <= MOST_BEATS;
}

// Groups with beats of different kinds ("3/4+2/8") are counted in the shorter kind.
static bool
read_groups(const char *p, int *beats, int *beat_type)
{
  *beats     = 0;
  *beat_type = 1;
  for (;;) {
    int n = 0;
    int d = 0;
    if (!read_beats(&p, &n) || *p != '/') {
      return false;
    }
    p++;
    skip_blanks(&p);
    if (!read_number(&p, &d) || !power_of_two(d) || d > MOST_BEAT_TYPE) {
      return false;
    }
    int common = d > *beat_type ? d : *beat_type;
    *beats     = *beats * (common / *beat_type) + n * (common / d);
    *beat_type = common;
    skip_blanks(&p);
    if (*p == '\0') {
      return *beats <= MOST_BEATS;
    }
    if (*p != '+') {
      return false;
    }
    p++;
  }
}

int
shed_abc_read_number(const char **p, int otherwise)
{
  size_t n = strspn(*p, "0123456789");
  if (n == 0) {
    return otherwise;
  }
  int value = n > MOST_DIGITS ? -1 : (int)strtol(*p, NULL, 10);
  *p += n;
  return value;
}

bool
shed_abc_read_metre(const char *text, shed_abc_metre *out, char *why)
{
  static const struct {
    const char *name;
    int         beats, beat_type;
  } names[]        = {{"C", 4, 4}, {"C|", 2, 2}, {"none", 0, 0}, {"free", 0, 0}, {"", 0, 0}};
  int    beats     = 0;
  int    beat_type = 0;
  bool   named     = false;
  char   word[16]  = "";
  size_t n         = 0;
  skip_blanks(&text);
  n = strlen(text);
  while (n > 0 && isspace((unsigned char)text[n - 1])) {
    n--;
  }
  if (n < sizeof(word)) {
    memcpy(word, text, n);
    for (size_t i = 0; i < SHED_COUNTOF(names) && !named; i++) {
      if (strcmp(word, names[i].name) == 0) {
        beats     = names[i].beats;
        beat_type = names[i].beat_type;
        named     = true;
      }
    }
  }
  if (!named && !read_groups(text, &beats, &beat_type)) {
    (void)snprintf(why, SHED_ABC_WHY, "\"%.40s\" is not a metre; write it like M:3/4, M:C or M:none", text);
    return false;
  }
  *out = (shed_abc_metre){.beats     = beats,
                          .beat_type = beat_type,
                          .length = beats ? shed_beat_of(4 * (int64_t)beats, beat_type) : shed_beat_of(0, 1),
                          .compound = beats > 3 && beats % 3 == 0};
  return true;
}

// "1/8", "3/8" or "1" as quarters.
static bool
read_length(const char **p, shed_beat *out)
{
  int n = 0;
  int d = 1;
  if (!read_number(p, &n)) {
    return false;
  }
  skip_blanks(p);
  if (**p == '/') {
    (*p)++;
    skip_blanks(p);
    if (!read_number(p, &d)) {
      return false;
    }
  }
  if (n < 1 || d < 1) {
    return false;
  }
  *out = shed_beat_of(4 * (int64_t)n, d);
  return true;
}

bool
shed_abc_read_unit(const char *text, shed_beat *out, char *why)
{
  const char *p = text;
  shed_beat   v = shed_beat_of(0, 1);
  skip_blanks(&p);
  bool ok = read_length(&p, &v);
  skip_blanks(&p);
  if (!ok || *p != '\0' || !power_of_two((int)v.den) || v.num > 16) {
    (void)snprintf(why, SHED_ABC_WHY, "\"%.40s\" is not a note length; write it like L:1/8", text);
    return false;
  }
  *out = v;
  return true;
}

shed_beat
shed_abc_default_unit(const shed_abc_metre *metre)
{
  // under three quarters of a whole note: a sixteenth
  bool shorter = metre->beats > 0 && shed_beat_cmp(metre->length, shed_beat_of(3, 1)) < 0;
  return shorter ? shed_beat_of(1, 4) : shed_beat_of(1, 2);
}

// What a word means as quarters a minute: the middle of the range that metronomes print beside it.
static double
bpm_of_words(const char *words)
{
  static const struct {
    const char *word;
    double      bpm;
  } table[] = {
      {"prestissimo", 208},  {"presto", 184},     {"vivacissimo", 180}, {"vivace", 164},
      {"allegrissimo", 176}, {"allegretto", 112}, {"allegro", 132},     {"andantino", 92},
      {"andante", 84},       {"moderato", 108},   {"adagietto", 72},    {"adagissimo", 48},
      {"adagio", 66},        {"larghissimo", 24}, {"larghetto", 63},    {"largo", 50},
      {"lento", 54},         {"grave", 40},
  };
  char   lower[SHED_ABC_TEXT];
  size_t i = 0;
  for (; words[i] && i + 1 < sizeof(lower); i++) {
    lower[i] = (char)tolower((unsigned char)words[i]);
  }
  lower[i] = '\0';
  for (size_t k = 0; k < SHED_COUNTOF(table); k++) {
    const char *at = strstr(lower, table[k].word);
    if (at && (at == lower || !isalpha((unsigned char)at[-1]))) {
      return table[k].bpm;
    }
  }
  return 0;
}

// Digits with at most one dot: "96", "52.5".
static bool
read_bpm(const char **p, double *out)
{
  char   text[16];
  size_t n = strspn(*p, "0123456789.");
  if (n == 0 || n >= sizeof(text)) {
    return false;
  }
  memcpy(text, *p, n);
  text[n] = '\0';
  if (!shed_parse_double(text, 1, MOST_BPM, out)) {
    return false;
  }
  *p += n;
  return true;
}

// Quoted words at *p, taken over into the tempo.
static bool
read_words(const char **p, shed_abc_tempo *out)
{
  const char *end = strchr(*p + 1, '"');
  if (!end) {
    return false;
  }
  (void)snprintf(out->words, sizeof(out->words), "%.*s", (int)(end - *p - 1 > 1000 ? 1000 : end - *p - 1),
                 *p + 1);
  *p = end + 1;
  return true;
}

// "1/4", "1/4 3/8 1/4", "C" and "C3": the note lengths before '=', added up.
static bool
read_beat_units(const char **p, shed_beat unit, shed_beat *sum)
{
  int many = 1;
  *sum     = shed_beat_of(0, 1);
  if (**p == 'C') {
    (*p)++;
    (void)read_number(p, &many);
    skip_blanks(p);
    *sum = shed_beat_mul(unit, shed_beat_of(many, 1));
    return many > 0;
  }
  for (int i = 0; i < MOST_BEAT_UNITS; i++) {
    shed_beat one = shed_beat_of(0, 1);
    if (!read_length(p, &one)) {
      return i > 0;
    }
    *sum = shed_beat_add(*sum, one);
    skip_blanks(p);
  }
  return false;
}

static bool
read_speed(const char **p, shed_beat unit, shed_abc_tempo *out)
{
  const char *number = *p;
  double      bpm    = 0;
  shed_beat   beat   = unit;
  if (read_bpm(&number, &bpm) && (*number == '\0' || *number == ' ' || *number == '\t' || *number == '"')) {
    const char *behind = number;
    skip_blanks(&behind);
    if (*behind == '\0' || *behind == '"') {
      *p       = number; // the old form: unit notes a minute
      out->bpm = bpm * shed_beat_quarters(unit);
      return true;
    }
  }
  if (!read_beat_units(p, unit, &beat) || **p != '=') {
    return false;
  }
  (*p)++;
  skip_blanks(p);
  if (!read_bpm(p, &bpm)) {
    return false;
  }
  out->bpm = bpm * shed_beat_quarters(beat);
  return true;
}

bool
shed_abc_read_tempo(const char *text, shed_beat unit, shed_abc_tempo *out, char *why)
{
  shed_abc_tempo v    = {0};
  const char    *p    = text;
  bool           good = true;
  skip_blanks(&p);
  while (*p && good) {
    if (*p == '"') {
      good = read_words(&p, &v);
    } else if (v.bpm == 0) {
      good = read_speed(&p, unit, &v);
    } else {
      good = false;
    }
    skip_blanks(&p);
  }
  if (!good) {
    (void)snprintf(why, SHED_ABC_WHY, "\"%.40s\" is not a tempo; write it like Q:1/4=96", text);
    return false;
  }
  if (v.bpm == 0) {
    v.bpm        = bpm_of_words(v.words);
    v.from_words = v.bpm > 0;
  }
  *out = v;
  return true;
}
