#include "tests/accuracy/takes_events.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PUSH = 441, MOST = 1 << 20 };

typedef struct {
  shed_event *e;
  size_t      n, cap;
} list;

static bool
collect(shed_hear *h, list *l)
{
  shed_event e;
  while (shed_hear_poll(h, &e)) {
    if (e.kind != SHED_EVENT_FRAME && e.kind != SHED_EVENT_ONSET) {
      continue;
    }
    if (shed_grow(NULL, (void **)&l->e, &l->cap, l->n, sizeof(e)) != SHED_OK) {
      return false;
    }
    l->e[l->n++] = e;
  }
  return true;
}

static shed_status
listen(const corpus_take *t, const corpus_performance *p, list *l, shed_error *err)
{
  shed_sound  s  = {0};
  shed_hear  *h  = NULL;
  bool        ok = true;
  shed_status st = corpus_take_sound(t, p, &s, err);
  if (st == SHED_OK && (st = shed_hear_new(&h, &(shed_hear_opts){.rate_hz = s.rate_hz}, NULL)) == SHED_OK) {
    for (size_t at = 0; at < s.n && ok; at += PUSH) {
      shed_hear_push(h, s.x + at, s.n - at < PUSH ? s.n - at : PUSH);
      ok = collect(h, l);
    }
    shed_hear_finish(h);
    st = ok && collect(h, l) ? SHED_OK : SHED_E_NOMEM;
  }
  shed_hear_free(h);
  shed_sound_free(&s);
  return st;
}

static bool
read_kept(const char *path, list *l)
{
  FILE *f  = fopen(path, "rb");
  bool  ok = false;
  if (f && fread(&l->n, sizeof(l->n), 1, f) == 1 && l->n < MOST) {
    l->e = malloc((l->n + 1) * sizeof(*l->e));
    ok   = l->e && fread(l->e, sizeof(*l->e), l->n, f) == l->n;
  }
  if (f) {
    fclose(f);
  }
  return ok;
}

static void
keep(const char *path, const list *l)
{
  char part[800];
  (void)snprintf(part, sizeof(part), "%s.part", path);
  FILE *f = fopen(part, "wb");
  if (f) {
    bool ok = fwrite(&l->n, sizeof(l->n), 1, f) == 1 && fwrite(l->e, sizeof(*l->e), l->n, f) == l->n;
    if (fclose(f) != 0 || !ok || rename(part, path) != 0) {
      remove(part);
    }
  }
}

shed_status
takes_events(const char *dir, const shed_sha256 *ear, const corpus_take *t, const corpus_performance *p,
             shed_event **out, size_t *n, shed_error *err)
{
  char        path[700];
  list        l     = {NULL, 0, 0};
  shed_sha256 sound = corpus_take_key(t, p);
  (void)snprintf(path, sizeof(path), "%s/%.16s", dir, ear->text);
  mkdir(dir, 0777);
  mkdir(path, 0777);
  (void)snprintf(path, sizeof(path), "%s/%.16s/%.32s.events%zu", dir, ear->text, sound.text,
                 sizeof(shed_event));
  if (!read_kept(path, &l)) {
    free(l.e);
    l              = (list){NULL, 0, 0};
    shed_status st = listen(t, p, &l, err);
    if (st != SHED_OK) {
      free(l.e);
      return st;
    }
    keep(path, &l);
  }
  *out = l.e;
  *n   = l.n;
  return SHED_OK;
}
