/// About this file: key signatures, clefs and the other properties of a voice in ABC, text to value. Pure.
#include "engine/score/abc_parse.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { MOST_FIFTHS = 7, MOST_OCTAVES = 4, MOST_SEMITONES = 48, STEPS = 7, MODE_LETTERS = 3 };

static const char STEP_LETTERS[] = "CDEFGAB";
// The order in which sharps come, as steps; flats come from its end.
static const signed char SHARP_STEPS[STEPS] = {3, 0, 4, 1, 5, 2, 6};
// Fifths of the major keys of C D E F G A B.
static const int MAJOR_FIFTHS[STEPS] = {0, 2, 4, -1, 1, 3, 5};

static void
skip_blanks(const char **p)
{
  while (isspace((unsigned char)**p)) {
    (*p)++;
  }
}

static int
step_of(char letter)
{
  const char *at = letter ? strchr(STEP_LETTERS, toupper((unsigned char)letter)) : NULL;
  return at ? (int)(at - STEP_LETTERS) : -1;
}

static void
set_fifths(shed_abc_key *key, int fifths)
{
  *key = (shed_abc_key){.fifths = fifths};
  for (int i = 0; i < STEPS; i++) {
    if (fifths > i) {
      key->alter[SHARP_STEPS[i]] = 1;
    }
    if (-fifths > i) {
      key->alter[SHARP_STEPS[STEPS - 1 - i]] = -1;
    }
  }
}

bool
shed_abc_read_accidental(const char **p, int *alter)
{
  static const struct {
    const char *sign;
    int         alter;
  } table[] = {{"^^", 2}, {"__", -2}, {"^", 1}, {"_", -1}, {"=", 0}};
  for (size_t i = 0; i < SHED_COUNTOF(table); i++) {
    if (shed_starts_with(*p, table[i].sign)) {
      *alter = table[i].alter;
      *p += strlen(table[i].sign);
      return true;
    }
  }
  return false;
}

// The mode at *p: at least its first three letters, or "m". False and *p unchanged when the word is no mode.
static bool
read_mode(const char **p, int *fifths)
{
  static const struct {
    const char *name;
    int         fifths;
  } table[] = {
      {"maj", 0},  {"ion", 0},  {"min", -3}, {"aeo", -3}, {"mix", -1},
      {"dor", -2}, {"phr", -4}, {"lyd", 1},  {"loc", -5},
  };
  size_t n = 0;
  while (isalpha((unsigned char)(*p)[n])) {
    n++;
  }
  if (n == 1 && (**p == 'm' || **p == 'M')) {
    *fifths = -3;
    *p += n;
    return true;
  }
  for (size_t i = 0; n >= MODE_LETTERS && i < SHED_COUNTOF(table); i++) {
    char head[MODE_LETTERS + 1] = {(*p)[0], (*p)[1], (*p)[2], '\0'};
    if (shed_equal_nocase(head, table[i].name)) {
      *fifths = table[i].fifths;
      *p += n;
      return true;
    }
  }
  return false;
}

// "treble-8", "bass3", "alto", "G2": clef and octave mark. False when the word is no clef.
static bool
read_clef(const char *word, shed_abc_properties *out)
{
  static const struct {
    const char *name;
    bool        percussion;
  } table[]      = {{"treble", false},
                    {"alto", false},
                    {"tenor", false},
                    {"bass", false},
                    {"baritone", false},
                    {"soprano", false},
                    {"mezzosoprano", false},
                    {"perc", true},
                    {"none", false},
                    {"G", false},
                    {"F", false},
                    {"C", false},
                    {"P", true}};
  size_t letters = 0;
  while (isalpha((unsigned char)word[letters])) {
    letters++;
  }
  for (size_t i = 0; i < SHED_COUNTOF(table); i++) {
    if (strlen(table[i].name) != letters || strncmp(word, table[i].name, letters) != 0) {
      continue;
    }
    const char *p = word + letters;
    if (*p >= '1' && *p <= '5') {
      p++;
    }
    int octaves = strcmp(p, "+8") == 0 || strcmp(p, "^8") == 0   ? 1
                  : strcmp(p, "-8") == 0 || strcmp(p, "_8") == 0 ? -1
                                                                 : 0;
    if (*p != '\0' && octaves == 0) {
      return false;
    }
    out->has_clef     = true;
    out->clef_octaves = octaves;
    out->percussion   = table[i].percussion;
    return true;
  }
  return false;
}

