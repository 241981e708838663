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

// The smallest first.
static const struct {
  const char *name, *ending, *mark;
} encodings_known[] = {{"br", ".br", "b"}, {"gzip", ".gz", "z"}};

// Whether one entry of an Accept-Encoding refuses what it names: "br;q=0", "br; q=0.00".
static bool
refuses(const char *entry, size_t n)
{
  const char *q = memchr(entry, ';', n);
  if (!q) {
    return false;
  }
  q += 1 + strspn(q + 1, " \t");
  return strncmp(q, "q=0", 3) == 0 && strspn(q + 2, "0.") >= strcspn(q + 2, ", \t");
}

unsigned
shed_page_encodings(const char *header)
{
  unsigned bits = 0;
  while (*header) {
    header += strspn(header, ", \t");
    const size_t n = strcspn(header, ","), name = strcspn(header, ",; \t");
    for (size_t i = 0; i < SHED_COUNTOF(encodings_known); i++) {
      if (name == strlen(encodings_known[i].name) && strncmp(header, encodings_known[i].name, name) == 0 &&
          !refuses(header, n)) {
        bits |= 1U << i;
      }
    }
    header += n;
  }
  return bits;
}

// The form of a file that the browser takes, or the file itself.
static FILE *
open_form(const char *folder, const char *path, unsigned encodings, struct stat *s, const char **encoding,
          const char **mark)
{
  char name[PATH_MAX];
  for (size_t i = 0; i < SHED_COUNTOF(encodings_known); i++) {
    FILE *f = (encodings & 1U << i) && snprintf(name, sizeof(name), "%s%s%s", folder, path,
                                                encodings_known[i].ending) < (int)sizeof(name)
                  ? open_file(name, s)
                  : NULL;
    if (f) {
      *encoding = encodings_known[i].name;
      *mark     = encodings_known[i].mark;
      return f;
    }
  }
  return snprintf(name, sizeof(name), "%s%s", folder, path) < (int)sizeof(name) ? open_file(name, s) : NULL;
}

bool
shed_page_open(shed_page *out, const char *folder, const char *path, unsigned encodings, const char *etag)
{
  const char *mark = "";
  struct stat s    = {0};
  memset(out, 0, sizeof(*out));
  path = strcmp(path, "/") == 0 ? "/index.html" : path;
  if (!shed_page_path_fits(path) || !(out->type = shed_page_type(path))) {
    return false;
  }
  out->file = open_form(folder, path, encodings, &s, &out->encoding, &mark);
  if (!out->file) {
    return false;
  }
  out->size      = (size_t)s.st_size;
  out->immutable = has_hash(path);
  (void)snprintf(out->etag, sizeof(out->etag), "\"%llx-%llx-%lx%s\"", (unsigned long long)s.st_size,
                 (unsigned long long)s.st_mtim.tv_sec, (unsigned long)s.st_mtim.tv_nsec, mark);
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
