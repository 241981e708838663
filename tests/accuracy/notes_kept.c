// About this file: items kept in a file of this machine, so that a search needs not hear them again. No format of anybody
// else's: structs as they lie, with their sizes in front.
#include "tests/accuracy/notes_items.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char MAGIC[8] = "notes 1";

static bool
put(FILE *f, const void *p, size_t size, size_t n)
{
  return fwrite(p, size, n, f) == n;
}

static void *
get(FILE *f, size_t size, size_t n)
{
  void *p = calloc(n + 1, size);
  if (!p || fread(p, size, n, f) != n) {
    free(p);
    return NULL;
  }
  return p;
}

bool
notes_items_keep(const char *path, const notes_item *items, int n)
{
  size_t sizes[] = {sizeof(notes_item), sizeof(shed_notes_in), (size_t)n};
  FILE  *f       = fopen(path, "wb");
  bool   ok      = f && put(f, MAGIC, 1, sizeof(MAGIC)) && put(f, sizes, sizeof(sizes), 1);
  for (int i = 0; i < n && ok; i++) {
    const notes_item *it = &items[i];
    ok                   = put(f, it, sizeof(*it), 1) && put(f, it->in, sizeof(*it->in), (size_t)it->n) &&
         put(f, it->power, sizeof(float), (size_t)it->steps) &&
         put(f, it->treble, sizeof(float), (size_t)it->steps) &&
         put(f, it->labels, sizeof(*it->labels), (size_t)it->n_labels);
  }
  return f && fclose(f) == 0 && ok;
}

int
notes_items_kept(const char *path, notes_item *out, int max)
{
  char   magic[sizeof(MAGIC)];
  size_t sizes[3];
  FILE  *f = fopen(path, "rb");
  if (!f) {
    return 0;
  }
  bool ok = fread(magic, 1, sizeof(magic), f) == sizeof(magic) && memcmp(magic, MAGIC, sizeof(magic)) == 0 &&
            fread(sizes, sizeof(sizes), 1, f) == 1 && sizes[0] == sizeof(notes_item) &&
            sizes[1] == sizeof(shed_notes_in);
  int n = ok && sizes[2] <= (size_t)max ? (int)sizes[2] : 0;
  for (int i = 0; i < n && ok; i++) {
    notes_item *it = &out[i];
    ok             = fread(it, sizeof(*it), 1, f) == 1;
    it->in         = ok ? get(f, sizeof(*it->in), (size_t)it->n) : NULL;
    it->power      = ok ? get(f, sizeof(float), (size_t)it->steps) : NULL;
    it->treble     = ok ? get(f, sizeof(float), (size_t)it->steps) : NULL;
    it->labels     = ok ? get(f, sizeof(*it->labels), (size_t)it->n_labels) : NULL;
    ok             = ok && it->in && it->power && it->treble && it->labels;
  }
  (void)fclose(f);
  if (!ok) {
    fprintf(stderr, "%s: not what this program writes; remove it\n", path);
    exit(4);
  }
  return n;
}