// middle=d in the bass clef: the code is written that many octaves above what the clef shows on its third line.
static bool
read_middle(const char *value, const char *clef, shed_abc_properties *out)
{
  static const struct {
    const char *clef;
    int         staff; ///< 7 * octave + step of the third line, octave of middle C = 0
  } table[]  = {{"alto", 0}, {"tenor", -2}, {"bass", -6}};
  int middle = 6; // B, the treble clef's
  int step   = step_of(*value);
  for (size_t i = 0; i < SHED_COUNTOF(table); i++) {
    if (shed_starts_with(clef, table[i].clef)) {
      middle = table[i].staff;
    }
  }
  if (step < 0) {
    return false;
  }
  int staff = step + (islower((unsigned char)*value) ? STEPS : 0);
  for (const char *p = value + 1; *p; p++) {
    if (*p != ',' && *p != '\'') {
      return false;
    }
    staff += *p == ',' ? -STEPS : STEPS;
  }
  if ((staff - middle) % STEPS != 0) {
    return false; // another line of the staff: nothing that sounds
  }
  out->has_middle     = true;
  out->middle_octaves = (staff - middle) / STEPS;
  return out->middle_octaves >= -MOST_OCTAVES && out->middle_octaves <= MOST_OCTAVES;
}

// One word of a K: or V: field, quotes around a value taken off. False at the end.
static bool
next_word(const char **p, char *key, char *value, size_t size)
{
  skip_blanks(p);
  if (**p == '\0') {
    return false;
  }
  size_t k = 0;
  while (**p && !isspace((unsigned char)**p) && **p != '=') {
    if (k + 1 < size) {
      key[k++] = **p;
    }
    (*p)++;
  }
  key[k]   = '\0';
  value[0] = '\0';
  if (**p != '=') {
    return true;
  }
  (*p)++;
  skip_blanks(p);
  bool quoted = **p == '"';
  *p += quoted;
  k = 0;
  while (**p && (quoted ? **p != '"' : !isspace((unsigned char)**p))) {
    if (k + 1 < size) {
      value[k++] = **p;
    }
    (*p)++;
  }
  value[k] = '\0';
  *p += quoted && **p == '"';
  return true;
}

static bool
whole_number(const char *value, int most, int *out)
{
  long long v = 0;
  if (!shed_parse_int(value, -most, most, &v)) {
    return false;
  }
  *out = (int)v;
  return true;
}

static bool
one_of(const char *word, const char *const *list, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    if (strcmp(word, list[i]) == 0) {
      return true;
    }
  }
  return false;
}

// Only looks, or not in the standard but harmless: how it is printed.
static bool
only_looks(const char *key)
{
  static const char *const table[] = {"stafflines", "staffscale", "snm",     "sname",  "subname",
                                      "stem",       "gstem",      "dyn",     "lyrics", "gchord",
                                      "up",         "down",       "merge",   "brace",  "bracket",
                                      "scale",      "space",      "program", "volume", "style"};
  return one_of(key, table, SHED_COUNTOF(table)) || strchr(key, ':') != NULL;
}

bool
shed_abc_read_properties(const char *text, shed_abc_properties *out, char *why)
{
  char key[SHED_ABC_TEXT]    = "";
  char value[SHED_ABC_TEXT]  = "";
  char clef[SHED_ABC_TEXT]   = "";
  char middle[SHED_ABC_TEXT] = "";
  bool good                  = true;
  while (good && next_word(&text, key, value, sizeof(key))) {
    if (strcmp(key, "clef") == 0 || (value[0] == '\0' && read_clef(key, out))) {
      const char *name = strcmp(key, "clef") == 0 ? value : key;
      (void)snprintf(clef, sizeof(clef), "%s", name);
      if (!read_clef(name, out)) {
        (void)snprintf(out->unknown, sizeof(out->unknown), "%s", name);
      }
    } else if (strcmp(key, "octave") == 0) {
      out->has_octave = true;
      good            = whole_number(value, MOST_OCTAVES, &out->octave);
    } else if (strcmp(key, "transpose") == 0 || strcmp(key, "t") == 0) {
      out->has_transpose = true;
      good               = whole_number(value, MOST_SEMITONES, &out->transpose_semitones);
    } else if (strcmp(key, "middle") == 0 || strcmp(key, "m") == 0) {
      (void)snprintf(middle, sizeof(middle), "%s", value);
    } else if (strcmp(key, "name") == 0 || strcmp(key, "nm") == 0) {
      out->has_name = true;
      (void)snprintf(out->name, sizeof(out->name), "%s", value);
    } else if (strcmp(key, "cue") == 0) {
      out->has_cue = true;
      out->cue     = strcmp(value, "on") == 0;
    } else if (!only_looks(key)) {
      (void)snprintf(out->unknown, sizeof(out->unknown), "%s", key);
    }
  }
  if (!good) {
    (void)snprintf(why, SHED_ABC_WHY, "\"%.20s=%.40s\" is not a whole number within reach", key, value);
    return false;
  }
  if (middle[0] && !read_middle(middle, clef, out)) {
    (void)snprintf(out->unknown, sizeof(out->unknown), "middle=%.*s", SHED_ABC_TEXT - 8, middle);
  }
  return true;
}

