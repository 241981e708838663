// About this file: rows of profiles.def as values. A row that does not parse is a broken promise of our own; the tests
// read every one.

#include "engine/music/profile.h"

#include "engine/base/str.h"

#include <ctype.h>
#include <string.h>

enum { NAME_MAX = 64, OCTAVE_LETTERS = 7, OCTAVE = 12, LIST_MAX = 320 };
enum { TUNED_BY_MAKER = 1, DECAYS = 2, SUNG = 4, UNPITCHED = 8 };

typedef struct {
  const char *id, *name, *aliases;
  shed_family family;
  shed_clef   clef, clef2;
  int         letters, semitones, traits, sound;
  const char *first, *over_break, *range[SHED_LEVELS], *full, *keys;
  double      breath_s[SHED_LEVELS];
} row;

static const row rows[] = {
#define SHED_PROFILE(id, name, aliases, family, clef, clef2, letters, semitones, traits, sound, first, brk,  \
                     r1, r2, r3, r4, full, keys, b1, b2, b3, b4)                                             \
  {#id,                                                                                                      \
   name,                                                                                                     \
   aliases,                                                                                                  \
   SHED_FAMILY_##family,                                                                                     \
   SHED_CLEF_##clef,                                                                                         \
   SHED_CLEF_##clef2,                                                                                        \
   letters,                                                                                                  \
   semitones,                                                                                                \
   traits,                                                                                                   \
   sound,                                                                                                    \
   first,                                                                                                    \
   brk,                                                                                                      \
   {r1, r2, r3, r4},                                                                                         \
   full,                                                                                                     \
   keys,                                                                                                     \
   {b1, b2, b3, b4}},
#include "engine/music/profiles.def"
#undef SHED_PROFILE
};

// The next word up to one of @p ends, copied; NULL at the end of the text.
static const char *
word(const char *s, const char *ends, char *buf, size_t size)
{
  s += strspn(s, " ");
  if (!*s) {
    return NULL;
  }
  size_t n = strcspn(s, ends);
  SHED_ASSERT(n < size);
  memcpy(buf, s, n);
  buf[n] = '\0';
  s += n;
  return *s == ' ' || *s == '-' || *s == ',' ? s + 1 : s;
}

static shed_pitch
pitch(const char *text)
{
  shed_pitch p = {0};
  SHED_ASSERT(shed_pitch_parse(text, &p) == SHED_OK);
  return p;
}

static shed_range
range(const char *text)
{
  char        low[NAME_MAX];
  shed_range  r    = {{0}, {0}};
  const char *high = word(text, "-", low, sizeof(low));
  if (high) {
    r.low  = pitch(low);
    r.high = pitch(high);
  }
  return r;
}

static int
first_notes(const char *text, shed_pitch *out)
{
  char name[NAME_MAX];
  int  n = 0;
  while ((text = word(text, " ", name, sizeof(name)))) {
    SHED_ASSERT(n < SHED_FIRST_NOTES);
    out[n++] = pitch(name);
  }
  return n;
}

// "Bb|Eb F|...": each level has the keys of those before it too.
static void
keys(const char *text, shed_profile *p)
{
  int n = 0;
  for (int level = 0; level < SHED_LEVELS; level++) {
    if (level > 0) {
      memcpy(p->keys[level], p->keys[level - 1], sizeof(p->keys[level]));
    }
    while (*text && *text != '|') {
      char     name[NAME_MAX];
      shed_key key;
      text = word(text, " |", name, sizeof(name));
      SHED_ASSERT(n < SHED_PROFILE_KEYS && shed_key_parse(name, &key) == SHED_OK);
      p->keys[level][n++] = key.fifths;
    }
    text += *text == '|';
    p->n_keys[level] = n;
  }
}

static shed_profile
of_row(const row *r)
{
  shed_profile p  = {0};
  p.id            = r->id;
  p.name          = r->name;
  p.aliases       = r->aliases;
  p.family        = r->family;
  p.clef          = r->clef;
  p.clef2         = r->clef2;
  p.letters       = r->letters;
  p.semitones     = r->semitones;
  p.fixed_pitch   = r->traits & TUNED_BY_MAKER;
  p.sustains      = !(r->traits & DECAYS);
  p.sung          = r->traits & SUNG;
  p.unpitched     = r->traits & UNPITCHED;
  p.gm_program    = p.unpitched ? -1 : r->sound;
  p.gm_percussion = p.unpitched ? r->sound : -1;
  p.n_first       = first_notes(r->first, p.first);
  p.full          = range(r->full);
  p.has_break     = *r->over_break;
  if (p.has_break) {
    p.over_break = pitch(r->over_break);
  }
  for (int level = 0; level < SHED_LEVELS; level++) {
    p.range[level]    = range(r->range[level]);
    p.breath_s[level] = r->breath_s[level];
  }
  keys(r->keys, &p);
  return p;
}

