// About this file: the list of faults, and files of a course as trees.

#include "drills/content_load.h"

#include "engine/base/file.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
order_of(const shed_loader *l, const char *file)
{
  for (size_t i = 0; i < l->n_files; i++) {
    if (strcmp(l->files[i], file) == 0) {
      return (int)i;
    }
  }
  return INT_MAX;
}

static void add(shed_loader *l, const char *file, int line, const char *path, const char *field,
                const char *fmt, va_list args) SHED_PRINTF(6, 0);

static void
add(shed_loader *l, const char *file, int line, const char *path, const char *field, const char *fmt,
    va_list args)
{
  shed_faults *faults = l->faults;
  if (faults->n >= SHED_FAULTS_MAX) {
    faults->more++;
    return;
  }
  if (shed_grow(faults->alloc, (void **)&faults->items, &faults->cap, faults->n, sizeof(*faults->items)) !=
      SHED_OK) {
    l->out_of_memory = true;
    return;
  }
  shed_fault *f     = &faults->items[faults->n++];
  const char *dot   = *path && *field ? "." : "";
  const char *colon = *path || *field ? ": " : "";
  *f                = (shed_fault){.file = order_of(l, file), .line = line};
  (void)snprintf(f->where, sizeof(f->where), "%s:%d%s%s%s%s", file, line, colon, path, dot, field);
  (void)vsnprintf(f->what, sizeof(f->what), fmt, args);
}

void
shed_fault_add(shed_loader *l, int line, const char *path, const char *field, const char *fmt, ...)
{
  va_list args;
  va_start(args, fmt);
  add(l, l->file, line, path, field, fmt, args);
  va_end(args);
}

void
shed_fault_of(shed_loader *l, const shed_content_place *place, const char *field, const char *fmt, ...)
{
  const shed_yaml *member = shed_yaml_get(place->node, field);
  va_list          args;
  va_start(args, fmt);
  add(l, place->file, member ? member->line : place->line, place->path, field, fmt, args);
  va_end(args);
}

static int
by_place(const void *a, const void *b)
{
  const shed_fault *x = a;
  const shed_fault *y = b;
  if (x->file != y->file) {
    return x->file < y->file ? -1 : 1;
  }
  if (x->line != y->line) {
    return x->line < y->line ? -1 : 1;
  }
  return strcmp(x->where, y->where);
}

shed_status
shed_faults_tell(shed_faults *faults, const char *folder, shed_error *err)
{
  if (faults->n == 0) {
    return SHED_OK;
  }
  qsort(faults->items, faults->n, sizeof(*faults->items), by_place);
  (void)shed_fail(err, SHED_E_FORMAT, faults->items[0].where, "%s", faults->items[0].what);
  if (*folder) {
    shed_error_within(err, folder);
  }
  return SHED_E_FORMAT;
}

void
shed_faults_free(shed_faults *faults)
{
  if (faults) {
    shed_free(faults->alloc, faults->items);
    faults->items = NULL;
    faults->n = faults->cap = faults->more = 0;
  }
}

// "FILE:12" or "...: FILE:12": the line that an error names, 1 when it names none.
static int
line_in(const char *where)
{
  const char *colon = strrchr(where, ':');
  long long   line  = 1;
  return colon && shed_parse_int(colon + 1, 1, INT_MAX, &line) ? (int)line : 1;
}

shed_status
shed_content_read(shed_loader *l, const char *file, int line, const char *path, shed_yaml **out)
{
  char        full[1024];
  char       *text = NULL;
  size_t      n    = 0;
  shed_error  err  = {0};
  shed_status st;
  if (order_of(l, file) != INT_MAX) {
    shed_fault_add(l, line, path, "", "The file '%.80s' is named twice", file);
    return SHED_OK;
  }
  if (l->n_files == SHED_CONTENT_FILES) {
    shed_fault_add(l, line, path, "", "The course has more than %d files", SHED_CONTENT_FILES);
    return SHED_OK;
  }
  (void)snprintf(full, sizeof(full), "%s/%s", l->folder, file);
  l->files[l->n_files++] = file;
  st                     = shed_file_read(full, SHED_YAML_BYTES, NULL, &text, &n, &err);
  if (st == SHED_OK) {
    st = shed_yaml_parse(text, n, file, l->arena, out, &err);
  }
  shed_free(NULL, text);
  if (st == SHED_OK || st == SHED_E_NOMEM) {
    return st;
  }
  const char *was = l->file;
  l->file         = file;
  shed_fault_add(l, line_in(err.where), "", "", "%s", err.what);
  l->file = was;
  return SHED_OK;
}
