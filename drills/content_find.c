// About this file: where courses are kept.

#include "drills/content.h"

#include "engine/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
is_folder(const char *path)
{
  DIR *d = path && *path ? opendir(path) : NULL;
  if (d) {
    (void)closedir(d);
  }
  return d;
}

static shed_status
take(const char *path, char *buf, size_t size, shed_error *err)
{
  if ((size_t)snprintf(buf, size, "%s", path) >= size) {
    return shed_fail(err, SHED_E_LIMIT, path, "The path is too long");
  }
  return SHED_OK;
}

shed_status
shed_content_find(const shed_content_places *places, char *buf, size_t size, shed_error *err)
{
  const struct {
    const char *path, *said_by;
  } asked[] = {{places->option, "--content"}, {places->env, "WOODSHED_CONTENT"}};
  for (size_t i = 0; i < SHED_COUNTOF(asked); i++) {
    if (asked[i].path && *asked[i].path) {
      return is_folder(asked[i].path)
                 ? take(asked[i].path, buf, size, err)
                 : shed_fail(err, SHED_E_NOTFOUND, asked[i].path,
                             "The folder of courses that %s names is not there", asked[i].said_by);
    }
  }
  if (is_folder(places->installed)) {
    return take(places->installed, buf, size, err);
  }
  if (is_folder(places->source)) {
    return take(places->source, buf, size, err);
  }
  return shed_fail(err, SHED_E_NOTFOUND, places->installed ? places->installed : "",
                   "No folder of courses is there; name one with --content or WOODSHED_CONTENT");
}

static int
by_name(const void *a, const void *b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static shed_status
add_course(const char *content, const char *name, const shed_alloc *alloc, shed_texts *list, size_t *cap)
{
  char path[1024];
  if (name[0] == '.' ||
      (size_t)snprintf(path, sizeof(path), "%s/%s/course.yaml", content, name) >= sizeof(path) ||
      !shed_file_exists(path)) {
    return SHED_OK;
  }
  shed_status st = shed_grow(alloc, (void **)&list->items, cap, list->n, sizeof(*list->items));
  if (st != SHED_OK) {
    return st;
  }
  char *copy = shed_strdup(alloc, name);
  if (!copy) {
    return SHED_E_NOMEM;
  }
  list->items[list->n++] = copy;
  return SHED_OK;
}

shed_status
shed_content_list(const char *content, const shed_alloc *alloc, shed_texts *out, shed_error *err)
{
  shed_texts     list = {0};
  size_t         cap  = 0;
  shed_status    st   = SHED_OK;
  struct dirent *entry;
  DIR           *d = opendir(content);
  if (!d) {
    return shed_fail(err, errno == ENOENT ? SHED_E_NOTFOUND : SHED_E_IO, content,
                     "The folder does not open: %s", strerror(errno));
  }
  while (st == SHED_OK && (entry = readdir(d))) {
    st = add_course(content, entry->d_name, alloc, &list, &cap);
  }
  (void)closedir(d);
  if (st != SHED_OK) {
    shed_texts_free(&list, alloc);
    return st;
  }
  if (list.n > 0) {
    qsort(list.items, list.n, sizeof(*list.items), by_name);
  }
  *out = list;
  return SHED_OK;
}

void
shed_texts_free(shed_texts *texts, const shed_alloc *alloc)
{
  for (size_t i = 0; i < texts->n; i++) {
    shed_free(alloc, (void *)(uintptr_t)texts->items[i]);
  }
  shed_free(alloc, texts->items);
  *texts = (shed_texts){0};
}
