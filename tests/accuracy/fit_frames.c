#include "tests/accuracy/fit_frames.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 2 };

typedef struct {
  fit_source *source;
  void       *context;
  fit_item   *items;
  int         n;
  atomic_int  next;
} work;

static int
right_one(const shed_cand_set *s, float truth_hz)
{
  int   right = -1;
  float near  = 50.0f / 1200.0f;
  for (int i = 0; i < s->n && truth_hz > 0; i++) {
    float off = fabsf(log2f(s->f_hz[i] / truth_hz));
    if (off < near) {
      near  = off;
      right = i;
    }
  }
  return right;
}

static void
hear(const ear_sound *s, fit_item *item)
{
  shed_front        *front = NULL;
  shed_cands        *cands = NULL;
  shed_level         level = {.n = 0};
  static const float zeros[EAR_HOP];
  if (shed_front_new(&front, NULL, EAR_RATE_HZ) != SHED_OK || shed_cands_new(&cands, NULL) != SHED_OK ||
      !(item->frames = calloc((size_t)s->frames, sizeof(*item->frames)))) {
    exit(4);
  }
  int pushed = 0;
  item->n    = s->frames;
  for (int f = 0; f < s->frames; f++) {
    while (pushed < f * EAR_HOP + SHED_CANDS_AHEAD) {
      int left = s->n - pushed, n = left < EAR_HOP ? left : EAR_HOP;
      shed_front_push(front, n > 0 ? s->x + pushed : zeros, n > 0 ? n : EAR_HOP);
      pushed += n > 0 ? n : EAR_HOP;
    }
    shed_level_frame l  = shed_level_run(&level, front, (int64_t)f * EAR_HOP);
    fit_frame       *to = &item->frames[f];
    shed_cands_run(cands, front, (int64_t)f * EAR_HOP, &l, &to->set);
    to->truth_hz = s->f0_hz[f];
    to->right    = right_one(&to->set, to->truth_hz);
  }
  shed_front_free(front);
  shed_cands_free(cands);
}

static void *
run(void *context)
{
  work *w = context;
  for (int i; (i = atomic_fetch_add(&w->next, 1)) < w->n;) {
    ear_sound s = {.n = 0};
    if (w->source(w->context, i, &s, &w->items[i])) {
      hear(&s, &w->items[i]);
      ear_sound_free(&s);
    }
    if (i % 100 == 99) {
      fprintf(stderr, "%d of %d sounds heard\n", i + 1, w->n);
    }
  }
  return NULL;
}

fit_item *
fit_items_hear(fit_source *source, void *context, int n)
{
  work w = {.source = source, .context = context, .n = n, .items = calloc((size_t)n + 1, sizeof(fit_item))};
  pthread_t thread[THREADS];
  if (!w.items) {
    exit(4);
  }
  for (int t = 0; t < THREADS; t++) {
    if (pthread_create(&thread[t], NULL, run, &w) != 0) {
      exit(4);
    }
  }
  for (int t = 0; t < THREADS; t++) {
    pthread_join(thread[t], NULL);
  }
  return w.items;
}

fit_item *
fit_items_read(const char *path, int *n)
{
  FILE  *f       = fopen(path, "rb");
  size_t head[3] = {0};
  if (!f || fread(head, sizeof(head), 1, f) != 1 || head[1] != sizeof(fit_item) ||
      head[2] != sizeof(fit_frame)) {
    if (f) {
      fclose(f);
    }
    return NULL;
  }
  fit_item *items = calloc(head[0] + 1, sizeof(*items));
  bool      good  = items != NULL;
  for (size_t i = 0; good && i < head[0]; i++) {
    good = fread(&items[i], sizeof(*items), 1, f) == 1 &&
           (items[i].frames = calloc((size_t)items[i].n + 1, sizeof(fit_frame))) != NULL &&
           fread(items[i].frames, sizeof(fit_frame), (size_t)items[i].n, f) == (size_t)items[i].n;
  }
  fclose(f);
  if (!good) {
    exit(4);
  }
  *n = (int)head[0];
  return items;
}

bool
fit_items_write(const char *path, const fit_item *items, int n)
{
  FILE  *f       = fopen(path, "wb");
  size_t head[3] = {(size_t)n, sizeof(fit_item), sizeof(fit_frame)};
  bool   good    = f && fwrite(head, sizeof(head), 1, f) == 1;
  for (int i = 0; good && i < n; i++) {
    good = fwrite(&items[i], sizeof(*items), 1, f) == 1 &&
           fwrite(items[i].frames, sizeof(fit_frame), (size_t)items[i].n, f) == (size_t)items[i].n;
  }
  good = f && fclose(f) == 0 && good;
  if (!good) {
    perror(path);
  }
  return good;
}

void
fit_items_free(fit_item *items, int n)
{
  for (int i = 0; i < n; i++) {
    free(items[i].frames);
  }
  free(items);
}
