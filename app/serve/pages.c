#include "app/serve/pages.h"

#include "engine/base/str.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HASH_LETTERS = 8 };

static const struct {
  const char *ending, *type;
} types[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".wasm", "application/wasm"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
};

const char *
shed_page_type(const char *path)
{
  for (size_t i = 0; i < SHED_COUNTOF(types); i++) {
    if (shed_ends_with(path, types[i].ending)) {
      return types[i].type;
    }
  }
  return NULL;
}

bool
shed_page_path_fits(const char *path)
{
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./";
  return path[0] == '/' && path[strspn(path, letters)] == '\0' && !strstr(path, "/.") && !strstr(path, "//");
}

// "main-K3J8F2A1.js": a name that changes with its content.
static bool
has_hash(const char *path)
{
  const char *dash = strrchr(path, '-');
  return dash && strspn(dash + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == HASH_LETTERS &&
         dash[1 + HASH_LETTERS] == '.';
}

static FILE *
open_file(const char *path, struct stat *s)
{
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    return NULL;
  }
  FILE *f = fstat(fd, s) == 0 && S_ISREG(s->st_mode) ? fdopen(fd, "rb") : NULL;
  if (!f) {
    (void)close(fd);
  }
  return f;
}

bool
shed_page_open(shed_page *out, const char *folder, const char *path, bool gzip, const char *etag)
{
  char        name[PATH_MAX];
  struct stat s = {0};
  memset(out, 0, sizeof(*out));
  path = strcmp(path, "/") == 0 ? "/index.html" : path;
  if (!shed_page_path_fits(path) || !(out->type = shed_page_type(path))) {
    return false;
  }
  if (gzip && snprintf(name, sizeof(name), "%s%s.gz", folder, path) < (int)sizeof(name)) {
    out->file = open_file(name, &s);
    out->gzip = out->file != NULL;
  }
  if (!out->file && snprintf(name, sizeof(name), "%s%s", folder, path) < (int)sizeof(name)) {
    out->file = open_file(name, &s);
  }
  if (!out->file) {
    return false;
  }
  out->size      = (size_t)s.st_size;
  out->immutable = has_hash(path);
  (void)snprintf(out->etag, sizeof(out->etag), "\"%llx-%llx-%lx%s\"", (unsigned long long)s.st_size,
                 (unsigned long long)s.st_mtim.tv_sec, (unsigned long)s.st_mtim.tv_nsec,
                 out->gzip ? "z" : "");
  if (strcmp(out->etag, etag) == 0) {
    shed_page_close(out);
    out->unchanged = true;
  }
  return true;
}

void
shed_page_close(shed_page *p)
{
  if (p->file) {
    (void)fclose(p->file);
    p->file = NULL;
  }
}
