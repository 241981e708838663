// About this file: which reader a file is for. The content decides; the name's ending only where no reader knows the
// content. Kinds that people try and that are not read are named with what to do instead.

#include "engine/base/file.h"
#include "engine/base/str.h"
#include "engine/score/readers.h"

#include <string.h>

typedef struct {
  const char *title;
  const char *endings;
  bool (*is)(const char *data, size_t n);
  shed_status (*read)(const char *data, size_t n, shed_score *score, shed_error *err);
} reader;

static const reader readers[] = {
#define SHED_READER(id, title, endings) {title, endings, shed_score_is_##id, shed_score_read_##id},
#include "engine/score/readers.def"
#undef SHED_READER
    {NULL, "", NULL, NULL},
};

// What begins like this is a known kind that no reader takes.
static const struct {
  const char *magic;
  size_t      n;
  const char *kind;
  const char *remedy;
} unread[] = {
    {"%PDF", 4, "a PDF", "a PDF holds pictures of notes"},
    {"\x89PNG", 4, "a picture", "a picture cannot be read as notes"},
    {"\xff\xd8\xff", 3, "a picture", "a picture cannot be read as notes"},
    {"RIFF", 4, "a sound file", "this is sound, give it as the take"},
    {"fLaC", 4, "a sound file", "this is sound, give it as the take"},
    {"OggS", 4, "a sound file", "this is sound, give it as the take"},
    {"ID3", 3, "a sound file", "this is sound, give it as the take"},
    {"ENIGMA", 6, "a Finale file", "other programs cannot read Finale's own files"},
    {"SIBELIUS", 8, "a Sibelius file", "other programs cannot read Sibelius' own files"},
    {"\x0fSIBELIUS", 9, "a Sibelius file", "other programs cannot read Sibelius' own files"},
};

static const reader *
reader_by_content(const char *data, size_t n)
{
  for (const reader *r = readers; r->title; r++) {
    if (r->is(data, n)) {
      return r;
    }
  }
  return NULL;
}

// The name's last ending in lower case with its point and a blank behind it, as the tables have it.
static const reader *
reader_by_name(const char *name)
{
  char        ending[16];
  const char *dot = strrchr(name, '.');
  size_t      n   = dot ? strlen(dot) : 0;
  if (n < 2 || n + 2 > sizeof(ending)) {
    return NULL;
  }
  for (size_t i = 0; i < n; i++) {
    ending[i] = (char)(dot[i] >= 'A' && dot[i] <= 'Z' ? dot[i] + 32 : dot[i]);
  }
  ending[n]     = ' ';
  ending[n + 1] = '\0';
  for (const reader *r = readers; r->title; r++) {
    if (strstr(r->endings, ending)) {
      return r;
    }
  }
  return NULL;
}

static shed_status
refuse(const char *data, size_t n, const char *name, shed_error *err)
{
  for (size_t i = 0; i < SHED_COUNTOF(unread); i++) {
    if (n >= unread[i].n && memcmp(data, unread[i].magic, unread[i].n) == 0) {
      return shed_fail(err, SHED_E_UNSUPPORTED, name,
                       "is %s, not a score: %s. In the notation program choose File, Export, MusicXML",
                       unread[i].kind, unread[i].remedy);
    }
  }
  if (shed_ends_with(name, ".mscz") || shed_ends_with(name, ".mscx")) {
    return shed_fail(err, SHED_E_UNSUPPORTED, name,
                     "is MuseScore's own file. In MuseScore choose File, Export, MusicXML");
  }
  return shed_fail(
      err, SHED_E_UNSUPPORTED, name,
      "is no kind of score that is read: give MusicXML (.musicxml, .xml, .mxl), ABC (.abc) or MIDI (.mid)");
}

shed_status
shed_score_parse(const void *data, size_t n, const char *name, const shed_alloc *alloc, shed_score **out,
                 shed_error *err)
{
  shed_score *score = NULL;
  if (n == 0) {
    return shed_fail(err, SHED_E_FORMAT, name, "is empty: 0 bytes");
  }
  if (n > SHED_SCORE_MAX_BYTES) {
    return shed_fail(err, SHED_E_LIMIT, name, "is longer than %d bytes, the most that is read",
                     SHED_SCORE_MAX_BYTES);
  }
  const reader *r = reader_by_content(data, n);
  if (!r) {
    r = reader_by_name(name);
  }
  if (!r) {
    return refuse(data, n, name, err);
  }
  shed_status st = shed_score_new(&score, alloc, name);
  if (st == SHED_OK) {
    st = r->read(data, n, score, err);
  }
  if (st == SHED_OK) {
    st = shed_score_finish(score);
    if (st == SHED_E_LIMIT) {
      (void)shed_fail(err, st, name,
                      "has %zu parts of %zu measures; at most %d measures are read, and %d of all parts",
                      score->n_parts, score->n_columns, SHED_SCORE_MAX_MEASURES, SHED_SCORE_MAX_CELLS);
    }
  }
  if (st != SHED_OK) {
    shed_score_free(score);
    return st == SHED_E_NOMEM ? shed_fail(err, st, name, "there is not enough memory to read it") : st;
  }
  *out = score;
  return SHED_OK;
}

shed_status
shed_score_load(const char *path, const shed_alloc *alloc, shed_score **out, shed_error *err)
{
  char       *data = NULL;
  size_t      n    = 0;
  shed_status st   = shed_file_read(path, SHED_SCORE_MAX_BYTES, alloc, &data, &n, err);
  if (st != SHED_OK) {
    return st;
  }
  st = shed_score_parse(data, n, path, alloc, out, err);
  shed_free(alloc, data);
  return st;
}