// Letters and digits alone, in lower case: how names are compared.
static void
bare(const char *name, char *buf, size_t size)
{
  size_t n = 0;
  for (; *name && n + 1 < size; name++) {
    if (!strchr(" -_'", *name)) {
      buf[n++] = (char)tolower((unsigned char)*name);
    }
  }
  buf[n] = '\0';
}

static bool
named(const row *r, const char *wanted)
{
  char        name[NAME_MAX];
  char        alias[NAME_MAX];
  const char *rest = r->aliases;
  bare(r->id, name, sizeof(name));
  if (strcmp(name, wanted) == 0) {
    return true;
  }
  bare(r->name, name, sizeof(name));
  if (strcmp(name, wanted) == 0) {
    return true;
  }
  while ((rest = word(rest, ",", alias, sizeof(alias)))) {
    bare(alias, name, sizeof(name));
    if (strcmp(name, wanted) == 0) {
      return true;
    }
  }
  return false;
}

static shed_status
not_found(const char *name, shed_error *err)
{
  char   list[LIST_MAX];
  size_t n = 0;
  list[0]  = '\0';
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    size_t length = strlen(rows[i].id);
    SHED_ASSERT(n + length + 3 < sizeof(list));
    n += (size_t)(stpcpy(stpcpy(list + n, n ? ", " : ""), rows[i].id) - (list + n));
  }
  return shed_fail(err, SHED_E_NOTFOUND, NULL, "No instrument or voice is called '%.40s'; there are %s", name,
                   list);
}

shed_status
shed_profile_find(const char *name, shed_profile *out, shed_error *err)
{
  char wanted[NAME_MAX];
  bare(name, wanted, sizeof(wanted));
  for (size_t i = 0; i < SHED_COUNTOF(rows) && *wanted; i++) {
    if (named(&rows[i], wanted)) {
      *out = of_row(&rows[i]);
      return SHED_OK;
    }
  }
  return not_found(name, err);
}

size_t
shed_profile_count(void)
{
  return SHED_COUNTOF(rows);
}

shed_profile
shed_profile_at(size_t index)
{
  SHED_ASSERT(index < SHED_COUNTOF(rows));
  return of_row(&rows[index]);
}

shed_pitch
shed_profile_sounding(const shed_profile *p, shed_pitch written)
{
  return shed_pitch_transpose(written, p->letters, p->semitones);
}

shed_pitch
shed_profile_written(const shed_profile *p, shed_pitch sounding)
{
  return shed_pitch_transpose(sounding, -p->letters, -p->semitones);
}

int
shed_profile_written_fifths(const shed_profile *p, int sounding_fifths)
{
  shed_key key = {sounding_fifths, SHED_MODE_MAJOR};
  return shed_key_transpose(key, -p->letters, -p->semitones).fifths;
}

bool
shed_profile_in_range(const shed_profile *p, int level, shed_pitch written)
{
  int               index = level < 1 ? 0 : level > SHED_LEVELS ? SHED_LEVELS - 1 : level - 1;
  const shed_range *r     = &p->range[index];
  int               midi  = shed_pitch_midi(written);
  return !p->unpitched && midi >= shed_pitch_midi(r->low) && midi <= shed_pitch_midi(r->high);
}

const char *
shed_clef_name(shed_clef clef)
{
  static const char *const names[] = {[SHED_CLEF_NONE]       = "",
                                      [SHED_CLEF_TREBLE]     = "treble",
                                      [SHED_CLEF_TREBLE_8VB] = "treble-8vb",
                                      [SHED_CLEF_ALTO]       = "alto",
                                      [SHED_CLEF_TENOR]      = "tenor",
                                      [SHED_CLEF_BASS]       = "bass",
                                      [SHED_CLEF_PERCUSSION] = "percussion"};
  return names[clef];
}

const char *
shed_family_name(shed_family family)
{
  static const char *const names[] = {
      [SHED_FAMILY_WOODWIND] = "woodwind", [SHED_FAMILY_BRASS] = "brass",
      [SHED_FAMILY_STRINGS] = "strings",   [SHED_FAMILY_PLUCKED] = "plucked",
      [SHED_FAMILY_KEYBOARD] = "keyboard", [SHED_FAMILY_PERCUSSION] = "percussion",
      [SHED_FAMILY_VOICE] = "voice"};
  return names[family];
}
