// About this file: the folder content/rubrics, read file by file in order of name, so that the same name always means the same file.
#include "app/session/rubrics.h"

#include "app/session/library.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILES_MOST = 500, PATH = 1024 };

static int
by_name(const void *a, const void *b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// Names of the .yaml files in a folder; none where the folder is not there.
static shed_status
list_files(const char *folder, shed_arena *arena, const char **names, size_t *n)
{
  DIR        *d  = opendir(folder);
  shed_status st = SHED_OK;
  *n             = 0;
  for (struct dirent *e = d ? readdir(d) : NULL; e && st == SHED_OK && *n < FILES_MOST; e = readdir(d)) {
    if (shed_ends_with(e->d_name, ".yaml")) {
      names[*n] = shed_arena_text(arena, e->d_name, strlen(e->d_name));
      st        = names[(*n)++] ? SHED_OK : SHED_E_NOMEM;
    }
  }
  if (d) {
    (void)closedir(d);
  }
  if (*n > 0) {
    qsort(names, *n, sizeof(*names), by_name);
  }
  return st;
}

shed_status
shed_rubrics_each(const char *content, shed_arena                                       *arena,
                  bool (*each)(void *ctx, const char *file, const shed_rubric *r), void *ctx, shed_error *err)
{
  const char *names[FILES_MOST];
  char        folder[PATH], path[2 * PATH];
  size_t      n    = 0;
  bool        more = true;
  shed_status st;
  (void)snprintf(folder, sizeof(folder), "%s/rubrics", content);
  st = list_files(folder, arena, names, &n);
  for (size_t i = 0; i < n && st == SHED_OK && more; i++) {
    shed_rubric *r = NULL;
    (void)snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
    st = shed_rubric_load(path, arena, &r, NULL, err);
    if (st == SHED_OK) {
      more = each(ctx, names[i], r);
    }
  }
  return st;
}

typedef struct {
  const char        *name;
  const shed_rubric *found;
  shed_str           known;
} search;

static bool
is_called(const shed_rubric *r, const char *name)
{
  bool called = strcmp(r->id, name) == 0;
  for (size_t i = 0; i < r->aliases.n; i++) {
    called = called || strcmp(r->aliases.items[i], name) == 0;
  }
  return called;
}

static bool
look_at(void *ctx, const char *file, const shed_rubric *r)
{
  search *s = ctx;
  size_t  n = strlen(file) - strlen(".yaml");
  if (is_called(r, s->name) || (strlen(s->name) == n && strncmp(s->name, file, n) == 0)) {
    s->found = r;
  }
  shed_str_addf(&s->known, "%s%s", s->known.len ? ", " : "", r->id);
  return s->found == NULL;
}

// In the courses: loaded for their rubric alone, which is copied out by reading its file anew.
static shed_status
find_in_courses(const char *content, search *s, shed_arena *arena, shed_rubric **out, shed_error *err)
{
  shed_library *lib = NULL;
  char          path[2 * PATH];
  shed_status   st = shed_library_open(content, NULL, &lib, err);
  *out             = NULL;
  for (size_t i = 0; st == SHED_OK && i < shed_library_courses(lib) && !*out; i++) {
    const shed_course *c = shed_library_course_at(lib, i);
    const shed_rubric *r = shed_course_rubric(c, s->name);
    if (r) {
      (void)snprintf(path, sizeof(path), "%s/%s", c->folder, r->place.file);
      st = shed_rubric_load(path, arena, out, NULL, err);
    }
  }
  shed_library_free(lib);
  return st;
}

shed_status
shed_rubrics_find(const char *content, const char *name, shed_arena *arena, shed_rubric **out,
                  shed_faults *faults, shed_error *err)
{
  search       s     = {.name = name};
  shed_rubric *found = NULL;
  if (shed_ends_with(name, ".yaml") || shed_ends_with(name, ".yml")) {
    return shed_rubric_load(name, arena, out, faults, err);
  }
  shed_status st = content ? shed_rubrics_each(content, arena, look_at, &s, err) : SHED_OK;
  found          = (shed_rubric *)(uintptr_t)s.found;
  if (st == SHED_OK && !found && content && strchr(name, '/')) {
    st = find_in_courses(content, &s, arena, &found, err);
  }
  if (st == SHED_OK && !found) {
    st = shed_fail(err, SHED_E_NOTFOUND, name, "is no rubric; there are %s", shed_str_text(&s.known));
  }
  shed_str_free(&s.known);
  if (st == SHED_OK) {
    *out = found;
  }
  return st;
}