// Accidentals behind the mode: "^f _b =c". @return false when a sign has no letter.
static bool
read_marks(const char **p, shed_abc_key *key)
{
  int alter = 0;
  skip_blanks(p);
  while (shed_abc_read_accidental(p, &alter)) {
    int step = step_of(**p);
    if (step < 0) {
      return false;
    }
    key->alter[step] = (signed char)alter;
    (*p)++;
    skip_blanks(p);
  }
  return true;
}

static int
nearest_fifths(const shed_abc_key *key)
{
  int sum = 0;
  for (int i = 0; i < STEPS; i++) {
    sum += key->alter[i];
  }
  return sum > MOST_FIFTHS ? MOST_FIFTHS : sum < -MOST_FIFTHS ? -MOST_FIFTHS : sum;
}

// "G", "F#m", "Bb mix", "D Phr ^f", "D exp _b _e ^f". Leaves *p behind it.
static bool
read_signature(const char **p, shed_abc_key *key)
{
  int step = step_of(**p);
  SHED_ASSERT(step >= 0 && step < STEPS);
  int               fifths  = MAJOR_FIFTHS[step];
  int               mode    = 0;
  bool              exp     = false;
  static const char sharp[] = "\xe2\x99\xaf", flat[] = "\xe2\x99\xad"; // UTF-8
  (*p)++;
  if (**p == '#' || shed_starts_with(*p, sharp)) {
    fifths += MOST_FIFTHS;
    *p += **p == '#' ? 1 : strlen(sharp);
  } else if (**p == 'b' || shed_starts_with(*p, flat)) {
    fifths -= MOST_FIFTHS;
    *p += **p == 'b' ? 1 : strlen(flat);
  }
  bool attached = isalpha((unsigned char)**p) != 0;
  skip_blanks(p);
  if (strncmp(*p, "exp", 3) == 0 && !isalpha((unsigned char)(*p)[3])) {
    exp = true;
    *p += 3;
  } else if (!read_mode(p, &mode) && attached) {
    return false;
  }
  fifths += mode;
  if (!exp && (fifths > MOST_FIFTHS || fifths < -MOST_FIFTHS)) {
    return false;
  }
  set_fifths(key, exp ? 0 : fifths);
  if (!read_marks(p, key)) {
    return false;
  }
  key->fifths = exp ? nearest_fifths(key) : key->fifths;
  return true;
}

bool
shed_abc_read_key(const char *text, shed_abc_key *key, shed_abc_properties *properties, char *why)
{
  const char  *p     = text;
  shed_abc_key v     = *key;
  bool         good  = true;
  bool         given = true;
  skip_blanks(&p);
  if (*p == '\0') {
    set_fifths(&v, 0);
  } else if (strncmp(p, "none", 4) == 0 && !isalpha((unsigned char)p[4])) {
    set_fifths(&v, 0);
    p += 4;
    good = read_marks(&p, &v);
  } else if ((strncmp(p, "HP", 2) == 0 || strncmp(p, "Hp", 2) == 0) && !isalpha((unsigned char)p[2])) {
    set_fifths(&v, 2); // the pipes' scale has these two sharps, printed (Hp) or not (HP)
    p += 2;
  } else if (strchr("^_=", *p)) {
    good     = read_marks(&p, &v);
    v.fifths = nearest_fifths(&v);
  } else if (isupper((unsigned char)*p) && step_of(*p) >= 0 && p[1] != '=' && !isdigit((unsigned char)p[1])) {
    good = read_signature(&p, &v);
  } else {
    given = false;
  }
  if (!good) {
    (void)snprintf(why, SHED_ABC_WHY, "\"%.40s\" is not a key; write it like K:G, K:Em or K:D mixolydian",
                   text);
    return false;
  }
  if (!shed_abc_read_properties(p, properties, why)) {
    return false;
  }
  if (given) {
    *key = v;
  }
  return true;
}

int
shed_abc_transpose_letters(int semitones)
{
  static const signed char letters[12] = {0, 1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 6};
  int                      up          = semitones < 0 ? -semitones : semitones;
  int                      moved       = letters[up % 12] + STEPS * (up / 12);
  return semitones < 0 ? -moved : moved;
}
