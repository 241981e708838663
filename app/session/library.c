#include "app/session/library.h"

#include "engine/base/file.h"
#include "engine/base/str.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct shed_library {
  const shed_alloc *alloc;
  char              folder[PATH_MAX];
  shed_course     **courses;
  size_t            n;
};

void
shed_library_free(shed_library *lib)
{
  if (!lib) {
    return;
  }
  for (size_t i = 0; i < lib->n; i++) {
    shed_course_free(lib->courses[i]);
  }
  shed_free(lib->alloc, lib->courses);
  shed_free(lib->alloc, lib);
}

static shed_status
load_all(shed_library *lib, const shed_texts *names, shed_error *err)
{
  lib->courses = shed_calloc(lib->alloc, names->n, sizeof(shed_course *));
  if (!lib->courses) {
    return shed_fail(err, SHED_E_NOMEM, NULL, "%s", shed_status_text(SHED_E_NOMEM));
  }
  for (size_t i = 0; i < names->n; i++) {
    char path[PATH_MAX];
    int  n = snprintf(path, sizeof(path), "%s/%s", lib->folder, names->items[i]);
    if (n < 0 || (size_t)n >= sizeof(path)) {
      return shed_fail(err, SHED_E_RANGE, lib->folder, "the path is too long");
    }
    shed_status st = shed_course_load(path, lib->alloc, &lib->courses[i], NULL, err);
    if (st != SHED_OK) {
      shed_error_within(err, names->items[i]);
      return st;
    }
    lib->n++;
  }
  return SHED_OK;
}

static shed_status
find_content(const char *option, char *buf, size_t size, shed_error *err)
{
  shed_content_places places = {option, getenv("WOODSHED_CONTENT"), SHED_CONTENT_INSTALLED,
                                SHED_CONTENT_SOURCE};
  return shed_content_find(&places, buf, size, err);
}

shed_status
shed_library_content(char *buf, size_t size, shed_error *err)
{
  return find_content(NULL, buf, size, err);
}

shed_status
shed_library_open(const char *content, const shed_alloc *alloc, shed_library **out, shed_error *err)
{
  shed_texts    names = {0};
  shed_library *lib   = shed_calloc(alloc, 1, sizeof(*lib));
  if (!lib) {
    return shed_fail(err, SHED_E_NOMEM, NULL, "%s", shed_status_text(SHED_E_NOMEM));
  }
  lib->alloc     = alloc;
  shed_status st = find_content(content, lib->folder, sizeof(lib->folder), err);
  if (st == SHED_OK) {
    st = shed_content_list(lib->folder, alloc, &names, err);
  }
  if (st == SHED_OK && names.n == 0) {
    st = shed_fail(err, SHED_E_NOTFOUND, lib->folder, "holds no course (a folder with a course.yaml)");
  }
  if (st == SHED_OK) {
    st = load_all(lib, &names, err);
  }
  shed_texts_free(&names, alloc);
  if (st != SHED_OK) {
    shed_library_free(lib);
    return st;
  }
  *out = lib;
  return SHED_OK;
}

const char *
shed_library_folder(const shed_library *lib)
{
  return lib->folder;
}

size_t
shed_library_courses(const shed_library *lib)
{
  return lib->n;
}

const shed_course *
shed_library_course_at(const shed_library *lib, size_t index)
{
  return lib->courses[index];
}

static bool
is_course(const shed_course *c, const char *name)
{
  const char *slash = strrchr(c->folder, '/');
  for (size_t i = 0; i < c->aliases.n; i++) {
    if (strcmp(c->aliases.items[i], name) == 0) {
      return true;
    }
  }
  return strcmp(c->id, name) == 0 || shed_equal_nocase(c->title, name) ||
         strcmp(slash ? slash + 1 : c->folder, name) == 0;
}

shed_status
shed_library_course(const shed_library *lib, const char *name, const shed_course **out, shed_error *err)
{
  shed_str known = {0};
  for (size_t i = 0; i < lib->n; i++) {
    if (is_course(lib->courses[i], name)) {
      *out = lib->courses[i];
      shed_str_free(&known);
      return SHED_OK;
    }
    shed_str_addf(&known, "%s%s", i ? ", " : "", lib->courses[i]->id);
  }
  shed_status st =
      shed_fail(err, SHED_E_NOTFOUND, name, "is no course; there are: %s", shed_str_text(&known));
  shed_str_free(&known);
  return st;
}

