// About this file: one file a take, named by the ear and the sound; written beside and moved into place, so that a run that
// is ended in the middle leaves none half.
#include "tests/accuracy/takes_heard.h"

#include "engine/base/file.h"
#include "engine/hear/hear.h"
#include "tests/accuracy/takes_count.h"

#include <aubio/aubio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { AUBIO_WINDOW = 512, AUBIO_HOP = 256, PROBE = 4 }; // the program aubionotes' own

static const char LAYOUT[] = "heard take 1";

static int
aubio_notes(const shed_sound *s, takes_aubio_note *out)
{
  aubio_notes_t *notes = new_aubio_notes("default", AUBIO_WINDOW, AUBIO_HOP, (uint_t)s->rate_hz);
  fvec_t        *in = new_fvec(AUBIO_HOP), *told = new_fvec(3);
  int            n = 0;
  if (!notes || !in || !told) {
    abort();
  }
  for (size_t at = 0; at < s->n; at += AUBIO_HOP) {
    for (size_t i = 0; i < AUBIO_HOP; i++) {
      in->data[i] = at + i < s->n ? s->x[at + i] : 0;
    }
    fvec_zeros(told);
    aubio_notes_do(notes, in, told);
    if (told->data[0] != 0 && n < TAKES_AUBIO_MOST) {
      out[n++] = (takes_aubio_note){(double)at / s->rate_hz, (int)told->data[0]};
    }
  }
  del_aubio_notes(notes);
  del_fvec(in);
  del_fvec(told);
  return n;
}

static shed_status
listen(const corpus_take *t, const corpus_performance *p, takes_heard *out, shed_error *err)
{
  shed_sound  s  = {0};
  shed_status st = corpus_take_sound(t, p, &s, err);
  if (st == SHED_OK) {
    st           = shed_hear_take(s.x, s.n, s.rate_hz, NULL, NULL, NULL, &out->take, err);
    out->n_aubio = aubio_notes(&s, out->aubio);
  }
  shed_sound_free(&s);
  return st;
}

shed_status
takes_ear_name(shed_sha256 *out, shed_error *err)
{
  static corpus_performance p;
  corpus_take               t;
  takes_heard              *h  = calloc(1, sizeof(*h));
  unsigned char            *b  = NULL;
  size_t                    n  = 0;
  shed_status               st = h ? corpus_take_make(PROBE, &t, &p, err) : SHED_E_NOMEM;
  if (st == SHED_OK && (st = listen(&t, &p, h, err)) == SHED_OK &&
      (st = shed_take_encode(&h->take, NULL, &b, &n)) == SHED_OK) {
    shed_sha256_stream s;
    shed_sha256_start(&s);
    shed_sha256_add(&s, LAYOUT, sizeof(LAYOUT));
    shed_sha256_add(&s, SHED_EAR_VERSION, sizeof(SHED_EAR_VERSION));
    shed_sha256_add(&s, b, n);
    *out = shed_sha256_end(&s);
  }
  shed_free(NULL, b);
  if (h) {
    shed_take_free(&h->take);
  }
  free(h);
  return st;
}

static bool
read_kept(const char *path, takes_heard *out)
{
  FILE *f  = fopen(path, "rb");
  long  n  = 0;
  bool  ok = false;
  if (!f) {
    return false;
  }
  if (fread(&out->n_aubio, sizeof(out->n_aubio), 1, f) == 1 && out->n_aubio >= 0 &&
      out->n_aubio <= TAKES_AUBIO_MOST &&
      fread(out->aubio, sizeof(*out->aubio), (size_t)out->n_aubio, f) == (size_t)out->n_aubio &&
      fread(&n, sizeof(n), 1, f) == 1 && n > 0 && n < (1L << 28)) {
    unsigned char *b = malloc((size_t)n);
    ok               = b && fread(b, 1, (size_t)n, f) == (size_t)n &&
         shed_take_decode(b, (size_t)n, NULL, &out->take, NULL) == SHED_OK;
    free(b);
  }
  fclose(f);
  return ok;
}

static void
keep(const char *path, const takes_heard *h)
{
  unsigned char *b = NULL;
  size_t         n = 0;
  char           part[800];
  if (shed_take_encode(&h->take, NULL, &b, &n) != SHED_OK) {
    return;
  }
  (void)snprintf(part, sizeof(part), "%s.part", path);
  FILE *f = fopen(part, "wb");
  if (f) {
    long size = (long)n;
    bool ok   = fwrite(&h->n_aubio, sizeof(h->n_aubio), 1, f) == 1 &&
              fwrite(h->aubio, sizeof(*h->aubio), (size_t)h->n_aubio, f) == (size_t)h->n_aubio &&
              fwrite(&size, sizeof(size), 1, f) == 1 && fwrite(b, 1, n, f) == n;
    if (fclose(f) != 0 || !ok || rename(part, path) != 0) {
      remove(part);
    }
  }
  shed_free(NULL, b);
}

shed_status
takes_hear(const char *dir, const shed_sha256 *ear, const corpus_take *t, const corpus_performance *p,
           takes_heard *out, shed_error *err)
{
  char        path[700];
  shed_sha256 sound = corpus_take_key(t, p);
  memset(out, 0, sizeof(*out));
  (void)snprintf(path, sizeof(path), "%s/%.16s", dir, ear->text);
  mkdir(dir, 0777);
  mkdir(path, 0777);
  (void)snprintf(path, sizeof(path), "%s/%.16s/%.32s", dir, ear->text, sound.text);
  if (read_kept(path, out)) {
    return SHED_OK;
  }
  shed_status st = listen(t, p, out, err);
  if (st == SHED_OK) {
    keep(path, out);
  }
  return st;
}

int
takes_anew(int argc, char **argv)
{
  return argc > 2 && strcmp(argv[argc - 2], "anew") == 0 ? atoi(argv[argc - 1]) : 0;
}

static shed_status
each_of_fit(const char *dir, int anew, bool beside, takes_visit *visit, void *ctx, int *n_takes,
            shed_error *err)
{
  static corpus_performance p;
  static takes_heard        heard;
  corpus_take               t;
  shed_sha256               ear;
  shed_status               st = takes_ear_name(&ear, err);
  *n_takes                     = 0;
  for (size_t k = 0; k < corpus_take_count() * (size_t)(1 + anew) && st == SHED_OK; k++) {
    const size_t i = k % corpus_take_count();
    t              = corpus_take_at(i);
    if (t.half != CORPUS_EAR_FIT ||
        (beside && (t.group != CORPUS_TAKES_USUAL || !takes_have_neighbour(&t)))) {
      continue;
    }
    heard.take = (shed_take){0};
    st         = corpus_take_make_again(i, k / corpus_take_count(), &t, &p, err);
    if (st == SHED_E_RANGE && k >= corpus_take_count()) { // mistakes that do not fit each other
      st = SHED_OK;
      continue;
    }
    if (st == SHED_OK && (st = takes_hear(dir, &ear, &t, &p, &heard, err)) == SHED_OK) {
      st = visit(ctx, &t, &p, &heard.take, err);
      *n_takes += 1;
    }
    shed_take_free(&heard.take);
  }
  return st;
}

shed_status
takes_each_of_fit(const char *dir, int anew, takes_visit *visit, void *ctx, int *n_takes, shed_error *err)
{
  return each_of_fit(dir, anew, false, visit, ctx, n_takes, err);
}

shed_status
takes_each_beside(const char *dir, int anew, takes_visit *visit, void *ctx, int *n_takes, shed_error *err)
{
  return each_of_fit(dir, anew, true, visit, ctx, n_takes, err);
}