shed_status
shed_library_drill(const shed_library *lib, const char *id, const shed_course **course,
                   const shed_unit **unit, const shed_drill **drill, shed_error *err)
{
  int found = 0;
  for (size_t i = 0; i < lib->n; i++) {
    const shed_course *c = lib->courses[i];
    const shed_unit   *u = NULL;
    const shed_drill  *d = shed_course_drill(c, id, &u);
    if (!d) {
      char full[2 * SHED_ID];
      (void)snprintf(full, sizeof(full), "%s/%s", c->id, id);
      d = shed_course_drill(c, full, &u);
    }
    if (d) {
      *course = c;
      *unit   = u;
      *drill  = d;
      found++;
    }
  }
  if (found == 1) {
    return SHED_OK;
  }
  return shed_fail(err, SHED_E_NOTFOUND, id,
                   found ? "is a drill of several courses: give its whole id"
                         : "is no drill; woodshed drill list shows them");
}

shed_status
shed_library_unit(const shed_library *lib, const char *id, const shed_course **course, const shed_unit **unit,
                  shed_error *err)
{
  shed_str known = {0};
  for (size_t i = 0; i < lib->n; i++) {
    const shed_course *c = lib->courses[i];
    char               full[2 * SHED_ID];
    (void)snprintf(full, sizeof(full), "%s/%s", c->id, id);
    const shed_unit *u = shed_course_unit(c, id);
    u                  = u ? u : shed_course_unit(c, full);
    if (u) {
      *course = c;
      *unit   = u;
      shed_str_free(&known);
      return SHED_OK;
    }
    for (size_t k = 0; k < c->n_units; k++) {
      shed_str_addf(&known, "%s%s", known.len ? ", " : "", c->units[k].id);
    }
  }
  shed_status st = shed_fail(err, SHED_E_NOTFOUND, id, "is no unit; there are: %s", shed_str_text(&known));
  shed_str_free(&known);
  return st;
}

// The next word at *p, lower-cased into out without a plural or verbal s; false at the end.
static bool
next_word(const char **p, char *out, size_t size)
{
  size_t n = 0;
  while (**p && !((**p >= 'a' && **p <= 'z') || (**p >= 'A' && **p <= 'Z') || (unsigned char)**p >= 0x80)) {
    ++*p;
  }
  for (; (**p >= 'a' && **p <= 'z') || (**p >= 'A' && **p <= 'Z') || (unsigned char)**p >= 0x80; ++*p) {
    if (n + 1 < size) {
      out[n++] = (char)(**p >= 'A' && **p <= 'Z' ? **p + 32 : **p);
    }
  }
  if (n > 3 && out[n - 1] == 's') {
    n--;
  }
  out[n] = '\0';
  return n > 0;
}

static bool
has_word(const char *text, const char *word)
{
  char other[48];
  // one word begins the other: "rush" and "rushing" are one problem
  while (next_word(&text, other, sizeof(other))) {
    size_t k = strlen(word) < strlen(other) ? strlen(word) : strlen(other);
    if (k >= 4 ? strncmp(word, other, k) == 0 : strcmp(word, other) == 0) {
      return true;
    }
  }
  return false;
}

// Share of the words of one text that are in the other, long words weighing more.
static double
likeness(const char *words, const char *text)
{
  char   word[48];
  double have = 0;
  double all  = 0;
  while (next_word(&words, word, sizeof(word))) {
    double weight = strlen(word) < 4 ? 0.2 : 1;
    all += weight;
    have += has_word(text, word) ? weight : 0;
  }
  return all > 0 ? have / all : 0;
}

static void
consider(const char *words, const char *text, double worth, shed_library_match *match)
{
  double score = worth * likeness(words, text);
  if (score > match->score) {
    match->score   = score;
    match->because = text;
  }
}

static shed_library_match
match_drill(const shed_course *c, const shed_unit *u, const shed_drill *d, const char *words)
{
  shed_library_match match = {c, u, d, d->title, 0};
  consider(words, d->title, 0.9, &match);
  for (size_t i = 0; i < d->helps.n; i++) {
    consider(words, d->helps.items[i], 1, &match);
  }
  consider(words, u->title, 0.6, &match);
  consider(words, u->purpose, 0.5, &match);
  return match;
}

size_t
shed_library_find(const shed_library *lib, const char *words, shed_library_match *out, size_t most)
{
  size_t n = 0;
  for (size_t i = 0; i < lib->n; i++) {
    const shed_course *c = lib->courses[i];
    for (size_t k = 0; k < c->n_units; k++) {
      for (size_t m = 0; m < c->units[k].n_drills; m++) {
        shed_library_match match = match_drill(c, &c->units[k], &c->units[k].drills[m], words);
        size_t             at    = n;
        while (at > 0 && out[at - 1].score < match.score) {
          at--;
        }
        if (match.score <= 0.2 || at >= most) {
          continue;
        }
        size_t kept = n < most ? n : most - 1;
        memmove(&out[at + 1], &out[at], (kept - at) * sizeof(out[0]));
        out[at] = match;
        n       = kept + 1;
      }
    }
  }
  return n;
}
